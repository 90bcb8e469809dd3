import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthenticationV1Api, AuthorizationV1Api, CoreV1Api, KubeConfig, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askerOf } from './credentials.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const servers = [createHttpServer(live), createHttpServer(live, { anonymous: true })] as const;
let [url, strictUrl] = ['', ''];
const config = (user: object = {}): KubeConfig => {
  const made = new KubeConfig();
  made.loadFromOptions({ clusters: [{ name: 'o', server: url, skipTLSVerify: true }], users: [{ name: 'u', ...user }], contexts: [{ name: 'c', cluster: 'o', user: 'u' }], currentContext: 'c' });
  return made;
};

beforeAll(async () => {
  for (const server of servers) await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  [url, strictUrl] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`) as [string, string];
  live.advance(20_000_000);
});
afterAll(() => { for (const server of servers) { server.closeAllConnections(); server.close(); } });

describe('who a client says it is', () => {
  const headers = (given: Record<string, string | string[]>): Parameters<typeof askerOf>[0] =>
    ({ headers: given as Record<string, string>, headersDistinct: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value].flat()])) });
  test.each<[string, Record<string, string | string[]>, boolean, object]>([
    ['nothing', {}, false, { user: 'kubernetes-admin' }],
    ['nothing, where that makes it nobody', {}, true, { user: 'system:anonymous', credentials: {} }],
    ['a token', { authorization: 'Bearer a.b.c' }, false, { user: 'kubernetes-admin', credentials: { token: 'a.b.c' } }],
    ['something else than a token', { authorization: 'Basic YTpi' }, false, { user: 'kubernetes-admin' }],
    ['somebody else, with groups and more', { 'impersonate-user': 'jane', 'impersonate-group': ['a', 'b'], 'impersonate-extra-acme.com%2fteam': 'x' }, false,
      { user: 'kubernetes-admin', credentials: { impersonate: { user: 'jane', uid: '', groups: ['a', 'b'], extra: { 'acme.com/team': ['x'] } } } }],
  ])('%s', (_what, given, anonymous, asker) => expect(askerOf(headers(given), anonymous)).toEqual(asker));
});

describe('@kubernetes/client-node', () => {
  // Conformance: "should create a serviceAccountToken and ensure a successful TokenReview".
  test('a token of a new ServiceAccount is reviewed as its own, and is its bearer\'s credential', async () => {
    const core = config().makeApiClient(CoreV1Api);
    await core.createNamespacedServiceAccount({ namespace: 'default', body: { metadata: { name: 'robot' } } });
    const { status } = await core.createNamespacedServiceAccountToken({ name: 'robot', namespace: 'default', body: { spec: { audiences: [], expirationSeconds: 600 } } });
    const review = await config().makeApiClient(AuthenticationV1Api).createTokenReview({ body: { spec: { token: status!.token! } } });
    expect([review.status!.authenticated, review.status!.error, review.status!.user!.username]).toEqual([true, undefined, 'system:serviceaccount:default:robot']);
    const robot = config({ token: status!.token }).makeApiClient(CoreV1Api);
    await expect(robot.listNamespacedPod({ namespace: 'default' })).rejects.toMatchObject({ code: 403 });
    await expect(config({ token: 'nonsense' }).makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'default' })).rejects.toMatchObject({ code: 401 });
    const rbac = config().makeApiClient(RbacAuthorizationV1Api);
    await rbac.createNamespacedRoleBinding({ namespace: 'default', body: { metadata: { name: 'robot' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }] } });
    expect((await robot.listNamespacedPod({ namespace: 'default' })).items).toEqual([]);
  }, 60_000);

  // Conformance: "SubjectReview should support SubjectReview API operations".
  test('what a review of an account says agrees with what happens to who acts as it', async () => {
    const authorization = config().makeApiClient(AuthorizationV1Api);
    const user = 'system:serviceaccount:default:nobody';
    const spec = { user, resourceAttributes: { namespace: 'default', verb: 'list', resource: 'configmaps' } };
    const allowed = [await authorization.createSubjectAccessReview({ body: { spec } }), await authorization.createNamespacedLocalSubjectAccessReview({ namespace: 'default', body: { spec } })].map(({ status }) => status!.allowed);
    const acting = await fetch(`${url}/api/v1/namespaces/default/configmaps`, { headers: { 'impersonate-user': user } });
    expect([...allowed, acting.status]).toEqual([false, false, 403]);
  }, 60_000);
});

test('where the server is told so, who says nothing is nobody', async () => {
  const code = async (path: string, headers: Record<string, string> = {}) => (await fetch(strictUrl + path, { headers })).status;
  expect([await code('/version'), await code('/apis'), await code('/api/v1/nodes'), await code('/api/v1/nodes', { authorization: 'Bearer kubernetes-admin' })]).toEqual([200, 403, 403, 200]);
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

describe.runIf(hasKubectl)('kubectl', () => {
  const directory = mkdtempSync(join(tmpdir(), 'who-may-'));
  const kubectl = async (...args: string[]): Promise<string> => {
    writeFileSync(join(directory, 'config'), config().exportConfig());
    return new Promise((resolve) => {
      const child = spawn('kubectl', ['--kubeconfig', join(directory, 'config'), `--cache-dir=${directory}/cache`, ...args]);
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      child.on('close', () => resolve(text));
    });
  };
  const account = 'system:serviceaccount:default:default';

  test('asks who it is and what it may', async () => {
    expect(await kubectl('auth', 'whoami')).toMatch(/^ATTRIBUTE +VALUE\nUsername +kubernetes-admin\nGroups +\[kubeadm:cluster-admins system:authenticated\]\n$/);
    expect(await kubectl('auth', 'can-i', 'create', 'pods')).toBe('yes\n');
    expect(await kubectl('auth', 'can-i', '--list')).toMatch(/^Resources +Non-Resource URLs +Resource Names +Verbs\n\*\.\* +\[\] +\[\] +\[\*\]/);
    expect(await kubectl('auth', 'can-i', 'list', 'pods', `--as=${account}`)).toBe('no\n');
    expect(await kubectl('create', 'token', 'default')).toMatch(/^[\w-]+\.[\w-]+\.\n?$/);
  }, 60_000);

  test('is refused in the real words, and may what roles and bindings give', async () => {
    expect(await kubectl('get', 'pods', '--as', 'jane')).toBe('Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"\n');
    expect(await kubectl('create', 'role', 'reader', '--verb=get,list', '--resource=pods')).toBe('role.rbac.authorization.k8s.io/reader created\n');
    expect(await kubectl('create', 'rolebinding', 'jane', '--role=reader', '--user=jane')).toBe('rolebinding.rbac.authorization.k8s.io/jane created\n');
    expect(await kubectl('get', 'pods', '--as', 'jane')).toBe('No resources found in default namespace.\n');
    expect(await kubectl('create', 'clusterrole', 'nodes', '--verb=get', '--resource=nodes')).toBe('clusterrole.rbac.authorization.k8s.io/nodes created\n');
    expect(await kubectl('create', 'clusterrolebinding', 'nodes', '--clusterrole=nodes', '--serviceaccount=default:default')).toBe('clusterrolebinding.rbac.authorization.k8s.io/nodes created\n');
    expect(await kubectl('get', 'node', 'worker-1', '-o', 'name', `--as=${account}`)).toBe('node/worker-1\n');
    expect(await kubectl('get', 'clusterrole', '-l', 'kubernetes.io/bootstrapping=rbac-defaults', '-o', 'name')).toContain('clusterrole.rbac.authorization.k8s.io/system:aggregate-to-view\n');
  }, 120_000);

  test('approves and denies requests for certificates', async () => {
    const file = join(directory, 'requests.json');
    const spec = { request: Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n').toString('base64'), signerName: 'example.com/web', usages: ['client auth'], expirationSeconds: 3600 };
    writeFileSync(file, ['yes', 'no'].map((name) => JSON.stringify({ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec })).join('\n'));
    expect(await kubectl('create', '-f', file)).toMatch(/yes created\n.*no created\n$/);
    expect(await kubectl('certificate', 'approve', 'yes')).toBe('certificatesigningrequest.certificates.k8s.io/yes approved\n');
    expect(await kubectl('certificate', 'deny', 'no')).toBe('certificatesigningrequest.certificates.k8s.io/no denied\n');
    expect(await kubectl('get', 'csr')).toMatch(/^NAME +AGE +SIGNERNAME +REQUESTOR +REQUESTEDDURATION +CONDITION\nno +\w+ +example\.com\/web +kubernetes-admin +60m +Denied\nyes +\w+ +example\.com\/web +kubernetes-admin +60m +Approved\n$/);
  }, 120_000);

  test('asks by a manifest, whose fields it checks itself, and makes what a List holds', async () => {
    const file = join(directory, 'review.json');
    const review = (spec: object): void => writeFileSync(file, JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec: { user: 'joe', ...spec } }));
    review({ resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } });
    expect(await kubectl('create', '-f', file, '-o', 'jsonpath={.status.allowed}')).toBe('false');
    review({ resourceAttribute: {} });
    expect(await kubectl('create', '-f', file)).toContain('ValidationError(SubjectAccessReview.spec): unknown field "resourceAttribute" in io.k8s.api.authorization.v1.SubjectAccessReviewSpec');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'listed' } }] }));
    expect(await kubectl('create', '-f', file)).toBe('serviceaccount/listed created\n');
  }, 120_000);

  test('reconciles roles', async () => {
    const file = join(directory, 'role.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reconciled', namespace: 'default' }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] }));
    expect(await kubectl('auth', 'reconcile', '-f', file)).toMatch(/^role\.rbac\.authorization\.k8s\.io\/reconciled reconciled\n\treconciliation required create\n/);
    expect(await kubectl('auth', 'reconcile', '-f', file)).toBe('role.rbac.authorization.k8s.io/reconciled reconciled\n');
  }, 60_000);
});
