/** Models staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go, for the fields this cluster reads or writes. */

/** Moment as the API prints it (RFC 3339, whole seconds): `2026-01-01T00:00:00Z`. */
export type Time = string;
/** Moment with microseconds, used by Leases and Events: `2026-01-01T00:00:00.000000Z`. */
export type MicroTime = string;
/** Amount in the API's notation: `100m`, `128Mi`, `2`. Decoding writes it in canonical form. */
export type Quantity = string;
/** Either a number or a string such as `25%` or a port's name. */
export type IntOrString = number | string;
/** Labels, annotations and other maps of text. */
export type StringMap = { readonly [key: string]: string };
/** Amounts by resource name (`cpu`, `memory`, `pods`, …). */
export type ResourceList = { readonly [resource: string]: Quantity };

/** The owner of an object; the garbage collector deletes the object after its last owner. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Which fields a manager set last (server-side apply's bookkeeping). */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: Time;
  readonly fieldsType?: 'FieldsV1';
  readonly fieldsV1?: unknown;
  readonly subresource?: string;
}

/** Metadata as it stands before the API server has filled it in: everything may be missing. */
export interface PartialObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly selfLink?: string;
  /** Made by the API server while it handles the create request. */
  readonly uid?: string;
  /** etcd's revision of the last write, as text; compared for equality only. */
  readonly resourceVersion?: string;
  /** Counts changes of the desired state (spec), not of the status. */
  readonly generation?: number;
  readonly creationTimestamp?: Time | null;
  /** Set when deletion was asked for; the object goes when grace and finalizers are done. */
  readonly deletionTimestamp?: Time;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Metadata of an object that has a name. */
export interface ObjectMeta extends PartialObjectMeta {
  readonly name: string;
}

/** The shape all API objects share: what the store, the caches and the picture know of any object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** An object on its way to be created: it may have only a `generateName`, and no uid yet. */
export type Unnamed<T extends KubeObject> = Omit<T, 'metadata'> & { readonly metadata: PartialObjectMeta };

/** Metadata of a list answer: the revision the list is true at. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list answer (`PodList`, …). */
export interface List<T = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ListMeta;
  readonly items: readonly T[];
}

export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** One observation in a status: metav1.Condition and the older per-kind conditions have these fields in common. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: Time | null;
  readonly reason?: string;
  readonly message?: string;
}

export type LabelSelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: LabelSelectorOperator;
  readonly values?: readonly string[];
}

/** Query over labels: all entries and expressions must hold; an empty selector matches everything. */
export interface LabelSelector {
  readonly matchLabels?: StringMap;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

/** One reason inside an Invalid answer: which field, what is wrong. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The answer to a request that returns no object: every refusal, and the success of some deletes. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: ListMeta;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** Machine-readable reasons of a Status, letter for letter. */
export type StatusReason =
  | '' | 'Unauthorized' | 'Forbidden' | 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Gone' | 'Invalid'
  | 'ServerTimeout' | 'StoreReadError' | 'Timeout' | 'TooManyRequests' | 'BadRequest' | 'MethodNotAllowed'
  | 'NotAcceptable' | 'RequestEntityTooLarge' | 'UnsupportedMediaType' | 'InternalError' | 'Expired' | 'ServiceUnavailable';

/** What a DELETE request may carry. */
export interface DeleteOptions {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly orphanDependents?: boolean;
  readonly dryRun?: readonly string[];
}

/** One line of a watch stream. */
export interface WatchEvent<T = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}
