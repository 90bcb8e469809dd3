/** What a disruption budget's status is for the Pods it selects. Models pkg/controller/disruption/disruption.go: trySync. */
import type { KubeObject, Pod } from '../../../kubernetes/api/index.ts';
import { disruptionAllowed, withAllowed, type Budget } from '../../../kubernetes/api/disruption-budget.ts';
import type { BudgetStatus } from '../../../kubernetes/api/kept-specs.ts';
import { findCondition, setCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { formatTime, parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { isPodReady } from './pod-state.ts';

/** How long a Pod that was let go may take to be deleted before it counts again. */
const deletionTimeoutUs = 120_000_000;

/** An amount, or a share of the whole rounded up. */
export const amountOf = (value: number | string, whole: number): number => (typeof value === 'number' ? value : Math.ceil((Number(value.replace('%', '')) * whole) / 100));

/** How many there should be of the Pods' controllers together; undefined where one of these is not known. */
export type ScaleOf = () => number | undefined;

/** The status, and when to look again; or what cannot be counted. */
export function statusOf(budget: Budget, pods: readonly Pod[], scaleOf: ScaleOf, nowUs: number): { readonly status: BudgetStatus; readonly recheckUs?: number } | undefined {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  const counted = maxUnavailable !== undefined || typeof minAvailable === 'string';
  const expectedPods = counted ? scaleOf() : minAvailable === undefined ? 0 : pods.length;
  if (expectedPods === undefined) return undefined;
  const desiredHealthy = maxUnavailable !== undefined ? Math.max(0, expectedPods - amountOf(maxUnavailable, expectedPods)) : amountOf(minAvailable ?? 0, expectedPods);
  const { disruptedPods, recheckUs } = stillDisrupted(budget, pods, nowUs);
  const currentHealthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && disruptedPods[pod.metadata.name] === undefined && isPodReady(pod)).length;
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const observedGeneration = budget.metadata.generation ?? 0;
  const status = {
    conditions: withAllowed(budget.status?.conditions, disruptionsAllowed, observedGeneration, nowUs), currentHealthy, desiredHealthy,
    ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }), disruptionsAllowed, expectedPods, observedGeneration,
  };
  return { status, ...(recheckUs !== undefined && { recheckUs }) };
}

/** Where the Pods cannot be counted nothing may be evicted. Models disruption.go: failSafe. */
export function failSafe({ status }: Budget, message: string, nowUs: number): BudgetStatus {
  const { observedGeneration = 0 } = status ?? {};
  return {
    currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...status, disruptionsAllowed: 0, observedGeneration,
    conditions: setCondition(status?.conditions, { type: disruptionAllowed, status: 'False', reason: 'SyncFailed', message, observedGeneration, lastTransitionTime: formatTime(nowUs) }),
  };
}

/** Models buildDisruptedPodMap. */
function stillDisrupted({ status }: Budget, pods: readonly Pod[], nowUs: number): { readonly disruptedPods: { readonly [name: string]: string }; readonly recheckUs?: number } {
  const disruptedPods: Record<string, string> = {};
  let recheckUs: number | undefined;
  for (const { metadata: { name, deletionTimestamp } } of pods) {
    const since = status?.disruptedPods?.[name];
    if (since === undefined || deletionTimestamp !== undefined) continue;
    const untilUs = (parseTime(since) ?? 0) + deletionTimeoutUs;
    if (untilUs < nowUs) continue;
    disruptedPods[name] = since;
    recheckUs = Math.min(recheckUs ?? untilUs, untilUs);
  }
  return { disruptedPods, ...(recheckUs !== undefined && { recheckUs: recheckUs - nowUs }) };
}

export const isUpToDate = (budget: Budget, status: BudgetStatus): boolean => findCondition(budget.status?.conditions, disruptionAllowed) !== undefined && sameStatus(budget.status!, status);

function sameStatus(a: BudgetStatus, b: BudgetStatus): boolean {
  const text = ({ conditions, disruptedPods = {}, ...counts }: BudgetStatus): string => JSON.stringify([conditions, Object.entries(disruptedPods).sort(), Object.entries(counts).sort()]);
  return text(a) === text(b);
}

export const asObject = (budget: Budget, status: BudgetStatus): KubeObject => ({ ...budget, apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', status }) as unknown as KubeObject;
