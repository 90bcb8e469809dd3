/** What a disruption budget says of itself, written by its controller and by the server that lets a Pod go. Models pkg/apis/policy/v1/helpers.go. */
import { setCondition } from '../apimachinery/conditions.ts';
import { formatTime } from '../apimachinery/time.ts';
import type { BudgetSpec, BudgetStatus, Of } from './kept-specs.ts';

export type Budget = Omit<Of<BudgetSpec>, 'status'> & { readonly status?: BudgetStatus };
export const disruptionAllowed = 'DisruptionAllowed';

/** Whether evictions are let through, as a condition. Models UpdateDisruptionAllowedCondition. */
export function withAllowed(conditions: BudgetStatus['conditions'], allowed: number, observedGeneration: number, nowUs: number): BudgetStatus['conditions'] {
  return setCondition(conditions, { type: disruptionAllowed, status: allowed > 0 ? 'True' : 'False', reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods', message: '', observedGeneration, lastTransitionTime: formatTime(nowUs) });
}
