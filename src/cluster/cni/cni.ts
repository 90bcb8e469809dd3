import type { Component } from '../component.ts';
import { cniMachine } from './cni-machine.ts';
import type { CniInput, CniState } from './execute.ts';
import { noReservations, parseRange, type Reservations } from './host-local.ts';

/** The network plugin of one node: bridge with host-local addresses out of the node's Pod CIDR. */
export const cni: Component<CniState> = {
  name: 'cni',
  machine: cniMachine,
  initial(input, disk) {
    const { node, podCidr } = input as CniInput;
    return { node, podCidr, range: parseRange(podCidr), reservations: (disk as Reservations | undefined) ?? noReservations };
  },
  survives: (state) => state.reservations,
  descriptor: {
    title: 'CNI plugin',
    duty: 'Gives each Pod sandbox its address and connects it to the node network.',
    where: 'node',
    rank: 40,
    upstream: 'https://github.com/containernetworking/plugins',
    glyph: 'N',
  },
  dials: [],
  summary: (state) => ({
    line: `${state.podCidr} · ${state.reservations.byContainer.size} in use`,
    counters: { 'addresses in use': state.reservations.byContainer.size },
  }),
};
