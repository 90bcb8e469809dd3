/** Takes the steps of test/e2e/apps/rc.go and replica_set.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const labels = (name: string) => ({ name });
const container = { name: 'httpd', image: 'registry.k8s.io/e2e-test-images/httpd:2.4.38-4' };
const replicationController = (name: string, replicas: number) => ({ metadata: { name }, spec: { replicas, selector: labels(name), template: { metadata: { labels: labels(name) }, spec: { containers: [container] } } } });
const replicaSet = (name: string, replicas: number) => ({ metadata: { name, labels: labels(name) }, spec: { replicas, selector: { matchLabels: labels(name) }, template: { metadata: { labels: labels(name) }, spec: { containers: [container] } } } });
const kinds = (at: Client) => ({ rc: `${at.in('v1')}/replicationcontrollers`, rs: `${at.in('apps/v1')}/replicasets`, pods: `${at.in('v1')}/pods` });
const statusOf = ({ status }: Thing) => status as { readonly replicas?: number; readonly readyReplicas?: number; readonly availableReplicas?: number; readonly observedGeneration?: number; readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[] };
const specOf = ({ spec }: Thing) => spec as { readonly replicas?: number };
const ready = async (at: Client, path: string, count: number): Promise<Thing> => at.until(async () => {
  const thing = await at.get(path);
  return statusOf(thing).readyReplicas === count && thing;
});

async function adoptsAndReleases(at: Client, path: string, body: Thing | object, kind: string): Promise<void> {
  const { pods } = kinds(at);
  const pod = await at.post(pods, { metadata: { name: 'pod-adoption', labels: labels('pod-adoption') }, spec: { containers: [container] } });
  await at.post(path, body);
  const adopted = await at.until(async () => {
    const now = await at.get(`${pods}/pod-adoption`);
    return now.metadata.ownerReferences !== undefined && now;
  });
  expect(adopted.metadata).toMatchObject({ uid: pod.metadata.uid, ownerReferences: [{ kind, name: 'pod-adoption', controller: true }] });
}

async function releases(at: Client, name: string): Promise<void> {
  const { pods } = kinds(at);
  const [pod] = (await at.until(async () => { const { items } = await at.list(`${pods}?labelSelector=name=${name}`); return items.length > 0 && items; }));
  await at.patch(`${pods}/${pod!.metadata.name}`, { metadata: { labels: { name: 'not-matching-name' } } });
  await at.until(async () => (await at.get(`${pods}/${pod!.metadata.name}`)).metadata.ownerReferences === undefined);
  await at.until(async () => (await at.list(`${pods}?labelSelector=name=${name}`)).items.some(({ metadata }) => metadata.uid !== pod!.metadata.uid));
}

async function surfacesQuota(at: Client, path: string, body: object, name: string): Promise<void> {
  const { pods } = kinds(at);
  const quotas = `${at.in('v1')}/resourcequotas`;
  await at.post(quotas, { metadata: { name }, spec: { hard: { pods: '2' } } });
  await at.until(async () => (await at.get(`${quotas}/${name}`)).status !== undefined && ((await at.get(`${quotas}/${name}`)).status as { readonly hard?: object }).hard !== undefined);
  await at.post(path, body);
  const failed = await at.until(async () => { const thing = await at.get(`${path}/${name}`); return statusOf(thing).conditions?.some(({ type }) => type === 'ReplicaFailure') === true && thing; });
  expect(statusOf(failed).conditions).toMatchObject([{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: expect.stringContaining('exceeded quota') as string }]);
  await at.patch(`${path}/${name}`, { spec: { replicas: 2 } });
  await at.until(async () => (statusOf(await at.get(`${path}/${name}`)).conditions ?? []).length === 0);
  expect((await at.list(pods)).items).toHaveLength(2);
}

async function scales(at: Client, path: string, name: string): Promise<void> {
  const scale = await at.get(`${path}/${name}/scale`);
  expect(scale).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 1 }, status: { selector: `name=${name}` } });
  expect(await at.put(`${path}/${name}/scale`, { ...scale, metadata: { ...scale.metadata, resourceVersion: '' }, spec: { replicas: 2 } })).toMatchObject({ spec: { replicas: 2 } });
  expect(specOf(await at.get(`${path}/${name}`)).replicas).toBe(2);
}

behaviour('[sig-apps] ReplicationController should adopt matching pods on creation [Conformance]', async (at) => {
  await adoptsAndReleases(at, kinds(at).rc, replicationController('pod-adoption', 1), 'ReplicationController');
});

behaviour('[sig-apps] ReplicationController should release no longer matching pods [Conformance]', async (at) => {
  await at.post(kinds(at).rc, replicationController('pod-release', 1));
  await releases(at, 'pod-release');
});

behaviour('[sig-apps] ReplicationController should surface a failure condition on a common issue like exceeded quota [Conformance]', async (at) => {
  await surfacesQuota(at, kinds(at).rc, replicationController('condition-test', 3), 'condition-test');
});

behaviour('[sig-apps] ReplicationController should get and update a ReplicationController scale [Conformance]', async (at) => {
  const { rc } = kinds(at);
  await at.post(rc, replicationController('e2e-rc', 1));
  await ready(at, `${rc}/e2e-rc`, 1);
  await scales(at, rc, 'e2e-rc');
  await ready(at, `${rc}/e2e-rc`, 2);
});

behaviour('[sig-apps] ReplicationController should test the lifecycle of a ReplicationController [Conformance]', async (at) => {
  const { rc } = kinds(at);
  const one = `${rc}/rc-test`;
  const mark = 'labelSelector=test-rc-static=true';
  const watch = await at.watch(`${rc}?${mark}`);
  const body = replicationController('rc-test', 1);
  await at.post(rc, { ...body, metadata: { ...body.metadata, labels: { 'test-rc-static': 'true' } } });
  await watch.nextThat(({ type }) => type === 'ADDED');
  await watch.nextThat(({ object }) => statusOf(object).readyReplicas === 1);
  await at.patch(one, { metadata: { labels: { 'test-rc': 'patched' } } }, 'strategic');
  await watch.nextThat(({ object }) => object.metadata.labels?.['test-rc'] === 'patched');
  await at.patch(`${one}/status`, { status: { availableReplicas: 0, readyReplicas: 0 } }, 'merge');
  await watch.nextThat(({ object }) => statusOf(object).readyReplicas === 0);
  expect(statusOf(await at.get(`${one}/status`))).toBeDefined();
  await at.patch(`${one}/scale`, { spec: { replicas: 2 } }, 'merge');
  await watch.nextThat(({ object }) => specOf(object).replicas === 2);
  await watch.nextThat(({ object }) => statusOf(object).readyReplicas === 2);
  const now = await at.get(one);
  await at.put(`${one}/status`, { ...now, metadata: { ...now.metadata, annotations: { updated: 'true' } }, status: { ...now.status as object, readyReplicas: 1, availableReplicas: 1 } });
  expect((await at.list(`${at.all('v1')}/replicationcontrollers?${mark}`)).items).toHaveLength(1);
  await at.delete(`${rc}?${mark}`);
  await watch.nextThat(({ type }) => type === 'DELETED');
});

behaviour('[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer matching pods [Conformance]', async (at) => {
  const { rs, pods } = kinds(at);
  await adoptsAndReleases(at, rs, replicaSet('pod-adoption', 1), 'ReplicaSet');
  await at.patch(`${pods}/pod-adoption`, { metadata: { labels: { name: 'pod-adoption-released' } } });
  await at.until(async () => (await at.get(`${pods}/pod-adoption`)).metadata.ownerReferences === undefined);
});

behaviour('[sig-apps] ReplicaSet Replicaset should have a working scale subresource [Conformance]', async (at) => {
  const { rs } = kinds(at);
  await at.post(rs, replicaSet('test-rs', 1));
  await ready(at, `${rs}/test-rs`, 1);
  await scales(at, rs, 'test-rs');
  expect(await at.patch(`${rs}/test-rs/scale`, { spec: { replicas: 4 } }, 'strategic')).toMatchObject({ spec: { replicas: 4 } });
  expect(specOf(await at.get(`${rs}/test-rs`)).replicas).toBe(4);
});

behaviour('[sig-apps] ReplicaSet Replace and Patch tests [Conformance]', async (at) => {
  const { rs } = kinds(at);
  const body = replicaSet('test-rs', 1);
  const watch = await at.watch(`${rs}?labelSelector=name=test-rs`);
  await at.post(rs, body);
  await ready(at, `${rs}/test-rs`, 1);
  await at.patch(`${rs}/test-rs/scale`, { spec: { replicas: 2 } }, 'merge');
  await ready(at, `${rs}/test-rs`, 2);
  await at.patch(`${rs}/test-rs`, { metadata: { labels: { 'test-rs': 'patched' } }, spec: { replicas: 3, template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'httpd', image: 'registry.k8s.io/pause:3.10.1' }] } } } }, 'strategic');
  const seen = await watch.nextThat(({ object }) => object.metadata.labels?.['test-rs'] === 'patched' && statusOf(object).readyReplicas === 3);
  expect(seen.object.spec).toMatchObject({ replicas: 3, template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ image: 'registry.k8s.io/pause:3.10.1' }] } } });
});

behaviour('[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets [Conformance]', async (at) => {
  const { rs } = kinds(at);
  const body = replicaSet('test-rs', 3);
  await at.post(rs, { ...body, metadata: { ...body.metadata, labels: { e2e: 'test-rs' } } });
  await ready(at, `${rs}/test-rs`, 3);
  expect((await at.list(`${at.all('apps/v1')}/replicasets?labelSelector=e2e=test-rs`)).items).toHaveLength(1);
  await at.delete(`${rs}?labelSelector=e2e=test-rs`);
  expect((await at.list(`${rs}?labelSelector=e2e=test-rs`)).items).toEqual([]);
});

behaviour('[sig-apps] ReplicaSet should validate Replicaset Status endpoints [Conformance]', async (at) => {
  const { rs } = kinds(at);
  const one = `${rs}/test-rs`;
  const watch = await at.watch(`${rs}?labelSelector=name=test-rs`);
  await at.post(rs, replicaSet('test-rs', 1));
  await ready(at, one, 1);
  expect(statusOf(await at.get(`${one}/status`)).conditions ?? []).toEqual([]);
  const now = await at.get(one);
  const conditions = [{ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' }];
  expect(statusOf(await at.put(`${one}/status`, { ...now, status: { ...now.status as object, conditions } })).conditions).toMatchObject(conditions);
  await watch.nextThat(({ object }) => statusOf(object).conditions?.some(({ type }) => type === 'StatusUpdate') === true);
  const patched = [{ type: 'StatusPatched', status: 'True' }];
  expect(statusOf(await at.patch(`${one}/status`, { status: { conditions: patched } })).conditions).toMatchObject(patched);
  await watch.nextThat(({ object }) => statusOf(object).conditions?.some(({ type }) => type === 'StatusPatched') === true);
});
