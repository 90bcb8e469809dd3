import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { components, programs } from './registry.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

describe('the registry', () => {
  test('has each component folder, under the name of its binary', () => expect(Object.keys(components).sort()).toEqual(folders));
  test('makes a program of each', () => expect(Object.keys(programs.definitions).sort()).toEqual(folders));
  test('knows everybody whom a component dials', () => expect(Object.values(components).flatMap(({ dials }) => dials.map(({ component }) => component)).filter((name) => components[name] === undefined)).toEqual([]));
});

describe('the network', () => {
  test.each([
    ['kube-apiserver', 'etcd', 'etcd', true], ['kubectl', 'kube-apiserver', 'api', true], ['kubelet', 'containerd', 'cri', true], ['containerd', 'cni', 'cni', true],
    ['kubectl', 'kubelet', 'api', false], ['kube-controller-manager', 'etcd', 'etcd', false], ['kube-scheduler', 'kubelet', 'api', false], ['kubelet', 'kube-apiserver', 'etcd', false],
  ])('%s to %s with %s: %s', (from, to, protocol, expected) => expect(programs.permits(from, to, protocol)).toBe(expected));
});
