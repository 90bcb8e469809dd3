/**
 * Statuses of so many nodes and Pods that a row for each would be too heavy: one byte per thing, in typed arrays that are handed over, not copied.
 * Node `i` has the Pods `podStart[i]` up to `podStart[i + 1]`.
 */
export interface MassTable {
  /** `world`: read from a world that runs. `synthetic`: made from a seed, no component behind it; the page says so. */
  readonly origin: 'world' | 'synthetic';
  /** One name per node; a synthetic node is called by its number. */
  readonly nodeNames: readonly string[];
  /** Places in `nodeStates`. */
  readonly nodes: Uint8Array;
  /** What a node's Pods request of its cpu, in percent. */
  readonly requested: Uint8Array;
  readonly podStart: Uint32Array;
  /** Places in `podStates`. */
  readonly pods: Uint8Array;
  /** The rows of the Pods, where there are rows; a synthetic Pod is called by its number. */
  readonly podKeys?: readonly string[];
}

/** What became of some nodes and Pods at one moment: `at[i]` is now `to[i]`. */
export interface MassChange {
  readonly atUs: number;
  readonly nodes: { readonly at: Uint32Array; readonly to: Uint8Array };
  readonly pods: { readonly at: Uint32Array; readonly to: Uint8Array };
}

/** A frame's part for a stage of many: a whole frame brings the table as of `fromUs`, each brings the changes up to `toUs`. */
export interface MassNews { readonly table?: MassTable; readonly changes: readonly MassChange[] }

/** As `kubectl get nodes` says it. Unknown is NotReady there, too. */
export const nodeStates = ['Ready', 'Ready,SchedulingDisabled', 'NotReady'] as const;
export const notReady = nodeStates.indexOf('NotReady');

/** What a glance tells apart; the exact word of a Pod is in its row, where there is one. */
export const podStates = ['Running', 'Running, not ready', 'Pending', 'Terminating', 'Succeeded', 'failing'] as const;
export const failing = podStates.indexOf('failing');

/** All memory of a message that may be handed over. */
export function buffersOf(news: MassNews): ArrayBufferLike[] {
  const { table, changes } = news;
  return [
    ...(table === undefined ? [] : [table.nodes.buffer, table.requested.buffer, table.podStart.buffer, table.pods.buffer]),
    ...changes.flatMap(({ nodes, pods }) => [nodes.at.buffer, nodes.to.buffer, pods.at.buffer, pods.to.buffer]),
  ];
}
