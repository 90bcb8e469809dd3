/** What is committed is applied, in order, at every member; the one whose client asked answers. Models server/etcdserver/apply. */
import type { RaftEntry } from '../../../kubernetes/protocols/etcd.ts';
import { respond, setTimer } from '../../../simulation/process/effects.ts';
import type { Effect } from '../../../simulation/process/process.ts';
import { compact, grantLease, revokeLease, txn, type Store } from '../store.ts';
import { notifyWatchers } from '../watching.ts';
import { entryAt, forgetUpTo } from './raft-log.ts';
import { setRaft, type Turn } from './turn.ts';

const applyUs = 100;

export function applyCommitted(turn: Turn): void {
  for (let { raft } = turn.state; raft.applied < raft.commit; raft = turn.state.raft) {
    const entry = entryAt(raft.log, raft.applied + 1)!;
    setRaft(turn, { applied: entry.index });
    if (entry.operation !== undefined) apply(turn, entry, entry.operation);
  }
  takeSnapshot(turn);
}

function apply(turn: Turn, entry: RaftEntry, operation: NonNullable<RaftEntry['operation']>): void {
  const { store } = turn.state;
  switch (operation.method) {
    case 'Txn': {
      const result = txn(store, operation.body);
      if (typeof result === 'string') return answer(turn, entry, 'Error', { message: result });
      replace(turn, entry, result.store);
      return answer(turn, entry, 'TxnResponse', result.response);
    }
    case 'LeaseGrant': {
      const granted = grantLease(store, operation.body.ttlSeconds);
      replace(turn, entry, granted.store);
      if (turn.state.raft.role === 'leader') turn.effects.push(leaseTimer(granted.lease.id, granted.lease.ttlSeconds));
      return answer(turn, entry, 'LeaseGrantResponse', { id: granted.lease.id, revision: granted.store.revision });
    }
    case 'LeaseRevoke': return replace(turn, entry, revokeLease(store, operation.body.id));
    case 'Compact': {
      const result = compact(store, operation.body.revision);
      if (typeof result === 'string') return answer(turn, entry, 'Error', { message: result });
      replace(turn, entry, result);
      return answer(turn, entry, 'CompactResponse', { revision: result.revision });
    }
  }
}

/** Only the leader ends leases; a new one gives each its full time. Models server/lease/lessor.go: Promote. */
export const leaseTimer = (id: number, ttlSeconds: number): Effect =>
  setTimer(`lease/${id}`, ttlSeconds * 1_000_000, { name: 'lease', body: id, background: true });

function replace(turn: Turn, { background }: RaftEntry, store: Store): void {
  if (store === turn.state.store) return;
  notifyWatchers(turn.state, store, applyUs, turn.effects, background);
  turn.state = { ...turn.state, store };
}

function answer(turn: Turn, { id, background }: RaftEntry, type: string, body: unknown): void {
  const { waiting } = turn.state;
  const write = waiting.writes.get(id);
  if (write === undefined) return;
  turn.state = { ...turn.state, waiting: { ...waiting, writes: waiting.writes.delete(id) } };
  turn.effects.push(respond(write.request, { type: `etcd.${type}`, body, background }, applyUs));
}

/** After so many entries the log may forget those that nobody should need. Models server/etcdserver/server.go: snapshotIfNeededAndCompactRaftLog. */
function takeSnapshot(turn: Turn): void {
  const { applied, snapshotAt, snapshotCount, catchUpEntries, log } = turn.state.raft;
  if (applied - snapshotAt > snapshotCount) setRaft(turn, { snapshotAt: applied, log: forgetUpTo(log, applied - catchUpEntries) });
}
