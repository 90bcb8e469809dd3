import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { begin, hear, syncDue, type KubeProxyState } from './proxier.ts';

/** kube-proxy: learns all Services and EndpointSlices, then keeps the node's rules in step with them. It is in no connection's path. */
export const kubeProxyMachine = setup({
  types: chartTypes<KubeProxyState>(),
  actions: {
    'list and watch': act(begin),
    'note what changed': act(hear),
    'write the rules': act(syncDue),
  },
  guards: {
    'all Services and slices are known': when<KubeProxyState>(({ client }) => client.synced),
    'a change waits for its second': when<KubeProxyState>(({ timerSet }) => timerSet),
    'all changes are written': when<KubeProxyState>(({ timerSet }) => !timerSet),
  },
}).createMachine({
  id: 'kube-proxy',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'stopped',
  states: {
    stopped: { on: { 'process.started': { target: 'running', actions: 'list and watch' } } },
    running: {
      initial: 'learning',
      states: {
        learning: { always: { guard: 'all Services and slices are known', target: 'inStep' } },
        inStep: { always: { guard: 'a change waits for its second', target: 'holdingBack' } },
        holdingBack: { always: { guard: 'all changes are written', target: 'inStep' } },
      },
      on: {
        'api.response': { actions: 'note what changed' },
        'watch.*': { actions: 'note what changed' },
        'stream.closed': { actions: 'note what changed' },
        'request.failed': { actions: 'note what changed' },
        'timer.client.*': { actions: 'note what changed' },
        'timer.sync': { actions: 'write the rules' },
      },
    },
  },
});
