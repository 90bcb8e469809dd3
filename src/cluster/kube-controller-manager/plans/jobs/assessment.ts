/** What a Job's Pods amount to, and whether that decides it. Models pkg/controller/job/job_controller.go: the first half of syncJob. */
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { Job, JobCondition, JobStatus } from '../../../../kubernetes/api/batch-v1.ts';
import { formatTime, parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../pod-state.ts';
import { judge } from './failure-policy.ts';
import { countOf, hasIndex, parseIntervals, withIndexes, type Intervals } from './index-intervals.ts';
import { backoffAfter, type Backoff } from './job-backoff.ts';
import { isIndexed, isSuspended, isTrue, limitsPerIndex, newCondition } from './job-facts.ts';
import { absoluteFailureCount, failureCount, finishedAtUs, hasFailed, hasSucceeded, hasValidIndex, indexOf, isTracked, uidOf } from './job-pods.ts';
import { metPolicy } from './success-policy.ts';

export interface Assessment {
  readonly job: Job;
  /** The job's status as far as this sync has changed it. */
  readonly status: JobStatus;
  readonly pods: readonly Pod[];
  readonly activePods: readonly Pod[];
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Of an Indexed Job: as its status had them, and with those whose Pods have succeeded since. */
  readonly knownIndexes: Intervals;
  readonly succeededIndexes: Intervals;
  /** Where there is a limit for each index. */
  readonly failedIndexes: Intervals | undefined;
  /** The last failed Pod of an index, kept until there is another to carry its count on. */
  readonly delayed: ReadonlyMap<number, Pod>;
  /** Pods whose finalizers were removed, which the cache does not show yet. */
  readonly expected: ReadonlySet<string>;
  readonly backoff: Backoff;
  readonly condition: JobCondition | undefined;
  /** When its deadline is to be looked at. */
  readonly deadlineInUs: number | undefined;
}

interface Given { readonly expected: ReadonlySet<string>; readonly backoff: Backoff; readonly nowUs: SimTime }

export function assess(job: Job, pods: readonly Pod[], { expected, backoff, nowUs }: Given): Assessment {
  const before = job.status ?? {};
  const uncounted = { succeeded: new Set(before.uncountedTerminatedPods?.succeeded), failed: new Set(before.uncountedTerminatedPods?.failed) };
  const counts = (pod: Pod, known: ReadonlySet<string>): boolean => isTracked(pod) && !known.has(uidOf(pod)) && !expected.has(uidOf(pod)) && (!isIndexed(job) || hasValidIndex(job, pod));
  const activePods = pods.filter(isPodActive);
  const newlySucceeded = pods.filter((pod) => hasSucceeded(pod) && counts(pod, uncounted.succeeded));
  const newlyFailed = pods.filter((pod) => hasFailed(pod, job) && counts(pod, uncounted.failed));
  const starts = before.startTime === undefined && !isSuspended(job);
  const status: JobStatus = starts ? { ...before, startTime: formatTime(nowUs) } : before;
  const failed = (before.failed ?? 0) + newlyFailed.filter((pod) => judge(job.spec.podFailurePolicy, pod).counts).length + uncounted.failed.size;
  const indexes = indexesOf(job, pods, (pod) => counts(pod, new Set()));
  const decided = decide(job, status, pods, failed, indexes, nowUs);
  return {
    job, status, pods, activePods, active: activePods.length, ready: activePods.filter(isPodReady).length, terminating: pods.filter(isPodTerminating).length, failed, ...indexes,
    succeeded: isIndexed(job) ? countOf(indexes.succeededIndexes) : (before.succeeded ?? 0) + newlySucceeded.length + uncounted.succeeded.size,
    expected, backoff: backoffAfter(backoff, newlySucceeded, newlyFailed), ...decided,
  };
}

type Indexes = Pick<Assessment, 'knownIndexes' | 'succeededIndexes' | 'failedIndexes' | 'delayed'>;
const noIndexes: Indexes = { knownIndexes: [], succeededIndexes: [], failedIndexes: undefined, delayed: new Map() };

/** Models calculateSucceededIndexes, calculateFailedIndexes and getPodsWithDelayedDeletionPerIndex. */
function indexesOf(job: Job, pods: readonly Pod[], counts: (pod: Pod) => boolean): Indexes {
  if (!isIndexed(job)) return noIndexes;
  const { completions = 0 } = job.spec;
  const knownIndexes = parseIntervals(job.status?.completedIndexes, completions);
  const tracked = pods.filter((pod) => isTracked(pod) && hasValidIndex(job, pod));
  const succeededIndexes = withIndexes(knownIndexes, tracked.filter(hasSucceeded).map((pod) => indexOf(pod)!));
  if (!limitsPerIndex(job)) return { ...noIndexes, knownIndexes, succeededIndexes };
  const failedIndexes = withIndexes(parseIntervals(job.status?.failedIndexes, completions), tracked.filter((pod) => failsItsIndex(job, pod)).map((pod) => indexOf(pod)!));
  const activeIndexes = new Set(pods.filter(isPodActive).map(indexOf));
  const delayed = new Map<number, Pod>();
  for (const pod of pods) {
    if (!counts(pod) || !hasFailed(pod, job)) continue;
    const index = indexOf(pod)!;
    if (hasIndex(succeededIndexes, index) || hasIndex(failedIndexes, index) || activeIndexes.has(index)) continue;
    const last = delayed.get(index);
    if (last === undefined || (absoluteFailureCount(last) <= absoluteFailureCount(pod) && finishedAtUs(pod) >= finishedAtUs(last))) delayed.set(index, pod);
  }
  return { knownIndexes, succeededIndexes, failedIndexes, delayed };
}

/** Models isIndexFailed. */
function failsItsIndex(job: Job, pod: Pod): boolean {
  if (!hasFailed(pod, job)) return false;
  const verdict = judge(job.spec.podFailurePolicy, pod);
  return verdict.action === 'FailIndex' || (verdict.counts && failureCount(pod) >= job.spec.backoffLimitPerIndex!);
}

const failure = (reason: string, message: string, nowUs: SimTime): JobCondition => newCondition('FailureTarget', 'True', reason, message, nowUs);

/** The condition that its Pods lead to, in the order in which reasons count. */
function decide(job: Job, status: JobStatus, pods: readonly Pod[], failed: number, { succeededIndexes, failedIndexes }: Indexes, nowUs: SimTime): Pick<Assessment, 'condition' | 'deadlineInUs'> {
  const known = (type: JobCondition['type']): JobCondition | undefined => status.conditions?.find((one) => one.type === type && one.status === 'True');
  const target = known('FailureTarget');
  let condition = known('SuccessCriteriaMet') ?? (target === undefined ? policyFailure(job, pods, nowUs) : newCondition('Failed', 'True', target.reason ?? '', target.message ?? '', nowUs));
  let deadlineInUs: number | undefined;
  if (condition === undefined) {
    const leftUs = deadlineLeftUs(job, status, nowUs);
    if (failed > job.spec.backoffLimit! || restartsTooOften(job, pods)) condition = failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit', nowUs);
    else if (leftUs !== undefined && leftUs <= 0) condition = failure('DeadlineExceeded', 'Job was active longer than specified deadline', nowUs);
    else deadlineInUs = leftUs;
  }
  if (condition === undefined && failedIndexes !== undefined) {
    const [failures, successes] = [countOf(failedIndexes), countOf(succeededIndexes)];
    const { maxFailedIndexes, completions = 0 } = job.spec;
    if (maxFailedIndexes !== undefined && failures > maxFailedIndexes) condition = failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes', nowUs);
    else if (failures > 0 && failures + successes >= completions) condition = failure('FailedIndexes', 'Job has failed indexes', nowUs);
  }
  if (condition === undefined && isIndexed(job)) {
    const message = metPolicy(job.spec.successPolicy, job.spec.completions ?? 0, succeededIndexes);
    if (message !== undefined) condition = newCondition('SuccessCriteriaMet', 'True', 'SuccessPolicy', message, nowUs);
  }
  return { condition, deadlineInUs };
}

/** Models getFailJobMessage. */
function policyFailure(job: Job, pods: readonly Pod[], nowUs: SimTime): JobCondition | undefined {
  const message = job.spec.podFailurePolicy === undefined ? undefined : pods.filter((pod) => hasFailed(pod, job)).map((pod) => judge(job.spec.podFailurePolicy, pod).message).find((found) => found !== undefined);
  return message === undefined ? undefined : failure('PodFailurePolicy', message, nowUs);
}

/** Of Pods whose containers are started again in place, the restarts count. Models pastBackoffLimitOnFailure. */
function restartsTooOften(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) restarts += restartCount;
  }
  return job.spec.backoffLimit === 0 ? restarts > 0 : restarts >= job.spec.backoffLimit!;
}

function deadlineLeftUs(job: Job, { startTime }: JobStatus, nowUs: SimTime): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  return activeDeadlineSeconds === undefined || isSuspended(job) ? undefined : parseTime(startTime)! + activeDeadlineSeconds * 1_000_000 - nowUs;
}

/** Whether as many have succeeded as were asked for, and none is at work any more. */
export function isComplete({ job, succeeded }: Assessment, active: number): boolean {
  const { completions } = job.spec;
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
}

export const completionsReached = (nowUs: SimTime): JobCondition => newCondition('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods', nowUs);
export const meetsCriteria = (status: JobStatus): boolean => isTrue(status.conditions, 'SuccessCriteriaMet');
