/** Takes the steps of test/e2e/scheduling/preemption.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { conditionOf, isGone, pause, podsOf, podThat, running, type Pod } from './pods.ts';
import type { Thing } from './things.ts';

const foo = 'scheduling.k8s.io/foo';
type Node = Thing & { readonly status: { readonly allocatable: { readonly [resource: string]: string } } };

/** The nodes that take Pods, each with so much of a resource that nobody else uses; the classes of priority; and all of it gone again at the end. */
async function withNodes(at: Client, resource: string, amount: string, priorities: { readonly [name: string]: number }, run: (nodes: readonly Node[]) => Promise<void>): Promise<void> {
  const offer = async (name: string, value: string | null) => at.patch(`/api/v1/nodes/${name}/status`, { status: { capacity: { [resource]: value }, ...(value === null && { allocatable: { [resource]: null } }) } }, 'strategic');
  const schedulable = async () => ((await at.list('/api/v1/nodes')).items as readonly Node[]).filter(({ spec }) => !('taints' in (spec as object)));
  const names = (await at.until(async () => { const found = await schedulable(); return found.length === 3 && found; })).map(({ metadata }) => metadata.name);
  for (const name of names) await offer(name, amount);
  for (const [name, value] of Object.entries(priorities)) await at.post('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value });
  try {
    // Their kubelets let Pods use what is offered.
    await run(await at.until(async () => { const nodes = await schedulable(); return nodes.every(({ status }) => status.allocatable[resource] !== undefined) && nodes; }));
  } finally {
    for (const name of names) await offer(name, null);
    for (const name of Object.keys(priorities)) await at.delete(`/apis/scheduling.k8s.io/v1/priorityclasses/${name}`);
  }
}

const pod = (name: string, priorityClassName: string, resource: string, amount: string, { metadata = {}, spec = {} }: { readonly metadata?: object; readonly spec?: object } = {}) => ({
  metadata: { name, labels: { name }, ...metadata },
  spec: { priorityClassName, terminationGracePeriodSeconds: 1, containers: [{ name, image: pause, resources: { requests: { [resource]: amount }, limits: { [resource]: amount } } }], ...spec },
});
const onNode = (name: string) => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }] } } } });
const classes = { 'sched-preemption-low-priority': 1, 'sched-preemption-medium-priority': 100, 'sched-preemption-high-priority': 1000 };
const [low, medium, high] = Object.keys(classes) as [string, string, string];

/** One Pod a node that takes two thirds of it, the first of low priority, the others of a middle one. */
async function fill(at: Client, nodes: readonly Node[]): Promise<readonly Pod[]> {
  const names = nodes.map((_, i) => `pod${i}-${i === 0 ? low : medium}`);
  for (const [i, { metadata }] of nodes.entries()) await at.post(podsOf(at), pod(names[i]!, i === 0 ? low : medium, foo, '2', { spec: onNode(metadata.name) }));
  const filled: Pod[] = [];
  for (const name of names) filled.push(await running(at, name));
  return filled;
}
async function onlyTheFirstGoes(at: Client, [first, ...others]: readonly Pod[]): Promise<void> {
  const preempted = await at.find(`${podsOf(at)}/${first!.metadata.name}`);
  expect(preempted === undefined || preempted.metadata.deletionTimestamp !== undefined).toBe(true);
  for (const { metadata } of others) expect((await at.get(`${podsOf(at)}/${metadata.name}`)).metadata.deletionTimestamp).toBeUndefined();
  const events = (await at.list(`${at.in('v1')}/events?fieldSelector=reason=Preempted`)).items as readonly (Thing & { readonly involvedObject: { readonly name: string }; readonly message: string })[];
  expect(events.map(({ involvedObject }) => involvedObject.name)).toEqual([first!.metadata.name]);
  expect(events[0]!.message).toMatch(new RegExp(`^Preempted by pod [0-9a-f-]{36} on node ${first!.spec.nodeName}$`));
}

behaviour('[sig-scheduling] SchedulerPreemption [Serial] validates basic preemption works [Conformance]', async (at) =>
  withNodes(at, foo, '3', classes, async (nodes) => {
    const pods = await fill(at, nodes);
    await at.post(podsOf(at), pod('preemptor-pod', high, foo, '2'));
    const { spec, status } = await running(at, 'preemptor-pod');
    expect([spec.nodeName, 'nominatedNodeName' in status]).toEqual([pods[0]!.spec.nodeName, false]);
    await onlyTheFirstGoes(at, pods);
    await at.delete(podsOf(at), { gracePeriodSeconds: 0 });
  }));

