import { describe, expect, test } from 'vitest';
import { ThingsMemory } from './flow-things.ts';
import { layStage } from './layout.ts';
import type { Inventory } from './stage-plan.ts';

const api = 'cp/kube-apiserver';
const inventory = (pods: readonly string[], pending: readonly string[] = [], more: readonly string[] = []): Inventory => ({
  frontDoor: { address: api, dials: ['cp/etcd'] }, outside: [{ address: 'you/kubectl', dials: [api] }], cloud: [],
  control: [
    { name: 'kube-scheduler', role: 'waiting-room', breadth: 1.8, members: [{ address: 'cp/kube-scheduler', dials: [api] }] },
    { name: 'etcd', role: 'store', breadth: 1, members: [{ address: 'cp/etcd', dials: [] }] },
  ],
  hosts: ['worker-1', 'worker-2', ...more].map((name, index) => ({
    name, slim: false, pods: index === 0 ? pods : [],
    programs: [{ address: `${name}/kubelet`, dials: [api, `${name}/containerd`] }, { address: `${name}/containerd`, dials: [] }],
  })),
  pending,
});

/** The ids of the things that are drawn anew when one stage follows the other. */
function drawnAnew(before: Inventory, after: Inventory): { nodes: string[]; edges: boolean } {
  const memory = new ThingsMemory();
  const first = memory.next(layStage(before, 1200, 800), api);
  const second = memory.next(layStage(after, 1200, 800), api);
  return { nodes: second.nodes.filter((node) => !first.nodes.includes(node)).map((node) => node.id), edges: second.edges !== first.edges };
}

describe('what is drawn anew', () => {
  test.each([
    ['nothing changed', inventory(['a']), inventory(['a']), [], false],
    ['a Pod came', inventory(['a']), inventory(['a', 'b']), ['b'], false],
    ['a Pod went', inventory(['a', 'b']), inventory(['a']), [], false],
    ['a Pod got its node', inventory(['a'], ['b']), inventory(['a', 'b']), ['b'], false],
    ['the first Pod went, the next one takes its place', inventory(['a', 'b']), inventory(['b']), ['b'], false],
  ])('%s', (_, before, after, nodes, edges) => expect(drawnAnew(before, after)).toEqual({ nodes, edges }));

  test('a machine came: the ground is laid again', () => {
    const { nodes, edges } = drawnAnew(inventory(['a']), inventory(['a'], [], ['worker-3']));
    expect(edges).toBe(true);
    expect(nodes).toContain('host/worker-1');
    expect(nodes).toContain('host/worker-3');
  });

  test('more Pods than there is room for are counted on their machine', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `pod-${index}`);
    const layout = layStage(inventory(many), 1200, 800);
    const things = new ThingsMemory().next(layout, 'cp/kube-apiserver');
    const hidden = things.nodes.find((node) => node.id === 'host/worker-1')?.data['hidden'] as number;
    expect(hidden).toBeGreaterThan(0);
    expect(hidden + things.nodes.filter((node) => node.type === 'pod').length).toBe(2_000);
  });
});
