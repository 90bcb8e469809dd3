import { beforeEach, describe, expect, test } from 'vitest';
import type { Deployment, KubeObject, Namespace, Node, Pod, Service } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.object({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } } });
});

const inDefault = { namespace: 'default' } as const;
const podBody = (name: string, more: object = {}, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }], ...more } });
const createPod = (name: string, more: object = {}, metadata: object = {}): Pod => bench.object<Pod>({ verb: 'create', resource: 'pods', ...inDefault, body: podBody(name, more, metadata) });
const getPod = (name: string): Pod => bench.object<Pod>({ verb: 'get', resource: 'pods', ...inDefault, name });
const bind = (name: string, node: string) => ({ verb: 'create', resource: 'pods', subresource: 'binding', ...inDefault, name, user: 'system:kube-scheduler', userAgent: 'kube-scheduler/v1.36.0', body: { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: node } } }) as const;
const configMap = (name: string, data: object = {}, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data });
const createConfigMap = (name: string, data: object = {}, metadata: object = {}): KubeObject => bench.object({ verb: 'create', resource: 'configmaps', ...inDefault, body: configMap(name, data, metadata) });
const deployment = (replicas: number) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
});
const apps = { group: 'apps', resource: 'deployments', ...inDefault } as const;

test('begins with the first namespaces and the Service kubernetes', () => {
  expect(bench.chart).toEqual({ ready: 'serving' });
  expect(bench.names({ resource: 'namespaces' })).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  expect(bench.object<Service>({ verb: 'get', resource: 'services', ...inDefault, name: 'kubernetes' }).spec.clusterIP).toBe('10.96.0.1');
  expect(bench.names({ resource: 'endpointslices', group: 'discovery.k8s.io' })).toEqual(['kubernetes']);
});

