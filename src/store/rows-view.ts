import type { ComponentRow, CronJobRow, HostRow, JobRow, NodeRow, PodRow, ServiceRow, TruthRow, WorkloadRow } from '../session/port/rows.ts';
import type { Rows } from './known-window.ts';

/** The rows sorted into what the stage needs. Made once per state of the rows. */
export interface RowsView {
  readonly hosts: readonly HostRow[];
  readonly components: readonly ComponentRow[];
  readonly nodes: ReadonlyMap<string, NodeRow>;
  /** By node name; Pods that have none are under ''. */
  readonly podsByNode: ReadonlyMap<string, readonly PodRow[]>;
  readonly workloads: readonly WorkloadRow[];
  /** CronJobs before the Jobs. */
  readonly tasks: readonly (JobRow | CronJobRow)[];
  readonly services: readonly ServiceRow[];
  readonly truths: ReadonlyMap<string, TruthRow>;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byAge = (a: PodRow, b: PodRow): number => a.createdAtUs - b.createdAtUs || byText(a.name, b.name);

/** Natural order, so that worker-10 comes after worker-9. */
export function byName(a: string, b: string): number {
  const [first, second] = [/^(.*?)(\d+)$/.exec(a), /^(.*?)(\d+)$/.exec(b)];
  return first !== null && second !== null && first[1] === second[1] ? Number(first[2]) - Number(second[2]) : byText(a, b);
}

/** Two stages, of two futures, may ask in turns. */
const known = new WeakMap<Rows, RowsView>();

/** Sorts the rows. Asked by many selectors for the same rows, it works once. */
export function viewOf(rows: Rows): RowsView {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const [hosts, components, workloads, services]: [HostRow[], ComponentRow[], WorkloadRow[], ServiceRow[]] = [[], [], [], []];
  const tasks: (JobRow | CronJobRow)[] = [];
  const [nodes, podsByNode, truths] = [new Map<string, NodeRow>(), new Map<string, PodRow[]>(), new Map<string, TruthRow>()];
  for (const key in rows) {
    const row = rows[key]!;
    if (row.type === 'pod') {
      const beside = podsByNode.get(row.node);
      if (beside === undefined) podsByNode.set(row.node, [row]);
      else beside.push(row);
    } else if (row.type === 'component') components.push(row);
    else if (row.type === 'node') nodes.set(row.name, row);
    else if (row.type === 'workload') workloads.push(row);
    else if (row.type === 'job' || row.type === 'cron-job') tasks.push(row);
    else if (row.type === 'service') services.push(row);
    else if (row.type === 'host') hosts.push(row);
    else if (row.type === 'truth') truths.set(row.node, row);
  }
  for (const pods of podsByNode.values()) pods.sort(byAge);
  hosts.sort((a, b) => byName(a.name, b.name));
  components.sort((a, b) => byText(a.address, b.address));
  workloads.sort((a, b) => a.createdAtUs - b.createdAtUs || byText(a.name, b.name));
  tasks.sort((a, b) => byText(a.type, b.type) || a.createdAtUs - b.createdAtUs || byText(a.name, b.name));
  services.sort((a, b) => byText(a.namespace + a.name, b.namespace + b.name));
  const view: RowsView = { hosts, components, nodes, podsByNode, workloads, tasks, services, truths };
  known.set(rows, view);
  return view;
}

/** True for a Pod that still holds what it requested: phase alone decides, as for the scheduler. */
const holdsResources = (pod: PodRow): boolean => pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/** What the Pods bound to a node have requested of it. */
export function requestedOf(rows: Rows, node: string): { readonly cpuMillis: number; readonly memoryBytes: number } {
  const pods = (viewOf(rows).podsByNode.get(node) ?? []).filter(holdsResources);
  return { cpuMillis: pods.reduce((sum, pod) => sum + pod.cpuMillis, 0), memoryBytes: pods.reduce((sum, pod) => sum + pod.memoryBytes, 0) };
}

/** The key of an API object's row. */
export const objectKey = (kind: string, namespace: string, name: string): string => `object/${kind}/${namespace}/${name}`;
