import type { DeleteOptions, KubeObject, Pod, PodCondition, Status } from '../../../kubernetes/api/index.ts';
import { disruptionAllowed, withAllowed, type Budget } from '../../../kubernetes/api/disruption-budget.ts';
import type { BudgetStatus } from '../../../kubernetes/api/kept-specs.ts';
import { findCondition, isConditionTrue, setCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { forbiddenError, successStatus, tooManyRequestsError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { LookUp } from '../admission/plugin.ts';
import { planDelete } from '../deletion.ts';
import { isDryRun } from '../dry-run.ts';
import { servedAs, storageKey } from '../served.ts';
import type { Inflight } from '../state.ts';
import type { Spending, Subresource } from './subresource.ts';

export const budgets = servedAs('poddisruptionbudgets.policy');
/** So many Pods may be let go and not yet be deleted. */
const mostDisrupted = 2_000;

/** Models pkg/registry/core/pod/storage/eviction.go. */
export const eviction: Subresource = {
  verbs: ['create'],
  decide(inflight, current, { env }) {
    const { request, served } = inflight;
    const { deleteOptions } = (request.body ?? {}) as { readonly deleteOptions?: DeleteOptions };
    const wish = inflight.charged === true || ignoresBudgets(current as Pod) ? undefined : askBudget(inflight, current as Pod, env.nowUs);
    return wish ?? planDelete(served, isDryRun(inflight) ? current : disrupted(current as Pod, env.nowUs), deleteOptions ?? {}, env.nowUs);
  },
  answer: () => ({ ...successStatus(), code: 201 }),
};

/** The Pod with the word that it was evicted, in one write with its deletion where upstream makes two. Models addConditionAndDeletePod. */
function disrupted(pod: Pod, nowUs: number): Pod {
  const condition: PodCondition = { type: 'DisruptionTarget', status: 'True', lastProbeTime: null, lastTransitionTime: formatTime(nowUs), reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  return { ...pod, status: { ...pod.status, conditions: setCondition(pod.status?.conditions, condition) } };
}

/** Models canIgnorePDB. */
const ignoresBudgets = ({ metadata, status }: Pod): boolean => metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');

/** What stands in the way of an eviction: the budgets must be looked up, one of them refuses, or one of them is spent first. */
function askBudget(inflight: Inflight, pod: Pod, nowUs: number): LookUp | Spending | { readonly refuse: Status } | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const listed = inflight.looked[storageKey(budgets, namespace, '')];
  if (listed === undefined) return { lookUp: { resource: budgets, namespace, name: '' }, afterUs: 0 };
  const found = ((listed as unknown as { readonly items?: readonly Budget[] } | null)?.items ?? []).filter(({ spec }) => spec?.selector !== undefined && compileLabelSelector(spec.selector).matches(pod.metadata.labels));
  if (found.length === 0) return undefined;
  if (found.length > 1) return { refuse: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.', code: 500 } };
  // Somebody may have spent it in between: then it was read again.
  const budget = (inflight.looked[storageKey(budgets, namespace, found[0]!.metadata.name)] ?? found[0]) as Budget;
  const { currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  const ready = isConditionTrue(pod.status?.conditions, 'Ready');
  if (!ready && (budget.spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0))) return undefined;
  return spendOn(budget, pod.metadata.name, nowUs, isDryRun(inflight));
}

const violates = "Cannot evict pod as it would violate the pod's disruption budget.";
const refusedBy = (message: string, retryAfterSeconds = 0): { readonly refuse: Status } => {
  const status = tooManyRequestsError(violates, retryAfterSeconds);
  return { refuse: { ...status, details: { ...status.details, causes: [{ reason: 'DisruptionBudget', message }] } } };
};

/** Models checkAndDecrement. */
function spendOn(budget: Budget, pod: string, nowUs: number, dry: boolean): Spending | { readonly refuse: Status } | undefined {
  const { metadata: { name, generation = 0 } } = budget;
  const status: BudgetStatus = budget.status ?? { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0, observedGeneration: 0 };
  const { disruptionsAllowed = 0, disruptedPods = {}, observedGeneration = 0 } = status;
  if (observedGeneration < generation) return refusedBy(`The disruption budget ${name} is still being processed by the server.`, 10);
  const forbids = (why: string) => ({ refuse: forbiddenError({ group: 'policy', resource: 'poddisruptionbudget' }, name, why) });
  if (disruptionsAllowed < 0) return forbids('pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > mostDisrupted) return forbids('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (disruptionsAllowed === 0) return refusedBy(whyNone(name, status));
  if (dry) return undefined;
  const left = disruptionsAllowed - 1;
  const next = { ...status, disruptionsAllowed: left, ...(left === 0 && { conditions: withAllowed(status.conditions, left, observedGeneration, nowUs) }), disruptedPods: { ...disruptedPods, [pod]: formatTime(nowUs) } };
  return { spend: budget as unknown as KubeObject, next: { ...budget, status: next } as unknown as KubeObject };
}

function whyNone(name: string, { conditions, currentHealthy, desiredHealthy }: BudgetStatus): string {
  const { status, reason = '', message = '' } = findCondition(conditions, disruptionAllowed) ?? {};
  const says = status === 'False' && message !== '';
  if (says && reason === 'SyncFailed') return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy) return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return `The disruption budget ${name} does not allow evicting pods currently${says ? ` (${reason}): ${message}` : ''}`;
}
