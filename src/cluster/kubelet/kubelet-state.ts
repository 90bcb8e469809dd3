/** What a kubelet knows. Nothing of it survives a restart: what runs is asked of the runtime, what should run of the API server. */
import { List, PMap, PSet } from '../../simulation/collections/index.ts';
import type { KubeObject, Lease, Node, Pod, PodCondition, PodStatus, ResourceRequirements, Taint } from '../../kubernetes/api/index.ts';
import type { ClientState } from '../../kubernetes/client-go/index.ts';
import type { ContainerStatus as CriContainer, PodSandbox } from '../../kubernetes/protocols/cri.ts';
import type { Address, Effect, Env, Message, Outcome, ProcessEvent, SimTime } from '../../simulation/process/process.ts';
import { request } from '../../simulation/process/effects.ts';
import { requestsOf, type Requests } from './pod-requests.ts';

/** What the topology gives a kubelet: its flags, its configuration file and its machine. */
export interface KubeletInput {
  readonly apiServer: Address;
  readonly node: string;
  readonly nodeIp: string;
  readonly runtime: Address;
  readonly capacity: { readonly [resource: string]: string };
  readonly labels: { readonly [label: string]: string };
  readonly taints: readonly Taint[];
}

/** A Pod's sandboxes and containers as the last relist saw them, newest first. */
export interface PodRuntime { readonly sandboxes: readonly PodSandbox[]; readonly containers: readonly CriContainer[] }

/** Why a container is not running: shown as its waiting state. Models pkg/kubelet/reason_cache.go. */
export interface WaitingReason { readonly reason: string; readonly message: string }

/** Where the worker is in bringing the runtime to what the Pod asks for. One call at a time, as upstream's SyncPod makes them. */
export interface SyncProgress {
  readonly step: 'resizing' | 'volumes' | 'stopping sandbox' | 'sandbox' | 'image status' | 'pulling' | 'creating' | 'starting';
  readonly sandboxId: string;
  /** The number of the sandbox to make, and whether there is one to be taken down before. */
  readonly attempt: number;
  /** Running containers that are still to get another size; the first one is under way. */
  readonly resizing: readonly ResizeAction[];
  /** Containers still to start; the first one is under way. */
  readonly todo: readonly string[];
  readonly containerId: string;
  readonly pullStartedUs: SimTime;
  readonly failed: boolean;
  /** When a back-off that stopped a container ends. */
  readonly backOffEndsUs: SimTime | undefined;
}

/** What is to be done to a running container so that it has what was allocated to it. */
export interface ResizeAction { readonly name: string; readonly containerId: string; readonly restart: boolean }

/** Sizes that are wished for, given and actually there. Models pkg/kubelet/allocation: what is allocated is in the worker's Pod. Absent: as at the start. */
export interface Resize {
  /** Other sizes are asked for and cannot be given: the Pod with them, and why. */
  readonly wanted?: Pod;
  readonly pending?: PodCondition;
  readonly inProgress?: PodCondition;
  readonly actuated?: { readonly [container: string]: ResourceRequirements };
}

/** Models pkg/kubelet/pod_workers.go: the life of a Pod's worker. A Pod only moves to the right. */
export type WorkerStage = 'syncing' | 'terminating' | 'terminated';

