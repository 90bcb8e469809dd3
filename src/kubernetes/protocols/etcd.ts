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

/**
 * `etcd.Watch` opens a stream over keys in [key, rangeEnd) from `startRevision`; frames are `etcd.WatchResponse`.
 * With `prefixes` it stands for one watch for each of them: clientv3 carries many on a stream.
 */
export interface WatchRequest { readonly key: string; readonly rangeEnd: string; readonly prefixes?: readonly string[]; readonly startRevision: number; readonly prevKv: boolean; readonly progressNotify: boolean }
export interface WatchResponse { readonly revision: number; readonly events: readonly EtcdEvent[]; readonly compactRevision?: number }
export interface EtcdEvent { readonly type: 'PUT' | 'DELETE'; readonly kv: KeyValue; readonly prevKv?: KeyValue }

/** `etcd.LeaseGrant` → `etcd.LeaseGrantResponse`; when the lease ends its keys are deleted (Events live an hour by one). */
export interface LeaseGrantRequest { readonly ttlSeconds: number }
export interface LeaseGrantResponse { readonly id: number; readonly revision: number }
/** `etcd.Compact` → `etcd.CompactResponse`. */
export interface CompactRequest { readonly revision: number }
/** Any call can be answered by `etcd.Error`. */
export interface EtcdError { readonly message: string }

/** What the members of one etcd say to each other (go.etcd.io/raft, raftpb/raft.proto). rafthttp carries each message by itself; here an answer answers a request. */
export type RaftOperation =
  | { readonly method: 'Txn'; readonly body: TxnRequest }
  | { readonly method: 'LeaseGrant'; readonly body: LeaseGrantRequest }
  | { readonly method: 'LeaseRevoke'; readonly body: { readonly id: number } }
  | { readonly method: 'Compact'; readonly body: CompactRequest };
/** One entry of the log; the one without an operation is what a new leader begins its term with. `background` only says how it is drawn. */
export interface RaftEntry { readonly index: number; readonly term: number; readonly id: string; readonly operation?: RaftOperation; readonly background: boolean }

/** `raft.MsgPreVote` → `raft.MsgPreVoteResp`, `raft.MsgVote` → `raft.MsgVoteResp`: `index` and `logTerm` are those of the candidate's last entry. */
export interface RaftVote { readonly term: number; readonly index: number; readonly logTerm: number }
export interface RaftVoteResponse { readonly term: number; readonly reject: boolean }
/** `raft.MsgApp` → `raft.MsgAppResp`: `index` and `logTerm` are those of the entry before the first. */
export interface RaftAppend { readonly term: number; readonly index: number; readonly logTerm: number; readonly entries: readonly RaftEntry[]; readonly commit: number }
/** How far the follower's log is; with `reject`, where the leader may try instead. */
export interface RaftAppendResponse { readonly term: number; readonly index: number; readonly reject: boolean; readonly hint: number; readonly logTerm: number }
/** `raft.MsgHeartbeat` → `raft.MsgHeartbeatResp`; with `context` it also asks whether the sender still leads, for a linearizable read. */
export interface RaftHeartbeat { readonly term: number; readonly commit: number; readonly context: string }
export interface RaftHeartbeatResponse { readonly term: number; readonly context: string }
/** `raft.MsgSnap` → `raft.MsgAppResp`: the whole key space, for who lags behind what the log still has. */
export interface RaftSnapshot { readonly term: number; readonly index: number; readonly logTerm: number; readonly store: unknown }
/** `raft.MsgProp` hands a client's write to the leader; `raft.NoContent` (HTTP's 204) only says that it arrived. */
export interface RaftProposal { readonly id: string; readonly operation: RaftOperation; readonly background: boolean }
/** `raft.MsgReadIndex` → `raft.MsgReadIndexResp`: whoever has applied up to `index` may answer the read. */
export interface RaftReadIndex { readonly context: string }
export interface RaftReadIndexResponse { readonly context: string; readonly index: number }
