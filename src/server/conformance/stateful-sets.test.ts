/** Takes the steps of test/e2e/apps/statefulset.go and test/e2e/framework/statefulset. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { agnhost, isReady, pause, podsOf, running, type Pod } from './pods.ts';
import type { Thing } from './things.ts';

interface Status { readonly replicas: number; readonly readyReplicas?: number; readonly currentRevision?: string; readonly updateRevision?: string; readonly observedGeneration?: number; readonly conditions?: readonly object[] }
type Set = Thing & { readonly spec: { readonly replicas: number; readonly updateStrategy: { readonly rollingUpdate: { readonly partition: number } }; readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } }; readonly status: Status };
const previous = 'registry.k8s.io/e2e-test-images/agnhost:2.55';
const labels = { foo: 'bar', baz: 'blah' };
const revisionLabel = 'controller-revision-hash';
const readinessProbe = { httpGet: { path: '/index.html', port: 80 }, periodSeconds: 1, successThreshold: 1, failureThreshold: 1 };
const setsOf = (at: Client): string => `${at.in('apps/v1')}/statefulsets`;

interface Wishes { readonly name?: string; readonly replicas?: number; readonly partition?: number; readonly podLabels?: object; readonly podSpec?: object; readonly ports?: readonly object[] }
/** Models fixtures.go: NewStatefulSet, and setHTTPProbe. */
const statefulSet = ({ name = 'ss', replicas = 1, partition, podLabels = labels, podSpec = {}, ports }: Wishes = {}) => ({
  metadata: { name },
  spec: {
    selector: { matchLabels: podLabels }, replicas, serviceName: 'test', updateStrategy: { type: 'RollingUpdate', ...(partition !== undefined && { rollingUpdate: { partition } }) },
    template: { metadata: { labels: podLabels }, spec: { containers: [{ name: 'webserver', image: previous, args: ['test-webserver'], readinessProbe, ...(ports && { ports }) }], ...podSpec } },
  },
});
const headless = (at: Client) => at.post(`${at.in('v1')}/services`, { metadata: { name: 'test', labels }, spec: { ports: [{ port: 80, name: 'http' }], clusterIP: 'None', selector: labels } });
const podsIn = async (at: Client, selector = 'foo=bar,baz=blah'): Promise<readonly Pod[]> =>
  ((await at.list(`${podsOf(at)}?labelSelector=${selector}`)).items as readonly Pod[]).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** Models WaitForRunningAndReady: exactly so many, none on its way out. */
const allReady = (at: Client, count: number, selector?: string): Promise<readonly Pod[]> => at.until(async () => {
  const pods = await podsIn(at, selector);
  return pods.length === count && pods.every((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined) && pods;
});
/** Models waitForStatus. */
const observed = (at: Client, name: string): Promise<Set> => at.until(async () => {
  const set = await at.get<Set>(`${setsOf(at)}/${name}`);
  return (set.status.observedGeneration ?? 0) >= set.metadata.generation! && set;
});

/** Each Pod is of the revision and the image that its place says. */
function expectSplit(pods: readonly Pod[], partition: number, [before, after]: readonly [string, string], revisions: Status): void {
  pods.forEach(({ spec, metadata }, index) => {
    const old = index < partition;
    expect([metadata.name, spec.containers[0]!.image, metadata.labels?.[revisionLabel]]).toEqual([`ss2-${index}`, old ? before : after, old ? revisions.currentRevision : revisions.updateRevision]);
  });
}

/** Models waitForPartitionedRollingUpdate: everything at and above the partition is of the new revision. */
const updatedFrom = (at: Client, partition: number, update: string): Promise<readonly Pod[]> => at.until(async () => {
  const pods = await podsIn(at);
  return pods.length === 3 && pods.every((pod, index) => isReady(pod) && pod.metadata.deletionTimestamp === undefined && (index < partition || pod.metadata.labels?.[revisionLabel] === update)) && pods;
});

behaviour('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should perform canary updates and phased rolling updates of template modifications [Conformance]', async (at) => {
  await headless(at);
  const one = `${setsOf(at)}/ss2`;
  await at.post(setsOf(at), statefulSet({ name: 'ss2', replicas: 3, partition: 3 }));
  const first = await allReady(at, 3);
  const made = (await observed(at, 'ss2')).status;
  expect(made.currentRevision).toBe(made.updateRevision);
  expectSplit(first, 3, [previous, agnhost], made);

  await at.patch(one, { spec: { template: { spec: { containers: [{ name: 'webserver', image: agnhost }] } } } }, 'strategic');
  const { status } = await observed(at, 'ss2');
  expect(status.currentRevision).not.toBe(status.updateRevision);
  expectSplit(await podsIn(at), 3, [previous, agnhost], status);

  const partition = (to: number) => at.patch(one, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: to } } } });
  await partition(2);
  expectSplit(await updatedFrom(at, 2, status.updateRevision!), 2, [previous, agnhost], status);

  for (const index of [0, 2]) await at.delete(`${podsOf(at)}/ss2-${index}`, { gracePeriodSeconds: 0 });
  expectSplit(await allReady(at, 3), 2, [previous, agnhost], status);

  for (const to of [1, 0]) {
    await partition(to);
    expectSplit(await updatedFrom(at, to, status.updateRevision!), to, [previous, agnhost], status);
  }
  await at.until(async () => (await at.get<Set>(one)).status.currentRevision === status.updateRevision);
});

