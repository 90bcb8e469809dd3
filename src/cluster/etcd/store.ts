/**
 * The multi-version key space. Models server/storage/mvcc (kvstore.go, index.go) and server/etcdserver/apply:
 * one counter for all keys, a log of what happened since the last compaction, and the newest state of each key.
 */
import { List, PMap } from '../../simulation/collections/index.ts';
import type { EtcdEvent, KeyValue, RangeRequest, RangeResponse, TxnOp, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';

/** All that lies on the disk; nothing in it is ever changed in place. */
export interface Store {
  readonly revision: number;
  readonly compactRevision: number;
  /** Newest state of each key, by directory (`/registry/pods/`), so that reading one kind never visits another. */
  readonly directories: PMap<string, PMap<string, KeyValue>>;
  /** What happened after `compactRevision`, oldest first; each event keeps what it replaced, so older revisions can be read. */
  readonly log: List<EtcdEvent>;
  readonly nextLease: number;
  readonly leases: PMap<number, Lease>;
}

export interface Lease { readonly id: number; readonly ttlSeconds: number; readonly keys: PMap<string, true> }

/** A fresh member's store: real etcd also begins at revision 1. */
export const emptyStore: Store = { revision: 1, compactRevision: 0, directories: PMap(), log: List(), nextLease: 1, leases: PMap() };

const noKeys: PMap<string, KeyValue> = PMap();

/** The directory a key lives in: its first two parts (`/registry/pods/`), or all of it where it has fewer. */
export function directoryOf(key: string): string {
  const second = key.indexOf('/', 1);
  const third = second < 0 ? -1 : key.indexOf('/', second + 1);
  return third < 0 ? key : key.slice(0, third + 1);
}

/** The directory that holds all of a range, '' where it is wider than one. */
export function directoryOfRange({ key, rangeEnd }: { readonly key: string; readonly rangeEnd: string }): string {
  const directory = directoryOf(key);
  const second = directory.indexOf('/', 1);
  const whole = second > 0 && second < directory.length - 1 && directory.endsWith('/');
  return whole && rangeEnd <= prefixEnd(directory) ? directory : '';
}

/** The end of the range that holds every key with this prefix. Models clientv3.GetPrefixRangeEnd. */
export const prefixEnd = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

/** The newest state of a key. */
export const read = (store: Store, key: string): KeyValue | undefined => store.directories.get(directoryOf(key))?.get(key);

const byKey = (a: KeyValue, b: KeyValue): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** First index in the log whose revision is at least this one. */
export function logIndex(log: List<EtcdEvent>, revision: number): number {
  let low = 0;
  let high = log.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log.get(middle)!.kv.modRevision < revision) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Undoes the log back to a revision, for the keys of one range. */
function rewind(store: Store, found: Map<string, KeyValue>, revision: number, inRange: (key: string) => boolean): void {
  for (let i = store.log.size - 1; i >= 0; i--) {
    const event = store.log.get(i)!;
    if (event.kv.modRevision <= revision) break;
    if (!inRange(event.kv.key)) continue;
    if (event.prevKv === undefined) found.delete(event.kv.key);
    else found.set(event.kv.key, event.prevKv);
  }
}

/** Reads a key or a range, now or at an older revision; the text is etcd's own refusal. */
export function range(store: Store, request: RangeRequest): RangeResponse | string {
  const { key, rangeEnd, revision = 0 } = request;
  if (revision > store.revision) return 'etcdserver: mvcc: required revision is a future revision';
  if (revision > 0 && revision < store.compactRevision) return 'etcdserver: mvcc: required revision has been compacted';
  const inRange = (one: string): boolean => (rangeEnd === undefined ? one === key : one >= key && one < rangeEnd);
  if (rangeEnd === undefined && revision === 0) {
    const kv = read(store, key);
    return { revision: store.revision, kvs: kv === undefined || request.countOnly ? [] : [kv], more: false, count: kv === undefined ? 0 : 1 };
  }
  const found = new Map<string, KeyValue>();
  const collect = (kvs: PMap<string, KeyValue>): void => { kvs.forEach((kv, one) => { if (inRange(one)) found.set(one, kv); }); };
  const directory = rangeEnd === undefined ? directoryOf(key) : directoryOfRange({ key, rangeEnd });
  const known = directory === '' ? undefined : store.directories.get(directory) ?? noKeys;
  if (known !== undefined && request.countOnly && revision === 0 && key === directory) {
    return { revision: store.revision, kvs: [], more: false, count: known.size };
  }
  if (known !== undefined) collect(known);
  else store.directories.forEach(collect);
  if (revision > 0 && revision < store.revision) rewind(store, found, revision, inRange);
  const kvs = [...found.values()].sort(byKey);
  const limit = request.limit ?? 0;
  const cut = limit > 0 && kvs.length > limit ? kvs.slice(0, limit) : kvs;
  return { revision: store.revision, kvs: request.countOnly ? [] : cut, more: cut.length < kvs.length, count: kvs.length };
}

function attach(store: Store, key: string, from: number, to: number): Store {
  if (from === to) return store;
  let leases = store.leases;
  const old = leases.get(from);
  if (old !== undefined) leases = leases.set(from, { ...old, keys: old.keys.delete(key) });
  const next = leases.get(to);
  if (next !== undefined) leases = leases.set(to, { ...next, keys: next.keys.set(key, true) });
  return { ...store, leases };
}

function put(store: Store, key: string, prevKv: KeyValue | undefined, value: unknown, lease: number, revision: number): Store {
  const kv: KeyValue = {
    key, value, lease, modRevision: revision,
    createRevision: prevKv?.createRevision ?? revision, version: (prevKv?.version ?? 0) + 1,
  };
  const directory = directoryOf(key);
  const directories = store.directories.set(directory, (store.directories.get(directory) ?? noKeys).set(key, kv));
  const placed = { ...store, log: store.log.push({ type: 'PUT', kv, prevKv }), directories };
  return attach(placed, key, prevKv?.lease ?? 0, lease);
}

function remove(store: Store, prevKv: KeyValue, revision: number): Store {
  const { key } = prevKv;
  const directory = directoryOf(key);
  const kv: KeyValue = { key, value: undefined, createRevision: 0, modRevision: revision, version: 0, lease: 0 };
  const kept = (store.directories.get(directory) ?? noKeys).delete(key);
  return attach({ ...store, log: store.log.push({ type: 'DELETE', kv, prevKv }), directories: store.directories.set(directory, kept) }, key, prevKv.lease, 0);
}

/** Applies a transaction: if every compare holds the one branch, else the other. All its writes share one revision. */
export function txn(store: Store, request: TxnRequest): { readonly store: Store; readonly response: TxnResponse } | string {
  let compared: KeyValue | undefined;
  let succeeded = true;
  for (const { key, equals } of request.compare) {
    compared = read(store, key);
    if ((compared?.modRevision ?? 0) !== equals) { succeeded = false; break; }
  }
  const operations: readonly TxnOp[] = succeeded ? request.success : request.failure;
  const revision = store.revision + 1;
  let next = store;
  const responses: { kvs?: readonly KeyValue[]; deleted?: number }[] = [];
  for (const operation of operations) {
    // Nearly always the key that was compared is the one that is written.
    const current = next === store && compared?.key === operation.key ? compared : read(next, operation.key);
    if (operation.op === 'range') responses.push({ kvs: current === undefined ? [] : [current] });
    else if (operation.op === 'delete') {
      responses.push({ deleted: current === undefined ? 0 : 1 });
      if (current !== undefined) next = remove(next, current, revision);
    } else {
      const lease = operation.lease ?? 0;
      if (lease !== 0 && !next.leases.has(lease)) return 'etcdserver: requested lease not found';
      next = put(next, operation.key, current, operation.value, lease, revision);
      responses.push({});
    }
  }
  if (next !== store) next = { ...next, revision };
  return { store: next, response: { revision: next.revision, succeeded, responses } };
}

/** Forgets what was before a revision; the newest state of each key stays. */
export function compact(store: Store, revision: number): Store | string {
  if (revision <= store.compactRevision) return 'etcdserver: mvcc: required revision has been compacted';
  if (revision > store.revision) return 'etcdserver: mvcc: required revision is a future revision';
  return { ...store, compactRevision: revision, log: store.log.slice(logIndex(store.log, revision + 1)) };
}

/** Promises that the keys put under the new lease go when it ends. */
export function grantLease(store: Store, ttlSeconds: number): { readonly store: Store; readonly lease: Lease } {
  const lease: Lease = { id: store.nextLease, ttlSeconds, keys: PMap() };
  return { lease, store: { ...store, nextLease: store.nextLease + 1, leases: store.leases.set(lease.id, lease) } };
}

/** Ends a lease: its keys are deleted, in order, under one revision. Models server/lease/lessor.go: Revoke. */
export function revokeLease(store: Store, id: number): Store {
  const lease = store.leases.get(id);
  if (lease === undefined) return store;
  const revision = store.revision + 1;
  let next: Store = store;
  for (const key of [...lease.keys.keys()].sort()) {
    const kv = read(next, key);
    if (kv !== undefined) next = remove(next, kv, revision);
  }
  const leases = next.leases.delete(id);
  return next === store ? { ...store, leases } : { ...next, leases, revision };
}
