/** How the watch caches are filled and kept. Models storage/cacher/watch_cache.go and the reflector that feeds it. */
import { List, PMap } from '../../simulation/collections/index.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { EtcdEvent, RangeRequest, RangeResponse, WatchRequest, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { closeStream, openStream } from '../../simulation/process/effects.ts';
import { rememberService } from './allocators.ts';
import { cacheKey, type Served } from './served.ts';
import { cacheOf, newId, setCache, type CacheEvent, type ResourceCache, type Step } from './state.ts';
import { callEtcd, decode, memberOf, withRevision } from './storage.ts';
import { allWatchers, fanOut } from './watchers.ts';

const maxCapacity = 102_400;
/** Events younger than this make the window grow instead of being dropped. */
const freshUs = 75_000_000;
export const dispatchUs = 50;

const rangeEnd = (prefix: string): string => `${prefix.slice(0, -1)}0`;

/** Asks etcd for all objects of a resource. */
export const fill = (step: Step, { key, prefix }: Served): void =>
  callEtcd(step, { kind: 'fill', resource: key }, 'Range', { key: prefix, rangeEnd: rangeEnd(prefix) } satisfies RangeRequest, 0);

/** Opens the etcd watch of a resource, right behind what its cache has seen. */
export function feed(step: Step, cache: ResourceCache): void {
  const { prefix, prefixes, key } = cache.served;
  const stream = newId(step, 'etcd-watch');
  const body: WatchRequest = { key: prefix, rangeEnd: rangeEnd(prefix), ...(prefixes === undefined ? {} : { prefixes }), startRevision: cache.revision + 1, prevKv: true, progressNotify: true };
  step.state = { ...step.state, feeds: step.state.feeds.set(stream, key) };
  step.effects.push(openStream(stream, memberOf(step.state), { type: 'etcd.Watch', body }));
  setCache(step, { ...cacheOf(step.state, key), phase: 'watching' });
}

/** Takes the first list (or, after a compaction, a new one): the cache is full and can be watched. */
export function takeFill(step: Step, resource: string, { kvs, revision }: RangeResponse): void {
  const cache = cacheOf(step.state, resource);
  const objects = (PMap() as PMap<string, KubeObject>).withMutations((map) => {
    for (const kv of kvs) map.set(kv.key.slice(cache.served.prefix.length), decode(kv));
  });
  // Whoever still watches the old contents must list again.
  for (const watcher of allWatchers(cache)) step.effects.push(closeStream(watcher.stream));
  if (resource === 'services') objects.forEach((object) => rememberService(step, object));
  feed(step, { ...cache, objects, revision, since: revision, recent: List(), watchers: PMap(), triggered: PMap() });
  setCache(step, { ...cacheOf(step.state, resource), objects, revision, since: revision, recent: List(), watchers: PMap(), triggered: PMap() });
}

/** Follows one frame of an etcd watch. */
export function follow(step: Step, resource: string, frame: WatchResponse): void {
  let cache = cacheOf(step.state, resource);
  if (frame.compactRevision !== undefined) {
    setCache(step, { ...cache, phase: 'listing' });
    fill(step, cache.served);
    return;
  }
  for (const event of frame.events) {
    const happened = toCacheEvent(cache, event, step.env.nowUs);
    if (happened === undefined) continue;
    cache = remember(cache, happened);
    if (resource === 'services') rememberService(step, happened.object, happened.type === 'DELETED');
    fanOut(cache, happened, dispatchUs, step.effects);
  }
  if (frame.revision > cache.revision) cache = { ...cache, revision: frame.revision };
  setCache(step, cache);
}

function toCacheEvent(cache: ResourceCache, { type, kv, prevKv }: EtcdEvent, atUs: number): CacheEvent | undefined {
  const revision = kv.modRevision;
  // A re-dialled watch may tell again what is known.
  if (revision <= cache.since) return undefined;
  const previous = cache.objects.get(kv.key.slice(cache.served.prefix.length));
  if (type === 'DELETE') {
    const last = previous ?? (prevKv === undefined ? undefined : decode(prevKv));
    if (last === undefined) return undefined;
    return { type: 'DELETED', object: withRevision(last, revision), previous: last, revision, atUs };
  }
  return { type: previous === undefined ? 'ADDED' : 'MODIFIED', object: decode(kv), previous, revision, atUs };
}

/** One event more, in the objects and among the recent ones. */
export function remember(cache: ResourceCache, event: CacheEvent): ResourceCache {
  const { namespace, name } = event.object.metadata;
  const key = cacheKey(cache.served, namespace, name);
  const objects = event.type === 'DELETED' ? cache.objects.delete(key) : cache.objects.set(key, event.object);
  let { recent, capacity, since } = cache;
  recent = recent.push(event);
  if (recent.size > capacity) {
    if (capacity < maxCapacity && recent.first()!.atUs > event.atUs - freshUs) capacity *= 2;
    else {
      // Half a window at a time, so that the cost is shared by many events.
      const dropped = recent.size - (capacity >> 1);
      since = recent.get(dropped - 1)!.revision;
      recent = recent.slice(dropped);
    }
  }
  return { ...cache, objects, recent, capacity, since, revision: event.revision };
}

/** First index among the recent events that is newer than the revision. */
export function recentIndex(recent: List<CacheEvent>, revision: number): number {
  let low = 0;
  let high = recent.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recent.get(middle)!.revision <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
