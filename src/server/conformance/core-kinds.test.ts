/** Takes the steps of test/e2e/common/{node/{configmap,secrets,lease,podtemplates},storage/{configmap_volume,secrets_volume}}.go. */
import { expect } from 'vitest';
import { isGone, newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';

const names = ({ items }: { readonly items: readonly { readonly metadata: { readonly name: string } }[] }): readonly string[] => items.map(({ metadata: { name } }) => name);

behaviour('[sig-node] ConfigMap should fail to create ConfigMap with empty key [Conformance]', (at) =>
  expect(at.post(`${at.in('v1')}/configmaps`, { metadata: { name: 'empty-key' }, data: { '': 'value-1' } })).rejects.toMatchObject({ code: 422, reason: 'Invalid' }));

behaviour('[sig-node] ConfigMap should update ConfigMap successfully [NodeConformance] [Conformance]', async (at) => {
  const maps = `${at.in('v1')}/configmaps`;
  const made = await at.post(maps, { metadata: { name: 'map' }, data: { 'data-1': 'value-1' } });
  await at.put(`${maps}/map`, { ...made, data: { data: 'value' } });
  expect((await at.get(`${maps}/map`)).data).toEqual({ data: 'value' });
});

behaviour('[sig-node] ConfigMap should run through a ConfigMap lifecycle [Conformance]', async (at) => {
  const maps = `${at.in('v1')}/configmaps`;
  const made = await at.post(maps, { metadata: { name: 'map', labels: { 'test-configmap-static': 'true' } }, data: { valueName: 'value' } });
  expect(await at.get(`${maps}/map`)).toEqual(made);
  const patched = await at.patch(`${maps}/map`, { metadata: { labels: { 'test-configmap': 'patched' } }, data: { valueName: 'value1' } }, 'strategic');
  newer(patched, made);
  expect((await at.list('/api/v1/configmaps?labelSelector=test-configmap=patched')).items).toEqual([expect.objectContaining({ metadata: patched.metadata, data: { valueName: 'value1' } })]);
  await at.delete(`${maps}?labelSelector=test-configmap-static=true`);
  // The cluster's own certificates are kept.
  expect(names(await at.list(maps))).toEqual(['kube-root-ca.crt']);
});

behaviour('[sig-node] Secrets should fail to create secret due to empty secret key [Conformance]', (at) =>
  expect(at.post(`${at.in('v1')}/secrets`, { metadata: { name: 'empty-key' }, data: { '': 'dmFsdWUtMQ==' } })).rejects.toMatchObject({ code: 422, reason: 'Invalid' }));

behaviour('[sig-node] Secrets should patch a secret [Conformance]', async (at) => {
  const secrets = `${at.in('v1')}/secrets`;
  const made = await at.post(secrets, { metadata: { name: 'secret', labels: { 'testsecret-constant': 'true' } }, data: { key: btoa('value') }, type: 'Opaque' });
  expect(names(await at.list('/api/v1/secrets?labelSelector=testsecret-constant=true'))).toEqual(['secret']);
  await at.patch(`${secrets}/secret`, { metadata: { labels: { testsecret: 'true' } }, data: { key: btoa('value1') } }, 'strategic');
  const patched = await at.get(`${secrets}/secret`);
  newer(patched, made);
  expect(patched.data).toEqual({ key: btoa('value1') });
  await at.delete(`${secrets}?labelSelector=testsecret=true`);
  expect(names(await at.list('/api/v1/secrets?labelSelector=testsecret-constant=true'))).toEqual([]);
});

async function immutable(at: Client, resource: string, value: (text: string) => string): Promise<void> {
  const path = `${at.in('v1')}/${resource}`;
  const data = (text: string) => ({ data: { 'data-1': value(text) } });
  const put = async (more: object) => at.put(`${path}/kept`, { ...await at.get(`${path}/kept`), ...more });
  await at.post(path, { metadata: { name: 'kept' }, ...data('value-1') });
  expect(await put(data('value-4'))).toMatchObject(data('value-4'));
  expect(await put({ immutable: true })).toMatchObject({ immutable: true });
  await expect(put({ immutable: false })).rejects.toMatchObject({ code: 422, reason: 'Invalid', message: expect.stringContaining('immutable: Forbidden: field is immutable when `immutable` is set') as string });
  await expect(put(data('value-5'))).rejects.toMatchObject({ code: 422, message: expect.stringContaining('data: Forbidden: field is immutable when `immutable` is set') as string });
  const now = await at.get(`${path}/kept`);
  expect(now).toMatchObject({ immutable: true, ...data('value-4') });
  const labels = { label1: 'value1' };
  expect((await at.put(`${path}/kept`, { ...now, metadata: { ...now.metadata, labels } })).metadata.labels).toEqual(labels);
  await at.delete(`${path}/kept`);
  await isGone(at, `${path}/kept`);
}
behaviour('[sig-storage] ConfigMap should be immutable if `immutable` field is set [Conformance]', (at) => immutable(at, 'configmaps', (text) => text));
behaviour('[sig-storage] Secrets should be immutable if `immutable` field is set [Conformance]', (at) => immutable(at, 'secrets', btoa));

behaviour('[sig-node] Lease lease API should be available [Conformance]', async (at) => {
  const leases = `${at.in('coordination.k8s.io/v1')}/leases`;
  const spec = (holderIdentity: string, acquired: string, renewed: string, leaseTransitions: number) => ({ holderIdentity, leaseDurationSeconds: 30, acquireTime: `0001-01-01T00:00:${acquired}.000000Z`, renewTime: `0001-01-01T00:00:${renewed}.000000Z`, leaseTransitions });
  const made = await at.post(leases, { metadata: { name: 'lease' }, spec: spec('holder', '02', '05', 0) });
  expect((await at.get(`${leases}/lease`)).spec).toEqual(spec('holder', '02', '05', 0));
  await at.put(`${leases}/lease`, { ...made, spec: spec('holder2', '20', '50', 1) });
  expect((await at.get(`${leases}/lease`)).spec).toEqual(spec('holder2', '20', '50', 1));
  await at.patch(`${leases}/lease`, { spec: { ...spec('holder3', '50', '58', 2), leaseDurationSeconds: 60 } }, 'strategic');
  const patched = await at.get(`${leases}/lease`);
  expect(patched.spec).toEqual({ ...spec('holder3', '50', '58', 2), leaseDurationSeconds: 60 });
  newer(patched, made);
  await at.post(leases, { metadata: { name: 'lease2', labels: { deletecollection: 'true' } }, spec: spec('holder', '02', '05', 0) });
  expect(names(await at.list(leases))).toEqual(['lease', 'lease2']);
  await at.delete(`${leases}?labelSelector=deletecollection=true`);
  expect(names(await at.list(leases))).toEqual(['lease']);
  await at.delete(`${leases}/lease`);
  await isGone(at, `${leases}/lease`);
  expect(names(await at.list('/apis/coordination.k8s.io/v1/leases'))).toContain('kube-scheduler');
});

const template = (name: string, labels: { readonly [key: string]: string }) => ({ metadata: { name, labels }, template: { spec: { containers: [{ name: 'nginx', image: 'nginx' }] } } });
behaviour('[sig-node] PodTemplates should run the lifecycle of PodTemplates [Conformance]', async (at) => {
  const templates = `${at.in('v1')}/podtemplates`;
  const made = await at.post(templates, template('nginx-pod-template', { 'podtemplate-static': 'true' }));
  expect(names(await at.list('/api/v1/podtemplates?labelSelector=podtemplate-static=true'))).toEqual(['nginx-pod-template']);
  const patched = await at.patch(`${templates}/nginx-pod-template`, { metadata: { labels: { podtemplate: 'patched' } } }, 'strategic');
  newer(patched, made);
  expect((await at.get(`${templates}/nginx-pod-template`)).metadata.labels).toEqual({ 'podtemplate-static': 'true', podtemplate: 'patched' });
  await at.delete(`${templates}/nginx-pod-template`);
  expect(names(await at.list(`/api/v1/podtemplates?labelSelector=podtemplate-static=true`))).toEqual([]);
});

behaviour('[sig-node] PodTemplates should delete a collection of pod templates [Conformance]', async (at) => {
  const templates = `${at.in('v1')}/podtemplates`;
  for (const name of ['one', 'two', 'three']) await at.post(templates, template(name, { 'podtemplate-set': 'true' }));
  expect(names(await at.list(`${templates}?labelSelector=podtemplate-set=true`))).toHaveLength(3);
  await at.delete(`${templates}?labelSelector=podtemplate-set=true`);
  expect(names(await at.list(`${templates}?labelSelector=podtemplate-set=true`))).toEqual([]);
});

behaviour('[sig-node] PodTemplates should replace a pod template [Conformance]', async (at) => {
  const templates = `${at.in('v1')}/podtemplates`;
  const made = await at.post(templates, template('kept', { 'podtemplate-name': 'kept' }));
  const replaced = await at.put(`${templates}/kept`, { ...made, metadata: { ...made.metadata, annotations: { updated: 'true' } } });
  expect(replaced.metadata.annotations).toEqual({ updated: 'true' });
  newer(replaced, made);
});
