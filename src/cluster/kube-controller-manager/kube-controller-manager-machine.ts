import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { cachesAreFilled, dropAllWork, fillTheCaches, holdsTheLease, lookAgain, lostTheLease, minuteTheLease, readTheMail, standForElection, takeUpTheWork } from './leading.ts';
import type { ManagerState } from './work.ts';

/** One candidate for the Lease `kube-system/kube-controller-manager`; only the leader fills its caches and works. */
export const kubeControllerManagerMachine = setup({
  types: chartTypes<ManagerState>(),
  guards: {
    'holds the lease': when(holdsTheLease),
    'lost the lease': when(lostTheLease),
    'caches are filled': when(cachesAreFilled),
  },
  actions: {
    'stand for election': act(standForElection),
    'renew or try again': act(minuteTheLease),
    'fill the caches': act(fillTheCaches),
    'read the mail': act(readTheMail),
    'take up the work': act(takeUpTheWork),
    'look again': act(lookAgain),
    'drop all work': act(dropAllWork),
  },
}).createMachine({
  id: 'kube-controller-manager',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'standingBy',
  on: {
    'process.started': { actions: 'stand for election' },
    'timer.election.*': { actions: 'renew or try again' },
    'api.response': { actions: 'read the mail' },
    'request.failed': { actions: 'read the mail' },
    'watch.*': { actions: 'read the mail' },
    'stream.closed': { actions: 'read the mail' },
    'timer.client.*': { actions: 'read the mail' },
    'timer.queue': { actions: 'look again' },
  },
  states: {
    standingBy: { always: { guard: 'holds the lease', target: 'leading' } },
    leading: {
      initial: 'fillingCaches',
      always: { guard: 'lost the lease', target: 'standingBy' },
      exit: 'drop all work',
      states: {
        fillingCaches: { entry: 'fill the caches', always: { guard: 'caches are filled', target: 'working' } },
        working: { entry: 'take up the work' },
      },
    },
  },
});
