import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from './framework.ts';
import { podInfo } from './pod-info.ts';
import { addToQueue, backoffUs, emptyQueue, flushLeftover, hasPodToTry, moveAll, moveOne, nextWake, popFromQueue, putBack, removeFromQueue, updateInQueue, type SchedulingQueue } from './scheduling-queue.ts';
import { makeNode, makePod } from './test-objects.ts';

const second = 1_000_000;
const info = (name: string, priority = 0, requests: Record<string, string> = { cpu: '1' }) => podInfo(makePod(name, requests, { priority }));
const add = (queue: SchedulingQueue, name: string, atUs: number, priority = 0) => addToQueue(queue, info(name, priority), atUs, 1);
const names = (queue: SchedulingQueue, nowUs: number): string[] => {
  const found: string[] = [];
  for (let rest = popFromQueue(queue, nowUs); rest.pod !== undefined; rest = popFromQueue(rest.queue, nowUs)) found.push(rest.pod.info.pod.metadata.name);
  return found;
};
const refused = (name: string, plugins: string[], attempts: number, nowUs: number): SchedulingQueue => {
  let queue = add(emptyQueue, name, 0);
  for (let i = 0; i < attempts; i++) {
    const { queue: rest, pod } = popFromQueue(queue, nowUs);
    queue = putBack(rest, pod!, plugins, nowUs);
    if (i + 1 < attempts) queue = flushLeftover(queue, nowUs + 301 * second, 1);
  }
  return queue;
};
const nodeAdded: ClusterEvent = { resource: 'Node', changes: ['Add'], node: makeNode('n') };
const podDeleted: ClusterEvent = { resource: 'AssignedPod', action: 'Delete', pod: info('x'), nodeName: 'n' };

test('priority first, then who came first, then the order of arrival', () => {
  const queue = [['c', 3, 0], ['a', 1, 0], ['vip', 9, 1000], ['b', 1, 0]].reduce((all, [name, at, priority]) => add(all, name as string, at as number, priority as number), emptyQueue);
  expect(names(queue, 10)).toEqual(['vip', 'a', 'b', 'c']);
});
test('a Pod that was deleted while it waited is not tried', () => {
  expect(names(removeFromQueue(add(add(emptyQueue, 'a', 0), 'b', 1), 'default/a'), 10)).toEqual(['b']);
});
test.each([[0, 0], [1, 1], [2, 2], [3, 4], [4, 8], [5, 10], [50, 10]])('after %i failures it is kept back %i s', (failures, seconds) => {
  expect(backoffUs(failures)).toBe(seconds * second);
});

describe('a Pod that was refused', () => {
  const fit = ['NodeResourcesFit'];
  test('waits, and nothing is to be tried', () => {
    const queue = refused('a', fit, 1, 0);
    expect([queue.sizes.unschedulable, hasPodToTry(queue, 100 * second)]).toEqual([1, false]);
  });
  test('is tried again at once when a node comes and nothing else is active, though its back-off runs', () => {
    const queue = moveAll(refused('a', fit, 1, 0), nodeAdded, 1000, 7);
    expect(queue.sizes).toMatchObject({ unschedulable: 0, backoff: 1, active: 0 });
    const { pod } = popFromQueue(queue, 1000);
    expect(pod).toMatchObject({ attempts: 2, cause: 7 });
  });
  test('goes behind what is active while its back-off runs, and before it by its age when that is over', () => {
    const moved = moveAll(refused('a', fit, 1, 0), nodeAdded, 1000, 7);
    expect(names(add(moved, 'b', 1500), 2000)).toEqual(['b', 'a']);
    expect(names(add(moved, 'b', 1500), 2 * second)).toEqual(['a', 'b']);
  });
  test('is left alone by events that its plugins do not care for', () => {
    expect(moveAll(refused('a', ['NodeAffinity'], 1, 0), podDeleted, 1000, 7).sizes.unschedulable).toBe(1);
    expect(moveAll(refused('a', fit, 1, 0), podDeleted, 1000, 7).sizes.unschedulable).toBe(0);
  });
  test('is not woken by a node that is too small, tainted or cordoned', () => {
    const small: ClusterEvent = { ...nodeAdded, node: makeNode('n', { cpu: '500m' }) } as ClusterEvent;
    const tainted: ClusterEvent = { ...nodeAdded, node: makeNode('n', { taints: [{ key: 'k', effect: 'NoSchedule' }] }) } as ClusterEvent;
    const cordoned: ClusterEvent = { ...nodeAdded, node: makeNode('n', { unschedulable: true }) } as ClusterEvent;
    expect(moveAll(refused('a', fit, 1, 0), small, 1, 1).sizes.unschedulable).toBe(1);
    expect(moveAll(refused('a', ['TaintToleration'], 1, 0), tainted, 1, 1).sizes.unschedulable).toBe(1);
    expect(moveAll(refused('a', ['NodeUnschedulable'], 1, 0), cordoned, 1, 1).sizes.unschedulable).toBe(1);
    expect(moveAll(refused('a', ['TaintToleration', 'NodeUnschedulable'], 1, 0), nodeAdded, 1, 1).sizes.unschedulable).toBe(0);
  });
  test('is tried again after five minutes whatever happens', () => {
    const queue = refused('a', fit, 1, 0);
    expect(flushLeftover(queue, 300 * second, 1).sizes.unschedulable).toBe(1);
    expect(flushLeftover(queue, 301 * second, 1).sizes).toMatchObject({ unschedulable: 0, active: 1 });
    expect(nextWake(queue, 10 * second)).toEqual({ flushUs: 20 * second });
  });
});

test('a Pod whose binding failed waits for its back-off to end, even if nothing else is to do', () => {
  const queue = refused('a', [], 1, 200_000);
  expect([queue.sizes['error-backoff'], hasPodToTry(queue, 1_900_000), names(queue, 1_900_000)]).toEqual([1, false, []]);
  // It ends within second 1, so the Pod may go when second 2 begins.
  expect(nextWake(queue, 200_000)).toEqual({ backoffUs: 1_800_000 });
  expect([hasPodToTry(queue, 2 * second), names(queue, 2 * second)]).toEqual([true, ['a']]);
});
test('a gated Pod is not tried, not flushed, and goes when its gates are gone', () => {
  const queue = addToQueue(emptyQueue, info('a'), 0, 1, 'SchedulingGates');
  expect([hasPodToTry(queue, 1), flushLeftover(moveAll(queue, nodeAdded, 1, 1), 400 * second, 1).sizes.gated]).toEqual([false, 1]);
  const open = moveOne(updateInQueue(queue, info('a')), 'default/a', { resource: 'TargetPod', changes: ['UpdatePodSchedulingGatesEliminated'] }, 5, 9);
  expect([open.sizes.gated, names(open, 6)]).toEqual([0, ['a']]);
});
test('older versions of a queue stay as they were', () => {
  const before = add(add(emptyQueue, 'a', 0), 'b', 1);
  popFromQueue(before, 5);
  moveAll(before, nodeAdded, 5, 1);
  expect(names(before, 5)).toEqual(['a', 'b']);
});
