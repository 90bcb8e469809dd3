/** What kube-apiserver knows while it runs; all of it is lost when it stops, and rebuilt from etcd. */
import { List, PMap } from '../../simulation/collections/index.ts';
import type { KubeObject, Service, Status } from '../../kubernetes/api/index.ts';
import type { Entries } from '../../kubernetes/structured-merge/index.ts';
import type { KeyValue, RangeRequest, RangeResponse, TxnResponse, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import type { ApiRequest, ApiResponse, DiscoveredResource } from '../../kubernetes/protocols/api.ts';
import type { Address, Effect, Env, ProcessEvent } from '../../simulation/process/process.ts';
import type { WebhookOutcome } from './admission/webhook-call.ts';
import type { UserInfo } from './authentication/user-info.ts';
import { heldAgainst, served, type Served } from './served.ts';
import type { View } from './views.ts';

export interface ApiServerState {
  /** Where etcd's members are, and which of them do not answer. Models clientv3's balancer, which goes round those that do. */
  readonly etcd: readonly Address[];
  readonly etcdDown: readonly Address[];
  readonly serviceCidr: string;
  /** Where clients of the cluster's own Service reach this server: `--advertise-address`. */
  readonly advertiseAddress: string;
  /** Makes the ids of our requests, streams and timers. */
  readonly nextId: number;
  /** By the resource's key; those without a watch cache have none. */
  readonly caches: PMap<string, ResourceCache>;
  /** Which resource each open client watch is on. */
  readonly watchedResource: PMap<string, string>;
  /** Which resource each of our etcd watches feeds. */
  readonly feeds: PMap<string, string>;
  /** Clients' watches of resources without a watch cache, by the client's stream. */
  readonly direct: PMap<string, DirectWatch>;
  /** Which of them each of our etcd watches is for. */
  readonly directFeeds: PMap<string, string>;
  /** Requests to etcd (and kubelets) under way, each with what is to be done with the answer. */
  readonly calls: PMap<string, Call>;
  /** exec, attach and port-forward: the client's stream and ours to the kubelet, each by the other. */
  readonly conversations: PMap<string, string>;
  /** Lists that wait until the watch cache has caught up with a revision. */
  readonly waiting: readonly WaitingList[];
  /** Whether etcd answered last. */
  readonly etcdAnswers: boolean;
  readonly clusterIps: PMap<string, string>;
  readonly nodePorts: PMap<number, string>;
  /** The lease that new Events share for a while. */
  readonly eventLease?: { readonly id: number; readonly untilUs: number; readonly count: number };
  /** The newest revision seen when the compactor last looked. */
  readonly compactAt: number;
  /** Kinds with objects of the server's own: since which revision these are there, or how they are being made while requests wait. */
  readonly builtIn: PMap<string, number | Making>;
  /** Requests that came before the cluster's roles and bindings were read. */
  readonly awaitingPolicy: readonly Arrival[];
  /** Requests that wait until it is known which groups other servers answer for. */
  readonly awaitingExtensions: readonly Arrival[];
  /** Which of the kinds that requests are held against there is one of at all. */
  readonly heldAgainst: readonly string[];
  /** DELETEs of many objects at once: how many are still under way. */
  readonly collections: PMap<string, Collection>;
  /** Requests that wait for webhooks, and for how many answers. */
  readonly reviewed: PMap<string, Reviewed>;
  /** Custom objects that a webhook is converting. */
  readonly conversions: PMap<string, Converting>;
  /** Other servers, by the names of their APIServices. */
  readonly extensions: PMap<string, Extension>;
  readonly definitions: DefinitionsState;
}

export interface Reviewed { readonly inflight: Inflight; readonly left: number }

/** What the controllers of CustomResourceDefinitions have under way. */
export interface DefinitionsState {
  /** Whose names are to be looked at; the first is being written. */
  readonly naming: readonly string[];
  /** What was written last, until it comes back. */
  readonly written: PMap<string, KubeObject>;
  /** Whose instances are being deleted, and since when. */
  readonly ending: PMap<string, number>;
  /** The versions of each group whose APIServices were made. */
  readonly registered: PMap<string, readonly string[]>;
}

/** Another server that answers for a group and version, as its APIService names it. */
export interface Extension { readonly spec: object; /** Checks in a row that it did not answer. */ readonly failures: number; /** What it serves, since it last answered. */ readonly resources?: readonly DiscoveredResource[] }

/** A request as it came in. */
export type Arrival = Pick<ProcessEvent, 'id' | 'kind' | 'body'>;

/** So many objects of the server's own are still to be written. */
export interface Making { readonly left: number; readonly failed: boolean; readonly revision: number; readonly parked: readonly Parked[] }

/** A request (or a watch, by its stream) that waits. */
export interface Parked { readonly inflight: Inflight; readonly stream: string | undefined }

export interface Collection { readonly inflight: Inflight; readonly left: number; readonly items: readonly KubeObject[]; readonly failed?: Status }

/** A request of our own that has been answered. */
export interface Finished { readonly hook: string; readonly code: number; readonly body: ApiResponse['body'] }

/** One resource's watch cache: the newest objects, and what happened lately. Models storage/cacher/watch_cache.go. */
export interface ResourceCache {
  readonly served: Served;
  readonly phase: 'listing' | 'watching' | 'down';
  /** By `namespace/name`. */
  readonly objects: PMap<string, KubeObject>;
  readonly revision: number;
  /** Watches can start after this revision. */
  readonly since: number;
  readonly recent: List<CacheEvent>;
  readonly capacity: number;
  /** Watchers that must look at every event. */
  readonly watchers: PMap<string, Watcher>;
  /** Watchers whose selector pins the trigger field, by its value. */
  readonly triggered: PMap<string, PMap<string, Watcher>>;
}

export interface CacheEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly revision: number;
  readonly atUs: number;
}

