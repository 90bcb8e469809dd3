/**
 * Create, update, patch and delete, from the decoded body to the transaction and back.
 * Models apiserver/pkg/registry/generic/registry/store.go and storage/etcd3/store.go: GuaranteedUpdate.
 */
import type { DeleteOptions, KubeObject, Service } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { generateName } from '../../kubernetes/apimachinery/generate-name.ts';
import { alreadyExistsError, badRequestError, conflictError, forbiddenError, generateNameConflictError, internalServerError, invalidError, isFailure, notFoundError, successStatus } from '../../kubernetes/apimachinery/status-errors.ts';
import { forbidden, required, type FieldError } from '../../kubernetes/apimachinery/field-errors.ts';
import type { Entries } from '../../kubernetes/structured-merge/index.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import type { RangeResponse, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import { admitChange, admitNew, chargedOrNot, judged, lookedUp, lookUp, spend, waitOrRefuse } from './admitting.ts';
import type { Calls, LookUp } from './admission/plugin.ts';
import { allocate, forgetHolding, rememberService } from './allocators.ts';
import { attributesOf, forbidden as unallowed } from './authorization/attributes.ts';
import { decide as authorized } from './authorization/authorizer.ts';
import { admitUs, answer, decodeUs, noteStages, refuse } from './answers.ts';
import { askWebhooks, takeReview } from './asking-webhooks.ts';
import { decodeBody, invalidChange, invalidNew } from './checking.ts';
import { connect } from './connecting.ts';
import { convert, type Converted, type ReadValue } from './converting.ts';
import type { Decision } from './decision.ts';
import { isReleased, planDelete, warningsOnDelete } from './deletion.ts';
import { applied, applyRefusal, createByApply, isApply } from './applying.ts';
import { Luck } from './luck.ts';
import { isDryRun } from './dry-run.ts';
import { entriesBrought, trackManager, withEntries } from './managed-fields.ts';
import { isProxied, proxy } from './proxying.ts';
import { patched } from './patching.ts';
import { cacheKey, storageKey } from './served.ts';
import { cached, type Call, type Change, type Holding, type Inflight, type Reservation, type Step } from './state.ts';
import { callEtcd, compareAndWrite, decode, rangeKey, revisionOf, toStored, unknownError, withRevision } from './storage.ts';
import { holdingOf, isNothing, nothing, release, released, reserve, reserved, without } from './service-allocation.ts';
import { prepareStatus, strategyOf } from './strategies/registry.ts';
import { budgets } from './subresources/eviction.ts';
import { subresources } from './subresources/registry.ts';
import type { Spending } from './subresources/subresource.ts';
import { newUid } from './uid.ts';

const generateNameAttempts = 8;
const updateAttempts = 50;
const eventTtlSeconds = 3600;

const withWarnings = (inflight: Inflight, more: readonly string[] | undefined): Inflight => (more === undefined ? inflight : { ...inflight, warnings: [...new Set([...inflight.warnings ?? [], ...more])] });

// ---- create

