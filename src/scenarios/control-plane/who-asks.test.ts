import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest, Credentials } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const inDefault = { namespace: 'default' };
const account = (name: string) => bench.object({ verb: 'create', resource: 'serviceaccounts', ...inDefault, body: { metadata: { name } } });
const tokenFor = (name: string, spec: object = {}) => ({ verb: 'create', resource: 'serviceaccounts', subresource: 'token', ...inDefault, name, body: { spec } }) as const;
const issue = (name: string, spec: object = {}): string => bench.object<{ status: { token: string } }>(tokenFor(name, spec) as never).status.token;
const acting = (user: string, more: Partial<NonNullable<Credentials['impersonate']>> = {}): { credentials: Credentials } => ({ credentials: { impersonate: { user, uid: '', groups: [], extra: {}, ...more } } });
const review = (group: string, resource: string, spec?: object, more: Partial<ApiRequest> = {}) => ({ verb: 'create', group: `${group}.k8s.io`, version: 'v1', resource, body: spec === undefined ? {} : { spec }, ...more }) as const;
const statusOf = (asked: Parameters<Bench['object']>[0]): unknown => bench.object<KubeObject>(asked).status;
const whoAmI = (more: Partial<ApiRequest>): unknown => (statusOf(review('authentication', 'selfsubjectreviews', undefined, more)) as { userInfo: unknown }).userInfo;

describe('a token', () => {
  const pods = { verb: 'list', resource: 'pods', ...inDefault } as const;
  test('makes its bearer the account, as long as it lasts and the account is there', () => {
    const { uid } = account('robot').metadata;
    const credentials = { token: issue('robot', { expirationSeconds: 600 }) };
    expect(whoAmI({ credentials })).toEqual({
      username: 'system:serviceaccount:default:robot', uid, groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
    });
    expect(bench.refusal({ ...pods, credentials })).toBe('403 pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"');
    bench.run(600);
    expect(bench.ask({ ...pods, credentials }).body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 });
    const again = { token: issue('robot') };
    bench.object({ verb: 'delete', resource: 'serviceaccounts', ...inDefault, name: 'robot' });
    bench.run(1);
    expect(bench.refusal({ ...pods, credentials: again })).toBe('401 Unauthorized');
  });
  test.each(['nonsense', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', 'token:default:nobody:0', 'token:default:default:x', ''])('that is none is refused: %j', (token) => {
    expect(bench.refusal({ ...pods, credentials: { token } })).toBe('401 Unauthorized');
  });
  test('of a kubelet, which is a short text, is good too', () => {
    account('robot');
    bench.object({ verb: 'create', resource: 'pods', ...inDefault, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'robot' }, spec: { nodeName: 'worker-1', serviceAccountName: 'robot', containers: [{ name: 'c', image: 'nginx' }] } } });
    const { status } = bench.object<{ status: { token: string } }>({ ...tokenFor('robot', { expirationSeconds: 3607 }), user: 'system:node:worker-1' } as never);
    expect(status.token).toMatch(/^token:default:robot:\d+$/);
    expect(whoAmI({ credentials: { token: status.token } })).toMatchObject({ username: 'system:serviceaccount:default:robot' });
  });
  test('that is bound to a Pod says so, and ends with it', () => {
    account('robot');
    const spec = { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'nginx' }] };
    const pod = bench.object({ verb: 'create', resource: 'pods', ...inDefault, body: { metadata: { name: 'web' }, spec } });
    bench.run(1);
    const ref = { kind: 'Pod', apiVersion: 'v1', name: 'web' };
    const credentials = { token: issue('robot', { boundObjectRef: ref }) };
    expect(whoAmI({ credentials })).toMatchObject({ extra: { 'authentication.kubernetes.io/pod-name': ['web'], 'authentication.kubernetes.io/pod-uid': [pod.metadata.uid] } });
    account('other');
    expect(bench.refusal(tokenFor('other', { boundObjectRef: ref }) as never)).toBe('400 cannot bind token for serviceaccount "other" to pod running with different serviceaccount name.');
    expect(bench.refusal(tokenFor('robot', { boundObjectRef: { ...ref, uid: 'other' } }) as never)).toMatch(/^409 .*the UID in the bound object reference \(other\) does not match the UID in record/);
    bench.object({ verb: 'delete', resource: 'pods', ...inDefault, name: 'web', body: { gracePeriodSeconds: 0 } });
    bench.run(1);
    expect(bench.refusal({ ...pods, credentials })).toBe('401 Unauthorized');
  });
  test.each([
    [{ expirationSeconds: 60 }, '422 TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes'],
    [{ boundObjectRef: { kind: 'ConfigMap', name: 'x', apiVersion: 'v1' } }, '400 cannot bind token to object of type v1, Kind=ConfigMap'],
    [{ boundObjectRef: { kind: 'Pod', name: 'x', apiVersion: 'v1' } }, '404 pods "x" not found'],
  ])('is refused: %j', (spec, words) => {
    account('robot');
    expect(bench.refusal(tokenFor('robot', spec) as never)).toBe(words);
  });
});

