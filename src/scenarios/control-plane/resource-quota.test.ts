/** The behaviours that a conformant cluster shows of ResourceQuotas (test/e2e/apimachinery/resource_quota.go), with the controllers at work. */
import { beforeAll, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeAll(() => { bench = new Bench(1, true); });

const kinds = {
  ConfigMap: ['', 'v1', 'configmaps'], Secret: ['', 'v1', 'secrets'], Service: ['', 'v1', 'services'], Pod: ['', 'v1', 'pods'], ReplicationController: ['', 'v1', 'replicationcontrollers'], ResourceQuota: ['', 'v1', 'resourcequotas'],
  PersistentVolumeClaim: ['', 'v1', 'persistentvolumeclaims'], ReplicaSet: ['apps', 'v1', 'replicasets'],
} as const;
type Kind = keyof typeof kinds;
const at = (kind: Kind, namespace: string) => ({ group: kinds[kind][0], version: kinds[kind][1], resource: kinds[kind][2], namespace });
const make = (kind: Kind, namespace: string, name: string, body: object = {}) => {
  const { group, version } = at(kind, namespace);
  return { verb: 'create', ...at(kind, namespace), body: { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata: { name }, ...body } } as const;
};
const drop = (kind: Kind, namespace: string, name: string) => ({ verb: 'delete', ...at(kind, namespace), name, body: { gracePeriodSeconds: 0 } }) as const;
const patch = (kind: Kind, namespace: string, name: string, body: object, subresource?: 'status') => ({ verb: 'patch', ...at(kind, namespace), name, patchType: 'application/merge-patch+json', body, ...(subresource === undefined ? {} : { subresource }) }) as const;
const used = (namespace: string, name = 'quota') => (bench.object({ verb: 'get', ...at('ResourceQuota', namespace), name }) as unknown as { readonly status: { readonly used?: object } }).status.used;
const containers = (resources: object = {}) => ({ containers: [{ name: 'c', image: 'nginx', resources }] });
const template = { metadata: { labels: { app: 'x' } }, spec: containers() };

/** A namespace with a quota whose status is promptly calculated. */
function quotaIn(namespace: string, hard: object, more: object = {}, name = 'quota'): void {
  if (bench.ask({ verb: 'get', resource: 'namespaces', name: namespace }).code === 404) {
    bench.object({ verb: 'create', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } });
    bench.run(1);
  }
  bench.object(make('ResourceQuota', namespace, name, { spec: { hard, ...more } }));
  bench.run(1);
}

test('should create a ResourceQuota and ensure its status is promptly calculated', () => {
  quotaIn('prompt', { resourcequotas: '1', pods: '5', configmaps: '3' });
  expect(used('prompt')).toEqual({ resourcequotas: '1', pods: '0', configmaps: '1' });
});

test.each<[string, Kind, { readonly [name: string]: string }, object, object]>([
  ['configMap', 'ConfigMap', { configmaps: '2', 'count/configmaps': '2' }, {}, { configmaps: '2', 'count/configmaps': '2' }],
  ['secret', 'Secret', { secrets: '1' }, {}, { secrets: '1' }],
  ['replication controller', 'ReplicationController', { replicationcontrollers: '1' }, { spec: { replicas: 0, template } }, { replicationcontrollers: '1' }],
  ['replica set', 'ReplicaSet', { 'count/replicasets.apps': '1' }, { spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template } }, { 'count/replicasets.apps': '1' }],
  ['persistent volume claim', 'PersistentVolumeClaim', { persistentvolumeclaims: '1', 'requests.storage': '1Gi', 'gold.storageclass.storage.k8s.io/requests.storage': '2Gi' }, { spec: { storageClassName: 'gold', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }, { persistentvolumeclaims: '1', 'requests.storage': '1Gi', 'gold.storageclass.storage.k8s.io/requests.storage': '1Gi' }],
  ['service', 'Service', { services: '1', 'services.nodeports': '2' }, { spec: { type: 'NodePort', ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] } }, { services: '1', 'services.nodeports': '2' }],
])('should create a ResourceQuota and capture the life of a %s', (what, kind, hard, body, counted) => {
  const namespace = what.replaceAll(' ', '-').toLowerCase();
  quotaIn(namespace, hard);
  const before = used(namespace);
  bench.object(make(kind, namespace, 'one', body));
  expect(used(namespace)).toEqual(counted);
  expect(bench.refusal(make(kind, namespace, 'two', body))).toMatch(/^403 .*exceeded quota: quota/);
  bench.ask(drop(kind, namespace, 'one'));
  bench.run(2);
  expect(used(namespace)).toEqual(before);
});

