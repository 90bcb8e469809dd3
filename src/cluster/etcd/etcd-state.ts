import { PMap } from '../../simulation/collections/index.ts';
import type { KeyValue, WatchRequest } from '../../kubernetes/protocols/etcd.ts';
import type { SimTime } from '../../simulation/process/process.ts';
import { initialRaft, nobodyWaits, type EtcdInput, type HardState, type RaftState, type Waiting } from './raft/raft-state.ts';
import { emptyStore, type Store } from './store.ts';

/** One open watch. */
export interface Watcher extends WatchRequest { readonly stream: string }

/** What one member knows: its key space, who watches, and its part in raft. */
export interface EtcdState {
  readonly store: Store;
  readonly watchers: PMap<string, Watcher>;
  /** The same watchers by the directory they look at; '' holds those that look at more than one. */
  readonly watchersByDirectory: PMap<string, readonly Watcher[]>;
  /** When the latest write of a member alone reaches the disk: answers and frames never overtake an earlier one. */
  readonly durableAtUs: SimTime;
  readonly raft: RaftState;
  readonly waiting: Waiting;
  /** When this member last learnt of a new leader. */
  readonly electedUs: SimTime;
}

/** What survives any stop: the key space with the index it was applied up to, and the log. */
export interface EtcdDisk { readonly store: Store; readonly applied: number; readonly hard: HardState }

export const initialEtcd = (input: EtcdInput, disk: EtcdDisk | undefined): EtcdState => ({
  store: disk?.store ?? emptyStore, watchers: PMap(), watchersByDirectory: PMap(), durableAtUs: 0,
  raft: initialRaft(input, disk), waiting: nobodyWaits, electedUs: 0,
});

export const onDisk = ({ store, raft: { applied, term, vote, commit, log } }: EtcdState): EtcdDisk => ({ store, applied, hard: { term, vote, commit, log } });

/** How many keys there are, for the summary. */
export const keyCount = (store: Store): number => store.directories.reduce((sum: number, keys: PMap<string, KeyValue>) => sum + keys.size, 0);