/** Takes a new object through decoding, admission, preparation and validation, and asks etcd to write it. */
export function create(step: Step, given: Inflight): void {
  const { request, served } = given;
  const decoded = decodeBody(given, request.body);
  if ('refuse' in decoded) return refuse(step, given, decoded.refuse, 'decoding');
  const decodedInflight = withWarnings(given, decoded.warnings);
  // Who may have to wait for others keeps what chance has given.
  const luck = step.state.heldAgainst.length === 0 ? undefined : new Luck(step.env, given.drawn);
  const named = nameNew(step, decodedInflight, decoded.object, luck);
  if ('refuse' in named) return refuse(step, decodedInflight, named.refuse, 'validation');
  if (served.custom?.terminating === true) return refuse(step, decodedInflight, forbiddenError(served.info, named.object.metadata.name ?? '', 'create not allowed while custom resource definition is terminating'), 'admission');
  const { inflight, outcome } = admitNew(step, decodedInflight, named.object, luck);
  if ('lookUp' in outcome) return lookUp(step, keeping(given, luck), outcome);
  if ('calls' in outcome) return askFirst(step, keeping(given, luck), outcome);
  if ('refuse' in outcome) return refuse(step, inflight, outcome.refuse, 'admission');
  const strategy = strategyOf(served);
  const denied = strategy.forbids?.(step.state, inflight, outcome.object);
  if (denied !== undefined) return refuse(step, inflight, denied, 'authorization');
  const prepared = strategy.prepareForCreate?.(outcome.object, inflight) ?? outcome.object;
  const wrong = invalidNew(inflight, prepared);
  if (wrong !== undefined) return refuse(step, inflight, wrong, 'validation');
  const { clusterIps, nodePorts } = step.state;
  const allocated = served.key === 'services' ? allocate(step, prepared as Service) : prepared;
  if (isFailure(allocated)) return refuse(step, inflight, allocated, 'validation');
  // Addresses that were given out for nothing are free again.
  const forget = (): void => { step.state = { ...step.state, clusterIps, nodePorts }; };
  const { inflight: judgedInflight, verdict } = judged(step, inflight, allocated as KubeObject, 'CREATE');
  if (verdict !== undefined) {
    forget();
    const refusal = waitOrRefuse(step, keeping(given, luck), judgedInflight, verdict);
    if (refusal === 'waits') return undefined;
    if (refusal !== undefined && 'calls' in refusal) return askFirst(step, keeping(given, luck), refusal);
    if (refusal !== undefined) return refuse(step, judgedInflight, refusal, 'admission');
  }
  if (isDryRun(judgedInflight)) forget();
  else if (served.key === 'services') return reserveNew(step, judgedInflight, { object: allocated as Service, given: decoded.object, left: holdingOf(allocated as Service), held: nothing, fixed: holdingOf(prepared as Service) });
  storeNew(step, judgedInflight, allocated as KubeObject, decoded.object);
}

const keeping = (given: Inflight, luck: Luck | undefined): Inflight => (luck === undefined ? given : { ...given, drawn: luck.drawn });

/** Webhooks are asked before the request goes on. */
function askFirst(step: Step, inflight: Inflight, { calls }: Calls): void {
  const answered = askWebhooks(step, inflight, calls);
  if (answered !== undefined) resume(step, answered);
}

function storeNew(step: Step, inflight: Inflight, allocated: KubeObject, given: KubeObject, held?: Holding): void {
  const object = inflight.applying === undefined ? trackManager(inflight, allocated, undefined, step.env.nowUs, given) : withEntries(allocated, inflight.applying.entries);
  noteStages(step, inflight, object);
  if (isDryRun(inflight)) answer(step, inflight, 201, object);
  else store(step, inflight, object, held);
}

// ---- what a Service must have before it is stored

function reserveNew(step: Step, inflight: Inflight, reservation: Reservation): void {
  if (reserve(step, inflight, reservation)) storeReserved(step, inflight, reservation);
}

function storeReserved(step: Step, inflight: Inflight, { object, given, change, held, freed }: Reservation): void {
  if (change === undefined) storeNew(step, inflight, object, given!, held);
  else write(step, inflight, toStored(object), change, held, freed);
}

/** etcd has reserved something for a Service, or another server was first. */
export function takeReserve(step: Step, call: Call & { kind: 'reserve' }, answered: RangeResponse | TxnResponse): void {
  const outcome = reserved(step, call, answered);
  if (outcome === undefined) return undefined;
  if ('reserved' in outcome) {
    rememberService(step, outcome.reserved.object);
    return storeReserved(step, call.inflight, outcome.reserved);
  }
  giveBack(step, call);
  refuse(step, call.inflight, outcome.refuse, 'validation');
}

/** What was reserved for a write that comes to nothing is free again, here. */
export function forgetReserved(step: Step, call: Call & { kind: 'create' | 'put' | 'reserve' }): void {
  if (call.kind === 'reserve') for (const holding of [call.reservation.left, call.reservation.held]) forgetHolding(step, holding);
  else if (call.held !== undefined) forgetHolding(step, call.held);
}

/** … and in etcd. */
function giveBack(step: Step, call: Call & { kind: 'create' | 'put' | 'reserve' }): void {
  forgetReserved(step, call);
  const held = call.kind === 'reserve' ? call.reservation.held : call.held;
  if (held !== undefined) release(step, held);
}

/** Something was given back, or could not be. */
export function takeRelease(step: Step, call: Call & { kind: 'release' }, answered: RangeResponse | TxnResponse | undefined): void {
  if ((answered === undefined || released(step, call, answered)) && call.removal !== undefined) answerRemoved(step, call.removal.request, call.removal.object);
}

