import { describe, expect, test } from 'vitest';
import type { EndpointSlice, KubeObject } from '../../kubernetes/api/index.ts';
import type { Endpoints } from '../../kubernetes/api/kept-specs.ts';
import '../../kubernetes/kept-kinds.ts';
import { highlyAvailable } from '../topologies/index.ts';
import { Bench } from './bench.ts';

const own = { namespace: 'default', name: 'kubernetes' } as const;
const endpoints = (bench: Bench) => bench.object<KubeObject & Endpoints>({ verb: 'get', resource: 'endpoints', ...own });
const addressesIn = (bench: Bench): readonly string[] => {
  const said = endpoints(bench).subsets!.flatMap(({ addresses }) => (addresses ?? []).map(({ ip }) => ip));
  const slice = bench.object<EndpointSlice>({ verb: 'get', group: 'discovery.k8s.io', resource: 'endpointslices', ...own });
  expect(slice.endpoints!.flatMap(({ addresses }) => addresses)).toEqual(said);
  return said;
};

describe('one server', () => {
  const bench = new Bench();
  test('says where it is, in Endpoints that nobody mirrors and in a slice', () => {
    expect(addressesIn(bench)).toEqual(['172.18.0.2']);
    expect(endpoints(bench)).toMatchObject({ metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }, subsets: [{ ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }] });
  });
  test('puts right what somebody changed, at its next look', () => {
    bench.object({ verb: 'patch', resource: 'endpoints', ...own, patchType: 'application/merge-patch+json', body: { subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 1 }] }] } });
    bench.object({ verb: 'delete', group: 'discovery.k8s.io', resource: 'endpointslices', ...own });
    bench.run(10);
    expect(addressesIn(bench)).toEqual(['172.18.0.2']);
  });
  test('renewing it is no news', () => {
    const beganAt = bench.world.nowUs;
    bench.run(60);
    const said = bench.world.recordsBetween(0).filter((record) => record.what === 'message' && record.sentAtUs > beganAt);
    expect(said.filter((record) => record.what === 'message' && record.type === 'etcd.LeaseGrant').length).toBe(6);
    expect(said.filter(({ background }) => !background)).toEqual([]);
  });
});

test('three servers: who does not renew its lease is left out, and is back when it is back', () => {
  const bench = new Bench(1, false, highlyAvailable);
  const all = ['172.18.0.2', '172.18.0.3', '172.18.0.4'];
  expect(addressesIn(bench)).toEqual(all);
  bench.world.dispatch({ type: 'stop-process', address: 'control-plane-3/kube-apiserver', crash: true });
  bench.run(26);
  expect(addressesIn(bench)).toEqual(all.slice(0, 2));
  bench.world.dispatch({ type: 'start-process', address: 'control-plane-3/kube-apiserver' });
  bench.run(15);
  expect(addressesIn(bench)).toEqual(all);
});
