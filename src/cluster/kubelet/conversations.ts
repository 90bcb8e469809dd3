/** exec, attach and port-forward: the kubelet finds the container, and the runtime answers. Models pkg/kubelet/server/server.go: getExec, and kubelet_pods.go: GetExec. */
import { internalServerError } from '../../kubernetes/apimachinery/status-errors.ts';
import { frames, type ConnectEnd, type CriConnect, type KubeletConnect } from '../../kubernetes/protocols/streaming.ts';
import { closeStream, openStream, write } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { endFollowing } from './container-logs.ts';
import { turn, workerOf, type KubeletState, type Turn } from './kubelet-state.ts';
import { mountsOf } from './mounted-files.ts';
import { latest } from './pod-runtime.ts';

const refuseWith = (at: Turn, stream: string, message: string): void => {
  at.effects.push(write(stream, { type: frames.status, body: { status: internalServerError(message) } satisfies ConnectEnd }, 500), closeStream(stream));
};

export const openConversation = turn((at, { id: stream, type, body }) => {
  const { podName: _name, podUid, ...options } = body as KubeletConnect;
  const worker = workerOf(at, podUid);
  const sandbox = worker?.runtime.sandboxes.find(({ state }) => state === 'SANDBOX_READY');
  const container = latest(worker?.runtime ?? { sandboxes: [], containers: [] }, options.container ?? '');
  if (worker === undefined || (type !== 'kubelet.PortForward' && container?.state !== 'CONTAINER_RUNNING')) return refuseWith(at, stream, `unable to upgrade connection: container not found ("${options.container ?? ''}")`);
  if (sandbox === undefined) return refuseWith(at, stream, 'unable to upgrade connection: pod does not exist');
  const { pod } = worker;
  const mounts = Object.fromEntries([...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].map((each) => [each.name, mountsOf(at, pod, each, sandbox.ip === '' ? at.state.input.nodeIp : sandbox.ip)]));
  const { conversations, nextCall } = at.state;
  const own = `conversation/${nextCall}`;
  at.state = { ...at.state, nextCall: nextCall + 1, conversations: conversations.set(stream, own).set(own, stream) };
  at.effects.push(openStream(own, at.state.input.runtime, { type: type.replace('kubelet.', 'cri.'), body: { ...options, containerId: container?.id ?? '', podSandboxId: sandbox.id, mounts } satisfies CriConnect }, 1_000));
});

export const passOn = turn((at, { id, type, body }) => {
  const other = at.state.conversations.get(id);
  if (other !== undefined) at.effects.push(write(other, { type, body }));
});

export const inConversation = ({ conversations, following }: KubeletState, { id }: ProcessEvent): boolean => conversations.has(id) || following.has(id);

export const endConversation = turn((at, event) => {
  if (endFollowing(at, event)) return;
  const { id, body } = event;
  const other = at.state.conversations.get(id)!;
  at.state = { ...at.state, conversations: at.state.conversations.delete(id).delete(other) };
  const { reason } = body as Failure;
  if (id.startsWith('conversation/') && reason !== 'closed') refuseWith(at, other, `unable to upgrade connection: ${reason}`);
  else at.effects.push(closeStream(other));
});
