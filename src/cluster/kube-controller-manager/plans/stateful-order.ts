/** In which order a StatefulSet's Pods come, go and are renewed. Models pkg/controller/statefulset/stateful_set_control.go: updateStatefulSet, processReplica, processCondemned. */
import type { Pod } from '../../../kubernetes/api/index.ts';
import { slowStartBatch } from './replica-plan.ts';
import { sideBySide, type Procedure } from './procedure.ts';
import { aggregate, claimsAreOwned, createMissingClaims, createPod, deletePod, fixClaims, hasStaleClaim, updatePod, type Sync, type Then } from './stateful-pods.ts';
import {
  hasEnded, identityMatches, isAvailable, isCreated, isInRange, isOrdered, isRunningAndReady, isTerminating, isUnavailable, newVersionedReplica, ordinalOf, partitionOf, revisionOf, startOrdinal,
  storageMatches, wantedReplicas, type Replica, type Revision, type StatefulSet, type StatefulSetStatus,
} from './stateful-set.ts';

/** At most so many at once: MaxBatchSize. */
const largestBatch = 500;

/** Models computeReplicaStatus and the head of updateStatefulSet. */
export function statusOf(set: StatefulSet, pods: readonly Pod[], revisions: { readonly current: Revision; readonly update: Revision; readonly collisionCount: number }, nowUs: number): StatefulSetStatus {
  const { current, update, collisionCount } = revisions;
  const ready = pods.filter(isRunningAndReady);
  const live = pods.filter((pod) => isCreated(pod) && !isTerminating(pod));
  const of = ({ name }: Revision): number => live.filter((pod) => revisionOf(pod) === name).length;
  return {
    observedGeneration: set.metadata.generation ?? 0, replicas: pods.filter(isCreated).length, readyReplicas: ready.length, availableReplicas: ready.filter((pod) => isAvailable(set, pod, nowUs)).length,
    currentReplicas: of(current), updatedReplicas: of(update), currentRevision: current.name, updateRevision: update.name, collisionCount,
  };
}

/** All Pods are of the new revision and ready: it is the current one from now on. */
export function completed({ spec: { updateStrategy, replicas = 1 } }: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const done = updateStrategy?.type === 'RollingUpdate' && status.updatedReplicas === replicas && status.readyReplicas === replicas && status.replicas === replicas;
  return done ? { ...status, currentReplicas: replicas, currentRevision: status.updateRevision! } : status;
}

const compared = ['replicas', 'currentReplicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas', 'currentRevision', 'updateRevision'] as const;

/** Whether the status says what is not so. Models inconsistentStatus. */
export function isInconsistent({ status: before }: StatefulSet, status: StatefulSetStatus): boolean {
  return (status.observedGeneration ?? 0) > (before?.observedGeneration ?? 0) || compared.some((field) => (status[field] || undefined) !== (before?.[field] || undefined));
}

/** The status as Go prints it, which leaves out what is nought. */
export function printed(status: StatefulSetStatus): StatefulSetStatus {
  const kept = new Set(['replicas', 'availableReplicas', 'collisionCount']);
  return Object.fromEntries(Object.entries(status).filter(([field, value]) => kept.has(field) || (value !== 0 && value !== ''))) as unknown as StatefulSetStatus;
}

/** One after the other until one says stop, or all in growing batches. Models runForAll. */
function* forAll(ordered: boolean, pods: readonly Replica[], work: (pod: Replica) => Procedure<Then>): Procedure<Then> {
  if (ordered) {
    for (const pod of pods) {
      const then = yield* work(pod);
      if (then !== 'go on') return then;
    }
    return 'go on';
  }
  for (let from = 0, batch = 0; from < pods.length; from += batch) {
    batch = Math.min(slowStartBatch(batch, pods.length - from), largestBatch);
    const errors = (yield* sideBySide(pods.slice(from, from + batch).map(work))).flatMap((then) => (typeof then === 'object' ? [then.error] : []));
    if (errors.length > 0) return { error: aggregate(errors) };
  }
  return 'go on';
}

