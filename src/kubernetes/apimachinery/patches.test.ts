import { describe, expect, test } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';
import type { JsonPatchOperation } from './json-patch.ts';
import { applyMergePatch, createMergePatch } from './merge-patch.ts';
import { createThreeWayMergePatch, createTwoWayMergePatch } from './strategic-merge-diff.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';
import type { PatchMetaOf } from './strategic-merge-patch.ts';

describe('merge patch, the examples of RFC 7386', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }], [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [['a', 'b'], ['c', 'd'], ['c', 'd']], [{ a: 'b' }, ['c'], ['c']], [{ a: 'foo' }, null, null], [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }], [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, wanted) => expect(applyMergePatch(target, patch)).toEqual(wanted));
  test('what is left alone keeps its reference', () => {
    const before = { spec: { template: { a: 1 }, replicas: 1 }, metadata: { name: 'x' } };
    const after = applyMergePatch(before, { spec: { replicas: 2 } }) as typeof before;
    expect(after.metadata).toBe(before.metadata);
    expect(after.spec.template).toBe(before.spec.template);
    expect(applyMergePatch(before, { spec: { replicas: 1 } })).toBe(before);
  });
  test('making and applying meet', () => {
    const from = { a: 1, b: { c: 1, d: [1] }, e: 'x' };
    const to = { a: 1, b: { c: 2, d: [1, 2] }, f: true };
    expect(createMergePatch(from, to)).toEqual({ b: { c: 2, d: [1, 2] }, e: null, f: true });
    expect(applyMergePatch(from, createMergePatch(from, to))).toEqual(to);
  });
});

describe('JSON patch', () => {
  const document = { a: { b: [1, 2] }, 'x/y': 'z' };
  test.each<[JsonPatchOperation[], unknown]>([
    [[{ op: 'add', path: '/a/c', value: 1 }], { a: { b: [1, 2], c: 1 }, 'x/y': 'z' }],
    [[{ op: 'add', path: '/a/b/-', value: 3 }], { a: { b: [1, 2, 3] }, 'x/y': 'z' }],
    [[{ op: 'add', path: '/a/b/0', value: 0 }], { a: { b: [0, 1, 2] }, 'x/y': 'z' }],
    [[{ op: 'remove', path: '/x~1y' }], { a: { b: [1, 2] } }],
    [[{ op: 'replace', path: '/a/b/1', value: 9 }], { a: { b: [1, 9] }, 'x/y': 'z' }],
    [[{ op: 'move', from: '/a/b', path: '/m' }], { a: {}, 'x/y': 'z', m: [1, 2] }],
    [[{ op: 'copy', from: '/a/b/0', path: '/k' }], { a: { b: [1, 2] }, 'x/y': 'z', k: 1 }],
    [[{ op: 'test', path: '/a/b/0', value: 1 }, { op: 'replace', path: '', value: {} }], {}],
  ])('%j', (operations, wanted) => expect(applyJsonPatch(document, operations)).toEqual(wanted));
  test.each<[JsonPatchOperation, string]>([
    [{ op: 'test', path: '/a/b/0', value: 7 }, 'testing value /a/b/0 failed: test failed'],
    [{ op: 'replace', path: '/q', value: 7 }, 'replace operation does not apply: doc is missing key: /q: missing value'],
    [{ op: 'remove', path: '/q' }, 'remove operation does not apply: Unable to remove nonexistent key: q: missing value'],
    [{ op: 'add', path: '/q/r', value: 1 }, 'add operation does not apply: doc is missing path: "/q/r": missing value'],
  ])('%j is refused', (operation, message) => expect(() => applyJsonPatch(document, [operation])).toThrow(message));
});

const metaOf: PatchMetaOf = (path) => ({
  containers: { strategies: ['merge'], mergeKey: 'name' },
  'containers.ports': { strategies: ['merge'], mergeKey: 'containerPort' },
  finalizers: { strategies: ['merge'] },
  strategy: { strategies: ['retainKeys'] },
})[path];

