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

describe('[Conformance] CustomResourcePublishOpenAPI', () => {
  const api = () => config.makeApiClient(ApiextensionsV1Api);
  const jsonPatch = (name: string, body: object[]) => api().patchCustomResourceDefinition({ name, body });
  interface Document { readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object; readonly 'x-kubernetes-group-version-kind'?: object }>> } }
  const read = async (path: string) => (await fetch(url + path)).json();
  const schemasAt = async (version: string): Promise<readonly string[]> => {
    const { paths } = await read('/openapi/v3') as { paths: Readonly<Record<string, { serverRelativeURL: string }>> };
    const at = paths[`apis/${group}/${version}`]?.serverRelativeURL;
    return at === undefined ? [] : Object.keys((await read(at) as Document).components.schemas).filter((name) => name.startsWith('com.example.stable.')).sort();
  };
  const versions = (...names: readonly string[]) => names.map((name, index) => ({ ...definitionOf('x', 'X').spec.versions[0]!, name, storage: index === 0 }));
  const define = async (plural: string, kind: string, ...names: readonly string[]): Promise<void> => {
    const one = definitionOf(plural, kind);
    await api().createCustomResourceDefinition({ body: { ...one, spec: { ...one.spec, versions: versions(...names) } } });
    await established(`${plural}.${group}`);
  };
  const gone = async (...plurals: readonly string[]): Promise<void> => { for (const plural of plurals) await api().deleteCustomResourceDefinition({ name: `${plural}.${group}` }); };

  test('works for multiple CRDs of same group and version but different kinds', async () => {
    await define('apples', 'Apple', 'v1');
    await define('pears', 'Pear', 'v1');
    expect(await schemasAt('v1')).toEqual(['Apple', 'AppleList', 'Pear', 'PearList'].map((kind) => `com.example.stable.v1.${kind}`));
    await gone('apples', 'pears');
    await vi.waitFor(async () => expect(await schemasAt('v1')).toEqual([]), { timeout: 20_000 });
  });
  test('updates the published spec when one version gets renamed, and removes one that gets changed to not be served', async () => {
    await define('plums', 'Plum', 'v2', 'v3');
    expect(await schemasAt('v3')).toEqual(['com.example.stable.v3.Plum', 'com.example.stable.v3.PlumList']);
    expect((await read('/openapi/v2') as { definitions: object }).definitions).toMatchObject({ 'com.example.stable.v3.Plum': { 'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.image' }] } });
    await jsonPatch(`plums.${group}`, [{ op: 'test', path: '/spec/versions/1/name', value: 'v3' }, { op: 'replace', path: '/spec/versions/1/name', value: 'v4' }]);
    await vi.waitFor(async () => expect([await schemasAt('v3'), (await schemasAt('v4')).length, (await schemasAt('v2')).length]).toEqual([[], 2, 2]), { timeout: 20_000 });
    await jsonPatch(`plums.${group}`, [{ op: 'replace', path: '/spec/versions/1/served', value: false }]);
    await vi.waitFor(async () => expect([await schemasAt('v4'), (await schemasAt('v2')).length]).toEqual([[], 2]), { timeout: 20_000 });
    await gone('plums');
  });
  test('works for CRD preserving unknown fields at the schema root: version 2 says nothing of its fields', async () => {
    const one = definitionOf('olives', 'Olive');
    await api().createCustomResourceDefinition({ body: { ...one, spec: { ...one.spec, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } } as never }] } } });
    await established(`olives.${group}`);
    const { definitions } = await read('/openapi/v2') as { definitions: Document['components']['schemas'] };
    expect(definitions['com.example.stable.v1.Olive']).toEqual({ type: 'object', 'x-kubernetes-group-version-kind': [{ group, version: 'v1', kind: 'Olive' }] });
    await gone('olives');
  });
  test('CustomResourceDefinition resources Simple: getting/updating/patching status sub-resource works', async () => {
    await define('figs', 'Fig', 'v1');
    const name = `figs.${group}`;
    const seen = await api().readCustomResourceDefinitionStatus({ name });
    const added = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
    const updated = await api().replaceCustomResourceDefinitionStatus({ name, body: { ...seen, status: { ...seen.status!, conditions: [...seen.status!.conditions!, added] } } });
    expect(updated.status!.conditions!.at(-1)).toMatchObject(added);
    await api().patchCustomResourceDefinitionStatus({ name, body: [{ op: 'add', path: '/status/conditions/-', value: { ...added, type: 'StatusPatched' } }] });
    expect((await api().readCustomResourceDefinition({ name })).status!.conditions!.map(({ type }) => type)).toEqual(['NamesAccepted', 'Established', 'StatusUpdate', 'StatusPatched']);
    await gone('figs');
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
