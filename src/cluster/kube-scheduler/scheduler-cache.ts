/** The scheduler's own picture of nodes and Pods, kept up to date by differences. Models pkg/scheduler/backend/cache/cache.go. */
import { List, PMap } from '../../simulation/collections/index.ts';
import type { ContainerImage, Node, Pod } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis, wholeUnits } from '../../kubernetes/apimachinery/quantity.ts';
import type { HostPort, NodeInfo, PodInfo, Resources } from './framework.ts';
import { podInfo } from './pod-info.ts';

export interface CachedPod { readonly info: PodInfo; readonly nodeName: string; /** Chosen by us, not yet confirmed by the API server. */ readonly assumed: boolean }

/** A node that is being made free for a Pod. */
export interface Nominated { readonly info: PodInfo; readonly nodeName: string }

export interface SchedulerCache {
  /** In the order in which the nodes came, so that sampling can go round. */
  readonly nodes: List<NodeInfo>;
  readonly positions: PMap<string, number>;
  /** Sums of nodes that have Pods but that are not known (not yet, or no longer). */
  readonly ghosts: PMap<string, NodeInfo>;
  readonly pods: PMap<string, CachedPod>;
  readonly imageCounts: PMap<string, number>;
  /** Models backend/queue/nominator.go. */
  readonly nominated: PMap<string, Nominated>;
  /** None of the Pods that ever were here had a lower one. */
  readonly lowestPriority: number;
}

export const emptyCache: SchedulerCache = { nodes: List(), positions: PMap(), ghosts: PMap(), pods: PMap(), imageCounts: PMap(), nominated: PMap(), lowestPriority: Infinity };

const nothing: Resources = { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0 };
const noPorts: readonly HostPort[] = [];

function allocatableOf(node: Node): { allocatable: Resources; allowedPods: number } {
  const list = node.status?.allocatable ?? {};
  let scalars: Record<string, number> | undefined;
  for (const name in list) {
    if (name !== 'cpu' && name !== 'memory' && name !== 'pods' && name !== 'ephemeral-storage') (scalars ??= {})[name] = wholeUnits(list[name]);
  }
  const amounts = { cpuMillis: cpuMillis(list.cpu), memoryBytes: bytes(list.memory), ephemeralBytes: bytes(list['ephemeral-storage']) };
  return { allocatable: scalars === undefined ? amounts : { ...amounts, scalars }, allowedPods: wholeUnits(list.pods) };
}

function bare(name: string, node: Node): NodeInfo {
  return { name, node, allocatable: nothing, allowedPods: 0, requested: nothing, nonZeroCpuMillis: 0, nonZeroMemoryBytes: 0, podCount: 0, usedPorts: noPorts };
}

const unknownNode = (name: string): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} });

function addScalars(a: Readonly<Record<string, number>> | undefined, b: Readonly<Record<string, number>> | undefined, sign: 1 | -1): Readonly<Record<string, number>> | undefined {
  if (b === undefined) return a;
  const sum: Record<string, number> = { ...a };
  for (const name in b) sum[name] = (sum[name] ?? 0) + sign * b[name]!;
  return sum;
}

/** The node with this Pod's requests added to its sums, or taken from them. */
export function countPod(node: NodeInfo, pod: PodInfo, sign: 1 | -1): NodeInfo {
  const { requested } = node;
  const amounts = {
    cpuMillis: requested.cpuMillis + sign * pod.requests.cpuMillis,
    memoryBytes: requested.memoryBytes + sign * pod.requests.memoryBytes,
    ephemeralBytes: requested.ephemeralBytes + sign * pod.requests.ephemeralBytes,
  };
  const scalars = addScalars(requested.scalars, pod.requests.scalars, sign);
  return {
    name: node.name, node: node.node, allocatable: node.allocatable, allowedPods: node.allowedPods,
    requested: scalars === undefined ? amounts : { ...amounts, scalars },
    nonZeroCpuMillis: node.nonZeroCpuMillis + sign * pod.nonZeroCpuMillis,
    nonZeroMemoryBytes: node.nonZeroMemoryBytes + sign * pod.nonZeroMemoryBytes,
    podCount: node.podCount + sign,
    usedPorts: pod.hostPorts.length === 0 ? node.usedPorts : sign > 0 ? [...node.usedPorts, ...pod.hostPorts] : withoutPorts(node.usedPorts, pod.hostPorts),
  };
}

