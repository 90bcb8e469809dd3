import type { ComponentRow, HostRow, NodeRow, PodRow, TruthRow } from '../../session/port/rows.ts';
import type { Rows } from '../../store/known-window.ts';
import { objectKey, viewOf } from '../../store/rows-view.ts';

/** What etcd believes of one Pod, and what is so on its node. */
export interface TwoTruths {
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  /** Undefined where etcd knows of none. */
  readonly pod: PodRow | undefined;
  readonly believed: string;
  readonly real: string;
  readonly runs: boolean;
  /** Set where the two differ: in words. */
  readonly difference: string;
}

type Real = TruthRow['containers'];

/** How a Pod's containers are: of those tried again, the one that runs counts, else the last. */
function realWords(containers: Real): { readonly words: string; readonly running: number } {
  const byName = new Map<string, Real[number]>();
  for (const container of containers) if (byName.get(container.container)?.running !== true) byName.set(container.container, container);
  const all = [...byName.values()];
  const running = all.filter((container) => container.running).length;
  if (all.length === 0) return { words: 'nothing', running };
  if (running === all.length) return { words: 'running', running };
  return { words: running > 0 ? `${running} of ${all.length} running` : `exited ${all.at(-1)!.exitCode}`, running };
}

function compare(pod: PodRow, containers: Real, powered: boolean): TwoTruths {
  const main = new Set(pod.containers.filter((container) => !container.init).map((container) => container.name));
  const here = powered ? realWords(containers.filter((container) => main.has(container.container))) : { words: 'no power', running: 0 };
  const believedRunning = pod.containers.filter((container) => !container.init && container.state === 'running').length;
  const differs = believedRunning !== here.running || (pod.deleting && here.running > 0);
  const said = powered ? `etcd: ${pod.status} · here: ${here.words}` : `etcd says ${pod.status}, the node has no power: nothing runs`;
  return { key: objectKey('Pod', pod.namespace, pod.name), name: pod.name, namespace: pod.namespace, pod, believed: pod.status, real: here.words, runs: here.running > 0, difference: differs ? said : '' };
}

/** Puts both truths about a node's Pods side by side, those that differ first. */
export function twoTruths(pods: readonly PodRow[], truth: TruthRow | undefined, powered: boolean): readonly TwoTruths[] {
  const real = new Map<string, Real[number][]>();
  for (const container of truth?.containers ?? []) {
    const key = `${container.namespace}/${container.pod}`;
    real.set(key, [...(real.get(key) ?? []), container]);
  }
  const known = pods.map((pod) => compare(pod, real.get(`${pod.namespace}/${pod.name}`) ?? [], powered));
  const names = new Set(pods.map((pod) => `${pod.namespace}/${pod.name}`));
  const forgotten = [...real].filter(([key, containers]) => powered && !names.has(key) && containers.some((container) => container.running)).map(([key, containers]): TwoTruths => {
    const { namespace, pod } = containers[0]!;
    return { key: `forgotten/${key}`, name: pod, namespace, pod: undefined, believed: 'no such Pod', real: realWords(containers).words, runs: true, difference: 'etcd has forgotten this, still running here' };
  });
  const all = [...known, ...forgotten];
  return [...all.filter(({ difference }) => difference !== ''), ...all.filter(({ difference }) => difference === '')];
}

/** The same of the node itself. `agentRuns`: whoever would tell the API server of it is up. */
export function nodeTruths(node: NodeRow | undefined, host: HostRow | undefined, agentRuns: boolean): { readonly believed: string; readonly real: string; readonly differ: boolean } {
  const believed = node === undefined ? 'not registered' : node.ready === 'True' ? 'Ready' : node.ready === 'False' ? 'NotReady' : 'Unknown';
  const real = host?.powered === false ? 'no power' : host?.partitioned === true ? 'up, but cut off' : agentRuns ? 'up' : 'up, its kubelet stopped';
  return { believed, real, differ: (believed === 'Ready') !== (real === 'up') || (real === 'up, but cut off') };
}

/** Whoever reports a node is the first of its programs: by node, whether it runs. */
function agentsOf(rows: Rows): ReadonlyMap<string, ComponentRow> {
  const agents = new Map<string, ComponentRow>();
  for (const component of viewOf(rows).components) if (component.where === 'node' && component.rank < (agents.get(component.host)?.rank ?? Infinity)) agents.set(component.host, component);
  return agents;
}

/** Both truths about a node and its Pods. */
export function truthsAt(rows: Rows, node: string, agents = agentsOf(rows)): { readonly node: ReturnType<typeof nodeTruths>; readonly pods: readonly TwoTruths[] } {
  const host = rows[`host/${node}`] as HostRow | undefined;
  const view = viewOf(rows);
  return {
    node: nodeTruths(rows[objectKey('Node', '', node)] as NodeRow | undefined, host, agents.get(node)?.running === true),
    pods: twoTruths(view.podsByNode.get(node) ?? [], view.truths.get(node), host?.powered !== false),
  };
}

export interface NodeApart { readonly node: string; readonly difference: string }
let lastRows: Rows | undefined;
let lastApart: readonly NodeApart[] = [];

/** The machines on which the two truths differ, and how. Asked many times for the same rows, it looks once. */
export function nodesApart(rows: Rows): readonly NodeApart[] {
  if (rows === lastRows) return lastApart;
  const agents = agentsOf(rows);
  lastRows = rows;
  lastApart = viewOf(rows).hosts.filter(({ where }) => where === 'control-plane' || where === 'node').flatMap(({ name }): NodeApart[] => {
    const { node, pods } = truthsAt(rows, name, agents);
    const apart = pods.filter(({ difference }) => difference !== '').length;
    const said = [...(node.differ ? [`etcd: ${node.believed}, here: ${node.real}`] : []), ...(apart > 0 ? [`${apart} ${apart === 1 ? 'Pod differs' : 'Pods differ'}`] : [])];
    return said.length === 0 ? [] : [{ node: name, difference: said.join(' · ') }];
  });
  return lastApart;
}
