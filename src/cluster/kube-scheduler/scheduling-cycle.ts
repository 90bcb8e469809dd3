/** Where one Pod goes. Models pkg/scheduler/schedule_one.go: schedulePod, findNodesThatFitPod, prioritizeNodes. */
import type { NodeInfo, Plugin, PodInfo, Rejection, ScoreContext } from './framework.ts';
import { fitErrorMessage, noNodesMessage } from './fit-error.ts';
import { defaultPlugins, filterPlugins, scorePlugins, type EnabledPlugin } from './plugins/registry.ts';
import { preempt, type PostFilter, type Preempting } from './preemption.ts';
import { nodeNamed, withNominated, type SchedulerCache } from './scheduler-cache.ts';

const minFeasibleNodesToFind = 100;
const minFeasibleNodesPercentage = 5;
/** A decision about more nodes than these is told by its first ones only. */
const toldNodes = 20;

/** One row of the decision: why the node was refused, or how it was scored, plugin by plugin: as the plugin gave it, and normalized and weighted. */
export interface NodeVerdict {
  readonly node: string;
  readonly plugin?: string;
  readonly reasons?: readonly string[];
  readonly raw?: readonly number[];
  readonly scores?: readonly number[];
  readonly total?: number;
}

/** The evidence behind a decision: a table of nodes; `scorePlugins` heads the columns of `raw` and `scores`. */
export interface DecisionTable {
  readonly pod: string;
  /** '' where no node was chosen. */
  readonly chosen: string;
  /** The filter plugins that had something to check, in their order; each node is asked until one refuses. */
  readonly filterPlugins: readonly string[];
  readonly scorePlugins: readonly string[];
  readonly nodes: readonly NodeVerdict[];
  readonly moreNodes: number;
  /** Nodes that a PreFilter plugin ruled out together, and which one did. */
  readonly excluded: number;
  readonly excludedBy: string;
}

export type Decision =
  | { readonly kind: 'fits'; readonly nodeName: string; readonly feasible: number; readonly evaluated: number; readonly nextStart: number; readonly table: DecisionTable }
  | { readonly kind: 'unschedulable'; readonly message: string; readonly plugins: readonly string[]; readonly nextStart: number; readonly table: DecisionTable; readonly postFilter: PostFilter }
  | { readonly kind: 'no nodes'; readonly message: string; readonly nextStart: number };

/** How many nodes that fit are enough: all of up to 100, then a share that shrinks from 50 % to 5 % as the cluster grows. */
export function numFeasibleNodesToFind(nodes: number, percentageOfNodesToScore = 0): number {
  if (nodes < minFeasibleNodesToFind) return nodes;
  const percentage = percentageOfNodesToScore > 0 ? percentageOfNodesToScore : Math.max(50 - Math.trunc(nodes / 125), minFeasibleNodesPercentage);
  return Math.max(Math.trunc((nodes * percentage) / 100), minFeasibleNodesToFind);
}

/** The outcome of Filter: who fits, and for each that does not, which plugin said so. */
interface Filtered {
  readonly asked: readonly Plugin[];
  readonly fitting: readonly NodeInfo[];
  readonly refused: readonly { readonly node: NodeInfo; readonly plugin: string; readonly rejection: Rejection }[];
  /** Nodes that PreFilter ruled out without a look. */
  readonly excluded: number;
  readonly excludedBy: string;
  readonly nextStart: number;
}

function candidates(pod: PodInfo, cache: SchedulerCache, plugins: readonly Plugin[]): { nodes: NodeInfo[]; by: string } | undefined {
  let allowed: ReadonlySet<string> | undefined;
  let by = '';
  for (const plugin of plugins) {
    const names = plugin.preFilter?.(pod);
    if (names === undefined) continue;
    allowed = allowed === undefined ? names : new Set([...allowed].filter((name) => names.has(name)));
    by = plugin.name;
  }
  if (allowed === undefined) return undefined;
  const nodes: NodeInfo[] = [];
  for (const name of allowed) {
    const position = cache.positions.get(name);
    if (position !== undefined) nodes.push(cache.nodes.get(position)!);
  }
  return { nodes, by };
}

function refusal(pod: PodInfo, bare: NodeInfo, plugins: readonly Plugin[], cache: SchedulerCache): { plugin: string; rejection: Rejection } | undefined {
  const node = withNominated(cache, bare, pod);
  for (let i = 0; i < plugins.length; i++) {
    const rejection = plugins[i]!.filter!(pod, node);
    if (rejection !== undefined) return { plugin: plugins[i]!.name, rejection };
  }
  return undefined;
}

