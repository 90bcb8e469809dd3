import type { Lease, Node, NodeCondition, Taint, TaintEffect } from '../../../kubernetes/api/index.ts';
import { findCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../simulation/process/process.ts';

export const monitorPeriodUs = 5_000_000;
const monitorGraceUs = 50_000_000;
const startupGraceUs = 60_000_000;

export const notReadyKey = 'node.kubernetes.io/not-ready';
export const unreachableKey = 'node.kubernetes.io/unreachable';

/** When a node last gave a sign of life, by the clock of the one who watched. */
export interface NodeHealth { readonly heartbeat: string; readonly renewTime: string; readonly probedAtUs: SimTime }

export const readyOf = (node: Node): NodeCondition | undefined => findCondition(node.status?.conditions, 'Ready');

/** A new heartbeat in the status or a renewed lease is a sign of life. Models node_lifecycle_controller.go: tryUpdateNodeHealth. */
export function observeNode(before: NodeHealth | undefined, node: Node, lease: Lease | undefined, nowUs: SimTime): NodeHealth {
  const heartbeat = readyOf(node)?.lastHeartbeatTime ?? '';
  const renewTime = lease?.spec?.renewTime ?? '';
  if (before !== undefined && before.heartbeat === heartbeat && before.renewTime === renewTime) return before;
  return { heartbeat, renewTime, probedAtUs: nowUs };
}

/** Whether the node has been silent for longer than it may. */
export function isSilent(node: Node, health: NodeHealth, nowUs: SimTime): boolean {
  return nowUs > health.probedAtUs + (readyOf(node) === undefined ? startupGraceUs : monitorGraceUs);
}

/** The node with its conditions Unknown, or undefined where that is what they say already. */
export function withUnknownConditions(node: Node, nowUs: SimTime): Node | undefined {
  const time = formatTime(nowUs);
  let changed = false;
  let conditions = node.status?.conditions ?? [];
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const known = findCondition(conditions, type);
    if (known === undefined) {
      const fresh: NodeCondition = { type, status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.', lastHeartbeatTime: node.metadata.creationTimestamp, lastTransitionTime: time };
      conditions = [...conditions, fresh];
    } else if (known.status !== 'Unknown') {
      const unknown: NodeCondition = { ...known, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: time };
      conditions = conditions.map((condition) => (condition === known ? unknown : condition));
    } else continue;
    changed ||= type === 'Ready';
  }
  return changed ? { ...node, status: { ...node.status, conditions } } : undefined;
}

const conditionTaints: readonly { readonly type: string; readonly status: string; readonly key: string }[] = [
  { type: 'Ready', status: 'False', key: notReadyKey }, { type: 'Ready', status: 'Unknown', key: unreachableKey },
  { type: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure' }, { type: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure' },
  { type: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable' }, { type: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure' },
];
const unschedulableKey = 'node.kubernetes.io/unschedulable';
const managedKeys = new Set([...conditionTaints.map(({ key }) => key), unschedulableKey]);

export const hasTaint = (node: Node, key: string, effect: TaintEffect): boolean => node.spec.taints?.some((taint) => taint.key === key && taint.effect === effect) ?? false;

/** The taints with what the conditions ask for, or undefined where they stand so. Models node_lifecycle_controller.go: doNoScheduleTaintingPass. */
export function noScheduleTaints(node: Node, nowUs: SimTime): readonly Taint[] | undefined {
  const wanted = conditionTaints.filter(({ type, status }) => findCondition(node.status?.conditions, type)?.status === status).map(({ key }) => key);
  if (node.spec.unschedulable === true) wanted.push(unschedulableKey);
  const taints = node.spec.taints ?? [];
  const kept = taints.filter(({ key, effect }) => effect !== 'NoSchedule' || !managedKeys.has(key) || wanted.includes(key));
  const missing = wanted.filter((key) => !hasTaint(node, key, 'NoSchedule'));
  if (kept.length === taints.length && missing.length === 0) return undefined;
  return [...kept, ...missing.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: formatTime(nowUs) }))];
}

/** The taints with one NoExecute taint swapped for another; undefined where they stand so. Either may be left out. */
export function swapNoExecute(node: Node, put: string | undefined, drop: readonly string[], nowUs: SimTime): readonly Taint[] | undefined {
  const taints = node.spec.taints ?? [];
  const kept = taints.filter(({ key, effect }) => effect !== 'NoExecute' || !drop.includes(key));
  const missing = put !== undefined && !hasTaint(node, put, 'NoExecute');
  if (kept.length === taints.length && !missing) return undefined;
  return missing ? [...kept, { key: put!, effect: 'NoExecute', timeAdded: formatTime(nowUs) }] : kept;
}

export type ZoneState = 'Initial' | 'Normal' | 'FullDisruption' | 'PartialDisruption';

/** Models node_lifecycle_controller.go: ComputeZoneState: more than two nodes and 55 % of a zone are a partial disruption, all of it a full one. */
export function zoneStateOf(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  return notReady > 2 && notReady / (notReady + ready) >= 0.55 ? 'PartialDisruption' : 'Normal';
}

/** Microseconds between two NoExecute taints in a zone; undefined: none at all. */
export function evictionIntervalUs(state: ZoneState, zoneSize: number): number | undefined {
  if (state !== 'PartialDisruption') return 10_000_000;
  return zoneSize > 50 ? 100_000_000 : undefined;
}

export function zoneOf(node: Node): string {
  const region = node.metadata.labels?.['topology.kubernetes.io/region'] ?? '';
  const zone = node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:${zone}`;
}
