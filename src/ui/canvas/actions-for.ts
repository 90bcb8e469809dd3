import type { SessionCommand } from '../../session/commands/index.ts';
import type { HostRow } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';
import type { Selection } from '../../store/state.ts';
import { durationText } from '../../store/words.ts';

/** Something that can be done to the thing that is selected. */
export interface Offer { readonly label: string; readonly command: SessionCommand; readonly danger?: boolean; /** What the Delete key does. */ readonly onDelete?: boolean }

/** What a user can do to a thing as it is now. */
export function offersFor(selection: Selection | null, rows: Rows): readonly Offer[] {
  if (selection === null || selection.type === 'record' || selection.type === 'stored') return [];
  if (selection.type === 'component') {
    const row = rows[`component/${selection.address}`];
    if (row?.type !== 'component' || row.where === 'outside') return [];
    const host = rows[`host/${row.host}`];
    // A machine that is no node has no card of its own: what runs there speaks for it.
    const machine = host?.type === 'host' && rows[`component/${row.host}/kubelet`] === undefined ? machineOffers(host).map((offer) => ({ ...offer, onDelete: false })) : [];
    if (machine.length > 0 && host?.type === 'host' && !host.powered) return machine;
    return [row.running
      ? { label: `Stop ${row.name}`, command: { type: 'stop-component', address: row.address }, danger: true, onDelete: true }
      : { label: `Start ${row.name}`, command: { type: 'start-component', address: row.address } }, ...machine];
  }
  if (selection.kind === 'Node') return nodeOffers(selection.name, rows);
  const row = rows[selection.key];
  if (row === undefined) return [];
  const { apiVersion, kind, namespace, name } = selection;
  const remove: Offer = { label: 'Delete', command: { type: 'delete-object', apiVersion, kind, namespace, name }, danger: true, onDelete: true };
  if (row.type === 'pod') return [remove, { label: 'Force delete', command: { type: 'delete-object', apiVersion, kind, namespace, name, force: true }, danger: true }];
  if (row.type === 'workload' && (kind === 'Deployment' || kind === 'ReplicaSet' || kind === 'StatefulSet')) {
    const scale = (label: string, replicas: number): Offer => ({ label, command: { type: 'scale-object', kind, namespace, name, replicas } });
    return [...(row.desired > 0 ? [scale(`Scale to ${row.desired - 1}`, row.desired - 1)] : []), scale(`Scale to ${row.desired + 1}`, row.desired + 1), remove];
  }
  return [remove];
}

function nodeOffers(name: string, rows: Rows): readonly Offer[] {
  const [host, node] = [rows[`host/${name}`], rows[`object/Node//${name}`]];
  if (host?.type !== 'host') return [];
  const offers = [...machineOffers(host)];
  if (node?.type === 'node') offers.push(node.unschedulable ? { label: 'Uncordon', command: { type: 'uncordon-node', node: name } } : { label: 'Cordon', command: { type: 'cordon-node', node: name } });
  return offers;
}

/** Slow as a bad line is, and slower than those can bear who listen for a heartbeat: etcd's followers wait for a second. */
const delaysMs = [200, 2_000];

function machineOffers({ name, powered, partitioned, slowUs }: HostRow): readonly Offer[] {
  if (!powered) return [{ label: 'Power on', command: { type: 'power-on-node', node: name } }];
  const off: Offer = { label: 'Power off', command: { type: 'power-off-node', node: name }, danger: true, onDelete: true };
  const heal: Offer = { label: 'Heal network', command: { type: 'heal-node', node: name } };
  const cut: Offer = { label: 'Cut off network', command: { type: 'partition-node', node: name }, danger: true };
  if (partitioned) return [off, heal];
  if (slowUs > 0) return [off, cut, heal];
  return [off, cut, ...delaysMs.map((delayMs): Offer => ({ label: `Slow network by ${durationText(delayMs * 1_000)}`, command: { type: 'slow-node', node: name, delayMs }, danger: true }))];
}
