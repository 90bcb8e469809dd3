/** How long a Job waits before it makes Pods in place of failed ones. Models pkg/controller/job/backoff_utils.go. */
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import { absoluteFailureCount, finishedAtUs } from './job-pods.ts';

/** `failures`: Pods that failed since one last succeeded. */
export interface Backoff { readonly failures: number; readonly lastFailureUs: SimTime }
export const noBackoff: Backoff = { failures: 0, lastFailureUs: 0 };

const firstUs = 10_000_000;
const mostUs = 600_000_000;

/** The record with Pods that have ended since. Models newBackoffRecord. */
export function backoffAfter(before: Backoff, succeeded: readonly Pod[], failed: readonly Pod[]): Backoff {
  if (succeeded.length === 0 && failed.length === 0) return before;
  const lastSuccessUs = succeeded.length === 0 ? undefined : Math.max(...succeeded.map(finishedAtUs));
  const ends = failed.map(finishedAtUs).filter((endUs) => lastSuccessUs === undefined || endUs > lastSuccessUs);
  if (ends.length === 0) return lastSuccessUs === undefined ? before : noBackoff;
  return { failures: (lastSuccessUs === undefined ? before.failures : 0) + ends.length, lastFailureUs: Math.max(...ends) };
}

/** 10 s, doubled with each failure, up to 10 min, of which some may be over. Models getRemainingTimeForFailuresCount. */
export function remainingUs({ failures, lastFailureUs }: Backoff, nowUs: SimTime): number {
  if (failures === 0) return 0;
  return Math.max(0, Math.min(firstUs * 2 ** Math.min(failures - 1, 10), mostUs) - (nowUs - lastFailureUs));
}

/** Of one index, whose last failed Pod says how often it has failed. Models getRemainingTimePerIndex. */
export const remainingOfIndexUs = (lastFailed: Pod | undefined, nowUs: SimTime): number =>
  (lastFailed === undefined ? 0 : remainingUs({ failures: absoluteFailureCount(lastFailed) + 1, lastFailureUs: finishedAtUs(lastFailed) }, nowUs));
