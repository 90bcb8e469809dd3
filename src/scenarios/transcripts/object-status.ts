/** Columns of the transcripts' tables that kubectl's have too. */
import type { Pod } from '../../kubernetes/api/index.ts';
import { condition } from '../cluster-view.ts';

export const podReadyColumn = ({ spec, status }: Pod): string =>
  `${(status?.containerStatuses ?? []).filter((container) => container.ready).length}/${spec.containers.length}`;

export const podRestarts = ({ status }: Pod): number => (status?.containerStatuses ?? []).reduce((sum, container) => sum + container.restartCount, 0);

/** The STATUS column of a Node. */
export function nodeStatus(node: { readonly spec?: { readonly unschedulable?: boolean } }): string {
  const ready = condition(node, 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}
