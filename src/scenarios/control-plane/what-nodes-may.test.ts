import { describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

/** The refusals are those of plugin/pkg/auth/authorizer/node/node_authorizer_test.go and of the API server around them. */
const bench = new Bench();
const inDefault = { namespace: 'default' } as const;
const user = 'system:node:worker-1';
const make = (kind: string, resource: string, name: string, more: object = {}): void => { bench.object({ verb: 'create', resource, ...inDefault, body: { apiVersion: 'v1', kind, metadata: { name }, ...more } }); };
const pod = (name: string, nodeName: string, spec: object = {}, metadata: object = {}): void => {
  bench.object({ verb: 'create', resource: 'pods', ...inDefault, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { nodeName, containers: [{ name: 'c', image: 'nginx', ...spec }] } } });
};
const withVolumes = (name: string, nodeName: string, ...volumes: readonly object[]): void => {
  bench.object({ verb: 'create', resource: 'pods', ...inDefault, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName, imagePullSecrets: [{ name: `${name}-pull` }], containers: [{ name: 'c', image: 'nginx' }], volumes: volumes.map((volume, index) => ({ name: `v${index}`, ...volume })) } } });
};

for (const name of ['default', 'robot']) make('ServiceAccount', 'serviceaccounts', name);
for (const name of ['env', 'all', 'mounted', 'projected', 'mine-pull', 'elsewhere', 'nobodys']) make('Secret', 'secrets', name, { stringData: { key: 'value' } });
for (const name of ['env', 'all', 'mounted', 'projected', 'elsewhere', 'nobodys']) make('ConfigMap', 'configmaps', name, { data: { key: 'value' } });
for (const name of ['claimed', 'mine-v4', 'elsewhere']) make('PersistentVolumeClaim', 'persistentvolumeclaims', name, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } });
pod('variables', 'worker-1', {
  env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'env', key: 'key' } } }, { name: 'B', valueFrom: { configMapKeyRef: { name: 'env', key: 'key' } } }], envFrom: [{ secretRef: { name: 'all' } }, { configMapRef: { name: 'all' } }],
});
withVolumes('mine', 'worker-1', { secret: { secretName: 'mounted' } }, { configMap: { name: 'mounted' } }, { projected: { sources: [{ secret: { name: 'projected' } }, { configMap: { name: 'projected' } }] } }, { persistentVolumeClaim: { claimName: 'claimed' } },
  { ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } } });
withVolumes('theirs', 'worker-2', { secret: { secretName: 'elsewhere' } }, { configMap: { name: 'elsewhere' } }, { persistentVolumeClaim: { claimName: 'elsewhere' } });
bench.run(1);

const get = (resource: string, name: string, more: Partial<ApiRequest> = {}): Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'> => ({ verb: 'get', resource, ...inDefault, name, user, ...more });
const code = (asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): number => bench.ask(asked).code;

describe('what its Pods refer to, a node may read, and nothing else', () => {
  test.each([
    ...['env', 'all', 'mounted', 'projected'].flatMap((name) => [['secrets', name], ['configmaps', name]]), ['secrets', 'mine-pull'], ['persistentvolumeclaims', 'claimed'], ['persistentvolumeclaims', 'mine-v4'], ['pods', 'mine'],
  ])('%s/%s', (resource, name) => expect(code(get(resource!, name!))).toBe(200));

  test.each([
    ...['elsewhere', 'nobodys', 'not-there'].flatMap((name) => [['secrets', name], ['configmaps', name]]), ['persistentvolumeclaims', 'elsewhere'], ['pods', 'theirs'], ['pods', 'not-there'],
  ])('not %s/%s', (resource, name) =>
    expect(bench.refusal(get(resource!, name!))).toBe(`403 ${resource} "${name}" is forbidden: User "${user}" cannot get resource "${resource}" in API group "" in the namespace "default": no relationship found between node 'worker-1' and this object`));

  test('one of a list by its name, but not all of them', () => {
    expect(code({ verb: 'list', resource: 'secrets', ...inDefault, query: { fieldSelector: 'metadata.name=mounted' }, user })).toBe(200);
    expect(bench.refusal({ verb: 'list', resource: 'secrets', ...inDefault, user })).toMatch(/: No Object name found$/);
    expect(bench.refusal({ verb: 'list', resource: 'secrets', user })).toMatch(/: can only read namespaced object of this type$/);
    expect(bench.refusal({ ...get('secrets', 'mounted'), verb: 'delete' })).toMatch(/: can only read resources of this type$/);
  });

  test('a token for the ServiceAccount of one of its Pods', () => {
    const token = (name: string) => ({ verb: 'create', resource: 'serviceaccounts', subresource: 'token', ...inDefault, name, user, body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [], expirationSeconds: 3607, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'mine' } } } }) as const;
    expect(code(token('default'))).toBe(201);
    expect(bench.refusal(token('robot'))).toMatch(/: no relationship found between node 'worker-1' and this object$/);
  });

  test('a Pod that moves on takes it along', () => {
    expect(code(get('secrets', 'env'))).toBe(200);
    bench.object({ verb: 'delete', resource: 'pods', ...inDefault, name: 'variables', body: { gracePeriodSeconds: 0 } });
    bench.run(1);
    expect(code(get('secrets', 'env'))).toBe(403);
  });
});

describe('of its own a node may do', () => {
  test.each<[string, Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>, string]>([
    ['reading Nodes', { verb: 'list', resource: 'nodes' }, "node 'worker-1' cannot read all nodes, only its own Node object"],
    ['reading another Node', { verb: 'get', resource: 'nodes', name: 'worker-2' }, "node 'worker-1' cannot read 'worker-2', only its own Node object"],
    ['all Pods', { verb: 'list', resource: 'pods' }, 'can only list/watch pods with spec.nodeName field selector'],
    ['the Pods of another', { verb: 'list', resource: 'pods', query: { fieldSelector: 'spec.nodeName=worker-2' } }, 'can only list/watch pods with spec.nodeName field selector'],
    ['the Lease of another', { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'worker-2' }, 'can only access node lease with the same name as the requesting node'],
    ['a Lease of something else', { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system', name: 'worker-1' }, 'can only access leases in the "kube-node-lease" system namespace'],
    ['another CSINode', { verb: 'get', group: 'storage.k8s.io', resource: 'csinodes', name: 'worker-2' }, 'can only access CSINode with the same name as the requesting node'],
    ['all volumes', { verb: 'list', resource: 'persistentvolumes' }, 'can only get individual resources of this type'],
  ])('not: %s', (_what, asked, reason) => expect(bench.refusal({ ...asked, user })).toMatch(new RegExp(`^403 .*: ${reason.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`)));

  test.each<[string, Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>, number]>([
    ['its Node, which is not there yet', { verb: 'get', resource: 'nodes', name: 'worker-1' }, 404],
    ['its Pods', { verb: 'list', resource: 'pods', query: { fieldSelector: 'spec.nodeName=worker-1' } }, 200],
    ['its Lease', { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'worker-1' }, 404],
    ['what is not subdivided', { verb: 'list', resource: 'services' }, 200],
  ])('%s', (_what, asked, expected) => expect(code({ ...asked, user })).toBe(expected));

  test('what others allow is allowed', () => {
    bench.object({ verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'curious' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'system:node:worker-9' }] } });
    bench.run(1);
    expect(code(get('secrets', 'nobodys', { user: 'system:node:worker-9' }))).toBe(200);
    expect(code(get('secrets', 'nobodys'))).toBe(403);
  });
});
