/** etcd's v3 API as messages (api/etcdserverpb/rpc.proto): unary calls are requests, Watch is a stream. Values are API objects, not bytes. */
export interface KeyValue { readonly key: string; readonly value: unknown; readonly createRevision: number; readonly modRevision: number; readonly version: number; readonly lease: number }

/** `etcd.Range` → `etcd.RangeResponse`. With `rangeEnd`, keys in [key, rangeEnd). */
export interface RangeRequest { readonly key: string; readonly rangeEnd?: string; readonly revision?: number; readonly limit?: number; readonly countOnly?: boolean }
export interface RangeResponse { readonly revision: number; readonly kvs: readonly KeyValue[]; readonly more: boolean; readonly count: number }

export type Compare = { readonly key: string; readonly target: 'mod'; readonly equals: number };
export type TxnOp =
  | { readonly op: 'put'; readonly key: string; readonly value: unknown; readonly lease?: number }
  | { readonly op: 'delete'; readonly key: string }
  | { readonly op: 'range'; readonly key: string };
/** `etcd.Txn` → `etcd.TxnResponse`: if every compare holds, `success`, else `failure`. */
export interface TxnRequest { readonly compare: readonly Compare[]; readonly success: readonly TxnOp[]; readonly failure: readonly TxnOp[] }
export interface TxnResponse { readonly revision: number; readonly succeeded: boolean; readonly responses: readonly { readonly kvs?: readonly KeyValue[]; readonly deleted?: number }[] }

/** `etcd.Watch` opens a stream over keys in [key, rangeEnd) from `startRevision`; frames are `etcd.WatchResponse`. */
export interface WatchRequest { readonly key: string; readonly rangeEnd: string; readonly startRevision: number; readonly prevKv: boolean; readonly progressNotify: boolean }
export interface WatchResponse { readonly revision: number; readonly events: readonly EtcdEvent[]; readonly compactRevision?: number }
export interface EtcdEvent { readonly type: 'PUT' | 'DELETE'; readonly kv: KeyValue; readonly prevKv?: KeyValue }

/** `etcd.LeaseGrant` → `etcd.LeaseGrantResponse`; when the lease ends its keys are deleted (Events live an hour by one). */
export interface LeaseGrantRequest { readonly ttlSeconds: number }
export interface LeaseGrantResponse { readonly id: number; readonly revision: number }
/** `etcd.Compact` → `etcd.CompactResponse`. */
export interface CompactRequest { readonly revision: number }
/** Any call can be answered by `etcd.Error`. */
export interface EtcdError { readonly message: string }
