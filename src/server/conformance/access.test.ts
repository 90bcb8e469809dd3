/** Takes the steps of test/e2e/auth/{service_accounts,subjectreviews,certificates}.go. */
import { expect } from 'vitest';
import { isGone, newer, withAnnotation } from './api-operations.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

behaviour('[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount [Conformance]', async (at) => {
  const [accounts, label] = [`${at.in('v1')}/serviceaccounts`, 'labelSelector=test-serviceaccount-static=true'];
  const made = await at.post(accounts, { metadata: { name: 'test', labels: { 'test-serviceaccount-static': 'true' } } });
  expect((await at.get(`${accounts}/test`)).metadata.uid).toBe(made.metadata.uid);
  const watch = await at.watch(`${accounts}?${label}&timeoutSeconds=180`);
  await watch.nextThat(({ type }) => type === 'ADDED');
  newer(await at.patch(`${accounts}/test`, { automountServiceAccountToken: false }, 'strategic'), made);
  await watch.nextThat(({ type }) => type === 'MODIFIED');
  expect((await at.list(`/api/v1/serviceaccounts?${label}`)).items).toMatchObject([{ metadata: { name: 'test', namespace: at.namespace }, automountServiceAccountToken: false }]);
  await at.delete(accounts);
  await watch.nextThat(({ type }) => type === 'DELETED');
});

behaviour('[sig-auth] ServiceAccounts should update a ServiceAccount [Conformance]', async (at) => {
  const accounts = `${at.in('v1')}/serviceaccounts`;
  expect((await at.post(accounts, { metadata: { name: 'kept' }, automountServiceAccountToken: false }))['automountServiceAccountToken']).toBe(false);
  expect((await at.put(`${accounts}/kept`, { ...await at.get(`${accounts}/kept`), automountServiceAccountToken: true }))['automountServiceAccountToken']).toBe(true);
});

behaviour('[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview [Conformance]', async (at) => {
  await at.post(`${at.in('v1')}/serviceaccounts`, { metadata: { name: 'e2e' } });
  const { status: { token } } = await at.post<{ status: { token: string } }>(`${at.in('v1')}/serviceaccounts/e2e/token`, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: null } });
  const review = await at.post('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } });
  expect(review.status).toMatchObject({ authenticated: true, user: { username: `system:serviceaccount:${at.namespace}:e2e` } });
  expect(review.status).not.toHaveProperty('error');
});

behaviour('[sig-auth] SubjectReview should support SubjectReview API operations [Conformance]', async (at) => {
  const account = await at.post(`${at.in('v1')}/serviceaccounts`, { metadata: { name: 'e2e' } });
  const user = `system:serviceaccount:${at.namespace}:e2e`;
  const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${at.namespace}`];
  const headers = new Headers({ 'impersonate-user': user, 'impersonate-uid': account.metadata.uid });
  for (const group of groups) headers.append('impersonate-group', group);
  const does = (await fetch(`${at.url}${at.in('v1')}/configmaps`, { headers })).status;
  const spec = { resourceAttributes: { verb: 'list', resource: 'configmaps', namespace: at.namespace, version: 'v1' }, user, groups, uid: account.metadata.uid };
  const authorization = 'authorization.k8s.io/v1';
  const may = async (path: string, body: object) => (await at.post<{ status: { allowed: boolean } }>(path, body)).status.allowed;
  expect([does, await may(`${at.all(authorization)}/subjectaccessreviews`, { spec })]).toEqual([403, false]);
  expect(await may(`${at.in(authorization)}/localsubjectaccessreviews`, { metadata: { namespace: at.namespace }, spec })).toBe(false);
});

const requestText = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n').toString('base64');
const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n').toString('base64');
behaviour('[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations [Conformance]', async (at) => {
  const all = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  expect((await at.get<{ resources: readonly { readonly name: string }[] }>('/apis/certificates.k8s.io/v1')).resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['', '/approval', '/status'].map((part) => `certificatesigningrequests${part}`)));
  const signerName = `example.com/e2e-${at.namespace}`;
  const body = { metadata: { generateName: 'e2e-example-csr-' }, spec: { request: requestText, signerName, expirationSeconds: 3_600, usages: ['digital signature', 'key encipherment', 'server auth'] } };
  await at.post(all, body);
  await at.post(all, body);
  const made = await at.post(all, body);
  const one = `${all}/${made.metadata.name}`;
  const identity = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { uid: made.metadata.uid } };
  expect(await at.get(one)).toMatchObject({ ...identity, spec: { expirationSeconds: 3_600 } });
  const ofSigner = `${all}?fieldSelector=spec.signerName=${signerName}`;
  const { metadata: { resourceVersion }, items } = await at.list(ofSigner);
  expect(items).toHaveLength(3);
  const watch = await at.watch(`${all}?resourceVersion=${resourceVersion}&fieldSelector=metadata.name=${made.metadata.name}`);
  const patched = await at.patch(one, { metadata: { annotations: { patched: 'true' } } });
  newer(patched, made);
  expect((await at.put(one, withAnnotation(patched, 'updated'))).metadata.annotations).toEqual({ patched: 'true', updated: 'true' });
  expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { metadata: { annotations: { patched: 'true' } } } });
  const conditionsOf = ({ status }: Thing) => (status as { readonly conditions: readonly object[] }).conditions;
  expect(await at.get(`${one}/approval`)).toMatchObject(identity);
  const approving = await at.patch(`${one}/approval`, { metadata: { annotations: { patchedapproval: 'true' } }, status: { conditions: [{ type: 'ApprovalPatch', status: 'True', reason: 'e2e' }] } });
  expect(approving).toMatchObject({ metadata: { annotations: { patchedapproval: 'true' } }, status: { conditions: [{ type: 'ApprovalPatch' }] } });
  const approved = await at.put(`${one}/approval`, { ...approving, status: { conditions: [...conditionsOf(approving), { type: 'Approved', status: 'True', reason: 'E2E', message: 'Set from an e2e test' }] } });
  expect(conditionsOf(approved)).toMatchObject([{ type: 'ApprovalPatch' }, { type: 'Approved' }]);
  expect(await at.get(`${one}/status`)).toMatchObject(identity);
  const signed = await at.patch(`${one}/status`, { metadata: { annotations: { patchedstatus: 'true' } }, status: { certificate } });
  expect(signed).toMatchObject({ metadata: { annotations: { patchedstatus: 'true' } }, status: { certificate } });
  const told = await at.put(`${one}/status`, { ...signed, status: { certificate, conditions: [...conditionsOf(signed), { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from an e2e test' }] } });
  expect(conditionsOf(told)).toMatchObject([{ type: 'ApprovalPatch' }, { type: 'Approved' }, { type: 'StatusUpdate' }]);
  await at.delete(one);
  await isGone(at, one);
  expect((await at.list(ofSigner)).items).toHaveLength(2);
  await at.delete(ofSigner);
  expect((await at.list(ofSigner)).items).toEqual([]);
});

behaviour('[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace [Conformance]', async (at) => {
  const one = `${at.in('v1')}/configmaps/kube-root-ca.crt`;
  const first = await at.until(async () => { const now = await at.find(one); return now !== undefined && now; });
  await at.delete(one);
  await at.until(async () => { const now = await at.find(one); return now !== undefined && now.metadata.uid !== first.metadata.uid; });
  await at.patch(one, { data: { 'ca.crt': '' } });
  await at.until(async () => (((await at.get(one)).data as { readonly 'ca.crt'?: string })['ca.crt'] ?? '') !== '');
});
