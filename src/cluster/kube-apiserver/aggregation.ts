/**
 * Groups that another server answers for: whether it is available, and the way of a request to it. Models kube-aggregator/pkg/controllers/status/remote/remote_available_controller.go
 * and pkg/apiserver/handler_proxy.go.
 */
import type { EndpointSlice, KubeObject, Service } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { serviceUnavailableError } from '../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { ApiRequest, DiscoveredResource } from '../../kubernetes/protocols/api.ts';
import type { HttpAnswer, HttpAsked, HttpRequest, HttpResponse } from '../../kubernetes/protocols/http.ts';
import { request as ask, respond, setTimer } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { apiServicesKey } from './api-services.ts';
import { targetOf, untrusted } from './asking-webhooks.ts';
import type { UserInfo } from './authentication/user-info.ts';
import { ownRequest } from './bootstrap.ts';
import { lostWords } from './proxying.ts';
import { servedAs } from './served.ts';
import { cached, cacheOf, emptyCache, newId, setCache, type ApiServerState, type Arrival, type Call, type Extension, type Step } from './state.ts';
import { fill } from './watch-cache.ts';
import { change } from './writes.ts';

interface Condition { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string; readonly lastTransitionTime?: string }
type ApiService = KubeObject & {
  readonly spec: { readonly group?: string; readonly version?: string; readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number }; readonly caBundle?: string; readonly insecureSkipTLSVerify?: boolean };
  readonly status?: { readonly conditions?: readonly Condition[] };
};
type Outcome = Pick<Condition, 'reason' | 'message'> & { readonly resources?: readonly DiscoveredResource[] };

const resyncUs = 30_000_000;
const firstAgainUs = 5_000_000;
const patienceUs = 5_000_000;
const dialUs = 30_000_000;
const workUs = 300;
const prefix = 'aggregation/';
export const isAggregationHook = (hook: string): boolean => hook.startsWith(prefix);

const found = (state: ApiServerState, name: string): ApiService | undefined => cached(state, apiServicesKey, name) as ApiService | undefined;
const isAvailable = ({ status }: ApiService): boolean => status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True') === true;
const setExtension = (step: Step, name: string, extension: Extension): void => { step.state = { ...step.state, extensions: step.state.extensions.set(name, extension) }; };
const checkAfter = (step: Step, name: string, afterUs: number): void => { step.effects.push(setTimer(prefix + name, afterUs, { name: 'aggregation', body: name, background: true })); };

// ---- which are there?

/** Whether a client from outside asks for what another server may answer, or somebody registers one. A world without them pays nothing for it: upstream follows APIServices from the start. */
export function needsExtensions({ caches }: ApiServerState, { verb, group, http, subresource }: ApiRequest): boolean {
  const asks = http !== undefined ? subresource !== 'proxy' : group === 'apiregistration.k8s.io' && !['get', 'list', 'watch'].includes(verb);
  if (!asks) return false;
  const phase = caches.get(apiServicesKey)?.phase;
  return phase === undefined || phase === 'listing';
}

/** Keeps a request until the APIServices are read, which are followed from then on. */
export function awaitExtensions(step: Step, { id, kind, body }: Arrival): void {
  step.state = { ...step.state, awaitingExtensions: [...step.state.awaitingExtensions, { id, kind, body }] };
  if (step.state.caches.has(apiServicesKey)) return;
  setCache(step, emptyCache(servedAs(apiServicesKey)));
  fill(step, servedAs(apiServicesKey));
}

/** They are read: those who waited go on. */
export function extensionsKnown(step: Step): readonly Arrival[] {
  for (const name of cacheOf(step.state, apiServicesKey).objects.keys()) apiServiceChanged(step, name);
  const { awaitingExtensions } = step.state;
  step.state = { ...step.state, awaitingExtensions: [] };
  return awaitingExtensions;
}

// ---- is it available?

/** An APIService came, changed or went. */
export function apiServiceChanged(step: Step, name: string): void {
  const { spec } = found(step.state, name) ?? {};
  const known = step.state.extensions.get(name);
  if (spec?.service === undefined) {
    if (known !== undefined) step.state = { ...step.state, extensions: step.state.extensions.delete(name) };
  } else if (known === undefined || !deepEqual(known.spec, spec)) {
    setExtension(step, name, { spec, failures: 0 });
    checkAfter(step, name, 0);
  }
}

/** A Service or its endpoints changed: whoever may be behind it is looked at. */
export function backendsChanged(step: Step): void {
  for (const name of step.state.extensions.keys()) checkAfter(step, name, 0);
}

