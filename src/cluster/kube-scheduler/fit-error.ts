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

/** What was found where Pods might have been removed: so many nodes, and why each is no help. */
export interface NoHelp { readonly nodes: number; readonly helpful: number; readonly reasons: ReadonlyMap<string, number> }

/**
 * What PostFilter adds: DynamicResources' sentence, then DefaultPreemption's: why the Pod may not drive others away, or why that
 * would not help; nodes refused for a reason that removing Pods cannot change are past help.
 * Models framework/preemption/preemption.go: Preempt.
 */
export function postFilterMessage(said: string | NoHelp): string {
  if (typeof said === 'string') return `${dynamicResourcesMessage}, preemption: ${said}`;
  const reasons = new Map(said.reasons);
  if (said.nodes > said.helpful) reasons.set('Preemption is not helpful for scheduling', said.nodes - said.helpful);
  return `${dynamicResourcesMessage}, preemption: ${fitErrorMessage({ nodes: said.nodes, reasons })}`;
}

/** ErrNoNodesAvailable. */
export const noNodesMessage = 'no nodes available to schedule pods';
