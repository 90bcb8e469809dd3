import { setup } from 'xstate';
import { act, chartTypes } from '../../simulation/process/chart.ts';
import {
  answerCompact, answerLeaseGrant, answerRange, answerTxn, beginServing, endLease, forgetWatch, notifyProgress, openWatch, readLog, refuseForNow,
  reportProgress, type EtcdState,
} from './serving.ts';

/** One member: it reads its log, then serves. Roles (follower, candidate, leader) come with raft. */
export const etcdMachine = setup({
  types: chartTypes<EtcdState>(),
  actions: {
    'read the log': act(readLog),
    'refuse for now': act(refuseForNow),
    'watch the leases': act(beginServing),
    'answer from the key space': act(answerRange),
    'compare and write': act(answerTxn),
    'grant a lease': act(answerLeaseGrant),
    'delete what the lease held': act(endLease),
    'forget old revisions': act(answerCompact),
    'open a watch': act(openWatch),
    'forget the watch': act(forgetWatch),
    'report progress': act(reportProgress),
    'notify all of progress': act(notifyProgress),
  },
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
      },
    },
    serving: {
      entry: 'watch the leases',
      on: {
        'etcd.Range': { actions: 'answer from the key space' },
        'etcd.Txn': { actions: 'compare and write' },
        'etcd.LeaseGrant': { actions: 'grant a lease' },
        'etcd.Compact': { actions: 'forget old revisions' },
        'etcd.Watch': { actions: 'open a watch' },
        'etcd.WatchProgressRequest': { actions: 'report progress' },
        'stream.closed': { actions: 'forget the watch' },
        'timer.lease': { actions: 'delete what the lease held' },
        'timer.progress': { actions: 'notify all of progress' },
      },
    },
  },
});