function withoutPorts(used: readonly HostPort[], gone: readonly HostPort[]): readonly HostPort[] {
  const left = [...used];
  for (const port of gone) {
    const index = left.findIndex((one) => one.ip === port.ip && one.protocol === port.protocol && one.port === port.port);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

function countOn(cache: SchedulerCache, nodeName: string, pod: PodInfo, sign: 1 | -1): SchedulerCache {
  const position = cache.positions.get(nodeName);
  if (position !== undefined) return { ...cache, nodes: cache.nodes.set(position, countPod(cache.nodes.get(position)!, pod, sign)) };
  const ghost = countPod(cache.ghosts.get(nodeName) ?? bare(nodeName, unknownNode(nodeName)), pod, sign);
  return { ...cache, ghosts: ghost.podCount <= 0 ? cache.ghosts.delete(nodeName) : cache.ghosts.set(nodeName, ghost) };
}

/** The sums and the picture with this Pod on this node; a Pod that was there, or elsewhere, under the same name is taken off first. */
function place(cache: SchedulerCache, info: PodInfo, nodeName: string, assumed: boolean): SchedulerCache {
  const known = cache.pods.get(info.key);
  let next = cache;
  if (known === undefined || known.nodeName !== nodeName || known.info.requests !== info.requests) {
    if (known !== undefined) next = countOn(next, known.nodeName, known.info, -1);
    next = countOn(next, nodeName, info, 1);
  }
  const nominated = next.nominated.size === 0 ? next.nominated : next.nominated.delete(info.key);
  return { ...next, nominated, lowestPriority: Math.min(next.lowestPriority, info.priority), pods: next.pods.set(info.key, { info, nodeName, assumed }) };
}

/** AssumePod: count the Pod on the node before the API server has agreed. */
export const assumePod = (cache: SchedulerCache, info: PodInfo, nodeName: string): SchedulerCache => place(cache, info, nodeName, true);

/** AddPod and UpdatePod: the API server says that the Pod is on its node. A change of its status only changes nothing here. */
export function confirmPod(cache: SchedulerCache, pod: Pod): SchedulerCache {
  const info = podInfo(pod);
  const known = cache.pods.get(info.key);
  const same = known !== undefined && !known.assumed && known.nodeName === pod.spec.nodeName && known.info.requests === info.requests;
  return same ? cache : place(cache, info, pod.spec.nodeName!, false);
}

/** A node is being made free for this Pod: to Pods of lower priority it counts as being there. */
export const nominate = (cache: SchedulerCache, info: PodInfo, nodeName: string): SchedulerCache => ({ ...cache, nominated: cache.nominated.set(info.key, { info, nodeName }) });
export const withdrawNomination = (cache: SchedulerCache, key: string): SchedulerCache => (cache.nominated.has(key) ? { ...cache, nominated: cache.nominated.delete(key) } : cache);

/** The node with those that it is being made free for and that this Pod may not push aside. Models framework.go: addNominatedPods. */
export function withNominated(cache: SchedulerCache, node: NodeInfo, pod: PodInfo): NodeInfo {
  let full = node;
  if (cache.nominated.size > 0) for (const { info, nodeName } of cache.nominated.values()) if (nodeName === node.name && info.key !== pod.key && info.priority >= pod.priority) full = countPod(full, info, 1);
  return full;
}

/** ForgetPod and RemovePod: the Pod is not, or no longer, on a node. */
export function removePod(cache: SchedulerCache, key: string): SchedulerCache {
  const known = cache.pods.get(key);
  if (known === undefined) return cache;
  const next = countOn(cache, known.nodeName, known.info, -1);
  return { ...next, pods: next.pods.delete(key) };
}

function countImages(counts: PMap<string, number>, images: readonly ContainerImage[] | undefined, sign: 1 | -1): PMap<string, number> {
  if (images === undefined || images.length === 0) return counts;
  return counts.withMutations((map) => {
    for (const image of images) for (const name of image.names ?? []) {
      const left = (map.get(name) ?? 0) + sign;
      if (left <= 0) map.delete(name); else map.set(name, left);
    }
  });
}

/** AddNode and UpdateNode. */
export function putNode(cache: SchedulerCache, node: Node): SchedulerCache {
  const { name } = node.metadata;
  const position = cache.positions.get(name);
  const known = position === undefined ? cache.ghosts.get(name) : cache.nodes.get(position);
  const oldImages = position === undefined ? undefined : known!.node.status?.images;
  const sums = known ?? bare(name, node);
  const info: NodeInfo = known !== undefined && position !== undefined && known.node.status?.allocatable === node.status?.allocatable
    ? { ...sums, node }
    : { ...sums, node, ...allocatableOf(node) };
  const imageCounts = oldImages === node.status?.images
    ? cache.imageCounts
    : countImages(countImages(cache.imageCounts, oldImages, -1), node.status?.images, 1);
  if (position !== undefined) return { ...cache, nodes: cache.nodes.set(position, info), imageCounts };
  return { ...cache, nodes: cache.nodes.push(info), positions: cache.positions.set(name, cache.nodes.size), ghosts: cache.ghosts.delete(name), imageCounts };
}

/** RemoveNode: its Pods stay counted under its name until they go too. */
export function removeNode(cache: SchedulerCache, name: string): SchedulerCache {
  const position = cache.positions.get(name);
  if (position === undefined) return cache;
  const info = cache.nodes.get(position)!;
  const nodes = cache.nodes.delete(position);
  return {
    ...cache, nodes,
    positions: cache.positions.delete(name).withMutations((map) => { for (let i = position; i < nodes.size; i++) map.set(nodes.get(i)!.name, i); }),
    ghosts: info.podCount > 0 ? cache.ghosts.set(name, { ...info, node: unknownNode(name) }) : cache.ghosts,
    imageCounts: countImages(cache.imageCounts, info.node.status?.images, -1),
  };
}

/** The node of this name, if it is known. */
export function nodeNamed(cache: SchedulerCache, name: string): NodeInfo | undefined {
  const position = cache.positions.get(name);
  return position === undefined ? undefined : cache.nodes.get(position);
}
