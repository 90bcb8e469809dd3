import { expect, test } from 'vitest';
import { Bench } from './bench.ts';

const bench = new Bench();

test.each<[string, object, string]>([
  ['a version that is none', { resourceVersion: 'abc' }, '400 resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'],
  ['a match without a version', { resourceVersionMatch: 'Exact' }, '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'],
  ['exactly any version', { resourceVersion: '0', resourceVersionMatch: 'Exact' }, '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'],
  ['initial events of a list', { sendInitialEvents: true }, '422 ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
])('refuses %s', (_what, query, expected) => expect(bench.refusal({ verb: 'list', resource: 'namespaces', query } as never)).toBe(expected));

test('a watch with initial events says when they are at an end', () => {
  const id = bench.send({ verb: 'watch', resource: 'namespaces', query: { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true } });
  bench.run(1);
  expect(bench.heard.frames[id]).toEqual(['ADDED default', 'ADDED kube-node-lease', 'ADDED kube-public', 'ADDED kube-system', 'BOOKMARK']);
  expect(bench.heard.objects[id]!.at(-1)!.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
});

test('so does one of a kind that has no watch cache, and goes on from there', () => {
  const templates = { group: 'node.k8s.io', version: 'v1', resource: 'runtimeclasses' } as const;
  const make = (name: string) => bench.object({ verb: 'create', ...templates, body: { metadata: { name }, handler: 'x' } });
  const { metadata: { resourceVersion } } = make('first');
  const id = bench.send({ verb: 'watch', ...templates, query: { sendInitialEvents: true, resourceVersion, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true } });
  bench.run(1);
  make('second');
  expect(bench.heard.frames[id]).toEqual(['ADDED first', 'BOOKMARK', 'ADDED second']);
  expect(bench.heard.objects[id]![1]).toMatchObject({ kind: 'RuntimeClass', metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } } });
});

test.each<[string, object]>([
  ['in its query', { verb: 'delete', name: 'kept', query: { dryRun: 'All' } }], ['in its options', { verb: 'delete', name: 'kept', body: { dryRun: ['All'] } }], ['of a collection', { verb: 'deletecollection', query: { dryRun: 'All' } }],
])('a delete that is only tried %s deletes nothing', (_where, asked) => {
  const configMaps = { resource: 'configmaps', namespace: 'default' } as const;
  bench.ask({ verb: 'create', ...configMaps, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' } } });
  expect(bench.ask({ ...configMaps, ...asked } as never).code).toBe(200);
  expect(bench.ask({ verb: 'get', ...configMaps, name: 'kept' }).code).toBe(200);
});