describe('a new Pod', () => {
  test('gets what only the server may give, and what admission adds', () => {
    const pod = createPod('web');
    expect(pod.metadata).toMatchObject({ namespace: 'default', generation: 1, creationTimestamp: '2026-01-01T00:00:01Z' });
    expect(pod.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(pod.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual(['kubectl Update']);
    expect(pod.spec).toMatchObject({ serviceAccountName: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
    expect(pod.spec.tolerations).toEqual(['not-ready', 'unreachable'].map((key) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })));
    expect(pod.spec.volumes?.[0]?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(pod.spec.containers[0]?.volumeMounts?.[0]).toEqual({ name: pod.spec.volumes?.[0]?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' });
    expect(pod.status).toMatchObject({ phase: 'Pending', qosClass: 'BestEffort' });
    expect(Number(pod.metadata.resourceVersion)).toBe(bench.etcd.store.revision);
    expect(getPod('web')).toEqual(pod);
    expect(bench.notes('stages').some((text) => text.includes('create pods web: authentication → authorization → mutating admission → validation → storage'))).toBe(true);
  });
  test('is named by the server where it only brings a beginning', () => {
    expect(bench.object<Pod>({ verb: 'create', resource: 'pods', ...inDefault, body: { ...podBody(''), metadata: { generateName: 'web-' } } }).metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });
  test('waits a second for the default account, and is refused when none comes', () => {
    bench.object({ verb: 'create', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } } });
    const before = bench.world.nowUs;
    expect(bench.refusal({ verb: 'create', resource: 'pods', namespace: 'team', body: podBody('web-x') }))
      .toBe('403 pods "web-x" is forbidden: error looking up service account team/default: serviceaccount "default" not found');
    expect(bench.world.nowUs - before).toBeGreaterThan(900_000);
  });
});

describe('refuses in the words of upstream', () => {
  test.each([
    ['an unknown resource', { verb: 'get', resource: 'gizmos', name: 'x' }, '404 the server could not find the requested resource'],
    ['a missing object', { verb: 'get', resource: 'pods', ...inDefault, name: 'x' }, '404 pods "x" not found'],
    ['an update of a missing object', { verb: 'update', resource: 'configmaps', ...inDefault, name: 'x', body: configMap('x') }, '404 configmaps "x" not found'],
    ['a missing namespace', { verb: 'create', resource: 'configmaps', namespace: 'nowhere', body: configMap('x') }, '404 namespaces "nowhere" not found'],
    ['a stranger', { verb: 'list', resource: 'pods', ...inDefault, user: 'jane' }, '403 pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"'],
    ['an unknown field', { verb: 'create', resource: 'configmaps', ...inDefault, query: { fieldValidation: 'Strict' }, body: { ...configMap('x'), dta: {} } }, '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"'],
    ['a body of another version', { verb: 'create', ...apps, body: { ...deployment(1), apiVersion: 'apps/v1beta1' } }, '400 the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)'],
    ['another namespace in the body', { verb: 'create', resource: 'configmaps', ...inDefault, body: configMap('x', {}, { namespace: 'kube-system' }) }, '400 the namespace of the provided object does not match the namespace sent on the request'],
    ['an unknown field selector', { verb: 'list', resource: 'pods', query: { fieldSelector: 'spec.color=red' } }, '400 field label not supported: spec.color'],
    ['the deletion of a namespace that must stay', { verb: 'delete', resource: 'namespaces', name: 'default' }, '403 namespaces "default" is forbidden: this namespace may not be deleted'],
    ['a replicas count below zero', { verb: 'create', ...apps, body: deployment(-1) }, '422 Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ] as const)('%s', (_what, asked, expected) => expect(bench.refusal(asked as never)).toBe(expected));
  test('a name that is taken', () => {
    createConfigMap('x');
    expect(bench.refusal({ verb: 'create', resource: 'configmaps', ...inDefault, body: configMap('x') })).toBe('409 configmaps "x" already exists');
  });
  test('and never dies of a malformed request', () => {
    for (const body of [undefined, null, 7, [], { metadata: 3 }, { metadata: { name: 'x' }, spec: 'no' }]) {
      expect(bench.ask({ verb: 'create', resource: 'pods', ...inDefault, body, user: 'system:kube-controller-manager' }).code).toBeGreaterThanOrEqual(400);
    }
    expect(bench.chart).toEqual({ ready: 'serving' });
    expect(bench.apiserver.calls.size).toBe(0);
  });
});

describe('updates', () => {
  test('the slower of two is told of the conflict', () => {
    const first = createConfigMap('x', { a: '1' });
    bench.object({ verb: 'update', resource: 'configmaps', ...inDefault, name: 'x', body: { ...first, data: { a: '2' } } });
    expect(bench.refusal({ verb: 'update', resource: 'configmaps', ...inDefault, name: 'x', body: { ...first, data: { a: '3' } } }))
      .toBe('409 Operation cannot be fulfilled on configmaps "x": the object has been modified; please apply your changes to the latest version and try again');
  });
  test('two patches at once both succeed, since the server tries again', () => {
    createConfigMap('x', { a: '1' });
    for (const data of [{ b: '2' }, { c: '3' }]) bench.send({ verb: 'patch', resource: 'configmaps', ...inDefault, name: 'x', patchType: 'application/merge-patch+json', body: { data } });
    bench.run(1);
    expect(bench.object<{ data: object }>({ verb: 'get', resource: 'configmaps', ...inDefault, name: 'x' } as never).data).toEqual({ a: '1', b: '2', c: '3' });
  });
  test('one that changes nothing is not written', () => {
    const before = createConfigMap('x', { a: '1' });
    const after = bench.object({ verb: 'update', resource: 'configmaps', ...inDefault, name: 'x', body: before });
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });
  test('of the spec ignore the status and count a generation; of the status ignore the spec and count none', () => {
    const created = bench.object<Deployment>({ verb: 'create', ...apps, body: deployment(1) });
    const scaled = bench.object<Deployment>({ verb: 'update', ...apps, name: 'web', body: { ...created, spec: { ...created.spec, replicas: 2 }, status: { replicas: 9 } } });
    expect([scaled.metadata.generation, scaled.spec.replicas, scaled.status]).toEqual([2, 2, {}]);
    const reported = bench.object<Deployment>({ verb: 'update', ...apps, name: 'web', subresource: 'status', body: { ...scaled, spec: { ...scaled.spec, replicas: 7 }, status: { replicas: 2, observedGeneration: 2 } } });
    expect([reported.metadata.generation, reported.spec.replicas, reported.status?.replicas]).toEqual([2, 2, 2]);
    expect(reported.metadata.managedFields?.map(({ subresource }) => subresource)).toEqual([undefined, 'status']);
  });
  test('a strategic merge patch of a status merges conditions by their type', () => {
    createPod('web');
    const patch = (body: object) => bench.object<Pod>({ verb: 'patch', resource: 'pods', subresource: 'status', ...inDefault, name: 'web', patchType: 'application/strategic-merge-patch+json', body: { status: body } });
    patch({ conditions: [{ type: 'Ready', status: 'False' }] });
    expect(patch({ phase: 'Running', conditions: [{ type: 'Initialized', status: 'True' }, { type: 'Ready', status: 'True' }] }).status?.conditions?.map(({ type, status }) => `${type}=${status}`).sort()).toEqual(['Initialized=True', 'Ready=True']);
  });
  test('scale reads and writes the replicas alone', () => {
    bench.object({ verb: 'create', ...apps, body: deployment(1) });
    const scale = bench.object<{ kind: string; spec: object }>({ verb: 'patch', ...apps, name: 'web', subresource: 'scale', patchType: 'application/merge-patch+json', body: { spec: { replicas: 5 } } } as never);
    expect([scale.kind, scale.spec]).toEqual(['Scale', { replicas: 5 }]);
    expect(bench.object<Deployment>({ verb: 'get', ...apps, name: 'web' })).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
  });
});

describe('a binding', () => {
  test('sets the node and PodScheduled', () => {
    createPod('web');
    expect(bench.ask(bind('web', 'worker-1'))).toMatchObject({ code: 201, body: { kind: 'Status', status: 'Success' } });
    const pod = getPod('web');
    expect(pod.spec.nodeName).toBe('worker-1');
    expect(pod.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
  });
  test('of a Pod that has a node is refused', () => {
    createPod('web');
    bench.ask(bind('web', 'worker-1'));
    expect(bench.refusal(bind('web', 'worker-2'))).toBe('409 Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "worker-1"');
  });
});

describe('deleting', () => {
  const remove = (name: string, body?: object) => bench.ask({ verb: 'delete', resource: 'pods', ...inDefault, name, body });
  test('a Pod without a node is gone at once', () => {
    createPod('web');
    expect(remove('web')).toMatchObject({ code: 200, body: { kind: 'Pod' } });
    expect(bench.refusal({ verb: 'get', resource: 'pods', ...inDefault, name: 'web' })).toBe('404 pods "web" not found');
  });
  test('a Pod on a node is marked, and goes when its kubelet says so', () => {
    createPod('web');
    bench.ask(bind('web', 'worker-1'));
    const watch = bench.send({ verb: 'watch', resource: 'pods', ...inDefault, query: { resourceVersion: getPod('web').metadata.resourceVersion } });
    const marked = remove('web').body as Pod;
    expect(marked.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, generation: 2 });
    expect(Date.parse(marked.metadata.deletionTimestamp!) - Date.parse(marked.metadata.creationTimestamp!)).toBe(30_000);
    bench.run(1);
    remove('web', { gracePeriodSeconds: 0 });
    bench.run(1);
    expect(bench.heard.frames[watch]).toEqual(['MODIFIED web', 'MODIFIED web', 'DELETED web']);
    expect(bench.heard.objects[watch]?.map(({ metadata }) => metadata.deletionGracePeriodSeconds)).toEqual([30, 0, 0]);
  });
  test('waits for finalizers', () => {
    createConfigMap('x', {}, { finalizers: ['example.com/hold'] });
    const marked = bench.object({ verb: 'delete', resource: 'configmaps', ...inDefault, name: 'x' });
    expect(marked.metadata.deletionTimestamp).toBeDefined();
    bench.object({ verb: 'patch', resource: 'configmaps', ...inDefault, name: 'x', patchType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
    expect(bench.refusal({ verb: 'get', resource: 'configmaps', ...inDefault, name: 'x' })).toBe('404 configmaps "x" not found');
  });
  test('in the foreground adds the finalizer the garbage collector waits for', () => {
    bench.object({ verb: 'create', ...apps, body: deployment(1) });
    const marked = bench.object({ verb: 'delete', ...apps, name: 'web', body: { propagationPolicy: 'Foreground' } });
    expect(marked.metadata).toMatchObject({ finalizers: ['foregroundDeletion'], deletionGracePeriodSeconds: 0, generation: 2 });
  });
  test('looks at the uid it was given', () => {
    createPod('web');
    expect((remove('web', { preconditions: { uid: 'other' } }).body as { message: string }).message)
      .toMatch(/^Operation cannot be fulfilled on pods "web": the UID in the precondition \(other\) does not match the UID in record/);
  });
  test('a namespace goes when its finalizer is taken away, and takes nothing new until then', () => {
    bench.object({ verb: 'create', resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } } });
    const marked = bench.object<Namespace>({ verb: 'delete', resource: 'namespaces', name: 'team' });
    expect(marked.status?.phase).toBe('Terminating');
    expect(bench.refusal({ verb: 'create', resource: 'configmaps', namespace: 'team', body: configMap('x') }))
      .toBe('403 configmaps "x" is forbidden: unable to create new content in namespace team because it is being terminated');
    bench.object({ verb: 'update', resource: 'namespaces', subresource: 'finalize', name: 'team', body: { ...marked, spec: { finalizers: [] } } });
    expect(bench.refusal({ verb: 'get', resource: 'namespaces', name: 'team' })).toBe('404 namespaces "team" not found');
  });
  test('a collection deletes each that matches', () => {
    for (const name of ['a', 'b', 'c']) createPod(name, {}, { labels: { app: name === 'c' ? 'other' : 'web' } });
    expect(bench.object<ObjectList>({ verb: 'deletecollection', resource: 'pods', ...inDefault, query: { labelSelector: 'app=web' } } as never).items).toHaveLength(2);
    expect(bench.names({ resource: 'pods', ...inDefault })).toEqual(['c']);
  });
  test('an eviction is a deletion', () => {
    createPod('web');
    expect(bench.ask({ verb: 'create', resource: 'pods', subresource: 'eviction', ...inDefault, name: 'web', body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } } }).code).toBe(201);
    expect(bench.names({ resource: 'pods', ...inDefault })).toEqual([]);
  });
});

describe('Services', () => {
  const service = (name: string, spec: object = {}) => ({ verb: 'create', resource: 'services', ...inDefault, body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec } } }) as const;
  test('get an address, and a port where they ask for one', () => {
    const web = bench.object<Service>(service('web', { type: 'NodePort' }));
    expect(web.spec.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./);
    expect(web.spec.ports?.[0]?.nodePort).toBeGreaterThanOrEqual(30_086);
  });
  test('are refused what another has', () => {
    expect(bench.refusal(service('web', { clusterIP: '10.96.0.1' }))).toBe('422 Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated');
    bench.object(service('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }));
    expect(bench.refusal(service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }))).toBe('422 Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated');
    bench.object({ verb: 'delete', resource: 'services', ...inDefault, name: 'a' });
    bench.run(1);
    expect(bench.object<Service>(service('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })).spec.ports?.[0]?.nodePort).toBe(30080);
  });
});

test('a new Node takes no Pods yet', () => {
  const node = bench.object<Node>({ verb: 'create', resource: 'nodes', user: 'system:node:worker-1', body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: {}, status: { capacity: { cpu: '4' } } } });
  expect(node.spec.taints).toEqual([{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]);
  expect(node.status?.capacity).toEqual({ cpu: '4' });
  expect(bench.refusal({ verb: 'create', resource: 'nodes', user: 'system:node:worker-1', body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-2' } } }))
    .toBe('403 nodes "worker-2" is forbidden: node "worker-1" is not allowed to modify node "worker-2"');
});

describe('lists', () => {
  test('come in pages that agree on one revision', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) createConfigMap(name);
    const first = bench.object<ObjectList>({ verb: 'list', resource: 'configmaps', ...inDefault, query: { limit: 2 } } as never);
    expect([first.items.map(({ metadata }) => metadata.name), first.metadata.remainingItemCount]).toEqual([['a', 'b'], 3]);
    bench.object({ verb: 'delete', resource: 'configmaps', ...inDefault, name: 'd' });
    createConfigMap('bb');
    const second = bench.object<ObjectList>({ verb: 'list', resource: 'configmaps', ...inDefault, query: { limit: 2, continue: first.metadata.continue } } as never);
    expect([second.items.map(({ metadata }) => metadata.name), second.metadata.resourceVersion]).toEqual([['c', 'd'], first.metadata.resourceVersion]);
    const third = bench.object<ObjectList>({ verb: 'list', resource: 'configmaps', ...inDefault, query: { limit: 2, continue: second.metadata.continue } } as never);
    expect([third.items.map(({ metadata }) => metadata.name), third.metadata.continue]).toEqual([['e'], undefined]);
  });
  test('without a resourceVersion hold what was written the moment before', () => {
    bench.send({ verb: 'create', resource: 'configmaps', ...inDefault, body: configMap('x') });
    bench.run(0.0022);
    expect(bench.names({ resource: 'configmaps', ...inDefault })).toEqual(['x']);
  });
  test('select by label and field', () => {
    createPod('a', {}, { labels: { app: 'web' } });
    createPod('b', { nodeName: 'worker-1' }, { labels: { app: 'web' } });
    expect(bench.names({ resource: 'pods', query: { labelSelector: 'app in (web)', fieldSelector: 'spec.nodeName=worker-1' } })).toEqual(['b']);
  });
});

describe('watches', () => {
  const watch = (query: object = {}, more: object = {}) => bench.send({ verb: 'watch', resource: 'pods', query, ...more } as never);
  const now = () => String(bench.etcd.store.revision);
  test('tell first what was missed', () => {
    const from = now();
    createPod('a');
    createPod('b');
    const id = watch({ resourceVersion: from });
    createPod('c');
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
  });
  test('from a revision that the server has not seen yet do not tell what lies before it', () => {
    const id = watch({ resourceVersion: String(bench.etcd.store.revision + 1) });
    createPod('a');
    createPod('b');
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual(['ADDED b']);
  });
  test('begin with what is there, where they name no revision', () => {
    createPod('b');
    createPod('a');
    const id = watch();
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual(['ADDED a', 'ADDED b']);
  });
  test('see an object that begins or ceases to match as added or deleted', () => {
    const mine = watch({ resourceVersion: now(), fieldSelector: 'spec.nodeName=worker-1' });
    const other = watch({ resourceVersion: now(), fieldSelector: 'spec.nodeName=worker-2' });
    const unbound = watch({ resourceVersion: now(), fieldSelector: 'spec.nodeName=' });
    createPod('web');
    bench.ask(bind('web', 'worker-1'));
    bench.run(1);
    expect([mine, other, unbound].map((id) => bench.heard.frames[id])).toEqual([['ADDED web'], undefined, ['ADDED web', 'DELETED web']]);
    expect(bench.heard.objects[unbound]?.[1]?.metadata.resourceVersion).toBe(getPod('web').metadata.resourceVersion);
  });
  test('from before the window are told to list again', () => {
    createConfigMap('x');
    for (let i = 0; i < 130; i++) {
      bench.object({ verb: 'patch', resource: 'configmaps', ...inDefault, name: 'x', patchType: 'application/merge-patch+json', body: { data: { i: String(i) } } });
      bench.run(1);
    }
    const id = watch({ resourceVersion: '5' }, { resource: 'configmaps' });
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual([expect.stringMatching(/^ERROR too old resource version: 5 \(\d+\)$/), 'CLOSED closed']);
  });
  test('hear bookmarks, and end when their time is up', () => {
    const id = watch({ resourceVersion: now(), allowWatchBookmarks: true, timeoutSeconds: 100 });
    bench.run(120);
    expect(bench.heard.frames[id]).toEqual(['BOOKMARK', 'CLOSED closed']);
    expect(bench.apiserver.watchedResource.size).toBe(0);
    expect(bench.apiserver.caches.get('pods')?.watchers.size).toBe(0);
  });
  test('leave nothing behind when the client goes', () => {
    const id = watch({ resourceVersion: now(), fieldSelector: 'spec.nodeName=worker-1' });
    bench.run(1);
    expect(bench.apiserver.caches.get('pods')?.triggered.size).toBe(1);
    bench.close(id);
    bench.run(1);
    expect(bench.apiserver.caches.get('pods')?.triggered.size).toBe(0);
  });
});

describe('without etcd', () => {
  const stop = () => { bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/etcd', crash: true }); bench.run(1); };
  test('caches and watches live on, writes fail, and all goes on afterwards', () => {
    createPod('a');
    const id = bench.send({ verb: 'watch', resource: 'pods', query: { resourceVersion: String(bench.etcd.store.revision) } });
    bench.run(1);
    stop();
    expect(bench.chart).toEqual({ ready: 'etcdUnavailable' });
    expect(bench.names({ resource: 'pods', query: { resourceVersion: '0' } })).toEqual(['a']);
    expect(bench.refusal({ verb: 'create', resource: 'configmaps', ...inDefault, body: configMap('x') }, 10))
      .toBe('500 rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"');
    bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/etcd' });
    bench.run(5);
    expect(bench.chart).toEqual({ ready: 'serving' });
    createPod('b');
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual(['ADDED b']);
    expect(bench.names({ resource: 'pods' })).toEqual(['a', 'b']);
  });
  test('a write that etcd never answers times out', () => {
    const id = bench.send({ verb: 'create', resource: 'configmaps', ...inDefault, body: configMap('x') });
    bench.world.dispatch({ type: 'change-link', from: 'control-plane-1', to: 'control-plane-1', lossPpm: 1_000_000 });
    bench.run(20);
    bench.world.dispatch({ type: 'change-link', from: 'control-plane-1', to: 'control-plane-1', lossPpm: 0 });
    bench.run(60);
    expect(bench.heard.answers.get(id)).toMatchObject({ code: 500, body: { message: 'context deadline exceeded' } });
    expect(bench.chart).toEqual({ ready: 'serving' });
    createPod('a');
    expect(bench.names({ resource: 'pods' })).toEqual(['a']);
  });
  test('a restarted server rebuilds all it knows', () => {
    createPod('a');
    bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-apiserver', crash: true });
    bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/kube-apiserver' });
    bench.run(2);
    expect(bench.names({ resource: 'pods', query: { resourceVersion: '0' } })).toEqual(['a']);
    expect(bench.apiserver.clusterIps.has('10.96.0.1')).toBe(true);
    expect(bench.names({ resource: 'namespaces' })).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  });
});

describe('Events, which have no watch cache', () => {
  const createEvent = (name: string, reason = 'Pulled') => bench.object({ verb: 'create', resource: 'events', ...inDefault, body: {
    apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'default' }, involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' }, reason, message: 'm', type: 'Normal',
  } });
  const patchEvent = (name: string, patch: object) => bench.object({ verb: 'patch', resource: 'events', ...inDefault, name, patchType: 'application/merge-patch+json', body: patch });
  const watch = (query: object) => bench.send({ verb: 'watch', resource: 'events', ...inDefault, query } as never);
  const etcdWatches = () => [...bench.etcd.watchers.values()].filter(({ key }) => key.startsWith('/registry/events/')).map(({ key }) => key);
  test('are gone after their hour', () => {
    createEvent('web.1');
    bench.run(3000);
    expect(bench.names({ resource: 'events', ...inDefault })).toEqual(['web.1']);
    bench.run(700);
    expect(bench.names({ resource: 'events', ...inDefault })).toEqual([]);
  });
  test('are read from etcd, whatever revision will do', () => {
    for (const name of ['web.1', 'web.2', 'web.3']) createEvent(name, name === 'web.2' ? 'Killing' : 'Pulled');
    expect(bench.names({ resource: 'events', query: { resourceVersion: '0', fieldSelector: 'reason=Pulled' } })).toEqual(['web.1', 'web.3']);
    const page = bench.object<ObjectList & KubeObject>({ verb: 'list', resource: 'events', ...inDefault, query: { limit: 2 } });
    expect(page.metadata).toMatchObject({ resourceVersion: String(bench.etcd.store.revision), remainingItemCount: 1 });
    createEvent('web.4');
    expect(bench.names({ resource: 'events', ...inDefault, query: { limit: 2, continue: (page.metadata as { continue?: string }).continue } })).toEqual(['web.3']);
    expect(bench.object({ verb: 'get', resource: 'events', ...inDefault, name: 'web.4', query: { resourceVersion: '0' } }).metadata.name).toBe('web.4');
    expect(bench.refusal({ verb: 'list', resource: 'events', query: { resourceVersion: '99999' } })).toBe(`504 Timeout: Too large resource version: 99999, current: ${bench.etcd.store.revision}`);
    bench.object({ verb: 'deletecollection', resource: 'events', ...inDefault, query: { fieldSelector: 'reason=Pulled' } });
    expect(bench.names({ resource: 'events' })).toEqual(['web.2']);
    expect(etcdWatches()).toEqual([]);
  });
  test('are watched by an etcd watch for each client, which ends with it', () => {
    createEvent('web.1');
    const from = String(bench.etcd.store.revision);
    createEvent('web.2');
    const later = watch({ resourceVersion: from });
    const all = watch({});
    const killing = watch({ resourceVersion: from, fieldSelector: 'reason=Killing', allowWatchBookmarks: true, timeoutSeconds: 100 });
    bench.run(1);
    expect(etcdWatches()).toEqual(['/registry/events/default/', '/registry/events/default/', '/registry/events/default/']);
    patchEvent('web.2', { reason: 'Killing' });
    bench.object({ verb: 'delete', resource: 'events', ...inDefault, name: 'web.1' });
    bench.run(120);
    expect(bench.heard.frames[later]).toEqual(['ADDED web.2', 'MODIFIED web.2', 'DELETED web.1']);
    expect(bench.heard.frames[all]).toEqual(['ADDED web.1', 'ADDED web.2', 'MODIFIED web.2', 'DELETED web.1']);
    expect(bench.heard.frames[killing]).toEqual(['ADDED web.2', 'CLOSED closed']);
    bench.close(all);
    bench.close(later);
    bench.run(1);
    expect([etcdWatches(), bench.apiserver.direct.size, bench.apiserver.directFeeds.size]).toEqual([[], 0, 0]);
  });
  test('go on being watched when etcd comes back, unless what was missed is compacted', () => {
    const from = String(bench.etcd.store.revision);
    const id = watch({ resourceVersion: from });
    bench.run(1);
    bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/etcd', crash: true });
    bench.run(1);
    expect(bench.chart).toEqual({ ready: 'etcdUnavailable' });
    bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/etcd' });
    bench.run(5);
    createEvent('web.1');
    bench.run(1);
    expect(bench.heard.frames[id]).toEqual(['ADDED web.1']);
    bench.run(700);
    const late = watch({ resourceVersion: from });
    bench.run(1);
    expect(bench.heard.frames[late]).toEqual(['ERROR The resourceVersion for the provided watch is too old.', 'CLOSED closed']);
    expect(bench.apiserver.direct.size).toBe(1);
  });
});

test('a token is given and kept nowhere', () => {
  const before = bench.etcd.store.revision;
  const token = bench.object<{ kind: string; status: { token: string } }>({ verb: 'create', resource: 'serviceaccounts', subresource: 'token', ...inDefault, name: 'default', body: { spec: { expirationSeconds: 600 } } } as never);
  expect([token.kind, token.status.token.split('.').length]).toEqual(['TokenRequest', 3]);
  expect(bench.etcd.store.revision).toBe(before);
});

test('discovery names what is served', () => {
  const { items } = bench.object<{ items: readonly { metadata: { name: string }; versions: readonly { version: string; resources: readonly { resource: string; subresources?: readonly { subresource: string; responseKind?: object }[] }[] }[] }[] }>({ verb: 'discover', resource: '' } as never);
  expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(['', 'apps', 'policy', 'rbac.authorization.k8s.io']));
  const group = (name: string) => items.find(({ metadata }) => metadata.name === name)!.versions;
  expect(group('apps')[0]?.resources.map(({ resource }) => resource)).toEqual(['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets']);
  expect(group('autoscaling').map(({ version }) => version)).toEqual(['v2', 'v1']);
  expect(group('')[0]?.resources.find(({ resource }) => resource === 'pods')?.subresources?.find(({ subresource }) => subresource === 'eviction')?.responseKind).toEqual({ group: 'policy', version: 'v1', kind: 'Eviction' });
});
