import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { beginACycle, endTheBackoff, flushTheQueue, hearTheApiServer, lookAtVolumes, openTheWatches, podIsWaiting, renewTheLead, scheduleOne, standForElection } from './actions.ts';
import type { SchedulerState } from './state.ts';

/** The scheduler's chart: one Pod at a time is in a cycle; its binding goes on beside the next Pod's cycle. */
export const kubeSchedulerMachine = setup({
  types: chartTypes<SchedulerState>(),
  guards: {
    'the caches are filled': when<SchedulerState>((state) => state.client.synced),
    'it leads': when<SchedulerState>((state) => state.election.leading),
    'it leads no longer': when<SchedulerState>((state) => !state.election.leading),
    'a pod is waiting': when<SchedulerState>(podIsWaiting),
  },
  actions: {
    'open the watches': act<SchedulerState>(openTheWatches),
    'hear the API server': act<SchedulerState>(hearTheApiServer),
    'stand for election': act<SchedulerState>(standForElection),
    'renew the lead': act<SchedulerState>(renewTheLead),
    'end the back-off': act<SchedulerState>(endTheBackoff),
    'flush the unschedulable': act<SchedulerState>(flushTheQueue),
    'look at the volumes': act<SchedulerState>(lookAtVolumes),
    'begin a cycle': act<SchedulerState>(beginACycle),
    'choose a node': act<SchedulerState>(scheduleOne),
  },
}).createMachine({
  id: 'kube-scheduler',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'waitingForCaches',
  on: {
    'process.started': { actions: 'open the watches' },
    'api.response': { actions: 'hear the API server' },
    'request.failed': { actions: 'hear the API server' },
    'watch.*': { actions: 'hear the API server' },
    'stream.closed': { actions: 'hear the API server' },
    'timer.client.*': { actions: 'hear the API server' },
    'timer.election.*': { actions: 'renew the lead' },
    'timer.queue.backoff': { actions: 'end the back-off' },
    'timer.queue.flush': { actions: 'flush the unschedulable' },
    'timer.volumes': { actions: 'look at the volumes' },
  },
  states: {
    waitingForCaches: { always: { guard: 'the caches are filled', target: 'standingBy', actions: 'stand for election' } },
    standingBy: { always: { guard: 'it leads', target: 'leading' } },
    leading: {
      initial: 'idle',
      always: { guard: 'it leads no longer', target: 'standingBy' },
      states: {
        idle: { always: { guard: 'a pod is waiting', target: 'schedulingCycle' } },
        schedulingCycle: {
          entry: 'begin a cycle',
          on: { 'timer.cycle': { actions: 'choose a node', target: 'idle' } },
        },
      },
    },
  },
});
