import { describe, expect, test } from 'vitest';
import { layStage } from './layout.ts';
import type { Box, Inventory } from './stage-plan.ts';

const api = 'cp/kube-apiserver';
const inventory = (nodes: number, pods: readonly string[] = [], pending: readonly string[] = []): Inventory => ({
  frontDoor: { address: api, dials: ['cp/etcd'] }, outside: [{ address: 'you/kubectl', dials: [api] }], cloud: [],
  control: [
    { name: 'kube-scheduler', role: 'waiting-room', breadth: 1.8, members: [{ address: 'cp/kube-scheduler', dials: [api] }] },
    { name: 'etcd', role: 'store', breadth: 1, members: [{ address: 'cp/etcd', dials: [] }] },
  ],
  hosts: Array.from({ length: nodes }, (_, index) => ({
    name: `w${index}`, slim: index === 0, pods: index === 1 ? pods : [],
    programs: [{ address: `w${index}/kubelet`, dials: [api, `w${index}/containerd`] }, { address: `w${index}/kube-proxy`, dials: [api] }, { address: `w${index}/containerd`, dials: [] }],
  })),
  pending,
});
type Size = readonly [width: number, height: number];
const desktop: Size = [1560, 900];
const laptop: Size = [980, 574];

describe('what comes moves nothing that need not move', () => {
  test.each<[string, Inventory, Inventory]>([
    ['a Pod on a node', inventory(4, ['a', 'b']), inventory(4, ['a', 'b', 'c'])],
    ['a Pod that waits', inventory(4, ['a', 'b']), inventory(4, ['a', 'b'], ['c'])],
    ['the last Pod goes', inventory(4, ['a', 'b', 'c']), inventory(4, ['a', 'b'])],
  ])('%s', (_, before, after) => {
    const [first, second] = [layStage(before, ...desktop), layStage(after, ...desktop)];
    expect(second.boxes).toBe(first.boxes);
    expect(second.pipes).toBe(first.pipes);
    for (const pod of ['a', 'b']) expect(second.pods.get(pod)).toEqual(first.pods.get(pod));
  });
});

/** Letters of 13 px are then at least so large. */
test.each<[number, Size, number]>([[3, desktop, 13], [3, laptop, 13], [10, desktop, 10.4], [20, desktop, 10], [20, laptop, 9.1]])('%i nodes on %j: letters of at least %f px', (nodes, size, px) => {
  const layout = layStage(inventory(nodes + 1), ...size);
  expect(layout.zoom * 13).toBeGreaterThanOrEqual(px);
  expect(layout.height * layout.zoom).toBeLessThanOrEqual(size[1] + 1);
  const hosts = [...layout.boxes].filter(([id]) => id.startsWith('host/')).map(([, box]): Box => box);
  expect(hosts.filter((a) => hosts.some((b) => a !== b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height))).toEqual([]);
});