behaviour('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Should recreate evicted statefulset [Conformance]', async (at) => {
  await headless(at);
  const nodes = (await at.list(`${at.all('v1')}/nodes`)).items as readonly (Thing & { readonly spec: { readonly taints?: readonly object[] } })[];
  const nodeName = nodes.find(({ spec }) => spec.taints === undefined)!.metadata.name;
  const ports = [{ hostPort: 21_017, containerPort: 21_017, name: 'conflict' }];
  await at.post(podsOf(at), { metadata: { name: 'test-pod' }, spec: { nodeName, containers: [{ name: 'agnhost', image: agnhost, ports }] } });
  await running(at, 'test-pod');
  const watch = await at.watch(`${podsOf(at)}?fieldSelector=metadata.name=ss-0`);
  await at.post(setsOf(at), statefulSet({ podSpec: { nodeName }, ports }));
  const { object: first } = await watch.next();
  const failed = await watch.nextThat(({ object }) => (object as Pod).status.phase === 'Failed');
  expect((failed.object as Pod).status).toMatchObject({ reason: 'NodePorts', message: expect.stringContaining('Predicate NodePorts failed') as string });
  await watch.nextThat(({ type }) => type === 'DELETED');
  await at.delete(`${podsOf(at)}/test-pod`, { gracePeriodSeconds: 0 });
  const again = await at.until(async () => {
    const pod = await at.find<Pod>(`${podsOf(at)}/ss-0`);
    return pod?.status.phase === 'Running' && pod;
  });
  expect(again.metadata.uid).not.toBe(first.metadata.uid);
});

behaviour('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should have a working scale subresource [Conformance]', async (at) => {
  await headless(at);
  const one = `${setsOf(at)}/ss`;
  await at.post(setsOf(at), statefulSet());
  await allReady(at, 1);
  await observed(at, 'ss');
  const scale = await at.until(async () => {
    const found = await at.get(`${one}/scale`);
    return (found.status as Status).replicas === 1 && found;
  });
  expect(scale).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 1 }, status: { selector: 'baz=blah,foo=bar' } });
  expect(await at.put(`${one}/scale`, { ...scale, metadata: { ...scale.metadata, resourceVersion: '' }, spec: { replicas: 2 } })).toMatchObject({ spec: { replicas: 2 } });
  expect((await at.get<Set>(one)).spec.replicas).toBe(2);
  await at.patch(`${one}/scale`, { spec: { replicas: 4 } }, 'strategic');
  expect((await at.get<Set>(one)).spec.replicas).toBe(4);
  await allReady(at, 4);
});

behaviour('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets [Conformance]', async (at) => {
  await headless(at);
  const podLabels = { name: 'sample-pod', pod: 'agnhost' };
  const made = await at.post<Set>(setsOf(at), statefulSet({ name: 'test-ss', podLabels }));
  await allReady(at, 1, 'name=sample-pod');
  const patched = await at.patch<Set>(`${setsOf(at)}/test-ss`, {
    metadata: { labels: { 'test-ss': 'patched' } }, spec: { replicas: 2, template: { spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'test-ss', image: pause }] } } },
  }, 'strategic');
  expect(Number(patched.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
  const now = await at.get<Set>(`${setsOf(at)}/test-ss`);
  expect([now.spec.replicas, now.spec.template.spec.containers[0]!.image]).toEqual([2, pause]);
  await allReady(at, 2, 'name=sample-pod');
  await observed(at, 'test-ss');
  expect((await at.list(`${at.all('apps/v1')}/statefulsets?labelSelector=test-ss=patched`)).items).toHaveLength(1);
  await at.delete(`${setsOf(at)}?labelSelector=test-ss=patched`, { gracePeriodSeconds: 1 });
  expect((await at.list(`${at.all('apps/v1')}/statefulsets?labelSelector=test-ss=patched`)).items).toEqual([]);
  await at.until(async () => (await podsIn(at, 'name=sample-pod')).length === 0);
});

behaviour('[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints [Conformance]', async (at) => {
  await headless(at);
  const one = `${setsOf(at)}/ss`;
  const watch = await at.watch(`${setsOf(at)}?labelSelector=e2e=testing`);
  await at.post(setsOf(at), statefulSet());
  await allReady(at, 1);
  await at.patch(one, { metadata: { labels: { e2e: 'testing' } } }, 'strategic');
  await at.until(async () => (await at.get<Set>(one)).status.readyReplicas === 1);
  const now = await at.get<Set>(`${one}/status`);
  const conditions = [...(now.status.conditions ?? []), { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' }];
  expect((await at.put<Set>(`${one}/status`, { ...now, status: { ...now.status, conditions } })).status.conditions).toMatchObject(conditions);
  await watch.nextThat(({ object }) => JSON.stringify((object as Set).status.conditions ?? []).includes('Set from e2e test'));
  expect((await at.patch<Set>(`${one}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } })).status.conditions).toMatchObject([{ type: 'StatusPatched', status: 'True' }]);
  await watch.nextThat(({ object }) => JSON.stringify((object as Set).status.conditions ?? []).includes('StatusPatched'));
});
