import type { Node } from '../../../kubernetes/api/index.ts';
import { bytes, cpuMillis, wholeUnits } from '../../../kubernetes/apimachinery/quantity.ts';
import { maxNodeScore, type NodeInfo, type Plugin, type PodInfo, type Rejection } from '../framework.ts';

/** The refusal for each set of lacking resources is made once: they come in few kinds and by the thousand. */
const rejections = new Map<string, Rejection>();

function rejectionFor(reasons: readonly string[], resolvable: boolean): Rejection {
  const key = `${resolvable}/${reasons.join()}`;
  let known = rejections.get(key);
  if (known === undefined) rejections.set(key, known = { reasons, resolvable });
  return known;
}

/** What the node has too little of. What exceeds the whole node cannot be helped by removing Pods. */
function insufficient(pod: PodInfo, node: NodeInfo): Rejection | undefined {
  const { requests } = pod;
  const { allocatable, requested } = node;
  let reasons: string[] | undefined;
  let resolvable = true;
  if (node.podCount + 1 > node.allowedPods) reasons = ['Too many pods'];
  if (requests.cpuMillis > 0 && requests.cpuMillis > allocatable.cpuMillis - requested.cpuMillis) {
    (reasons ??= []).push('Insufficient cpu');
    if (requests.cpuMillis > allocatable.cpuMillis) resolvable = false;
  }
  if (requests.memoryBytes > 0 && requests.memoryBytes > allocatable.memoryBytes - requested.memoryBytes) {
    (reasons ??= []).push('Insufficient memory');
    if (requests.memoryBytes > allocatable.memoryBytes) resolvable = false;
  }
  if (requests.ephemeralBytes > 0 && requests.ephemeralBytes > allocatable.ephemeralBytes - requested.ephemeralBytes) {
    (reasons ??= []).push('Insufficient ephemeral-storage');
    if (requests.ephemeralBytes > allocatable.ephemeralBytes) resolvable = false;
  }
  for (const name in requests.scalars) {
    const wanted = requests.scalars[name]!;
    const has = allocatable.scalars?.[name] ?? 0;
    if (wanted === 0 || wanted <= has - (requested.scalars?.[name] ?? 0)) continue;
    (reasons ??= []).push(`Insufficient ${name}`);
    if (wanted > has) resolvable = false;
  }
  return reasons === undefined ? undefined : rejectionFor(reasons, resolvable);
}

function leastRequested(requested: number, capacity: number): number {
  return capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * maxNodeScore) / capacity);
}

/** Whether the Pod would fit on the node were it empty: models fit.go, isSchedulableAfterNodeChange, which counts no Pods either. */
function fitsEmptyNode({ requests }: PodInfo, node: Node): boolean {
  const list = node.status?.allocatable;
  if (requests.cpuMillis > cpuMillis(list?.cpu) || requests.memoryBytes > bytes(list?.memory) || requests.ephemeralBytes > bytes(list?.['ephemeral-storage'])) return false;
  for (const name in requests.scalars) if (requests.scalars[name]! > wholeUnits(list?.[name])) return false;
  return wholeUnits(list?.pods) > 0;
}

/** Refuses nodes with too little left, and prefers the emptiest (LeastAllocated, cpu and memory alike). Models plugins/noderesources/fit.go and least_allocated.go. */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  filter: insufficient,
  score: (pod, { allocatable, nonZeroCpuMillis, nonZeroMemoryBytes }) => {
    let sum = 0;
    let weights = 0;
    if (allocatable.cpuMillis > 0) { sum += leastRequested(nonZeroCpuMillis + pod.nonZeroCpuMillis, allocatable.cpuMillis); weights++; }
    if (allocatable.memoryBytes > 0) { sum += leastRequested(nonZeroMemoryBytes + pod.nonZeroMemoryBytes, allocatable.memoryBytes); weights++; }
    return weights === 0 ? 0 : Math.floor(sum / weights);
  },
  mayHelp: (event, pod) => {
    if (event.resource === 'AssignedPod') return true;
    if (event.resource === 'TargetPod') return event.changes.includes('UpdatePodScaleDown');
    return event.resource === 'Node' && (event.changes.includes('Add') || event.changes.includes('UpdateNodeAllocatable')) && fitsEmptyNode(pod, event.node);
  },
};
