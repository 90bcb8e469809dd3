/** From a request's arrival to the stage that answers it. Models the handler chain of staging/src/k8s.io/apiserver/pkg/server/config.go: DefaultBuildHandlerChain. */
import type { ServiceAccount, Status } from '../../kubernetes/api/index.ts';
import { badRequestError, forbiddenError, internalServerError, isFailure, methodNotSupportedError, notFoundError, pageNotFoundError, tooManyRequestsError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { closeStream, note, request as ask, respond, setTimer } from '../../simulation/process/effects.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { immortalNamespaces } from './admission/namespace-lifecycle.ts';
import { awaitExtensions, delegate, extensionOf, isAggregationHook, needsExtensions } from './aggregation.ts';
import { answer, refuse } from './answers.ts';
import { authenticate } from './authentication/authentication.ts';
import { issueShortToken, issueToken } from './authentication/tokens.ts';
import { isComponent, userNamed, type UserInfo } from './authentication/user-info.ts';
import { attributesOf, forbidden } from './authorization/attributes.ts';
import { authorize } from './authorization/authorizer.ts';
import { awaitPolicy, needsPolicy, takeArrivals } from './authorization/policy-cache.ts';
import { bootstrapOn } from './bootstrap.ts';
import { awaitBuiltIn, builtInOn, isBuiltInHook } from './built-in.ts';
import { collectedOn, deleteCollection } from './collections.ts';
import { definitionsOn, isDefinitionHook } from './custom-resources/definitions.ts';
import { findCustom } from './custom-resources/finding.ts';
import { connectable, followLog, logOf, refuseConnect } from './connecting.ts';
import { discoveryOf } from './discovery.ts';
import { keepKinds } from './kinds-in-use.ts';
import { ownSliceOn } from './own-endpoints.ts';
import { isProxied } from './proxying.ts';
import { get, list } from './reads.ts';
import { cacheKey, findServed, kindsInUse } from './served.ts';
import { cached, newId, type ApiServerState, type Arrival, type Finished, type Inflight, type Parked, type Step } from './state.ts';
import { subresources } from './subresources/registry.ts';
import { review } from './reviews/review.ts';
import { openWatch, refuseWatch } from './watching.ts';
import { newUid } from './uid.ts';
import { beginConversation, beginProxy, change, create } from './writes.ts';

/** Works out one step. Whatever is thrown on the way is a 500 for the request, a note, and no change. */
export const stepping = (work: (step: Step, event: ProcessEvent) => void) => (state: ApiServerState, event: ProcessEvent): Outcome<ApiServerState> => {
  const step: Step = { state, effects: [], env: event.env, finished: [] };
  try {
    work(step, event);
    for (let next = step.finished.shift(); next !== undefined; next = step.finished.shift()) goOn(step, next);
    return [step.state, step.effects];
  } catch (error) {
    return panic(state, event, error as Error);
  }
};

function panic(state: ApiServerState, event: ProcessEvent, error: Error): Outcome<ApiServerState> {
  const status = internalServerError(error.message);
  const remark = note({ name: 'panic', text: `a handler failed on ${event.type}: ${error.message}`, detail: { stack: error.stack?.split('\n').slice(0, 4) } });
  const call = state.calls.get(event.id);
  const calls = call === undefined ? state.calls : state.calls.delete(event.id);
  const id = event.kind === 'request' ? event.id : call !== undefined && 'inflight' in call ? call.inflight.id : '';
  if (event.kind === 'stream-open') return [state, [remark, closeStream(event.id)]];
  return [{ ...state, calls }, id === '' ? [remark] : [remark, respond(id, { type: 'api.response', body: { code: 500, body: status } })]];
}

/** The work of our own that goes on when a request of ours is answered. */
function goOn(step: Step, finished: Finished): void {
  if (finished.hook.startsWith('bootstrap/')) return bootstrapOn(step, finished);
  if (isBuiltInHook(finished.hook)) return builtInOn(step, finished).forEach((parked) => proceed(step, parked));
  if (finished.hook === 'own-slice') return ownSliceOn(step, finished);
  if (isAggregationHook(finished.hook)) return undefined;
  if (isDefinitionHook(finished.hook)) return definitionsOn(step, finished);
  collectedOn(step, finished);
}

/** To begin a conversation is to create it. Models endpoints/request/requestinfo.go, by which a POST and, from 1.35 on, a WebSocket's GET are authorized. */
const asAuthorized = (request: ApiRequest): ApiRequest => (request.verb === 'connect' ? { ...request, verb: 'create' } : request);

/** Authentication; those who wait for the policy begin here again. */
export function handle(step: Step, arrival: Arrival): void {
  const asked = arrival.body as ApiRequest;
  if (asked.credentials === undefined) return authorized(step, arrival, asked, userNamed(asked.user));
  const known = authenticate(step.state, asked, asked.credentials, step.env.nowUs);
  if (known === 'await the policy') return awaitPolicy(step, arrival);
  if ('refuse' in known) return turnAway(step, arrival, known.refuse, known.user);
  authorized(step, arrival, known.request, known.user);
}

/** On with who is known, if they may. */
function authorized(step: Step, arrival: Arrival, request: ApiRequest, user: UserInfo): void {
  const served = findServed(request.group, request.version, request.resource) ?? findCustom(step.state, request);
  const decision = authorize(step.state, asAuthorized(request), user, served);
  if (decision === undefined) return awaitPolicy(step, arrival);
  if (!decision.allowed) return turnAway(step, arrival, forbidden(attributesOf(asAuthorized(request), user), decision.reason), user);
  if (needsExtensions(step.state, request)) return awaitExtensions(step, arrival);
  const extension = extensionOf(step.state, request);
  if (extension !== undefined) return arrival.kind === 'stream-open' ? turnAway(step, arrival, methodNotSupportedError(request, request.verb)) : delegate(step, arrival, request, user, extension);
  if (request.verb === 'discover') {
    step.effects.push(respond(arrival.id, { type: 'api.response', body: { code: 200, body: discoveryOf(step.state) } }, 300));
    return;
  }
  if (served === undefined || (served === kindsInUse && request.verb !== 'list' && request.verb !== 'watch')) return turnAway(step, arrival, pageNotFoundError());
  if (served === kindsInUse) keepKinds(step);
  if (needsPolicy(step.state, request, served)) return awaitPolicy(step, arrival);
  const inflight: Inflight = {
    id: arrival.id, request, served, user, receivedAtUs: step.env.nowUs, eventId: step.env.eventId, looked: {}, lookups: 0, attempts: 0, authorization: decision.reason,
    ...(served.custom === undefined || served.custom.warnings.length === 0 ? {} : { warnings: served.custom.warnings }),
  };
  const stream = arrival.kind === 'stream-open' ? arrival.id : undefined;
  if (!awaitBuiltIn(step, inflight, stream)) proceed(step, { inflight, stream });
}

/** The roles and bindings may be known now: what waited for them begins its way again. */
export function handleArrivals(step: Step): void {
  for (const arrival of takeArrivals(step)) handle(step, arrival);
}

/** A request that does not get as far as its handler. */
function turnAway(step: Step, { id, kind, body }: Arrival, refusal: Status, user?: UserInfo): void {
  if (kind === 'stream-open') return ((body as ApiRequest).verb === 'watch' ? refuseWatch : refuseConnect)(step, id, refusal);
  if (refusal.code !== 404) {
    const name = refusal.code === 401 ? 'authentication' : 'authorization';
    step.effects.push(note({ name, text: refusal.message ?? '', ...(user === undefined ? {} : { detail: { user: user.name, groups: user.groups } }) }));
  }
  step.effects.push(respond(id, { type: 'api.response', body: { code: refusal.code, body: refusal } }, 200));
}

function proceed(step: Step, { inflight, stream }: Parked): void {
  if (stream === undefined) dispatch(step, inflight);
  else if (inflight.request.verb === 'watch') openWatch(step, inflight, stream);
  else if (inflight.request.subresource === 'log') followLog(step, inflight, stream);
  else beginConversation(step, inflight, stream);
}

function dispatch(step: Step, inflight: Inflight): void {
  const { request, served } = inflight;
  const { info } = served;
  const { verb, subresource } = request;
  if (served.review) return review(step, inflight);
  if (subresource !== undefined) {
    if (!info.subresources.includes(subresource)) return refuse(step, inflight, served.custom === undefined ? pageNotFoundError() : notFoundError(info, request.name ?? ''), 'routing');
    if (isProxied(request)) return beginProxy(step, inflight);
    if (connectable[subresource] !== undefined) return refuse(step, inflight, badRequestError('Upgrade request required'), 'routing');
    if (subresource === 'log' || subresource === 'token') return subresource === 'log' ? log(step, inflight) : token(step, inflight);
    const sub = subresources[subresource];
    if (sub === undefined || !sub.verbs.includes(verb)) return refuse(step, inflight, methodNotSupportedError(info, verb), 'routing');
    return verb === 'get' ? get(step, inflight) : change(step, inflight);
  }
  const needsName = verb === 'get' || verb === 'update' || verb === 'patch' || verb === 'delete';
  if (needsName && (request.name ?? '') === '') return refuse(step, inflight, badRequestError('resource name may not be empty'), 'routing');
  if (info.namespaced && (request.namespace ?? '') === '' && verb !== 'list') return refuse(step, inflight, badRequestError('an empty namespace may not be set when a resource name is provided'), 'routing');
  switch (verb) {
    case 'get': return get(step, inflight);
    case 'list': return list(step, inflight);
    case 'create': return whenOld(step, inflight);
    case 'update': case 'patch': return change(step, inflight);
    case 'delete': return destroy(step, inflight);
    // Models pkg/registry/core/namespace/storage: REST, which does not delete collections.
    case 'deletecollection': return served.key === 'namespaces' ? refuse(step, inflight, methodNotSupportedError(info, verb), 'routing') : deleteCollection(step, inflight);
    default: return refuse(step, inflight, methodNotSupportedError(info, verb), 'routing');
  }
}

/** A kind that was established a moment ago may not be known to every server yet: who creates waits. Models customresource_handler.go: serveResource. */
function whenOld(step: Step, inflight: Inflight): void {
  const { custom } = inflight.served;
  if (custom === undefined || step.env.nowUs - custom.establishedAtUs >= youngUs) return create(step, inflight);
  step.effects.push(setTimer(newId(step, 'young'), youngUs, { name: 'young', body: inflight }));
}
const youngUs = 2_000_000;

function destroy(step: Step, inflight: Inflight): void {
  const { request, served: { info, key } } = inflight;
  if (key === 'namespaces' && immortalNamespaces.includes(request.name ?? '')) {
    return refuse(step, inflight, forbiddenError(info, request.name ?? '', 'this namespace may not be deleted'), 'admission');
  }
  change(step, inflight);
}

function token(step: Step, inflight: Inflight): void {
  const { request, served } = inflight;
  if (request.verb !== 'create') return refuse(step, inflight, methodNotSupportedError(served.info, request.verb), 'routing');
  const account = cached(step.state, 'serviceaccounts', cacheKey(served, request.namespace, request.name ?? ''));
  if (account === undefined) return refuse(step, inflight, notFoundError(served.info, request.name ?? ''), 'storage');
  const { nowUs } = step.env;
  if (isComponent(request)) return answer(step, inflight, 201, issueShortToken(account as ServiceAccount, request.body, nowUs), 500);
  const issued = issueToken(step.state, account as ServiceAccount, request.body, nowUs, () => newUid((bound) => step.env.random('uid', bound)));
  if (isFailure(issued)) return refuse(step, inflight, issued, 'validation');
  answer(step, inflight, 201, issued, 500);
}

/** The one thing the server asks of kubelets here: it dials the Pod's node. */
function log(step: Step, inflight: Inflight): void {
  const found = logOf(step, inflight);
  if ('kind' in found) return refuse(step, inflight, found, found.code === 404 ? 'storage' : 'validation');
  const id = newId(step, 'kubelet');
  step.state = { ...step.state, calls: step.state.calls.set(id, { kind: 'log', inflight, url: found.url }) };
  step.effects.push(ask(id, `${found.node}/kubelet`, { type: 'kubelet.ContainerLogs', body: found.body }));
}

/** The watch caches are not full yet: come again in a second. Models storage/cacher: errTooManyRequests while (re)initializing. */
export function notReady(step: Step, event: ProcessEvent): void {
  if (event.kind === 'stream-open') step.effects.push(closeStream(event.id, 'connection refused'));
  else if (event.kind === 'request') step.effects.push(respond(event.id, { type: 'api.response', body: { code: 429, body: tooManyRequestsError('storage is (re)initializing', 1) } }));
}
