import { describe, expect, test } from 'vitest';
import type { BindingLike, RbacRule, RoleLike } from '../../../kubernetes/api/kept-specs.ts';
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import { userNamed, type UserInfo } from '../authentication/user-info.ts';
import { findServed, servedAs } from '../served.ts';
import { emptyCache, initialApiServer } from '../state.ts';
import { attributesOf, forbidden, type Attributes } from './attributes.ts';
import { authorize, policyKeys, policyKinds } from './authorizer.ts';
import { clusterRoles, roles } from './bootstrap-policy.ts';
import { missingText } from './escalation.ts';
import { Policy } from './policy.ts';
import { covers } from './rules.ts';

const state = initialApiServer({ etcd: 'etcd', serviceCidr: '10.96.0.0/12' });
const request = (user: string, verb: ApiRequest['verb'], resource: string, more: Partial<ApiRequest> = {}): ApiRequest => ({ user, verb, resource, group: '', version: 'v1', userAgent: '', ...more });
const asked = (user: string, verb: ApiRequest['verb'], resource: string, more: Partial<ApiRequest> = {}): Attributes => attributesOf(request(user, verb, resource, more), userNamed(user));
const decided = (one: ApiRequest) => authorize(state, one, userNamed(one.user), findServed(one.group, one.version, one.resource));