/** One open watch of a client. */
export interface Watcher {
  readonly stream: string;
  readonly user: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: string;
  readonly fields: string;
  readonly bookmarks: boolean;
  /** Where it asked for what comes after a revision that the cache has not reached yet. */
  readonly after?: number;
  /** The value of the trigger field its selector asks for. */
  readonly trigger?: string;
  /** How the objects are shown, where not as they are stored. */
  readonly view?: View;
}

/** A client's watch with an etcd watch of its own; `watcher.after` is how far it has been told. */
export interface DirectWatch {
  readonly watcher: Watcher;
  readonly served: Served;
  /** The stream from etcd, while there is one. */
  readonly feed?: string;
  /** Whether the client asked to be told where what was there ends. */
  readonly initialEvents?: true;
  /** What came from etcd while what came before it is being converted. */
  readonly held?: readonly WatchResponse[];
}

/** A client's request on its way through the pipeline. */
export interface Inflight {
  /** The kernel's id of the request, or '' for one of our own post-start hooks. */
  readonly id: string;
  readonly request: ApiRequest;
  readonly served: Served;
  readonly user: UserInfo;
  readonly receivedAtUs: number;
  readonly eventId: number;
  /** What admission looked up in storage, by etcd key: null where it is not there. */
  readonly looked: { readonly [key: string]: KubeObject | null };
  readonly lookups: number;
  readonly attempts: number;
  /** Which work of our own goes on when this is answered. */
  readonly hook?: string;
  readonly authorization: string;
  readonly warnings?: readonly string[];
  /** Its namespace's quotas count it already: that was written before it goes on. */
  readonly charged?: true;
  /** The client's stream, where it waits to be connected. */
  readonly stream?: string;
  /** What webhooks have answered about it, by the call. */
  readonly reviews?: { readonly [call: string]: WebhookOutcome };
  /** What chance gave it before it had to wait. */
  readonly drawn?: readonly number[];
  /** It has marked its object, to delete it without grace: that somebody else was faster is no failure. Models store.go: updateForGracefulDeletionAndFinalizers (ignoreNotFound). */
  readonly marked?: true;
  /** The server-side apply that a create comes from, and the bookkeeping it makes. */
  readonly applying?: { readonly request: ApiRequest; readonly entries: Entries };
}

