import type { NodeRow, PodRow, Row, WorkloadRow } from '../session/port/rows.ts';
import type { Rows } from './known-window.ts';
import { durationText, slowText } from './words.ts';

/** One thing that is otherwise in another future, in words. */
export interface Difference {
  /** The row it is about; '' for what is not on the stage. */
  readonly key: string;
  readonly what: string;
  readonly here: string;
  readonly there: string;
}

/** Messages that did not arrive, and requests that were refused, since the two futures parted. */
export interface Losses { readonly lost: number; readonly refused: number }

export const noLosses: Losses = { lost: 0, refused: 0 };

const absent = 'not there';

/** What differs between two moments of the same virtual time. Of equal worlds: nothing. */
export function differencesOf(here: Rows, there: Rows, atUs: number): readonly Difference[] {
  const found: Difference[] = [];
  const keys = new Set([...Object.keys(here), ...Object.keys(there)]);
  for (const key of keys) {
    const [a, b] = [here[key], there[key]];
    if (a === b || isEndedWithItsMachine(a, b, here, there)) continue;
    const [saysA, saysB] = [sayOf(a, atUs), sayOf(b, atUs)];
    if (saysA !== saysB) found.push({ key, what: nameOf((a ?? b)!), here: saysA, there: saysB });
  }
  return found.sort((a, b) => rankOf(a.key) - rankOf(b.key) || (a.what < b.what ? -1 : 1));
}

/** That nothing runs on a machine without power is said by the machine. */
function isEndedWithItsMachine(a: Row | undefined, b: Row | undefined, here: Rows, there: Rows): boolean {
  if (a?.type !== 'component' || b?.type !== 'component') return false;
  const [hostA, hostB] = [here[`host/${a.host}`], there[`host/${b.host}`]];
  return hostA?.type === 'host' && hostB?.type === 'host' && hostA.powered !== hostB.powered;
}

/** What one looks for first: what was asked for, then machines, then Pods, then programs. */
const order = ['object/Deployment/', 'object/ReplicaSet/', 'object/StatefulSet/', 'object/DaemonSet/', 'object/CronJob/', 'object/Job/', 'object/Service/', 'object/Node/', 'host/', 'object/Pod/', 'component/'];
const rankOf = (key: string): number => {
  const index = order.findIndex((start) => key.startsWith(start));
  return index < 0 ? order.length : index;
};

function nameOf(row: Row): string {
  switch (row.type) {
    case 'host': return `machine ${row.name}`;
    case 'component': return `${row.name} on ${row.host}`;
    case 'truth': return `containers on ${row.node}`;
    default: return `${row.kind} ${row.name}`;
  }
}

/** A row in the words in which two futures are compared. What no one would call a difference is not said: versions, counters, renewals. */
function sayOf(row: Row | undefined, atUs: number): string {
  if (row === undefined) return absent;
  switch (row.type) {
    case 'pod': return podText(row, atUs);
    case 'node': return nodeText(row);
    case 'workload': return workloadText(row);
    case 'job': return `${row.succeeded} of ${row.wanted} succeeded, ${row.state}`;
    case 'cron-job': return row.suspended ? 'suspended' : `${row.active} at work`;
    case 'service': return `${row.readyPods.length} ready behind it`;
    case 'host': return row.powered ? (row.partitioned ? 'cut off' : row.slowUs > 0 ? slowText(row.slowUs) : 'has power') : 'powered off';
    case 'component': return row.running ? 'runs' : 'stopped';
    case 'truth': return `${row.containers.filter((container) => container.running).length} running`;
    default: return row.deleting ? 'being deleted' : 'there';
  }
}

const podText = (row: PodRow, atUs: number): string =>
  `${row.status}${row.ready ? ', ready' : ''}${row.node === '' ? ', on no node' : ` on ${row.node}`}${row.restarts > 0 ? `, ${row.restarts} restarts` : ''}, ${durationText(Math.max(0, Math.floor((atUs - row.createdAtUs) / 1_000_000) * 1_000_000))} old`;

const nodeText = (row: NodeRow): string => (row.ready === 'True' ? 'Ready' : row.ready === 'False' ? 'NotReady' : 'Unknown') + (row.unschedulable ? ', cordoned' : '') + (row.taints.length === 0 ? '' : `, ${row.taints.join(', ')}`);

const workloadText = (row: WorkloadRow): string => `${row.ready} ready of ${row.desired}, ${row.current} made${row.deleting ? ', being deleted' : ''}`;
