import type { MassTable } from '../session/port/mass-status.ts';
import { objectKey } from './rows-view.ts';
import type { Selection } from './state.ts';

/** A tile, or one Pod in it. */
export interface MassPlace { readonly node: number; /** -1 for the node itself. */ readonly pod: number }

/** A synthetic Pod is called by its number, as a synthetic node is. */
const syntheticName = (index: number, count: number): string => `pod-${String(index + 1).padStart(String(count).length, '0')}`;
const ofSynthetic = objectKey('Pod', 'default', 'pod-');

export const nodeKeyAt = (table: MassTable, node: number): string => objectKey('Node', '', table.nodeNames[node]!);
export const podKeyAt = ({ podKeys, pods }: MassTable, pod: number): string => podKeys?.[pod] ?? objectKey('Pod', 'default', syntheticName(pod, pods.length));
export const podNameAt = (table: MassTable, pod: number): string => table.podKeys?.[pod]?.split('/')[3] ?? syntheticName(pod, table.pods.length);

/** On which node a Pod is. */
export function nodeOfPod({ podStart, nodes }: MassTable, pod: number): number {
  let [low, high] = [0, nodes.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (podStart[middle + 1]! > pod) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where the thing of a key is; undefined for what is no tile and in none. */
export function massPlace(table: MassTable, key: string): MassPlace | undefined {
  if (key.startsWith('object/Node//')) {
    const node = table.nodeNames.indexOf(key.slice('object/Node//'.length));
    return node < 0 ? undefined : { node, pod: -1 };
  }
  if (!key.startsWith('object/Pod/')) return undefined;
  const pod = table.podKeys === undefined ? (key.startsWith(ofSynthetic) ? Number(key.slice(ofSynthetic.length)) - 1 : -1) : table.podKeys.indexOf(key);
  return pod >= 0 && pod < table.pods.length && podKeyAt(table, pod) === key ? { node: nodeOfPod(table, pod), pod } : undefined;
}

/** What choosing it selects. */
export function massSelection(table: MassTable, { node, pod }: MassPlace): Selection {
  const key = pod < 0 ? nodeKeyAt(table, node) : podKeyAt(table, pod);
  const [, kind = '', namespace = '', name = ''] = key.split('/');
  return { type: 'object', key, apiVersion: 'v1', kind, namespace, name };
}
