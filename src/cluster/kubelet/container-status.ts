/** The API's container statuses from what the runtime says. Models pkg/kubelet/kubelet_pods.go: convertToAPIContainerStatuses. */
import type { Container, ContainerState, ContainerStatus, Pod } from '../../kubernetes/api/index.ts';
import { formatTime } from '../../kubernetes/apimachinery/index.ts';
import type { ContainerStatus as CriContainer } from '../../kubernetes/protocols/cri.ts';
import type { PodRuntime, Resize, WaitingReason } from './kubelet-state.ts';
import { isSidecar } from './pod-requests.ts';
import { latest, previous, shouldRestart } from './pod-runtime.ts';

export interface StatusInput {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly reasons: { readonly [container: string]: WaitingReason };
  readonly resize?: Resize | undefined;
}

export const containerId = (id: string): string => `containerd://${id}`;

/** The statuses of the Pod's containers, or of its init containers, in the order of the spec. */
export function containerStatuses(input: StatusInput, containers: readonly Container[], old: readonly ContainerStatus[] | undefined, init: boolean): readonly ContainerStatus[] {
  const hasInit = (input.pod.spec.initContainers ?? []).length > 0;
  return containers.map((container) => withWaitingReason(input, container, statusOf(input, container, old?.find(({ name }) => name === container.name), hasInit, init)));
}

/** Nobody asks whether an ephemeral container is ready, and none is started again. */
export function ephemeralStatuses(input: StatusInput, containers: readonly Container[], old: readonly ContainerStatus[] | undefined): readonly ContainerStatus[] {
  return containers.map((container) => {
    const { started: _started, ...status } = containerStatuses(input, [{ ...container, restartPolicy: 'Never' }], old, false)[0]!;
    return { ...status, ready: false };
  });
}

function statusOf({ runtime, resize }: StatusInput, container: Container, old: ContainerStatus | undefined, hasInit: boolean, init: boolean): ContainerStatus {
  const now = latest(runtime, container.name);
  if (now === undefined) return neverStarted(container, old, hasInit);
  const state = stateOf(now);
  const before = previous(runtime, container.name);
  const lastState = before?.state === 'CONTAINER_EXITED' ? { terminated: terminated(before) } : old?.lastState ?? {};
  const running = now.state === 'CONTAINER_RUNNING';
  return {
    name: container.name, state, lastState,
    ready: init && !isSidecar(container) ? now.state === 'CONTAINER_EXITED' && now.exitCode === 0 : running,
    restartCount: now.attempt, image: now.image, imageID: now.imageRef, containerID: containerId(now.id),
    started: running && !(init && !isSidecar(container)),
    ...resourcesOf(container, resize), ...mountsOf(container),
  };
}

function neverStarted(container: Container, old: ContainerStatus | undefined, hasInit: boolean): ContainerStatus {
  // A container whose row the runtime has removed ended before; what was reported of it stands.
  if (old?.state?.terminated !== undefined) return old;
  return {
    name: container.name, state: { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } }, lastState: old?.lastState ?? {},
    ready: false, restartCount: old?.restartCount ?? 0, image: container.image ?? '', imageID: '', started: false, ...resourcesOf(container), ...mountsOf(container),
  };
}

/** A container that is to be started again shows why it is not running now; how it ended moves to lastState. */
function withWaitingReason({ pod, runtime, reasons }: StatusInput, container: Container, status: ContainerStatus): ContainerStatus {
  const why = reasons[container.name];
  if (why === undefined || status.state?.running !== undefined || !shouldRestart(container, pod, runtime)) return status;
  const waiting = why.message === '' ? { reason: why.reason } : { reason: why.reason, message: why.message };
  return { ...status, state: { waiting }, lastState: status.state?.terminated === undefined ? status.lastState : { terminated: status.state.terminated } };
}

function stateOf(container: CriContainer): ContainerState {
  if (container.state === 'CONTAINER_RUNNING') return { running: { startedAt: formatTime(container.startedAtUs) } };
  if (container.state === 'CONTAINER_EXITED') return { terminated: terminated(container) };
  return { waiting: {} };
}

function terminated(container: CriContainer): NonNullable<ContainerState['terminated']> {
  const { exitCode, reason, message, startedAtUs, finishedAtUs, id } = container;
  return {
    exitCode, reason, ...(message === '' ? {} : { message }),
    startedAt: formatTime(startedAtUs), finishedAt: formatTime(finishedAtUs), containerID: containerId(id),
  };
}

/** What is allocated to it, and what it has. */
function resourcesOf(container: Container, resize?: Resize): Pick<ContainerStatus, 'allocatedResources' | 'resources'> {
  const resources = resize?.actuated?.[container.name] ?? container.resources;
  const requests = container.resources?.requests;
  return requests === undefined ? { resources: resources ?? {} } : { allocatedResources: requests, resources };
}

function mountsOf(container: Container): Pick<ContainerStatus, 'volumeMounts'> {
  const mounts = container.volumeMounts;
  if (mounts === undefined || mounts.length === 0) return {};
  return {
    volumeMounts: mounts.map(({ name, mountPath, readOnly }) => (readOnly === true ? { mountPath, name, readOnly: true, recursiveReadOnly: 'Disabled' } : { mountPath, name })),
  };
}
