/** What comes back from etcd and from time: answers, frames, failures and timers. */
import type { Status } from '../../kubernetes/api/index.ts';
import type { EtcdError, LeaseGrantResponse, RangeResponse, TxnResponse, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { internalServerError } from '../../kubernetes/apimachinery/status-errors.ts';
import { respond, setTimer } from '../../simulation/process/effects.ts';
import type { Address, Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { apiServiceChanged, backendsChanged, check, extensionsKnown, takeDelegated, takeExtension } from './aggregation.ts';
import { refuse } from './answers.ts';
import { apiServicesKey } from './api-services.ts';
import { bootstrap } from './bootstrap.ts';
import { endConversation, silentKubelet } from './connecting.ts';
import { convert, customIn, objectsIn, takeConversion, withObjects, type Converted } from './converting.ts';
import { followDirect, loseDirect, passConverted, resumeDirect, takeSync } from './direct-watch.ts';
import { handle, handleArrivals } from './pipeline.ts';
import { takeCollection } from './collections.ts';
import { definitionChanged, poll } from './custom-resources/definitions.ts';
import { takeHttp } from './proxying.ts';
import { followKinds, takeKinds } from './kinds-in-use.ts';
import { definitionsKey, kindsInUse } from './served.ts';
import { renewOwnLease, takeOwnEndpoints, writeOwnEndpoints } from './own-endpoints.ts';
import { askProgress, pageExpired, refuseWaiting, releaseWaiting, takeGet, takePage, whenFresh } from './reads.ts';
import { cacheOf, newId, setCache, type ApiServerState, type Call, type CallWithObjects, type Inflight, type Step } from './state.ts';
import { callEtcd, etcdFailure, takeCall, unknownError } from './storage.ts';
import { feed, fill, follow, takeFill } from './watch-cache.ts';
import { bookmarkTimer, breakWatch, dropWatch, endWatch, sendBookmarks } from './watching.ts';
import { create, forgetReserved, putConverted, storeConverted, takeCharge, takeCreate, takeLease, takeLookUp, takeRefresh, takeRelease, takeReserve, takeWebhook, takeWrite } from './writes.ts';

const compactionUs = 300_000_000;
const probeUs = 1_000_000;
const fillAgainUs = 30_000;
const startUs = 30_000;
/** clientv3 asks again for a read that a change of leaders broke off (retry_interceptor.go; 25 ms between tries). */
const leaderChanged = 'etcdserver: leader changed';
const retryUs = 25_000;
/** storage/cacher/progress.go asks each 100 ms while a list waits. */
const progressUs = 100_000;

/** Reading its configuration takes a while; then every resource is listed from etcd, to fill the watch caches. */
export function start(step: Step): void {
  step.effects.push(setTimer('fill-all', startUs), bookmarkTimer, setTimer('compact', compactionUs, { background: true }));
}

export const runHooks = (step: Step): void => bootstrap(step);

/** Continues what waited for this answer. */
export function takeAnswer(step: Step, event: ProcessEvent): void {
  const call = takeCall(step, event.id);
  if (call === undefined) return;
  if (event.type === 'etcd.Error') return takeError(step, call, event.from, (event.body as EtcdError).message);
  switch (call.kind) {
    case 'fill':
      if (call.resource === kindsInUse.key) {
        takeKinds(step, event.body as RangeResponse);
        return releaseWaiting(step, call.resource);
      }
      takeFill(step, call.resource, event.body as RangeResponse);
      if (call.resource === definitionsKey) for (const name of cacheOf(step.state, definitionsKey).objects.keys()) definitionChanged(step, name);
      if (call.resource === apiServicesKey) for (const arrival of extensionsKnown(step)) handle(step, arrival);
      return handleArrivals(step);
    case 'probe': return reconnect(step, event.from);
    case 'compact': return undefined;
    case 'latest-revision': return whenFresh(step, call.inflight, (event.body as RangeResponse).revision);
    case 'own-endpoints': return takeOwnEndpoints(step, call, event.body as TxnResponse);
    case 'charge': return takeCharge(step, call, event.body as TxnResponse);
    case 'lease': return takeLease(step, call, (event.body as LeaseGrantResponse).id);
    case 'reserve': return takeReserve(step, call, event.body as TxnResponse);
    case 'release': return takeRelease(step, call, event.body as TxnResponse);
    case 'review': return takeWebhook(step, call, event);
    case 'conversion': return takeConverted(step, call, event);
    case 'proxy': return takeHttp(step, call, event);
    case 'extension': return takeExtension(step, call, event);
    case 'delegated': return takeDelegated(step, call, event);
    case 'log':
      if (event.type === 'kubelet.Error') return refuse(step, call.inflight, event.body as Status, 'kubelet');
      step.effects.push(respond(call.inflight.id, { type: 'api.response', body: { code: 200, body: event.body } }, 300));
      return undefined;
    default: return takeObjects(step, call, event.body as RangeResponse | TxnResponse);
  }
}

/** An answer with objects in it: custom ones are converted first. */
function takeObjects(step: Step, call: CallWithObjects, body: RangeResponse | TxnResponse): void {
  const custom = customIn(step, call);
  if (custom === undefined) return takeRead(step, call, body);
  const outcome = convert(step, custom, true, objectsIn(call, body), { kind: 'answer', call, body });
  if (outcome !== undefined) takeReadAs(step, call, body, outcome);
}

function takeReadAs(step: Step, call: CallWithObjects, body: RangeResponse | TxnResponse, outcome: Converted): void {
  if ('wrong' in outcome) {
    if (call.kind === 'sync') breakWatch(step, call.stream, internalServerError(outcome.wrong));
    else refuse(step, call.inflight, unknownError(outcome.wrong), 'storage');
    return;
  }
  const converted = withObjects(call, body, outcome.objects);
  takeRead(step, converted.call, converted.body);
}

function takeRead(step: Step, call: CallWithObjects, body: RangeResponse | TxnResponse): void {
  switch (call.kind) {
    case 'get': return takeGet(step, call.inflight, body as RangeResponse);
    case 'page': return takePage(step, call.inflight, call.revision, body as RangeResponse);
    case 'sync': return takeSync(step, call.stream, body as RangeResponse);
    case 'collection': return takeCollection(step, call.inflight, body as RangeResponse);
    case 'look-up': return takeLookUp(step, call, body as RangeResponse);
    case 'refresh': return takeRefresh(step, call.inflight, body as RangeResponse);
    case 'create': return takeCreate(step, call, body as TxnResponse);
    case 'put': case 'remove': return takeWrite(step, call, body as TxnResponse);
  }
}

/** A webhook has converted what was asked of it, or will not. */
function takeConverted(step: Step, call: Call & { readonly kind: 'conversion' }, event: ProcessEvent): void {
  const converted = takeConversion(step, call, event);
  if (converted === undefined) return;
  const { next, outcome } = converted;
  switch (next.kind) {
    case 'answer': return takeReadAs(step, next.call, next.body, outcome);
    case 'create': return storeConverted(step, next.inflight, outcome);
    case 'put': return putConverted(step, next.inflight, next.change, outcome);
    case 'frame': {
      const broken = passConverted(step, next.stream, next.frame, outcome);
      if (broken !== undefined) breakWatch(step, next.stream, broken);
    }
  }
}

function takeError(step: Step, call: Call, from: Address, message: string): void {
  if (call.range !== undefined && message === leaderChanged) {
    step.effects.push(setTimer(newId(step, 'retry'), retryUs, { name: 'retry', body: call }));
    return;
  }
  if (call.kind === 'fill') step.effects.push(setTimer(`fill/${call.resource}`, fillAgainUs, { name: 'fill', body: call.resource }));
  else if (call.kind === 'probe') probeLater(step, from);
  else if (call.kind === 'release') takeRelease(step, call, undefined);
  else if (call.kind === 'sync') breakWatch(step, call.stream, internalServerError(message));
  else if (call.kind === 'lease' || (call.kind === 'create' && message.includes('lease not found'))) {
    step.state = { ...step.state, eventLease: undefined };
    refuse(step, call.inflight, unknownError(message), 'storage');
  } else if (call.kind === 'page' && message.includes('compacted')) refuse(step, call.inflight, pageExpired(call.inflight), 'storage');
  else if ('inflight' in call) giveUp(step, call, message);
}

function giveUp(step: Step, call: Extract<Call, { readonly inflight: Inflight }>, message: string): void {
  if (call.kind === 'create' || call.kind === 'put' || call.kind === 'reserve') forgetReserved(step, call);
  refuse(step, call.inflight, unknownError(message), 'storage');
}

/** etcd (or a kubelet) will not answer. */
export function takeFailure(step: Step, event: ProcessEvent): void {
  const call = takeCall(step, event.id);
  if (call === undefined) return;
  const failure = event.body as Failure;
  if (call.kind === 'review') return takeWebhook(step, call, event);
  if (call.kind === 'conversion') return takeConverted(step, call, event);
  if (call.kind === 'proxy') return takeHttp(step, call, event);
  if (call.kind === 'extension') return takeExtension(step, call, event);
  if (call.kind === 'delegated') return takeDelegated(step, call, event);
  if (call.kind === 'log') return refuse(step, call.inflight, silentKubelet(call.url, failure.reason), 'kubelet');
  if (call.kind === 'fill') step.effects.push(setTimer(`fill/${call.resource}`, probeUs, { name: 'fill', body: call.resource }));
  else if (call.kind === 'release') takeRelease(step, call, undefined);
  else if (call.kind === 'sync') breakWatch(step, call.stream, internalServerError(etcdFailure(failure).message ?? ''));
  else if ('inflight' in call) giveUp(step, call, etcdFailure(failure).message ?? '');
  if (call.kind === 'probe') probeLater(step, event.from);
  else if (call.kind !== 'fill' || step.state.etcd.length > 1) loseEtcd(step, event.from);
}

const probeLater = (step: Step, member: Address): void => { step.effects.push(setTimer(`probe/${member}`, probeUs, { name: 'probe', body: member, background: true })); };

/** A member does not answer: the others go on for it, and it is tried again each second; etcd is lost when none is left. */
function loseEtcd(step: Step, member: Address): void {
  const { etcd, etcdDown } = step.state;
  if (!etcdDown.includes(member)) {
    step.state = { ...step.state, etcdDown: [...etcdDown, member] };
    probeLater(step, member);
  }
  if (step.state.etcdDown.length < etcd.length) return resume(step);
  if (!step.state.etcdAnswers) return;
  step.state = { ...step.state, etcdAnswers: false };
  refuseWaiting(step);
}

function reconnect(step: Step, member: Address): void {
  step.state = { ...step.state, etcdAnswers: true, etcdDown: step.state.etcdDown.filter((one) => one !== member) };
  resume(step);
}

/** etcd answers: every broken etcd watch is opened where it ended. */
function resume(step: Step): void {
  for (const cache of step.state.caches.values()) if (cache.phase === 'down') feed(step, cache);
  resumeDirect(step);
}

/** A frame of one of our etcd watches. */
export function takeFrame(step: Step, event: ProcessEvent): void {
  const resource = step.state.feeds.get(event.id);
  if (resource === undefined) return takeDirectFrame(step, event);
  if (resource === kindsInUse.key) followKinds(step, event.body as WatchResponse);
  else follow(step, resource, event.body as WatchResponse);
  if (resource === apiServicesKey) for (const { kv } of (event.body as WatchResponse).events) apiServiceChanged(step, kv.key.slice(kv.key.lastIndexOf('/') + 1));
  else if (step.state.extensions.size > 0 && (resource === 'services' || resource === 'endpointslices.discovery.k8s.io') && (event.body as WatchResponse).events.length > 0) backendsChanged(step);
  if (resource === definitionsKey) for (const { kv } of (event.body as WatchResponse).events) definitionChanged(step, kv.key.slice(kv.key.lastIndexOf('/') + 1));
  releaseWaiting(step, resource);
  // A member that lags behind says so: the list waits on.
  const { events } = event.body as WatchResponse;
  if (events.length === 0 && step.state.waiting.some(({ inflight }) => inflight.served.key === resource)) step.effects.push(setTimer(`progress/${resource}`, progressUs, { name: 'progress', body: resource }));
}

function takeDirectFrame(step: Step, event: ProcessEvent): void {
  const stream = step.state.directFeeds.get(event.id);
  if (stream === undefined) return;
  const broken = followDirect(step, stream, event.body as WatchResponse);
  if (broken !== undefined) breakWatch(step, stream, broken);
}

/** A stream ended: a client's watch, or one of ours on etcd. */
export function takeClosed(step: Step, event: ProcessEvent): void {
  if (endConversation(step, event)) return undefined;
  const resource = step.state.feeds.get(event.id);
  if (resource === undefined) {
    const stream = step.state.directFeeds.get(event.id);
    if (stream === undefined) return dropWatch(step, event.id);
    loseDirect(step, event.id, stream);
    return loseEtcd(step, event.from);
  }
  step.state = { ...step.state, feeds: step.state.feeds.delete(event.id) };
  const cache = cacheOf(step.state, resource);
  if (cache.phase !== 'watching') return;
  setCache(step, { ...cache, phase: 'down' });
  loseEtcd(step, event.from);
}

/** Time has come for something. */
export function takeTimer(step: Step, event: ProcessEvent): void {
  switch (event.type) {
    case 'timer.watch': return endWatch(step, event);
    case 'timer.bookmarks': return sendBookmarks(step);
    case 'timer.fill-all':
      for (const { served } of step.state.caches.values()) fill(step, served);
      return undefined;
    case 'timer.fill': return fill(step, cacheOf(step.state, event.body as string).served);
    case 'timer.probe': return callEtcd(step, { kind: 'probe' }, 'Range', { key: '/registry/health' }, 0, true, event.body as Address);
    case 'timer.retry': return callEtcd(step, event.body as Call, 'Range', (event.body as Call).range);
    case 'timer.progress': return askProgress(step, event.body as string);
    case 'timer.young': return create(step, event.body as Inflight);
    case 'timer.definitions': return poll(step, event.body as string);
    case 'timer.definition': return definitionChanged(step, event.body as string);
    case 'timer.aggregation': return check(step, event.body as string);
    case 'timer.bootstrap': return bootstrap(step, event.body as number);
    case 'timer.own-lease': return renewOwnLease(step);
    case 'timer.own-endpoints': return writeOwnEndpoints(step, event.body as Parameters<typeof writeOwnEndpoints>[1]);
    case 'timer.compact': return compact(step);
    default: return undefined;
  }
}

/** Every five minutes forgets what is older than five minutes. Models storage/etcd3/compact.go. */
function compact(step: Step): void {
  const { compactAt } = step.state;
  if (compactAt > 0) callEtcd(step, { kind: 'compact' }, 'Compact', { revision: compactAt }, 0, true);
  let newest = 0;
  step.state.caches.forEach(({ revision }) => { if (revision > newest) newest = revision; });
  step.state = { ...step.state, compactAt: newest };
  step.effects.push(setTimer('compact', compactionUs, { background: true }));
}

export const cachesAreFull = (state: ApiServerState): boolean => state.caches.every(({ phase }) => phase === 'watching');
export const etcdIsSilent = (state: ApiServerState): boolean => !state.etcdAnswers;