/** What only the server may say: the name where it is generated, the uid, the moment. */
function nameNew(step: Step, inflight: Inflight, object: KubeObject, luck: Luck | undefined): { readonly object: KubeObject } | { readonly refuse: ReturnType<typeof badRequestError> } {
  const { request, served: { info } } = inflight;
  const { metadata } = object;
  const namespace = info.namespaced ? metadata.namespace || request.namespace : undefined;
  if (info.namespaced && namespace !== request.namespace) return { refuse: badRequestError('the namespace of the provided object does not match the namespace sent on the request') };
  const base = (metadata as { generateName?: string }).generateName ?? '';
  const chance = luck ?? step.env;
  const name = metadata.name || (base === '' ? '' : generateName(base, (bound) => chance.random('names', bound)));
  if (name === '') return { refuse: invalidError(info, '', [required('metadata.name', 'name or generateName is required')]) };
  const { resourceVersion } = metadata;
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== '0') return { refuse: badRequestError('resourceVersion should not be set on objects to be created') };
  const kept = serverSet.some((field) => field in metadata) ? withoutServerSet(metadata) : metadata;
  const uid = newUid((bound) => chance.random('uid', bound));
  const creationTimestamp = formatTime(step.env.nowUs);
  return { object: { ...object, metadata: namespace === undefined ? { ...kept, name, uid, creationTimestamp } : { ...kept, name, namespace, uid, creationTimestamp } } };
}

/** What a creator cannot say. */
const serverSet = ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields', 'generation'] as const;

function withoutServerSet({ resourceVersion: _version, deletionTimestamp: _gone, deletionGracePeriodSeconds: _grace, selfLink: _link, managedFields: _managed, generation: _generation, ...kept }: KubeObject['metadata']): KubeObject['metadata'] {
  return kept;
}

function store(step: Step, inflight: Inflight, object: KubeObject, held?: Holding): void {
  const { served } = inflight;
  if (served.custom !== undefined) {
    const outcome = convert(step, served, false, [object], { kind: 'create', inflight });
    return outcome === undefined ? undefined : storeConverted(step, inflight, outcome);
  }
  const key = storageKey(served, object.metadata.namespace, object.metadata.name);
  if (served.key !== 'events') return compareAndWrite(step, { kind: 'create', inflight, object, held }, key, 0, { op: 'put', key, value: object }, decodeUs + admitUs);
  const lease = step.state.eventLease;
  if (lease === undefined || lease.untilUs < step.env.nowUs || lease.count >= 1000) return callEtcd(step, { kind: 'lease', inflight, object }, 'LeaseGrant', { ttlSeconds: eventTtlSeconds }, decodeUs);
  step.state = { ...step.state, eventLease: { ...lease, count: lease.count + 1 } };
  compareAndWrite(step, { kind: 'create', inflight, object }, key, 0, { op: 'put', key, value: object, lease: lease.id }, decodeUs + admitUs);
}

/** Writes a new custom object, of the version in which it is stored. */
export function storeConverted(step: Step, inflight: Inflight, outcome: Converted): void {
  if ('wrong' in outcome) return refuse(step, inflight, unknownError(outcome.wrong), 'storage');
  const object = outcome.objects[0]!;
  const key = storageKey(inflight.served, object.metadata.namespace, object.metadata.name);
  compareAndWrite(step, { kind: 'create', inflight, object }, key, 0, { op: 'put', key, value: object }, decodeUs + admitUs);
}

/** A lease for Events was granted: those of the next minute share it. Models storage/etcd3/lease_manager.go. */
export function takeLease(step: Step, { inflight, object }: Call & { kind: 'lease' }, id: number): void {
  step.state = { ...step.state, eventLease: { id, untilUs: step.env.nowUs + 60_000_000, count: 0 } };
  store(step, inflight, object);
}

/** etcd has answered a create. */
export function takeCreate(step: Step, call: Call & { kind: 'create' }, { succeeded, revision }: TxnResponse): void {
  const { inflight, object } = call;
  if (succeeded) return answer(step, inflight, 201, withRevision(object, revision));
  giveBack(step, call);
  // Somebody made it in between: it is applied to that.
  if (inflight.applying !== undefined) return change(step, { ...inflight, request: inflight.applying.request, applying: undefined });
  const generated = ((inflight.request.body as KubeObject).metadata.name ?? '') === '';
  if (generated && inflight.attempts + 1 < generateNameAttempts) return create(step, { ...inflight, attempts: inflight.attempts + 1, drawn: undefined });
  const refusal = generated ? generateNameConflictError(inflight.served.info, object.metadata.name, 1) : alreadyExistsError(inflight.served.info, object.metadata.name);
  refuse(step, inflight, refusal, 'storage');
}