describe('by what every cluster has', () => {
  const controller = (name: string): string => `system:serviceaccount:kube-system:${name}`;
  const allowedBy = (name: string, to: string, role = name): string => `RBAC: allowed by ClusterRoleBinding "${name}" of ClusterRole "${role}" to ${to}`;
  const apps = { group: 'apps', namespace: 'default' };
  test.each<[string, ApiRequest, string | undefined]>([
    ['the admin', request('kubernetes-admin', 'delete', 'nodes'), allowedBy('kubeadm:cluster-admins', 'Group "kubeadm:cluster-admins"', 'cluster-admin')],
    ['a superuser, whom nobody asks', request('kubernetes-super-admin', 'delete', 'nodes'), ''],
    ['the scheduler that binds', request('system:kube-scheduler', 'create', 'pods', { subresource: 'binding' }), allowedBy('system:kube-scheduler', 'User "system:kube-scheduler"')],
    ['the scheduler and its own Lease', request('system:kube-scheduler', 'update', 'leases', { group: 'coordination.k8s.io', name: 'kube-scheduler', namespace: 'kube-system' }), allowedBy('system:kube-scheduler', 'User "system:kube-scheduler"')],
    ['the scheduler and another Lease', request('system:kube-scheduler', 'update', 'leases', { group: 'coordination.k8s.io', name: 'kube-controller-manager', namespace: 'kube-system' }), undefined],
    ['the scheduler beyond its rules', request('system:kube-scheduler', 'delete', 'namespaces'), undefined],
    ['a controller', request(controller('deployment-controller'), 'create', 'replicasets', apps), allowedBy('system:controller:deployment-controller', 'ServiceAccount "deployment-controller/kube-system"')],
    ['a controller beyond its rules', request(controller('replicaset-controller'), 'create', 'deployments', apps), undefined],
    ['a node', request('system:node:worker-1', 'patch', 'nodes', { name: 'worker-1', subresource: 'status' }), 'Node: allowed by the rules of nodes'],
    ['a node beyond its rules', request('system:node:worker-1', 'create', 'deployments', apps), undefined],
    ['a workload', request('system:serviceaccount:default:default', 'list', 'pods', { namespace: 'default' }), undefined],
    ['a workload that asks what there is', { ...request('system:serviceaccount:default:default', 'discover', ''), path: '/apis/apps/v1' }, allowedBy('system:discovery', 'Group "system:authenticated"')],
    ['nobody, who asks for the version', { ...request('system:anonymous', 'discover', ''), path: '/version' }, allowedBy('system:public-info-viewer', 'Group "system:unauthenticated"')],
    ['nobody, who asks what there is', { ...request('system:anonymous', 'discover', ''), path: '/apis' }, undefined],
  ])('%s', (_who, one, reason) => expect([decided(one)?.allowed, decided(one)?.reason]).toEqual(reason === undefined ? [undefined, undefined] : [true, reason]));

  test('a decision that holds for one name only is not taken for another', () => {
    const lease = (name: string): ApiRequest => request('system:kube-controller-manager', 'get', 'leases', { group: 'coordination.k8s.io', name, namespace: 'team' });
    expect([decided(lease('kube-controller-manager'))?.allowed, decided(lease('other'))]).toEqual([true, undefined]);
  });
  test('what is being stored holds until the server sees it stored, and then as it is stored', () => {
    const at = (revision: number) => policyKeys.reduce((known, key) => ({ ...known, caches: known.caches.set(key, { ...emptyCache(servedAs(key)), phase: 'watching', revision }), builtIn: known.builtIn.set(key, 9) }), state);
    expect([8, 9].map((revision) => authorize(at(revision), request('kubernetes-admin', 'get', 'nodes'), userNamed('kubernetes-admin'), findServed('', 'v1', 'nodes'))?.allowed)).toEqual([true, false]);
  });
  test('admin, edit and view are as they end up when they are gathered', () => {
    const rulesOf = (name: string): readonly RbacRule[] => clusterRoles.find(({ metadata }) => metadata.name === name)!.rules!;
    const may = (role: string, verb: string, resource: string, group = ''): boolean => rulesOf(role).some((rule) => covers(rule, { ...asked('x', 'get', resource, { group }), verb }));
    expect(['view', 'edit', 'admin'].map((role) => [may(role, 'get', 'pods'), may(role, 'get', 'secrets'), may(role, 'create', 'deployments', 'apps'), may(role, 'create', 'roles', 'rbac.authorization.k8s.io')])).toEqual([
      [true, false, false, false], [true, true, true, false], [true, true, true, true],
    ]);
  });
  test('each kind is there with its labels, and each name once', () => {
    for (const objects of Object.values(policyKinds)) expect(new Set(objects.map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)).size).toBe(objects.length);
    expect(roles.map(({ metadata }) => metadata)).toContainEqual({
      name: 'system:controller:token-cleaner', namespace: 'kube-system', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    });
    expect(clusterRoles.find(({ metadata }) => metadata.name === 'edit')!.metadata.labels).toEqual({ 'kubernetes.io/bootstrapping': 'rbac-defaults', 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' });
  });
});

describe('a rule', () => {
  const pods = asked('u', 'get', 'pods', { namespace: 'team', name: 'web' });
  const log = asked('u', 'get', 'pods', { namespace: 'team', name: 'web', subresource: 'log' });
  const rule = (verbs: string, resources: string, more: RbacRule = {}): RbacRule => ({ verbs: verbs.split(','), apiGroups: [''], resources: resources.split(','), ...more });
  test.each<[string, RbacRule, Attributes, boolean]>([
    ['of the resource', rule('get', 'pods'), pods, true],
    ['of another verb', rule('list', 'pods'), pods, false],
    ['of another group', rule('get', 'pods', { apiGroups: ['apps'] }), pods, false],
    ['of the resource is not of its subresources', rule('get', 'pods'), log, false],
    ['of a subresource', rule('get', 'pods/log'), log, true],
    ['of a subresource of everything', rule('get', '*/log'), log, true],
    ['of everything', rule('*', '*', { apiGroups: ['*'] }), log, true],
    ['of this name', rule('get', 'pods', { resourceNames: ['web'] }), pods, true],
    ['of another name', rule('get', 'pods', { resourceNames: ['db'] }), pods, false],
    ['of names, and a list of all', rule('list', 'pods', { resourceNames: ['web'] }), asked('u', 'list', 'pods'), false],
    ['of names, and a list of the one', rule('list', 'pods', { resourceNames: ['web'] }), asked('u', 'list', 'pods', { query: { fieldSelector: 'metadata.name=web' } }), true],
    ['of a path', { verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, { ...asked('u', 'discover', ''), path: '/healthz/etcd' }, true],
    ['of another path', { verbs: ['get'], nonResourceURLs: ['/healthz'] }, { ...asked('u', 'discover', ''), path: '/healthz/etcd' }, false],
    ['of resources, and a path', rule('*', '*'), { ...asked('u', 'discover', ''), path: '/metrics' }, false],
  ])('%s', (_what, one, of, expected) => expect(covers(one, of)).toBe(expected));
});

describe('roles and bindings of a cluster', () => {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const read: RoleLike = { apiVersion, kind: 'Role', metadata: { name: 'reader', namespace: 'team' }, rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] }] } as RoleLike;
  const everywhere: RoleLike = { ...read, kind: 'ClusterRole', metadata: { name: 'watcher' }, rules: [{ verbs: ['watch'], apiGroups: [''], resources: ['pods'] }] };
  const binding = (kind: string, name: string, roleKind: string, role: string, subject: object, namespace?: string): BindingLike =>
    ({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, roleRef: { kind: roleKind, name: role }, subjects: [subject] }) as BindingLike;
  const policy = new Policy({
    clusterRoles: [everywhere], roles: [read],
    clusterRoleBindings: [binding('ClusterRoleBinding', 'devs', 'ClusterRole', 'watcher', { kind: 'Group', name: 'devs' })],
    roleBindings: [
      binding('RoleBinding', 'jane', 'Role', 'reader', { kind: 'User', name: 'jane' }, 'team'), binding('RoleBinding', 'robot', 'ClusterRole', 'watcher', { kind: 'ServiceAccount', name: 'robot' }, 'team'),
      binding('RoleBinding', 'broken', 'Role', 'lost', { kind: 'User', name: 'joe' }, 'team'),
    ],
  });
  const dev: UserInfo = { name: 'dave', groups: ['devs', 'system:authenticated'] };
  test.each<[string, Attributes, string | undefined]>([
    ['a user in the namespace', asked('jane', 'list', 'pods', { namespace: 'team' }), 'RBAC: allowed by RoleBinding "jane/team" of Role "reader" to User "jane"'],
    ['a user in another', asked('jane', 'list', 'pods', { namespace: 'other' }), undefined],
    ['a user in all', asked('jane', 'list', 'pods'), undefined],
    ['a group everywhere', { ...asked('dave', 'watch', 'pods'), user: dev }, 'RBAC: allowed by ClusterRoleBinding "devs" of ClusterRole "watcher" to Group "devs"'],
    ['an account of the binding\'s namespace', asked('system:serviceaccount:team:robot', 'watch', 'pods', { namespace: 'team' }), 'RBAC: allowed by RoleBinding "robot/team" of ClusterRole "watcher" to ServiceAccount "robot/team"'],
    ['an account of the same name elsewhere', asked('system:serviceaccount:other:robot', 'watch', 'pods', { namespace: 'team' }), undefined],
  ])('%s', (_who, one, reason) => expect(policy.decide(one)).toMatchObject(reason === undefined ? { allowed: false } : { allowed: true, reason }));
  test('a binding to a role that is not there says so', () => {
    expect(policy.decide(asked('joe', 'get', 'pods', { namespace: 'team' })).reason).toBe('RBAC: role.rbac.authorization.k8s.io "lost" not found');
  });
});

