import { expect, test } from 'vitest';
import { patchLines } from './patch-lines.ts';

const strategic = 'application/strategic-merge-patch+json';
const written = (body: unknown, type: string): readonly string[] | undefined => patchLines(body, [['Content-Type', type]])?.map(({ path, text, removes }) => (removes ? `-${path}` : `${path}=${text}`));

test.each<[string, unknown, string, readonly string[] | undefined]>([
  ['a merge patch', { spec: { replicas: 3 }, metadata: { labels: { a: null } } }, 'application/merge-patch+json', ['spec.replicas=3', '-metadata.labels.a']],
  ['a condition among others', { status: { '$setElementOrder/conditions': [{ type: 'Ready' }], conditions: [{ type: 'Ready', status: 'True' }] } }, strategic, ['status.conditions[Ready].type=Ready', 'status.conditions[Ready].status=True']],
  ['an item that goes', { spec: { containers: [{ name: 'a', $patch: 'delete' }] } }, strategic, ['-spec.containers[a]']],
  ['a finalizer that goes', { metadata: { '$deleteFromPrimitiveList/finalizers': ['x'] } }, strategic, ['-metadata.finalizers[x]']],
  ['JSON patch', [{ op: 'replace', path: '/spec/replicas', value: 2 }, { op: 'remove', path: '/a' }, { op: 'move', path: '/b', from: '/c' }], 'application/json-patch+json', ['/spec/replicas=2', '-/a', '/b=move from /c']],
  ['a whole object is no patch', { kind: 'Pod' }, 'application/json', undefined],
])('%s', (_, body, type, lines) => expect(written(body, type)).toEqual(lines));