behaviour('[sig-scheduling] SchedulerPreemption [Serial] validates lower priority pod preemption by critical pod [Conformance]', async (at) =>
  withNodes(at, foo, '3', classes, async (nodes) => {
    const pods = await fill(at, nodes);
    await at.post(podsOf(at, 'kube-system'), pod('critical-pod', 'system-cluster-critical', foo, '2'));
    expect((await running(at, 'critical-pod', 'kube-system')).spec.nodeName).toBe(pods[0]!.spec.nodeName);
    await onlyTheFirstGoes(at, pods);
    await at.delete(`${podsOf(at, 'kube-system')}/critical-pod`, { gracePeriodSeconds: 0 });
    await at.delete(podsOf(at), { gracePeriodSeconds: 0 });
  }));

behaviour('[sig-scheduling] SchedulerPreemption [Serial] validates pod disruption condition is added to the preempted pod [Conformance]', async (at) =>
  withNodes(at, foo, '1', classes, async ([node]) => {
    const { name } = node!.metadata;
    await at.post(podsOf(at), pod('victim-pod', low, foo, '1', { metadata: { finalizers: ['example.com/test-finalizer'] }, spec: onNode(name) }));
    await running(at, 'victim-pod');
    await at.post(podsOf(at), pod('preemptor-pod', high, foo, '1', { spec: onNode(name) }));
    const victim = await podThat(at, 'victim-pod', ({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(conditionOf(victim, 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'PreemptionByScheduler', message: 'default-scheduler: preempting to accommodate a higher priority pod' });
    expect((await at.get<Pod>(`${podsOf(at)}/preemptor-pod`)).status).toMatchObject({ nominatedNodeName: name });
    await at.patch(`${podsOf(at)}/victim-pod`, { metadata: { finalizers: null } });
    await isGone(at, 'victim-pod');
    await running(at, 'preemptor-pod');
    await at.delete(podsOf(at), { gracePeriodSeconds: 0 });
  }));

behaviour('[sig-scheduling] SchedulerPreemption [Serial] PreemptionExecutionPath runs ReplicaSets to verify preemption running path [Conformance]', async (at) => {
  const fakecpu = 'example.com/fakecpu';
  await withNodes(at, fakecpu, '1000', { p1: 1, p2: 2, p3: 3, p4: 4 }, async ([node]) => {
    const nodeSelector = { 'kubernetes.io/hostname': node!.metadata.labels!['kubernetes.io/hostname'] };
    const watch = await at.watch(podsOf(at));
    const sets = `${at.in('apps/v1')}/replicasets`;
    for (const [i, amount] of ['200', '300', '450'].entries()) {
      const { metadata: { labels }, spec } = pod(`pod${i + 1}`, `p${i + 1}`, fakecpu, amount, { spec: { nodeSelector, terminationGracePeriodSeconds: 0 } });
      await at.post(sets, { metadata: { name: `rs-pod${i + 1}` }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } });
      await at.until(async () => ((await at.get(`${sets}/rs-pod${i + 1}`)).status as { readonly availableReplicas?: number }).availableReplicas === 1);
    }
    await at.post(podsOf(at), pod('pod4', 'p4', fakecpu, '500', { spec: { nodeSelector } }));
    await podThat(at, 'pod4', ({ spec }) => spec.nodeName !== undefined);
    await at.pass(10_000);
    // What was driven away is made anew, once: never more, and never the third.
    const made = { 'rs-pod1': 0, 'rs-pod2': 0, 'rs-pod3': 0 };
    await watch.nextThat(({ type, object }) => {
      const set = object.metadata.name.slice(0, 7) as keyof typeof made;
      if (type === 'ADDED' && set in made) made[set] += 1;
      return made['rs-pod1'] === 2 && made['rs-pod2'] === 2;
    });
    while (!await watch.isSilentFor(5_000)) { const { type } = await watch.next(); expect(type).not.toBe('ADDED'); }
    expect(made['rs-pod3']).toBe(1);
    const placed = ((await at.list(podsOf(at))).items as readonly Pod[]).filter(({ spec }) => spec.nodeName !== undefined).map(({ metadata }) => metadata.name.slice(0, 7));
    expect(placed.toSorted()).toEqual(['pod4', 'rs-pod3']);
    await at.delete(sets);
    await at.delete(podsOf(at), { gracePeriodSeconds: 0 });
  });
});
