/** Takes the steps of test/e2e/apimachinery/{custom_resource_definition,crd_watch}.go. */
import { expect } from 'vitest';
import { isGone, newer } from './api-operations.ts';
import { allowsAll, define, definition, definitions, forget } from './definitions.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const spec = ({ spec: given }: Thing) => given as { readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: { readonly properties: object } } }[] };

behaviour('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition creating/deleting custom resource definition objects works [Conformance]', async (at) => {
  const defined = await define(at, [{ name: 'v1' }], {}, { scope: 'Cluster' });
  await forget(at, defined);
  await at.until(async () => (await at.find(`${definitions}/${defined.definition.metadata.name}`)) === undefined);
});

behaviour('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition listing custom resource definition objects works [Conformance]', async (at) => {
  const group = `${at.namespace}.example.com`;
  const made = [];
  for (let i = 0; i < 10; i += 1) {
    const body = definition({ group, plural: `kind${i}s`, kind: `Kind${i}` }, [{ name: 'v1' }], { scope: 'Cluster' }) as { metadata: object };
    made.push(await at.post(definitions, { ...body, metadata: { ...body.metadata, labels: { 'e2e-list': at.namespace } } }));
  }
  const other = await define(at);
  const label = `${definitions}?labelSelector=e2e-list=${at.namespace}`;
  const { items } = await at.list(label);
  expect(items.map(({ metadata, spec: given }) => ({ name: metadata.name, given }))).toEqual(made.map(({ metadata, spec: given }) => ({ name: metadata.name, given })));
  await at.delete(label);
  await at.until(async () => (await at.list(label)).items.length === 0);
  expect(await at.get(`${definitions}/${other.definition.metadata.name}`)).toMatchObject({ kind: 'CustomResourceDefinition' });
});

behaviour('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works [Conformance]', async (at) => {
  const { definition: made } = await define(at);
  const status = `${definitions}/${made.metadata.name}/status`;
  const read = await at.get<Thing & { readonly status: { readonly conditions: readonly object[] } }>(status);
  expect(read.spec).toEqual(made.spec);
  const condition = (message: string) => ({ type: '', status: '', lastTransitionTime: null, message });
  const updated = await at.put(status, { ...read, status: { ...read.status, conditions: [...read.status.conditions, condition('updated')] } });
  expect((updated.status as typeof read.status).conditions).toContainEqual(expect.objectContaining({ message: 'updated' }));
  const patched = await at.patch(status, [{ op: 'add', path: '/status/conditions', value: [{ message: 'patched' }] }], 'json');
  expect((patched.status as typeof read.status).conditions).toContainEqual(expect.objectContaining({ message: 'patched' }));
});

behaviour('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should include custom resource definition resources in discovery documents [Conformance]', async (at) => {
  const version = { groupVersion: 'apiextensions.k8s.io/v1', version: 'v1' };
  const { groups } = await at.get<{ groups: readonly { readonly name: string; readonly versions: readonly object[] }[] }>('/apis');
  expect(groups.find(({ name }) => name === 'apiextensions.k8s.io')!.versions).toContainEqual(version);
  expect(await at.get('/apis/apiextensions.k8s.io')).toMatchObject({ name: 'apiextensions.k8s.io', versions: [version] });
  expect(await at.get('/apis/apiextensions.k8s.io/v1')).toMatchObject({ groupVersion: 'apiextensions.k8s.io/v1', resources: [{ name: 'customresourcedefinitions' }, { name: 'customresourcedefinitions/status' }] });
});

behaviour('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] custom resource defaulting for requests and from storage works [Conformance]', async (at) => {
  const text = { type: 'string' };
  const { definition: { metadata: { name } }, path, group, kind } = await define(at, [{ name: 'v1', schema: { ...allowsAll, properties: { a: text, b: text } } }], {}, { scope: 'Cluster' });
  const body = (one: string) => ({ apiVersion: `${group}/v1`, kind, metadata: { name: one } });
  const first = await at.post(path, body('one'));
  expect(first).not.toHaveProperty('a');
  const at0 = '/spec/versions/0/schema/openAPIV3Schema/properties';
  const changed = await at.patch(`${definitions}/${name}`, [{ op: 'add', path: `${at0}/a/default`, value: 'A' }], 'json');
  expect(spec(changed).versions[0]!.schema.openAPIV3Schema.properties).toMatchObject({ a: { default: 'A' } });
  expect(await at.until(async () => (await at.get(`${path}/one`))['a'] as string | undefined)).toBe('A');
  expect((await at.post(path, body('two')))['a']).toBe('A');
  await at.patch(`${definitions}/${name}`, [{ op: 'remove', path: `${at0}/a/default` }, { op: 'add', path: `${at0}/b/default`, value: 'B' }], 'json');
  expect(await at.until(async () => (await at.get(`${path}/two`))['b'] as string | undefined)).toBe('B');
  const second = await at.get(`${path}/two`);
  expect(second['a']).toBe('A');
  newer(second, first);
});

behaviour('[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin] CustomResourceDefinition Watch watch on custom resource definition objects [Conformance]', async (at) => {
  const { path, group, kind } = await define(at, [{ name: 'v1' }], { kind: 'WishIHadChosenNoxu' }, { scope: 'Cluster' });
  const watched = (name: string) => at.watch(`${path}?fieldSelector=metadata.name=${name}&timeoutSeconds=600`);
  const [a, b] = [await watched('name1'), await watched('name2')];
  for (const [name, told, silent] of [['name1', a, b], ['name2', b, a]] as const) {
    const made = await at.post(path, { apiVersion: `${group}/v1`, kind, metadata: { name }, content: { key: 'value' }, num: { num1: 1, num2: 1_000_000 } });
    expect(await told.next()).toEqual({ type: 'ADDED', object: made });
    await at.patch(`${path}/${name}`, [{ op: 'add', path: '/dummy', value: 'test' }], 'json');
    expect(await told.next()).toMatchObject({ type: 'MODIFIED', object: { dummy: 'test' } });
    await at.delete(`${path}/${name}`);
    expect((await told.next()).type).toBe('DELETED');
    await isGone(at, `${path}/${name}`);
    expect(await silent.isSilentFor(10_000)).toBe(true);
  }
});
