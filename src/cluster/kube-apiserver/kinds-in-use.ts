/**
 * Of which kinds that no component watches there are objects: a resource that no real server has. Upstream's garbage collector watches every kind from the
 * start; here it watches this one, and a kind when there is something of it. That costs one read of etcd when it is first asked for, and one stream.
 */
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { KeyValue, RangeResponse, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { ownEndpointsKey } from './own-endpoints.ts';
import { addressesPrefix, allocatorName } from './service-allocation.ts';
import { definitionsKey, kindsInUse, unwatchedKinds } from './served.ts';
import { cacheOf, emptyCache, setCache, type CacheEvent, type Step } from './state.ts';
import { dispatchUs, feed, fill, remember } from './watch-cache.ts';
import { fanOut } from './watchers.ts';

const isKept = ({ state }: Step): boolean => state.caches.has(kindsInUse.key);

/** Somebody asks: from now on it is kept. */
export function keepKinds(step: Step): void {
  if (isKept(step)) return;
  setCache(step, emptyCache(kindsInUse));
  fill(step, kindsInUse);
}

function happen(step: Step, type: 'ADDED' | 'DELETED', name: string, atRevision: number): void {
  const before = cacheOf(step.state, kindsInUse.key);
  const previous = before.objects.get(name);
  if ((previous === undefined) === (type === 'DELETED')) return;
  // Definitions come by another watch, which may be behind.
  const revision = Math.max(before.revision, atRevision);
  const object = { apiVersion: '', kind: kindsInUse.info.kind, metadata: { name, resourceVersion: String(revision) } } as KubeObject;
  const event: CacheEvent = { type, object, ...(previous === undefined ? {} : { previous }), revision, atUs: step.env.nowUs };
  const cache = remember(before, event);
  fanOut(cache, event, dispatchUs, step.effects);
  setCache(step, cache);
}

/** What servers keep for themselves, without owners: nobody has anything to do with it. */
const isOwn = ({ key, value }: KeyValue): boolean =>
  key === ownEndpointsKey || (key.startsWith(addressesPrefix) && (value as KubeObject).metadata.labels?.['ipaddress.kubernetes.io/managed-by'] === allocatorName);

function found(step: Step, kv: KeyValue, revision: number): void {
  const { key } = kv;
  if (isOwn(kv)) return;
  for (const [prefix, kind] of unwatchedKinds) if (key.startsWith(prefix)) happen(step, 'ADDED', kind, revision);
}

/** What is in etcd, and which kinds users have defined: those count from the moment they are established. */
export function takeKinds(step: Step, { kvs, revision }: RangeResponse): void {
  for (const kv of kvs) found(step, kv, revision);
  for (const definition of cacheOf(step.state, definitionsKey).objects.values()) kindDefined(step, definition.metadata.name, definition as Definition);
  feed(step, { ...cacheOf(step.state, kindsInUse.key), revision });
  setCache(step, { ...cacheOf(step.state, kindsInUse.key), revision });
}

export function followKinds(step: Step, { events, revision, compactRevision }: WatchResponse): void {
  if (compactRevision !== undefined) return fill(step, kindsInUse);
  for (const { type, kv } of events) if (type === 'PUT') found(step, kv, revision);
  const cache = cacheOf(step.state, kindsInUse.key);
  if (revision > cache.revision) setCache(step, { ...cache, revision });
}

/** A definition came, changed or went. */
export function kindDefined(step: Step, name: string, definition: Definition | undefined): void {
  if (!isKept(step)) return;
  if (definition === undefined) happen(step, 'DELETED', name, 0);
  else if (definition.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true) happen(step, 'ADDED', name, 0);
}
