import { failing, nodeStates, notReady, podStates } from '../session/port/mass-status.ts';
import type { MassTable } from '../session/port/mass-status.ts';
import type { NodeRow, PodRow } from '../session/port/rows.ts';
import type { MassView } from './known-mass.ts';
import type { Rows } from './known-window.ts';
import { objectKey, requestedOf, viewOf } from './rows-view.ts';

/** Beyond so many machines nobody can look at each. */
export const mostCards = 300;

const place = (state: (typeof podStates)[number]): number => podStates.indexOf(state);

/** Where a Pod belongs among the few states that a glance tells apart. */
export function glanceOf(pod: PodRow): number {
  if (pod.deleting) return place('Terminating');
  if (pod.phase === 'Failed' || pod.phase === 'Unknown' || /BackOff|Err|Error|Evicted|OOMKilled|Invalid/.test(pod.status)) return failing;
  if (pod.phase === 'Succeeded') return place('Succeeded');
  if (pod.phase !== 'Running') return place('Pending');
  return place(pod.ready ? 'Running' : 'Running, not ready');
}

const nodeGlance = (node: NodeRow | undefined): number => (node === undefined || node.ready !== 'True' ? notReady : node.unschedulable ? nodeStates.indexOf('Ready,SchedulingDisabled') : 0);

let lastRows: Rows | undefined;
let last: MassView | null = null;

/** The statuses of a world with more machines than have room for a card; null for a smaller one. */
export function massFromRows(rows: Rows): MassView | null {
  if (rows === lastRows) return last;
  lastRows = rows;
  const view = viewOf(rows);
  const names = view.hosts.filter((host) => host.where === 'control-plane' || host.where === 'node').map((host) => host.name);
  // The same list as long as no machine comes or goes: where the tiles are depends on it.
  const known = last?.table.nodeNames;
  const same = known?.length === names.length && names.every((name, index) => name === known[index]);
  return last = names.length <= mostCards ? null : { table: tableOf(rows, same ? known : names) };
}

function tableOf(rows: Rows, nodeNames: readonly string[]): MassTable {
  const view = viewOf(rows);
  const podStart = new Uint32Array(nodeNames.length + 1);
  const pods: number[] = [];
  const podKeys: string[] = [];
  const [nodes, requested] = [new Uint8Array(nodeNames.length), new Uint8Array(nodeNames.length)];
  nodeNames.forEach((name, index) => {
    const node = view.nodes.get(name);
    nodes[index] = nodeGlance(node);
    requested[index] = node === undefined ? 0 : Math.min(100, Math.round((requestedOf(rows, name).cpuMillis / node.cpuMillis) * 100));
    for (const pod of view.podsByNode.get(name) ?? []) {
      pods.push(glanceOf(pod));
      podKeys.push(objectKey('Pod', pod.namespace, pod.name));
    }
    podStart[index + 1] = pods.length;
  });
  return { origin: 'world', nodeNames, nodes, requested, podStart, pods: Uint8Array.from(pods), podKeys };
}
