import { PMap } from '../../simulation/collections/index.ts';
import type { KubeObject, ModelledResource, ObjectByResource, Status } from '../api/index.ts';
import type { ApiRequest, ApiResponse } from '../protocols/api.ts';
import { clearTimer, closeStream, request as requestEffect, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { noEffects, noNews, type ClientConfig, type ClientIdentity, type ClientNews, type ClientState, type ClientStep, type Informer, type InformerSpec, type Limiter, type PendingCall } from './client-state.ts';
import { correlate, noCorrelation, type EventPlan, type EventReport } from './event-correlator.ts';
import { indexed, type ObjectStore } from './object-store.ts';
import { createLimiter, releaseCalls, takeToken, untilTokenUs } from './rate-limiter.ts';
import { beginList, createInformer, nameOf, takeClose, takeFrame, takeList, tryAgain, type ReflectorStep } from './reflector.ts';

/** Requests carry a 34 s deadline: the server's own is 30 s or less for them. */
const callTimeoutUs = 34_000_000;
const eventRetryUs = 10_000_000;
const eventTries = 12;
const prefix = 'client/';

/** The tag of the recorder's own calls; their answers are no news to the component. */
interface EventTag { readonly recorder: true; readonly report: EventPlan & { do: 'create' | 'patch' }; readonly attempt: number; readonly identity: string }

/** What goes with one call. */
export interface CallOptions {
  /** Comes back with the answer. */
  readonly tag: unknown;
  /** The record that led to this call, where that is not the event being handled. */
  readonly cause?: number;
  readonly background?: boolean;
  /** False for calls that do not go through the rate limiter (leader election has a client of its own). */
  readonly limited?: boolean;
  /** The identity to call as; the client's own where left out. */
  readonly as?: string;
}

export function createClient(config: ClientConfig): ClientState {
  const limiters = [createLimiter('', config.qps, config.burst), ...Object.entries(config.identities ?? {}).map(([name, { qps, burst }]) => createLimiter(name, qps, burst))];
  return {
    config, informers: config.informers.map(createInformer), synced: config.informers.length === 0, limiters,
    pending: PMap(), sequence: 0, events: noCorrelation,
  };
}

/** List every informer's resource; the watches follow by themselves. */
export function startClient(client: ClientState, _env: Env): Outcome<ClientState> {
  const effects: Effect[] = [];
  const informers = client.informers.map((informer, slot) => {
    const step = beginList(client.config, informer, idOf(slot, client.sequence));
    effects.push(...step.effects);
    return step.informer;
  });
  return [{ ...client, informers, sequence: client.sequence + 1 }, effects];
}

/** One informer more, of a client that is at work; what it lists is told like all news. One of its name that was stopped takes its place again. */
export function addInformer(client: ClientState, spec: InformerSpec): Outcome<ClientState> {
  const known = client.informers.findIndex((informer) => nameOf(informer.spec) === nameOf(spec));
  if (known >= 0 && client.informers[known]!.phase !== 'idle') return [client, noEffects];
  const slot = known < 0 ? client.informers.length : known;
  const step = beginList(client.config, createInformer(spec), idOf(slot, client.sequence));
  const informers = client.informers.slice();
  informers[slot] = step.informer;
  return [{ ...client, informers, sequence: client.sequence + 1 }, step.effects];
}

/** No more news of this name, and nothing kept of it. */
export function dropInformer(client: ClientState, name: string): Outcome<ClientState> {
  const slot = client.informers.findIndex(({ spec, phase }) => nameOf(spec) === name && phase !== 'idle');
  if (slot < 0) return [client, noEffects];
  const informers = client.informers.slice();
  informers[slot] = { ...createInformer(informers[slot]!.spec), synced: true };
  return [{ ...client, informers }, endOf(client.informers[slot]!, slot)];
}

function endOf({ phase, id }: Informer, slot: number): readonly Effect[] {
  if (phase === 'watching') return [closeStream(id)];
  return phase === 'backing-off' ? [clearTimer(`${prefix}reflector/${slot}`)] : noEffects;
}

/** Break off everything: watches are closed, waiting calls forgotten. What comes back is as new, but never uses an id again. */
export function stopClient(client: ClientState): Outcome<ClientState> {
  const effects: Effect[] = [];
  client.informers.forEach((informer, slot) => { effects.push(...endOf(informer, slot)); });
  for (const limiter of client.limiters) if (limiter.waiting.size > 0) effects.push(clearTimer(`${prefix}limiter/${limiter.name}`));
  return [{ ...createClient(client.config), sequence: client.sequence + 1 }, effects];
}

/** Whether an event belongs to a client, by the prefix of its id. */
export function ownsEvent(event: ProcessEvent): boolean {
  return event.id.startsWith(prefix);
}

const idOf = (slot: number, sequence: number) => `${prefix}reflector/${slot}/${sequence}`;
const nothing = (client: ClientState): ClientStep => ({ client, effects: noEffects, news: noNews });

/** Take one event that belongs to this client and tell what it means. */
export function stepClient(client: ClientState, event: ProcessEvent): ClientStep {
  switch (event.kind) {
    case 'stream-data': case 'stream-closed': {
      const slot = slotOf(client, event.id);
      if (slot < 0) return nothing(client);
      const informer = client.informers[slot]!;
      const id = idOf(slot, client.sequence);
      const step = event.kind === 'stream-data' ? takeFrame(client.config, informer, id, event) : takeClose(client.config, informer, slot, id, event);
      return afterReflector(client, slot, step, event.env);
    }
    case 'response': case 'failure': {
      const call = client.pending.get(event.id);
      if (call !== undefined) return takeAnswer(client, call, event);
      const slot = slotOf(client, event.id);
      if (slot < 0) return nothing(client);
      return afterReflector(client, slot, takeList(client.config, client.informers[slot]!, slot, idOf(slot, client.sequence), event), event.env);
    }
    case 'timer': return takeTimer(client, event);
    default: return nothing(client);
  }
}

function slotOf(client: ClientState, id: string): number {
  const { informers } = client;
  for (let slot = 0; slot < informers.length; slot++) if (informers[slot]!.id === id) return slot;
  return -1;
}

function afterReflector(client: ClientState, slot: number, step: ReflectorStep, env: Env): ClientStep {
  const informers = client.informers.slice();
  informers[slot] = step.informer;
  const sequence = step.effects.length === 0 ? client.sequence : client.sequence + 1;
  if (client.synced || !informers.every((informer) => informer.synced)) return { client: { ...client, informers, sequence }, effects: step.effects, news: step.news };
  return { client: { ...client, informers, sequence, synced: true }, effects: step.effects, news: [...step.news, { type: 'synced', cause: env.eventId }] };
}

function takeTimer(client: ClientState, event: ProcessEvent): ClientStep {
  const { env, body } = event;
  if (event.type === 'timer.client.reflector') {
    const slot = body as number;
    const informer = client.informers[slot]!;
    if (informer.phase !== 'backing-off') return nothing(client);
    return afterReflector(client, slot, tryAgain(client.config, informer, idOf(slot, client.sequence), env), env);
  }
  if (event.type === 'timer.client.event') {
    const [next, effects] = sendEvent(client, env, body as EventTag, event.env.eventId);
    return { client: next, effects, news: noNews };
  }
  if (event.type === 'timer.client.retry') {
    const [next, effects] = send(client, body as PendingCall);
    return { client: next, effects, news: noNews };
  }
  if (event.type !== 'timer.client.limiter') return nothing(client);
  const index = limiterIndex(client, body as string);
  const { limiter, calls } = releaseCalls(client.limiters[index]!, env.nowUs);
  let next = withLimiter(client, index, limiter);
  const effects: Effect[] = [];
  for (const pending of calls) {
    const sent = send(next, pending);
    next = sent[0];
    effects.push(...sent[1]);
  }
  if (limiter.waiting.size > 0) effects.push(limiterTimer(limiter, env));
  return { client: next, effects, news: noNews };
}

function takeAnswer(client: ClientState, call: PendingCall, event: ProcessEvent): ClientStep {
  const next = { ...client, pending: client.pending.delete(event.id) };
  const failed = event.kind === 'failure';
  const code = failed ? 0 : (event.body as ApiResponse).code;
  const ok = code >= 200 && code < 300;
  if (code === 429 && (call.retried ?? 0) < (client.config.retriesAfter429 ?? 0)) return sendLater(next, call, event);
  if (isEventTag(call.tag)) return ok ? nothing(next) : afterEventFailure(next, call.tag, code, event.env);
  const news: ClientNews = { type: 'answer', tag: call.tag, ok, code, body: failed ? undefined : (event.body as ApiResponse).body as KubeObject | Status, cause: event.env.eventId };
  return { client: next, effects: noEffects, news: [news] };
}

/** Models client-go/rest/with_retry.go: the answer says how long to wait. */
function sendLater(client: ClientState, call: PendingCall, event: ProcessEvent): ClientStep {
  const { details } = (event.body as ApiResponse).body as Status;
  const again: PendingCall = { ...call, retried: (call.retried ?? 0) + 1 };
  return { client, effects: [setTimer(`${prefix}retry/${event.id}`, (details?.retryAfterSeconds ?? 1) * 1_000_000, { name: 'client.retry', body: again })], news: noNews };
}

const limiterTimer = (limiter: Limiter, env: Env): Effect =>
  setTimer(`${prefix}limiter/${limiter.name}`, untilTokenUs(limiter, env.nowUs), { name: 'client.limiter', body: limiter.name });

function limiterIndex(client: ClientState, name: string): number {
  const { limiters } = client;
  for (let index = 0; index < limiters.length; index++) if (limiters[index]!.name === name) return index;
  throw new Error(`the client has no identity called ${name}`);
}

function withLimiter(client: ClientState, index: number, limiter: Limiter): ClientState {
  const limiters = client.limiters.slice();
  limiters[index] = limiter;
  return { ...client, limiters };
}

function send(client: ClientState, call: PendingCall, limiters: readonly Limiter[] = client.limiters): Outcome<ClientState> {
  const id = `${prefix}call/${client.sequence}`;
  const message = { type: `api.${call.request.verb}`, body: call.request, cause: call.cause, background: call.background };
  return [
    { ...client, limiters, sequence: client.sequence + 1, pending: client.pending.set(id, call) },
    [requestEffect(id, client.config.apiServer, message, { timeoutUs: callTimeoutUs })],
  ];
}

/** Ask the API server for something, as soon as the rate limit allows. The answer comes as news with the tag. */
export function call(client: ClientState, env: Env, request: Omit<ApiRequest, 'user' | 'userAgent'>, options: CallOptions): Outcome<ClientState> {
  const name = options.as ?? '';
  const identity: ClientIdentity | undefined = name === '' ? client.config : client.config.identities?.[name];
  if (identity === undefined) throw new Error(`the client has no identity called ${name}`);
  const pending: PendingCall = {
    tag: options.tag, identity: name, request: { ...request, user: identity.user, userAgent: identity.userAgent },
    cause: options.cause ?? env.eventId, background: options.background ?? false,
  };
  if (options.limited === false) return send(client, pending);
  const index = limiterIndex(client, name);
  const limiter = client.limiters[index]!;
  if (limiter.waiting.size > 0) return [withLimiter(client, index, { ...limiter, waiting: limiter.waiting.push(pending) }), noEffects];
  if (untilTokenUs(limiter, env.nowUs) === 0) {
    const limiters = client.limiters.slice();
    limiters[index] = takeToken(limiter, env.nowUs);
    return send(client, pending, limiters);
  }
  const queued = { ...limiter, waiting: limiter.waiting.push(pending) };
  return [withLimiter(client, index, queued), [limiterTimer(queued, env)]];
}

const isEventTag = (tag: unknown): tag is EventTag => typeof tag === 'object' && tag !== null && (tag as EventTag).recorder === true;

/** Report something about an object as an Event. Models client-go/tools/record/event.go; the first similar ones are posted, repeated ones counted, a flood dropped. */
export function recordEvent(client: ClientState, env: Env, report: EventReport & { readonly cause?: number; readonly as?: string; readonly background?: boolean }): Outcome<ClientState> {
  const { state, plan } = correlate(client.events, report, env.nowUs, client.sequence);
  const next: ClientState = { ...client, events: state, sequence: client.sequence + 1 };
  if (plan.do === 'drop') return [next, noEffects];
  return sendEvent(next, env, { recorder: true, report: plan, attempt: 1, identity: report.as ?? '' }, report.cause ?? env.eventId);
}

function sendEvent(client: ClientState, env: Env, tag: EventTag, cause: number): Outcome<ClientState> {
  const { event, patch } = tag.report;
  const { name, namespace } = event.metadata;
  const common = { group: '', version: 'v1', resource: 'events', namespace: namespace! } as const;
  const options: CallOptions = { tag, cause, background: false, as: tag.identity };
  return tag.report.do === 'create'
    ? call(client, env, { ...common, verb: 'create', body: event }, options)
    : call(client, env, { ...common, verb: 'patch', name, body: patch, patchType: 'application/strategic-merge-patch+json' }, options);
}

/** Models record/event.go: recordEvent — a lost Event is made anew, a refused one is dropped, an unreachable server is tried 12 times. */
function afterEventFailure(client: ClientState, tag: EventTag, code: number, env: Env): ClientStep {
  if (code === 404 && tag.report.do === 'patch') {
    const { resourceVersion: _gone, ...metadata } = tag.report.event.metadata;
    const report = { do: 'create' as const, key: tag.report.key, event: { ...tag.report.event, metadata } };
    const [next, effects] = sendEvent(client, env, { ...tag, report }, env.eventId);
    return { client: next, effects, news: noNews };
  }
  if (code !== 0 || tag.attempt >= eventTries) return nothing(client);
  const again: EventTag = { ...tag, attempt: tag.attempt + 1 };
  const id = `${prefix}event/${tag.report.event.metadata.namespace}/${tag.report.event.metadata.name}`;
  return { client, effects: [setTimer(id, eventRetryUs, { name: 'client.event', body: again, background: true })], news: noNews };
}

/** What a component may read of an informer's store. */
export interface Lister<T> {
  get(namespace: string, name: string): T | undefined;
  all(): Iterable<T>;
  byIndex(index: string, value: string): Iterable<T>;
  countByIndex(index: string, value: string): number;
  readonly size: number;
  /** Whether what there is has been listed, where the informer was added later. Models cache.SharedInformer: HasSynced. */
  readonly synced: boolean;
  /** Up to where the store is true. */
  readonly resourceVersion: string;
}

/** The store of the informer of a resource, to read. It may lag behind the server: it is what this component has heard. */
export function lister<R extends ModelledResource>(client: ClientState, resource: R): Lister<ObjectByResource[R]> {
  return new StoreLister(informerOf(client, resource)) as unknown as Lister<ObjectByResource[R]>;
}

function informerOf(client: ClientState, resource: string): Informer {
  for (const informer of client.informers) if (nameOf(informer.spec) === resource) return informer;
  throw new Error(`the client has no informer for ${resource}`);
}

/** A class, since listers are made and dropped many times per event and should cost one small object. */
class StoreLister implements Lister<KubeObject> {
  private readonly informer: Informer;
  private readonly store: ObjectStore;
  constructor(informer: Informer) { this.informer = informer; this.store = informer.store; }
  get synced(): boolean { return this.informer.synced && this.informer.phase !== 'idle'; }
  get resourceVersion(): string { return this.informer.resourceVersion; }
  get size(): number { return this.store.objects.size; }
  get(namespace: string, name: string): KubeObject | undefined { return this.store.objects.get(namespace === '' ? name : `${namespace}/${name}`); }
  all(): Iterable<KubeObject> { return this.store.objects.values(); }
  byIndex(index: string, value: string): Iterable<KubeObject> { return indexed(this.store, index, value).values(); }
  countByIndex(index: string, value: string): number { return indexed(this.store, index, value).size; }
}
