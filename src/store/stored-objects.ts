import type { Row } from '../session/port/rows.ts';
import type { Rows } from './known-window.ts';

type ObjectRow = Extract<Row, { readonly apiVersion: string }>;

/** An API object as a list names it. */
export interface StoredObject { readonly key: string; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }

/** What one works with comes first, what the cluster keeps for itself last. */
const firstKinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod', 'Service', 'EndpointSlice', 'PersistentVolumeClaim', 'PersistentVolume', 'ConfigMap', 'Secret', 'ServiceAccount', 'Namespace', 'Node'];
const lastKinds = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'Lease', 'Event'];
const rank = (kind: string): number => {
  const [first, last] = [firstKinds.indexOf(kind), lastKinds.indexOf(kind)];
  return first >= 0 ? first : last >= 0 ? 100 + last : 50;
};
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Two stages, of two futures, may ask in turns. */
const known = new WeakMap<Rows, readonly StoredObject[]>();
let last: readonly StoredObject[] = [];

/** All API objects that are stored, in the order of the list. The same list as long as none came or went. */
export function storedObjects(rows: Rows): readonly StoredObject[] {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const found: StoredObject[] = [];
  for (const key in rows) {
    if (!key.startsWith('object/')) continue;
    const { apiVersion, kind, namespace, name } = rows[key] as ObjectRow;
    found.push({ key, apiVersion, kind, namespace, name });
  }
  found.sort((a, b) => rank(a.kind) - rank(b.kind) || byText(a.kind, b.kind) || byText(a.namespace, b.namespace) || byText(a.name, b.name));
  if (found.length !== last.length || found.some((object, index) => object.key !== last[index]!.key)) last = found;
  known.set(rows, last);
  return last;
}

/** True for what the stage draws: Pods, nodes, Services, and workloads that want or have something. */
export function isOnStage(row: Row): boolean {
  if (row.type === 'workload') return row.kind !== 'ReplicaSet' || row.desired > 0 || row.current > 0;
  return row.type === 'job' || row.type === 'cron-job' || row.type === 'pod' || row.type === 'node' || row.type === 'service';
}