/** What admission waited for is there; the request begins its way again. */
export function resume(step: Step, inflight: Inflight): void {
  const { request, applying, stream } = inflight;
  if (stream !== undefined) {
    const waits = connect(step, inflight, stream);
    if (waits !== undefined) wait(step, inflight, waits);
  } else if (isProxied(request)) beginProxy(step, inflight);
  else if (applying !== undefined || (request.verb === 'create' && request.subresource === undefined)) create(step, inflight);
  else change(step, inflight);
}

/** Looks into storage, or asks webhooks, first. */
function wait(step: Step, inflight: Inflight, wish: Calls | LookUp): void {
  if ('calls' in wish) askFirst(step, inflight, wish);
  else lookUp(step, inflight, wish);
}

/** Carries HTTP on, as soon as admission has nothing against it. */
export function beginProxy(step: Step, inflight: Inflight): void {
  const waits = proxy(step, inflight);
  if (waits !== undefined) wait(step, inflight, waits);
}

/** Connects a client, as soon as admission has nothing against it. */
export function beginConversation(step: Step, inflight: Inflight, stream: string): void {
  resume(step, { ...inflight, stream });
}

export function takeWebhook(step: Step, call: Call & { kind: 'review' }, event: ProcessEvent): void {
  const answered = takeReview(step, call, event);
  if (answered !== undefined) resume(step, answered);
}

export const takeLookUp = (step: Step, { inflight, key }: Call & { kind: 'look-up' }, found: RangeResponse): void => resume(step, lookedUp(inflight, key, found));

export function takeCharge(step: Step, { inflight }: Call & { kind: 'charge' }, answered: TxnResponse): void {
  const next = chargedOrNot(inflight, answered);
  if (next.charged === undefined && next.lookups > updateAttempts) return refuse(step, inflight, internalServerError('too many conflicts'), 'admission');
  resume(step, next);
}

// ---- change and delete

/** Tries a change on the object as the watch cache has it; where there is none, or for a delete, on what etcd has. */
export function change(step: Step, inflight: Inflight): void {
  const { request, served } = inflight;
  const unfit = request.verb === 'patch' ? patchOptionsRefusal(inflight) : undefined;
  if (unfit !== undefined) return refuse(step, inflight, unfit, 'decoding');
  const known = request.verb === 'delete' ? undefined : cached(step.state, served.key, cacheKey(served, request.namespace, request.name ?? ''));
  if (known === undefined) refresh(step, inflight);
  else attempt(step, inflight, known, false);
}

const keyOf = ({ served, request }: Inflight): string => storageKey(served, request.namespace, request.name ?? '');
const refresh = (step: Step, inflight: Inflight): void => rangeKey(step, { kind: 'refresh', inflight }, keyOf(inflight));

export const takeRefresh = (step: Step, inflight: Inflight, { kvs }: RangeResponse): void => attemptRead(step, inflight, kvs[0]);

const attemptRead = (step: Step, inflight: Inflight, kv: ReadValue | undefined): void => attempt(step, inflight, kv === undefined ? undefined : decode(kv), true, kv?.stored);

