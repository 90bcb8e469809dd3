import { describe, expect, test } from 'vitest';
import { components } from '../../cluster/registry.ts';
import { nodes, topologies, topology } from './index.ts';

const everyOne = [...topologies, nodes(3), nodes(300)];

describe.each(everyOne.map((one) => [one.name, one] as const))('%s', (_name, { hosts, processes }) => {
  test('has a program for every process', () => expect(processes.filter(({ program }) => components[program] === undefined)).toEqual([]));
  test('has each address once', () => expect(new Set(processes.map(({ address }) => address)).size).toBe(processes.length));
  test('has a machine for every process', () => expect(processes.filter(({ address }) => !hosts.some(({ name }) => address.startsWith(`${name}/`)))).toEqual([]));
  test('gives each machine its own address', () => expect(new Set(hosts.map(({ ip }) => ip)).size).toBe(hosts.length));
  test('gives each node its own range of Pod addresses', () => {
    const ranges = processes.filter(({ program }) => program === 'cni').map(({ input }) => (input as { podCidr: string }).podCidr);
    expect(ranges.length).toBeGreaterThan(0);
    expect(new Set(ranges).size).toBe(ranges.length);
    expect(hosts.length).toBeGreaterThan(ranges.length);
  });
});

test('the default is the first', () => expect(topologies[0]!.name).toBe('three-nodes'));
test.each([['three-nodes', 4], ['single-node', 1], ['nodes-7', 8], ['three-etcd', 7], ['five-etcd', 9], ['ha', 7]])('%s has %i machines', (name, count) => expect(topology(name).hosts.length - 1).toBe(count));
test('an unknown name is refused', () => expect(() => topology('moon')).toThrow('no topology is called moon: there are three-nodes, single-node, three-etcd, five-etcd, ha and nodes-<count>'));
