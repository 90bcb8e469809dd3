/** What a DaemonSet's Pods need now: on which nodes one is to be made, which are to go. Models pkg/controller/daemon/daemon_controller.go: manage, and update.go: rollingUpdate. */
import type { IntOrString, Node, Pod } from '../../../kubernetes/api/index.ts';
import type { DaemonSet, DaemonSetStatus } from '../../../kubernetes/api/kept-specs.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { backOffMore, backOffOf, type BackOffs } from './back-off.ts';
import { hashLabel, isUpdated, oldestFirst, placementOn, type PodsByNode } from './daemon-placement.ts';
import { isPodAvailable, isPodReady } from './pod-state.ts';

export interface DaemonChanges { readonly nodes: readonly string[]; readonly pods: readonly string[] }
export interface DaemonReport { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
/** `againUs`: how long a failed Pod is still left alone. */
export interface DaemonPlan extends DaemonChanges { readonly reports: readonly DaemonReport[]; readonly againUs?: number; readonly backOffs: BackOffs }

/** What a set is looked at with. */
export interface DaemonView { readonly set: DaemonSet; readonly hash: string; readonly nodes: readonly Node[]; readonly byNode: PodsByNode; readonly nowUs: SimTime }

const limits = { initialUs: 1_000_000, maxUs: 900_000_000 };

/** Percentages round up. Models GetScaledValueFromIntOrPercent. */
const amount = (value: IntOrString | undefined, total: number): number =>
  (value === undefined ? 0 : typeof value === 'number' ? value : Math.ceil((Number(value.slice(0, -1)) * total) / 100));

const isRolling = ({ spec }: DaemonSet): boolean => spec.updateStrategy?.type === 'RollingUpdate';
/** Models SurgeCount and UnavailableCount. */
const surgeOf = (set: DaemonSet, total: number): number => (isRolling(set) ? amount(set.spec.updateStrategy?.rollingUpdate?.maxSurge, total) : 0);
const unavailableOf = (set: DaemonSet, total: number): number => (isRolling(set) ? amount(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, total) : 0);

const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const nameOf = ({ metadata }: Pod): string => metadata.name;
const none: readonly Pod[] = [];

/** Models manage and podsShouldBeOnNode. */
export function planDaemons(view: DaemonView, before: BackOffs): DaemonPlan {
  const { set, byNode, nowUs } = view;
  const nodes: string[] = [];
  const pods: string[] = [];
  const reports: DaemonReport[] = [];
  let backOffs = before;
  let againUs: number | undefined;
  for (const node of view.nodes) {
    const { name } = node.metadata;
    const { shouldRun, mayStay } = placementOn(node, set);
    const there = byNode.get(name);
    if (shouldRun && there === undefined) { nodes.push(name); continue; }
    if (!mayStay) { pods.push(...(there ?? none).filter((pod) => !isLeaving(pod)).map(nameOf)); continue; }
    const running: Pod[] = [];
    for (const pod of there ?? none) {
      if (isLeaving(pod)) continue;
      const where = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${name}`;
      if (pod.status?.phase === 'Failed') {
        const key = `${set.metadata.uid}/${set.status?.observedGeneration ?? 0}/${name}`;
        const delayUs = backOffOf(backOffs, key, limits, nowUs);
        if (delayUs !== undefined) { againUs = Math.min(againUs ?? delayUs, delayUs); continue; }
        backOffs = backOffMore(backOffs, key, limits, nowUs);
        reports.push({ type: 'Warning', reason: 'FailedDaemonPod', message: `Found failed ${where}, will try to kill it` });
        pods.push(pod.metadata.name);
      } else if (pod.status?.phase === 'Succeeded') {
        reports.push({ type: 'Normal', reason: 'SucceededDaemonPod', message: `Found succeeded ${where}, will try to delete it` });
        pods.push(pod.metadata.name);
      } else running.push(pod);
    }
    if (surgeOf(set, 1) === 0) pods.push(...oldestFirst(running).slice(1).map(nameOf));
    else if (running.length === 0 && shouldRun) nodes.push(name);
    else if (running.length > 1) pods.push(...excessOfSurge(view, running));
  }
  return { nodes, pods: [...pods, ...strandedPods(view)], reports, ...(againUs !== undefined && { againUs }), backOffs };
}

/** With surge there may be two: a new one that is not yet available, and a ready old one. */
function excessOfSurge({ set, hash, nowUs }: DaemonView, running: readonly Pod[]): readonly string[] {
  const going: Pod[] = [];
  let [fresh, old]: readonly (Pod | undefined)[] = [];
  for (const pod of oldestFirst(running)) {
    if (pod.metadata.labels?.[hashLabel] === hash) { if (fresh === undefined) { fresh = pod; continue; } } else if (old === undefined) { old = pod; continue; }
    going.push(pod);
  }
  if (fresh !== undefined && old !== undefined && (!isPodReady(old) || isPodAvailable(fresh, set.spec.minReadySeconds ?? 0, nowUs))) going.push(old);
  return going.map(nameOf);
}

/** Pods for nodes that are gone will never be placed, and nobody else deletes them. Models getUnscheduledPodsWithoutNode. */
function strandedPods({ nodes, byNode }: DaemonView): readonly string[] {
  const alive = new Set(nodes.map(({ metadata }) => metadata.name));
  return [...byNode].flatMap(([node, pods]) => (alive.has(node) ? [] : pods.filter(({ spec }) => (spec.nodeName ?? '') === '').map(nameOf)));
}

/** The one new and the one old Pod of a node that stay; undefined where there are more, for `planDaemons` to see to. Models findUpdatedPodsOnNode. */
function pairOn({ set, hash }: DaemonView, pods: readonly Pod[]): { readonly fresh: Pod | undefined; readonly old: Pod | undefined } | undefined {
  const staying = pods.filter((pod) => !isLeaving(pod));
  const fresh = staying.filter((pod) => isUpdated(pod, set, hash));
  const old = staying.filter((pod) => !isUpdated(pod, set, hash));
  return fresh.length > 1 || old.length > 1 ? undefined : { fresh: fresh[0], old: old[0] };
}

/** The next steps from old Pods to new ones. Models rollingUpdate and updatedDesiredNodeCounts. */
export function planRollingUpdate(view: DaemonView): DaemonChanges {
  const wanted = view.nodes.filter((node) => placementOn(node, view.set).shouldRun).map(({ metadata }) => metadata.name);
  const byNode = new Map(view.byNode);
  for (const name of wanted) if (!byNode.has(name)) byNode.set(name, none);
  const surge = surgeOf(view.set, wanted.length);
  const unavailable = unavailableOf(view.set, wanted.length);
  const whole = { ...view, byNode };
  // Neither may be exceeded, which would stand still: then one may be missing.
  return surge === 0 ? replaceInPlace(whole, unavailable === 0 && wanted.length > 0 ? 1 : unavailable) : replaceBySurge(whole, surge, new Set(wanted));
}

const availability = ({ set, nowUs }: DaemonView) => (pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, nowUs);

/** Without surge, just so many old Pods are deleted that no more than allowed are missing; `planDaemons` makes the new ones. */
function replaceInPlace(view: DaemonView, maxUnavailable: number): DaemonChanges {
  const isAvailable = availability(view);
  const useless: string[] = [];
  const candidates: string[] = [];
  let missing = 0;
  for (const pods of view.byNode.values()) {
    const pair = pairOn(view, pods);
    if (pair === undefined || (pair.old === undefined) === (pair.fresh === undefined)) missing += 1;
    else if (pair.fresh !== undefined) missing += isAvailable(pair.fresh) ? 0 : 1;
    else if (!isAvailable(pair.old!)) {
      useless.push(pair.old!.metadata.name);
      missing += 1;
    } else if (missing < maxUnavailable) candidates.push(pair.old!.metadata.name);
  }
  return { nodes: [], pods: [...useless, ...candidates.slice(0, Math.max(0, maxUnavailable - missing))] };
}

/** With surge, new Pods come beside available old ones, which go when the new ones are available. */
function replaceBySurge(view: DaemonView, maxSurge: number, wanted: ReadonlySet<string>): DaemonChanges {
  const isAvailable = availability(view);
  const pods: string[] = [];
  const sunset: string[] = [];
  const nodes: string[] = [];
  const candidates: string[] = [];
  let surging = 0; let available = 0;
  for (const [node, there] of view.byNode) {
    const pair = pairOn(view, there);
    if (pair === undefined) { surging += 1; continue; }
    const { old, fresh } = pair;
    const counted = old ?? fresh;
    if (counted !== undefined && isAvailable(counted)) available += 1;
    if (old === undefined) continue;
    if (fresh !== undefined) {
      if (isAvailable(fresh)) pods.push(old.metadata.name);
      else surging += 1;
    } else if (!isAvailable(old)) {
      if (wanted.has(node)) nodes.push(node);
      else pods.push(old.metadata.name);
    } else if (!wanted.has(node)) sunset.push(old.metadata.name);
    else if (surging < maxSurge) candidates.push(node);
  }
  // What is to leave a node goes only when there is enough without it.
  pods.push(...sunset.slice(0, Math.max(0, available - wanted.size)));
  return { nodes: [...nodes, ...candidates.slice(0, Math.max(0, maxSurge - surging))], pods };
}

/** Models updateDaemonSetStatus. The counts of an unfinished look do not raise the generation. */
export function daemonStatus({ set, hash, nodes, byNode, nowUs }: DaemonView, seen: boolean): DaemonSetStatus {
  let desired = 0; let current = 0; let misscheduled = 0; let ready = 0; let available = 0; let updated = 0;
  for (const node of nodes) {
    const pods = byNode.get(node.metadata.name) ?? none;
    if (!placementOn(node, set).shouldRun) { if (pods.length > 0) misscheduled += 1; continue; }
    desired += 1;
    if (pods.length === 0) continue;
    current += 1;
    const [oldest] = oldestFirst(pods);
    if (isPodReady(oldest!)) { ready += 1; if (isPodAvailable(oldest!, set.spec.minReadySeconds ?? 0, nowUs)) available += 1; }
    if (isUpdated(oldest!, set, hash)) updated += 1;
  }
  const observed = seen ? set.metadata.generation : set.status?.observedGeneration;
  return withoutZeros({
    ...set.status, currentNumberScheduled: current, desiredNumberScheduled: desired, numberMisscheduled: misscheduled, numberReady: ready,
    observedGeneration: observed, updatedNumberScheduled: updated, numberAvailable: available, numberUnavailable: desired - available,
  });
}

const optional = ['observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable'] as const;

/** Counts that Go leaves out where they are zero. */
const withoutZeros = (status: DaemonSetStatus): DaemonSetStatus =>
  Object.fromEntries(Object.entries(status).filter(([field, value]) => value !== undefined && (value !== 0 || !(optional as readonly string[]).includes(field))));

const counts = ['desiredNumberScheduled', 'currentNumberScheduled', 'numberMisscheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable'] as const;

/** Whether writing it would tell nothing new. Models storeDaemonSetStatus. */
export const isToldAlready = ({ metadata, status }: DaemonSet, next: DaemonSetStatus): boolean =>
  counts.every((field) => (status?.[field] ?? 0) === (next[field] ?? 0)) && (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
