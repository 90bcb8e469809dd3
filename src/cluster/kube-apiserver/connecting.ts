/** exec, attach and port-forward: the server finds the Pod's kubelet and passes on what both ends say. Models pkg/registry/core/pod/rest/subresources.go and strategy.go: streamLocation. */
import type { KubeObject, Pod, Status } from '../../kubernetes/api/index.ts';
import { forbidden, invalid, type FieldError } from '../../kubernetes/apimachinery/field-errors.ts';
import { badRequestError, internalServerError, invalidError, notFoundError, pageNotFoundError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { ApiQuery } from '../../kubernetes/protocols/api.ts';
import { frames, type ConnectEnd, type ConnectOptions, type KubeletConnect } from '../../kubernetes/protocols/streaming.ts';
import { closeStream, openStream, write } from '../../simulation/process/effects.ts';
import type { Failure, Message, ProcessEvent } from '../../simulation/process/process.ts';
import { judged } from './admitting.ts';
import type { Calls, LookUp } from './admission/plugin.ts';
import { ipOfNode, lostWords } from './proxying.ts';
import { cacheKey } from './served.ts';
import { cached, newId, type Inflight, type Step } from './state.ts';
import { takeCall, unknownError } from './storage.ts';

export const connectable: { readonly [subresource: string]: string | undefined } = { exec: 'kubelet.Exec', attach: 'kubelet.Attach', portforward: 'kubelet.PortForward' };

/** Ends a conversation before it began. */
export function refuseConnect(step: Step, stream: string, status: Status): undefined {
  step.effects.push(write(stream, { type: frames.status, body: { status } satisfies ConnectEnd }, 300), closeStream(stream));
}

/** Connects the client, or refuses to; or admission must know more first. */
export function connect(step: Step, inflight: Inflight, stream: string): Calls | LookUp | undefined {
  const { request } = inflight;
  const { port, ...asked } = (request.body ?? {}) as ConnectOptions;
  const { verdict } = judged(step, inflight, { ...asked, ...(port === undefined ? {} : { ports: [port] }) } as unknown as KubeObject, 'CONNECT');
  if (verdict !== undefined && 'refuse' in verdict) return refuseConnect(step, stream, verdict.refuse);
  if (verdict !== undefined && !('charge' in verdict)) return verdict;
  return dial(step, inflight, stream);
}

function dial(step: Step, { request, served }: Inflight, stream: string): undefined {
  const type = connectable[request.subresource ?? ''];
  const pod = cached(step.state, 'pods', cacheKey(served, request.namespace, request.name ?? '')) as Pod | undefined;
  if (pod === undefined || type === undefined) return refuseConnect(step, stream, notFoundError(served.info, request.name ?? ''));
  const { name, uid = '' } = pod.metadata;
  const { container: asked, ...options } = (request.body ?? {}) as ConnectOptions;
  const forward = request.subresource === 'portforward';
  const container = forward ? asked : containerFor(pod, asked);
  if (typeof container === 'object') return refuseConnect(step, stream, container);
  if ((pod.spec.nodeName ?? '') === '') return refuseConnect(step, stream, badRequestError(`pod ${name} does not have a host assigned`));
  const id = newId(step, 'connect');
  step.state = { ...step.state, conversations: step.state.conversations.set(stream, id).set(id, stream) };
  step.effects.push(write(stream, { type: frames.opened, body: {} }, 300), openStream(id, `${pod.spec.nodeName}/kubelet`, { type, body: { ...options, ...(container !== undefined && { container }), podName: name, podUid: uid } satisfies KubeletConnect }, 300));
}

const namesOf = (containers: readonly { readonly name: string }[] | undefined): readonly string[] => (containers ?? []).map(({ name }) => name);

/** The container that is meant; or what is wrong with it. Models pkg/registry/core/pod/strategy.go: LogLocation, streamLocation. */
export function containerFor({ metadata: { name }, spec }: Pod, asked: string | undefined): string | Status {
  const [regular, init, ephemeral] = [namesOf(spec.containers), namesOf(spec.initContainers), namesOf(spec.ephemeralContainers)];
  const container = asked ?? (regular.length === 1 ? regular[0] : undefined);
  if (container === undefined) {
    const more = (what: string, names: readonly string[]): string => (names.length === 0 ? '' : ` or one of the ${what} containers: [${names.join(' ')}]`);
    return badRequestError(`a container name must be specified for pod ${name}, choose one of: [${regular.join(' ')}]${more('init', init)}${more('ephemeral', ephemeral)}`);
  }
  return [...regular, ...init, ...ephemeral].includes(container) ? container : badRequestError(`container ${container} is not valid for pod ${name}`);
}

/** A log that is followed: what the kubelet says of it is passed on until the container ends. Models pkg/registry/core/pod/rest/log.go. */
export function followLog(step: Step, inflight: Inflight, stream: string): void {
  const found = inflight.served.key === 'pods' ? logOf(step, inflight) : pageNotFoundError();
  if ('kind' in found) return refuseConnect(step, stream, found);
  const id = newId(step, 'log');
  step.state = { ...step.state, conversations: step.state.conversations.set(stream, id).set(id, stream), calls: step.state.calls.set(id, { kind: 'log', inflight, url: found.url }) };
  step.effects.push(openStream(id, `${found.node}/kubelet`, { type: 'kubelet.ContainerLogs', body: found.body }, 300));
}

/** Models pkg/apis/core/validation/validation.go: ValidatePodLogOptions. */
function wrongLogOptions({ tailLines = 0, limitBytes = 1, sinceSeconds, sinceTime }: ApiQuery): readonly FieldError[] {
  return [
    ...(tailLines < 0 ? [invalid('tailLines', tailLines, 'must be greater than or equal to 0')] : []),
    ...(limitBytes < 1 ? [invalid('limitBytes', limitBytes, 'must be greater than 0')] : []),
    ...(sinceSeconds !== undefined && sinceTime !== undefined ? [forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
      : sinceSeconds !== undefined && sinceSeconds < 1 ? [invalid('sinceSeconds', sinceSeconds, 'must be greater than 0')] : []),
  ];
}

/** Which kubelet to ask what; or what is wrong with it. Models pkg/registry/core/pod/strategy.go: LogLocation. */
export function logOf(step: Step, { request, served }: Inflight): { readonly node: string; readonly url: string; readonly body: object } | Status {
  const wrong = wrongLogOptions(request.query ?? {});
  if (wrong.length > 0) return invalidError({ group: '', kind: 'PodLogOptions' }, request.name ?? '', wrong);
  const pod = cached(step.state, 'pods', cacheKey(served, request.namespace, request.name ?? '')) as Pod | undefined;
  if (pod === undefined) return notFoundError(served.info, request.name ?? '');
  const { name, namespace = '', uid } = pod.metadata;
  const { container: asked, follow, previous, timestamps, sinceSeconds, sinceTime, tailLines, limitBytes } = request.query ?? {};
  const container = containerFor(pod, asked);
  if (typeof container === 'object') return container;
  const { nodeName = '' } = pod.spec;
  if (nodeName === '') return badRequestError(`pod ${name} does not have a host assigned`);
  const options = Object.entries({ follow, limitBytes, previous, sinceSeconds, sinceTime, tailLines, timestamps }).filter(([, value]) => value !== undefined);
  const query = options.map(([option, value]) => `${option}=${encodeURIComponent(String(value))}`).join('&');
  return {
    node: nodeName, url: `https://${ipOfNode(step, nodeName)}:10250/containerLogs/${namespace}/${name}/${container}${query === '' ? '' : `?${query}`}`,
    body: { namespace, podName: name, podUid: uid, container, previous, timestamps, sinceSeconds, sinceTime, tailLines, limitBytes },
  };
}

const hostOf = (url: string): string => /^https:\/\/([^/]+)/.exec(url)?.[1] ?? '';
/** What Go's client says of a kubelet that does not answer. */
export const silentKubelet = (url: string, reason: Failure['reason']): Status => unknownError(`Get ${JSON.stringify(url)}: ${lostWords(reason, hostOf(url))}`);

/** What one end says is said to the other. */
export function passOn(step: Step, { id, type, body }: ProcessEvent): void {
  const other = step.state.conversations.get(id);
  // The kubelet follows: from here on the connection only ends or breaks.
  if (id.startsWith('log/')) takeCall(step, id);
  if (other !== undefined) step.effects.push(write(other, { type, body } satisfies Message));
}

/** One end has gone: the other is let go too. True where the stream was such a conversation. */
export function endConversation(step: Step, { id, body }: ProcessEvent): boolean {
  const other = step.state.conversations.get(id);
  if (other === undefined) return false;
  step.state = { ...step.state, conversations: step.state.conversations.delete(id).delete(other) };
  if (other.startsWith('log/')) takeCall(step, other);
  const { reason } = body as Failure;
  const fromKubelet = id.startsWith('connect/') || id.startsWith('log/');
  const why = !fromKubelet || reason === 'closed' ? undefined : id.startsWith('connect/') ? internalServerError(`error dialing backend: dial tcp: connect: ${reason}`) : unfollowed(step, id, reason);
  if (why !== undefined) step.effects.push(write(other, { type: frames.status, body: { status: why } satisfies ConnectEnd }));
  step.effects.push(closeStream(other, why === undefined ? reason : 'closed'));
  return true;
}

/** A log that breaks off before anything was told of it can still be refused. */
function unfollowed(step: Step, id: string, reason: Failure['reason']): Status | undefined {
  const call = takeCall(step, id);
  return call?.kind === 'log' ? silentKubelet(call.url, reason) : undefined;
}
