/** Takes the steps of test/e2e/common/node/{ephemeral_containers,pods}.go, test/e2e/node/pods.go, test/e2e/auth/service_accounts.go and test/e2e/scheduling/predicates.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const container = { name: 'pause', image: 'registry.k8s.io/pause:3.10.1' };
const pods = (at: Client): string => `${at.in('v1')}/pods`;
const pod = (name: string, spec: object = {}, metadata: object = {}) => ({ metadata: { name, ...metadata }, spec: { terminationGracePeriodSeconds: 1, containers: [container], ...spec } });
type Condition = { readonly type: string; readonly status: string; readonly reason?: string };
const statusOf = ({ status }: Thing) => status as {
  readonly phase?: string; readonly hostIP?: string; readonly podIP?: string; readonly observedGeneration?: number; readonly conditions?: readonly Condition[]; readonly reason?: string;
  readonly ephemeralContainerStatuses?: readonly { readonly name: string; readonly state: { readonly running?: object } }[];
};
const specOf = ({ spec }: Thing) => spec as { readonly nodeName?: string; readonly activeDeadlineSeconds?: number; readonly ephemeralContainers?: readonly { readonly name: string }[] };
const running = async (at: Client, name: string): Promise<Thing> => at.until(async () => { const one = await at.get(`${pods(at)}/${name}`); return statusOf(one).phase === 'Running' && one; });
const gone = async (at: Client, name: string): Promise<unknown> => at.until(async () => (await at.find(`${pods(at)}/${name}`)) === undefined);

behaviour('[sig-node] Ephemeral Containers [NodeConformance] should update the ephemeral containers in an existing pod [Conformance]', async (at) => {
  const one = `${pods(at)}/ephemeral`;
  await at.post(pods(at), pod('ephemeral'));
  await running(at, 'ephemeral');
  const debugger1 = { name: 'debugger', image: 'busybox', command: ['sleep', '3600'] };
  await at.patch(`${one}/ephemeralcontainers`, { spec: { ephemeralContainers: [debugger1] } }, 'strategic');
  await at.until(async () => statusOf(await at.get(one)).ephemeralContainerStatuses?.[0]?.state.running !== undefined);
  const now = await at.get(`${one}/ephemeralcontainers`);
  expect(specOf(now).ephemeralContainers).toHaveLength(1);
  const both = [...specOf(now).ephemeralContainers!, { ...debugger1, name: 'debugger2' }];
  await at.put(`${one}/ephemeralcontainers`, { ...now, spec: { ...now.spec as object, ephemeralContainers: both } });
  const updated = await at.until(async () => { const after = await at.get(one); return statusOf(after).ephemeralContainerStatuses?.every(({ state }) => state.running !== undefined) === true && statusOf(after).ephemeralContainerStatuses?.length === 2 && after; });
  expect(specOf(updated).ephemeralContainers?.map(({ name }) => name)).toEqual(['debugger', 'debugger2']);
});

behaviour('[sig-node] Pods Extended (pod generation) Pod Generation pod generation should start at 1 and increment per update [MinimumKubeletVersion:1.34] [Conformance]', async (at) => {
  const one = `${pods(at)}/counted`;
  expect((await at.post(pods(at), pod('counted'))).metadata.generation).toBe(1);
  await running(at, 'counted');
  const generation = async (): Promise<number | undefined> => (await at.get(one)).metadata.generation;
  await at.patch(one, { metadata: { labels: { a: 'b' } } });
  expect(await generation()).toBe(1);
  await at.patch(one, { spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10' }] } }, 'strategic');
  expect(await generation()).toBe(2);
  await at.patch(one, { spec: { activeDeadlineSeconds: 5000 } });
  expect(await generation()).toBe(3);
  await at.until(async () => statusOf(await at.get(one)).observedGeneration === 3);
});

behaviour('[sig-node] Pods Extended (pod generation) Pod Generation custom-set generation on new pods and graceful delete [Conformance]', async (at) => {
  const one = `${pods(at)}/custom`;
  expect((await at.post(pods(at), pod('custom', { terminationGracePeriodSeconds: 30, containers: [{ name: 'c', image: 'busybox', command: ['sleep', '10000'] }] }, { generation: 100 }))).metadata.generation).toBe(1);
  await running(at, 'custom');
  await at.delete(one);
  const going = await at.get(one);
  expect([going.metadata.generation, going.metadata.deletionTimestamp]).toEqual([2, expect.any(String)]);
  await at.until(async () => { const now = await at.find(one); return now === undefined || statusOf(now).observedGeneration === 2; });
});

behaviour('[sig-node] Pods should get a host IP [NodeConformance] [Conformance]', async (at) => {
  await at.post(pods(at), pod('hosted'));
  const one = await at.until(async () => { const now = await at.get(`${pods(at)}/hosted`); return (statusOf(now).hostIP ?? '') !== '' && now; });
  const node = await at.get(`/api/v1/nodes/${specOf(one).nodeName}`);
  expect((node.status as { readonly addresses: readonly { readonly address: string }[] }).addresses.map(({ address }) => address)).toContain(statusOf(one).hostIP);
});

behaviour('[sig-node] Pods should be submitted and removed [NodeConformance] [Conformance]', async (at) => {
  const watch = await at.watch(`${pods(at)}?labelSelector=time=now`);
  await at.post(pods(at), pod('submitted', {}, { labels: { time: 'now' } }));
  await watch.nextThat(({ type }) => type === 'ADDED');
  await running(at, 'submitted');
  await at.delete(`${pods(at)}/submitted`);
  await watch.nextThat(({ type, object }) => type === 'MODIFIED' && object.metadata.deletionTimestamp !== undefined);
  await watch.nextThat(({ type }) => type === 'DELETED');
  expect((await at.list(`${pods(at)}?labelSelector=time=now`)).items).toEqual([]);
});

behaviour('[sig-node] Pods should be updated [NodeConformance] [Conformance]', async (at) => {
  await at.post(pods(at), pod('updated', {}, { labels: { time: 'then' } }));
  await running(at, 'updated');
  const now = await at.get(`${pods(at)}/updated`);
  await at.put(`${pods(at)}/updated`, { ...now, metadata: { ...now.metadata, labels: { time: 'now' } } });
  expect((await at.list(`${pods(at)}?labelSelector=time=now`)).items).toHaveLength(1);
});

behaviour('[sig-node] Pods should delete a collection of pods [Conformance]', async (at) => {
  for (const name of ['test-pod-1', 'test-pod-2', 'test-pod-3']) await at.post(pods(at), pod(name, {}, { labels: { type: 'Testing' } }));
  for (const name of ['test-pod-1', 'test-pod-2', 'test-pod-3']) await running(at, name);
  await at.delete(`${pods(at)}?labelSelector=type=Testing`, { gracePeriodSeconds: 1 });
  await at.until(async () => (await at.list(`${pods(at)}?labelSelector=type=Testing`)).items.length === 0);
});

behaviour('[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace [Conformance]', async (at) => {
  const one = `${at.in('v1')}/configmaps/kube-root-ca.crt`;
  const first = await at.until(async () => { const now = await at.find(one); return now !== undefined && now; });
  await at.delete(one);
  await at.until(async () => { const now = await at.find(one); return now !== undefined && now.metadata.uid !== first.metadata.uid; });
  await at.patch(one, { data: { 'ca.crt': '' } });
  await at.until(async () => (((await at.get(one)).data as { readonly 'ca.crt'?: string })['ca.crt'] ?? '') !== '');
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if not matching [Conformance]', async (at) => {
  await at.post(pods(at), pod('restricted-pod', { nodeSelector: { label: 'nonempty' } }));
  const one = await at.until(async () => { const now = await at.get(`${pods(at)}/restricted-pod`); return statusOf(now).conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') === true && now; });
  expect(specOf(one).nodeName).toBeUndefined();
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if matching [Conformance]', async (at) => {
  const label = { 'kubernetes.io/e2e-selector': '42' };
  await at.patch('/api/v1/nodes/worker-2', { metadata: { labels: label } });
  await at.post(pods(at), pod('with-labels', { nodeSelector: label }));
  expect(specOf(await running(at, 'with-labels')).nodeName).toBe('worker-2');
  await at.patch('/api/v1/nodes/worker-2', { metadata: { labels: { 'kubernetes.io/e2e-selector': null } } });
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP [Conformance]', async (at) => {
  const on = (hostIP: string) => ({ nodeSelector: { 'kubernetes.io/hostname': 'worker-1' }, containers: [{ ...container, ports: [{ containerPort: 8080, hostPort: 54322, protocol: 'TCP', hostIP }] }] });
  await at.post(pods(at), pod('pod4', on('0.0.0.0')));
  await running(at, 'pod4');
  await at.post(pods(at), pod('pod5', on('127.0.0.1')));
  await at.until(async () => statusOf(await at.get(`${pods(at)}/pod5`)).conditions?.some(({ reason }) => reason === 'Unschedulable') === true);
  for (const name of ['pod4', 'pod5']) await at.delete(`${pods(at)}/${name}`);
  for (const name of ['pod4', 'pod5']) await gone(at, name);
});
