/** HTTP carried on to a Pod, a Service's endpoint or a node. Models pkg/registry/core/{pod,node}/strategy.go and service/storage: ResourceLocation, and apimachinery/pkg/util/proxy. */
import type { EndpointSlice, KubeObject, Node, Pod, Service, Status } from '../../kubernetes/api/index.ts';
import { badRequestError, notFoundError, serviceUnavailableError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { HttpAnswer, HttpRequest, HttpResponse } from '../../kubernetes/protocols/http.ts';
import { request as ask, respond } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { judged } from './admitting.ts';
import type { Calls, LookUp } from './admission/plugin.ts';
import { refuse } from './answers.ts';
import { cacheOf, cached, newId, type Call, type Inflight, type Step } from './state.ts';

/** An end of a connection: on which node, and whether the kubelet itself listens there. */
export interface End { readonly node: string; readonly ip: string; readonly port: number; readonly tls: boolean; readonly kubelet?: true }

const kubeletPort = 10_250;
/** Go's dialer gives up after so long; an answer may take as long as it likes. */
const dialUs = 30_000_000;
const encodeUs = 300;

/** `name`, `name:port` or `scheme:name:port`. Models apimachinery/pkg/util/net/port_split.go: SplitSchemeNamePort. */
function split(id: string): { readonly scheme: string; readonly name: string; readonly port: string } | undefined {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length === 3 ? parts as [string, string, string] : ['', parts[0]!, parts[1] ?? ''];
  return parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme) ? undefined : { scheme, name, port };
}

export const isProxied = ({ subresource, http }: ApiRequest): boolean => subresource === 'proxy' && http !== undefined;

/** Carries the request on as soon as admission has nothing against it; or says what admission must know first. */
export function proxy(step: Step, inflight: Inflight): Calls | LookUp | undefined {
  const { request, served: { info } } = inflight;
  const { path } = request.http!;
  const { verdict } = judged(step, inflight, { kind: `${info.kind}ProxyOptions`, apiVersion: 'v1', path } as unknown as KubeObject, 'CONNECT');
  if (verdict !== undefined && 'refuse' in verdict) return refuse(step, inflight, verdict.refuse, 'admission') as undefined;
  if (verdict !== undefined && !('charge' in verdict)) return verdict;
  const end = endOf(step, inflight);
  if ('kind' in end) return refuse(step, inflight, end, 'routing') as undefined;
  carry(step, inflight, end);
  return undefined;
}

function carry(step: Step, inflight: Inflight, end: End): void {
  const { method, path, headers, body, at } = inflight.request.http!;
  const rooted = path.startsWith('/');
  // Models proxyRedirectsforRootPath: relative links of a page would lead out of it.
  if (!rooted && (method === 'GET' || method === 'HEAD')) return answerHttp(step, inflight, { code: 301, headers: [['Location', `${at}/${path}`], ['Content-Length', '0']], body: '' });
  const id = newId(step, 'proxy');
  const { node, ip, port, tls, kubelet } = end;
  step.state = { ...step.state, calls: step.state.calls.set(id, { kind: 'proxy', inflight, address: `${ip}:${port}` }) };
  const message: HttpRequest = { ip: ip === ipOfNode(step, node) ? '' : ip, port, tls, from: step.state.advertiseAddress, method, path: rooted ? path : `/${path}`, headers, body };
  step.effects.push(ask(id, `${node}/${kubelet === true ? 'kubelet' : 'containerd'}`, { type: 'http.Request', body: message }, { workUs: encodeUs, timeoutUs: dialUs }));
}

export const ipOfNode = ({ state }: Step, name: string): string => (cached(state, 'nodes', name) as Node | undefined)?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
function endOf(step: Step, { request, served: { key, info } }: Inflight): End | Status {
  const id = request.name ?? '';
  const parts = split(id);
  if (parts === undefined) return badRequestError(`invalid ${info.singular} request ${JSON.stringify(id)}`);
  const { scheme, name, port } = parts;
  const tls = scheme === 'https';
  if (key === 'nodes') {
    if (cached(step.state, 'nodes', name) === undefined) return notFoundError(info, name);
    const ip = ipOfNode(step, name);
    return port === '' || Number(port) === kubeletPort ? { node: name, ip, port: kubeletPort, tls: true, kubelet: true } : numbered({ node: name, ip, tls }, port);
  }
  return key === 'pods' ? podEnd(step, request.namespace ?? '', name, port, tls) : endpointOf(step, request.namespace ?? '', name, port, tls);
}

