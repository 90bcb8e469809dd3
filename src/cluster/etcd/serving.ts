/** What etcd answers while it serves: plain functions of what it knows and the event. Models server/etcdserver/v3_server.go and api/v3rpc/watch.go. */
import { PMap } from '../../simulation/collections/index.ts';
import type { CompactRequest, EtcdError, EtcdEvent, KeyValue, LeaseGrantRequest, RangeRequest, TxnRequest, WatchRequest, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { closeStream, respond, setTimer, write } from '../../simulation/process/effects.ts';
import type { Effect, Env, Message, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { compact, directoryOf, directoryOfRange, emptyStore, grantLease, logIndex, range, revokeLease, txn, type Store } from './store.ts';

/** One open watch. */
export interface Watcher extends WatchRequest { readonly stream: string }

/** What the process knows: what is on its disk, and who watches. */
export interface EtcdState {
  readonly store: Store;
  readonly watchers: PMap<string, Watcher>;
  /** The same watchers by the directory they look at; '' holds those that look at more than one. */
  readonly watchersByDirectory: PMap<string, readonly Watcher[]>;
  /** When the latest write reaches the disk: answers and frames never overtake an earlier one. */
  readonly durableAtUs: number;
}

export const initialEtcd = (disk: unknown): EtcdState =>
  ({ store: (disk as Store | undefined) ?? emptyStore, watchers: PMap(), watchersByDirectory: PMap(), durableAtUs: 0 });

const recoveryUs = 20_000;
const readUs = 200;
const fsyncUs = 1_000;
const fsyncSpreadUs = 1_000;
/** etcd's --watch-progress-notify-interval (kubeadm sets 5 s; here the rarer of the two upstream values that still feeds bookmarks each minute). */
const progressUs = 60_000_000;

const none: readonly Effect[] = [];
const answer = (type: string, body: unknown): Message => ({ type, body });
const refuse = (event: ProcessEvent, message: string, workUs = readUs): readonly Effect[] =>
  [respond(event.id, answer('etcd.Error', { message } satisfies EtcdError), workUs)];

/** Writes join the batch that is on its way to the disk: each waits for its own fsync, none overtakes an earlier one. */
function fsync(state: EtcdState, env: Env): number {
  return Math.max(env.nowUs + fsyncUs + env.random('fsync', fsyncSpreadUs), state.durableAtUs);
}

/** Reading the log back takes a moment; until then nobody is served. */
export const readLog = (state: EtcdState, _event: ProcessEvent): Outcome<EtcdState> => [state, [setTimer('log-read', recoveryUs)]];

/** A recovered member watches its leases again, with their full time, as a new leader does. */
export function beginServing(state: EtcdState, _event: ProcessEvent): Outcome<EtcdState> {
  const effects: Effect[] = [setTimer('progress', progressUs, { background: true })];
  for (const lease of state.store.leases.values()) effects.push(leaseTimer(lease.id, lease.ttlSeconds));
  return [state, effects];
}

const leaseTimer = (id: number, ttlSeconds: number): Effect =>
  setTimer(`lease/${id}`, ttlSeconds * 1_000_000, { name: 'lease', body: id, background: true });

export function refuseForNow(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (event.kind === 'request') return [state, refuse(event, 'etcdserver: no leader', 0)];
  if (event.kind === 'stream-open') return [state, [closeStream(event.id, 'connection refused')]];
  return [state, none];
}

export function answerRange(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const result = range(state.store, event.body as RangeRequest);
  if (typeof result === 'string') return [state, refuse(event, result)];
  return [state, [respond(event.id, answer('etcd.RangeResponse', result), readUs + result.kvs.length)]];
}

export function answerTxn(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const result = txn(state.store, event.body as TxnRequest);
  if (typeof result === 'string') return [state, refuse(event, result)];
  if (result.store === state.store) return [state, [respond(event.id, answer('etcd.TxnResponse', result.response), readUs)]];
  const durableAtUs = fsync(state, event.env);
  const workUs = durableAtUs - event.env.nowUs;
  const effects: Effect[] = [respond(event.id, answer('etcd.TxnResponse', result.response), workUs)];
  notifyWatchers(state, result.store, workUs, effects);
  return [{ ...state, store: result.store, durableAtUs }, effects];
}

export function answerLeaseGrant(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const { ttlSeconds } = event.body as LeaseGrantRequest;
  const { store, lease } = grantLease(state.store, ttlSeconds);
  const durableAtUs = fsync(state, event.env);
  return [{ ...state, store, durableAtUs }, [
    respond(event.id, answer('etcd.LeaseGrantResponse', { id: lease.id, revision: store.revision }), durableAtUs - event.env.nowUs),
    leaseTimer(lease.id, ttlSeconds),
  ]];
}

export function answerCompact(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const result = compact(state.store, (event.body as CompactRequest).revision);
  if (typeof result === 'string') return [state, refuse(event, result)];
  return [{ ...state, store: result }, [respond(event.id, answer('etcd.CompactResponse', { revision: result.revision }), readUs)]];
}

export function endLease(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const store = revokeLease(state.store, event.body as number);
  const effects: Effect[] = [];
  const durableAtUs = fsync(state, event.env);
  notifyWatchers(state, store, durableAtUs - event.env.nowUs, effects);
  return [{ ...state, store, durableAtUs }, effects];
}

// ---- watches

const covers = (watcher: WatchRequest, key: string): boolean => key >= watcher.key && key < watcher.rangeEnd;
const withoutPrevious = ({ type, kv }: EtcdEvent): EtcdEvent => ({ type, kv });
const frame = (revision: number, events: readonly EtcdEvent[], background?: boolean): Message =>
  ({ type: 'etcd.WatchResponse', body: { revision, events } satisfies WatchResponse, ...(background === undefined ? {} : { background }) });

/** Sends what the latest revision changed to those who look at it. */
function notifyWatchers(state: EtcdState, store: Store, workUs: number, effects: Effect[]): void {
  if (store.revision === state.store.revision) return;
  // Those of the newest revision are the last of the log.
  let first = store.log.size;
  while (first > 0 && store.log.get(first - 1)!.kv.modRevision === store.revision) first--;
  if (store.log.size - first === 1) {
    const event = store.log.get(first)!;
    let shared: Message | undefined;
    const tell = (watcher: Watcher): void => {
      if (!covers(watcher, event.kv.key)) return;
      effects.push(write(watcher.stream, watcher.prevKv ? (shared ??= frame(store.revision, [event])) : frame(store.revision, [withoutPrevious(event)]), workUs));
    };
    state.watchersByDirectory.get(directoryOf(event.kv.key))?.forEach(tell);
    state.watchersByDirectory.get('')?.forEach(tell);
    return;
  }
  const events = store.log.slice(first).toArray();
  state.watchers.forEach((watcher) => {
    const seen = events.filter((event) => covers(watcher, event.kv.key));
    if (seen.length > 0) effects.push(write(watcher.stream, frame(store.revision, watcher.prevKv ? seen : seen.map(withoutPrevious)), workUs));
  });
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
  const directory = directoryOfRange(request);
  const effects: Effect[] = [];
  const wait = Math.max(0, state.durableAtUs - event.env.nowUs);
  if (request.startRevision > 0) {
    const missed: EtcdEvent[] = [];
    for (let i = logIndex(store.log, request.startRevision); i < store.log.size; i++) {
      const past = store.log.get(i)!;
      if (covers(request, past.kv.key)) missed.push(request.prevKv ? past : withoutPrevious(past));
    }
    if (missed.length > 0) effects.push(write(event.id, frame(store.revision, missed), wait));
  }
  return [{
    ...state,
    watchers: state.watchers.set(event.id, watcher),
    watchersByDirectory: state.watchersByDirectory.set(directory, [...(state.watchersByDirectory.get(directory) ?? []), watcher]),
  }, effects];
}

export function forgetWatch(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const watcher = state.watchers.get(event.id);
  if (watcher === undefined) return [state, none];
  const directory = directoryOfRange(watcher);
  const kept = (state.watchersByDirectory.get(directory) ?? []).filter(({ stream }) => stream !== event.id);
  return [{ ...state, watchers: state.watchers.delete(event.id), watchersByDirectory: state.watchersByDirectory.set(directory, kept) }, none];
}

/** A watcher asks how far it is: an empty frame with the current revision, behind all that was sent before. */
export function reportProgress(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!state.watchers.has(event.id)) return [state, none];
  return [state, [write(event.id, frame(state.store.revision, []), Math.max(0, state.durableAtUs - event.env.nowUs))]];
}

/** Tells every quiet watcher the current revision, so that it may start again from there. */
export function notifyProgress(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  const effects: Effect[] = [setTimer('progress', progressUs, { background: true })];
  const wait = Math.max(0, state.durableAtUs - event.env.nowUs);
  const message = frame(state.store.revision, [], true);
  state.watchers.forEach((watcher) => { if (watcher.progressNotify) effects.push(write(watcher.stream, message, wait)); });
  return [state, effects];
}

/** How many keys there are, for the summary. */
export const keyCount = (store: Store): number => store.directories.reduce((sum: number, keys: PMap<string, KeyValue>) => sum + keys.size, 0);
