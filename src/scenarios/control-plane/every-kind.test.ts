import { beforeAll, describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import { servedResources, type KubeObject } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { keptKindExamples } from './kind-examples.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeAll(() => { bench = new Bench(); });

const placeOf = (apiVersion: string, kind: string) => {
  const { group, version, resource, namespaced } = servedResources.find((one) => one.apiVersion === apiVersion && one.kind === kind)!;
  return { group, version, resource, ...(namespaced ? { namespace: 'default' } : {}) };
};

test('every kind that nothing acts on has an example here', () => {
  const kept = servedResources.filter(({ actedOn, kind }) => !actedOn || kind === 'PriorityClass').map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  expect(keptKindExamples.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).sort()).toEqual(kept.sort());
});

describe('is created, read, listed, watched, changed and deleted', () => {
  test.each(keptKindExamples.map((example) => [`${example.apiVersion} ${example.kind}`, example] as const))('%s', (_kind, { apiVersion, kind, name = 'web', body, change }) => {
    const place = placeOf(apiVersion, kind);
    const watch = bench.send({ verb: 'watch', ...place });
    const made = bench.object({ verb: 'create', ...place, query: { fieldValidation: 'Strict' }, body: { apiVersion, kind, metadata: { name }, ...body } });
    expect(made).toMatchObject({ apiVersion, kind, metadata: { name, uid: expect.any(String) as string } });
    expect(bench.object({ verb: 'get', ...place, name })).toEqual(made);
    const { kind: listKind, items } = bench.object<ObjectList>({ verb: 'list', ...place });
    expect([listKind, items.map(({ metadata }) => metadata.name)]).toEqual([`${kind}List`, [name]]);
    const patch = { metadata: { labels: { seen: 'yes' } }, ...change };
    const changed = bench.object({ verb: 'patch', ...place, name, patchType: 'application/merge-patch+json', body: patch });
    expect(changed).toMatchObject(patch);
    const { resourceVersion: _version, managedFields: _managed, ...kept } = changed.metadata;
    const replaced = bench.object<KubeObject>({ verb: 'update', ...place, name, body: { ...changed, metadata: { ...kept, labels: { seen: 'twice' }, resourceVersion: changed.metadata.resourceVersion } } });
    expect(replaced.metadata.labels).toEqual({ seen: 'twice' });
    bench.object({ verb: 'delete', ...place, name });
    expect(bench.refusal({ verb: 'get', ...place, name })).toMatch(/^404 /);
    expect(bench.heard.frames[watch]).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED'].map((type) => `${type} ${name}`));
    expect(new Set(bench.heard.objects[watch]!.map((object) => `${object.apiVersion} ${object.kind}`))).toEqual(new Set([`${apiVersion} ${kind}`]));
    bench.close(watch);
  });
});
