/** Takes the steps of test/e2e/scheduling/predicates.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { conditionOf, pause, podsOf, podThat, running, type Pod } from './pods.ts';
import type { Thing } from './things.ts';

const pod = (name: string, spec: object = {}, container: object = {}) => ({ metadata: { name, labels: { name } }, spec: { containers: [{ name, image: pause, ...container }], ...spec } });
/** That the scheduler has said of it that it fits nowhere, and how many Pods of the namespace have and have not a node. Models WaitForSchedulerAfterAction, verifyResult. */
async function fitsNowhere(at: Client, name: string, others: number): Promise<Pod> {
  const refused = await podThat(at, name, (now) => conditionOf(now, 'PodScheduled')?.reason === 'Unschedulable');
  await at.until(async () => (await at.list(`${at.in('v1')}/events?fieldSelector=involvedObject.name=${name}`)).items.some(({ reason }) => reason === 'FailedScheduling'));
  const { items } = await at.list(podsOf(at));
  expect([items.length, items.filter(({ spec }) => (spec as Pod['spec']).nodeName !== undefined).length]).toEqual([others + 1, others]);
  return refused;
}
/** Where a Pod without wishes goes. Models GetNodeThatCanRunPod. */
async function aNode(at: Client): Promise<string> {
  await at.post(podsOf(at), pod('without-label'));
  const { spec } = await running(at, 'without-label');
  await at.delete(`${podsOf(at)}/without-label`, { gracePeriodSeconds: 0 });
  return spec.nodeName!;
}
type Node = Thing & { readonly status: { readonly allocatable: { readonly cpu: string } } };
const workers = (at: Client): Promise<readonly Node[]> => at.until(async () => {
  const able = (await at.list('/api/v1/nodes')).items.filter(({ spec }) => !('taints' in (spec as object)));
  return able.length === 3 && (able as unknown as readonly Node[]);
});
const milli = (cpu = '0'): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1_000);
const cpuOf = ({ spec }: Pod): number => (spec.containers as unknown as readonly { readonly resources?: { readonly requests?: { readonly cpu?: string } } }[]).reduce((sum, { resources }) => sum + milli(resources?.requests?.cpu), 0);
const asks = (cpu: number) => ({ resources: { limits: { cpu: `${cpu}m` }, requests: { cpu: `${cpu}m` } } });

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates resource limits of pods that are allowed to run [Conformance]', async (at) => {
  const nodes = await workers(at);
  for (const { metadata: { name } } of nodes) await at.patch(`/api/v1/nodes/${name}`, { metadata: { labels: { node: name } } }, 'strategic');
  const all = (await at.list('/api/v1/pods')).items as readonly Pod[];
  for (const { metadata: { name }, status } of nodes) {
    const left = all.filter((one) => one.spec.nodeName === name).reduce((rest, one) => rest - cpuOf(one), milli(status.allocatable.cpu));
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'node', operator: 'In', values: [name] }] }] } };
    await at.post(podsOf(at), pod(`filler-pod-${name}`, { affinity: { nodeAffinity } }, asks(Math.floor(left * 0.7))));
  }
  for (const { metadata: { name } } of nodes) expect((await running(at, `filler-pod-${name}`)).spec.nodeName).toBe(name);
  await at.post(podsOf(at), pod('additional-pod', {}, asks(Math.max(...nodes.map(({ status }) => milli(status.allocatable.cpu))) / 2)));
  expect(conditionOf(await fitsNowhere(at, 'additional-pod', 3), 'PodScheduled')).toMatchObject({ message: expect.stringContaining('3 Insufficient cpu') as string });
  for (const { metadata: { name } } of nodes) await at.patch(`/api/v1/nodes/${name}`, { metadata: { labels: { node: null } } }, 'strategic');
  await at.delete(podsOf(at), { gracePeriodSeconds: 0 });
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if not matching [Conformance]', async (at) => {
  await at.post(podsOf(at), pod('restricted-pod', { nodeSelector: { label: 'nonempty' } }));
  await fitsNowhere(at, 'restricted-pod', 0);
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected if matching [Conformance]', async (at) => {
  const node = await aNode(at);
  await at.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'kubernetes.io/e2e-42': '42' } } }, 'strategic');
  await at.post(podsOf(at), pod('with-labels', { nodeSelector: { 'kubernetes.io/e2e-42': '42' } }));
  expect((await podThat(at, 'with-labels', ({ status }) => status.phase !== 'Pending')).spec.nodeName).toBe(node);
  await at.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'kubernetes.io/e2e-42': null } } }, 'strategic');
});

behaviour('[sig-scheduling] SchedulerPredicates [Serial] validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP [Conformance]', async (at) => {
  const node = await aNode(at);
  await at.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'kubernetes.io/e2e-95': '95' } } }, 'strategic');
  const onPort = (name: string, hostIP: string) => pod(name, { nodeSelector: { 'kubernetes.io/e2e-95': '95' } }, { ports: [{ hostPort: 54322, containerPort: 8080, protocol: 'TCP', hostIP }] });
  await at.post(podsOf(at), onPort('pod4', ''));
  const { status } = await running(at, 'pod4');
  await at.post(podsOf(at), onPort('pod5', status.hostIP!));
  const refused = await fitsNowhere(at, 'pod5', 1);
  expect(conditionOf(refused, 'PodScheduled')).toMatchObject({ message: expect.stringContaining("1 node(s) didn't have free ports for the requested pod ports") as string });
  await at.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'kubernetes.io/e2e-95': null } } }, 'strategic');
});