test.each([
  [asked('jane', 'get', 'deployments', { group: 'apps', namespace: 'team', name: 'web' }), 'deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments" in API group "apps" in the namespace "team"'],
  [asked('jane', 'list', 'nodes'), 'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope'],
  [asked('jane', 'get', 'pods', { namespace: 'team', name: 'web', subresource: 'log' }), 'pods "web" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "team"'],
  [asked('jane', 'get', 'namespaces', { name: 'team' }), 'namespaces "team" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "team"'],
  [{ ...asked('jane', 'discover', ''), path: '/metrics' }, 'forbidden: User "jane" cannot get path "/metrics"'],
])('refuses in words', (one, message) => expect(forbidden(one)).toMatchObject({ code: 403, reason: 'Forbidden', message }));

describe('nobody gives away what they have not', () => {
  const owned: readonly RbacRule[] = [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', '*/scale'] }, { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'] }, { verbs: ['get'], nonResourceURLs: ['/metrics*'] }];
  const lacks = (...wanted: readonly RbacRule[]): readonly string[] | undefined => missingText(owned, wanted, 'jane', ['devs', 'system:authenticated'])?.split('\n');
  test.each<[string, RbacRule, string | undefined]>([
    ['the same', { verbs: ['get'], apiGroups: [''], resources: ['pods'] }, undefined],
    ['a subresource of all', { verbs: ['get'], apiGroups: [''], resources: ['pods/scale'] }, undefined],
    ['a named one', { verbs: ['delete'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'] }, undefined],
    ['a longer path', { verbs: ['get'], nonResourceURLs: ['/metrics/slis'] }, undefined],
    ['all where one is held', { verbs: ['delete'], apiGroups: ['apps'], resources: ['deployments'] }, '{APIGroups:["apps"], Resources:["deployments"], Verbs:["delete"]}'],
    ['two verbs more', { verbs: ['get', 'delete', 'watch'], apiGroups: [''], resources: ['pods'] }, '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}'],
    ['every verb', { verbs: ['*'], apiGroups: [''], resources: ['pods'] }, '{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
    ['a name', { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['key'] }, '{APIGroups:[""], Resources:["secrets"], ResourceNames:["key"], Verbs:["get"]}'],
  ])('%s', (_what, rule, line) => expect(lacks(rule)).toEqual(line === undefined ? undefined : ['user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:', line]));
});
