import { PMap } from '../../../simulation/collections/index.ts';
import type { RaftOperation } from '../../../kubernetes/protocols/etcd.ts';
import type { Address, SimTime } from '../../../simulation/process/process.ts';
import { emptyLog, type RaftLog } from './raft-log.ts';

export type Role = 'follower' | 'preCandidate' | 'candidate' | 'leader';

/** What a leader knows of one of the others. One MsgApp is under way at a time: what comes meanwhile joins the next. */
export interface Progress {
  readonly match: number;
  readonly next: number;
  /** The commit index it was told last. */
  readonly told: number;
  /** The id of the MsgApp (or MsgSnap) that is under way, or ''. */
  readonly inflight: string;
  /** Heard of since the leader last counted who is there. */
  readonly active: boolean;
}

/** Somebody wants to read what is committed now: the leader asks the others whether it still leads. */
export interface Confirmation {
  readonly context: string;
  /** The request of the member that asked, '' for the leader's own reads. */
  readonly asked: string;
  readonly index: number;
  readonly acks: readonly Address[];
}

/** What of raft lies on the disk, besides the key space. */
export interface HardState { readonly term: number; readonly vote: Address; readonly commit: number; readonly log: RaftLog }

/** One member's part in raft. Models go.etcd.io/raft raft.go. A cluster of one has no peers and sends nothing. */
export interface RaftState extends HardState {
  readonly self: Address;
  readonly members: readonly Address[];
  readonly peers: readonly Address[];
  readonly role: Role;
  /** Who leads, as far as this member knows; '' for nobody. */
  readonly lead: Address;
  readonly applied: number;
  readonly votes: PMap<Address, boolean>;
  readonly progress: PMap<Address, Progress>;
  readonly electionUs: number;
  /** When it last heard of its leader. */
  readonly heardUs: SimTime;
  /** Heartbeats since the leader last counted who is there. */
  readonly ticks: number;
  readonly confirmations: readonly Confirmation[];
  /** Reads that came before the leader's first entry of its term was committed. */
  readonly early: readonly { readonly context: string; readonly asked: string }[];
  /** Makes the ids of messages, proposals and reads. */
  readonly nextId: number;
  /** When the latest of its own log writes reaches the disk. */
  readonly diskAtUs: SimTime;
  /** etcd's --snapshot-count, and how many entries it keeps for those who lag. */
  readonly snapshotCount: number;
  readonly catchUpEntries: number;
  readonly snapshotAt: number;
}

/** Client requests that wait for raft, at the member that was dialled. Models server/etcdserver/v3_server.go. */
export interface Waiting {
  /** Writes on their way, by their raft id, oldest first. */
  readonly writes: PMap<string, WaitingWrite>;
  /** Writes that wait for a leader. */
  readonly blocked: readonly { readonly id: string; readonly operation: RaftOperation; readonly background: boolean }[];
  /** Linearizable reads: those of the round under way, and those that came since. */
  readonly round: ReadRound | undefined;
  readonly reads: readonly WaitingRead[];
}
export interface WaitingWrite { readonly request: string; readonly sinceUs: SimTime }
export interface WaitingRead { readonly request: string; readonly body: unknown; readonly background: boolean }
export interface ReadRound { readonly context: string; readonly sinceUs: SimTime; readonly reads: readonly WaitingRead[]; /** Known once the leader has said it. */ readonly index: number | undefined }

export const nobodyWaits: Waiting = { writes: PMap(), blocked: [], round: undefined, reads: [] };

export interface EtcdInput { readonly members?: readonly Address[]; readonly snapshotCount?: number; readonly catchUpEntries?: number }

export function initialRaft({ members = [], snapshotCount = 10_000, catchUpEntries = 5_000 }: EtcdInput, disk: { readonly hard: HardState; readonly applied: number } | undefined): RaftState {
  const hard = disk?.hard ?? { term: 0, vote: '', commit: 0, log: emptyLog };
  const applied = disk?.applied ?? 0;
  return {
    ...hard, self: '', members, peers: [], role: 'follower', lead: '', applied, votes: PMap(), progress: PMap(), electionUs: 0, heardUs: 0, ticks: 0,
    confirmations: [], early: [], nextId: 1, diskAtUs: 0, snapshotCount, catchUpEntries, snapshotAt: applied,
  };
}

export const quorumOf = ({ peers }: { readonly peers: readonly Address[] }): number => ((peers.length + 1) >> 1) + 1;
export const isAlone = ({ peers }: { readonly peers: readonly Address[] }): boolean => peers.length === 0;
