import { nodeStates, podStates } from '../../session/port/mass-status.ts';
import type { MassTable } from '../../session/port/mass-status.ts';
import { nodeKeyAt, podKeyAt, podNameAt } from '../mass-names.ts';
import type { MassLight } from '../state.ts';
import { fits } from './search-matches.ts';
import type { Found } from './search-matches.ts';
import type { Field, SearchQuery } from './search-query.ts';

/** What the statuses of a glance can be asked for by, in the order of their places. */
const nodeWords: Readonly<Record<(typeof nodeStates)[number], readonly string[]>> = { Ready: ['ready'], 'Ready,SchedulingDisabled': ['ready', 'schedulingdisabled', 'cordoned'], NotReady: ['notready', 'unknown'] };
const podWords: Readonly<Record<(typeof podStates)[number], readonly string[]>> = {
  Running: ['running', 'ready'], 'Running, not ready': ['running', 'notready'], Pending: ['pending', 'notready'], Terminating: ['terminating', 'notready'], Succeeded: ['succeeded', 'completed', 'notready'], failing: ['failing', 'notready'],
};

const [wordsOfNodes, wordsOfPods] = [nodeStates.map((state) => nodeWords[state]), podStates.map((state) => podWords[state])];

/** Each of these holds or not for all things of one kind and state, of one node, or of one name: so it is asked only so often. */
interface Tests { state(state: number): boolean; node(name: string): boolean; name(name: string): boolean; readonly words: readonly string[]; readonly byName: boolean }

function testsFor(query: SearchQuery, kind: 'node' | 'pod', statuses: readonly (readonly string[])[]): Tests {
  const holds = (field: Field, test: (wanted: string) => boolean): boolean => (query.fields[field] ?? []).every((values) => values.some(test));
  const possible = query.labels.length === 0 && holds('kind', (wanted) => wanted === kind) && holds('namespace', (wanted) => fits(kind === 'pod' ? 'default' : '', wanted));
  return {
    state: (state) => possible && holds('status', (wanted) => statuses[state]!.some((word) => (wanted.includes('*') ? fits(word, wanted) : word.startsWith(wanted)))),
    node: (name) => holds('node', (wanted) => fits(name, wanted)),
    name: (name) => holds('name', (wanted) => (wanted.includes('*') ? fits(name, wanted) : name.includes(wanted))),
    words: query.words, byName: query.fields.name !== undefined || query.words.length > 0,
  };
}

/** All statuses that match, of things that have no rows. */
export function findInMass(query: SearchQuery, table: MassTable): Found & { readonly mass: MassLight } {
  const [nodes, pods] = [new Uint8Array(table.nodes.length), new Uint8Array(table.pods.length)];
  const [ofNode, ofPod] = [testsFor(query, 'node', wordsOfNodes), testsFor(query, 'pod', wordsOfPods)];
  const [nodeStateFits, podStateFits] = [nodeStates.map((_, state) => ofNode.state(state)), podStates.map((_, state) => ofPod.state(state))];
  const says = ({ words }: Tests, said: () => string): boolean => words.length === 0 || ((text) => words.every((word) => text.includes(word)))(said());
  let onStage = 0;
  table.nodeNames.forEach((name, node) => {
    const state = table.nodes[node]!;
    if (!ofNode.node(name)) return;
    if (nodeStateFits[state] && ofNode.name(name) && says(ofNode, () => `node ${name} ${wordsOfNodes[state]!.join(' ')}`)) onStage += nodes[node] = 1;
    for (let pod = table.podStart[node]!; pod < table.podStart[node + 1]!; pod += 1) {
      const now = table.pods[pod]!;
      if (!podStateFits[now]) continue;
      const own = ofPod.byName ? podNameAt(table, pod) : '';
      if (ofPod.byName && !(ofPod.name(own) && says(ofPod, () => `pod default ${own} ${name} ${wordsOfPods[now]!.join(' ')}`))) continue;
      onStage += pods[pod] = 1;
    }
  });
  return { keys: new Set(), onStage, ofStage: nodes.length + pods.length, elsewhere: 0, mass: { nodes, pods } };
}

/** The light on tiles whose things have rows. */
export function massLightOf(keys: ReadonlySet<string>, table: MassTable): MassLight {
  return { nodes: table.nodes.map((_, node) => Number(keys.has(nodeKeyAt(table, node)))), pods: table.pods.map((_, pod) => Number(keys.has(podKeyAt(table, pod)))) };
}

/** The tiles in which anything is lit. */
export const litTiles = ({ nodes, pods }: MassLight, { podStart }: MassTable): Uint8Array =>
  nodes.map((lit, node) => Number(lit === 1 || pods.subarray(podStart[node], podStart[node + 1]).includes(1)));
