import type { Component } from '../component.ts';
import { initialState, nameOf, type BalancerInput, type BalancerState } from './balancer-state.ts';
import { healthWord } from './health-checks.ts';
import { loadBalancerMachine } from './load-balancer-machine.ts';

export type { BalancerState } from './balancer-state.ts';

/** What stands before several API servers: a layer 4 balancer, as kubeadm's guide to highly available clusters sets HAProxy up. */
export const loadBalancer: Component<BalancerState> = {
  name: 'load-balancer',
  machine: loadBalancerMachine,
  initial: (input) => initialState(input as BalancerInput),
  descriptor: {
    title: 'load balancer (HAProxy)',
    duty: 'Carries each connection to one of the API servers that pass its health checks, and keeps it there until one end breaks it.',
    where: 'control-plane',
    role: 'balancer',
    upstream: 'https://github.com/haproxy/haproxy/blob/master/doc/configuration.txt',
    glyph: 'LB',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api', 'health'] }],
  summary({ servers, connections }) {
    const up = servers.filter((server) => server.up).length;
    const held = servers.map((_, index) => connections.filter((connection) => connection.server === index).size);
    return {
      line: up === 0 ? 'no server available' : `${up} of ${servers.length} servers up, ${connections.size} ${connections.size === 1 ? 'connection' : 'connections'}`,
      counters: Object.fromEntries(servers.map((server, index) => [nameOf(server), `${healthWord(server)} · ${held[index]}`])),
    };
  },
};
