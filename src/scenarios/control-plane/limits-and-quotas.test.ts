import { beforeEach, describe, expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const inDefault = { group: '', version: 'v1', namespace: 'default' } as const;
const make = (resource: string, kind: string, name: string, body: object, query = {}) => ({ verb: 'create', ...inDefault, resource, query, body: { apiVersion: 'v1', kind, metadata: { name }, ...body } }) as const;
const pod = (name: string, resources: object = {}, spec: object = {}) => make('pods', 'Pod', name, { spec: { containers: [{ name: 'c', image: 'nginx', resources }], ...spec } });
const status = (name: string) => (bench.object({ verb: 'get', ...inDefault, resource: 'resourcequotas', name }) as unknown as { readonly status: object }).status;

/** What the quota controller would write of a new quota. */
function quota(name: string, hard: { readonly [name: string]: string }, more: object = {}): void {
  bench.object(make('resourcequotas', 'ResourceQuota', name, { spec: { hard, ...more } }));
  const used = Object.fromEntries(Object.keys(hard).map((one) => [one, '0']));
  bench.object({ verb: 'patch', ...inDefault, resource: 'resourcequotas', name, subresource: 'status', patchType: 'application/merge-patch+json', body: { status: { hard, used } } });
  bench.run(1);
}

beforeEach(() => {
  bench = new Bench();
  bench.object(make('serviceaccounts', 'ServiceAccount', 'default', {}));
});

describe('LimitRange', () => {
  test('should create a LimitRange with defaults and ensure pod has those defaults applied', () => {
    bench.object(make('limitranges', 'LimitRange', 'limits', { spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m', memory: '200Mi' }, max: { cpu: '1' } }] } }));
    bench.run(1);
    const made = bench.object<Pod>(pod('web'));
    expect(made.spec.containers[0]!.resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m', memory: '200Mi' } });
    expect(made.metadata.annotations!['kubernetes.io/limit-ranger']).toBe('LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c');
    expect(bench.refusal(pod('large', { limits: { cpu: '2' } }))).toBe('403 pods "large" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
    bench.object({ verb: 'delete', ...inDefault, resource: 'limitranges', name: 'limits' });
    bench.run(1);
    expect(bench.object<Pod>(pod('free', { limits: { cpu: '2' } })).spec.containers[0]!.resources).toEqual({ limits: { cpu: '2' }, requests: { cpu: '2' } });
  });

  test('bounds claims when they are made and when they grow', () => {
    bench.object(make('limitranges', 'LimitRange', 'limits', { spec: { limits: [{ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } }] } }));
    bench.run(1);
    const claim = (name: string, storage: string) => make('persistentvolumeclaims', 'PersistentVolumeClaim', name, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } });
    expect(bench.refusal(claim('large', '3Gi'))).toBe('403 persistentvolumeclaims "large" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi');
    expect(bench.refusal(claim('small', '1Mi'))).toBe('403 persistentvolumeclaims "small" is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi');
    bench.object(claim('right', '1Gi'));
  });
});

describe('ResourceQuota', () => {
  test('counts a Pod before it is stored and refuses what exceeds it', () => {
    quota('few', { pods: '2', 'requests.cpu': '1' });
    bench.object(pod('one', { requests: { cpu: '600m' } }));
    expect(bench.notes('stages').at(-1)).toBe('create pods one: authentication → authorization → mutating admission → validation → validating admission → storage');
    expect(status('few')).toEqual({ hard: { pods: '2', 'requests.cpu': '1' }, used: { pods: '1', 'requests.cpu': '600m' } });
    expect(bench.refusal(pod('two', { requests: { cpu: '500m' } }))).toBe('403 pods "two" is forbidden: exceeded quota: few, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1');
    expect(bench.refusal(pod('mute'))).toBe('403 pods "mute" is forbidden: failed quota: few: must specify requests.cpu for: c');
    expect(status('few')).toMatchObject({ used: { pods: '1', 'requests.cpu': '600m' } });
  });

  test('a dry run is held against it and counted by none', () => {
    quota('few', { pods: '1' });
    bench.object({ ...pod('dry'), query: { dryRun: 'All' } });
    expect(status('few')).toMatchObject({ used: { pods: '0' } });
    bench.object(pod('real'));
    expect(bench.refusal({ ...pod('more'), query: { dryRun: 'All' } })).toBe('403 pods "more" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1');
  });

  test('many at once never get past it', () => {
    quota('few', { pods: '3' });
    const asked = Array.from({ length: 8 }, (_, at) => bench.send(pod(`p${at}`)));
    bench.run(2);
    const codes = asked.map((id) => (bench.heard.answers.get(id) as { readonly code: number }).code);
    expect([...codes].sort()).toEqual([201, 201, 201, 403, 403, 403, 403, 403]);
    expect(status('few')).toMatchObject({ used: { pods: '3' } });
  });

  test('its scopes choose which Pods it is about', () => {
    quota('best', { pods: '1' }, { scopes: ['BestEffort'] });
    quota('ending', { pods: '1' }, { scopes: ['Terminating'] });
    quota('precious', { pods: '1' }, { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['system-node-critical'] }] } });
    bench.object(pod('best'));
    bench.object(pod('sure', { requests: { cpu: '1' } }));
    bench.object(pod('ending', { requests: { cpu: '1' } }, { activeDeadlineSeconds: 60 }));
    bench.object(pod('precious', { requests: { cpu: '1' } }, { priorityClassName: 'system-node-critical' }));
    for (const name of ['best', 'ending', 'precious']) expect(status(name)).toMatchObject({ used: { pods: '1' } });
    expect(bench.refusal(pod('again'))).toContain('exceeded quota: best, requested: pods=1');
  });

  test('counts Services by their ports, and what they change', () => {
    quota('net', { services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
    const service = (name: string, type: string) => make('services', 'Service', name, { spec: { type, selector: { app: 'web' }, ports: [{ port: 80 }] } });
    bench.object(service('inner', 'ClusterIP'));
    bench.object(service('outer', 'NodePort'));
    expect(bench.refusal(service('third', 'ClusterIP'))).toContain('exceeded quota: net, requested: services=1, used: services=2, limited: services=2');
    const change = (type: string) => ({ verb: 'patch', ...inDefault, resource: 'services', name: 'inner', patchType: 'application/merge-patch+json', body: { spec: { type } } }) as const;
    expect(bench.refusal(change('NodePort'))).toBe('403 services "inner" is forbidden: exceeded quota: net, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1');
    expect(bench.refusal(change('LoadBalancer'))).toContain('requested: services.loadbalancers=1,services.nodeports=1');
  });

  test('counts objects of any kind by name', () => {
    quota('things', { configmaps: '1', 'count/secrets': '1', 'count/deployments.apps': '0' });
    bench.object(make('configmaps', 'ConfigMap', 'one', {}));
    bench.object(make('secrets', 'Secret', 'one', {}));
    expect(bench.refusal(make('configmaps', 'ConfigMap', 'two', {}))).toBe('403 configmaps "two" is forbidden: exceeded quota: things, requested: configmaps=1, used: configmaps=1, limited: configmaps=1');
    expect(bench.refusal(make('secrets', 'Secret', 'two', {}))).toContain('requested: count/secrets=1, used: count/secrets=1, limited: count/secrets=1');
  });
});
