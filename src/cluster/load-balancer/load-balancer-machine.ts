import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { someServerIsUp, type BalancerState } from './balancer-state.ts';
import { answer, carry, endStream, fail, hangUp, passOn } from './connections.ts';
import { begin, check, isCheck, takeCheck } from './health-checks.ts';

/** A layer 4 load balancer: it reads nothing of what it carries, and asks its servers whether they are well. */
export const loadBalancerMachine = setup({
  types: chartTypes<BalancerState>(),
  guards: {
    'a server is up': when(someServerIsUp),
    'no server is up': when((state: BalancerState) => !someServerIsUp(state)),
  },
  actions: {
    'begin to check the servers': act<BalancerState>(begin),
    'ask the server whether it is ready': act<BalancerState>(check),
    'count the check': act<BalancerState>(takeCheck),
    'carry it to the connection’s server': act<BalancerState>(carry),
    'carry the answer back': act<BalancerState>(answer),
    'pass it on to the other end': act<BalancerState>(passOn),
    'end the other end too': act<BalancerState>(endStream),
    'try another server, or break the connection': act<BalancerState>((state, event) => (isCheck(event) ? takeCheck(state, event) : fail(state, event))),
    'forget the idle connection': act<BalancerState>(hangUp),
  },
}).createMachine({
  id: 'load-balancer',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'balancing',
  on: {
    'process.started': { actions: 'begin to check the servers' },
    'timer.check': { actions: 'ask the server whether it is ready' },
    'health.answer': { actions: 'count the check' },
    'api.response': { actions: 'carry the answer back' },
    'api.*': { actions: 'carry it to the connection’s server' },
    'watch.*': { actions: 'pass it on to the other end' },
    'connect.*': { actions: 'pass it on to the other end' },
    'stream.closed': { actions: 'end the other end too' },
    'request.failed': { actions: 'try another server, or break the connection' },
    'timer.idle': { actions: 'forget the idle connection' },
  },
  states: {
    balancing: { always: { guard: 'no server is up', target: 'noServerAvailable' } },
    noServerAvailable: { always: { guard: 'a server is up', target: 'balancing' } },
  },
});
