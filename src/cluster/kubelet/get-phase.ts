/** The phase of a Pod from the states of its containers. Models pkg/kubelet/kubelet_pods.go: getPhase. */
import type { ContainerStatus, Pod, PodPhase } from '../../kubernetes/api/index.ts';
import { isSidecar } from './pod-requests.ts';

interface Count { running: number; waiting: number; stopped: number; succeeded: number; unknown: number }

/** `podIsTerminal` says that nothing will be started any more (the Pod is being taken down). */
export function getPhase(pod: Pod, statuses: readonly ContainerStatus[], podIsTerminal: boolean): PodPhase {
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const { spec } = pod;
  let pendingInit = 0;
  let failedInit = 0;
  const count: Count = { running: 0, waiting: 0, stopped: 0, succeeded: 0, unknown: 0 };
  for (const container of spec.initContainers ?? []) {
    const status = byName.get(container.name);
    if (isSidecar(container)) { countSidecar(count, status); continue; }
    const ended = status?.state?.terminated ?? (status?.state?.waiting === undefined ? undefined : status.lastState?.terminated);
    if (ended === undefined) pendingInit++;
    else if (ended.exitCode !== 0) failedInit++;
  }
  let begun = false;
  for (const { name } of spec.containers) {
    const status = byName.get(name);
    countContainer(count, status);
    if (status?.state?.running !== undefined || status?.state?.terminated !== undefined || status?.lastState?.terminated !== undefined) begun = true;
  }
  if (failedInit > 0 && spec.restartPolicy === 'Never') return 'Failed';
  if (((pendingInit > 0 || failedInit > 0) && !begun) || count.waiting > 0) return 'Pending';
  if (count.running > 0 && count.unknown === 0) return 'Running';
  if (count.running > 0 || count.stopped === 0 || count.unknown > 0) return 'Pending';
  if (podIsTerminal) return count.stopped === count.succeeded ? 'Succeeded' : 'Failed';
  if (spec.restartPolicy === undefined || spec.restartPolicy === 'Always') return 'Running';
  if (count.stopped === count.succeeded) return 'Succeeded';
  return spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
}

function countContainer(count: Count, status: ContainerStatus | undefined): void {
  if (status?.state?.running !== undefined) count.running++;
  else if (status?.state?.terminated !== undefined) {
    count.stopped++;
    if (status.state.terminated.exitCode === 0) count.succeeded++;
  } else if (status?.state?.waiting !== undefined) {
    if (status.lastState?.terminated !== undefined) count.stopped++;
    else count.waiting++;
  } else count.unknown++;
}

/** A stopped sidecar does not count: it never decides how the Pod ended. */
function countSidecar(count: Count, status: ContainerStatus | undefined): void {
  if (status?.state?.running !== undefined) count.running++;
  else if (status?.state?.waiting !== undefined && status.lastState?.terminated === undefined) count.waiting++;
}