/** What of its Service can be seen to be missing. */
function missing(step: Step, { namespace = '', name = '', port: wanted = 443 }: NonNullable<ApiService['spec']['service']>): Outcome | undefined {
  const [which, where] = [`service/${name} in ${JSON.stringify(namespace)}`, `${namespace}/${name}`];
  const service = cached(step.state, 'services', where) as Service | undefined;
  if (service === undefined) return { reason: 'ServiceNotFound', message: `${which} is not present` };
  if ((service.spec.type ?? 'ClusterIP') !== 'ClusterIP') return undefined;
  const port = (service.spec.ports ?? []).find((one) => one.port === wanted);
  if (port === undefined) return { reason: 'ServicePortError', message: `${which} is not listening on port ${wanted}` };
  let [slices, addresses] = [0, 0];
  cacheOf(step.state, 'endpointslices.discovery.k8s.io').objects.forEach((object) => {
    const { metadata, ports, endpoints } = object as EndpointSlice;
    if (metadata.namespace !== namespace || metadata.labels?.['kubernetes.io/service-name'] !== name) return;
    slices += 1;
    if ((ports ?? []).some((one) => (one.name ?? '') === (port.name ?? ''))) addresses += (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length;
  });
  if (slices === 0) return { reason: 'EndpointsNotFound', message: `cannot find endpoints for ${which}` };
  return addresses > 0 ? undefined : { reason: 'MissingEndpoints', message: `endpoints for ${which} have no addresses with port name ${JSON.stringify(port.name ?? '')}` };
}

/** Looks at an extension server, as far as asking it what it serves. */
export function check(step: Step, name: string): void {
  const service = found(step.state, name);
  if (service?.spec.service === undefined) return;
  const { group = '', version = '', caBundle = '', insecureSkipTLSVerify } = service.spec;
  const lacks = missing(step, service.spec.service);
  if (lacks !== undefined) return conclude(step, name, lacks);
  const { namespace = '', name: serviceName = '', port = 443 } = service.spec.service;
  const { clusterIP = '' } = (cached(step.state, 'services', `${namespace}/${serviceName}`) as Service | undefined)?.spec ?? {};
  const path = `/apis/${group}/${version}`;
  const url = `https://${clusterIP}:${port}${path}`;
  const target = targetOf(step, service.spec.service);
  const failed = (why: string): void => conclude(step, name, { reason: 'FailedDiscoveryCheck', message: `failing or missing response from ${url}: Get ${JSON.stringify(url)}: ${why}` });
  if ('error' in target) return failed(target.error);
  if (caBundle === '' && insecureSkipTLSVerify !== true) return failed(untrusted);
  const headers = { host: `${clusterIP}:${port}`, 'x-remote-user': 'system:kube-aggregator', 'x-remote-group': 'system:masters', accept: 'application/json' };
  dial(step, target, { method: 'GET', path, headers, body: '' }, patienceUs, { kind: 'extension', name, url, address: target.address });
}

function dial(step: Step, { podIp: ip, port, node }: Exclude<ReturnType<typeof targetOf>, { readonly error: string }>, asked: HttpAsked, timeoutUs: number, call: Call): void {
  const id = newId(step, 'extension');
  step.state = { ...step.state, calls: step.state.calls.set(id, call) };
  step.effects.push(ask(id, `${node}/containerd`, { type: 'http.Request', body: { ...asked, ip, port, tls: true, from: step.state.advertiseAddress } satisfies HttpRequest }, { workUs, timeoutUs }));
}

/** It has answered, or not. */
export function takeExtension(step: Step, { name, url, address }: Call & { kind: 'extension' }, { type, body }: ProcessEvent): void {
  const answer = type === 'request.failed' ? undefined : body as HttpResponse;
  const failed = (why: string): void => conclude(step, name, { reason: 'FailedDiscoveryCheck', message: `failing or missing response from ${url}: ${why}` });
  if (answer === undefined || 'broken' in answer) return failed(`Get ${JSON.stringify(url)}: ${brokenWords(answer === undefined ? (body as Failure).reason : answer.broken, address)}`);
  if (answer.code < 200 || answer.code >= 300) return failed(`bad status from ${url}: ${answer.code}`);
  conclude(step, name, { reason: 'Passed', message: 'all checks passed', resources: resourcesIn(answer.body) });
}

function brokenWords(reason: string, address: string): string {
  if (reason === 'timed out') return 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)';
  return reason === 'no TLS' ? 'http: server gave HTTP response to HTTPS client' : lostWords(reason as Failure['reason'], address);
}

