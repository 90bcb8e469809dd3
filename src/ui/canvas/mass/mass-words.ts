import { failing, nodeStates, notReady, podStates } from '../../../session/port/mass-status.ts';
import type { MassTable } from '../../../session/port/mass-status.ts';
import { podNameAt } from '../../../store/mass-names.ts';

/** 5,000 */
export const numberText = (value: number): string => value.toLocaleString('en-US');

export const countWord = (count: number, one: string): string => `${numberText(count)} ${one}${count === 1 ? '' : 's'}`;

/** How many there are of each state, in the order of the states. */
export function tally(states: Uint8Array, kinds: number, from = 0, to = states.length): readonly number[] {
  const counts = Array.from({ length: kinds }, () => 0);
  for (let index = from; index < to; index += 1) counts[states[index]!]! += 1;
  return counts;
}

const said = (counts: readonly number[], names: readonly string[]): string => counts.flatMap((count, state) => (count === 0 ? [] : [`${numberText(count)} ${names[state]!}`])).join(', ');

export const nodesText = (table: MassTable): string => `${countWord(table.nodes.length, 'node')}: ${said(tally(table.nodes, nodeStates.length), nodeStates)}`;
export const podsText = (table: MassTable): string => `${countWord(table.pods.length, 'Pod')}: ${said(tally(table.pods, podStates.length), podStates)}`;

/** The Pods of one node: `30 Pods: 29 Running, 1 failing`. */
export function podsOfText({ pods, podStart }: MassTable, node: number): string {
  const [from, to] = [podStart[node]!, podStart[node + 1]!];
  return to === from ? 'no Pods' : `${countWord(to - from, 'Pod')}: ${said(tally(pods, podStates.length, from, to), podStates)}`;
}

const needNobody: readonly string[] = ['Running', 'Succeeded'];

/** The same where there is little room: what is not as it should be comes at once. */
export function podsInShort({ pods, podStart }: MassTable, node: number): string {
  const [from, to] = [podStart[node]!, podStart[node + 1]!];
  const odd = tally(pods, podStates.length, from, to).flatMap((count, state) => (count === 0 || needNobody.includes(podStates[state]!) ? [] : [`${count} ${podStates[state]!.replace('Running, ', '')}`]));
  return [countWord(to - from, 'Pod'), ...odd.reverse()].join(', ');
}

/** All one needs to know of a node, for those who do not see it. */
export const nodeText = (table: MassTable, node: number): string =>
  `Node ${table.nodeNames[node]!}, ${nodeStates[table.nodes[node]!]!}, ${podsOfText(table, node)}, ${table.requested[node]!} % of its cpu requested`;

/** The same of one Pod. */
export const podText = (table: MassTable, pod: number, node: number): string => `Pod ${podNameAt(table, pod)}, ${podStates[table.pods[pod]!]!}, on ${table.nodeNames[node]!}`;

export interface Trouble { readonly node: number; readonly text: string }

/** The nodes that need somebody: the lost ones first, then those with the most failing Pods. */
export function troubles({ nodes, pods, podStart }: MassTable): readonly Trouble[] {
  const [lost, hurt]: [Trouble[], (Trouble & { readonly count: number })[]] = [[], []];
  for (let node = 0; node < nodes.length; node += 1) {
    if (nodes[node] === notReady) {
      lost.push({ node, text: 'NotReady' });
      continue;
    }
    let count = 0;
    for (let pod = podStart[node]!; pod < podStart[node + 1]!; pod += 1) if (pods[pod] === failing) count += 1;
    if (count > 0) hurt.push({ node, count, text: `${countWord(count, 'Pod')} failing` });
  }
  return [...lost, ...hurt.sort((a, b) => b.count - a.count || a.node - b.node)];
}
