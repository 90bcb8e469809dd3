/** Which Pods a Job needs next, and which are too many. Models pkg/controller/job/job_controller.go: manageJob. */
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { Job } from '../../../../kubernetes/api/batch-v1.ts';
import { parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import { isPodReady, isPodTerminating, readyCondition } from '../pod-state.ts';
import type { Assessment } from './assessment.ts';
import { freeIndexes, merge, withIndexes } from './index-intervals.ts';
import { remainingOfIndexUs, remainingUs } from './job-backoff.ts';
import { isIndexed, isSuspended, limitsPerIndex, replacesOnlyFailed } from './job-facts.ts';
import { indexOf } from './job-pods.ts';

/** `indexes`: one for each Pod to be made; undefined where Pods have none. */
export type PodPlan =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly forUs: number }
  | { readonly do: 'delete'; readonly pods: readonly Pod[] }
  | { readonly do: 'create'; readonly indexes: readonly (number | undefined)[] };

const mostAtOnce = 500;

export function planPods(assessed: Assessment, nowUs: SimTime): PodPlan {
  const { job, active, activePods, terminating, backoff } = assessed;
  if (isSuspended(job)) return { do: 'delete', pods: podsForRemoval(job, activePods, active) };
  const wanted = wantedActive(assessed);
  const tooMany = podsForRemoval(job, activePods, Math.max(0, active - wanted)).slice(0, mostAtOnce);
  if (tooMany.length > 0) return { do: 'delete', pods: tooMany };
  const missing = wanted - active - (replacesOnlyFailed(job) ? terminating : 0);
  if (missing <= 0) return { do: 'nothing' };
  const waitUs = limitsPerIndex(job) ? 0 : remainingUs(backoff, nowUs);
  if (waitUs > 0) return { do: 'wait', forUs: waitUs };
  const count = Math.min(missing, mostAtOnce);
  return isIndexed(job) ? planIndexes(assessed, count, nowUs) : { do: 'create', indexes: Array.from({ length: count }, () => undefined) };
}

/** A Job without completions keeps as many at work as it may until one has succeeded; others no more than are still needed. */
function wantedActive({ job, active, succeeded }: Assessment): number {
  const { completions, parallelism = 1 } = job.spec;
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** Models firstPendingIndexes and getPodCreationInfoForIndependentIndexes. */
function planIndexes({ job, pods, activePods, succeededIndexes, failedIndexes, delayed }: Assessment, count: number, nowUs: SimTime): PodPlan {
  const indexesOf = (some: readonly Pod[]): readonly number[] => some.map(indexOf).filter((index) => index !== undefined);
  let taken = withIndexes(succeededIndexes, indexesOf(activePods));
  if (replacesOnlyFailed(job)) taken = withIndexes(taken, indexesOf(pods.filter(isPodTerminating)));
  if (failedIndexes !== undefined) taken = merge(taken, failedIndexes);
  const free = freeIndexes(taken, count, job.spec.completions ?? 0);
  if (!limitsPerIndex(job)) return free.length === 0 ? { do: 'nothing' } : { do: 'create', indexes: free };
  const waits = free.map((index) => remainingOfIndexUs(delayed.get(index), nowUs));
  const now = free.filter((_, at) => waits[at] === 0);
  return now.length > 0 ? { do: 'create', indexes: now } : free.length === 0 ? { do: 'nothing' } : { do: 'wait', forUs: Math.min(...waits) };
}

/** Pods without a valid index, all but one of those of the same index, and then those least far on. Models activePodsForRemoval. */
function podsForRemoval(job: Job, pods: readonly Pod[], atLeast: number): readonly Pod[] {
  const [doubled, left] = isIndexed(job) ? partedByIndex(job, pods) : [[], pods];
  return doubled.length >= atLeast ? doubled : [...doubled, ...[...left].sort(byStage).slice(0, atLeast - doubled.length)];
}

function partedByIndex(job: Job, pods: readonly Pod[]): readonly [readonly Pod[], readonly Pod[]] {
  const { completions = 0 } = job.spec;
  const doubled: Pod[] = [];
  const left: Pod[] = [];
  const ofIndex = new Map<number, Pod[]>();
  for (const pod of pods) {
    const index = indexOf(pod);
    if (index === undefined || index >= completions) doubled.push(pod);
    else ofIndex.set(index, [...(ofIndex.get(index) ?? []), pod]);
  }
  for (const same of ofIndex.values()) {
    same.sort(byStage);
    doubled.push(...same.slice(0, -1));
    left.push(same.at(-1)!);
  }
  return [doubled, left];
}

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const restartsOf = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
const timeOf = (text: string | null | undefined): number => parseTime(text) ?? Infinity;

/** Unassigned before assigned, pending before running, unready before ready, the younger first. Models pkg/controller/controller_utils.go: ActivePods. */
function byStage(a: Pod, b: Pod): number {
  const ready = Number(isPodReady(a)) - Number(isPodReady(b));
  return Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) || (phases[a.status?.phase ?? ''] ?? 0) - (phases[b.status?.phase ?? ''] ?? 0) || ready
    || (isPodReady(a) ? timeOf(readyCondition(b)!.lastTransitionTime) - timeOf(readyCondition(a)!.lastTransitionTime) : 0) || restartsOf(b) - restartsOf(a)
    || timeOf(b.metadata.creationTimestamp) - timeOf(a.metadata.creationTimestamp);
}
