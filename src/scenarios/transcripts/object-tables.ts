/** Tables of what etcd holds, like kubectl's without the columns that age. */
import type { Deployment, EndpointSlice, Event, KubeObject, Lease, Node, Pod, ReplicaSet, ResourceInfo, Service } from '../../kubernetes/api/index.ts';
import { stored } from '../cluster-view.ts';
import type { World } from '../../simulation/world.ts';
import { columnsOf } from '../../kubernetes/printers/columns.ts';
import { podStatus } from '../../kubernetes/printers/pod-status.ts';
import { nodeStatus, podReadyColumn, podRestarts } from './object-status.ts';

interface Column { readonly head: string; readonly of: (object: never) => string; readonly wide?: true }

const column = <T>(head: string, of: (object: T) => string | number | undefined, wide?: 'wide'): Column =>
  ({ head, of: (object: never) => String(of(object as T) ?? '<none>') || '<none>', ...(wide === undefined ? {} : { wide: true as const }) });
const list = (items: readonly string[]): string => (items.length === 0 ? '<none>' : items.join(','));
const zero = (value: number | undefined): number => value ?? 0;

const columns: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    column<Pod>('READY', podReadyColumn), column<Pod>('STATUS', podStatus), column<Pod>('RESTARTS', podRestarts),
    column<Pod>('IP', (pod) => pod.status?.podIP, 'wide'), column<Pod>('NODE', (pod) => pod.spec.nodeName, 'wide'),
  ],
  nodes: [
    column<Node>('STATUS', nodeStatus),
    column<Node>('TAINTS', (node) => list((node.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`)), 'wide'),
    column<Node>('INTERNAL-IP', (node) => node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address, 'wide'),
    column<Node>('POD-CIDR', (node) => node.spec.podCIDR, 'wide'),
  ],
  deployments: [
    column<Deployment>('READY', ({ spec, status }) => `${zero(status?.readyReplicas)}/${spec.replicas ?? 1}`),
    column<Deployment>('UP-TO-DATE', ({ status }) => zero(status?.updatedReplicas)), column<Deployment>('AVAILABLE', ({ status }) => zero(status?.availableReplicas)),
  ],
  replicasets: [
    column<ReplicaSet>('DESIRED', ({ spec }) => spec.replicas ?? 1), column<ReplicaSet>('CURRENT', ({ status }) => zero(status?.replicas)), column<ReplicaSet>('READY', ({ status }) => zero(status?.readyReplicas)),
  ],
  services: [
    column<Service>('TYPE', ({ spec }) => spec.type), column<Service>('CLUSTER-IP', ({ spec }) => spec.clusterIP),
    column<Service>('PORT(S)', ({ spec }) => list((spec.ports ?? []).map((port) => `${port.port}${port.nodePort === undefined ? '' : `:${port.nodePort}`}/${port.protocol ?? 'TCP'}`))),
  ],
  endpointslices: [
    column<EndpointSlice>('PORTS', ({ ports }) => list((ports ?? []).map((port) => String(port.port)))),
    column<EndpointSlice>('READY', ({ endpoints }) => list((endpoints ?? []).filter((one) => one.conditions?.ready !== false).flatMap((one) => one.addresses))),
    column<EndpointSlice>('NOT-READY', ({ endpoints }) => list((endpoints ?? []).filter((one) => one.conditions?.ready === false).flatMap((one) => one.addresses))),
  ],
  leases: [column<Lease>('HOLDER', (lease) => lease.spec?.holderIdentity ?? '')],
  namespaces: [column<{ status?: { phase?: string } }>('STATUS', (namespace) => namespace.status?.phase)],
  events: [
    column<Event>('TYPE', (event) => event.type), column<Event>('REASON', (event) => event.reason), column<Event>('OBJECT', eventObject), column<Event>('MESSAGE', (event) => event.message),
  ],
};

/** What kubectl prints of all others. */
const ageing = ['Name', 'Age', 'Duration', 'Last Schedule'];
const printed = (resource: string): readonly Column[] => (columnsOf[resource] ?? []).filter(({ name }) => !ageing.includes(name))
  .map(({ name, of, priority }) => column(name.toUpperCase(), (object: KubeObject) => of(object as never, 0), priority === 0 ? undefined : 'wide'));

export function eventObject({ involvedObject }: Event): string { return `${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`; }

export interface TableOptions { readonly namespace: string | 'all'; readonly wide: boolean }

/** `kubectl get` of a resource, from etcd. */
export function printTable(world: World, { resource, namespaced }: ResourceInfo, { namespace, wide }: TableOptions): string {
  const objects = stored(world, resource).filter((object) => !namespaced || namespace === 'all' || object.metadata.namespace === namespace);
  if (objects.length === 0) return !namespaced || namespace === 'all' ? 'No resources found' : `No resources found in ${namespace} namespace.`;
  const shown = (columns[resource] ?? printed(resource)).filter((one) => wide || one.wide === undefined);
  const withNamespace = namespaced && namespace === 'all';
  return alignColumns([
    [...(withNamespace ? ['NAMESPACE'] : []), 'NAME', ...shown.map((one) => one.head)],
    ...objects.map((object: KubeObject) => [...(withNamespace ? [object.metadata.namespace ?? ''] : []), object.metadata.name, ...shown.map((one) => one.of(object as never))]),
  ]);
}

/** Pads each column to its widest cell, three blanks apart. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]! + 3))).join('').trimEnd()).join('\n');
}