/** Brings one Pod that should be there a step further. */
function* tend(sync: Sync, pod: Replica): Procedure<Then> {
  const { set, nowUs } = sync;
  const ordered = isOrdered(set);
  if (hasEnded(pod)) {
    const then = isTerminating(pod) ? 'go on' : yield* deletePod(sync, pod, `has a Pod that has ${pod.status?.phase?.toLowerCase()}`);
    return then === 'go on' ? 'stop' : then;
  }
  if (!isCreated(pod)) {
    if (hasStaleClaim(sync, pod)) return 'stop';
    const then = yield* createPod(sync, pod);
    if (then !== 'go on' || ordered) return then === 'go on' ? 'stop' : then;
  }
  if (pod.status?.phase === 'Pending') {
    const then = yield* createMissingClaims(sync, pod);
    if (then !== 'go on') return then;
  }
  if (ordered && (isTerminating(pod) || !isRunningAndReady(pod) || !isAvailable(set, pod, nowUs))) return 'stop';
  if (identityMatches(set, pod) && storageMatches(set, pod) && claimsAreOwned(sync, pod)) return 'go on';
  return yield* updatePod(sync, pod as Pod);
}

/** Lets go one Pod more than should be there. */
function* condemn(sync: Sync, pod: Replica, firstUnavailable: Replica | undefined): Procedure<Then> {
  const { set, nowUs } = sync;
  const ordered = isOrdered(set);
  if (isTerminating(pod)) return ordered ? 'stop' : 'go on';
  if (ordered && pod !== firstUnavailable && (!isRunningAndReady(pod) || !isAvailable(set, pod, nowUs))) return 'stop';
  const then = yield* deletePod(sync, pod, `wants ${wantedReplicas(set)}`);
  return then === 'go on' ? 'stop' : then;
}

/** What there is to be done, in order; the status is what the Pods were when it began. */
export function* bringForward(sync: Sync, pods: readonly Pod[], revisions: Parameters<typeof statusOf>[2]): Procedure<{ readonly status: StatefulSetStatus; readonly error?: string }> {
  const { set, nowUs } = sync;
  const { current, update } = revisions;
  const status = statusOf(set, pods, revisions, nowUs);
  if (set.metadata.deletionTimestamp !== undefined) return { status };
  const byOrdinal = new Map<number, Replica>(pods.map((pod) => [ordinalOf(pod), pod]));
  const replicas = Array.from({ length: wantedReplicas(set) }, (_, index) => byOrdinal.get(startOrdinal(set) + index) ?? newVersionedReplica(set, current, update, startOrdinal(set) + index));
  const condemned = pods.filter((pod) => ordinalOf(pod) >= 0 && !isInRange(set, pod)).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const firstUnavailable = [...replicas, ...[...condemned].reverse()].find((pod) => isUnavailable(set, pod, nowUs));
  const ordered = isOrdered(set);
  const stages: readonly [readonly Replica[], (pod: Replica) => Procedure<Then>][] = [
    [replicas, (pod) => tend(sync, pod)], [condemned, (pod) => fixClaims(sync, pod)], [condemned, (pod) => condemn(sync, pod, firstUnavailable)],
  ];
  for (const [of, work] of stages) {
    const then = yield* forAll(ordered, of, work);
    if (then !== 'go on') return then === 'stop' ? { status } : { status, error: then.error };
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return { status };
  return yield* renew(sync, replicas, update.name, status);
}

/** Deletes the last Pod that is not of the new revision, once all behind it are available. It is made anew by a later sync. */
function* renew(sync: Sync, replicas: readonly Replica[], revision: string, status: StatefulSetStatus): Procedure<{ readonly status: StatefulSetStatus; readonly error?: string }> {
  for (let target = replicas.length - 1; target >= partitionOf(sync.set); target -= 1) {
    const pod = replicas[target]!;
    if (revisionOf(pod) !== revision && !isTerminating(pod)) {
      const then = yield* deletePod(sync, pod, `wants ${revision}, has one of ${revisionOf(pod)}`);
      return typeof then === 'object' ? { status, error: then.error } : { status: { ...status, currentReplicas: (status.currentReplicas ?? 0) - 1 } };
    }
    if (isUnavailable(sync.set, pod, sync.nowUs)) break;
  }
  return { status };
}
