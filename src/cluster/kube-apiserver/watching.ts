/** Clients' watches: how they begin, are kept and end. Models storage/cacher/cacher.go (Watch) and endpoints/handlers/watch.go. */
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { tooOldResourceVersionError } from '../../kubernetes/apimachinery/status-errors.ts';
import { watchFrameTypes } from '../../kubernetes/protocols/api.ts';
import { clearTimer, closeStream, setTimer, write } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { bookmarkAt, dropDirect, initialEventsEnd, openDirect } from './direct-watch.ts';
import { queryOf } from './reads.ts';
import { cacheOf, setCache, type Inflight, type ResourceCache, type Step, type Watcher } from './state.ts';
import { addWatcher, allWatchers, pinnedTrigger, removeWatcher, replay, wants } from './watchers.ts';
import { recentIndex } from './watch-cache.ts';

const minRequestTimeoutSeconds = 1800;
const bookmarkUs = 60_000_000;
const openUs = 300;

/** Opens a watch: what the client has missed first, then what happens. */
export function openWatch(step: Step, inflight: Inflight, stream: string): void {
  const query = queryOf(inflight);
  if ('kind' in query) return refuseWatch(step, stream, query);
  const { request, served } = inflight;
  const { key, view } = served;
  const version = request.query?.resourceVersion ?? '';
  const initialEvents = request.query?.sendInitialEvents === true;
  if (!served.watchCache) {
    openDirect(step, { ...query, stream, user: request.user, bookmarks: request.query?.allowWatchBookmarks === true, ...(view === undefined ? {} : { view }) }, served, version, initialEvents);
    return keepOpen(step, inflight, stream);
  }
  const cache = cacheOf(step.state, key);
  const watcher: Watcher = {
    ...query, ...(Number(version) > cache.revision ? { after: Number(version) } : {}), stream, user: request.user, bookmarks: request.query?.allowWatchBookmarks === true, trigger: pinnedTrigger(cache, query.fields),
  };
  if (initialEvents || ((version === '' || version === '0') && request.query?.sendInitialEvents !== false)) {
    for (const object of initial(cache, watcher)) step.effects.push(write(stream, { type: watchFrameTypes.ADDED, body: { object } }, openUs));
    if (initialEvents && watcher.bookmarks) step.effects.push(write(stream, { type: watchFrameTypes.BOOKMARK, body: { object: bookmarkAt(cache.served, cache.revision, initialEventsEnd) } }, openUs));
  } else if (version !== '' && version !== '0') {
    const from = Number(version);
    if (from < cache.since) return refuseWatch(step, stream, tooOldResourceVersionError(from, cache.since));
    replay(watcher, cache.recent.slice(recentIndex(cache.recent, from)), step.effects, openUs);
  }
  setCache(step, addWatcher(cache, watcher));
  keepOpen(step, inflight, stream);
}

/** A watch lasts until its client goes, or for the time it asked for, or for half an hour to an hour. */
function keepOpen(step: Step, { request, served }: Inflight, stream: string): void {
  step.state = { ...step.state, watchedResource: step.state.watchedResource.set(stream, served.key) };
  const seconds = request.query?.timeoutSeconds ?? minRequestTimeoutSeconds + step.env.random('watch-timeout', minRequestTimeoutSeconds);
  step.effects.push(setTimer(`watch/${stream}`, seconds * 1_000_000, { name: 'watch', body: stream, background: true }));
}

function initial(cache: ResourceCache, watcher: Watcher): readonly KubeObject[] {
  const keys: string[] = [];
  cache.objects.forEach((object, key) => { if (wants(watcher, object)) keys.push(key); });
  return keys.sort().map((key) => cache.objects.get(key)!);
}

/** A watch that cannot begin: one error frame, then the end. */
export function refuseWatch(step: Step, stream: string, status: Status): void {
  step.effects.push(write(stream, { type: watchFrameTypes.ERROR, body: { object: status } }, openUs), closeStream(stream));
}

/** The client is gone, or its time is up. */
export function dropWatch(step: Step, stream: string): void {
  const resource = step.state.watchedResource.get(stream);
  if (resource === undefined) return;
  step.state = { ...step.state, watchedResource: step.state.watchedResource.delete(stream) };
  step.effects.push(clearTimer(`watch/${stream}`));
  if (step.state.direct.has(stream)) dropDirect(step, stream);
  else setCache(step, removeWatcher(cacheOf(step.state, resource), stream));
}

/** A watch that cannot go on. */
export function breakWatch(step: Step, stream: string, status: Status): void {
  if (!step.state.watchedResource.has(stream)) return;
  dropWatch(step, stream);
  refuseWatch(step, stream, status);
}

/** Ends the watches of a custom kind that is defined otherwise now, or no longer. Models apiextensions-apiserver/pkg/apiserver/customresource_handler.go: tearDown. */
export function endOutdated(step: Step, name: string, definition: Definition | undefined): void {
  step.state.direct.forEach(({ watcher: { stream }, served: { custom } }) => {
    if (custom?.key !== name || (definition !== undefined && custom.isOf(definition))) return;
    dropWatch(step, stream);
    step.effects.push(closeStream(stream));
  });
}

/** Ends a watch whose time is up; the client dials again from where it was. */
export function endWatch(step: Step, event: ProcessEvent): void {
  const stream = event.body as string;
  if (!step.state.watchedResource.has(stream)) return;
  dropWatch(step, stream);
  step.effects.push(closeStream(stream));
}

export const bookmarkTimer = setTimer('bookmarks', bookmarkUs, { background: true });

/** Tells those who asked for it how far the cache is, so that they can dial again from there after a quiet time. */
export function sendBookmarks(step: Step): void {
  step.effects.push(bookmarkTimer);
  step.state.caches.forEach((cache) => {
    if (cache.phase !== 'watching') return;
    const message = { type: watchFrameTypes.BOOKMARK, body: { object: bookmarkAt(cache.served, cache.revision) }, background: true };
    for (const watcher of allWatchers(cache)) if (watcher.bookmarks) step.effects.push(write(watcher.stream, message));
  });
}