interface ListedResource { readonly name: string; readonly singularName?: string; readonly namespaced?: boolean; readonly kind: string; readonly verbs?: readonly string[]; readonly shortNames?: readonly string[] }

/** What it serves, of an APIResourceList. */
function resourcesIn(body: string): readonly DiscoveredResource[] {
  let list: { readonly kind?: string; readonly groupVersion?: string; readonly resources?: readonly ListedResource[] };
  try {
    list = JSON.parse(body) as typeof list;
  } catch {
    return [];
  }
  if (list.kind !== 'APIResourceList') return [];
  const [version = '', group = ''] = (list.groupVersion ?? '').split('/').reverse();
  return (list.resources ?? []).filter(({ name }) => !name.includes('/')).map(({ name, singularName = '', namespaced = false, kind, verbs = [], shortNames }) => ({
    resource: name, responseKind: { group, version, kind }, scope: namespaced ? 'Namespaced' : 'Cluster', singularResource: singularName, verbs, ...(shortNames !== undefined && { shortNames }),
  }));
}

/** Says how it is where that has changed, and looks again later: soon where it did not answer. */
function conclude(step: Step, name: string, { reason = '', message = '', resources }: Outcome): void {
  const service = found(step.state, name);
  const known = step.state.extensions.get(name);
  if (service === undefined || known === undefined) return;
  const passed = reason === 'Passed';
  const failures = reason === 'FailedDiscoveryCheck' ? known.failures + 1 : 0;
  setExtension(step, name, { spec: known.spec, failures, ...(resources !== undefined && { resources }) });
  checkAfter(step, name, failures === 0 ? resyncUs : Math.min(resyncUs, firstAgainUs * 2 ** (failures - 1)));
  const { conditions = [] } = service.status ?? {};
  const before = conditions.find(({ type }) => type === 'Available');
  const status = passed ? 'True' : 'False';
  if (before?.status === status && before.reason === reason && before.message === message) return;
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : formatTime(step.env.nowUs);
  const next = { ...service, status: { ...service.status, conditions: [...conditions.filter(({ type }) => type !== 'Available'), { lastTransitionTime, message, reason, status, type: 'Available' }] } };
  change(step, ownRequest(step, servedAs(apiServicesKey), { verb: 'update', subresource: 'status', name, body: next }, prefix + name));
}

// ---- what it is asked

/** The APIService of the group and version that are asked for, where another server answers for them. */
export function extensionOf(state: ApiServerState, { verb, group, version, path = '' }: ApiRequest): string | undefined {
  if (state.extensions.size === 0) return undefined;
  const [, ofPath = '', versionOfPath = ''] = verb === 'discover' ? /^\/apis\/([^/]+)\/([^/]+)\/?$/.exec(path) ?? [] : ['', group, version];
  const name = `${versionOfPath}.${ofPath}`;
  return state.extensions.has(name) ? name : undefined;
}

const plain = (code: number, text: string): HttpAnswer => ({ code, headers: [['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff'], ['Content-Length', String(text.length + 1)]], body: `${text}\n` });

function answer(step: Step, id: string, http: HttpAnswer): void {
  // Clients of the world itself read what Go's client makes of such an answer.
  const body = serviceUnavailableError('the server is currently unable to handle the request');
  step.effects.push(respond(id, { type: 'api.response', body: { code: http.code, body, http } }, workUs));
}

/** Carries a request to the server that answers for its group, in the name of who asks; 503 where that is not available. */
export function delegate(step: Step, { id }: Arrival, { http }: ApiRequest, user: UserInfo, name: string): void {
  const service = found(step.state, name);
  if (service?.spec.service === undefined || !isAvailable(service) || http === undefined) return answer(step, id, plain(503, 'service unavailable'));
  const target = targetOf(step, service.spec.service);
  if ('error' in target) return answer(step, id, plain(503, 'service unavailable'));
  const headers = { ...http.headers, 'x-remote-user': user.name, 'x-remote-group': user.groups.join(', ') };
  dial(step, target, { method: http.method, path: http.path, headers, body: http.body }, dialUs, { kind: 'delegated', id, address: target.address });
}

export function takeDelegated(step: Step, { id, address }: Call & { kind: 'delegated' }, { type, body }: ProcessEvent): void {
  const response = type === 'request.failed' ? undefined : body as HttpResponse;
  if (response !== undefined && !('broken' in response)) return answer(step, id, response);
  const reason = response === undefined ? (body as Failure).reason : response.broken;
  answer(step, id, plain(503, `error trying to reach service: ${reason === 'no TLS' ? 'http: server gave HTTP response to HTTPS client' : lostWords(reason, address)}`));
}
