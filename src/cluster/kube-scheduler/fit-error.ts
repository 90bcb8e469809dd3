/** What a Pod that fits nowhere is told. Models pkg/scheduler/framework/types.go: FitError.Error. */

/** Counted reasons, and the sentences of the extension points before and after Filter. */
export interface FitError {
  readonly nodes: number;
  readonly reasons: ReadonlyMap<string, number>;
  /** Of PreFilter: it refused the Pod for all nodes at once, and no reasons are counted then. */
  readonly preFilterMessage?: string;
  readonly postFilterMessage?: string;
}

/** `0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. …`: the counted reasons in the order of their text. */
export function fitErrorMessage({ nodes, reasons, preFilterMessage, postFilterMessage }: FitError): string {
  let text = `0/${nodes} nodes are available:`;
  if (preFilterMessage !== undefined) {
    text += ` ${preFilterMessage}.`;
  } else if (reasons.size > 0) {
    const counted: string[] = [];
    for (const [reason, count] of reasons) counted.push(`${count} ${reason}`);
    text += ` ${counted.sort().join(', ')}.`;
  }
  return postFilterMessage === undefined ? text : `${text} ${postFilterMessage}`;
}

/** What DynamicResources, the PostFilter plugin before DefaultPreemption, says of a Pod without claims. */
const dynamicResourcesMessage = 'no new claims to deallocate';

/**
 * What PostFilter adds: DynamicResources' sentence, then DefaultPreemption's. Nodes refused for a reason that removing Pods
 * cannot change are past help; on the others there is nobody of lower priority to evict.
 * Models plugins/defaultpreemption/default_preemption.go and framework/preemption/preemption.go: Preempt.
 */
export function postFilterMessage(nodes: number, resolvable: number, preemptionPolicy: string | undefined): string {
  if (preemptionPolicy === 'Never') return `${dynamicResourcesMessage}, preemption: not eligible due to preemptionPolicy=Never.`;
  const reasons = new Map<string, number>();
  if (resolvable > 0) reasons.set('No preemption victims found for incoming pod', resolvable);
  if (nodes > resolvable) reasons.set('Preemption is not helpful for scheduling', nodes - resolvable);
  return `${dynamicResourcesMessage}, preemption: ${fitErrorMessage({ nodes, reasons })}`;
}

/** ErrNoNodesAvailable. */
export const noNodesMessage = 'no nodes available to schedule pods';
