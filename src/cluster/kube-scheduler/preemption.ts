/**
 * Whom a Pod that fits nowhere may drive away. Models plugins/defaultpreemption/default_preemption.go and framework/preemption/preemption.go:
 * Preempt, SelectVictimsOnNode, pickOneNodeForPreemption.
 */
import type { Budget } from '../../kubernetes/api/disruption-budget.ts';
import type { Pod } from '../../kubernetes/api/index.ts';
import { parseTime } from '../../kubernetes/apimachinery/time.ts';
import { overdrawing } from './budgets.ts';
import { postFilterMessage } from './fit-error.ts';
import type { NodeInfo, PodInfo, Rejection } from './framework.ts';
import { countPod, nodeNamed, type SchedulerCache } from './scheduler-cache.ts';

/** The node that is made free, who must go, and how many of them beyond their budgets. */
export interface Preemption { readonly nodeName: string; readonly victims: readonly PodInfo[]; readonly overdrawn: number }
/** What PostFilter comes to; `keepsNomination`: what the Pod waits for already stays. */
export type PostFilter = { readonly preemption: Preemption } | { readonly message: string; readonly keepsNomination: boolean };

/** What preemption asks about besides the cache. */
export interface Preempting {
  /** The Pod as it is now: the cache does not follow its status. */
  now(pod: PodInfo): Pod;
  /** Pods are being driven away for this one. */
  readonly underWay: boolean;
  /** As far as they are known. */
  readonly budgets: readonly Budget[];
}

const noVictims = 'No preemption victims found for incoming pod';

/** Models podTerminatingByPreemption. */
const isLeaving = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && status?.conditions?.some(({ type, status: is, reason }) => type === 'DisruptionTarget' && is === 'True' && reason === 'PreemptionByScheduler') === true;

/** The Pods of lower priority, by node. */
function lowerPods(pod: PodInfo, cache: SchedulerCache): ReadonlyMap<string, readonly PodInfo[]> {
  const lower = new Map<string, PodInfo[]>();
  if (pod.priority <= cache.lowestPriority) return lower;
  for (const { info, nodeName } of cache.pods.values()) {
    if (info.priority >= pod.priority) continue;
    const known = lower.get(nodeName);
    if (known === undefined) lower.set(nodeName, [info]); else known.push(info);
  }
  return lower;
}

const startOf = (pod: Pod): number => parseTime(pod.status?.startTime) ?? Infinity;

/** As few as possible, the least important; or why this node is no help. */
function victimsOn(node: NodeInfo, lower: readonly PodInfo[], refuses: (node: NodeInfo) => Rejection | undefined, { now, budgets }: Preempting): Omit<Preemption, 'nodeName'> | Rejection {
  if (lower.length === 0) return { reasons: [noVictims], resolvable: false };
  let left = lower.reduce((rest, one) => countPod(rest, one, -1), node);
  const refused = refuses(left);
  if (refused !== undefined) return refused;
  const gone = new Set<PodInfo>();
  const byImportance = [...lower].sort((a, b) => b.priority - a.priority || startOf(now(a)) - startOf(now(b)));
  // Those that their budgets would keep are spared before all others.
  const kept = overdrawing(byImportance, budgets);
  for (const one of kept.size === 0 ? byImportance : [...kept, ...byImportance.filter((other) => !kept.has(other))]) {
    const spared = countPod(left, one, 1);
    if (refuses(spared) === undefined) left = spared; else gone.add(one);
  }
  return { victims: byImportance.filter((one) => gone.has(one)), overdrawn: [...kept].filter((one) => gone.has(one)).length };
}

/** Where the fewest budgets are overdrawn, then whose most important victim matters least, then the smallest sum, the fewest, and those that began last. */
function best(candidates: readonly Preemption[], { now }: Preempting): Preemption {
  const highest = ({ victims }: Preemption): number => Math.max(...victims.map(({ priority }) => priority));
  const sum = ({ victims }: Preemption): number => victims.reduce((total, { priority }) => total + priority + 2 ** 31, 0);
  const began = (one: Preemption): number => Math.min(...one.victims.filter(({ priority }) => priority === highest(one)).map((victim) => startOf(now(victim))));
  const compare = (a: Preemption, b: Preemption): number => a.overdrawn - b.overdrawn || highest(a) - highest(b) || sum(a) - sum(b) || a.victims.length - b.victims.length || (began(a) === began(b) ? 0 : began(b) - began(a));
  return candidates.reduce((chosen, one) => (compare(one, chosen) < 0 ? one : chosen));
}

/** Why the Pod may not drive others away (again). Models PodEligibleToPreemptOthers. */
function ineligible(pod: PodInfo, cache: SchedulerCache, helpful: readonly NodeInfo[], lower: ReadonlyMap<string, readonly PodInfo[]>, { now, underWay }: Preempting): string | undefined {
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = cache.nominated.get(pod.key)?.nodeName;
  if (nominated === undefined || (nodeNamed(cache, nominated) !== undefined && !helpful.some(({ name }) => name === nominated))) return undefined;
  return underWay || lower.get(nominated)?.some((one) => isLeaving(now(one))) === true ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** `helpful` are the nodes on which the removal of Pods may help; `refuses` is what the filters say of a node. */
export function preempt(pod: PodInfo, cache: SchedulerCache, helpful: readonly NodeInfo[], refuses: (node: NodeInfo) => Rejection | undefined, asked: Preempting): PostFilter {
  const lower = lowerPods(pod, cache);
  const reason = ineligible(pod, cache, helpful, lower, asked);
  if (reason !== undefined) return { message: postFilterMessage(reason), keepsNomination: true };
  const candidates: Preemption[] = [];
  const reasons = new Map<string, number>();
  for (const node of helpful) {
    const found = victimsOn(node, lower.get(node.name) ?? [], refuses, asked);
    if (!('reasons' in found)) candidates.push({ nodeName: node.name, ...found });
    else for (const each of found.reasons) reasons.set(each, (reasons.get(each) ?? 0) + 1);
  }
  if (candidates.length > 0) return { preemption: best(candidates, asked) };
  return { message: postFilterMessage({ nodes: cache.nodes.size, helpful: helpful.length, reasons }), keepsNomination: false };
}
