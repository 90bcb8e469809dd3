import type { Component } from '../component.ts';
import { etcdMachine } from './etcd-machine.ts';
import { initialEtcd, keyCount, onDisk, type EtcdDisk, type EtcdState } from './etcd-state.ts';
import { isAlone, quorumOf, type EtcdInput } from './raft/raft-state.ts';
import { lastIndex } from './raft/raft-log.ts';
import { storedBetween } from './stored-between.ts';

/** Models the etcd server: the one place where the cluster's state lies. */
export const etcd: Component<EtcdState> = {
  name: 'etcd',
  machine: etcdMachine,
  initial: (input, disk) => initialEtcd(input as EtcdInput, disk as EtcdDisk | undefined),
  survives: onDisk,
  descriptor: {
    title: 'etcd',
    duty: 'Keeps every API object, one revision per change, and tells its watchers what changed.',
    where: 'control-plane',
    rank: 30, role: 'store',
    upstream: 'https://github.com/etcd-io/etcd/tree/main/server',
    glyph: 'e',
  },
  dials: [{ component: 'etcd', protocols: ['raft'] }],
  summary: ({ store, watchers, raft }) => ({
    line: isAlone(raft) ? `revision ${store.revision}` : `${raft.role === 'preCandidate' ? 'pre-candidate' : raft.role}, term ${raft.term}, revision ${store.revision}`,
    counters: {
      revision: store.revision, compacted: store.compactRevision, keys: keyCount(store), watchers: watchers.size, leases: store.leases.size,
      ...(isAlone(raft) ? {} : {
        role: raft.role === 'preCandidate' ? 'pre-candidate' : raft.role, term: raft.term, leader: raft.lead === '' ? 'none' : raft.lead.slice(0, raft.lead.indexOf('/')),
        'last entry': lastIndex(raft.log), committed: raft.commit, applied: raft.applied, quorum: `${quorumOf(raft)} of ${raft.members.length}`,
      }),
    },
  }),
  facts: (before, after) => (before?.store === after.store ? [] : storedBetween(before?.store, after.store)),
  agreement: ({ store }) => store.revision,
};
