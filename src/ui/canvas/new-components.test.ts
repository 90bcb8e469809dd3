import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import type { Component } from '../../cluster/component.ts';
import { components, programs } from '../../cluster/registry.ts';
import { threeNodes, worldSpec } from '../../scenarios/topologies/index.ts';
import type { Topology } from '../../scenarios/topologies/index.ts';
import { messageRow } from '../../session/projections/message-rows.ts';
import { RowsTracker } from '../../session/projections/rows-tracker.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import { act, chartTypes } from '../../simulation/process/chart.ts';
import { request, respond } from '../../simulation/process/effects.ts';
import { World } from '../../simulation/world.ts';
import type { Rows } from '../../store/known-window.ts';
import { inventoryOf } from './inventory.ts';
import { layStage } from './layout.ts';
import { wayBetween } from './way-between.ts';
import type { Box, Pipe } from './stage-plan.ts';

interface Peers { readonly asks: readonly string[] }

/** Asks each of its peers once, and answers whoever asks it. */
const machine = setup({
  types: chartTypes<Peers>(),
  actions: {
    'ask everybody': act<Peers>((state) => [state, state.asks.map((to) => request(to, to, to.endsWith('/kube-apiserver') ? { type: 'api.discover', body: { verb: 'discover', user: 'toy', userAgent: 'toy', group: '', version: '', resource: '' } } : { type: 'toy.Ask', body: {} }))]),
    answer: act<Peers>((state, event) => [state, [respond(event.id, { type: 'toy.Answer', body: {} })]]),
  },
}).createMachine({
  id: 'toy', context: ({ input }) => ({ state: input.state, outbox: [] }), initial: 'there',
  states: { there: { on: { 'process.started': { actions: 'ask everybody' }, 'toy.Ask': { actions: 'answer' } } } },
});

const toy = (name: string, where: Component['descriptor']['where'], dials: Component['dials']): Component => ({
  name, machine, dials, initial: (input) => input, summary: () => ({ line: 'plays' }),
  descriptor: { title: name, duty: 'Shows that a component needs nobody’s leave to join.', where, upstream: 'none', glyph: 'T' },
});
const toys = [
  toy('toy-controller', 'control-plane', [{ component: 'kube-apiserver', protocols: ['api'] }, { component: 'toy-cloud', protocols: ['toy'] }]),
  toy('toy-agent', 'node', [{ component: 'kube-apiserver', protocols: ['api'] }]),
  toy('toy-cloud', 'cloud', []),
];

const api = 'control-plane-1/kube-apiserver';
const topology: Topology = {
  ...threeNodes, hosts: [...threeNodes.hosts, { name: 'cloud', where: 'cloud', ip: '203.0.113.1' }],
  processes: [
    ...threeNodes.processes,
    { address: 'cloud/toy-cloud', program: 'toy-cloud', input: { asks: [] } },
    { address: 'control-plane-1/toy-controller', program: 'toy-controller', input: { asks: [api, 'cloud/toy-cloud'] } },
    ...['worker-1', 'worker-2', 'worker-3'].map((host) => ({ address: `${host}/toy-agent`, program: 'toy-agent', input: { asks: [api] } })),
    ...['worker-1', 'worker-2'].map((host) => ({ address: `${host}/etcd`, program: 'etcd', input: {} })),
  ],
};

const world = new World(worldSpec(topology, 1), {
  definitions: { ...programs.definitions, ...Object.fromEntries(toys.map(({ name, initial }) => [name, chartProcess({ name, machine, initial })])) },
  permits: (from, to, protocol) => programs.permits(from, to, protocol) || toys.some(({ name, dials }) => name === from && dials.some((peer) => peer.component === to && peer.protocols.includes(protocol))),
});
world.runUntil(5_000_000);
const tracker = new RowsTracker(world, { ...components, ...Object.fromEntries(toys.map((each) => [each.name, each])) }, topology.hosts, { row: () => {}, lease: () => undefined, result: () => {} });
tracker.lookAfresh();
const inventory = inventoryOf(Object.fromEntries(tracker.current) as Rows);

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;

describe.each([['a desktop', 1560, 900], ['a laptop', 980, 574], ['a frame', 800, 352], ['a phone', 390, 650]])('a topology with components that the page never heard of, on %s', (_, width, height) => {
  const layout = layStage(inventory, width, height);
  const ways = new Map<string, Pipe>(layout.pipes.map((pipe) => [pipe.id, pipe]));
  const box = (id: string): Box => layout.boxes.get(id)!;

  test('each has its place, and none lies on another', () => {
    expect(topology.processes.filter(({ address }) => !layout.boxes.has(address))).toEqual([]);
    const upper = [...layout.boxes].filter(([id, { y }]) => y < layout.spine.y && ![...layout.boxes].some(([card, outer]) => card.startsWith('card/') && card !== id && overlap(outer, box(id))));
    for (const [a, first] of upper) for (const [b, second] of upper) if (a < b) expect(overlap(first, second), `${a} and ${b}`).toBe(false);
    expect([...layout.boxes].filter(([, { x, width: wide }]) => x < 0 || x + wide > layout.width + 0.5)).toEqual([]);
  });

  test('whoever decides is above the door, whoever does is below', () => {
    expect(box('control-plane-1/toy-controller').y).toBeLessThan(layout.spine.y);
    expect(box('cloud/toy-cloud').y).toBeLessThan(layout.spine.y);
    expect(box('cloud/toy-cloud').x).toBeGreaterThan(box('control-plane-1/toy-controller').x);
    expect(box('worker-1/toy-agent').y).toBeGreaterThan(layout.spine.y);
  });

  test('every message has a pipe to travel on', () => {
    const messages = world.recordsBetween(0).flatMap((record) => (record.what === 'message' ? [messageRow(record, false, (id) => world.record(id))] : []));
    expect(['cloud/toy-cloud', 'worker-2/toy-agent', 'control-plane-1/toy-controller'].filter((peer) => !messages.some(({ from, to }) => from === peer || to === peer))).toEqual([]);
    expect(messages.filter(({ from, to }) => wayBetween(ways, from, to) === undefined).map(({ from, to }) => `${from} ${to}`)).toEqual([]);
  });

  test('what the door says to a program that has no pipe to it goes by its neighbours', () => {
    expect(ways.has('worker-1/containerd|control-plane-1/kube-apiserver')).toBe(false);
    expect(wayBetween(ways, 'control-plane-1/kube-apiserver', 'worker-1/containerd')?.points.length).toBeGreaterThan(2);
  });

  test('the members of a store share one card, each with its own place', () => {
    const members = ['control-plane-1/etcd', 'worker-1/etcd', 'worker-2/etcd'].map(box);
    for (const member of members) expect(overlap(member, box('card/etcd'))).toBe(true);
    expect(overlap(members[0]!, members[1]!) || overlap(members[1]!, members[2]!)).toBe(false);
  });
});
