import { setup } from 'xstate';
import { act, chartTypes, when } from '../../simulation/process/chart.ts';
import { askForLog } from './container-logs.ts';
import { endConversation, inConversation, openConversation, passOn } from './conversations.ts';
import type { KubeletState } from './kubelet-state.ts';
import { notReady } from './node-status.ts';
import {
  begin, endDue, fetchDue, hearApiServer, hearFailure, hearRuntime, lookAtRuntime, registerAgain, relist, renew, renewAgain, nodeDue, statusDue, syncDue, tokenDue,
} from './sync-loop.ts';
import { answerHttp } from './web-server.ts';

/** The kubelet: three things it becomes once (a registered node, a ready one, one that knows its Pods), and one loop that hears everything. */
export const kubeletMachine = setup({
  types: chartTypes<KubeletState>(),
  actions: {
    'begin': act(begin),
    'hear the API server': act(hearApiServer),
    'hear the runtime': act(hearRuntime),
    'read a log': act(askForLog),
    'answer over HTTP': act(answerHttp),
    'find the container': act(openConversation),
    'pass it on to the other end': act(passOn),
    'let the other end go': act(endConversation),
    'hear silence': act(hearFailure),
    'list what runs': act(relist),
    'look at the runtime': act(lookAtRuntime),
    'register the node': act(registerAgain),
    'report the node': act(nodeDue),
    'renew the lease': act(renew),
    'renew the lease again': act(renewAgain),
    'sync the Pod': act(syncDue),
    'end the Pod': act(endDue),
    'report the Pod': act(statusDue),
    'fetch what Pods refer to': act(fetchDue),
    'ask for a token': act(tokenDue),
  },
  guards: {
    'it was a conversation with a container': when<KubeletState>(inConversation),
    'the API server knows this node': when<KubeletState>(({ node }) => node.registered),
    'the runtime answers and has a network': when<KubeletState>((state, event) => notReady(state, event.env.nowUs) === undefined),
    'the runtime is down': when<KubeletState>((state, event) => notReady(state, event.env.nowUs) !== undefined),
    'Pods and containers are known': when<KubeletState>(({ client, relist: { done } }) => done && client.synced),
  },
}).createMachine({
  id: 'kubelet',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'stopped',
  states: {
    stopped: { on: { 'process.started': { target: 'running', actions: 'begin' } } },
    running: {
      type: 'parallel',
      states: {
        node: { initial: 'registering', states: { registering: { always: { guard: 'the API server knows this node', target: 'registered' } }, registered: {} } },
        runtime: {
          initial: 'notReady',
          states: {
            notReady: { always: { guard: 'the runtime answers and has a network', target: 'ready' } },
            ready: { always: { guard: 'the runtime is down', target: 'notReady' } },
          },
        },
        pods: { initial: 'learning', states: { learning: { always: { guard: 'Pods and containers are known', target: 'syncing' } }, syncing: {} } },
      },
      on: {
        'api.response': { actions: 'hear the API server' },
        'watch.*': { actions: 'hear the API server' },
        'stream.closed': [{ guard: 'it was a conversation with a container', actions: 'let the other end go' }, { actions: 'hear the API server' }],
        'timer.client.*': { actions: 'hear the API server' },
        'kubelet.ContainerLogs': { actions: 'read a log' },
        'http.Request': { actions: 'answer over HTTP' },
        'kubelet.Exec': { actions: 'find the container' },
        'kubelet.Attach': { actions: 'find the container' },
        'kubelet.PortForward': { actions: 'find the container' },
        'connect.*': { actions: 'pass it on to the other end' },
        'cri.*': { actions: 'hear the runtime' },
        'request.failed': { actions: 'hear silence' },
        'timer.relist': { actions: 'list what runs' },
        'timer.runtimeCheck': { actions: 'look at the runtime' },
        'timer.registerAgain': { actions: 'register the node' },
        'timer.nodeStatus': { actions: 'report the node' },
        'timer.lease': { actions: 'renew the lease' },
        'timer.leaseAgain': { actions: 'renew the lease again' },
        'timer.syncPod': { actions: 'sync the Pod' },
        'timer.endPod': { actions: 'end the Pod' },
        'timer.statusAgain': { actions: 'report the Pod' },
        'timer.fetchAgain': { actions: 'fetch what Pods refer to' },
        'timer.tokenAgain': { actions: 'ask for a token' },
      },
    },
  },
});
