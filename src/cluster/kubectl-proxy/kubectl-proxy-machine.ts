import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { endTheWatch, hangUp, hearTheContainer, hearTheServer, hearTheWatch, say, takeRequest, type ProxyState } from './proxying.ts';

/** A door for clients from outside the world: it carries, and decides nothing. */
export const kubectlProxyMachine = setup({
  types: chartTypes<ProxyState>(),
  guards: {
    'a request is under way': when<ProxyState>((state) => state.underWay > 0),
    'none is under way': when<ProxyState>((state) => state.underWay === 0),
  },
  actions: {
    'carry the request': act<ProxyState>(takeRequest),
    'close the watch': act<ProxyState>(hangUp),
    'carry the answer back': act<ProxyState>(hearTheServer),
    'carry the change back': act<ProxyState>(hearTheWatch),
    'carry on what the client says': act<ProxyState>(say),
    'carry back what the container says': act<ProxyState>(hearTheContainer),
    'say that the watch ended': act<ProxyState>(endTheWatch),
  },
}).createMachine({
  id: 'kubectl-proxy',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'listening',
  on: {
    'proxy.request': { actions: 'carry the request' },
    'proxy.hang-up': { actions: 'close the watch' },
    'proxy.say': { actions: 'carry on what the client says' },
    'connect.*': { actions: 'carry back what the container says' },
    'api.response': { actions: 'carry the answer back' },
    'request.failed': { actions: 'carry the answer back' },
    'watch.*': { actions: 'carry the change back' },
    'stream.closed': { actions: 'say that the watch ended' },
  },
  states: {
    listening: { always: { guard: 'a request is under way', target: 'carrying' } },
    carrying: { always: { guard: 'none is under way', target: 'listening' } },
  },
});
