import { expect, test } from 'vitest';
import { Bench } from './bench.node.ts';

test('begins with the first namespaces and the Service kubernetes', () => {
  const bench = new Bench();
  expect(bench.chart).toEqual({ ready: 'serving' });
  expect(bench.names({ resource: 'namespaces' })).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  expect(bench.object<any>({ verb: 'get', resource: 'services', namespace: 'default', name: 'kubernetes' }).spec.clusterIP).toBe('10.96.0.1');
  expect(bench.names({ resource: 'endpointslices', group: 'discovery.k8s.io' })).toEqual(['kubernetes']);
});
