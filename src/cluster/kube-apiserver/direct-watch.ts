/** Watches of a resource that has no watch cache: each client's has an etcd watch of its own. Models storage/etcd3/watcher.go. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { expiredError, internalServerError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { EtcdEvent, RangeRequest, RangeResponse, WatchRequest, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { watchFrameTypes } from '../../kubernetes/protocols/api.ts';
import { closeStream, openStream, write } from '../../simulation/process/effects.ts';
import { convert, valuesIn, withValues, type Converted } from './converting.ts';
import { scopeOf, type Served } from './served.ts';
import { newId, type CacheEvent, type DirectWatch, type Step, type Watcher } from './state.ts';
import { callEtcd, decode, memberOf, withRevision } from './storage.ts';
import { frameFrom } from './views.ts';
import { replay, wants } from './watchers.ts';

const dispatchUs = 50;

/** Begins right behind a revision; without one, or where a client asks for it, with what is there now. Models watcher.go: startWatching, sync. */
export function openDirect(step: Step, watcher: Watcher, served: Served, version: string, initialEvents: boolean): void {
  const from = initialEvents || version === '' || version === '0' ? undefined : Number(version);
  keep(step, { watcher: { ...watcher, after: from }, served, ...(initialEvents && watcher.bookmarks && { initialEvents }) });
  if (from !== undefined) return dial(step, watcher.stream);
  callEtcd(step, { kind: 'sync', stream: watcher.stream }, 'Range', scopeOf(served, watcher.namespace) satisfies RangeRequest);
}

const keep = (step: Step, one: DirectWatch): void => { step.state = { ...step.state, direct: step.state.direct.set(one.watcher.stream, one) }; };

function dial(step: Step, stream: string): void {
  const one = step.state.direct.get(stream)!;
  const feed = newId(step, 'etcd-watch');
  const body: WatchRequest = { ...scopeOf(one.served, one.watcher.namespace), startRevision: one.watcher.after! + 1, prevKv: true, progressNotify: false };
  keep(step, { ...one, feed });
  step.state = { ...step.state, directFeeds: step.state.directFeeds.set(feed, stream) };
  step.effects.push(openStream(feed, memberOf(step.state), { type: 'etcd.Watch', body }));
}

/** What is there now has been read: the client hears of it, and of what comes after. */
export function takeSync(step: Step, stream: string, { kvs, revision }: RangeResponse): void {
  const one = step.state.direct.get(stream);
  if (one === undefined) return;
  const { view } = one.watcher;
  for (const object of kvs.map(decode)) if (wants(one.watcher, object)) step.effects.push(write(stream, { type: watchFrameTypes.ADDED, body: view === undefined ? { object } : frameFrom(view, object) }, dispatchUs));
  if (one.initialEvents === true) step.effects.push(write(stream, { type: watchFrameTypes.BOOKMARK, body: { object: bookmarkAt(one.served, revision, initialEventsEnd) } }, dispatchUs));
  keep(step, { ...one, watcher: { ...one.watcher, after: revision } });
  dial(step, stream);
}

export const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };

/** How far a watch is, as an object of its kind. */
export const bookmarkAt = ({ info: { kind, apiVersion } }: Served, revision: number, annotations?: Readonly<Record<string, string>>): KubeObject =>
  ({ kind, apiVersion, metadata: { resourceVersion: String(revision), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) } }) as unknown as KubeObject;

/** Passes one frame of etcd on to its client; what comes back is why the watch cannot go on. */
export function followDirect(step: Step, stream: string, frame: WatchResponse): Status | undefined {
  if (frame.compactRevision !== undefined) return expiredError('The resourceVersion for the provided watch is too old.');
  const one = step.state.direct.get(stream);
  if (one === undefined) return undefined;
  if (one.held !== undefined) {
    keep(step, { ...one, held: [...one.held, frame] });
    return undefined;
  }
  if (one.served.custom === undefined) pass(step, one, frame);
  else {
    const unheard = { ...frame, events: frame.events.filter(({ kv }) => kv.modRevision > one.watcher.after!) };
    keep(step, { ...one, held: [] });
    const outcome = convert(step, one.served, true, valuesIn(unheard, selects(one.watcher)), { kind: 'frame', stream, frame: unheard });
    if (outcome !== undefined) return passConverted(step, stream, unheard, outcome);
  }
  return undefined;
}

const selects = ({ name, labels, fields }: Watcher): boolean => name !== '' || labels !== '' || fields !== '';

/** A frame whose objects are of the watch's version now, and those that came meanwhile. */
export function passConverted(step: Step, stream: string, frame: WatchResponse, outcome: Converted): Status | undefined {
  const one = step.state.direct.get(stream);
  if (one === undefined) return undefined;
  if ('wrong' in outcome) return internalServerError(outcome.wrong);
  const { held = [], ...free } = one;
  pass(step, free, withValues(frame, selects(one.watcher), outcome.objects));
  for (const [index, next] of held.entries()) {
    const broken = followDirect(step, stream, next);
    if (broken !== undefined) return broken;
    const now = step.state.direct.get(stream)!;
    if (now.held === undefined) continue;
    keep(step, { ...now, held: held.slice(index + 1) });
    return undefined;
  }
  return undefined;
}

function pass(step: Step, one: DirectWatch, frame: WatchResponse): void {
  replay(one.watcher, frame.events.map((event) => toEvent(event, step.env.nowUs)), step.effects, dispatchUs);
  const last = frame.events[frame.events.length - 1]?.kv.modRevision ?? 0;
  keep(step, last > one.watcher.after! ? { ...one, watcher: { ...one.watcher, after: last } } : one);
}

function toEvent({ type, kv, prevKv }: EtcdEvent, atUs: number): CacheEvent {
  const revision = kv.modRevision;
  const previous: KubeObject | undefined = prevKv === undefined ? undefined : decode(prevKv);
  if (type === 'DELETE') return { type: 'DELETED', object: withRevision(previous, revision), previous, revision, atUs };
  return { type: kv.createRevision === revision ? 'ADDED' : 'MODIFIED', object: decode(kv), previous, revision, atUs };
}

/** The client is gone: nobody needs its etcd watch. */
export function dropDirect(step: Step, stream: string): void {
  const one = step.state.direct.get(stream);
  if (one === undefined) return;
  step.state = { ...step.state, direct: step.state.direct.delete(stream) };
  if (one.feed === undefined) return;
  step.state = { ...step.state, directFeeds: step.state.directFeeds.delete(one.feed) };
  step.effects.push(closeStream(one.feed));
}

/** etcd is gone: the client's watch stays open, and waits. */
export function loseDirect(step: Step, feed: string, stream: string): void {
  step.state = { ...step.state, directFeeds: step.state.directFeeds.delete(feed) };
  const one = step.state.direct.get(stream);
  // What has not been told comes again.
  if (one !== undefined) keep(step, { ...one, feed: undefined, ...(one.held === undefined ? {} : { held: [] }) });
}

/** etcd is there again: every watch goes on behind what it has told. Models the etcd client, which dials again by itself. */
export function resumeDirect(step: Step): void {
  step.state.direct.forEach(({ feed, watcher }) => { if (feed === undefined && watcher.after !== undefined) dial(step, watcher.stream); });
}
