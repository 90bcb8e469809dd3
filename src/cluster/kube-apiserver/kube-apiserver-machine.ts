import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { cachesAreFull, etcdIsSilent, runHooks, start, takeAnswer, takeClosed, takeFailure, takeFrame, takeTimer } from './following.ts';
import { passOn } from './connecting.ts';
import { sayWhetherReady } from './health.ts';
import { handle, notReady, stepping } from './pipeline.ts';
import type { ApiServerState } from './state.ts';

/** The server of the API: it fills its watch caches, then serves; without etcd it can only answer from them. */
export const kubeApiserverMachine = setup({
  types: chartTypes<ApiServerState>(),
  actions: {
    'list every resource from etcd': act(stepping(start)),
    'run the post-start hooks': act(stepping(runHooks)),
    'ask to come again': act(stepping(notReady)),
    'handle the request': act(stepping(handle)),
    'continue what waited for the answer': act(stepping(takeAnswer)),
    'fail what waited for the answer': act(stepping(takeFailure)),
    'feed the watch cache': act(stepping(takeFrame)),
    'forget the stream': act(stepping(takeClosed)),
    'pass it on to the other end': act(stepping(passOn)),
    'do what is due': act(stepping(takeTimer)),
    'say whether it is ready': act(stepping(sayWhetherReady)),
  },
  guards: {
    'every watch cache is full': when(cachesAreFull),
    'etcd does not answer': when(etcdIsSilent),
    'etcd answers again': when((state: ApiServerState) => !etcdIsSilent(state)),
  },
}).createMachine({
  id: 'kube-apiserver',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'starting',
  on: {
    'etcd.WatchResponse': { actions: 'feed the watch cache' },
    'etcd.*': { actions: 'continue what waited for the answer' },
    'kubelet.*': { actions: 'continue what waited for the answer' },
    'http.Response': { actions: 'continue what waited for the answer' },
    'webhook.*': { actions: 'continue what waited for the answer' },
    'connect.*': { actions: 'pass it on to the other end' },
    'request.failed': { actions: 'fail what waited for the answer' },
    'stream.closed': { actions: 'forget the stream' },
    'timer.*': { actions: 'do what is due' },
    'health.get': { actions: 'say whether it is ready' },
  },
  states: {
    starting: {
      on: {
        'process.started': { actions: 'list every resource from etcd' },
        'api.*': { actions: 'ask to come again' },
      },
      always: { guard: 'every watch cache is full', target: 'ready' },
    },
    ready: {
      entry: 'run the post-start hooks',
      on: { 'api.*': { actions: 'handle the request' } },
      initial: 'serving',
      states: {
        serving: { always: { guard: 'etcd does not answer', target: 'etcdUnavailable' } },
        etcdUnavailable: {
          always: { guard: 'etcd answers again', target: 'serving' },
        },
      },
    },
  },
});
