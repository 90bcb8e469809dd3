import { describe, expect, test } from 'vitest';
import type { TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import { compact, directoryOf, emptyStore, grantLease, prefixEnd, range, read, revokeLease, txn, type Store } from './store.ts';

const put = (key: string, value: unknown, lease = 0): TxnRequest => ({ compare: [], success: [{ op: 'put', key, value, lease }], failure: [] });
const remove = (key: string): TxnRequest => ({ compare: [], success: [{ op: 'delete', key }], failure: [] });
const apply = (store: Store, ...requests: readonly TxnRequest[]): Store => requests.reduce((before, request) => {
  const result = txn(before, request);
  if (typeof result === 'string') throw new Error(result);
  return result.store;
}, store);
const values = (store: Store, prefix: string, revision = 0): unknown => {
  const result = range(store, { key: prefix, rangeEnd: prefixEnd(prefix), revision });
  return typeof result === 'string' ? result : result.kvs.map(({ key, value }) => `${key.slice(prefix.length)}=${value}`).join(' ');
};

test.each([
  ['/registry/pods/default/web', '/registry/pods/'], ['/registry/minions/a', '/registry/minions/'], ['/registry/health', '/registry/health'],
  ['/registry/services/specs/default/a', '/registry/services/'], ['/registry/pods/', '/registry/pods/'],
])('%s lies in %s', (key, directory) => expect(directoryOf(key)).toBe(directory));

describe('a transaction', () => {
  const store = apply(emptyStore, put('/r/a/x', 1));
  test.each([
    ['writes where the revision is the one it knows', { equals: 2 }, true, 3],
    ['reads where somebody was faster', { equals: 1 }, false, 2],
    ['creates only where nothing is', { equals: 0 }, false, 2],
  ])('%s', (_what, { equals }, succeeded, revision) => {
    const result = txn(store, { compare: [{ key: '/r/a/x', target: 'mod', equals }], success: [{ op: 'put', key: '/r/a/x', value: 2 }], failure: [{ op: 'range', key: '/r/a/x' }] });
    if (typeof result === 'string') throw new Error(result);
    expect(result.response).toMatchObject({ succeeded, revision, responses: succeeded ? [{}] : [{ kvs: [{ value: 1, modRevision: 2 }] }] });
    expect(read(result.store, '/r/a/x')).toMatchObject(succeeded ? { value: 2, createRevision: 2, modRevision: 3, version: 2 } : { value: 1, version: 1 });
  });
  test('gives all its writes one revision', () => {
    const both = apply(emptyStore, { compare: [], success: [{ op: 'put', key: '/r/a/x', value: 1 }, { op: 'put', key: '/r/b/y', value: 2 }], failure: [] });
    expect([both.revision, read(both, '/r/a/x')?.modRevision, read(both, '/r/b/y')?.modRevision]).toEqual([2, 2, 2]);
  });
  test('that deletes nothing takes no revision', () => expect(apply(store, remove('/r/a/none'))).toBe(store));
  test('under a lease that is gone is refused', () => expect(txn(store, put('/r/a/x', 1, 9))).toBe('etcdserver: requested lease not found'));
});

describe('a range', () => {
  const store = apply(emptyStore, put('/r/a/x', 1), put('/r/a/y', 2), put('/r/b/z', 3), put('/r/a/x', 4), remove('/r/a/y'), put('/r/a/w', 5));
  test.each([
    ['now', '/r/a/', 0, 'w=5 x=4'], ['before the last put', '/r/a/', 6, 'x=4'], ['before the delete', '/r/a/', 5, 'x=4 y=2'], ['at the first put', '/r/a/', 2, 'x=1'],
    ['over two directories', '/r/', 4, 'a/x=1 a/y=2 b/z=3'], ['in the future', '/r/a/', 99, 'etcdserver: mvcc: required revision is a future revision'],
  ])('%s', (_what, prefix, revision, expected) => expect(values(store, prefix, revision)).toBe(expected));
  test('counts, and cuts at its limit', () => {
    expect(range(store, { key: '/r/a/', rangeEnd: prefixEnd('/r/a/'), countOnly: true })).toMatchObject({ count: 2, kvs: [], revision: 7 });
    expect(range(store, { key: '/r/', rangeEnd: prefixEnd('/r/'), limit: 2 })).toMatchObject({ count: 3, more: true, kvs: [{ key: '/r/a/w' }, { key: '/r/a/x' }] });
  });
});

test('compaction forgets what was before, and keeps what is', () => {
  const store = apply(emptyStore, put('/r/a/x', 1), put('/r/a/x', 2), put('/r/a/x', 3));
  const compacted = compact(store, 3);
  if (typeof compacted === 'string') throw new Error(compacted);
  expect(values(compacted, '/r/a/')).toBe('x=3');
  expect(values(compacted, '/r/a/', 3)).toBe('x=2');
  expect(values(compacted, '/r/a/', 2)).toBe('etcdserver: mvcc: required revision has been compacted');
  expect(compact(compacted, 3)).toBe('etcdserver: mvcc: required revision has been compacted');
  expect(compact(store, 9)).toBe('etcdserver: mvcc: required revision is a future revision');
});

test('the end of a lease deletes its keys, but not those that were put anew without it', () => {
  const { store, lease } = grantLease(emptyStore, 60);
  const held = apply(store, put('/r/e/a', 1, lease.id), put('/r/e/b', 2, lease.id), put('/r/e/c', 3, lease.id), put('/r/e/b', 4));
  const ended = revokeLease(held, lease.id);
  expect(values(ended, '/r/e/')).toBe('b=4');
  expect([ended.revision, ended.leases.size]).toEqual([held.revision + 1, 0]);
});
