import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import type { EtcdState } from './etcd-state.ts';
import { beat, endWatches, giveUp, loseMessage, readAgain, standForElection, stepRaft } from './raft/member.ts';
import type { Role } from './raft/raft-state.ts';
import { answerCompact, answerLeaseGrant, answerRange, answerTxn, beginServing, beginWatch, endLease, hearNobody, readLog, refuseForNow } from './serving.ts';
import { forgetWatch, notifyProgress, reportProgress } from './watching.ts';

const is = (role: Role) => when((state: EtcdState) => state.raft.role === role);

/** One member: it reads its log, then serves, in the role that raft gives it. A member alone leads at once. */
export const etcdMachine = setup({
  types: chartTypes<EtcdState>(),
  actions: {
    'read the log': act(readLog),
    'refuse for now': act(refuseForNow),
    'hear nobody yet': act(hearNobody),
    'lead alone, or wait for a leader': act(beginServing),
    'answer from the key space': act(answerRange),
    'compare and write': act(answerTxn),
    'grant a lease': act(answerLeaseGrant),
    'delete what the lease held': act(endLease),
    'forget old revisions': act(answerCompact),
    'open a watch': act(beginWatch),
    'forget the watch': act(forgetWatch),
    'report progress': act(reportProgress),
    'notify all of progress': act(notifyProgress),
    'do as raft says': act(stepRaft),
    'forget the message': act(loseMessage),
    'ask who would vote': act(standForElection),
    'send heartbeats': act(beat),
    'ask the leader again': act(readAgain),
    'give up on late writes': act(giveUp),
    'end the watches': act(endWatches),
  },
  guards: { 'it follows': is('follower'), 'it asks before it stands': is('preCandidate'), 'it stands for election': is('candidate'), 'it leads': is('leader') },
}).createMachine({
  id: 'etcd',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'recovering',
  states: {
    recovering: {
      on: {
        'process.started': { actions: 'read the log' },
        'timer.log-read': 'serving',
        'etcd.*': { actions: 'refuse for now' },
        'raft.*': { actions: 'hear nobody yet' },
      },
    },
    serving: {
      entry: 'lead alone, or wait for a leader',
      on: {
        'etcd.Range': { actions: 'answer from the key space' },
        'etcd.Txn': { actions: 'compare and write' },
        'etcd.LeaseGrant': { actions: 'grant a lease' },
        'etcd.Compact': { actions: 'forget old revisions' },
        'etcd.Watch': { actions: 'open a watch' },
        'etcd.WatchProgressRequest': { actions: 'report progress' },
        'stream.closed': { actions: 'forget the watch' },
        'raft.*': { actions: 'do as raft says' },
        'request.failed': { actions: 'forget the message' },
        'timer.lease': { actions: 'delete what the lease held' },
        'timer.progress': { actions: 'notify all of progress' },
        'timer.read-index': { actions: 'ask the leader again' },
        'timer.give-up': { actions: 'give up on late writes' },
        'timer.no-leader': { actions: 'end the watches' },
        'timer.election': { actions: 'ask who would vote' },
        'timer.heartbeat': { actions: 'send heartbeats' },
      },
      initial: 'follower',
      states: {
        follower: { always: [{ guard: 'it leads', target: 'leader' }, { guard: 'it asks before it stands', target: 'preCandidate' }] },
        preCandidate: { always: [{ guard: 'it follows', target: 'follower' }, { guard: 'it stands for election', target: 'candidate' }] },
        candidate: { always: [{ guard: 'it follows', target: 'follower' }, { guard: 'it leads', target: 'leader' }, { guard: 'it asks before it stands', target: 'preCandidate' }] },
        leader: { always: { guard: 'it follows', target: 'follower' } },
      },
    },
  },
});
