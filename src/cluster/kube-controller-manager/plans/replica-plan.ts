import type { Pod, ReplicaSet, ReplicaSetCondition, ReplicaSetStatus, StringMap } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { isPodActive, isPodAvailable, isPodReady, isPodTerminating } from './pod-state.ts';

/** At most so many Pods are made or deleted in one sync. */
export const burstReplicas = 500;

/** How many Pods to make (or, negative, to delete) so that the ReplicaSet has what it asks for. Models replica_set.go: manageReplicas. */
export function replicaDifference(wanted: number, active: number): number {
  return Math.max(-burstReplicas, Math.min(burstReplicas, wanted - active));
}

/** The size of the batch after one of `done` that went well: 1, 2, 4, … as far as `remaining` goes. Models replica_set.go: slowStartBatch. */
export function slowStartBatch(previous: number, remaining: number): number {
  return Math.min(previous === 0 ? 1 : previous * 2, remaining);
}

/** What a ReplicaSet's Pods amount to. */
export interface PodTally { readonly active: number; readonly fullyLabeled: number; readonly ready: number; readonly available: number; readonly terminating: number }

export const emptyTally: PodTally = { active: 0, fullyLabeled: 0, ready: 0, available: 0, terminating: 0 };

function carries(labels: StringMap | undefined, wanted: StringMap): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** The tally with one Pod more (`sign` 1) or less (-1). */
export function countPod(tally: PodTally, replicaSet: ReplicaSet, pod: Pod, sign: 1 | -1, nowUs: SimTime): PodTally {
  if (!isPodActive(pod)) return isPodTerminating(pod) ? { ...tally, terminating: tally.terminating + sign } : tally;
  const ready = isPodReady(pod);
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  return {
    active: tally.active + sign, terminating: tally.terminating,
    fullyLabeled: tally.fullyLabeled + (carries(pod.metadata.labels, replicaSet.spec.template.metadata?.labels ?? {}) ? sign : 0),
    ready: tally.ready + (ready ? sign : 0),
    available: tally.available + (ready && (minReadySeconds === 0 || isPodAvailable(pod, minReadySeconds, nowUs)) ? sign : 0),
  };
}

/** Count the Pods of a ReplicaSet. */
export function tallyPods(replicaSet: ReplicaSet, pods: Iterable<Pod>, nowUs: SimTime): PodTally {
  let tally = emptyTally;
  for (const pod of pods) tally = countPod(tally, replicaSet, pod, 1, nowUs);
  return tally;
}

/** The status to write for that tally. Models replica_set_utils.go: calculateStatus. Counts of zero are left out, as Go's omitempty does. */
export function replicaSetStatus(replicaSet: ReplicaSet, tally: PodTally, failure: string | undefined, nowUs: SimTime): ReplicaSetStatus {
  const conditions = failureCondition(replicaSet, tally, failure, nowUs);
  return {
    replicas: tally.active,
    ...(tally.fullyLabeled === 0 ? {} : { fullyLabeledReplicas: tally.fullyLabeled }),
    ...(tally.ready === 0 ? {} : { readyReplicas: tally.ready }),
    ...(tally.available === 0 ? {} : { availableReplicas: tally.available }),
    terminatingReplicas: tally.terminating,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function failureCondition(replicaSet: ReplicaSet, tally: PodTally, failure: string | undefined, nowUs: SimTime): readonly ReplicaSetCondition[] {
  const before = replicaSet.status?.conditions ?? [];
  const known = before.find(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined) return known === undefined ? before : before.filter((condition) => condition !== known);
  if (known !== undefined) return before;
  const reason = tally.active < (replicaSet.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete';
  return [...before, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(nowUs), reason, message: failure }];
}

/** Whether writing the status would change nothing. */
export function sameStatus(before: ReplicaSetStatus | undefined, after: ReplicaSetStatus): boolean {
  return before !== undefined && before.replicas === after.replicas && (before.fullyLabeledReplicas ?? 0) === (after.fullyLabeledReplicas ?? 0)
    && (before.readyReplicas ?? 0) === (after.readyReplicas ?? 0) && (before.availableReplicas ?? 0) === (after.availableReplicas ?? 0)
    && (before.terminatingReplicas ?? 0) === (after.terminatingReplicas ?? 0) && before.observedGeneration === after.observedGeneration
    && (before.conditions?.length ?? 0) === (after.conditions?.length ?? 0);
}
