import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const inDefault = { namespace: 'default' };
const group = 'rbac.authorization.k8s.io';
const rbac = { group, version: 'v1' };
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
const jane = { user: 'jane' };
const pods: Partial<ApiRequest> & { readonly verb: 'list'; readonly resource: string } = { verb: 'list', resource: 'pods', ...inDefault };
const role = (name: string, more: object = { rules }) => ({ verb: 'create', ...rbac, resource: 'roles', ...inDefault, body: { metadata: { name }, ...more } }) as const;
const binding = (name: string, roleName: string, subject: object, kind = 'Role') =>
  ({ verb: 'create', ...rbac, resource: 'rolebindings', ...inDefault, body: { metadata: { name }, roleRef: { apiGroup: group, kind, name: roleName }, subjects: [subject] } }) as const;
const refusedPods = '403 pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"';

describe('roles and bindings', () => {
  test('a user may what a binding gives, from the moment it is there until it is gone', () => {
    expect(bench.ask({ ...pods, ...jane }).body).toMatchObject({ message: refusedPods.slice(4), reason: 'Forbidden', details: { kind: 'pods' }, code: 403 });
    bench.object(role('reader'));
    bench.object(binding('jane', 'reader', { kind: 'User', name: 'jane' }));
    bench.run(1);
    expect(bench.ask({ ...pods, ...jane }).code).toBe(200);
    expect(bench.refusal({ verb: 'list', resource: 'pods', ...jane })).toMatch(/^403 .* at the cluster scope$/);
    bench.object({ verb: 'delete', ...rbac, resource: 'roles', ...inDefault, name: 'reader' });
    bench.run(1);
    expect(bench.refusal({ ...pods, ...jane })).toBe(`${refusedPods}: RBAC: role.${group} "reader" not found`);
    bench.object({ verb: 'delete', ...rbac, resource: 'rolebindings', ...inDefault, name: 'jane' });
    bench.run(1);
    expect(bench.refusal({ ...pods, ...jane })).toBe(refusedPods);
  });

  test('what every cluster has is there for whoever looks, with its labels, and holds before', () => {
    expect(bench.etcd.store.revision).toBeLessThan(20);
    const names = (resource: string, more: object = {}) => bench.names({ ...rbac, resource, ...more });
    expect(names('clusterroles')).toEqual(expect.arrayContaining(['admin', 'cluster-admin', 'edit', 'view', 'system:node', 'system:controller:deployment-controller', 'kubeadm:get-nodes']));
    expect(names('clusterrolebindings', { query: { labelSelector: 'kubernetes.io/bootstrapping=rbac-defaults' } })).not.toContain('kubeadm:cluster-admins');
    expect(names('roles', { namespace: 'kube-public' })).toEqual(['system:controller:bootstrap-signer']);
    expect(names('rolebindings', inDefault)).toEqual([]);
    const view = bench.object<KubeObject & { rules: unknown[]; aggregationRule: unknown }>({ verb: 'get', ...rbac, resource: 'clusterroles', name: 'view' });
    expect([view.aggregationRule, view.rules.length, view.metadata.annotations]).toEqual([
      { clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } }] }, 11, { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    ]);
    expect(bench.refusal({ verb: 'create', ...rbac, resource: 'clusterroles', body: { metadata: { name: 'view' }, rules } })).toBe(`409 clusterroles.${group} "view" already exists`);
  });

  test('a binding that is taken away from a component is taken away, until the server starts again', () => {
    const scheduler = { verb: 'list', resource: 'nodes', user: 'system:kube-scheduler' } as const;
    expect(bench.ask(scheduler).code).toBe(200);
    bench.object({ verb: 'delete', ...rbac, resource: 'clusterrolebindings', name: 'system:kube-scheduler' });
    bench.run(1);
    expect(bench.refusal(scheduler)).toBe('403 nodes is forbidden: User "system:kube-scheduler" cannot list resource "nodes" in API group "" at the cluster scope');
    bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-apiserver', crash: true });
    bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/kube-apiserver' });
    bench.run(1);
    expect(bench.ask(scheduler).code).toBe(200);
  });

  test('nobody is read for who is covered by what every cluster has', () => {
    bench.ask({ verb: 'list', resource: 'nodes', user: 'system:kube-scheduler' });
    bench.ask({ verb: 'list', resource: 'nodes' });
    expect([...bench.apiserver.caches.keys()].filter((key) => key.endsWith(group))).toEqual([]);
    bench.ask({ ...pods, ...jane });
    expect([...bench.apiserver.caches.keys()].filter((key) => key.endsWith(group))).toHaveLength(4);
  });

  test('a watch of roles ends with its client, also where the server follows them itself', () => {
    bench.ask({ ...pods, ...jane });
    const watch = bench.send({ verb: 'watch', ...rbac, resource: 'roles', ...inDefault });
    bench.run(1);
    bench.object(role('reader'));
    bench.run(1);
    expect([bench.heard.frames[watch], bench.apiserver.direct.size]).toEqual([['ADDED reader'], 1]);
    bench.close(watch);
    bench.run(1);
    expect(bench.apiserver.direct.size).toBe(0);
  });
});