/** Models apimachinery/pkg/apis/meta/v1/validation/validation.go: ValidatePatchOptions. */
function patchOptionsRefusal(inflight: Inflight) {
  if (isApply(inflight)) return applyRefusal(inflight);
  return inflight.request.query?.force === undefined ? undefined : invalidError({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [forbidden('force', 'may not be specified for non-apply patch')]);
}

/** Makes what is applied and not there, which takes leave to create it. Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go: createAuthorizerAttributes. */
function applyNew(step: Step, inflight: Inflight): void {
  const unfit = createByApply(inflight);
  if (unfit !== undefined) return refuse(step, inflight, unfit, stageOf(unfit.code));
  const outcome = applied(inflight, undefined, step.env.nowUs);
  if ('refuse' in outcome) return refuse(step, inflight, outcome.refuse, 'decoding');
  const { request } = inflight;
  const asked = { ...attributesOf(request, inflight.user), verb: 'create' };
  const may = authorized(step.state, asked);
  if (may?.allowed !== true) return refuse(step, inflight, unallowed(asked, may?.reason), 'authorization');
  create(step, { ...inflight, request: { ...request, body: outcome.body }, applying: { request, entries: outcome.body.metadata.managedFields ?? [] } });
}

/** `stored`: a custom object as etcd has it. */
function attempt(step: Step, read: Inflight, current: KubeObject | undefined, fresh: boolean, stored?: KubeObject): void {
  if (current === undefined && isApply(read)) return applyNew(step, read);
  const outcome = decide(step, read, current);
  if ('spend' in outcome) return spend(step, read, budgets, outcome);
  if ('calls' in outcome || 'lookUp' in outcome) return wait(step, read, outcome);
  const { warnings, ...meant } = outcome;
  // What would be stored otherwise than it is, in another version or with new defaults, is written though nothing was changed.
  const decided: Decision = 'keep' in meant && stored !== undefined && read.request.verb !== 'delete' ? { put: meant.keep } : meant;
  const given = withWarnings(read, warnings);
  const { inflight, decision } = 'put' in decided || 'remove' in decided ? judgeChange(step, given, decided, current!) : { inflight: given, decision: decided };
  if (decision === 'waits') return undefined;
  if ('calls' in decision) return askFirst(step, read, decision);
  // What the cache says may be old: before refusing, or doing nothing, look at what etcd has.
  if (!fresh && !('put' in decision)) return refresh(step, given);
  if ('refuse' in decision) return refuse(step, inflight, decision.refuse, decision.stage ?? stageOf(decision.refuse.code));
  const dry = isDryRun(inflight);
  if (dry && ('remove' in decision || ('put' in decision && decision.afterwards !== undefined))) return answerRemoved(step, inflight, current!);
  if ('keep' in decision || dry) return answerChanged(step, inflight, 'put' in decision ? decision.put : current!);
  if (!('remove' in decision)) return put(step, inflight, decision.put, { current: current!, stored, afterwards: decision.afterwards });
  noteStages(step, inflight, current!);
  remove(step, inflight, current!);
}

function put(step: Step, inflight: Inflight, next: KubeObject, change: Change): void {
  if (inflight.served.key === 'services' && inflight.request.subresource === undefined && change.afterwards === undefined) return reserveChanged(step, inflight, next as Service, change);
  const object = toStored(next);
  if (inflight.served.custom === undefined) return write(step, inflight, object, change);
  const outcome = convert(step, inflight.served, false, [object], { kind: 'put', inflight, change });
  if (outcome !== undefined) putConverted(step, inflight, change, outcome);
}

/** Writes a custom object that was changed, of the version in which it is stored; where that changes nothing there, nothing is written. */
export function putConverted(step: Step, inflight: Inflight, change: Change, outcome: Converted): void {
  if ('wrong' in outcome) return refuse(step, inflight, unknownError(outcome.wrong), 'storage');
  const object = outcome.objects[0]!;
  if (deepEqual(object, change.stored)) return answerChanged(step, inflight, change.current);
  write(step, inflight, object, change);
}

function write(step: Step, inflight: Inflight, object: KubeObject, { current, afterwards }: Change, held?: Holding, freed?: Holding): void {
  const key = keyOf(inflight);
  noteStages(step, inflight, current);
  compareAndWrite(step, { kind: 'put', inflight, object, afterwards, held, freed }, key, revisionOf(current), { op: 'put', key, value: object, lease: leaseFor(step, inflight) }, decodeUs + admitUs);
}

/** A change of a Service may need what the Service did not have, and free what it had. */
function reserveChanged(step: Step, inflight: Inflight, put: Service, change: Change): void {
  const object = allocate(step, put);
  if (isFailure(object)) return refuse(step, inflight, object, 'validation');
  const [before, after] = [holdingOf(change.current as Service), holdingOf(object)];
  reserveNew(step, inflight, { object, change, left: without(after, before), held: nothing, fixed: holdingOf(put), freed: without(before, after) });
}

/** What admission says of a change; its refusal takes the place of the decision. */
function judgeChange(step: Step, given: Inflight, decision: Decision, current: KubeObject): { readonly inflight: Inflight; readonly decision: Decision | Calls | 'waits' } {
  const { request } = given;
  const deletes = request.verb === 'delete';
  const { outcome } = deletes ? admitChange(step, given, current, 'DELETE', current) : { outcome: undefined };
  if (outcome !== undefined && 'calls' in outcome) return { inflight: given, decision: outcome };
  if (outcome !== undefined && 'refuse' in outcome) return { inflight: given, decision: { refuse: outcome.refuse, stage: 'admission' } };
  const next = 'put' in decision && !deletes ? decision.put : current;
  const { inflight, verdict } = judged(step, given, next, deletes ? 'DELETE' : 'UPDATE', current);
  const refusal = verdict === undefined ? undefined : waitOrRefuse(step, given, inflight, verdict);
  return { inflight, decision: refusal === 'waits' ? 'waits' : refusal === undefined ? decision : 'calls' in refusal ? refusal : { refuse: refusal, stage: 'admission' } };
}

/** A repeated Event lives on by the lease that new ones share. */
function leaseFor({ state, env }: Step, { served }: Inflight): number {
  const lease = served.key === 'events' ? state.eventLease : undefined;
  return lease !== undefined && lease.untilUs + (eventTtlSeconds - 120) * 1_000_000 > env.nowUs ? lease.id : 0;
}

/** The stage that refuses with such a code: a missing object and a conflict are storage's to find. */
const stageOf = (code: number): string => (code === 403 ? 'authorization' : code === 404 || code === 409 ? 'storage' : code === 422 ? 'validation' : 'decoding');

function remove(step: Step, inflight: Inflight, object: KubeObject): void {
  const key = keyOf(inflight);
  compareAndWrite(step, { kind: 'remove', inflight, object }, key, revisionOf(object), { op: 'delete', key }, decodeUs);
}

/** etcd has answered a write: done, or somebody else was first and it is tried on what they wrote. */
export function takeWrite(step: Step, call: Call & { kind: 'put' | 'remove' }, { succeeded, revision, responses }: TxnResponse): void {
  const { inflight, object } = call;
  if (!succeeded) {
    if (call.kind === 'put') giveBack(step, call);
    const kv = responses[0]?.kvs?.[0];
    const again = { ...inflight, attempts: inflight.attempts + 1 };
    if (kv === undefined && inflight.marked === true) return answerRemoved(step, inflight, object);
    if (again.attempts > updateAttempts) return refuse(step, inflight, internalServerError('too many conflicts'), 'storage');
    return attemptRead(step, again, kv);
  }
  if (call.kind === 'remove') {
    const removed = withRevision(toStored(object), revision);
    if (inflight.served.key !== 'services' || release(step, holdingOf(object as Service), { request: inflight, object: removed })) answerRemoved(step, inflight, removed);
    return;
  }
  if (call.freed !== undefined && !isNothing(call.freed)) release(step, call.freed);
  const written = withRevision(object, revision);
  if (call.afterwards === 'delete') return remove(step, { ...inflight, marked: true }, written);
  answerChanged(step, inflight, written);
}

function answerChanged(step: Step, inflight: Inflight, object: KubeObject): void {
  const { request } = inflight;
  const sub = request.subresource === undefined ? undefined : subresources[request.subresource];
  const body = sub?.answer?.(object, inflight) ?? object;
  answer(step, inflight, sub !== undefined && request.verb === 'create' ? 201 : 200, body);
}

function answerRemoved(step: Step, inflight: Inflight, object: KubeObject): void {
  const { served: { info, returnsDeleted }, request } = inflight;
  if (request.subresource !== undefined) return answerChanged(step, inflight, object);
  const details = { name: object.metadata.name, ...(info.group === '' ? {} : { group: info.group }), kind: info.resource, uid: object.metadata.uid };
  answer(step, inflight, 200, returnsDeleted || request.verb !== 'delete' ? object : successStatus(details));
}

/** What the request means for the object that is there. */
function decide(step: Step, inflight: Inflight, current: KubeObject | undefined): (Decision & { readonly warnings?: readonly string[] }) | Calls | LookUp | Spending {
  const { request, served } = inflight;
  const { info } = served;
  if (current === undefined) return { refuse: notFoundError(info, request.name ?? '') };
  const nowUs = step.env.nowUs;
  if (request.verb === 'delete') {
    const options = (request.body ?? {}) as DeleteOptions;
    const [decision, warnings] = [planDelete(served, current, options, nowUs), warningsOnDelete(served, options)];
    return warnings === undefined ? decision : { ...decision, warnings };
  }
  const sub = request.subresource === undefined ? undefined : subresources[request.subresource];
  if (sub?.decide !== undefined) {
    const decision = sub.decide(inflight, current, step);
    return 'put' in decision ? settle(inflight, decision.put, current, nowUs, false) : decision;
  }
  const applies = isApply(inflight);
  const changed = applies ? applied(inflight, current, nowUs) : request.verb === 'patch' ? patched(inflight, current) : { body: request.body };
  if ('refuse' in changed) return changed;
  const decoded = decodeBody(inflight, changed.body);
  if ('refuse' in decoded) return decoded;
  const mismatch = identityMismatch(inflight, decoded.object, current);
  if (mismatch !== undefined) return { refuse: mismatch };
  const { outcome, warnings } = admitChange(step, inflight, decoded.object, 'UPDATE', current);
  if (!('object' in outcome)) return 'refuse' in outcome ? { refuse: outcome.refuse, stage: 'admission' } : outcome;
  const next = outcome.object;
  const denied = strategyOf(served).forbids?.(step.state, inflight, next, current);
  if (denied !== undefined) return { refuse: denied };
  const entries = applies ? next.metadata.managedFields : entriesBrought(request, next.metadata.managedFields, current.metadata.managedFields);
  const decision = settle(inflight, systemFields(next, current, entries), current, nowUs, true);
  return decoded.warnings === undefined && warnings.length === 0 ? decision : { ...decision, warnings: [...decoded.warnings ?? [], ...warnings] };
}

/** Preparation by the kind's strategy, validation, and what an unchanged object means. */
function settle(inflight: Inflight, next: KubeObject, current: KubeObject, nowUs: number, prepare: boolean): Decision {
  const { request, served } = inflight;
  const strategy = strategyOf(served);
  const { subresource } = request;
  const sub = subresource === undefined ? undefined : subresources[subresource];
  let prepared = next;
  if (prepare) {
    prepared = sub?.prepare !== undefined ? sub.prepare(next, current) : subresource !== undefined && strategy.prepareSubresource !== undefined ? strategy.prepareSubresource(subresource, next, current, nowUs)
      : subresource === 'status' ? prepareStatus(served, next, current) : strategy.prepareForUpdate?.(next, current) ?? next;
  }
  if (deepEqual(prepared, current)) return { keep: current };
  if (sub?.problems !== undefined) {
    const errors: FieldError[] = [];
    sub.problems(errors, prepared, current);
    if (errors.length > 0) return { refuse: invalidError(served.info, current.metadata.name, errors) };
  } else if (subresource === undefined || subresource === 'status' || strategy.prepareSubresource !== undefined) {
    const wrong = invalidChange(inflight, prepared, current);
    if (wrong !== undefined) return { refuse: wrong };
  }
  const problems = strategy.problems?.(prepared, current, subresource) ?? [];
  if (problems.length > 0) return { refuse: invalidError(served.info, current.metadata.name, problems) };
  if (isReleased(served, prepared, current)) return { remove: true };
  return { put: isApply(inflight) ? prepared : trackManager(inflight, prepared, current, nowUs) };
}

function identityMismatch({ request, served }: Inflight, next: KubeObject, current: KubeObject) {
  const { info } = served;
  const { metadata } = next;
  if ((metadata.name ?? '') !== request.name) return badRequestError(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${request.name})`);
  if (info.namespaced && metadata.namespace !== undefined && metadata.namespace !== request.namespace) return badRequestError(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${request.namespace})`);
  if (metadata.uid !== undefined && metadata.uid !== '' && metadata.uid !== current.metadata.uid) {
    return conflictError(info, metadata.name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${current.metadata.uid}`);
  }
  const version = metadata.resourceVersion ?? '';
  if (version === '' || version === '0') {
    return served.unconditionalUpdate || request.verb === 'patch' ? undefined : invalidError(info, metadata.name, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', body: 'Invalid value: 0: must be specified for an update' }]);
  }
  return version === current.metadata.resourceVersion ? undefined : conflictError(info, metadata.name);
}

/** What no update can change. */
function systemFields(next: KubeObject, { metadata: old }: KubeObject, managedFields: Entries | undefined): KubeObject {
  const { metadata } = next;
  return {
    ...next,
    metadata: {
      ...metadata, namespace: old.namespace, uid: old.uid, creationTimestamp: old.creationTimestamp, generation: old.generation, resourceVersion: old.resourceVersion,
      deletionTimestamp: old.deletionTimestamp, deletionGracePeriodSeconds: old.deletionGracePeriodSeconds, managedFields,
    },
  };
}
