/** The small facts that the stage shows. Each has a key; a row is replaced whole when anything in it changes. */
export type Row = HostRow | ComponentRow | PodRow | NodeRow | WorkloadRow | JobRow | CronJobRow | ServiceRow | NamespaceRow | OtherRow | TruthRow;

/** `host/<name>` */
export interface HostRow { readonly type: 'host'; readonly name: string; readonly where: 'control-plane' | 'node' | 'outside' | 'cloud'; readonly powered: boolean; /** Cut off from the others. */ readonly partitioned: boolean; /** By how much each message to it and from it takes longer than usual; 0 if it does not. */ readonly slowUs: number }

/** `component/<address>`: one running program. */
export interface ComponentRow {
  readonly type: 'component';
  readonly address: string;
  readonly name: string;
  readonly title: string;
  readonly glyph: string;
  readonly host: string;
  readonly where: 'control-plane' | 'node' | 'outside' | 'cloud';
  /** Facts of its descriptor: its place among those where it is, what it is to the others, how wide it is shown. */
  readonly rank: number;
  readonly role: 'front-door' | 'balancer' | 'waiting-room' | 'store' | '';
  readonly breadth: number;
  /** The names of those whom it dials. */
  readonly mayDial: readonly string[];
  readonly running: boolean;
  /** Active states of its chart, outermost first: `serving`. */
  readonly states: readonly string[];
  readonly line: string;
  readonly gauges: readonly { readonly name: string; readonly desired: number; readonly actual: number }[];
  readonly counters: Readonly<Record<string, number | string>>;
  /** Addresses it holds streams (watches) to: it is the one that dialled. */
  readonly dials: readonly string[];
}

interface ObjectFields { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string; readonly resourceVersion: string; readonly createdAtUs: number; readonly deleting: boolean; readonly labels: Readonly<Record<string, string>> }

/** `object/<kind>/<namespace>/<name>` like all API objects: what etcd believes. */
export interface PodRow extends ObjectFields {
  readonly type: 'pod';
  readonly node: string;
  readonly phase: string;
  /** kubectl's STATUS column: `Running`, `ContainerCreating`, `CrashLoopBackOff`, `Terminating`. */
  readonly status: string;
  readonly ready: boolean;
  readonly ip: string;
  readonly restarts: number;
  readonly containers: readonly ContainerRow[];
  readonly ownerUid: string;
  readonly ownerName: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Why it is not running yet, in the API's own words: the PodScheduled message, say. */
  readonly message: string;
}
export interface ContainerRow { readonly name: string; readonly image: string; readonly init: boolean; readonly state: 'waiting' | 'running' | 'terminated'; readonly reason: string; readonly ready: boolean; readonly restarts: number; /** Virtual time at which a back-off ends, else 0. */ readonly backOffUntilUs: number }

export interface NodeRow extends ObjectFields {
  readonly type: 'node';
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly unschedulable: boolean;
  readonly taints: readonly string[];
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly pods: number;
  readonly leaseRenewedAtUs: number;
}

/** Deployment or ReplicaSet (and later their kin). */
export interface WorkloadRow extends ObjectFields { readonly type: 'workload'; readonly desired: number; readonly current: number; readonly ready: number; readonly available: number; readonly updated: number; readonly ownerUid: string; readonly revision: string }

/** `state` is kubectl's word. */
export interface JobRow extends ObjectFields { readonly type: 'job'; readonly state: string; readonly wanted: number; readonly succeeded: number; readonly active: number; readonly failed: number }
export interface CronJobRow extends ObjectFields { readonly type: 'cron-job'; readonly schedule: string; readonly suspended: boolean; /** Jobs at work. */ readonly active: number; /** For which moment it last made one; 0 for none. */ readonly lastUs: number }

export interface ServiceRow extends ObjectFields { readonly type: 'service'; readonly serviceType: string; readonly clusterIP: string; readonly ports: readonly string[]; readonly selector: Readonly<Record<string, string>>; /** Pod names behind it. */ readonly readyPods: readonly string[]; readonly notReadyPods: readonly string[] }
export interface NamespaceRow extends ObjectFields { readonly type: 'namespace'; readonly phase: string }
export interface OtherRow extends ObjectFields { readonly type: 'other' }

/** `truth/<node>`: what is so on the node, whatever the API believes. */
export interface TruthRow { readonly type: 'truth'; readonly node: string; readonly containers: readonly { readonly namespace: string; readonly pod: string; readonly container: string; readonly running: boolean; readonly exitCode: number }[]; /** What those that run take of the machine, as cAdvisor would measure it. */ readonly used: { readonly cpuMillis: number; readonly memoryBytes: number } }

/** One message on the stage. Nothing moves that is not one of these. */
export interface MessageRow {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  /** What shape and colour it has. */
  readonly kind: 'request' | 'response' | 'watch' | 'cri' | 'etcd' | 'raft' | 'cni';
  /** A short label: `POST …/binding`, `201`, `ADDED Pod/web-x`, `RunPodSandbox`, `Txn put /registry/pods/…`. */
  readonly label: string;
  readonly sentAtUs: number;
  readonly arrivesAtUs: number;
  readonly background: boolean;
  /** It will not arrive: lost on a cut link, or refused at the other end. */
  readonly lost: boolean;
  readonly ok: boolean;
}
