import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { beginTheCommand, hearTheServer, hearTheWatch, lookAgain, tryAgain } from './commands.ts';
import type { KubectlState } from './state.ts';

/** kubectl at a prompt: each command is a row of its state and does its steps one after the other; several may be under way. */
export const kubectlMachine = setup({
  types: chartTypes<KubectlState>(),
  guards: {
    'a command is under way': when<KubectlState>((state) => state.runs.size > 0),
    'all commands have ended': when<KubectlState>((state) => state.runs.size === 0),
  },
  actions: {
    'begin the command': act<KubectlState>(beginTheCommand),
    'carry the command on': act<KubectlState>(hearTheServer),
    'try again after the conflict': act<KubectlState>(tryAgain),
    'see whether it is gone': act<KubectlState>(hearTheWatch),
    'look whether it is gone': act<KubectlState>(lookAgain),
  },
}).createMachine({
  id: 'kubectl',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'atThePrompt',
  on: {
    'kubectl.*': { actions: 'begin the command' },
    'api.response': { actions: 'carry the command on' },
    'request.failed': { actions: 'carry the command on' },
    'timer.client.*': { actions: 'carry the command on' },
    'timer.retry': { actions: 'try again after the conflict' },
    'watch.*': { actions: 'see whether it is gone' },
    'stream.closed': { actions: 'look whether it is gone' },
  },
  states: {
    atThePrompt: { always: { guard: 'a command is under way', target: 'working' } },
    working: { always: { guard: 'all commands have ended', target: 'atThePrompt' } },
  },
});
