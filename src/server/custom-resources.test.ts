import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig, Watch } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 50);
const server = createHttpServer(live);
let url = '';
const config = new KubeConfig();
const directory = mkdtempSync(join(tmpdir(), 'custom-'));

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  live.run();
  config.loadFromOptions({ clusters: [{ name: 'o', server: url, skipTLSVerify: true }], users: [{ name: 'u' }], contexts: [{ name: 'c', cluster: 'o', user: 'u' }], currentContext: 'c' });
});
afterAll(() => { live.stop(); server.closeAllConnections(); server.close(); });

const group = 'stable.example.com';
const tabSchema = {
  type: 'object', description: 'CronTab runs things now and then.',
  properties: {
    spec: {
      type: 'object', description: 'What is wanted.', required: ['cronSpec'],
      properties: { cronSpec: { type: 'string', description: 'When.' }, image: { type: 'string' }, replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 } },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, labelSelector: { type: 'string' } } },
  },
};
const definitionOf = (plural: string, kind: string, more: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}`, labels: { made: 'here' } },
  spec: {
    group, scope: 'Namespaced', names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [{
      name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: tabSchema }, selectableFields: [{ jsonPath: '.spec.image' }],
      subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.labelSelector' } },
      additionalPrinterColumns: [{ name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' }, { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' }], ...more,
    }],
  },
});
const established = async (name: string): Promise<void> => {
  const api = config.makeApiClient(ApiextensionsV1Api);
  await vi.waitFor(async () => expect((await api.readCustomResourceDefinition({ name })).status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')).toBe(true), { timeout: 20_000 });
};

describe('@kubernetes/client-node', () => {
  const api = () => config.makeApiClient(ApiextensionsV1Api);
  const objects = () => config.makeApiClient(CustomObjectsApi);

  test('[Conformance] CustomResourceDefinition Watch: watch on custom resource definition objects', async () => {
    await api().createCustomResourceDefinition({ body: definitionOf('noxus', 'Noxu') });
    await established(`noxus.${group}`);
    const seen: string[] = [];
    const request = await new Watch(config).watch(`/apis/${group}/v1/namespaces/default/noxus`, {}, (phase, object: { metadata: { name: string } }) => seen.push(`${phase} ${object.metadata.name}`), () => undefined);
    const at = { group, version: 'v1', namespace: 'default', plural: 'noxus' };
    await objects().createNamespacedCustomObject({ ...at, body: { apiVersion: `${group}/v1`, kind: 'Noxu', metadata: { name: 'one' }, spec: { cronSpec: '*' } } });
    await objects().patchNamespacedCustomObject({ ...at, name: 'one', body: [{ op: 'add', path: '/spec/image', value: 'x' }] });
    await objects().deleteNamespacedCustomObject({ ...at, name: 'one' });
    await vi.waitFor(() => expect(seen).toEqual(['ADDED one', 'MODIFIED one', 'DELETED one']), { timeout: 20_000 });
    request.abort();
    await api().deleteCustomResourceDefinition({ name: `noxus.${group}` });
  });

  test('[Conformance] CustomResourceDefinition resources Simple: listing, and deleting a collection, by labels', async () => {
    for (const plural of ['alphas', 'betas']) await api().createCustomResourceDefinition({ body: definitionOf(plural, `${plural[0]!.toUpperCase()}${plural.slice(1, -1)}`) });
    expect((await api().listCustomResourceDefinition({ labelSelector: 'made=here' })).items.map(({ metadata }) => metadata!.name).filter((name) => !name!.startsWith('noxus'))).toEqual([`alphas.${group}`, `betas.${group}`]);
    await api().deleteCollectionCustomResourceDefinition({ labelSelector: 'made=here' });
    await vi.waitFor(async () => expect((await api().listCustomResourceDefinition({ labelSelector: 'made=here' })).items).toEqual([]), { timeout: 20_000 });
  });

  test('[Conformance] CustomResourceDefinition resources: discovery documents tell of apiextensions.k8s.io/v1', async () => {
    const read = async (path: string) => (await fetch(url + path)).json() as Promise<{ groups?: { name: string }[]; versions?: { version: string }[]; resources?: { name: string }[] }>;
    expect((await read('/apis')).groups!.map(({ name }) => name)).toContain('apiextensions.k8s.io');
    expect((await read('/apis/apiextensions.k8s.io')).versions!.map(({ version }) => version)).toEqual(['v1']);
    expect((await read('/apis/apiextensions.k8s.io/v1')).resources!.map(({ name }) => name)).toEqual(['customresourcedefinitions', 'customresourcedefinitions/status']);
  });
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

describe.runIf(hasKubectl)('kubectl', () => {
  const kubeconfig = join(directory, 'config');
  const kubectl = async (...args: string[]): Promise<string> => {
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'o', cluster: { server: url } }], contexts: [{ name: 'o', context: { cluster: 'o', user: 'u' } }], 'current-context': 'o', users: [{ name: 'u', user: {} }] }));
    return new Promise((resolve) => {
      const child = spawn('kubectl', ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache'), ...args]);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      child.on('close', () => resolve(text));
    });
  };
  const file = (name: string, content: object): string => {
    const path = join(directory, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const tab = (spec: object) => ({ apiVersion: `${group}/v1`, kind: 'CronTab', metadata: { name: 'my-cron' }, spec });

  test('[Conformance] CustomResourcePublishOpenAPI works for CRD with validation schema', async () => {
    expect(await kubectl('apply', '-f', file('crd.json', definitionOf('crontabs', 'CronTab')))).toBe(`customresourcedefinition.apiextensions.k8s.io/crontabs.${group} created\n`);
    expect(await kubectl('wait', '--for', 'condition=established', '--timeout=60s', `crd/crontabs.${group}`)).toMatch(/condition met/);
    expect(await kubectl('apply', '-f', file('tab.json', tab({ cronSpec: '*', image: 'a' })))).toBe(`crontab.${group}/my-cron created\n`);
    expect(await kubectl('get', 'crontabs')).toMatch(/^NAME +SPEC +REPLICAS\nmy-cron +\* +1\n$/);
    expect(await kubectl('explain', 'crontab.spec')).toMatch(/KIND: +CronTab[\s\S]*FIELD: spec <Object>[\s\S]*What is wanted\.[\s\S]*cronSpec\t<string> -required-\n +When\./);
    expect(await kubectl('apply', '-f', file('typo.json', tab({ cronSpec: '*', imag: 'a' })))).toMatch(/strict decoding error: unknown field "spec\.imag"/);
    expect(await kubectl('apply', '-f', file('less.json', tab({ image: 'a' })))).toMatch(/spec\.cronSpec: Required value/);
    expect(await kubectl('scale', '--replicas=3', 'crontab/my-cron')).toBe(`crontab.${group}/my-cron scaled\n`);
    expect(await kubectl('get', 'crontab', 'my-cron', '--subresource=scale', '-o', 'jsonpath={.kind} {.spec.replicas}')).toBe('Scale 3');
    expect(await kubectl('get', 'crontabs', '--field-selector', 'spec.image=b')).toMatch(/^No resources found/);
    expect(await kubectl('patch', 'crontab', 'my-cron', '--type=merge', '-p', '{"spec":{"replicas":11}}')).toBe('The CronTab "my-cron" is invalid: spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10\n');
    expect(await kubectl('apply', '--server-side', '-f', file('mine.json', tab({ cronSpec: '0', image: 'b' })))).toBe(`crontab.${group}/my-cron serverside-applied\n`);
    expect(await kubectl('delete', 'crd', `crontabs.${group}`)).toMatch(/deleted/);
    expect(await kubectl('get', 'crontabs')).toMatch(/the server (doesn't have a resource type|could not find the requested resource)/);
  });
});