/** Goes round the nodes from where the last Pod's search ended, until enough fit. */
function findNodesThatFit(pod: PodInfo, cache: SchedulerCache, start: number): Filtered {
  const plugins: Plugin[] = [];
  for (const plugin of filterPlugins) if (plugin.filters === undefined || plugin.filters(pod)) plugins.push(plugin);
  const only = candidates(pod, cache, plugins);
  const total = cache.nodes.size;
  const count = only === undefined ? total : only.nodes.length;
  const enough = numFeasibleNodesToFind(count);
  const fitting: NodeInfo[] = [];
  const refused: { node: NodeInfo; plugin: string; rejection: Rejection }[] = [];
  for (let i = 0; i < count && fitting.length < enough; i++) {
    const node = only === undefined ? cache.nodes.get((start + i) % total)! : only.nodes[(start + i) % count]!;
    const no = refusal(pod, node, plugins, cache);
    if (no === undefined) fitting.push(node);
    else refused.push({ node, plugin: no.plugin, rejection: no.rejection });
  }
  return {
    asked: plugins, fitting, refused, excluded: total - count,
    excludedBy: only === undefined ? '' : only.by,
    nextStart: (start + fitting.length + refused.length) % total,
  };
}

function unschedulable(pod: PodInfo, cache: SchedulerCache, filtered: Filtered, preempting: Preempting): Decision {
  const reasons = new Map<string, number>();
  const plugins: string[] = [];
  const helpful: NodeInfo[] = [];
  for (const { node, plugin, rejection } of filtered.refused) {
    for (const reason of rejection.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (rejection.resolvable) helpful.push(node);
    if (!plugins.includes(plugin)) plugins.push(plugin);
  }
  if (filtered.excluded > 0) {
    reasons.set(`node(s) didn't satisfy plugin(s) [${filtered.excludedBy}]`, filtered.excluded);
    if (!plugins.includes(filtered.excludedBy)) plugins.push(filtered.excludedBy);
  }
  const postFilter = preempt(pod, cache, helpful, (node) => refusal(pod, node, filtered.asked, cache)?.rejection, preempting);
  const message = fitErrorMessage({ nodes: cache.nodes.size, reasons, ...('message' in postFilter && { postFilterMessage: postFilter.message }) });
  return { kind: 'unschedulable', postFilter, message, plugins: plugins.sort(), nextStart: filtered.nextStart, table: tableOf(pod, filtered, nothingScored, -1) };
}

/** What Score gave, by plugin and by node: before NormalizeScore and after it. */
interface Scored { readonly plugins: readonly EnabledPlugin[]; readonly raw: readonly (readonly number[])[]; readonly scores: readonly (readonly number[])[] }
const nothingScored: Scored = { plugins: [], raw: [], scores: [] };

function tableOf(pod: PodInfo, { asked, fitting, refused, excluded, excludedBy }: Filtered, { plugins, raw, scores }: Scored, chosen: number): DecisionTable {
  const nodes: NodeVerdict[] = [];
  const tell = (i: number): void => {
    if (plugins.length === 0) { nodes.push({ node: fitting[i]!.name }); return; }
    const own: number[] = [];
    let total = 0;
    for (let j = 0; j < plugins.length; j++) { const weighted = scores[j]![i]! * plugins[j]!.weight; own.push(weighted); total += weighted; }
    nodes.push({ node: fitting[i]!.name, raw: raw.map((of) => of[i]!), scores: own, total });
  };
  for (let i = 0; i < fitting.length && nodes.length < toldNodes; i++) tell(i);
  if (chosen >= toldNodes) tell(chosen);
  for (let i = 0; i < refused.length && nodes.length < toldNodes; i++) {
    const { node, plugin, rejection } = refused[i]!;
    nodes.push({ node: node.name, plugin, reasons: rejection.reasons });
  }
  return {
    pod: pod.key, chosen: fitting[chosen]?.name ?? '', filterPlugins: asked.map(({ name }) => name), scorePlugins: plugins.map(({ plugin }) => plugin.name),
    nodes, moreNodes: fitting.length + refused.length - nodes.length, excluded, excludedBy,
  };
}

function scoreAll(pod: PodInfo, nodes: readonly NodeInfo[], plugins: readonly EnabledPlugin[], context: ScoreContext): Scored {
  const raw: (readonly number[])[] = [];
  const scores = plugins.map(({ plugin }) => {
    const own: number[] = [];
    for (let i = 0; i < nodes.length; i++) own.push(plugin.score!(pod, nodes[i]!, context));
    raw.push(plugin.normalize === undefined ? own : own.slice());
    plugin.normalize?.(own);
    return own;
  });
  return { plugins, raw, scores };
}

/** The positions of the best nodes by the weighted sum of their scores. */
function best(scores: readonly (readonly number[])[], plugins: readonly EnabledPlugin[], count: number): number[] {
  let highest = -1;
  let positions: number[] = [];
  for (let i = 0; i < count; i++) {
    let total = 0;
    for (let j = 0; j < plugins.length; j++) total += scores[j]![i]! * plugins[j]!.weight;
    if (total > highest) { highest = total; positions = [i]; } else if (total === highest) positions.push(i);
  }
  return positions;
}

/** Before PreFilter of DynamicResources has run, its PostFilter finds nothing of itself, which ends PostFilter with these words. */
const noStateMessage = 'not found';

function refusedByAll(pod: PodInfo, nodes: number, plugin: string, reason: string, start: number): Decision {
  const message = fitErrorMessage({ nodes, reasons: new Map(), preFilterMessage: reason, postFilterMessage: noStateMessage });
  const filtered: Filtered = { asked: [], fitting: [], refused: [], excluded: nodes, excludedBy: plugin, nextStart: start };
  return { kind: 'unschedulable', postFilter: { message: noStateMessage, keepsNomination: false }, message, plugins: [plugin], nextStart: start, table: tableOf(pod, filtered, nothingScored, -1) };
}

const nobodyLeaves: Preempting = { now: ({ pod }) => pod, underWay: false, budgets: [] };

/** The node that is being made free for the Pod, where it fits already: no other is looked at. Models evaluateNominatedNode. */
function nominatedNode(pod: PodInfo, cache: SchedulerCache): Filtered | undefined {
  const nominated = cache.nominated.get(pod.key);
  const node = nominated === undefined ? undefined : nodeNamed(cache, nominated.nodeName);
  if (node === undefined) return undefined;
  const asked = filterPlugins.filter((plugin) => plugin.filters === undefined || plugin.filters(pod));
  return refusal(pod, node, asked, cache) === undefined ? { asked, fitting: [node], refused: [], excluded: 0, excludedBy: '', nextStart: 0 } : undefined;
}

/**
 * Filters and scores the nodes for one Pod. `start` is where the search begins, `pick` chooses among equals: a whole number below its argument.
 */
export function schedulePod(pod: PodInfo, cache: SchedulerCache, start: number, pick: (bound: number) => number, preempting: Preempting = nobodyLeaves): Decision {
  const total = cache.nodes.size;
  if (total === 0) return { kind: 'no nodes', message: noNodesMessage, nextStart: 0 };
  if (pod.claims.length > 0) for (const plugin of filterPlugins) {
    const reason = plugin.refuses?.(pod);
    if (reason !== undefined) return refusedByAll(pod, total, plugin.name, reason, start % total);
  }
  const own = cache.nominated.size === 0 ? undefined : nominatedNode(pod, cache);
  const filtered = own === undefined ? findNodesThatFit(pod, cache, start % total) : { ...own, nextStart: start % total };
  const { fitting, refused, nextStart } = filtered;
  if (fitting.length === 0) return unschedulable(pod, cache, filtered, preempting);
  const evaluated = fitting.length + refused.length;
  if (fitting.length === 1) {
    return { kind: 'fits', nodeName: fitting[0]!.name, feasible: 1, evaluated, nextStart, table: tableOf(pod, filtered, nothingScored, 0) };
  }
  const plugins: EnabledPlugin[] = [];
  for (const enabled of scorePlugins) if (enabled.plugin.scores === undefined || enabled.plugin.scores(pod)) plugins.push(enabled);
  const scored = scoreAll(pod, fitting, plugins, { totalNodes: total, nodesWithImage: (name) => cache.imageCounts.get(name) ?? 0 });
  const ties = best(scored.scores, plugins, fitting.length);
  const chosen = ties.length === 1 ? ties[0]! : ties[pick(ties.length)]!;
  return { kind: 'fits', nodeName: fitting[chosen]!.name, feasible: fitting.length, evaluated, nextStart, table: tableOf(pod, filtered, scored, chosen) };
}

/** PreEnqueue: the plugin that keeps the Pod out of the active queue, and its reason. */
export function gateOf(pod: PodInfo): { readonly plugin: string; readonly reason: string } | undefined {
  for (const { plugin } of defaultPlugins) {
    const reason = plugin.preEnqueue?.(pod);
    if (reason !== undefined) return { plugin: plugin.name, reason };
  }
  return undefined;
}
