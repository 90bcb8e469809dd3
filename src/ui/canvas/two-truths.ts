import type { HostRow, NodeRow, PodRow, TruthRow } from '../../session/port/rows.ts';
import { objectKey } from '../../store/rows-view.ts';

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
