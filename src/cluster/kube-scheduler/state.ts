/** What kube-scheduler remembers between two events. Everything is immutable and may be shared by checkpoints. */
import { PMap } from '../../simulation/collections/index.ts';
import { createClient, createElection, type ClientState, type ElectionState } from '../../kubernetes/client-go/index.ts';
import type { Volume } from '../../kubernetes/storage/volumes.ts';
import type { Address } from '../../simulation/process/process.ts';
import { emptyCache, type SchedulerCache } from './scheduler-cache.ts';
import { emptyQueue, type QueuedPod, type SchedulingQueue } from './scheduling-queue.ts';

export const schedulerName = 'default-scheduler';
const user = 'system:kube-scheduler';

/** What the topology gives. */
export interface SchedulerInput { readonly apiServer: Address }

/** A Pod whose binding has been asked for and not yet answered. */
export interface BindingPod {
  readonly pod: QueuedPod;
  readonly nodeName: string;
  /** Its volumes come first: how many writes are not answered, which volumes were given, and until when it waits. */
  readonly volumes?: { readonly open: number; readonly untilUs: number; readonly names: readonly string[] };
}

export interface SchedulerState {
  readonly client: ClientState;
  readonly election: ElectionState;
  readonly cache: SchedulerCache;
  readonly queue: SchedulingQueue;
  readonly binding: PMap<string, BindingPod>;
  /** Whether it hears of claims, volumes and storage classes; the volumes that it gave to claims. */
  readonly followsStorage: boolean;
  readonly assumedVolumes: PMap<string, Volume>;
  /** Whether it hears of disruption budgets. */
  readonly followsBudgets: boolean;
  /** Pods that are being driven away, and for whom. */
  readonly evicting: PMap<string, string>;
  /** Where the next search for a node begins. */
  readonly nextStart: number;
  /** When the timers that move the queue by itself are set to fire, so that they are not set again and again. */
  readonly backoffTimerUs: number;
  readonly flushTimerUs: number;
  readonly lastDecision: string;
  readonly scheduled: number;
  readonly failed: number;
}

/** A scheduler that has heard nothing yet. Its qps, burst and the separate client for Events are upstream's defaults. */
export function initialState({ apiServer }: SchedulerInput): SchedulerState {
  return {
    client: createClient({
      apiServer, user, userAgent: 'kube-scheduler/v1.36.0', qps: 50, burst: 100,
      identities: { events: { user, userAgent: 'kube-scheduler/v1.36.0', qps: 50, burst: 100 } },
      informers: [
        { group: '', version: 'v1', resource: 'nodes' },
        { group: '', version: 'v1', resource: 'pods', fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed' },
      ],
    }),
    election: createElection({ lease: 'kube-scheduler', identity: '', component: schedulerName }),
    cache: emptyCache, queue: emptyQueue, binding: PMap(), evicting: PMap(), followsStorage: false, followsBudgets: false, assumedVolumes: PMap(), nextStart: 0, backoffTimerUs: -1, flushTimerUs: -1, lastDecision: '', scheduled: 0, failed: 0,
  };
}
