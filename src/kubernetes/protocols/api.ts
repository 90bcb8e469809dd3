import type { PrinterColumn } from '../apiextensions/definition.ts';
import type { KubeObject, Status } from '../api/index.ts';
import type { HttpAnswer, HttpAsked } from './http.ts';

/**
 * The Kubernetes API as messages. A request travels as `api.<verb>` and is answered by `api.response`;
 * a watch is a stream opened with `api.watch`, whose frames are `watch.added`, `watch.modified`, `watch.deleted`,
 * `watch.bookmark` and `watch.error` (then the server closes). `connect` opens a conversation with a Pod: see streaming.ts.
 */
export type ApiVerb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'watch' | 'discover' | 'connect' | 'options';
export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json' | 'application/strategic-merge-patch+json' | 'application/apply-patch+yaml';

export interface ApiRequest {
  readonly verb: ApiVerb;
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural: `pods`. */
  readonly resource: string;
  readonly subresource?: 'status' | 'binding' | 'scale' | 'token' | 'eviction' | 'log' | 'finalize' | 'approval' | 'exec' | 'attach' | 'portforward' | 'ephemeralcontainers' | 'resize' | 'proxy';
  /** Absent for cluster-scoped resources and for reads over all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  readonly query?: ApiQuery;
  /** The object, the patch or the DeleteOptions. */
  readonly body?: unknown;
  /** What the text of the body named twice, in the words of who read it: `duplicate field "spec.replicas"`. */
  readonly duplicates?: readonly string[];
  readonly patchType?: PatchType;
  /** Who asks, as the server will authenticate it: `system:kube-scheduler`, `system:node:worker-1`, `kubernetes-admin`. */
  readonly user: string;
  readonly userAgent: string;
  /** What a client from outside brings to say who it is; without it `user` is believed, as a client certificate is. */
  readonly credentials?: Credentials;
  /** Of `discover`: the path that was asked for. */
  readonly path?: string;
  /** Of `proxy`: what is to be carried on (its path begins behind `/proxy`), and at which path this was asked; of a group that another server may answer for: all of it. */
  readonly http?: HttpAsked & { readonly at: string };
}

/** Models the Authorization and Impersonate-* headers. */
export interface Credentials {
  readonly token?: string;
  readonly impersonate?: { readonly user: string; readonly uid: string; readonly groups: readonly string[]; readonly extra: { readonly [key: string]: readonly string[] } };
}

export interface ApiQuery {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact';
  readonly limit?: number;
  readonly continue?: string;
  readonly allowWatchBookmarks?: boolean;
  /** Of a watch: what is there first, then a bookmark that says so. */
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  readonly fieldManager?: string;
  /** Of a server-side apply: takes fields from whoever owns them. */
  readonly force?: boolean;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly dryRun?: 'All';
  /** For `log`. Models staging/src/k8s.io/api/core/v1/types.go: PodLogOptions. */
  readonly container?: string;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Go on until the container ends: the request opens a stream, on which `connect.stdout` says what is written. */
  readonly follow?: true;
}

export interface ApiResponse {
  /** The HTTP status code. */
  readonly code: number;
  readonly body: KubeObject | ObjectList | Status;
  /** `Warning` headers. */
  readonly warnings?: readonly string[];
  /** Of custom resources: what a table of them shows. */
  readonly columns?: readonly PrinterColumn[];
  /** Of `proxy`: what the other end answered, instead of a body. */
  readonly http?: HttpAnswer;
}

export interface ObjectList<T = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly T[];
}

/** The body of every watch frame. The message type says what happened; an error frame carries a Status. */
export interface WatchFrame { readonly object: KubeObject | Status; readonly columns?: readonly PrinterColumn[] }

export const watchFrameTypes = { ADDED: 'watch.added', MODIFIED: 'watch.modified', DELETED: 'watch.deleted', BOOKMARK: 'watch.bookmark', ERROR: 'watch.error' } as const;

/** Of which kinds that no component watches there are objects: what the garbage collector watches, where upstream's watches all kinds. No URL leads here. */
export const kindsInUse = { group: '', version: '', resource: 'kindsinuse' } as const;

/** The answer to `api.discover`: aggregated discovery (apidiscovery.k8s.io/v2), the core group under the name ''. */
export interface DiscoveryDocument {
  readonly apiVersion: 'apidiscovery.k8s.io/v2';
  readonly kind: 'APIGroupDiscoveryList';
  readonly metadata: object;
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly versions: readonly { readonly version: string; readonly resources: readonly DiscoveredResource[]; /** Of another server's: whether it still says so. */ readonly freshness?: 'Current' | 'Stale' }[] }[];
}
export interface DiscoveredResource {
  /** Plural: `deployments`. */
  readonly resource: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs: readonly string[];
  /** Of a custom kind: what its objects look like, for OpenAPI documents; no part of what clients are told here. */
  readonly schema?: object;
  /** Likewise: the fields they can be selected by. */
  readonly selectable?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string; readonly responseKind?: DiscoveredResource['responseKind']; readonly verbs: readonly string[] }[];
}
