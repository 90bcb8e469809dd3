import type { PodRow } from '../session/port/rows.ts';
import { objectKey, viewOf } from './rows-view.ts';
import type { Rows } from './known-window.ts';
import type { AppState, FirstStep, Hint } from './state.ts';

/** What a first-time visitor is led through, in this order: send something, break something, ask why. */
export const firstSteps: readonly FirstStep[] = ['apply', 'break', 'ask'];

/** Commands by which one neither breaks nor changes what runs. */
const harmless: ReadonlySet<string> = new Set(['apply-manifest', 'open-proxy', 'send-request', 'say', 'hang-up']);

/** The steps that the user's own commands show to be known. */
export function stepsIn(commands: readonly { readonly command: { readonly type: string } }[]): readonly FirstStep[] {
  if (commands.length === 0) return [];
  return commands.some(({ command }) => !harmless.has(command.type)) ? ['apply', 'break'] : ['apply'];
}

const objectOf = (apiVersion: string, kind: string, namespace: string, name: string): Hint['about'] => ({ type: 'object', key: objectKey(kind, namespace, name), apiVersion, kind, namespace, name });

/** A node whose loss would be seen: all that was asked for runs, and a ready Pod with an owner runs there. */
function nodeToLose(rows: Rows): string | undefined {
  const { workloads, podsByNode } = viewOf(rows);
  if (workloads.length === 0 || !workloads.every((row) => row.ready === row.desired && row.current === row.desired)) return undefined;
  const nodes = [...podsByNode].filter(([node, pods]) => node !== '' && pods.some((pod) => pod.ready && pod.ownerName.startsWith('ReplicaSet/'))).map(([node]) => node).sort();
  return nodes[Math.min(1, nodes.length - 1)];
}

/** A Pod of which one may wonder why it is so: on its way out first, else one that no node takes. */
function podToWonderAt(rows: Rows): { readonly pod: PodRow; readonly word: string } | undefined {
  const pods = [...viewOf(rows).podsByNode.values()].flat();
  const leaving = pods.find((pod) => pod.deleting);
  if (leaving !== undefined) return { pod: leaving, word: 'Terminating' };
  const waiting = pods.find((pod) => pod.status === 'Pending');
  return waiting && { pod: waiting, word: 'Pending' };
}

/** What to invite to now, if to anything: one thing at a time, in order, nothing that is known already. Beside Apply stands the first one's own invitation. */
export function hintAt({ rows, learnt, view, selection, inspecting }: Pick<AppState, 'rows' | 'learnt' | 'view' | 'selection' | 'inspecting'>): Hint | undefined {
  if (view.mode !== 'explore' || inspecting || !learnt.includes('apply')) return undefined;
  if (!learnt.includes('break')) {
    const node = nodeToLose(rows);
    // Whoever has chosen it sees what to press.
    if (node === undefined || selection !== null) return undefined;
    return { step: 'break', text: `Now pull the plug of a node: click ${node} → Power off.`, button: 'Show me', about: objectOf('v1', 'Node', '', node) };
  }
  if (learnt.includes('ask')) return undefined;
  const found = podToWonderAt(rows);
  return found && { step: 'ask', text: `Why is ${found.pod.name} ${found.word}?`, button: 'Ask', about: objectOf('v1', 'Pod', found.pod.namespace, found.pod.name) };
}
