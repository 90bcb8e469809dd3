import { beforeEach, describe, expect, test } from 'vitest';
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import type { KubeObject, OwnerReference } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(1, true); });

type Place = { readonly group: string; readonly version: string; readonly resource: string; readonly namespace?: string };
const configMaps: Place = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
const budgets: Place = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets', namespace: 'default' };
const widgets: Place = { group: 'example.com', version: 'v1', resource: 'widgets', namespace: 'default' };
const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' } as const;

const define = (): void => {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }] },
  } as unknown as Definition;
  bench.object({ verb: 'create', ...definitions, body });
  bench.run(3);
};
const kinds: { readonly [resource: string]: { readonly apiVersion: string; readonly kind: string } } = {
  configmaps: { apiVersion: 'v1', kind: 'ConfigMap' }, poddisruptionbudgets: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' }, widgets: { apiVersion: 'example.com/v1', kind: 'Widget' },
};
const make = (place: Place, name: string, ...owners: readonly KubeObject[]): KubeObject => {
  const ownerReferences = owners.map(({ apiVersion, kind, metadata: { name: ownerName, uid } }): OwnerReference => ({ apiVersion, kind, name: ownerName, uid: uid!, blockOwnerDeletion: true }));
  return bench.object({ verb: 'create', ...place, body: { ...kinds[place.resource], metadata: { name, ...(owners.length > 0 ? { ownerReferences } : {}) } } });
};
const remove = (place: Place, name: string, propagationPolicy: string): void => { bench.object({ verb: 'delete', ...place, name, body: { propagationPolicy } }); };
const left = (place: Place): readonly string[] => bench.names(place).filter((name) => name !== 'kube-root-ca.crt');
/** Lets deletions follow from deletions, well within what a poll would take. */
const settle = (): void => bench.run(2);

const places = [['a kind that nothing acts on', budgets], ['a custom kind', widgets]] as const;

describe.each(places)('an owner of %s', (_what, place) => {
  beforeEach(define);

  test('takes its dependents with it, of whatever kind they are', () => {
    const owner = make(place, 'owner');
    make(configMaps, 'map', owner);
    make(budgets, 'budget', owner);
    make(widgets, 'widget', owner);
    settle();
    remove(place, 'owner', 'Background');
    settle();
    expect([left(configMaps), left(budgets), left(widgets)]).toEqual([[], [], []]);
  });

  test('waits in the foreground for those that block it', () => {
    const owner = make(place, 'owner');
    const map = make(configMaps, 'map', owner);
    bench.object({ verb: 'patch', ...configMaps, name: 'map', patchType: 'application/merge-patch+json', body: { metadata: { finalizers: ['example.com/slow'] } } });
    make(widgets, 'widget', owner);
    remove(place, 'owner', 'Foreground');
    settle();
    expect(left(widgets)).toEqual(place === widgets ? ['owner'] : []);
    expect(bench.object({ verb: 'get', ...place, name: 'owner' }).metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(bench.object({ verb: 'get', ...configMaps, name: 'map' }).metadata.uid).toBe(map.metadata.uid);
    bench.object({ verb: 'patch', ...configMaps, name: 'map', patchType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
    settle();
    expect([left(configMaps), left(place)]).toEqual([[], []]);
  });

  test('leaves its dependents without owners where it orphans them', () => {
    const owner = make(place, 'owner');
    make(configMaps, 'map', owner);
    make(widgets, 'widget', owner);
    make(budgets, 'budget', owner);
    remove(place, 'owner', 'Orphan');
    settle();
    expect(left(place)).not.toContain('owner');
    for (const [kept, name] of [[configMaps, 'map'], [widgets, 'widget'], [budgets, 'budget']] as const) expect(bench.object({ verb: 'get', ...kept, name }).metadata.ownerReferences ?? []).toEqual([]);
  });
});

describe('a dependent of a custom kind', () => {
  beforeEach(define);
  const gone = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'gone', uid: 'no-such-uid' } } as KubeObject;

  test('is collected where its owner never was', () => {
    make(widgets, 'widget', gone);
    settle();
    expect(left(widgets)).toEqual([]);
  });
  test('loses the owners that are gone, and stays for one that is not', () => {
    const owner = make(configMaps, 'map');
    make(widgets, 'widget', gone, owner);
    settle();
    expect(bench.object({ verb: 'get', ...widgets, name: 'widget' }).metadata.ownerReferences?.map(({ name }) => name)).toEqual(['map']);
  });
  test('stays while nobody knows what its owner is', () => {
    make(widgets, 'widget', { ...gone, apiVersion: 'example.com/v1', kind: 'Gadget' });
    bench.run(20);
    expect(left(widgets)).toEqual(['widget']);
  });
});

test('objects that were there before the collector are seen too', () => {
  define();
  const owner = make(budgets, 'owner');
  make(widgets, 'widget', owner);
  bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-controller-manager' });
  bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-apiserver' });
  bench.run(1);
  bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/kube-apiserver' });
  bench.run(1);
  remove(budgets, 'owner', 'Foreground');
  bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/kube-controller-manager' });
  bench.run(30);
  expect([left(budgets), left(widgets)]).toEqual([[], []]);
});

test('a kind that is defined anew is followed anew', () => {
  define();
  make(widgets, 'widget');
  bench.object({ verb: 'delete', ...definitions, name: 'widgets.example.com' });
  bench.run(10);
  define();
  remove(widgets, make(widgets, 'again').metadata.name, 'Foreground');
  settle();
  expect(left(widgets)).toEqual([]);
});

test('the heartbeats of a Node that is deleted go with it', () => {
  const node = bench.object({ verb: 'create', resource: 'nodes', body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-9' } } });
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: 'worker-9', uid: node.metadata.uid! }];
  const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace: 'kube-node-lease' } as const;
  bench.object({ verb: 'create', ...leases, body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'worker-9', ownerReferences } } });
  bench.object({ verb: 'delete', resource: 'nodes', name: 'worker-9' });
  settle();
  expect(bench.names(leases)).toEqual([]);
});

test('a namespace goes with the custom resources in it', () => {
  define();
  bench.object({ verb: 'create', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } } });
  const there = { ...widgets, namespace: 'doomed' };
  make(there, 'widget');
  bench.object({ verb: 'delete', resource: 'namespaces', name: 'doomed' });
  bench.run(20);
  expect([bench.names(there), bench.refusal({ verb: 'get', resource: 'namespaces', name: 'doomed' })]).toEqual([[], '404 namespaces "doomed" not found']);
});
