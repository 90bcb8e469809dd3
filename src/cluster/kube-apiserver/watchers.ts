/** Who hears of an event, and as what. Models storage/cacher/cacher.go (dispatchEvent) and cache_watcher.go (convertToWatchEvent). */
import { PMap } from '../../simulation/collections/index.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { parseFieldSelector, type FieldMatcher } from '../../kubernetes/apimachinery/field-selector.ts';
import { everything, parseLabelSelector, type Matcher } from '../../kubernetes/apimachinery/label-selector.ts';
import { watchFrameTypes } from '../../kubernetes/protocols/api.ts';
import { write } from '../../simulation/process/effects.ts';
import type { Effect, Message } from '../../simulation/process/process.ts';
import { triggerValue } from './served.ts';
import type { CacheEvent, ResourceCache, Watcher } from './state.ts';
import { frameFrom, type View } from './views.ts';

const labelMatchers = new Map<string, Matcher>();
const fieldMatchers = new Map<string, FieldMatcher>();
const remembered = 20_000;

/** Reads a label selector once per text; throws upstream's words for a bad one. */
export function labelMatcher(text: string): Matcher {
  if (text === '') return everything;
  let matcher = labelMatchers.get(text);
  if (matcher === undefined) {
    matcher = parseLabelSelector(text);
    if (labelMatchers.size < remembered) labelMatchers.set(text, matcher);
  }
  return matcher;
}

/** Reads a field selector once per text. */
export function fieldMatcher(text: string): FieldMatcher {
  let matcher = fieldMatchers.get(text);
  if (matcher === undefined) {
    matcher = parseFieldSelector(text);
    if (fieldMatchers.size < remembered) fieldMatchers.set(text, matcher);
  }
  return matcher;
}

/** Whether a watcher or a list wants this object. */
export function wants(query: Pick<Watcher, 'namespace' | 'name' | 'labels' | 'fields'>, object: KubeObject): boolean {
  const { metadata } = object;
  if (query.namespace !== '' && metadata.namespace !== query.namespace) return false;
  if (query.name !== '' && metadata.name !== query.name) return false;
  if (query.labels !== '' && !labelMatcher(query.labels).matches(metadata.labels)) return false;
  return query.fields === '' || fieldMatcher(query.fields).matches(object);
}

/** The frames of one event, made when first needed and shared by all who get them. */
class Frames {
  private added: Message | undefined;
  private modified: Message | undefined;
  private deleted: Message | undefined;
  private left: Message | undefined;
  private readonly event: CacheEvent;
  constructor(event: CacheEvent) { this.event = event; }
  /** What the watcher sees: an object that newly matches is ADDED, one that no longer does is DELETED. */
  for(watcher: Watcher): Message | undefined {
    const { type, object, previous, revision } = this.event;
    if (watcher.after !== undefined && revision <= watcher.after) return undefined;
    const before = previous !== undefined && wants(watcher, previous);
    if (type === 'DELETED') return before ? (this.deleted ??= frame('DELETED', object)) : undefined;
    const now = wants(watcher, object);
    if (now) return before ? (this.modified ??= frame('MODIFIED', object)) : (this.added ??= frame('ADDED', object));
    return before ? (this.left ??= frame('DELETED', { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion } })) : undefined;
  }
}

const frame = (type: keyof typeof watchFrameTypes, object: KubeObject): Message => ({ type: watchFrameTypes[type], body: { object } });

/** Tells everyone who looks at it of one event. */
export function fanOut(cache: ResourceCache, event: CacheEvent, workUs: number, effects: Effect[]): void {
  const frames = new Frames(event);
  const tell = (watcher: Watcher): void => {
    const message = frames.for(watcher);
    if (message !== undefined) effects.push(write(watcher.stream, message, workUs));
  };
  cache.watchers.forEach(tell);
  if (cache.triggered.size === 0) return;
  const value = triggerValue(cache.served, event.object);
  cache.triggered.get(value)?.forEach(tell);
  if (event.previous !== undefined) {
    const before = triggerValue(cache.served, event.previous);
    if (before !== value) cache.triggered.get(before)?.forEach(tell);
  }
}

/** What one watcher missed between two revisions. */
export function replay(watcher: Watcher, events: Iterable<CacheEvent>, effects: Effect[], workUs: number): void {
  for (const event of events) {
    const message = new Frames(event).for(watcher);
    if (message !== undefined) effects.push(write(watcher.stream, watcher.view === undefined ? message : seenFrom(watcher.view, message), workUs));
  }
}

/** A frame as it looks in another version; only resources without a watch cache are served in several. */
function seenFrom(view: View, message: Message): Message {
  const { object } = message.body as { readonly object: KubeObject };
  return { ...message, body: frameFrom(view, object) };
}

/** The cache with one watcher more. */
export function addWatcher(cache: ResourceCache, watcher: Watcher): ResourceCache {
  if (watcher.trigger === undefined) return { ...cache, watchers: cache.watchers.set(watcher.stream, watcher) };
  const peers = cache.triggered.get(watcher.trigger) ?? (PMap() as PMap<string, Watcher>);
  return { ...cache, triggered: cache.triggered.set(watcher.trigger, peers.set(watcher.stream, watcher)) };
}

/** The cache without the watcher on that stream. */
export function removeWatcher(cache: ResourceCache, stream: string): ResourceCache {
  if (cache.watchers.has(stream)) return { ...cache, watchers: cache.watchers.delete(stream) };
  const value = cache.triggered.findKey((peers) => peers.has(stream));
  if (value === undefined) return cache;
  const peers = cache.triggered.get(value)!.delete(stream);
  return { ...cache, triggered: peers.size === 0 ? cache.triggered.delete(value) : cache.triggered.set(value, peers) };
}

/** Every watcher of a resource. */
export function* allWatchers(cache: ResourceCache): Iterable<Watcher> {
  yield* cache.watchers.values();
  for (const peers of cache.triggered.values()) yield* peers.values();
}

/** The value of the trigger field that a selector pins, if it does. */
export function pinnedTrigger(cache: ResourceCache, fields: string): string | undefined {
  const { trigger } = cache.served;
  if (trigger === undefined || fields === '') return undefined;
  return fieldMatcher(fields).requirements.find(({ field, equal }) => equal && field === trigger)?.value;
}
