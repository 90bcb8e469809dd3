import { describe, expect, test } from 'vitest';
import { components, programs } from '../../cluster/registry.ts';
import { highlyAvailable, worldSpec } from '../../scenarios/topologies/index.ts';
import { messageRow } from '../../session/projections/message-rows.ts';
import { RowsTracker } from '../../session/projections/rows-tracker.ts';
import { World } from '../../simulation/world.ts';
import type { Rows } from '../../store/known-window.ts';
import { inventoryOf } from './inventory.ts';
import { layStage } from './layout.ts';
import type { Pipe } from './stage-plan.ts';

const balancer = 'cluster-endpoint/load-balancer';
const world = new World(worldSpec(highlyAvailable, 1), programs);
world.runUntil(8_000_000);
const tracker = new RowsTracker(world, components, highlyAvailable.hosts, { row: () => {}, result: () => {}, lease: () => undefined });
tracker.lookAfresh();
const inventory = inventoryOf(Object.fromEntries(tracker.current) as Rows);
const messages = world.recordsBetween(0).flatMap((record) => (record.what === 'message' ? [messageRow(record, false, (id) => world.record(id))] : []));

test('the balancer is the door, and the servers stand together above it', () => {
  expect(inventory.frontDoor.address).toBe(balancer);
  expect(inventory.control.find(({ name }) => name === 'kube-apiserver')?.members.length).toBe(3);
});

describe.each([['a desktop', 1560, 900], ['a laptop', 980, 574], ['a frame', 800, 352], ['a phone', 390, 650]])('several servers behind a balancer, on %s', (_, width, height) => {
  const layout = layStage(inventory, width, height);
  const ways = new Map<string, Pipe>(layout.pipes.map((pipe) => [pipe.id, pipe]));
  const joined = (a: string, b: string): boolean => ways.has(`${a}|${b}`) || ways.has(`${b}|${a}`);

  test('whoever says something to another has a pipe to them', () => {
    const says = new Set(messages.map(({ from, to }) => `${from} ${to}`));
    expect(says.has(`worker-1/kubelet ${balancer}`) && says.has('control-plane-2/kubelet control-plane-2/kube-apiserver')).toBe(true);
    expect([...says].filter((pair) => !joined(...(pair.split(' ') as [string, string])))).toEqual([]);
  });

  test('whoever has a server beside it has no pipe past it', () => {
    expect(['kubelet', 'kube-scheduler', 'kube-controller-manager'].filter((program) => joined(`control-plane-2/${program}`, balancer))).toEqual([]);
    expect(joined('control-plane-2/kubelet', 'control-plane-1/kube-apiserver')).toBe(false);
  });

  test('no pipe leaves the stage', () => {
    const points = layout.pipes.flatMap((pipe) => pipe.points);
    expect(points.filter(({ x, y }) => x < 0 || y < 0 || x > layout.width || y > layout.height)).toEqual([]);
  });
});
