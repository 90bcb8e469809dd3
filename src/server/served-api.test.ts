import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { AppsV1Api, CoreV1Api, Cp, Exec, KubeConfig, makeInformer, PatchStrategy, PortForward, setHeaderOptions, Watch, type V1Pod, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 200);
const server = createHttpServer(live);
let url = '';
let config = new KubeConfig();

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  live.run();
  config = new KubeConfig();
  config.loadFromOptions({ clusters: [{ name: 'o', server: url, skipTLSVerify: true }], users: [{ name: 'u' }], contexts: [{ name: 'c', cluster: 'o', user: 'u' }], currentContext: 'c' });
});
afterAll(() => { live.stop(); server.closeAllConnections(); server.close(); });

const labels = { app: 'served' };
const deployment = { metadata: { name: 'served' }, spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } } };

describe('@kubernetes/client-node', () => {
  test('an informer sees the Pods of a Deployment come to run, and go', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, '/api/v1/namespaces/default/pods', () => core.listNamespacedPod({ namespace: 'default' }), 'app=served');
    const phases = new Map<string, string>();
    const see = (pod: V1Pod): void => { phases.set(pod.metadata!.name!, pod.status!.phase!); };
    informer.on('add', see);
    informer.on('update', see);
    informer.on('delete', (pod) => phases.delete(pod.metadata!.name!));
    await informer.start();
    const apps = config.makeApiClient(AppsV1Api);
    await apps.createNamespacedDeployment({ namespace: 'default', body: deployment });
    await vi.waitFor(() => expect([...phases.values()]).toEqual(['Running', 'Running']), { timeout: 300_000 });
    await apps.deleteNamespacedDeployment({ name: 'served', namespace: 'default' });
    await vi.waitFor(() => expect(phases.size).toBe(0), { timeout: 300_000 });
    await informer.stop();
  });

  test('a merge patch changes, a conflict is refused as Kubernetes refuses it', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const made = await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'settings' }, data: { a: '1' } } });
    const patched = await core.patchNamespacedConfigMap({ name: 'settings', namespace: 'default', body: { data: { b: '2' } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
    expect(patched.data).toEqual({ a: '1', b: '2' });
    await expect(core.replaceNamespacedConfigMap({ name: 'settings', namespace: 'default', body: made })).rejects.toMatchObject({ code: 409 });
  });

  test('a watch tells what is made, changed and deleted', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const seen: string[] = [];
    const request = await new Watch(config).watch('/api/v1/namespaces/default/configmaps', { fieldSelector: 'metadata.name=watched' }, (phase, object: { data?: object }) => { seen.push(`${phase} ${JSON.stringify(object.data)}`); }, () => undefined);
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'watched' }, data: { a: '1' } } });
    await core.patchNamespacedConfigMap({ name: 'watched', namespace: 'default', body: [{ op: 'replace', path: '/data/a', value: '2' }] }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
    await core.deleteNamespacedConfigMap({ name: 'watched', namespace: 'default' });
    await vi.waitFor(() => expect(seen).toEqual(['ADDED {"a":"1"}', 'MODIFIED {"a":"2"}', 'DELETED {"a":"2"}']), { timeout: 60_000 });
    request.abort();
  }, 120_000);

  test('server-side apply makes, takes over only by force, and says who owns what', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const apply = async (fieldManager: string, value: string, force?: boolean) => core.patchNamespacedConfigMap({
      name: 'owned', namespace: 'default', fieldManager, ...(force === undefined ? {} : { force }), body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owned' }, data: { a: value } },
    }, setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply));
    expect((await apply('one', '1')).data).toEqual({ a: '1' });
    await expect(apply('two', '2')).rejects.toMatchObject({ code: 409 });
    const taken = await apply('two', '2', true);
    expect(taken.metadata!.managedFields!.map(({ manager, operation }) => [manager, operation])).toEqual([['two', 'Apply']]);
  });

  test('a command runs in a container: output, errors, input and exit code; a file goes in and a port answers', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const web = 'exec-web';
    await core.createNamespacedPod({ namespace: 'default', body: { metadata: { name: web }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } });
    await vi.waitFor(async () => expect((await core.readNamespacedPod({ name: web, namespace: 'default' })).status!.phase).toBe('Running'), { timeout: 120_000, interval: 500 });
    const run = async (command: string[], input?: string): Promise<{ out: string; err: string; status: V1Status }> => {
      const [out, err] = [new PassThrough(), new PassThrough()];
      const texts = { out: '', err: '' };
      out.on('data', (chunk: Buffer) => { texts.out += chunk.toString(); });
      err.on('data', (chunk: Buffer) => { texts.err += chunk.toString(); });
      const status = await new Promise<V1Status>((resolve, reject) => {
        new Exec(config).exec('default', web, 'nginx', command, out, err, input === undefined ? null : Readable.from([input]), false, resolve).catch(reject);
      });
      return { ...texts, status };
    };
    const { out, err, status } = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect([out, err, status.details?.causes?.[0]]).toEqual(['out\n', 'err\n', { reason: 'ExitCode', message: '3' }]);
    expect(await run(['cat', '/etc/hostname'])).toMatchObject({ out: `${web}\n`, status: { status: 'Success' } });
    expect((await run(['nonsense'])).status.message).toMatch(/exec: "nonsense": executable file not found in \$PATH: unknown$/);
    await run(['sh', '-c', 'echo a page of today > /usr/share/nginx/html/index.html']);
    const folder = mkdtempSync(join(tmpdir(), 'cp-'));
    await new Cp(config).cpFromPod('default', web, 'nginx', 'index.html', folder, '/usr/share/nginx/html');
    await vi.waitFor(() => expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('a page of today\n'), { timeout: 60_000 });
    const answered = new PassThrough();
    let text = '';
    answered.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    const asked = new PassThrough();
    await new PortForward(config).portForward('default', web, [80], answered, null, asked);
    asked.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx[\s\S]*a page of today\n$/), { timeout: 60_000 });
    asked.end();
    await core.deleteNamespacedPod({ name: web, namespace: 'default', gracePeriodSeconds: 0 });
  }, 300_000);

  test('a watch that asks for what is no selector is refused before it begins', async () => {
    expect((await fetch(`${url}/api/v1/pods?watch=true&labelSelector=${encodeURIComponent('a in (')}`)).status).toBe(400);
  });
});