export interface PodWorker {
  readonly uid: string;
  readonly pod: Pod;
  readonly resize?: Resize;
  readonly stage: WorkerStage;
  /** The record that last moved this Pod on: what everything done for it names as its cause. */
  readonly cause: number;
  readonly runtime: PodRuntime;
  readonly sync: SyncProgress | undefined;
  /** Something changed while the worker was busy. */
  readonly again: boolean;
  /** When the last sync ended. The next one needs a relist that began later, or it would start again what it has just started. */
  readonly syncedAtUs: SimTime;
  readonly tokenArrived: boolean;
  readonly token: string;
  /** Volumes are set up once per worker. */
  readonly mounted: boolean;
  readonly reasons: { readonly [container: string]: WaitingReason };
  readonly restartBackOff: { readonly [container: string]: BackOff };
  readonly pullBackOff: { readonly [image: string]: BackOff & { readonly error: string } };
  /** The status last computed, how often it changed, and how much of that the API server has. */
  readonly status: PodStatus | undefined;
  readonly statusVersion: number;
  readonly sentVersion: number;
  /** The newest sandbox we know of, '' if none: it may be newer than the last relist. */
  readonly sandboxId: string;
  readonly ending: Ending | undefined;
  /** Gone from the API: the worker goes too, as soon as nothing runs. */
  readonly removed: boolean;
}

/** Where the worker is in taking the Pod down. */
export interface Ending {
  readonly step: 'waiting for the call under way' | 'listing' | 'stopping' | 'stopping sandbox' | 'reading exit codes';
  /** Runtime calls that are not answered yet. */
  readonly open: number;
}

export interface BackOff { readonly delayUs: number; readonly lastUpdateUs: SimTime }

/** A ConfigMap or Secret that Pods refer to: asked for once, `missing` ones again later. */
export interface Fetched { readonly state: 'asked' | 'present' | 'missing'; readonly object: KubeObject | undefined; readonly waiting: readonly string[]; readonly failures: number; readonly atUs: SimTime }

export interface Relist {
  readonly underWay: boolean;
  /** When the relist under way began, and when the last complete one did. */
  readonly beganAtUs: SimTime;
  readonly trueAtUs: SimTime;
  readonly timerSet: boolean;
  /** False until the first one after the start: until then nobody knows what runs. */
  readonly done: boolean;
  readonly sandboxes: readonly PodSandbox[];
  readonly containers: readonly CriContainer[];
  /** The sandboxes of a relist whose containers are not listed yet. */
  readonly sandboxesSeen: readonly PodSandbox[];
}

export interface NodeRecord {
  readonly registered: boolean;
  readonly asking: boolean;
  readonly registerBackOffUs: number;
  /** Moment of the last good answer of the runtime; -1 before the first. */
  readonly runtimeOkAtUs: SimTime;
  readonly networkReady: boolean;
  readonly reportedAtUs: SimTime;
  /** The Node as the API server last returned it to us. */
  readonly node: Node | undefined;
  readonly lease: Lease | undefined;
  readonly images: PMap<string, number>;
}

/** A log that somebody follows: the API server's stream, and how what comes is told on it. */
export interface Following { readonly stream: string; readonly timestamps: boolean; readonly bytesLeft: number }

export interface KubeletState {
  readonly input: KubeletInput;
  readonly client: ClientState;
  readonly workers: PMap<string, PodWorker>;
  /** What the Pods that are not torn down yet ask for in all: admission does not add it up anew for each Pod. */
  readonly claimed: Claimed;
  /** Workers that wait for a newer relist before they sync. Models pkg/kubelet/container/cache.go: GetNewerThan. */
  readonly awaitRelist: PSet<string>;
  /** Pods that wait for room to grow. */
  readonly awaitRoom: PSet<string>;
  readonly fetched: PMap<string, Fetched>;
  readonly relist: Relist;
  readonly statusQueue: List<string>;
  /** The Pod whose status is on its way to the API server; they go one after another. */
  readonly statusBusy: string | undefined;
  readonly node: NodeRecord;
  readonly nextCall: number;
  /** exec, attach and port-forward: the API server's stream and ours to the runtime, each by the other. */
  readonly conversations: PMap<string, string>;
  /** Logs that are followed: the same, by either stream. */
  readonly following: PMap<string, Following>;
}

/** A number of Pods and the sum of what they ask for. */
export interface Claimed { readonly pods: number; readonly cpu: number; readonly memory: number; readonly storage: number }

