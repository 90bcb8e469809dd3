import type { Component } from '../component.ts';
import { etcdMachine } from './etcd-machine.ts';
import { initialEtcd, keyCount, type EtcdState } from './serving.ts';
import { storedBetween } from './stored-between.ts';

/** Models the etcd server: the one place where the cluster's state lies. */
export const etcd: Component<EtcdState> = {
  name: 'etcd',
  machine: etcdMachine,
  initial: (_input, disk) => initialEtcd(disk),
  survives: (state) => state.store,
  descriptor: {
    title: 'etcd',
    duty: 'Keeps every API object, one revision per change, and tells its watchers what changed.',
    where: 'control-plane',
    rank: 30, role: 'store',
    upstream: 'https://github.com/etcd-io/etcd/tree/main/server',
    glyph: 'e',
  },
  dials: [],
  summary: ({ store, watchers }) => ({
    line: `revision ${store.revision}`,
    counters: { revision: store.revision, compacted: store.compactRevision, keys: keyCount(store), watchers: watchers.size, leases: store.leases.size },
  }),
  facts: (before, after) => (before?.store === after.store ? [] : storedBetween(before?.store, after.store)),
};
