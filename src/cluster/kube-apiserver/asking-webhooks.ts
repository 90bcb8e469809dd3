/** The way of a review to the Pod behind a webhook's Service, and what becomes of it. Models staging/src/k8s.io/apiserver/pkg/util/webhook/client.go and util/proxy/proxy.go: ResolveCluster. */
import type { EndpointSlice, Service } from '../../kubernetes/api/index.ts';
import type { ClientConfig } from '../../kubernetes/admission/webhooks/webhook.ts';
import { isCertificate } from '../../kubernetes/apimachinery/base64.ts';
import type { WebhookRequest, WebhookResponse } from '../../kubernetes/protocols/webhook.ts';
import { request } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import type { WebhookCall, WebhookOutcome } from './admission/webhook-call.ts';
import { cacheOf, cached, newId, type Call, type Inflight, type Posted, type Step, type Work } from './state.ts';
import { newUid } from './uid.ts';

const encodeUs = 400;

/** Where a call goes; or why it goes nowhere. */
export type Target = { readonly podIp: string; readonly port: number; readonly node: string; readonly address: string } | { readonly error: string };

function urlOf({ url, service }: ClientConfig, timeoutSeconds: number): string {
  const { name = '', namespace = '', port = 443, path = '' } = service ?? {};
  const base = url ?? `https://${name}.${namespace}.svc:${port}${path === '' ? '/' : path}`;
  return `${base}?timeout=${timeoutSeconds}s`;
}

