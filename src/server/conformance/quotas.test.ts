/** Takes the steps of test/e2e/apimachinery/resource_quota.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

type Amounts = { readonly [resource: string]: string };
const name = 'test-quota';
const quotas = (at: Client): string => `${at.in('v1')}/resourcequotas`;
const statusOf = ({ status }: Thing) => status as { readonly hard?: Amounts; readonly used?: Amounts } | undefined;
const container = { name: 'pause', image: 'registry.k8s.io/pause:3.10.1' };
const podNamed = (podName: string, resources?: object, more: object = {}) => ({ metadata: { name: podName }, spec: { containers: [{ ...container, ...(resources === undefined ? {} : { resources }) }], ...more } });

async function bounded(at: Client, hard: Amounts, more: object = {}, called = name): Promise<void> {
  await at.post(quotas(at), { metadata: { name: called }, spec: { hard, ...more } });
  await used(at, Object.fromEntries(Object.keys(hard).map((resource) => [resource, '0'])), called);
}
const used = async (at: Client, expected: Amounts, called = name): Promise<unknown> => at.until(async () => {
  const now = statusOf(await at.get(`${quotas(at)}/${called}`))?.used;
  return now !== undefined && Object.entries(expected).every(([resource, amount]) => now[resource] === amount);
});
const refused = async (asked: Promise<unknown>): Promise<unknown> => expect(asked).rejects.toMatchObject({ code: 403, message: expect.stringContaining('exceeded quota') as string });

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and ensure its status is promptly calculated. [Conformance]', async (at) => {
  const hard = { pods: '5', services: '10', replicationcontrollers: '10', resourcequotas: '1' };
  await at.post(quotas(at), { metadata: { name }, spec: { hard } });
  // It counts itself.
  await used(at, { pods: '0', services: '0', replicationcontrollers: '0', resourcequotas: '1' });
  expect(statusOf(await at.get(`${quotas(at)}/${name}`))?.hard).toEqual(hard);
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a service. [Conformance]', async (at) => {
  const services = `${at.in('v1')}/services`;
  const service = (called: string, type: string) => ({ metadata: { name: called }, spec: { type, ports: [{ port: 80, targetPort: 80 }] } });
  await bounded(at, { services: '10', 'services.nodeports': '1', 'services.loadbalancers': '0' });
  await at.post(services, service('test-service', 'ClusterIP'));
  await at.post(services, service('test-service-np', 'NodePort'));
  await used(at, { services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
  await refused(at.post(services, service('test-service-lb', 'LoadBalancer')));
  await refused(at.post(services, service('test-service-np-2', 'NodePort')));
  for (const one of ['test-service', 'test-service-np']) await at.delete(`${services}/${one}`);
  await used(at, { services: '0', 'services.nodeports': '0', 'services.loadbalancers': '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a secret. [Conformance]', async (at) => {
  const secrets = `${at.in('v1')}/secrets`;
  await bounded(at, { secrets: '10' });
  await at.post(secrets, { metadata: { name: 'test-secret' }, data: { 'data-1': 'dmFsdWUtMQ0K' } });
  await used(at, { secrets: '1' });
  await at.delete(`${secrets}/test-secret`);
  await used(at, { secrets: '0' });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a configMap. [Conformance]', async (at) => {
  const maps = `${at.in('v1')}/configmaps`;
  const before = (await at.until(async () => { const { items } = await at.list(maps); return items.length > 0 && items; })).length;
  await at.post(quotas(at), { metadata: { name }, spec: { hard: { configmaps: '10' } } });
  await used(at, { configmaps: String(before) });
  await at.post(maps, { metadata: { name: 'test-configmap' }, data: { a: 'b' } });
  await used(at, { configmaps: String(before + 1) });
  await at.delete(`${maps}/test-configmap`);
  await used(at, { configmaps: String(before) });
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod. [Conformance]', async (at) => {
  const pods = `${at.in('v1')}/pods`;
  await bounded(at, { pods: '5', cpu: '1', memory: '500Mi', 'ephemeral-storage': '50Gi' });
  const requests = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi' };
  await at.post(pods, podNamed('test-pod', { requests }, { terminationGracePeriodSeconds: 0 }));
  await used(at, { pods: '1', ...requests });
  await refused(at.post(pods, podNamed('fail-pod', { requests: { cpu: '600m', memory: '100Mi', 'ephemeral-storage': '1Gi' } })));
  await expect(at.patch(`${pods}/test-pod`, { spec: { containers: [{ name: 'pause', resources: { requests: { cpu: '100m' } } }] } }, 'strategic')).rejects.toMatchObject({ code: 422 });
  await used(at, { pods: '1', ...requests });
  await at.delete(`${pods}/test-pod`, { gracePeriodSeconds: 0 });
  await used(at, { pods: '0', cpu: '0', memory: '0', 'ephemeral-storage': '0' });
});

async function lifeOf(at: Client, path: string, counted: string, body: object, spare: object): Promise<void> {
  await bounded(at, { [counted]: '1' });
  await at.post(path, body);
  await used(at, { [counted]: '1' });
  await refused(at.post(path, spare));
  await at.delete(`${path}/test`);
  await used(at, { [counted]: '0' });
}
const labels = { app: 'test' };
const template = { metadata: { labels }, spec: { containers: [container] } };

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replication controller. [Conformance]', async (at) => {
  const body = (called: string) => ({ metadata: { name: called }, spec: { replicas: 0, selector: labels, template } });
  await lifeOf(at, `${at.in('v1')}/replicationcontrollers`, 'replicationcontrollers', body('test'), body('spare'));
});

behaviour('[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replica set. [Conformance]', async (at) => {
  const body = (called: string) => ({ metadata: { name: called }, spec: { replicas: 0, selector: { matchLabels: labels }, template } });
  await lifeOf(at, `${at.in('apps/v1')}/replicasets`, 'count/replicasets.apps', body('test'), body('spare'));
});

async function scoped(at: Client, [fits, misses]: readonly [string, string], body: object): Promise<void> {
  const pods = `${at.in('v1')}/pods`;
  await bounded(at, { pods: '5' }, { scopes: [fits] }, 'fits');
  await bounded(at, { pods: '5' }, { scopes: [misses] }, 'misses');
  await at.post(pods, body);
  await used(at, { pods: '1' }, 'fits');
  await used(at, { pods: '0' }, 'misses');
  await at.delete(`${pods}/test-pod`, { gracePeriodSeconds: 0 });
  await used(at, { pods: '0' }, 'fits');
  for (const called of ['fits', 'misses']) await at.delete(`${quotas(at)}/${called}`);
}

behaviour('[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope. [Conformance]', async (at) => {
  await scoped(at, ['BestEffort', 'NotBestEffort'], podNamed('test-pod'));
  await scoped(at, ['NotBestEffort', 'BestEffort'], podNamed('test-pod', { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '200m', memory: '100Mi' } }));
});

behaviour('[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes. [Conformance]', async (at) => {
  const resources = { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '200m', memory: '100Mi' } };
  await scoped(at, ['NotTerminating', 'Terminating'], podNamed('test-pod', resources));
  await scoped(at, ['Terminating', 'NotTerminating'], podNamed('test-pod', resources, { activeDeadlineSeconds: 3600 }));
});

behaviour('[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota. [Conformance]', async (at) => {
  const one = `${quotas(at)}/${name}`;
  await at.post(quotas(at), { metadata: { name }, spec: { hard: { cpu: '1', memory: '500Mi' } } });
  const now = await at.get(one);
  const updated = await at.put(one, { ...now, spec: { hard: { cpu: '2', memory: '1Gi' } } });
  expect(updated.spec).toEqual({ hard: { cpu: '2', memory: '1Gi' } });
  expect((await at.get(one)).spec).toEqual({ hard: { cpu: '2', memory: '1Gi' } });
  await at.delete(one);
  await at.until(async () => (await at.find(one)) === undefined);
});

behaviour('[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota [Conformance]', async (at) => {
  const one = `${quotas(at)}/${name}`;
  await at.post(quotas(at), { metadata: { name, labels: { [name]: 'initial' } }, spec: { hard: { cpu: '1', memory: '500Mi' } } });
  expect((await at.get(one)).spec).toEqual({ hard: { cpu: '1', memory: '500Mi' } });
  expect((await at.list(`${at.all('v1')}/resourcequotas?labelSelector=${name}`)).items).toHaveLength(1);
  expect((await at.patch(one, { metadata: { labels: { [name]: 'patched' } }, spec: { hard: { memory: '750Mi' } } }, 'strategic')).spec).toEqual({ hard: { cpu: '1', memory: '750Mi' } });
  await at.delete(`${quotas(at)}?labelSelector=${name}=patched`);
  expect((await at.list(quotas(at))).items).toEqual([]);
});

behaviour('[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status [Conformance]', async (at) => {
  const one = `${quotas(at)}/${name}`;
  const watch = await at.watch(`${quotas(at)}?labelSelector=e2e=quota`);
  await at.post(quotas(at), { metadata: { name, labels: { e2e: 'quota' } }, spec: { hard: { cpu: '500m', memory: '500Mi' } } });
  await watch.nextThat(({ object }) => statusOf(object)?.hard?.['cpu'] === '500m');
  const now = await at.get(one);
  await at.put(one, { ...now, spec: { hard: { cpu: '1', memory: '1Gi' } } });
  await watch.nextThat(({ object }) => statusOf(object)?.hard?.['cpu'] === '1' && statusOf(object)?.hard?.['memory'] === '1Gi');
  expect(statusOf(await at.patch(`${one}/status`, { status: { hard: { cpu: '2', memory: '2Gi' } } }))?.hard).toMatchObject({ cpu: '2', memory: '2Gi' });
  await watch.nextThat(({ object }) => statusOf(object)?.hard?.['cpu'] === '2');
  const after = await at.get(`${one}/status`);
  expect((after.spec as { readonly hard: Amounts }).hard).toEqual({ cpu: '1', memory: '1Gi' });
});
