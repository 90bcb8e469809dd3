import type { Row } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';

/** Is something about a thing not as one would like it, so that one asks why? */
export function asksWhy(row: Row | undefined, rows: Rows): boolean {
  switch (row?.type) {
    case 'pod': return row.phase !== 'Succeeded' && (!row.ready || row.deleting || isLost(row.node, rows));
    case 'node': return row.ready !== 'True' || row.unschedulable || isLost(row.name, rows);
    case 'workload': return row.available < row.desired || row.current > row.desired;
    case 'job': return row.state !== 'Complete';
    case 'service': return Object.keys(row.selector).length > 0 && row.readyPods.length === 0;
    default: return false;
  }
}

/** What runs on the machine, or on its kubelet alone, is no longer heard of. */
function isLost(node: string, rows: Rows): boolean {
  const [host, kubelet] = [rows[`host/${node}`], rows[`component/${node}/kubelet`]];
  return (host?.type === 'host' && (!host.powered || host.partitioned)) || (kubelet?.type === 'component' && !kubelet.running);
}