/** A world has nothing outside of its cluster. */
function outside(url: string): string {
  const host = /^https:\/\/(\[[^\]]*\]|[^/:?]*)/.exec(url)?.[1] ?? '';
  const port = /^https:\/\/(?:\[[^\]]*\]|[^/:?]*):(\d+)/.exec(url)?.[1] ?? '443';
  if (host === 'localhost' || host.startsWith('127.')) return `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  return /^[\d.]+$|^\[/.test(host) ? `dial tcp ${host}:${port}: connect: no route to host` : `dial tcp: lookup ${host}: no such host`;
}

/** What the rules of kube-proxy on the server's node make of the Service's address: one of its endpoints, by chance. */
export function targetOf(step: Step, { namespace = '', name = '', port = 443 }: NonNullable<ClientConfig['service']>): Target {
  const service = cached(step.state, 'services', `${namespace}/${name}`) as Service | undefined;
  if (service === undefined) return { error: `service ${JSON.stringify(name)} not found` };
  const { type = 'ClusterIP', clusterIP = '', ports = [], externalName = '' } = service.spec as Service['spec'] & { readonly externalName?: string };
  if (type === 'ExternalName') return { error: `dial tcp: lookup ${externalName}: no such host` };
  if (clusterIP === 'None') return { error: 'cannot route to service with ClusterIP "None"' };
  const servicePort = ports.find((one) => one.port === port);
  if (servicePort === undefined) return { error: `no service port ${port} found for service ${JSON.stringify(name)}` };
  const address = `${clusterIP}:${port}`;
  const ends: Extract<Target, { podIp: string }>[] = [];
  cacheOf(step.state, 'endpointslices.discovery.k8s.io').objects.forEach((object) => {
    const slice = object as EndpointSlice;
    if (slice.metadata.namespace !== namespace || slice.metadata.labels?.['kubernetes.io/service-name'] !== name) return;
    const to = (slice.ports ?? []).find((one) => (one.name ?? '') === (servicePort.name ?? ''))?.port;
    if (to === undefined) return;
    for (const { addresses, conditions, nodeName = '' } of slice.endpoints ?? []) if (conditions?.ready !== false) ends.push({ podIp: addresses[0] ?? '', port: to, node: nodeName, address });
  });
  const end = ends[ends.length < 2 ? 0 : step.env.random('webhook endpoints', ends.length)];
  if (end === undefined) return { error: `dial tcp ${address}: connect: connection refused` };
  return end.node === '' ? { error: `dial tcp ${address}: connect: no route to host` } : end;
}

/** Certificates are believed where somebody said which: the system's own do not know a cluster's, and the connection ends before anything is posted. */
export const untrusted = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

const failedPost = (url: string, why: string): { readonly error: string } => ({ error: `Post ${JSON.stringify(url)}: ${why}` });

/** Posts a review; or says why it cannot be. */
export function post(step: Step, clientConfig: ClientConfig, timeoutSeconds: number, type: 'webhook.AdmissionReview' | 'webhook.ConversionReview', review: (uid: string) => object, callOf: (posted: Posted) => Work): { readonly error: string } | undefined {
  const url = urlOf(clientConfig, timeoutSeconds);
  const { service, caBundle = '' } = clientConfig;
  const target: Target = service === undefined ? { error: outside(url) } : targetOf(step, service);
  if ('error' in target) return failedPost(url, target.error);
  const uid = newUid((bound) => step.env.random('uid', bound));
  const id = newId(step, 'webhook');
  const { podIp, port, node, address } = target;
  step.state = { ...step.state, calls: step.state.calls.set(id, callOf({ uid, url, address })) };
  const to = { podIp, port };
  const message = caBundle === '' ? { type: 'webhook.Dial', body: to } : { type, body: { ...to, path: service?.path || '/', review: review(uid) } satisfies WebhookRequest };
  step.effects.push(request(id, `${node}/containerd`, message, { workUs: encodeUs, timeoutUs: timeoutSeconds * 1_000_000 }));
  return undefined;
}

/** What came back, or why nothing did: in Go's words. */
export function received({ url, address }: Posted, { type, body }: ProcessEvent): { readonly body: unknown } | { readonly error: string } {
  if (type === 'request.failed') return failedPost(url, unreached((body as Failure).reason, address));
  const answer = body as WebhookResponse;
  if ('dialled' in answer) return failedPost(url, untrusted);
  if ('broken' in answer) return failedPost(url, answer.broken === 'no TLS' ? 'http: server gave HTTP response to HTTPS client' : unreached(answer.broken, address));
  if (answer.code === 404) return { error: 'the server could not find the requested resource' };
  if (answer.code < 200 || answer.code > 206) return { error: 'an error on the server ("") has prevented the request from succeeding' };
  return { body: answer.body };
}

function unreached(reason: Failure['reason'], address: string): string {
  switch (reason) {
    case 'timed out': return 'context deadline exceeded';
    case 'connection reset': return `read tcp ${address}: read: connection reset by peer`;
    case 'closed': return 'EOF';
    default: return `dial tcp ${address}: connect: ${reason}`;
  }
}

function withOutcome(inflight: Inflight, call: string, outcome: { readonly error: string } | { readonly uid: string; readonly body: unknown }): Inflight {
  const reviews = inflight.reviews ?? {};
  return { ...inflight, reviews: { ...reviews, [call]: { ...outcome, at: Object.keys(reviews).length } satisfies WebhookOutcome } };
}

const failedCall = ({ error }: { readonly error: string }, converts = false) => ({ error: converts ? error : `failed to call webhook: ${error}` });

/** Posts a review for each call that admission wishes for; the request itself comes back where all are answered at once. */
export function askWebhooks(step: Step, given: Inflight, calls: readonly WebhookCall[]): Inflight | undefined {
  let inflight = given;
  const waiting = newId(step, 'review');
  let left = 0;
  for (const { key, hook: { clientConfig, timeoutSeconds = 10 }, review, converts } of calls) {
    const { caBundle = '' } = clientConfig;
    if (caBundle !== '' && !isCertificate(caBundle)) {
      inflight = withOutcome(inflight, key, { error: 'could not get REST client: unable to load root certificates: unable to parse bytes as PEM block' });
      continue;
    }
    const failed = post(step, clientConfig, timeoutSeconds, converts === true ? 'webhook.ConversionReview' : 'webhook.AdmissionReview', review, (posted) => ({ kind: 'review', request: waiting, call: key, converts, ...posted }));
    if (failed === undefined) left++;
    else inflight = withOutcome(inflight, key, failedCall(failed, converts));
  }
  if (left === 0) return inflight;
  step.state = { ...step.state, reviewed: step.state.reviewed.set(waiting, { inflight, left }) };
  return undefined;
}

/** One has answered, or never will; the request goes on when it was the last. */
export function takeReview(step: Step, { request: waiting, call, converts, ...posted }: Call & { kind: 'review' }, event: ProcessEvent): Inflight | undefined {
  const before = step.state.reviewed.get(waiting);
  if (before === undefined) return undefined;
  const outcome = received(posted, event);
  const reviewed = { inflight: withOutcome(before.inflight, call, 'error' in outcome ? failedCall(outcome, converts) : { uid: posted.uid, body: outcome.body }), left: before.left - 1 };
  step.state = { ...step.state, reviewed: reviewed.left > 0 ? step.state.reviewed.set(waiting, reviewed) : step.state.reviewed.delete(waiting) };
  return reviewed.left > 0 ? undefined : reviewed.inflight;
}
