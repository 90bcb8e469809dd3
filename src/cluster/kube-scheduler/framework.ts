/** The extension points that are modelled, as types. Models staging/src/k8s.io/kube-scheduler/framework/interface.go. */
import type { Node, Pod } from '../../kubernetes/api/index.ts';
import type { PodVolumes } from '../../kubernetes/storage/pod-volumes.ts';

/** Amounts in the units the scheduler counts in; `scalars` are extended resources and huge pages. */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralBytes: number;
  readonly scalars?: Readonly<Record<string, number>>;
}

/** A port that a container takes on its node. */
export interface HostPort { readonly ip: string; readonly protocol: string; readonly port: number }

/** A Pod with what the plugins ask about it again and again, worked out once. */
export interface PodInfo {
  /** `namespace/name`. */
  readonly key: string;
  readonly pod: Pod;
  readonly priority: number;
  readonly requests: Resources;
  /** Requests with 100m and 200Mi in the place of what a container leaves out: only scoring uses them. */
  readonly nonZeroCpuMillis: number;
  readonly nonZeroMemoryBytes: number;
  readonly hostPorts: readonly HostPort[];
  /** The claims that its volumes name. */
  readonly claims: readonly string[];
  /** What they are, while a node is being looked for. */
  readonly volumes?: PodVolumes;
}

/** A Node and the sums over the Pods that are on it or assumed to be. */
export interface NodeInfo {
  readonly name: string;
  readonly node: Node;
  readonly allocatable: Resources;
  readonly allowedPods: number;
  readonly requested: Resources;
  readonly nonZeroCpuMillis: number;
  readonly nonZeroMemoryBytes: number;
  readonly podCount: number;
  readonly usedPorts: readonly HostPort[];
}

/** Why a plugin refuses a node. `resolvable` says whether the removal of Pods could change that (Unschedulable against UnschedulableAndUnresolvable). */
export interface Rejection { readonly reasons: readonly string[]; readonly resolvable: boolean }

/** Something that happened in the cluster and may let a waiting Pod fit. Models pkg/scheduler/framework/events.go. */
export type ClusterEvent =
  | { readonly resource: 'Node'; readonly changes: readonly NodeChange[]; readonly node: Node; readonly old?: Node }
  | { readonly resource: 'AssignedPod'; readonly action: 'Delete' | 'UpdatePodScaleDown'; readonly pod: PodInfo; readonly nodeName: string }
  | { readonly resource: 'TargetPod'; readonly changes: readonly PodChange[] }
  | { readonly resource: 'PersistentVolumeClaim'; readonly namespace: string; readonly name: string }
  | { readonly resource: 'PersistentVolume' | 'StorageClass' };

export type NodeChange = 'Add' | 'UpdateNodeAllocatable' | 'UpdateNodeLabel' | 'UpdateNodeTaint';
export type PodChange = 'UpdatePodLabel' | 'UpdatePodToleration' | 'UpdatePodScaleDown' | 'UpdatePodSchedulingGatesEliminated';

/** What the score plugins may look at besides Pod and node. */
export interface ScoreContext {
  readonly totalNodes: number;
  /** How many nodes have the image. */
  nodesWithImage(name: string): number;
}

/** Any plugin; the parts it has say at which extension points it runs. */
export interface Plugin {
  /** Upstream's name, letter for letter. */
  readonly name: string;
  /** PreEnqueue: why the Pod may not enter the active queue, or undefined. */
  preEnqueue?(pod: PodInfo): string | undefined;
  /** PreFilter's Skip: false where Filter has nothing to say about this Pod. */
  filters?(pod: PodInfo): boolean;
  /** PreFilter's refusal: why no node at all can run the Pod. */
  refuses?(pod: PodInfo): string | undefined;
  /** PreFilter's result: the only nodes worth looking at, or undefined for all. */
  preFilter?(pod: PodInfo): ReadonlySet<string> | undefined;
  /** Filter: why this node cannot run the Pod, or undefined if it can. */
  filter?(pod: PodInfo, node: NodeInfo): Rejection | undefined;
  /** PreScore's Skip: false where Score has nothing to say about this Pod. */
  scores?(pod: PodInfo): boolean;
  /** Score: 0 to 100, or any whole number if `normalize` follows. */
  score?(pod: PodInfo, node: NodeInfo, context: ScoreContext): number;
  /** NormalizeScore: brings the scores of all nodes to 0 to 100, in place. */
  normalize?(scores: number[]): void;
  /** EventsToRegister with its queueing hint: may this event let a Pod fit that this plugin refused? */
  mayHelp?(event: ClusterEvent, pod: PodInfo): boolean;
}

export const maxNodeScore = 100;

/** Models pkg/scheduler/framework/plugins/helper/normalize_score.go: DefaultNormalizeScore. */
export function defaultNormalize(scores: number[], reverse: boolean): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  for (let i = 0; i < scores.length; i++) {
    const scaled = highest === 0 ? 0 : Math.trunc((maxNodeScore * scores[i]!) / highest);
    scores[i] = reverse ? maxNodeScore - scaled : scaled;
  }
}
