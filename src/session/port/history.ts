/** Every stored revision of one object, as etcd saw it. With `open`, the objects before and after that revision come along. */
export interface HistoryQuery { readonly type: 'history'; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string; readonly open?: number }

export interface HistoryAnswer {
  readonly type: 'history';
  /** Newest first; at most the newest few hundred. */
  readonly revisions: readonly RevisionView[];
  /** How many older ones there are that are not told. */
  readonly older: number;
  /** etcd itself can no longer be asked for what was before this revision. */
  readonly compactedRevision: number;
  readonly open?: { readonly revision: number; readonly before: unknown; readonly after: unknown };
}

/** One write of an object. */
export interface RevisionView {
  readonly revision: number;
  readonly atUs: number;
  readonly what: 'created' | 'changed' | 'deleted';
  /** A new object of the same name has another. */
  readonly uid: string;
  /** Who sent the request that led to it, by its user agent; in words where no request did. */
  readonly writer: string;
  /** `PATCH …/status`, or '' where no request led to it. */
  readonly request: string;
  /** The request, or what else led to it. */
  readonly recordId: number;
  readonly changes: readonly FieldChange[];
}

/** One field that is different now; an absent side is undefined. */
export interface FieldChange { readonly path: string; readonly before?: unknown; readonly after?: unknown }