/** What Go's dialer makes of a port. */
function numbered(end: Omit<End, 'port'>, port: string): End | Status {
  const number = Number(port);
  if (!/^\d+$/.test(port)) return unreachable(`dial tcp: lookup tcp/${port}: unknown port`);
  return number > 65_535 ? unreachable(`dial tcp: address ${port}: invalid port`) : { ...end, port: number };
}

function podEnd(step: Step, namespace: string, name: string, asked: string, tls: boolean): End | Status {
  const pod = cached(step.state, 'pods', `${namespace}/${name}`) as Pod | undefined;
  if (pod === undefined) return notFoundError({ group: '', resource: 'pods' }, name);
  const ip = pod.status?.podIP ?? '';
  if (ip === '') return badRequestError('address not allowed');
  const declared = pod.spec.containers.find(({ ports = [] }) => ports.length > 0)?.ports?.[0]?.containerPort;
  return numbered({ node: pod.spec.nodeName ?? '', ip, tls }, asked === '' ? String(declared ?? (tls ? 443 : 80)) : asked);
}

/** One endpoint of a Service that is ready, by chance. */
export function endpointOf(step: Step, namespace: string, name: string, asked: string, tls: boolean): End | Status {
  const service = cached(step.state, 'services', `${namespace}/${name}`) as Service | undefined;
  let portName = asked;
  if (/^[+-]?\d+$/.test(asked)) {
    if (service === undefined) return notFoundError({ group: '', resource: 'services' }, name);
    const found = (service.spec.ports ?? []).find(({ port }) => port === Number(asked));
    if (found === undefined) return serviceUnavailableError(`no service port ${Number(asked)} found for service ${JSON.stringify(name)}`);
    portName = found.name ?? '';
  }
  const { known, ends } = readyEnds(step, namespace, name, portName, tls);
  if (!known && (service === undefined || service.spec.selector === undefined)) return notFoundError({ group: '', resource: 'endpoints' }, name);
  const end = ends[ends.length < 2 ? 0 : step.env.random('endpoints', ends.length)];
  return end ?? serviceUnavailableError(`no endpoints available for service ${JSON.stringify(name)}`);
}

function readyEnds(step: Step, namespace: string, name: string, portName: string, tls: boolean): { readonly known: boolean; readonly ends: readonly End[] } {
  const ends: End[] = [];
  let known = false;
  cacheOf(step.state, 'endpointslices.discovery.k8s.io').objects.forEach((object) => {
    const { metadata, ports, endpoints } = object as EndpointSlice;
    if (metadata.namespace !== namespace || metadata.labels?.['kubernetes.io/service-name'] !== name) return;
    known = true;
    const port = (ports ?? []).find((one) => (one.name ?? '') === portName)?.port;
    if (port === undefined) return;
    for (const { addresses, conditions, nodeName = '' } of endpoints ?? []) if (conditions?.ready !== false && nodeName !== '') ends.push({ node: nodeName, ip: addresses[0] ?? '', port, tls });
  });
  return { known, ends };
}

const unreachable = (why: string): Status => serviceUnavailableError(`error trying to reach service: ${why}`);

function answerHttp(step: Step, { id, warnings }: Inflight, http: HttpAnswer): void {
  const body: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: http.code < 400 ? 'Success' : 'Failure', code: http.code };
  step.effects.push(respond(id, { type: 'api.response', body: { code: http.code, body, http, ...(warnings !== undefined && { warnings }) } }, encodeUs));
}

/** The other end has answered, or never will. */
export function takeHttp(step: Step, { inflight, address }: Call & { kind: 'proxy' }, { type, body }: ProcessEvent): void {
  if (type === 'request.failed') return refuse(step, inflight, unreachable(lostWords((body as Failure).reason, address)), 'routing');
  const response = body as HttpResponse;
  if (!('broken' in response)) return answerHttp(step, inflight, response);
  return refuse(step, inflight, unreachable(response.broken === 'no TLS' ? 'http: server gave HTTP response to HTTPS client' : `dial tcp ${address}: connect: ${response.broken}`), 'routing');
}

/** In Go's words. */
export function lostWords(reason: Failure['reason'], address: string): string {
  switch (reason) {
    case 'timed out': return `dial tcp ${address}: i/o timeout`;
    case 'connection reset': return `read tcp ${address}: read: connection reset by peer`;
    case 'closed': return 'EOF';
    default: return `dial tcp ${address}: connect: ${reason}`;
  }
}
