/**
 * How Pods that have ended come to be counted exactly once: their uids go into the status, then their finalizers are removed, then the counters move.
 * Models pkg/controller/job/job_controller.go: trackJobStatusAndRemoveFinalizers and the functions it names.
 */
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { JobCondition, JobStatus } from '../../../../kubernetes/api/batch-v1.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import { meetsCriteria, type Assessment } from './assessment.ts';
import { judge } from './failure-policy.ts';
import { countOf, formatIntervals, hasIndex, withIndexes } from './index-intervals.ts';
import { isIndexed, limitsPerIndex, newCondition, withCondition } from './job-facts.ts';
import { hasFailed, hasSucceeded, hasValidIndex, indexOf, isTracked, uidOf } from './job-pods.ts';

export interface Tracking {
  /** The status to be written before any finalizer goes. */
  readonly status: JobStatus;
  readonly changed: boolean;
  readonly finalizersToRemove: readonly Pod[];
  /** Pods that have a finalizer as far as is known. */
  readonly tracked: ReadonlySet<string>;
  /** The condition with which the Job ends when all is counted. */
  readonly final: JobCondition | undefined;
}

const mostUncounted = 500;

export function track(assessed: Assessment, status: JobStatus, given: boolean, nowUs: SimTime): Tracking {
  const { job, condition, expected } = assessed;
  const pods = isIndexed(job) ? [...assessed.pods].sort((a, b) => (indexOf(a) ?? -1) - (indexOf(b) ?? -1)) : assessed.pods;
  const open = pods.filter((pod) => isTracked(pod) && !expected.has(uidOf(pod)));
  const tracked = new Set(open.map(uidOf));
  const cleaned = countUntracked(status, tracked);
  const ended = gather(assessed, open, cleaned);
  const indexes = isIndexed(job) ? withIndexStatus(assessed, ended.status, ended.indexes) : ended.status;
  const indexesChanged = indexes.completedIndexes !== ended.status.completedIndexes || indexes.failedIndexes !== ended.status.failedIndexes;
  const target = condition?.type === 'FailureTarget' || (condition?.type === 'SuccessCriteriaMet' && !meetsCriteria(indexes)) ? condition : undefined;
  return {
    status: target === undefined ? indexes : { ...indexes, conditions: [...(indexes.conditions ?? []), target] },
    changed: given || cleaned !== status || ended.changed || indexesChanged || target !== undefined,
    finalizersToRemove: ended.pods, tracked, final: ended.full ? undefined : finalOf(condition, nowUs),
  };
}

function finalOf(condition: JobCondition | undefined, nowUs: SimTime): JobCondition | undefined {
  switch (condition?.type) {
    case 'FailureTarget': return newCondition('Failed', 'True', condition.reason ?? '', condition.message ?? '', nowUs);
    case 'SuccessCriteriaMet': return newCondition('Complete', 'True', condition.reason ?? '', condition.message ?? '', nowUs);
    default: return condition;
  }
}

interface Gathered { readonly status: JobStatus; readonly indexes: readonly number[]; readonly pods: readonly Pod[]; readonly changed: boolean; readonly full: boolean }

