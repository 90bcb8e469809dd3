import { describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import { portsIn, portsWith } from '../../cluster/kube-apiserver/port-range.ts';
import type { KubeObject, Service, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse } from '../../kubernetes/protocols/api.ts';
import { highlyAvailable } from '../topologies/index.ts';
import { Bench } from './bench.ts';

const inDefault = { namespace: 'default' } as const;
const addresses = { group: 'networking.k8s.io', resource: 'ipaddresses' } as const;
const service = (name: string, spec: object = {}) => ({ verb: 'create', resource: 'services', ...inDefault, body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } } }) as const;
const patch = (name: string, spec: object) => ({ verb: 'patch', resource: 'services', ...inDefault, name, patchType: 'application/merge-patch+json', body: { spec } }) as const;
const remove = (name: string) => ({ verb: 'delete', resource: 'services', ...inDefault, name }) as const;
const givenOut = (bench: Bench): readonly number[] => {
  const kv = bench.etcd.store.directories.get('/registry/ranges/')?.get('/registry/ranges/servicenodeports');
  return kv === undefined ? [] : portsIn(kv.value);
};

describe('one server', () => {
  const bench = new Bench();
  const ips = (): readonly string[] => bench.names(addresses);

  test('the cluster’s own Service has its address by an IPAddress', () => {
    const address = bench.object<KubeObject>({ verb: 'get', ...addresses, name: '10.96.0.1' });
    expect(address.metadata.labels).toEqual({ 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' });
    expect(address['spec' as never]).toEqual({ parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } });
  });

  test('a Service’s address comes and goes with it', () => {
    const { spec } = bench.object<Service>(service('web'));
    expect(ips()).toContain(spec.clusterIP);
    bench.object(remove('web'));
    expect(ips()).toEqual(['10.96.0.1']);
  });

  test('what is refused, only tried, or there already leaves nothing behind', () => {
    bench.object(service('there', { clusterIP: '10.96.0.20' }));
    expect(bench.refusal(service('there', { type: 'NodePort' }))).toBe('409 services "there" already exists');
    bench.object({ ...service('tried', { type: 'NodePort' }), query: { dryRun: 'All' } });
    expect(bench.refusal(service('two', { type: 'NodePort', clusterIP: '10.96.0.21', ports: [{ name: 'a', port: 80, nodePort: 30100 }, { name: 'b', port: 81, nodePort: 30100 }] }))).toContain('422');
    bench.run(1);
    expect(ips()).toEqual(['10.96.0.1', '10.96.0.20']);
    expect(givenOut(bench)).toEqual([]);
    expect(bench.refusal({ verb: 'create', ...addresses, body: { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: '10.96.0.20' }, spec: { parentRef: { resource: 'services', namespace: 'default', name: 'x' } } } })).toBe('409 ipaddresses.networking.k8s.io "10.96.0.20" already exists');
  });

  test('who holds an address otherwise keeps it', () => {
    bench.object({ verb: 'create', ...addresses, body: { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: { name: '10.96.0.30' }, spec: { parentRef: { group: 'gateway.example.com', resource: 'gateways', namespace: 'default', name: 'x' } } } });
    expect(bench.refusal(service('other', { clusterIP: '10.96.0.30' }))).toBe('422 Service "other" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.30"]: failed to allocate IP 10.96.0.30: provided IP is already allocated');
  });

  test('a change of type brings what it needs and gives back the rest', () => {
    bench.object(service('changing'));
    const [port] = bench.object<Service>(patch('changing', { type: 'NodePort' })).spec.ports!;
    expect(givenOut(bench)).toEqual([port!.nodePort]);
    expect(bench.object<Service>(patch('changing', { type: 'ClusterIP' })).spec.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    bench.run(1);
    expect(givenOut(bench)).toEqual([]);
    const before = ips();
    expect(bench.object<Service>(patch('changing', { type: 'ExternalName', externalName: 'example.com' })).spec.clusterIP).toBeUndefined();
    bench.run(1);
    expect(ips()).toHaveLength(before.length - 1);
    expect(ips()).toHaveLength(before.length - 1);
    expect(bench.object<Service>(patch('changing', { type: 'ClusterIP', externalName: null })).spec.clusterIP).toMatch(/^10\./);
    expect(ips()).toHaveLength(before.length);
  });
});

describe('three servers', () => {
  const bench = new Bench(1, false, highlyAvailable);
  const at = (n: number, asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): string => bench.send(asked, `control-plane-${n}/kube-apiserver`);
  const outcomes = (ids: readonly string[]): readonly string[] => {
    bench.run(2);
    return ids.map((id) => { const { code, body } = bench.heard.answers.get(id) as ApiResponse; return code === 201 ? '201' : `${code} ${(body as Status).message}`; }).sort();
  };

  test('asked at once for the same address, one gives it and the others refuse', () => {
    const ids = [1, 2, 3].map((n) => at(n, service(`same-${n}`, { clusterIP: '10.96.0.10' })));
    expect(outcomes(ids)).toEqual(['201', expect.stringMatching(/^422 Service "same-\d" is invalid: spec.clusterIPs: Invalid value: \["10.96.0.10"\]: failed to allocate IP 10.96.0.10: provided IP is already allocated$/), expect.stringMatching(/^422 /)]);
  });

  test('asked at once for the same node port, one gives it and the others refuse', () => {
    const ids = [1, 2, 3].map((n) => at(n, service(`port-${n}`, { type: 'NodePort', ports: [{ port: 80, nodePort: 30090 }] })));
    expect(outcomes(ids)).toEqual(['201', expect.stringMatching(/^422 Service "port-\d" is invalid: spec.ports\[0\].nodePort: Invalid value: 30090: provided port is already allocated$/), expect.stringMatching(/^422 /)]);
    const addressesLeft = bench.object<{ readonly items: readonly KubeObject[] } & KubeObject>({ verb: 'list', ...addresses }).items.length;
    expect(addressesLeft).toBe(bench.object<{ readonly items: readonly KubeObject[] } & KubeObject>({ verb: 'list', resource: 'services' }).items.length);
  });

  test('each has what the others may choose from, and no two choose the same', () => {
    const ids = Array.from({ length: 12 }, (_, index) => at(1 + (index % 3), service(`free-${index}`, { type: 'NodePort' })));
    expect(new Set(outcomes(ids))).toEqual(new Set(['201']));
    const ports = ids.map((id) => ((bench.heard.answers.get(id) as ApiResponse).body as Service).spec.ports![0]!.nodePort);
    expect(new Set(ports).size).toBe(12);
  });
});

test('the map of ports is upstream’s: a big number, its highest byte first', () => {
  expect(portsWith([30_000, 30_009])).toMatchObject({ range: '30000-32767', data: 'AgE=' });
  for (const ports of [[], [30_000], [30_007, 30_008, 32_767], [31_234]]) expect(portsIn(portsWith(ports))).toEqual(ports);
});
