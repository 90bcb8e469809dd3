/** Watches: each lives at the member that was dialled and is told what that one has applied. Models server/storage/mvcc/watchable_store.go and api/v3rpc/watch.go. */
import type { EtcdError, EtcdEvent, WatchRequest, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { closeStream, setTimer, write } from '../../simulation/process/effects.ts';
import type { Effect, Message, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { EtcdState, Watcher } from './etcd-state.ts';
import { directoryOf, directoryOfRange, logIndex, type Store } from './store.ts';

/** etcd's --watch-progress-notify-interval (kubeadm sets 5 s; here the rarer of the two upstream values that still feeds bookmarks each minute). */
const progressUs = 60_000_000;
const none: readonly Effect[] = [];

/** Time to tell the watchers how far they are. */
export const progressTimer: Effect = setTimer('progress', progressUs, { background: true });

const covers = (watcher: WatchRequest, key: string): boolean =>
  (watcher.prefixes === undefined ? key >= watcher.key && key < watcher.rangeEnd : watcher.prefixes.some((prefix) => key.startsWith(prefix)));
/** The directories whose changes it must look at. */
const directoriesOf = (request: WatchRequest): readonly string[] => (request.prefixes === undefined ? [directoryOfRange(request)] : [...new Set(request.prefixes.map(directoryOf))]);
const withoutPrevious = ({ type, kv }: EtcdEvent): EtcdEvent => ({ type, kv });
const frame = (revision: number, events: readonly EtcdEvent[], background?: boolean): Message =>
  ({ type: 'etcd.WatchResponse', body: { revision, events } satisfies WatchResponse, ...(background === undefined ? {} : { background }) });

/** Sends what the latest revision changed to those who look at it. */
export function notifyWatchers(state: EtcdState, store: Store, workUs: number, effects: Effect[], background?: boolean): void {
  if (store.revision === state.store.revision) return;
  // Those of the newest revision are the last of the log.
  let first = store.log.size;
  while (first > 0 && store.log.get(first - 1)!.kv.modRevision === store.revision) first--;
  if (store.log.size - first === 1) {
    const event = store.log.get(first)!;
    let shared: Message | undefined;
    const tell = (watcher: Watcher): void => {
      if (store.revision < watcher.startRevision || !covers(watcher, event.kv.key)) return;
      effects.push(write(watcher.stream, watcher.prevKv ? (shared ??= frame(store.revision, [event], background)) : frame(store.revision, [withoutPrevious(event)], background), workUs));
    };
    state.watchersByDirectory.get(directoryOf(event.kv.key))?.forEach(tell);
    state.watchersByDirectory.get('')?.forEach(tell);
    return;
  }
  const events = store.log.slice(first).toArray();
  state.watchers.forEach((watcher) => {
    if (store.revision < watcher.startRevision) return;
    const seen = events.filter((event) => covers(watcher, event.kv.key));
    if (seen.length > 0) effects.push(write(watcher.stream, frame(store.revision, watcher.prevKv ? seen : seen.map(withoutPrevious), background), workUs));
  });
}

function eventsFor(request: WatchRequest, store: Store, fromRevision: number): readonly EtcdEvent[] {
  const events: EtcdEvent[] = [];
  for (let i = logIndex(store.log, fromRevision); i < store.log.size; i++) {
    const past = store.log.get(i)!;
    if (covers(request, past.kv.key)) events.push(request.prevKv ? past : withoutPrevious(past));
  }
  return events;
}

/** The key space came as a snapshot: every watch is told what it missed, or that it is lost. Models watchableStore.Restore. */
export function catchUpWatchers(state: EtcdState, store: Store, effects: Effect[]): void {
  state.watchers.forEach((watcher) => {
    const from = Math.max(state.store.revision + 1, watcher.startRevision);
    if (from <= store.compactRevision) {
      const refusal: WatchResponse = { revision: store.revision, events: [], compactRevision: store.compactRevision };
      effects.push(write(watcher.stream, { type: 'etcd.WatchResponse', body: refusal }), closeStream(watcher.stream));
      return;
    }
    const missed = eventsFor(watcher, store, from);
    if (missed.length > 0) effects.push(write(watcher.stream, frame(store.revision, missed, false)));
  });
}

/** Nobody has led for a while: clients that asked to know are told, and their watches end. Models api/v3rpc/interceptor.go: monitorLeader. */
export function refuseWatch(stream: string, message: string): readonly Effect[] {
  return [write(stream, { type: 'etcd.Error', body: { message } satisfies EtcdError, background: false }), closeStream(stream)];
}

/** Opens a watch: first what happened since its start revision, then what happens. */
export function openWatch(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const request = event.body as WatchRequest;
  const { store } = state;
  if (request.startRevision > 0 && request.startRevision <= store.compactRevision) {
    const refusal: WatchResponse = { revision: store.revision, events: [], compactRevision: store.compactRevision };
    return [state, [write(event.id, { type: 'etcd.WatchResponse', body: refusal }), closeStream(event.id)]];
  }
  const watcher: Watcher = { ...request, stream: event.id };
  const effects: Effect[] = [];
  const wait = Math.max(0, state.durableAtUs - event.env.nowUs);
  if (request.startRevision > 0) {
    const missed = eventsFor(request, store, request.startRevision);
    if (missed.length > 0) effects.push(write(event.id, frame(store.revision, missed), wait));
  }
  return [{
    ...state,
    watchers: state.watchers.set(event.id, watcher),
    watchersByDirectory: directoriesOf(request).reduce((map, directory) => map.set(directory, [...(map.get(directory) ?? []), watcher]), state.watchersByDirectory),
  }, effects];
}

export function forgetWatch(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const watcher = state.watchers.get(event.id);
  if (watcher === undefined) return [state, none];
  const watchersByDirectory = directoriesOf(watcher).reduce((map, directory) => map.set(directory, (map.get(directory) ?? []).filter(({ stream }) => stream !== event.id)), state.watchersByDirectory);
  return [{ ...state, watchers: state.watchers.delete(event.id), watchersByDirectory }, none];
}

/** A watcher asks how far it is: an empty frame with the current revision, behind all that was sent before. */
export function reportProgress(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!state.watchers.has(event.id)) return [state, none];
  return [state, [write(event.id, frame(state.store.revision, []), Math.max(0, state.durableAtUs - event.env.nowUs))]];
}

/** Tells every quiet watcher the current revision, so that it may start again from there. */
export function notifyProgress(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const effects: Effect[] = [progressTimer];
  const wait = Math.max(0, state.durableAtUs - event.env.nowUs);
  const message = frame(state.store.revision, [], true);
  state.watchers.forEach((watcher) => { if (watcher.progressNotify && state.store.revision >= watcher.startRevision - 1) effects.push(write(watcher.stream, message, wait)); });
  return [state, effects];
}
