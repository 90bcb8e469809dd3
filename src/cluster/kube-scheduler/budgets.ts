/** The disruption budgets of who might be driven away; they are followed from the first time that somebody is. Models plugins/defaultpreemption/default_preemption.go: filterPodsWithPDBViolation. */
import type { Budget } from '../../kubernetes/api/disruption-budget.ts';
import { compileLabelSelector } from '../../kubernetes/apimachinery/label-selector.ts';
import { addInformer, lister, type Lister } from '../../kubernetes/client-go/index.ts';
import type { Outcome } from '../../simulation/process/process.ts';
import type { PodInfo } from './framework.ts';
import type { SchedulerState } from './state.ts';

const informer = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' } as const;
const budgetsOf = ({ client }: SchedulerState): Lister<Budget> => lister(client, informer.resource as 'pods') as unknown as Lister<Budget>;

/** Upstream follows them from the start. */
export function followBudgets(state: SchedulerState): Outcome<SchedulerState> {
  const [client, effects] = addInformer(state.client, informer);
  return [{ ...state, client, followsBudgets: true }, effects];
}

export const knowsBudgets = (state: SchedulerState): boolean => state.followsBudgets && budgetsOf(state).synced;
export const allBudgets = (state: SchedulerState): readonly Budget[] => (state.followsBudgets ? [...budgetsOf(state).all()] : []);

/** Those whose budgets would be overdrawn if all of them went, in the order given. */
export function overdrawing(pods: readonly PodInfo[], budgets: readonly Budget[]): ReadonlySet<PodInfo> {
  const found = new Set<PodInfo>();
  if (budgets.length === 0) return found;
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  for (const one of pods) {
    const { name, namespace, labels } = one.pod.metadata;
    if (labels === undefined || Object.keys(labels).length === 0) continue;
    budgets.forEach(({ metadata, spec: { selector }, status }, index) => {
      const isEmpty = selector === undefined || (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0);
      // Who was let go already is not counted again.
      if (metadata.namespace !== namespace || isEmpty || !compileLabelSelector(selector).matches(labels) || status?.disruptedPods?.[name] !== undefined) return;
      allowed[index]! -= 1;
      if (allowed[index]! < 0) found.add(one);
    });
  }
  return found;
}
