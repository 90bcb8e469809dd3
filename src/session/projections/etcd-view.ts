import type { EtcdState } from '../../cluster/etcd/etcd-state.ts';
import { read } from '../../cluster/etcd/store.ts';
import type { ProcessView, World } from '../../simulation/world.ts';
import type { EtcdAnswer, EtcdKey, EtcdQuery } from '../port/etcd-view.ts';
import { etcdMembers, storeOf } from './history.ts';

const mostKeys = 5_000;

/** What one member of etcd keeps, who watches it, and what it is to the others. */
export function etcdAnswer(world: World, { address, open }: EtcdQuery): EtcdAnswer | { readonly type: 'nothing'; readonly text: string } {
  const process = world.process(address);
  const state = process?.snapshot?.state as EtcdState | undefined;
  const store = process === undefined ? undefined : storeOf(process);
  if (store === undefined) return { type: 'nothing', text: `There is no etcd at ${address}.` };
  const all = etcdMembers(world);
  const keys: EtcdKey[] = [];
  for (const directory of store.directories.values()) {
    for (const { key, createRevision, modRevision, version, lease } of directory.values()) if (keys.length < mostKeys) keys.push({ key, createRevision, modRevision, version, lease });
  }
  keys.sort((a, b) => (a.key < b.key ? -1 : 1));
  const kv = open === undefined ? undefined : read(store, open);
  return {
    type: 'etcd', revision: store.revision, compactedRevision: store.compactRevision,
    members: all.map((member) => ({ address: member.address, running: member.running, role: roleOf(member) })),
    keys,
    watchers: [...state?.watchers.values() ?? []].map(({ stream, key, rangeEnd, startRevision }) => ({ by: watcherOf(world, stream), from: key, to: rangeEnd, startRevision })).sort((a, b) => (a.from < b.from ? -1 : 1)),
    leases: [...store.leases.values()].map((lease) => ({ id: lease.id, ttlSeconds: lease.ttlSeconds, keys: lease.keys.size })),
    ...(kv !== undefined && { open: { key: kv.key, value: kv.value } }),
  };
}

function roleOf({ running, snapshot }: ProcessView): string {
  if (!running || snapshot === undefined) return 'stopped';
  if (snapshot.value === 'recovering') return 'reading its log';
  const { role, term, applied, peers } = (snapshot.state as EtcdState).raft;
  // A cluster of one has nobody to be elected by, and no log to compare.
  return peers.length === 0 ? role : `${role === 'preCandidate' ? 'pre-candidate' : role}, term ${term}, applied ${applied}`;
}

/** Who dialled: the kernel names an accepted stream `#` and the record that opened it. */
function watcherOf(world: World, stream: string): string {
  const record = world.record(Number(stream.slice(1)));
  return record?.what === 'message' ? record.from : '';
}