/** The Pods that have ended, and what is to be written about them. */
function gather(assessed: Assessment, open: readonly Pod[], before: JobStatus): Gathered {
  const { job, condition, knownIndexes } = assessed;
  const uncounted = { succeeded: [...(before.uncountedTerminatedPods?.succeeded ?? [])], failed: [...(before.uncountedTerminatedPods?.failed ?? [])] };
  const known = { succeeded: new Set(uncounted.succeeded), failed: new Set(uncounted.failed) };
  const indexes: number[] = [];
  const pods: Pod[] = [];
  let [changed, full] = [false, false];
  for (const pod of open) {
    const failed = hasFailed(pod, job);
    if (!canGo(assessed, pod, failed)) continue;
    pods.push(pod);
    const uid = uidOf(pod);
    const belongs = !isIndexed(job) || hasValidIndex(job, pod);
    if (hasSucceeded(pod) && !known.failed.has(uid)) {
      if (isIndexed(job)) {
        if (belongs && !hasIndex(knownIndexes, indexOf(pod)!)) { indexes.push(indexOf(pod)!); changed = true; }
      } else if (!known.succeeded.has(uid)) { uncounted.succeeded.push(uid); changed = true; }
    } else if ((failed || (condition !== undefined && condition.type !== 'SuccessCriteriaMet')) && belongs && !known.failed.has(uid) && judge(job.spec.podFailurePolicy, pod).counts) {
      // Once a Job is over, every Pod that has not ended counts as failed.
      uncounted.failed.push(uid);
      changed = true;
    }
    if (indexes.length + uncounted.succeeded.length + uncounted.failed.length >= mostUncounted) { full = true; break; }
  }
  return { status: { ...before, uncountedTerminatedPods: asStored(uncounted) }, indexes, pods, changed, full };
}

const asStored = ({ succeeded, failed }: { readonly succeeded: readonly string[]; readonly failed: readonly string[] }): NonNullable<JobStatus['uncountedTerminatedPods']> =>
  ({ ...(succeeded.length === 0 ? {} : { succeeded }), ...(failed.length === 0 ? {} : { failed }) });

/** Models canRemoveFinalizer. */
function canGo({ job, condition, delayed }: Assessment, pod: Pod, failed: boolean): boolean {
  if (job.metadata.deletionTimestamp !== undefined || condition !== undefined || hasSucceeded(pod)) return true;
  const index = indexOf(pod);
  return failed && !(limitsPerIndex(job) && index !== undefined && delayed.get(index)?.metadata.uid === pod.metadata.uid);
}

function withIndexStatus({ succeededIndexes, failedIndexes }: Assessment, status: JobStatus, indexes: readonly number[]): JobStatus {
  const all = withIndexes(succeededIndexes, indexes);
  const { completedIndexes: _, failedIndexes: __, ...rest } = status;
  const text = formatIntervals(all);
  return { ...rest, succeeded: countOf(all), ...(text === '' ? {} : { completedIndexes: text }), ...(failedIndexes === undefined ? {} : { failedIndexes: formatIntervals(failedIndexes) }) };
}

/** The status with those counted whose finalizers are gone; the same object where there are none. Models cleanUncountedPodsWithoutFinalizers. */
export function countUntracked(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const left = { succeeded: succeeded.filter((uid) => tracked.has(uid)), failed: failed.filter((uid) => tracked.has(uid)) };
  const [moreSucceeded, moreFailed] = [succeeded.length - left.succeeded.length, failed.length - left.failed.length];
  if (moreSucceeded === 0 && moreFailed === 0) return status;
  return { ...status, succeeded: (status.succeeded ?? 0) + moreSucceeded, failed: (status.failed ?? 0) + moreFailed, uncountedTerminatedPods: asStored(left) };
}

/** The status with which the Job is over, or undefined while something is left to count or to end. Models enactJobFinished. */
export function finished(status: JobStatus, final: JobCondition | undefined, terminating: number, nowUs: SimTime): JobStatus | undefined {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (final === undefined || succeeded.length + failed.length > 0 || terminating > 0) return undefined;
  const now = newCondition(final.type, final.status as 'True', final.reason ?? '', final.message ?? '', nowUs);
  return { ...status, conditions: withCondition(status.conditions ?? [], now), ...(final.type === 'Complete' ? { completionTime: now.lastTransitionTime! } : {}) };
}

/** As Go writes it: counters of zero are left out where they are no pointers. */
export function stored(status: JobStatus): JobStatus {
  const { active = 0, succeeded = 0, failed = 0, ...rest } = status;
  return { ...rest, ...(active === 0 ? {} : { active }), ...(succeeded === 0 ? {} : { succeeded }), ...(failed === 0 ? {} : { failed }) };
}
