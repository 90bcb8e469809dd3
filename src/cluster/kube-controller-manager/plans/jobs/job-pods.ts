/** What a Job's Pod says. Models pkg/controller/job/{tracking_utils,indexed_job_utils,backoff_utils}.go. */
import type { ContainerStatus, Pod } from '../../../../kubernetes/api/index.ts';
import type { Job } from '../../../../kubernetes/api/batch-v1.ts';
import { parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import { readyCondition } from '../pod-state.ts';
import { replacesOnlyFailed } from './job-facts.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
export const ignoredFailureCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) ?? false;

/** The index in its annotation, or undefined where there is none that is one. */
export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[indexAnnotation];
  return text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether the index is one of the Job's. */
export const hasValidIndex = (job: Job, pod: Pod): boolean => (indexOf(pod) ?? Infinity) < (job.spec.completions ?? 0);

export const hasSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';

/** One that is being deleted counts as failed, unless its replacement waits for its end. Models isPodFailed. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && pod.metadata.deletionTimestamp !== undefined && !hasSucceeded(pod);
}

const countIn = (pod: Pod, annotation: string): number => {
  const text = pod.metadata.annotations?.[annotation];
  return text !== undefined && /^\+?\d+$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : 0;
};
/** How often its index had failed before it, by what counts. */
export const failureCount = (pod: Pod): number => countIn(pod, failureCountAnnotation);
export const ignoredFailureCount = (pod: Pod): number => countIn(pod, ignoredFailureCountAnnotation);
/** By all there was. */
export const absoluteFailureCount = (pod: Pod): number => failureCount(pod) + ignoredFailureCount(pod);

/** When all of these have ended, the latest end; undefined as long as one has not. */
function latestEnd(statuses: readonly ContainerStatus[], before: number | undefined): number | undefined | 'not all' {
  let latest = before;
  for (const { state } of statuses) {
    const endUs = parseTime(state?.terminated?.finishedAt);
    if (endUs === undefined) return 'not all';
    if (latest === undefined || endUs > latest) latest = endUs;
  }
  return latest;
}

/** When the Pod ended: its containers' last end, or since when it is not ready, or when it was deleted, or (which should not be) when it was made. Models getFinishedTime. */
export function finishedAtUs(pod: Pod): SimTime {
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const ordinary = latestEnd(pod.status?.containerStatuses ?? [], undefined);
  const ended = latestEnd((pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)), ordinary === 'not all' ? undefined : ordinary);
  if (typeof ended === 'number') return ended;
  const ready = readyCondition(pod);
  const unreadyUs = ready?.status === 'False' ? parseTime(ready.lastTransitionTime) : undefined;
  if (unreadyUs !== undefined) return unreadyUs;
  const goneUs = parseTime(pod.metadata.deletionTimestamp);
  return goneUs !== undefined ? goneUs - (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1_000_000 : parseTime(pod.metadata.creationTimestamp) ?? 0;
}