test('should create a ResourceQuota and capture the life of a pod', () => {
  quotaIn('pod', { pods: '5', cpu: '1', memory: '500Mi', 'requests.example.com/dongle': '3' });
  bench.object(make('Pod', 'pod', 'fits', { spec: containers({ requests: { cpu: '500m', memory: '252Mi' } }) }));
  expect(used('pod')).toEqual({ pods: '1', cpu: '500m', memory: '252Mi', 'requests.example.com/dongle': '0' });
  expect(bench.refusal(make('Pod', 'pod', 'fat', { spec: containers({ requests: { cpu: '600m', memory: '100Mi' } }) }))).toContain('exceeded quota: quota, requested: cpu=600m, used: cpu=500m, limited: cpu=1');
  expect(bench.refusal(make('Pod', 'pod', 'greedy', { spec: containers({ requests: { cpu: '100m', memory: '1Mi', 'example.com/dongle': '4' }, limits: { 'example.com/dongle': '4' } }) }))).toContain('requested: requests.example.com/dongle=4');
  bench.object(patch('Pod', 'pod', 'fits', { metadata: { labels: { seen: 'yes' } } }));
  expect(used('pod')).toMatchObject({ pods: '1', cpu: '500m' });
  bench.ask(drop('Pod', 'pod', 'fits'));
  bench.run(2);
  expect(used('pod')).toEqual({ pods: '0', cpu: '0', memory: '0', 'requests.example.com/dongle': '0' });
});

test('gives back what a Pod used when it has ended', () => {
  quotaIn('ended', { pods: '1', 'count/pods': '2' });
  bench.object(make('Pod', 'ended', 'job', { spec: containers() }));
  bench.object(patch('Pod', 'ended', 'job', { status: { phase: 'Succeeded' } }, 'status'));
  bench.run(2);
  expect(used('ended')).toEqual({ pods: '0', 'count/pods': '1' });
});

test('should verify ResourceQuota with best effort scope', () => {
  quotaIn('effort', { pods: '5' }, { scopes: ['BestEffort'] }, 'best');
  quotaIn('effort', { pods: '5' }, { scopes: ['NotBestEffort'] }, 'not-best');
  bench.object(make('Pod', 'effort', 'best', { spec: containers() }));
  expect([used('effort', 'best'), used('effort', 'not-best')]).toEqual([{ pods: '1' }, { pods: '0' }]);
  bench.object(make('Pod', 'effort', 'sure', { spec: containers({ requests: { cpu: '500m' } }) }));
  expect([used('effort', 'best'), used('effort', 'not-best')]).toEqual([{ pods: '1' }, { pods: '1' }]);
  for (const name of ['best', 'sure']) bench.ask(drop('Pod', 'effort', name));
  bench.run(2);
  expect([used('effort', 'best'), used('effort', 'not-best')]).toEqual([{ pods: '0' }, { pods: '0' }]);
});

test('should verify ResourceQuota with terminating scopes', () => {
  quotaIn('terminating', { pods: '5' }, { scopes: ['Terminating'] }, 'ending');
  quotaIn('terminating', { pods: '5' }, { scopes: ['NotTerminating'] }, 'lasting');
  bench.object(make('Pod', 'terminating', 'long', { spec: containers() }));
  bench.object(make('Pod', 'terminating', 'short', { spec: { ...containers(), activeDeadlineSeconds: 3600 } }));
  expect([used('terminating', 'ending'), used('terminating', 'lasting')]).toEqual([{ pods: '1' }, { pods: '1' }]);
});

test('should be able to update and delete ResourceQuota', () => {
  quotaIn('changing', { cpu: '1', memory: '500Mi' });
  bench.object(patch('ResourceQuota', 'changing', 'quota', { spec: { hard: { cpu: '2', memory: '1Gi' } } }));
  bench.run(1);
  expect(bench.object({ verb: 'get', ...at('ResourceQuota', 'changing'), name: 'quota' })).toMatchObject({ status: { hard: { cpu: '2', memory: '1Gi' }, used: { cpu: '0', memory: '0' } } });
  bench.ask(drop('ResourceQuota', 'changing', 'quota'));
  expect(bench.refusal({ verb: 'get', ...at('ResourceQuota', 'changing'), name: 'quota' })).toMatch(/^404/);
});

test('should apply changes to a resourcequota status', () => {
  quotaIn('status', { cpu: '500m' });
  const written = bench.object<KubeObject>(patch('ResourceQuota', 'status', 'quota', { status: { hard: { cpu: '1' }, used: { cpu: '0' } } }, 'status'));
  expect(written).toMatchObject({ spec: { hard: { cpu: '500m' } }, status: { hard: { cpu: '1' } } });
});
