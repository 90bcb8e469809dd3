import { setup } from 'xstate';
import { act, chartTypes } from '../../simulation/process/chart.ts';
import { add, del, type CniState } from './execute.ts';

/** The plugin is a program that is executed per call: it has no life between two calls, only files. */
export const cniMachine = setup({
  types: chartTypes<CniState>(),
  actions: {
    'give the sandbox an address': act<CniState>(add),
    'take the address back': act<CniState>(del),
  },
}).createMachine({
  id: 'cni',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'waitingToBeExecuted',
  states: {
    waitingToBeExecuted: {
      on: {
        'cni.ADD': { actions: 'give the sandbox an address' },
        'cni.DEL': { actions: 'take the address back' },
      },
    },
  },
});
