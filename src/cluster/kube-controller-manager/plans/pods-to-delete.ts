import type { Pod } from '../../../kubernetes/api/index.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { isPodActive, isPodReady, readyCondition } from './pod-state.ts';

interface Candidate {
  readonly pod: Pod; readonly assigned: number; readonly phase: number; readonly ready: number; readonly cost: number;
  readonly doubled: number; readonly readySince: number; readonly restarts: number; readonly age: number;
}

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Ages are compared by the power of two they reach, so that old Pods of about the same age fall at random. */
function logAge(time: string | null | undefined, nowUs: SimTime): number {
  const sinceUs = parseTime(time);
  return sinceUs === undefined || nowUs - sinceUs <= 0 ? -1 : Math.floor(Math.log2((nowUs - sinceUs) * 1000));
}

function restartsOf(pod: Pod): number {
  let most = 0;
  for (const status of pod.status?.containerStatuses ?? []) most = Math.max(most, status.restartCount);
  return most;
}

function less(a: Candidate, b: Candidate): number {
  return a.assigned - b.assigned || a.phase - b.phase || a.ready - b.ready || a.cost - b.cost || b.doubled - a.doubled
    || (a.ready === 1 ? a.readySince - b.readySince : 0) || b.restarts - a.restarts || a.age - b.age
    || ((a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1);
}

/**
 * The Pods whose end hurts least: unassigned, then pending, then not ready, then cheap, then doubled up on a node (counting the Pods of
 * `related` sets too), then ready for the shortest time, restarted most, youngest. Models pkg/controller/controller_utils.go: ActivePodsWithRanks
 * and replicaset/replica_set.go: getPodsToDelete.
 */
export function podsToDelete(pods: readonly Pod[], related: Iterable<Pod>, count: number, nowUs: SimTime): readonly Pod[] {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName ?? '';
    if (isPodActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const candidates = pods.map((pod): Candidate => ({
    pod, assigned: pod.spec.nodeName === undefined ? 0 : 1, phase: phaseOrder[pod.status?.phase ?? ''] ?? 0, ready: isPodReady(pod) ? 1 : 0,
    cost: Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0, doubled: onNode.get(pod.spec.nodeName ?? '') ?? 0,
    readySince: logAge(readyCondition(pod)?.lastTransitionTime, nowUs), restarts: restartsOf(pod), age: logAge(pod.metadata.creationTimestamp, nowUs),
  }));
  return candidates.sort(less).slice(0, count).map(({ pod }) => pod);
}
