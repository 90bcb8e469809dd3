/** Takes the steps of test/e2e/kubectl/kubectl.go with a real kubectl. */
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { hasKubectl, kubectlFor, type Kubectl } from './kubectl.ts';

const kubernetesVersions = expect.objectContaining({ kind: 'APIVersions', versions: ['v1'] }) as object;

describe.runIf(hasKubectl)('kubectl', () => {
  behaviour('[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions [Conformance]', async (at) => {
    expect((await kubectlFor(at)('', 'api-versions')).text.split('\n')).toContain('v1');
  });

  behaviour('[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info [Conformance]', async (at) => {
    expect((await kubectlFor(at)('', 'cluster-info')).text).toMatch(/Kubernetes control plane.*is running at/);
  });

  behaviour('[sig-cli] Kubectl client Kubectl version should check is all data is printed [Conformance]', async (at) => {
    const { text } = await kubectlFor(at)('', 'version');
    for (const item of ['Client Version: ', 'Server Version: ']) expect(text).toMatch(new RegExp(`${item}v\\d\\.\\d+\\.[\\d\\w\\-.+]+`));
  });

  behaviour('[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference for Deployments [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    const labels = { app: 'agnhost' };
    const deployment = (image: string) => JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'httpd' }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'agnhost', image }] } } } });
    const [old, next] = ['registry.k8s.io/e2e-test-images/agnhost:2.47', 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1'];
    expect((await kubectl(deployment(old), 'create', '-f', '-')).code).toBe(0);
    const { code, text } = await kubectl(deployment(next), 'diff', '-f', '-');
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`-.*image: ${old}[^]*\\+.*image: ${next}`));
    expect((await kubectl(deployment(old), 'delete', '--wait=false', '-f', '-')).code).toBe(0);
  });

  behaviour('[sig-cli] Kubectl client Kubectl label should update the label on a resource [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    await at.post(`${at.in('v1')}/pods`, { metadata: { name: 'pause', labels: { name: 'pause' } }, spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] } });
    await at.until(async () => (await at.get<{ status: { phase: string } }>(`${at.in('v1')}/pods/pause`)).status.phase === 'Running');
    expect((await kubectl('', 'label', 'pods', 'pause', 'testing-label=testing-label-value')).text).toBe('pod/pause labeled\n');
    expect((await kubectl('', 'get', 'pod', 'pause', '-L', 'testing-label')).text).toContain('testing-label-value');
    expect((await kubectl('', 'label', 'pods', 'pause', 'testing-label-')).text).toBe('pod/pause unlabeled\n');
    expect((await kubectl('', 'get', 'pod', 'pause', '-L', 'testing-label')).text).not.toContain('testing-label-value');
  });

  behaviour('[sig-cli] Kubectl client Proxy server should support proxy with --port 0 [Conformance]', async (at) => {
    const proxy = kubectlFor(at).start('proxy', '--port=0', '--disable-filter');
    try {
      const port = await new Promise<string>((resolve) => { proxy.stdout!.on('data', (chunk: Buffer) => resolve(/127\.0\.0\.1:(\d+)/.exec(chunk.toString())![1]!)); });
      expect(await (await fetch(`http://127.0.0.1:${port}/api/`)).json()).toEqual(kubernetesVersions);
    } finally {
      proxy.kill();
    }
  });

  behaviour('[sig-cli] Kubectl client Proxy server should support --unix-socket=/path [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    const socketPath = join(kubectl.folder, 'socket');
    const proxy = kubectl.start('proxy', `--unix-socket=${socketPath}`);
    try {
      await new Promise((resolve) => { proxy.stdout!.once('data', resolve); });
      const text = await new Promise<string>((resolve, reject) => {
        request({ socketPath, path: '/api', headers: { host: 'localhost' } }, (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => { body += chunk.toString(); });
          response.on('end', () => resolve(body));
        }).on('error', reject).end();
      });
      expect(JSON.parse(text)).toEqual(kubernetesVersions);
    } finally {
      proxy.kill();
    }
  });

  const labels = { app: 'agnhost', role: 'primary' };
  const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.47';
  const controller = JSON.stringify({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'agnhost-primary', labels }, spec: { replicas: 1, selector: labels, template: { metadata: { labels }, spec: { containers: [{ name: 'agnhost-primary', image: agnhost, ports: [{ name: 'agnhost-server', containerPort: 6379 }] }] } } } });
  const service = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'agnhost-primary', labels }, spec: { ports: [{ port: 6379, targetPort: 'agnhost-server' }], selector: labels } });
  const primaries = async (at: Client) => (await at.list(`${at.in('v1')}/pods?labelSelector=app=agnhost`)).items;
  const runs = (at: Client): Promise<string> => at.until(async () => (await primaries(at)).find(({ status }) => (status as { readonly phase?: string }).phase === 'Running')?.metadata.name);

  behaviour('[sig-cli] Kubectl client Kubectl describe should check if kubectl describe prints relevant information for rc and pods [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    for (const file of [controller, service]) expect((await kubectl(file, 'create', '-f', '-')).code).toBe(0);
    const pod = await runs(at);
    const says = async (what: readonly string[], lines: readonly (readonly [string, string?])[]) => {
      const { code, text } = await kubectl('', 'describe', ...what);
      expect(code).toBe(0);
      // Upstream looks for each line after the one before.
      let rest = text;
      for (const [name, value = ''] of lines) {
        const line = rest.split('\n').findIndex((one) => one.includes(name) && one.includes(value));
        expect(line, `${name} ${value} in\n${rest}`).toBeGreaterThanOrEqual(0);
        rest = rest.split('\n').slice(line).join('\n');
      }
    };
    const namespace = ['Namespace:', at.namespace] as const;
    await says(['pod', pod], [['Name:', pod], namespace, ['Node:'], ['Labels:', 'app=agnhost'], ['role=primary'], ['Annotations:'], ['Status:', 'Running'], ['IP:'], ['Controlled By:', 'ReplicationController/agnhost-primary'], ['Image:', agnhost], ['State:', 'Running'], ['QoS Class:', 'BestEffort']]);
    await says(['rc', 'agnhost-primary'], [['Name:', 'agnhost-primary'], namespace, ['Selector:', 'app=agnhost,role=primary'], ['Labels:', 'app=agnhost'], ['role=primary'], ['Annotations:'], ['Replicas:', '1 current / 1 desired'], ['Pods Status:', '1 Running / 0 Waiting / 0 Succeeded / 0 Failed'], ['Pod Template:'], ['Image:', agnhost], ['Events:']]);
    await says(['service', 'agnhost-primary'], [['Name:', 'agnhost-primary'], namespace, ['Labels:', 'app=agnhost'], ['role=primary'], ['Annotations:'], ['Selector:', 'app=agnhost,role=primary'], ['Type:', 'ClusterIP'], ['IP:'], ['Port:', '<unset>  6379/TCP'], ['Endpoints:'], ['Session Affinity:', 'None']]);
    const { metadata: { name: node } } = (await at.list('/api/v1/nodes')).items[0]!;
    await says(['node', node], [['Name:', node], ['Labels:'], ['Annotations:'], ['CreationTimestamp:'], ['Conditions:'], ['Type', 'Status'], ['MemoryPressure'], ['DiskPressure'], ['PIDPressure'], ['Ready'], ['Addresses:'], ['Capacity:'], ['Version'], ['Kernel Version'], ['Container Runtime Version'], ['Kubelet Version'], ['Pods']]);
    await says(['namespace', at.namespace], [['Name:', at.namespace], ['Labels:'], ['Annotations:'], ['Status:', 'Active']]);
  });

  behaviour('[sig-cli] Kubectl client Kubectl expose should create services for rc [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    await kubectl(controller, 'create', '-f', '-');
    const pod = await runs(at);
    const exposes = async (name: string, port: number, ...what: readonly string[]) => {
      expect((await kubectl('', 'expose', ...what, `--name=${name}`, `--port=${port}`, '--target-port=6379')).text).toContain(`service/${name} exposed`);
      await at.until(async () => (await at.list(`${at.in('discovery.k8s.io/v1')}/endpointslices?labelSelector=kubernetes.io/service-name=${name}`)).items
        .some((slice) => (slice['endpoints'] as readonly { readonly targetRef: { readonly name: string } }[] | null)?.[0]?.targetRef.name === pod && (slice['ports'] as readonly { readonly port: number }[])[0]?.port === 6379));
      expect((await at.get(`${at.in('v1')}/services/${name}`)).spec).toMatchObject({ ports: [{ port, targetPort: 6379 }] });
    };
    await exposes('rm2', 1234, 'rc', 'agnhost-primary');
    await exposes('rm3', 2345, 'service', 'rm2');
  });

  behaviour('[sig-cli] Kubectl client Kubectl patch should add annotations for pods in rc [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    await kubectl(controller, 'create', '-f', '-');
    await runs(at);
    for (const { metadata: { name } } of await primaries(at)) expect((await kubectl('', 'patch', 'pod', name, '-p', '{"metadata":{"annotations":{"x":"y"}}}')).text).toBe(`pod/${name} patched\n`);
    for (const { metadata } of await primaries(at)) expect(metadata.annotations).toMatchObject({ x: 'y' });
  });

  const [httpd, busybox] = ['registry.k8s.io/e2e-test-images/httpd:2.4.38-4', 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1'];
  const name = 'e2e-test-httpd-pod';
  const imageOf = async (at: Client) => ((await at.get(`${at.in('v1')}/pods/${name}`)).spec as { readonly containers: readonly { readonly image: string }[] }).containers.map(({ image }) => image);
  const ran = async (at: Client, kubectl: Kubectl): Promise<void> => {
    expect((await kubectl('', 'run', name, `--image=${httpd}`, `--labels=run=${name}`)).text).toBe(`pod/${name} created\n`);
    await at.until(async () => (await at.list(`${at.in('v1')}/pods?labelSelector=run=${name}`)).items.some(({ status }) => (status as { readonly phase?: string }).phase === 'Running'));
  };

  behaviour("[sig-cli] Kubectl client Kubectl replace should update a single-container pod's image [Conformance]", async (at) => {
    const kubectl = kubectlFor(at);
    await ran(at, kubectl);
    const { text } = await kubectl('', 'get', 'pod', name, '-o', 'json');
    expect((await kubectl(text.replaceAll(`"image": "${httpd}"`, `"image": "${busybox}"`), 'replace', '-f', '-')).text).toBe(`pod/${name} replaced\n`);
    expect(await imageOf(at)).toEqual([busybox]);
  });

  behaviour('[sig-cli] Kubectl client Kubectl run pod should create a pod from an image when restart is Never [Conformance]', async (at) => {
    expect((await kubectlFor(at)('', 'run', name, '--restart=Never', `--image=${httpd}`)).code).toBe(0);
    expect((await at.get(`${at.in('v1')}/pods/${name}`)).spec).toMatchObject({ restartPolicy: 'Never', containers: [{ image: httpd }] });
  });

  behaviour('[sig-cli] Kubectl client Kubectl server-side dry-run should check if kubectl can dry-run update Pods [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    await ran(at, kubectl);
    expect((await kubectl('', 'patch', 'pod', name, '-p', JSON.stringify({ spec: { containers: [{ name, image: busybox }] } }), '--dry-run=server')).code).toBe(0);
    expect(await imageOf(at)).toEqual([httpd]);
  });
});