describe('the world itself', () => {
  const post = async (path: string, body: unknown) => fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  test('a node without power is NotReady after its grace', async () => {
    expect((await post('/_orrery/commands', { type: 'power-off-node', node: 'worker-3' })).status).toBe(200);
    await post('/_orrery/time', { advanceMs: 60_000 });
    const node = await config.makeApiClient(CoreV1Api).readNode({ name: 'worker-3' });
    expect(node.status!.conditions!.find(({ type }) => type === 'Ready')!.status).toBe('Unknown');
  });
  test('what is no command is refused and changes nothing', async () => {
    expect((await post('/_orrery/commands', { type: 'power-off-node', node: 'moon' })).status).toBe(422);
    expect((await post('/_orrery/commands', { type: '__proto__' })).status).toBe(422);
    expect((await post('/_orrery/commands', [])).status).toBe(400);
    expect((await post('/_orrery/time', { advanceMs: -1 })).status).toBe(400);
  });
  test('a body that cannot be read, or is too large, is refused', async () => {
    expect((await fetch(`${url}/api/v1/namespaces/default/pods`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).status).toBe(400);
    expect((await fetch(`${url}/api/v1/namespaces/default/pods`, { method: 'POST', body: ' '.repeat(4_000_000), headers: { 'content-type': 'application/json' } })).status).toBe(413);
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('ok');
  });
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

describe.runIf(hasKubectl)('kubectl', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'served-')), 'config');
  const kubectl = async (...args: string[]): Promise<string> => {
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'o', cluster: { server: url } }], contexts: [{ name: 'o', context: { cluster: 'o', user: 'u' } }], 'current-context': 'o', users: [{ name: 'u', user: {} }] }));
    const { spawn } = await import('node:child_process');
    return new Promise((resolve) => {
      const child = spawn('kubectl', ['--kubeconfig', file, ...args]);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      child.on('close', () => resolve(text));
    });
  };

  test('what Go sends as protobuf is read: a deployment, a drain', async () => {
    expect(await kubectl('create', 'deployment', 'typed', '--image=nginx:1.27', '--port=80')).toBe('deployment.apps/typed created\n');
    expect(await kubectl('get', 'deployment', 'typed', '-o', 'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort} {.spec.strategy.type}')).toBe('1 80 RollingUpdate');
    expect(await kubectl('drain', 'worker-1', '--timeout=300s')).toMatch(/node\/worker-1 drained/);
    expect(await kubectl('uncordon', 'worker-1')).toBe('node/worker-1 uncordoned\n');
  });

  test('applies on the server, meets a conflict, takes the field by force, and explains it', async () => {
    const manifest = join(file, '../applied.json');
    const applied = (replicas: number): void => writeFileSync(manifest, JSON.stringify({ ...deployment, apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'applied' }, spec: { ...deployment.spec, replicas } }));
    applied(1);
    expect(await kubectl('apply', '--server-side', '-f', manifest)).toBe('deployment.apps/applied serverside-applied\n');
    await kubectl('scale', 'deployment/applied', '--replicas=2');
    expect(await kubectl('apply', '--server-side', '-f', manifest)).toMatch(/^error: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/);
    expect(await kubectl('apply', '--server-side', '--force-conflicts', '-f', manifest)).toBe('deployment.apps/applied serverside-applied\n');
    expect(await kubectl('diff', '--server-side', '-f', manifest)).toBe('');
    expect(await kubectl('explain', 'deployment.spec.strategy')).toMatch(/FIELD: strategy <DeploymentStrategy>[\s\S]*The deployment strategy to use to replace existing pods with new ones\.[\s\S]*rollingUpdate\t<RollingUpdateDeployment>/);
    expect(await kubectl('delete', 'deployment', 'applied')).toMatch(/deleted/);
  });

  test('creates, waits, prints as the server prints, scales and deletes', async () => {
    const manifest = join(file, '../shop.json');
    const labels = { app: 'shop' };
    writeFileSync(manifest, JSON.stringify({ ...deployment, apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop' }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: deployment.spec.template.spec } } }));
    expect(await kubectl('apply', '-f', manifest)).toBe('deployment.apps/shop created\n');
    expect(await kubectl('rollout', 'status', 'deployment/shop', '--timeout=300s')).toMatch(/successfully rolled out/);
    expect(await kubectl('get', 'deployment', 'shop')).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nshop +1\/1 +1 +1 +\d+/);
    expect(await kubectl('get', 'all')).toMatch(/pod\/shop-[\s\S]*service\/kubernetes[\s\S]*deployment\.apps\/shop[\s\S]*replicaset\.apps\/shop-/);
    expect(await kubectl('scale', 'deployment/shop', '--replicas=3')).toBe('deployment.apps/shop scaled\n');
    expect(await kubectl('delete', 'deployment', 'shop')).toMatch(/deleted/);
    expect(await kubectl('get', 'pod', 'nobody')).toBe('Error from server (NotFound): pods "nobody" not found\n');
  });
});
