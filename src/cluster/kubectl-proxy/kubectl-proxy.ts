import type { Component } from '../component.ts';
import { kubectlProxyMachine } from './kubectl-proxy-machine.ts';
import { initialState, type ProxyInput, type ProxyState } from './proxying.ts';

export type { Reply } from './proxying.ts';

/** Where real clients come in: what they send over HTTP goes on from here as messages of the world. */
export const kubectlProxy: Component<ProxyState> = {
  name: 'kubectl-proxy',
  machine: kubectlProxyMachine,
  initial: (input) => initialState(input as ProxyInput),
  descriptor: {
    title: 'your clients',
    duty: 'Carries the requests of kubectl and other clients outside of this model to the API server, and its answers back.',
    where: 'outside',
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/staging/src/k8s.io/kubectl/pkg/proxy',
    glyph: 'pr',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }, { component: 'load-balancer', protocols: ['api'] }],
  summary: ({ underWay, answered }) => ({ line: underWay === 0 ? 'listening' : `${underWay} under way`, counters: { answered } }),
  facts: (before, after) => (before === undefined || before.replies === after.replies ? [] : after.replies.map((reply) => ({ type: 'reply' as const, reply }))),
};
