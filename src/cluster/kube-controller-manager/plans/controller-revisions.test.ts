import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { goJson } from '../../../kubernetes/apimachinery/go-json.ts';
import { claimsOf, equalRevisions, newRevision, nextNumber, renamed, revisionHash, revisionName, sortedRevisions, surplusRevisions, templatePatch, type ControllerRevision } from './controller-revisions.ts';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ resources: {}, name: 'web', image: 'web:1', command: ['sh', '-c', 'echo <ä> && \u2028 "q" 😀'] }] },
};
const parent = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web', namespace: 'default', uid: 'p', annotations: { why: 'x' } } } as KubeObject;
const revision = (name: string, number: number, more: { owner?: string; labels?: Record<string, string>; created?: string; leaving?: boolean; namespace?: string; image?: string } = {}): ControllerRevision => ({
  apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: number, data: templatePatch({ ...template, spec: { containers: [{ name: 'web', image: more.image ?? name }] } }),
  metadata: {
    name, namespace: more.namespace ?? 'default', uid: name, labels: more.labels ?? { app: 'web' }, creationTimestamp: more.created ?? '2026-01-01T00:00:00Z',
    ...(more.leaving === true && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ...(more.owner !== undefined && { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: more.owner, controller: true }] }),
  },
});
const names = (revisions: readonly ControllerRevision[]) => revisions.map(({ metadata }) => metadata.name);

describe('the hash', () => {
  // Computed with Go: encoding/json of the map, hash/fnv.New32, rand.SafeEncodeString.
  test('data is written as Go writes it', () => expect(goJson(templatePatch(template))).toBe(
    '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"command":["sh","-c","echo \\u003cä\\u003e \\u0026\\u0026 \\u2028 \\"q\\" 😀"],"image":"web:1","name":"web","resources":{}}]}}}}'));
  test.each([[undefined, '845f797f9f'], [0, '676946d55c'], [1, '676946d55b']])('with the collision count %s it is %s', (count, hash) => expect(revisionHash({ ...revision('x', 1), data: templatePatch(template) }, count)).toBe(hash));
  test('names are cut for it', () => expect(revisionName('x'.repeat(230), 'h')).toHaveLength(225));
});

test('a new revision names its parent, carries the labels of the template and its hash', () => {
  const made = newRevision(parent, template, 3, 0);
  expect(made).toMatchObject({
    metadata: { name: 'web-676946d55c', namespace: 'default', labels: { app: 'web', 'controller.kubernetes.io/hash': '676946d55c' }, annotations: { why: 'x' }, ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid: 'p', controller: true, blockOwnerDeletion: true }] },
    revision: 3,
  });
  expect(renamed(made, parent, 1).metadata).toMatchObject({ name: 'web-676946d55b', labels: { 'controller.kubernetes.io/hash': '676946d55c' } });
});

test('revisions are in the order of their numbers, ages and names', () => {
  const all = [revision('c', 2), revision('b', 1, { created: '2026-01-02T00:00:00Z' }), revision('a', 2), revision('d', 1)];
  expect(names(sortedRevisions(all))).toEqual(['d', 'b', 'a', 'c']);
  expect([nextNumber(all), nextNumber([])]).toEqual([3, 1]);
});

test('equal is what brings back the same', () => expect(names(equalRevisions([revision('a', 1, { image: 'x' }), revision('b', 2, { image: 'y' }), revision('c', 3, { image: 'x' })], revision('z', 0, { image: 'x' })))).toEqual(['a', 'c']));

describe('claims', () => {
  const all = [
    revision('own', 1, { owner: 'p' }), revision('stray', 1, { owner: 'p', labels: {} }), revision('orphan', 1), revision('leaving', 1, { leaving: true }), revision('other', 1, { owner: 'q' }),
    revision('elsewhere', 1, { namespace: 'x' }), revision('unlike', 1, { labels: { app: 'db' } }),
  ];
  const claimed = (whose: KubeObject) => Object.fromEntries(Object.entries(claimsOf(all, whose, { matchLabels: { app: 'web' } })).map(([key, value]) => [key, names(value as readonly ControllerRevision[])]));
  test('one that stays adopts and lets go', () => expect(claimed(parent)).toEqual({ owned: ['own'], orphans: ['orphan'], strays: ['stray'] }));
  test('one that goes does neither', () => expect(claimed({ ...parent, metadata: { ...parent.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })).toEqual({ owned: ['own'], orphans: [], strays: [] }));
});

describe('beyond the limit', () => {
  const all = [revision('d', 4), revision('a', 1), revision('c', 3), revision('b', 2)];
  const inUse = ({ metadata }: ControllerRevision): boolean => metadata.name === 'a' || metadata.name === 'c';
  test.each([
    [4, 'all', []], [3, 'all', ['b']], [2, 'all', ['b', 'd']], [0, 'all', ['b', 'd']], [2, 'unused', []], [1, 'unused', ['b']], [0, 'unused', ['b', 'd']],
  ] as const)('%i may be kept of %s: %j go', (limit, counted, going) => expect(names(surplusRevisions(all, inUse, limit, counted))).toEqual(going));
});