/** One step of the kubelet under way: what it knows so far and what it has asked for. Lives no longer than the step. */
export interface Turn {
  state: KubeletState;
  readonly effects: Effect[];
  readonly env: Env;
  /** The worker that this step is about, as it is by now and as `state` has it: several changes of it are put there at once. */
  uid: string;
  worker: PodWorker | undefined;
  stored: PodWorker | undefined;
}

/** Turn a function that works on a Turn into a plan for the chart. */
export const turn = (work: (at: Turn, event: ProcessEvent) => void) => (state: KubeletState, event: ProcessEvent): Outcome<KubeletState> => {
  const at: Turn = { state, effects: [], env: event.env, uid: '', worker: undefined, stored: undefined };
  work(at, event);
  putAway(at);
  return [at.state, at.effects];
};

function putAway(at: Turn): void {
  const { worker, stored, state } = at;
  if (worker === undefined || worker === stored) return;
  at.stored = worker;
  const same = stored !== undefined && stored.stage === worker.stage && stored.pod.spec === worker.pod.spec;
  at.state = { ...state, workers: state.workers.set(at.uid, worker), claimed: same ? state.claimed : reclaimed(state.claimed, stored, worker) };
}

export function workerOf(at: Turn, uid: string): PodWorker | undefined {
  if (at.uid !== uid) {
    putAway(at);
    at.uid = uid;
    at.worker = at.stored = at.state.workers.get(uid);
  }
  return at.worker;
}

/** Write the changed fields of a worker. */
export function update(at: Turn, uid: string, change: Partial<PodWorker>): PodWorker {
  const worker: PodWorker = { ...workerOf(at, uid)! };
  for (const field in change) (worker as unknown as Record<string, unknown>)[field] = change[field as keyof PodWorker];
  at.worker = worker;
  return worker;
}

/** A new worker. */
export function addWorker(at: Turn, worker: PodWorker): void {
  if (workerOf(at, worker.uid) !== undefined) throw new Error(`Pod ${worker.uid} has a worker`);
  at.worker = worker;
  putAway(at);
}

/** A worker whose Pod is gone. */
export function removeWorker(at: Turn, uid: string): void {
  workerOf(at, uid);
  const { state, stored } = at;
  at.worker = at.stored = undefined;
  at.state = { ...state, workers: state.workers.delete(uid), claimed: reclaimed(state.claimed, stored, undefined) };
}

/** The sum when a worker comes (nothing before), changes, or goes (nothing after). */
function reclaimed(claimed: Claimed, before: PodWorker | undefined, after: PodWorker | undefined): Claimed {
  const less = before === undefined || before.stage === 'terminated' ? nothing : requestsOf(before.pod);
  const more = after === undefined || after.stage === 'terminated' ? nothing : requestsOf(after.pod);
  const pods = (more === nothing ? 0 : 1) - (less === nothing ? 0 : 1);
  return { pods: claimed.pods + pods, cpu: claimed.cpu + more.cpu - less.cpu, memory: claimed.memory + more.memory - less.memory, storage: claimed.storage + more.storage - less.storage };
}
const nothing: Requests = { cpu: 0, memory: 0, storage: 0 };

/** Ask the runtime for something on behalf of a Pod. The answer finds the worker by the request's id. */
export function askRuntime(at: Turn, worker: PodWorker, method: string, body: unknown, options: { workUs?: number; timeoutUs?: number; background?: boolean } = {}): void {
  const { state } = at;
  const message: Message = { type: `cri.${method}`, body, cause: worker.cause, background: options.background ?? false };
  at.state = { ...state, nextCall: state.nextCall + 1 };
  at.effects.push(request(`pod/${worker.uid}/${state.nextCall}`, state.input.runtime, message, { timeoutUs: options.timeoutUs ?? 120_000_000, workUs: options.workUs ?? 0 }));
}

/** The Pod a runtime call was made for. */
export const podOfCall = (id: string): string => id.slice(4, id.lastIndexOf('/'));
