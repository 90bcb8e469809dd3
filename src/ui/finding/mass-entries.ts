import { nodeStates, podStates } from '../../session/port/mass-status.ts';
import type { MassTable } from '../../session/port/mass-status.ts';
import { massSelection, nodeOfPod, podNameAt } from '../../store/mass-names.ts';
import type { Entry } from './entries.ts';
import { reveal } from './reveal.ts';

/** Things without rows, by what one may know of them: their number, or their whole name. There are too many of them to rank each. */
export function massEntries(text: string, table: MassTable): readonly Entry[] {
  const [, kind = '', digits] = /^(node|pod)?s?[\s-]*(\d+)$/.exec(text.trim().toLowerCase()) ?? [];
  if (digits === undefined) return [];
  const place = Number(digits) - 1;
  const entry = (node: number, pod: number, state: string): Entry => {
    const selection = massSelection(table, { node, pod });
    const title = pod < 0 ? table.nodeNames[node]! : podNameAt(table, pod);
    return { id: title, sort: pod < 0 ? 'Node' : 'Pod', title, detail: pod < 0 ? state : `${state} · ${table.nodeNames[node]!}`, text: title, weight: 0, run: (session) => reveal(session, selection) };
  };
  const named = kind === '' ? '' : `${kind}-`;
  const node = table.nodeNames.findIndex((name, index) => index === place && name.startsWith(named));
  const pod = 'pod-'.startsWith(named) && place >= 0 && place < table.pods.length ? place : -1;
  return [
    ...(node < 0 ? [] : [entry(node, -1, nodeStates[table.nodes[node]!]!)]),
    ...(pod < 0 ? [] : [entry(nodeOfPod(table, pod), pod, podStates[table.pods[pod]!]!)]),
  ];
}
