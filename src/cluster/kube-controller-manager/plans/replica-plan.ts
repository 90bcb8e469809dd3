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
export interface PodTally { readonly active: readonly Pod[]; readonly fullyLabeled: number; readonly ready: number; readonly available: number; readonly terminating: number }

function carries(labels: StringMap | undefined, wanted: readonly [string, string][]): boolean {
  for (let i = 0; i < wanted.length; i++) if (labels?.[wanted[i]![0]] !== wanted[i]![1]) return false;
  return true;
}

/** Count the Pods of a ReplicaSet, in one pass. */
export function tallyPods(replicaSet: ReplicaSet, pods: Iterable<Pod>, nowUs: SimTime): PodTally {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const wanted = Object.entries(replicaSet.spec.template.metadata?.labels ?? {});
  const active: Pod[] = [];
  let fullyLabeled = 0; let ready = 0; let available = 0; let terminating = 0;
  for (const pod of pods) {
    if (!isPodActive(pod)) { if (isPodTerminating(pod)) terminating += 1; continue; }
    active.push(pod);
    if (carries(pod.metadata.labels, wanted)) fullyLabeled += 1;
    if (!isPodReady(pod)) continue;
    ready += 1;
    if (minReadySeconds === 0 || isPodAvailable(pod, minReadySeconds, nowUs)) available += 1;
  }
  return { active, fullyLabeled, ready, available, terminating };
}

/** The status to write for that tally. Models replica_set_utils.go: calculateStatus. Counts of zero are left out, as Go's omitempty does. */
export function replicaSetStatus(replicaSet: ReplicaSet, tally: PodTally, failure: string | undefined, nowUs: SimTime): ReplicaSetStatus {
  const conditions = failureCondition(replicaSet, tally, failure, nowUs);
  return {
    replicas: tally.active.length,
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
  const reason = tally.active.length < (replicaSet.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete';
  return [...before, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(nowUs), reason, message: failure }];
}

/** Whether writing the status would change nothing. */
export function sameStatus(before: ReplicaSetStatus | undefined, after: ReplicaSetStatus): boolean {
  return before !== undefined && before.replicas === after.replicas && (before.fullyLabeledReplicas ?? 0) === (after.fullyLabeledReplicas ?? 0)
    && (before.readyReplicas ?? 0) === (after.readyReplicas ?? 0) && (before.availableReplicas ?? 0) === (after.availableReplicas ?? 0)
    && (before.terminatingReplicas ?? 0) === (after.terminatingReplicas ?? 0) && before.observedGeneration === after.observedGeneration
    && (before.conditions?.length ?? 0) === (after.conditions?.length ?? 0);
}