/** What is to be done when a request of ours is answered. */
export type Call = Work & {
  /** What was read, where it was a read: it may be asked again. */
  readonly range?: RangeRequest;
};
export type Work =
  | { readonly kind: 'fill'; readonly resource: string }
  | { readonly kind: 'probe' }
  | { readonly kind: 'compact' }
  | { readonly kind: 'get'; readonly inflight: Inflight }
  | { readonly kind: 'latest-revision'; readonly inflight: Inflight }
  | { readonly kind: 'page'; readonly inflight: Inflight; readonly revision: number }
  | { readonly kind: 'sync'; readonly stream: string }
  | { readonly kind: 'own-endpoints'; readonly asked: 'lease' | 'grant' | 'renew' | 'leases' | 'endpoints' | 'write'; readonly found: KeyValue | undefined; readonly ips: readonly string[] }
  | { readonly kind: 'collection'; readonly inflight: Inflight }
  | { readonly kind: 'look-up'; readonly inflight: Inflight; readonly key: string; readonly served: Served }
  | { readonly kind: 'charge'; readonly inflight: Inflight }
  | { readonly kind: 'refresh'; readonly inflight: Inflight }
  | { readonly kind: 'lease'; readonly inflight: Inflight; readonly object: KubeObject }
  | { readonly kind: 'reserve'; readonly inflight: Inflight; readonly reservation: Reservation; readonly asked: 'address' | 'ports' | 'port' }
  /** Something is given back, and then a request answered. */
  | { readonly kind: 'release'; readonly held: Holding; readonly asked: 'address' | 'ports' | 'port'; readonly removal?: { readonly request: Inflight; readonly object: KubeObject } }
  | { readonly kind: 'create'; readonly inflight: Inflight; readonly object: KubeObject; readonly held?: Holding }
  /** `held` was reserved for this write; `freed` is given back when it is done. */
  | { readonly kind: 'put'; readonly inflight: Inflight; readonly object: KubeObject; readonly afterwards?: 'delete'; readonly held?: Holding; readonly freed?: Holding }
  | { readonly kind: 'remove'; readonly inflight: Inflight; readonly object: KubeObject }
  | { readonly kind: 'log'; readonly inflight: Inflight; readonly url: string }
  | { readonly kind: 'extension'; readonly name: string; readonly url: string; readonly address: string }
  | { readonly kind: 'delegated'; readonly id: string; readonly address: string }
  | { readonly kind: 'proxy'; readonly inflight: Inflight; readonly address: string }
  | { readonly kind: 'review'; readonly request: string; readonly call: string; readonly converts: true | undefined } & Posted
  | { readonly kind: 'conversion'; readonly conversion: string; readonly asked: KubeObject; readonly apiVersion: string } & Posted;

/** What is needed of a call to a webhook to read its answer. */
export interface Posted { readonly uid: string; readonly url: string; readonly address: string }

/** A call whose answer holds objects of the request's kind. */
export type CallWithObjects = Extract<Call, { readonly kind: 'get' | 'page' | 'sync' | 'collection' | 'look-up' | 'refresh' | 'create' | 'put' | 'remove' }>;

/** What goes on when objects are converted. */
export type Afterwards =
  /** An answer of etcd, with what it read. */
  | { readonly kind: 'answer'; readonly call: CallWithObjects; readonly body: RangeResponse | TxnResponse }
  | { readonly kind: 'frame'; readonly stream: string; readonly frame: WatchResponse }
  | { readonly kind: 'create'; readonly inflight: Inflight }
  | { readonly kind: 'put'; readonly inflight: Inflight; readonly change: Change };

