import type { List, PMap } from '../../simulation/collections/index.ts';
import type { KubeObject, Status } from '../api/index.ts';
import type { ApiRequest } from '../protocols/api.ts';
import type { Effect, SimTime } from '../../simulation/process/process.ts';
import type { EventCorrelation } from './event-correlator.ts';
import type { IndexFunction, ObjectStore } from './object-store.ts';

/** What an informer lists and watches, and how its store is indexed. */
export interface InformerSpec {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** What it is called among the informers and in their news, where not by its resource. */
  readonly name?: string;
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  readonly indices?: Readonly<Record<string, IndexFunction>>;
}

/** Who a call is made as: kube-controller-manager makes its calls as one service account per controller, each with its own rate limit. */
export interface ClientIdentity { readonly user: string; readonly userAgent: string; readonly qps: number; readonly burst: number }

export interface ClientConfig extends ClientIdentity {
  /** The address of kube-apiserver, or of what stands before several. */
  readonly apiServer: string;
  readonly informers: readonly InformerSpec[];
  /** Further identities by name, chosen per call with `as`. */
  readonly identities?: Readonly<Record<string, ClientIdentity>>;
  /** How often a call is sent again that the server answered with 429 and a time to wait. Components try again by their own queues, so theirs is 0. */
  readonly retriesAfter429?: number;
}

/** One reflector and its store. Models client-go/tools/cache/reflector.go. */
export interface Informer {
  readonly spec: InformerSpec;
  readonly store: ObjectStore;
  /** What the reflector is doing now. */
  readonly phase: 'idle' | 'listing' | 'watching' | 'backing-off';
  /** The list request or the watch stream that is open. */
  readonly id: string;
  /** Revision up to which the store is true; '' before the first list. */
  readonly resourceVersion: string;
  /** Whether the next attempt must list again instead of going on from `resourceVersion`. */
  readonly mustList: boolean;
  /** The server said that our resourceVersion is too old to list from: ask for the most recent state. */
  readonly mustListLatest: boolean;
  /** Whether a list has ever arrived. */
  readonly synced: boolean;
  /** Items of the pages of a list that is under way. */
  readonly pages: readonly KubeObject[];
  readonly failures: number;
  readonly backoffUs: number;
  readonly openedAtUs: SimTime;
}

/** A call that waits for its turn or for its answer. */
export interface PendingCall {
  readonly tag: unknown;
  readonly identity: string;
  readonly request: ApiRequest;
  readonly cause: number;
  readonly background: boolean;
  /** How often it has been sent again. */
  readonly retried?: number;
}

/** A token bucket as the time at which it would be full again, and the calls that wait for a token. */
export interface Limiter {
  readonly name: string;
  readonly intervalUs: number;
  readonly burst: number;
  readonly fullAtUs: SimTime;
  readonly waiting: List<PendingCall>;
}

/** Everything a client of kube-apiserver remembers. Immutable. */
export interface ClientState {
  readonly config: ClientConfig;
  readonly informers: readonly Informer[];
  readonly synced: boolean;
  readonly limiters: readonly Limiter[];
  readonly pending: PMap<string, PendingCall>;
  readonly sequence: number;
  readonly events: EventCorrelation;
}

/** What a component hears from its client after a step. `cause` is the record to name as the cause of what follows from it. */
export type ClientNews =
  | { readonly type: 'added' | 'updated' | 'deleted'; readonly resource: string; readonly object: KubeObject; readonly old?: KubeObject; readonly cause: number }
  | { readonly type: 'synced'; readonly cause: number }
  | { readonly type: 'answer'; readonly tag: unknown; readonly ok: boolean; readonly code: number; readonly body: KubeObject | Status | undefined; readonly cause: number };

export interface ClientStep { readonly client: ClientState; readonly effects: readonly Effect[]; readonly news: readonly ClientNews[] }

export const noNews: readonly ClientNews[] = [];
export const noEffects: readonly Effect[] = [];