describe('acting as somebody else', () => {
  const nodes = { verb: 'list', resource: 'nodes' } as const;
  test('is acting with their groups and nobody else\'s', () => {
    expect(whoAmI(acting('jane', { groups: ['devs'], uid: '7', extra: { team: ['a'] } }))).toEqual({ username: 'jane', uid: '7', groups: ['devs', 'system:authenticated'], extra: { team: ['a'] } });
    expect(whoAmI(acting('system:serviceaccount:team:robot'))).toEqual({ username: 'system:serviceaccount:team:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:team', 'system:authenticated'] });
    expect(bench.ask({ ...nodes, ...acting('jane', { groups: ['system:masters'] }) }).code).toBe(200);
    expect(bench.refusal({ ...nodes, ...acting('jane') })).toMatch(/^403 nodes is forbidden: User "jane" cannot list resource "nodes"/);
  });
  test('must be allowed', () => {
    const as = acting('kubernetes-admin', { groups: ['system:masters'] });
    expect(bench.refusal({ ...nodes, user: 'jane', ...as })).toBe('403 users "kubernetes-admin" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope');
    bench.object({ verb: 'create', group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', body: { metadata: { name: 'actor' }, rules: [{ apiGroups: [''], resources: ['users', 'serviceaccounts'], verbs: ['impersonate'] }] } });
    bench.object({ verb: 'create', group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings', body: { metadata: { name: 'actor' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'actor' }, subjects: [{ kind: 'User', name: 'jane' }] } });
    bench.run(1);
    expect(bench.refusal({ ...nodes, user: 'jane', ...as })).toBe('403 groups "system:masters" is forbidden: User "jane" cannot impersonate resource "groups" in API group "" at the cluster scope');
    expect(whoAmI({ user: 'jane', ...acting('joe') })).toMatchObject({ username: 'joe' });
    expect(whoAmI({ user: 'jane', ...acting('system:serviceaccount:team:robot') })).toMatchObject({ username: 'system:serviceaccount:team:robot' });
  });
  test('without saying as whom is an error', () => {
    expect(bench.refusal({ ...nodes, ...acting('', { groups: ['devs'] }) })).toBe('500 Internal error occurred: requested [devs] without impersonating a user');
  });
});

describe('reviews', () => {
  const resourceAttributes = { namespace: 'default', verb: 'list', resource: 'pods' };
  const access = (resource: string, spec: object, more: Partial<ApiRequest> = {}) => review('authorization', resource, spec, more);

  test('of what one may oneself, and of what another may, agree with what is so', () => {
    expect(statusOf(access('selfsubjectaccessreviews', { resourceAttributes }))).toEqual({ allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"' });
    expect(statusOf(access('selfsubjectaccessreviews', { resourceAttributes }, { user: 'jane' }))).toEqual({ allowed: false });
    expect(statusOf(access('subjectaccessreviews', { user: 'jane', resourceAttributes }))).toEqual({ allowed: false });
    expect(statusOf(access('subjectaccessreviews', { user: 'jane', groups: ['system:masters'], resourceAttributes }))).toEqual({ allowed: true });
    expect(statusOf(access('subjectaccessreviews', { user: 'jane', groups: ['system:authenticated'], nonResourceAttributes: { path: '/version', verb: 'get' } }))).toMatchObject({ allowed: true });
    expect(statusOf(access('localsubjectaccessreviews', { user: 'jane', resourceAttributes }, inDefault))).toEqual({ allowed: false });
    expect(bench.refusal(access('subjectaccessreviews', { user: 'jane', resourceAttributes }, { user: 'jane' }))).toMatch(/^403 subjectaccessreviews.authorization.k8s.io is forbidden: User "jane" cannot create resource/);
  });
  test('of all that one may', () => {
    const { resourceRules, nonResourceRules, incomplete } = statusOf(access('selfsubjectrulesreviews', inDefault, { user: 'jane' })) as { resourceRules: unknown[]; nonResourceRules: unknown[]; incomplete: boolean };
    expect([resourceRules, nonResourceRules.length, incomplete]).toEqual([[
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] }, { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ], 2, false]);
    expect(statusOf(access('selfsubjectrulesreviews', { namespace: 'default' }, { user: 'system:node:worker-1' }))).toMatchObject({ incomplete: true, evaluationError: 'node authorizer does not support user rule resolution' });
  });
  test('of a token', () => {
    account('robot');
    const token = issue('robot');
    const asked = (spec: object) => statusOf(review('authentication', 'tokenreviews', spec));
    expect(asked({ token })).toMatchObject({ authenticated: true, user: { username: 'system:serviceaccount:default:robot' }, audiences: ['https://kubernetes.default.svc.cluster.local'] });
    expect(asked({ token, audiences: ['vault'] })).toEqual({ user: {}, error: 'invalid bearer token' });
    const other = issue('robot', { audiences: ['vault'] });
    expect([asked({ token: other }), asked({ token: other, audiences: ['vault', 'x'] })]).toMatchObject([{ error: 'invalid bearer token' }, { authenticated: true, audiences: ['vault'] }]);
    expect(asked({ token: 'nonsense' })).toEqual({ user: {}, error: 'invalid bearer token' });
  });
  test('keep nothing, and are created only', () => {
    bench.ask({ verb: 'list', resource: 'pods', user: 'jane' });
    const before = bench.etcd.store.revision;
    bench.object(access('selfsubjectaccessreviews', { resourceAttributes }));
    expect(bench.etcd.store.revision).toBe(before);
    expect(bench.refusal({ verb: 'list', group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' })).toMatch(/^405 list is not supported/);
  });
  test.each<[string, object, string]>([
    ['selfsubjectaccessreviews', {}, '422 SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Required value: exactly one of nonResourceAttributes or resourceAttributes must be specified'],
    ['subjectaccessreviews', { resourceAttributes }, '422 SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Required value: at least one of user or group must be specified'],
    ['localsubjectaccessreviews', { user: 'jane', resourceAttributes: { ...resourceAttributes, namespace: 'other' } }, '400 spec.resourceAttributes.namespace must match namespace: default'],
    ['selfsubjectrulesreviews', {}, '400 no namespace on request'],
    ['selfsubjectaccessreviews', { resourceAttributes: { verb: 7 } }, '400 SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview: json: cannot unmarshal number into Go struct field ResourceAttributes.spec.resourceAttributes.verb of type string'],
  ])('%s of %j is refused', (resource, spec, words) => expect(bench.refusal(access(resource, spec, resource.startsWith('local') ? inDefault : {}))).toBe(words));
});