/** A change that is to be stored: of what the request sees, and of what etcd has. */
export interface Change { readonly current: KubeObject; readonly stored: KubeObject | undefined; readonly afterwards?: 'delete' }

/** What a Service holds of what there is only one of. */
export interface Holding { readonly ips: readonly string[]; readonly ports: readonly number[] }

/** A Service on its way into storage, and what is still to be reserved for it. */
export interface Reservation {
  readonly object: Service;
  readonly left: Holding;
  readonly held: Holding;
  /** What its user asked for by number: nothing else will do. */
  readonly fixed: Holding;
  /** What is changed, where that is a Service; the object as it was sent, where one is made. */
  readonly change?: Change;
  readonly given?: KubeObject;
  /** What it has now and will not need any more. */
  readonly freed?: Holding;
}

/** Objects of which the first `done.length` are converted, and the next is with the webhook. */
export interface Converting { readonly served: Served; readonly reading: boolean; readonly objects: readonly KubeObject[]; readonly done: readonly KubeObject[]; readonly next: Afterwards }

export interface WaitingList { readonly inflight: Inflight; readonly revision: number }

/** One step being worked out: local to the step, so it may be written to. */
export interface Step { state: ApiServerState; readonly effects: Effect[]; readonly env: Env; readonly finished: Finished[] }

const initialCapacity = 100;

export const emptyCache = (one: Served): ResourceCache => ({
  served: one, phase: 'listing', objects: PMap(), revision: 0, since: 0, recent: List(), capacity: initialCapacity, watchers: PMap(), triggered: PMap(),
});

export function initialApiServer(input: unknown): ApiServerState {
  const { etcd, serviceCidr, advertiseAddress = '172.18.0.2' } = input as { readonly etcd: Address | readonly Address[]; readonly serviceCidr: string; readonly advertiseAddress?: string };
  return {
    etcd: typeof etcd === 'string' ? [etcd] : etcd, etcdDown: [], serviceCidr, advertiseAddress, nextId: 1,
    caches: PMap(served.filter(({ watchCache }) => watchCache).map((one) => [one.key, emptyCache(one)])),
    watchedResource: PMap(), feeds: PMap(), direct: PMap(), directFeeds: PMap(), calls: PMap(), conversations: PMap(), waiting: [], etcdAnswers: true,
    clusterIps: PMap(), nodePorts: PMap(), compactAt: 0, builtIn: PMap(), heldAgainst: [], awaitingPolicy: [], awaitingExtensions: [], collections: PMap(), reviewed: PMap(), extensions: PMap(), conversions: PMap(), definitions: { naming: [], written: PMap(), ending: PMap(), registered: PMap() },
  };
}

/** The watch cache of a resource that has one. */
export const cacheOf = (state: ApiServerState, resource: string): ResourceCache => state.caches.get(resource)!;

/** The object as this server last saw it. */
export const cached = (state: ApiServerState, resource: string, key: string): KubeObject | undefined => state.caches.get(resource)?.objects.get(key);

export function setCache(step: Step, cache: ResourceCache): void {
  if (heldAgainst.has(cache.served.key)) rememberWhether(step, cache);
  step.state = { ...step.state, caches: step.state.caches.set(cache.served.key, cache) };
}

/** Keeps the answer to "is there any?", so that requests need not ask each cache. */
function rememberWhether(step: Step, { served: { key }, objects }: ResourceCache): void {
  const before = step.state.heldAgainst;
  if (objects.size > 0 === before.includes(key)) return;
  step.state = { ...step.state, heldAgainst: objects.size > 0 ? [...before, key] : before.filter((one) => one !== key) };
}

/** A fresh id of ours. */
export function newId(step: Step, prefix: string): string {
  const id = `${prefix}/${step.state.nextId}`;
  step.state = { ...step.state, nextId: step.state.nextId + 1 };
  return id;
}
