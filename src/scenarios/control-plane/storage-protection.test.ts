import { beforeAll, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { tableOf } from '../../kubernetes/printers/table.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { topology } from '../topologies/index.ts';
import { Bench } from './bench.ts';

const core = { group: '', version: 'v1' } as const;
const inDefault = { ...core, namespace: 'default' } as const;
let bench: Bench;
beforeAll(() => { bench = new Bench(1, false, topology('three-nodes')); });

const volumeAt = { ...core, resource: 'persistentvolumes' } as const;
const claimAt = { ...inDefault, resource: 'persistentvolumeclaims' } as const;
const make = (place: typeof volumeAt | typeof claimAt | (typeof inDefault & { readonly resource: 'pods' }), kind: string, name: string, spec: object, metadata: object = {}) =>
  bench.object({ verb: 'create', ...place, body: { apiVersion: 'v1', kind, metadata: { name, ...metadata }, spec } });
const storage = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
const both = (name: string) => {
  const volume = make(volumeAt, 'PersistentVolume', name, { ...storage, capacity: { storage: '1Gi' }, hostPath: { path: `/srv/${name}` }, claimRef: { namespace: 'default', name } });
  const claim = make(claimAt, 'PersistentVolumeClaim', name, { ...storage, resources: { requests: { storage: '1Gi' } } });
  return [volume, claim] as const;
};
const find = (place: typeof volumeAt | typeof claimAt, name: string): KubeObject | undefined => {
  const { code, body } = bench.ask({ verb: 'get', ...place, name });
  return code === 404 ? undefined : body as KubeObject;
};
const state = (place: typeof volumeAt | typeof claimAt, name: string) => {
  const { metadata, status } = find(place, name)!;
  return { phase: (status as { readonly phase: string }).phase, finalizers: metadata.finalizers, going: metadata.deletionTimestamp !== undefined };
};
const statusColumn = (place: typeof volumeAt | typeof claimAt, name: string): unknown => {
  const { columnDefinitions, rows } = tableOf(place.resource, [find(place, name)!], bench.world.nowUs, {});
  return rows[0]!.cells[columnDefinitions!.findIndex((column) => column.name === 'Status')];
};

test('a claim that a Pod uses stays until the Pod is gone, and its volume until the claim is', () => {
  const [volume, claim] = both('data');
  expect([volume.metadata.finalizers, claim.metadata.finalizers]).toEqual([['kubernetes.io/pv-protection'], ['kubernetes.io/pvc-protection']]);
  make({ ...inDefault, resource: 'pods' }, 'Pod', 'user', { terminationGracePeriodSeconds: 1, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10' }] });
  bench.run(20);
  bench.object({ verb: 'delete', ...claimAt, name: 'data' });
  bench.object({ verb: 'delete', ...volumeAt, name: 'data' });
  bench.run(30);
  expect(state(claimAt, 'data')).toEqual({ phase: 'Bound', finalizers: ['kubernetes.io/pvc-protection'], going: true });
  expect(state(volumeAt, 'data')).toEqual({ phase: 'Bound', finalizers: ['kubernetes.io/pv-protection'], going: true });
  expect([statusColumn(claimAt, 'data'), statusColumn(volumeAt, 'data')]).toEqual(['Terminating', 'Terminating']);
  bench.object({ verb: 'delete', ...inDefault, resource: 'pods', name: 'user' });
  bench.run(20);
  expect([find(claimAt, 'data'), find(volumeAt, 'data')]).toEqual([undefined, undefined]);
});

test('who takes the protection away gets it back, or loses the data', () => {
  both('lost');
  bench.run(5);
  const unprotect = { verb: 'patch', ...volumeAt, name: 'lost', patchType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } } as const;
  bench.object(unprotect);
  bench.run(1);
  expect(state(volumeAt, 'lost')).toEqual({ phase: 'Bound', finalizers: ['kubernetes.io/pv-protection'], going: false });
  bench.object({ verb: 'delete', ...volumeAt, name: 'lost' });
  bench.object(unprotect);
  bench.run(5);
  expect(find(volumeAt, 'lost')).toBeUndefined();
  expect(state(claimAt, 'lost')).toMatchObject({ phase: 'Lost' });
  const events = bench.object<ObjectList>({ verb: 'list', ...inDefault, resource: 'events' }).items as unknown as readonly { readonly reason: string; readonly message: string }[];
  expect(events.filter(({ reason }) => reason === 'ClaimLost').map(({ message }) => message)).toEqual(['Bound claim has lost its PersistentVolume. Data on the volume is lost!']);
});