describe('strategic merge patch', () => {
  const original = {
    containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }, { name: 'b', image: 'b:1' }],
    finalizers: ['x', 'y'], strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, args: ['1'], labels: { k: 'v' },
  };
  test.each([
    ['items are merged by key', { containers: [{ name: 'b', image: 'b:2' }] }, { containers: [original.containers[0], { name: 'b', image: 'b:2' }] }],
    ['new items come before those that the patch does not name', { containers: [{ name: 'c' }] }, { containers: [{ name: 'c' }, ...original.containers] }],
    ['and behind those that it names before them', { containers: [{ name: 'a' }, { name: 'c' }] }, { containers: [original.containers[0], { name: 'c' }, original.containers[1]] }],
    ['$patch: delete removes an item', { containers: [{ name: 'a', $patch: 'delete' }] }, { containers: [original.containers[1]] }],
    ['$patch: replace replaces the list', { containers: [{ name: 'z' }, { $patch: 'replace' }] }, { containers: [{ name: 'z' }] }],
    ['$patch: replace replaces an object', { labels: { q: 'r', $patch: 'replace' } }, { labels: { q: 'r' } }],
    ['null removes a field', { labels: { k: null } }, { labels: {} }],
    ['lists without a key are replaced', { args: ['2'] }, { args: ['2'] }],
    ['primitive merge lists are joined', { finalizers: ['z', 'x'] }, { finalizers: ['z', 'x', 'y'] }],
    ['primitives are deleted by directive', { '$deleteFromPrimitiveList/finalizers': ['x'] }, { finalizers: ['y'] }],
    ['$retainKeys clears the rest', { strategy: { type: 'Recreate', $retainKeys: ['type'] } }, { strategy: { type: 'Recreate' } }],
    ['$setElementOrder alone sorts', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, { containers: [original.containers[1], original.containers[0]] }],
    ['$setElementOrder places the new', { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }], containers: [{ name: 'c' }] },
      { containers: [{ name: 'c' }, original.containers[0], original.containers[1]] }],
    ['nested lists are merged too', { containers: [{ name: 'a', ports: [{ containerPort: 81 }] }] },
      { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 81 }, { containerPort: 80 }] }, original.containers[1]] }],
  ])('%s', (_title, patch, wanted) => expect(applyStrategicMergePatch(original, patch, metaOf)).toEqual({ ...original, ...wanted }));

  test('what is left alone keeps its reference', () => {
    const after = applyStrategicMergePatch(original, { containers: [{ name: 'b', image: 'b:2' }] }, metaOf);
    expect(after.containers[0]).toBe(original.containers[0]);
    expect(after.strategy).toBe(original.strategy);
    expect(applyStrategicMergePatch(original, { containers: [{ name: 'b', image: 'b:1' }] }, metaOf)).toBe(original);
  });
  test('an item without its key is refused', () =>
    expect(() => applyStrategicMergePatch(original, { containers: [{ image: 'x' }] }, metaOf)).toThrow('does not contain declared merge key: name'));
  test('an unknown directive is refused', () =>
    expect(() => applyStrategicMergePatch(original, { labels: { $patch: 'burn' } }, metaOf)).toThrow('Unknown patch type found: burn'));
});

describe('making strategic patches', () => {
  const from = { containers: [{ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' }], finalizers: ['x', 'y'], replicas: 1, strategy: { type: 'R', x: 1 } };
  const to = { containers: [{ name: 'b', image: 'b:2' }, { name: 'c', image: 'c:1' }], finalizers: ['y', 'z'], strategy: { type: 'Q' } };
  const patch = createTwoWayMergePatch(from, to, metaOf);
  test('two ways', () => {
    expect(patch).toEqual({
      containers: [{ name: 'b', image: 'b:2' }, { name: 'c', image: 'c:1' }, { $patch: 'delete', name: 'a' }],
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }],
      finalizers: ['z'], '$deleteFromPrimitiveList/finalizers': ['x'], '$setElementOrder/finalizers': ['y', 'z'],
      replicas: null, strategy: { $retainKeys: ['type'], type: 'Q', x: null },
    });
    expect(applyStrategicMergePatch(from, patch, metaOf)).toEqual(to);
  });
  test('equal objects need no patch', () => expect(createTwoWayMergePatch(from, { ...from }, metaOf)).toEqual({}));
  test('three ways: what others added stays, what the user dropped goes', () => {
    const lastApplied = { labels: { mine: '1', dropped: '1' }, containers: [{ name: 'a', image: 'a:1' }, { name: 'old', image: 'o' }], replicas: 3 };
    const modified = { labels: { mine: '2' }, containers: [{ name: 'a', image: 'a:2' }] };
    const live = { labels: { mine: '1', dropped: '1', theirs: '1' }, containers: [{ name: 'a', image: 'a:1', pull: 'Always' }, { name: 'old', image: 'o' }, { name: 'injected' }], replicas: 5 };
    const three = createThreeWayMergePatch(lastApplied, modified, live, metaOf);
    expect(three).toEqual({
      labels: { mine: '2', dropped: null }, replicas: null,
      containers: [{ name: 'a', image: 'a:2' }, { name: 'old', $patch: 'delete' }], '$setElementOrder/containers': [{ name: 'a' }],
    });
    expect(applyStrategicMergePatch(live, three, metaOf)).toEqual({ labels: { mine: '2', theirs: '1' }, containers: [{ name: 'a', image: 'a:2', pull: 'Always' }, { name: 'injected' }] });
  });
  test('applying the same again sends nothing', () => {
    const applied = { containers: [{ name: 'a', image: 'a:1' }], replicas: 2 };
    const live = { containers: [{ name: 'a', image: 'a:1', pull: 'Always' }], replicas: 2, status: {} };
    expect(createThreeWayMergePatch(applied, applied, live, metaOf)).toEqual({});
  });
});