test('who may patch and not create does not make by applying', () => {
  bench.object(role('patcher', { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch', 'get'] }] }));
  bench.object(binding('jane', 'patcher', { kind: 'User', name: 'jane' }));
  bench.run(1);
  const apply = { verb: 'patch', resource: 'configmaps', ...inDefault, name: 'x', patchType: 'application/apply-patch+yaml', query: { fieldManager: 'm' }, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: 'b' } } } as const;
  expect(bench.refusal({ ...apply, ...jane })).toBe('403 configmaps "x" is forbidden: User "jane" cannot create resource "configmaps" in API group "" in the namespace "default"');
  bench.object(apply);
  expect(bench.object({ ...apply, ...jane, query: { fieldManager: 'm' } })).toMatchObject({ data: { a: 'b' } });
});

describe('nobody gives away more than they have', () => {
  const admin = { user: 'ann' };
  beforeEach(() => {
    bench.object(binding('ann', 'admin', { kind: 'User', name: 'ann' }, 'ClusterRole'));
    bench.run(1);
  });
  const attempt = '(groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:';

  test('in a role', () => {
    expect(bench.object({ ...role('reader'), ...admin })).toMatchObject({ kind: 'Role' });
    const nodes = [{ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'get'] }];
    expect(bench.refusal({ ...role('nodes', { rules: nodes }), ...admin })).toBe(`403 roles.${group} "nodes" is forbidden: user "ann" ${attempt}\n{APIGroups:[""], Resources:["nodes"], Verbs:["list" "get"]}`);
    const change = { verb: 'patch', ...rbac, resource: 'roles', ...inDefault, name: 'reader', patchType: 'application/merge-patch+json', ...admin } as const;
    expect(bench.refusal({ ...change, body: { rules: nodes } })).toContain(`user "ann" ${attempt}`);
    expect(bench.object({ ...change, body: { metadata: { finalizers: ['a/b'] } } }).metadata.finalizers).toEqual(['a/b']);
  });
  test('in a binding, where bind is not allowed', () => {
    const joe = { kind: 'User', name: 'joe' };
    expect(bench.object({ ...binding('joe', 'edit', joe, 'ClusterRole'), ...admin })).toMatchObject({ kind: 'RoleBinding' });
    expect(bench.refusal({ ...binding('joe-2', 'system:node', joe, 'ClusterRole'), ...admin })).toMatch(new RegExp(`^403 rolebindings.${group} "joe-2" is forbidden: user "ann" `));
    expect(bench.refusal({ ...binding('joe-3', 'nothing', joe), ...admin })).toBe(`404 roles.${group} "nothing" not found`);
    bench.object(role('binder', { rules: [{ apiGroups: [group], resources: ['clusterroles'], resourceNames: ['system:node'], verbs: ['bind'] }] }));
    bench.object(binding('binder', 'binder', { kind: 'User', name: 'ann' }));
    bench.run(1);
    expect(bench.object({ ...binding('joe-2', 'system:node', joe, 'ClusterRole'), ...admin })).toMatchObject({ kind: 'RoleBinding' });
  });
  test('the administrator may, since everything is theirs to escalate', () => {
    expect(bench.object(role('all', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }))).toMatchObject({ kind: 'Role' });
  });
});
