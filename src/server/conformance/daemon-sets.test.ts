/** Takes the steps of test/e2e/apps/daemon_set.go and controller_revision.go. */
import { expect } from 'vitest';
import { podTemplateHash } from '../../kubernetes/apimachinery/pod-template-hash.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const httpd = 'registry.k8s.io/e2e-test-images/httpd:2.4.38-4';
const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.59';
const name = 'daemon-set';
/** Its own in all namespaces, since lists are taken of all. */
const labelsOf = (at: Client) => ({ 'daemonset-name': at.namespace });
const selectorOf = (at: Client): string => `labelSelector=daemonset-name=${at.namespace}`;
const color = 'daemonset-color';
const hash = 'controller-revision-hash';
const paths = (at: Client) => ({ sets: `${at.in('apps/v1')}/daemonsets`, one: `${at.in('apps/v1')}/daemonsets/${name}`, revisions: `${at.in('apps/v1')}/controllerrevisions`, pods: `${at.in('v1')}/pods` });
const daemonSet = (at: Client, more: object = {}) => ({
  metadata: { name, labels: labelsOf(at) },
  spec: { selector: { matchLabels: labelsOf(at) }, template: { metadata: { labels: labelsOf(at) }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: httpd, ports: [{ containerPort: 9376 }] }], ...more } } },
});
interface PodSpec { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] }
interface PodStatus { readonly phase: string; readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
const specOf = ({ spec }: Thing) => spec as PodSpec;
const imageOf = (pod: Thing): string => specOf(pod).containers[0]!.image;
const isAvailable = ({ status }: Thing): boolean => (status as PodStatus).conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
const revisionOf = ({ revision }: Thing) => revision as number;
const conditionsOf = ({ status }: Thing) => (status as { readonly conditions?: readonly { readonly type: string; readonly reason?: string }[] }).conditions ?? [];

/** The nodes on which anything may run. */
const schedulable = async (at: Client): Promise<readonly string[]> => (await at.list(`${at.all('v1')}/nodes`)).items
  .filter(({ spec }) => (spec as { readonly taints?: readonly { readonly effect: string }[] }).taints?.some(({ effect }) => effect !== 'PreferNoSchedule') !== true).map(({ metadata }) => metadata.name);
const daemons = async (at: Client): Promise<readonly Thing[]> => (await at.list(`${paths(at).pods}?${selectorOf(at)}`)).items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);

/** One available Pod on each of these nodes, and nowhere else. */
const runningOn = (at: Client, nodes: readonly string[]): Promise<readonly Thing[]> => at.until(async () => {
  const pods = await daemons(at);
  return pods.every(isAvailable) && JSON.stringify(pods.map((pod) => specOf(pod).nodeName).sort()) === JSON.stringify([...nodes].sort()) && pods;
});
const runningOnAll = async (at: Client): Promise<readonly Thing[]> => runningOn(at, await schedulable(at));

async function checkStatus(at: Client): Promise<void> {
  const { status } = await at.until(async () => {
    const now = await at.get(paths(at).one);
    const { desiredNumberScheduled, numberReady } = now.status as { readonly desiredNumberScheduled: number; readonly numberReady: number };
    return desiredNumberScheduled > 0 && desiredNumberScheduled === numberReady && now;
  });
  const { desiredNumberScheduled: desired } = status as { readonly desiredNumberScheduled: number };
  expect(status).toMatchObject({ currentNumberScheduled: desired, numberReady: desired, numberMisscheduled: 0 });
}

async function begin(at: Client, more: object = {}): Promise<readonly Thing[]> {
  await at.post(paths(at).sets, daemonSet(at, more));
  const pods = await runningOnAll(at);
  await checkStatus(at);
  return pods;
}

/** Every node has an available Pod of this image; on the way there never more than one was without. */
const replacedBy = async (at: Client, image: string): Promise<readonly Thing[]> => {
  const nodes = await schedulable(at);
  return at.until(async () => {
    const pods = await daemons(at);
    expect(pods.filter((pod) => imageOf(pod) === image && !isAvailable(pod)).length).toBeLessThanOrEqual(1);
    const fresh = pods.filter((pod) => imageOf(pod) === image && isAvailable(pod));
    return fresh.length === nodes.length && pods.length === nodes.length && pods;
  });
};

const revisions = (at: Client, count: number): Promise<readonly Thing[]> => at.until(async () => {
  const { items } = await at.list(`${paths(at).revisions}?${selectorOf(at)}`);
  return items.length === count && items;
});
const newest = (all: readonly Thing[]): Thing => all.reduce((best, one) => (revisionOf(one) > revisionOf(best) ? one : best));
const setImage = (at: Client, image: string): Promise<Thing> => at.patch(paths(at).one, { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } }, 'strategic');

behaviour('[sig-apps] Daemon set [Serial] should run and stop simple daemon [Conformance]', async (at) => {
  const [one] = await begin(at);
  await at.delete(`${paths(at).pods}/${one!.metadata.name}`);
  const revived = await runningOnAll(at);
  expect(revived.map(({ metadata }) => metadata.name)).not.toContain(one!.metadata.name);
});

behaviour('[sig-apps] Daemon set [Serial] should run and stop complex daemon [Conformance]', async (at) => {
  const { sets, one } = paths(at);
  await at.post(sets, daemonSet(at, { nodeSelector: { [color]: 'blue' } }));
  await at.until(async () => ((await at.get(one)).status as { readonly observedGeneration?: number }).observedGeneration === 1);
  expect(await daemons(at)).toEqual([]);
  const [node] = await schedulable(at);
  const paint = (to: string | null): Promise<Thing> => at.patch(`${at.all('v1')}/nodes/${node}`, { metadata: { labels: { [color]: to } } });
  await paint('blue');
  await runningOn(at, [node!]);
  await checkStatus(at);
  await paint('green');
  await runningOn(at, []);
  await at.patch(one, { spec: { template: { spec: { nodeSelector: { [color]: 'green' } } }, updateStrategy: { type: 'RollingUpdate' } } }, 'strategic');
  await runningOn(at, [node!]);
  await checkStatus(at);
  await paint(null);
});

behaviour('[sig-apps] Daemon set [Serial] should retry creating failed daemon pods [Conformance]', async (at) => {
  const [one] = await begin(at);
  const path = `${paths(at).pods}/${one!.metadata.name}`;
  await at.put(`${path}/status`, { ...one, metadata: { ...one!.metadata, resourceVersion: '' }, status: { ...one!.status as object, phase: 'Failed' } });
  await at.until(async () => (await at.find(path)) === undefined);
  await runningOnAll(at);
  const { items } = await at.list(`${at.in('v1')}/events?fieldSelector=involvedObject.kind=DaemonSet,reason=FailedDaemonPod`);
  expect(items).toMatchObject([{ type: 'Warning', message: `Found failed daemon pod ${at.namespace}/${one!.metadata.name} on node ${specOf(one!).nodeName}, will try to kill it` }]);
});

behaviour('[sig-apps] Daemon set [Serial] should update pod when spec was updated and update strategy is RollingUpdate [Conformance]', async (at) => {
  await begin(at);
  const [first] = await revisions(at, 1);
  expect(revisionOf(first!)).toBe(1);
  expect(new Set((await daemons(at)).map(({ metadata }) => metadata.labels?.[hash]))).toEqual(new Set([first!.metadata.labels?.[hash]]));
  await setImage(at, agnhost);
  await replacedBy(at, agnhost);
  await runningOnAll(at);
  const second = newest(await revisions(at, 2));
  expect(revisionOf(second)).toBe(2);
  expect(new Set((await daemons(at)).map(({ metadata }) => metadata.labels?.[hash]))).toEqual(new Set([second.metadata.labels?.[hash]]));
});

behaviour('[sig-apps] Daemon set [Serial] should rollback without unnecessary restarts [Conformance]', async (at) => {
  await begin(at);
  await setImage(at, 'foo:non-existent');
  await at.until(async () => (await daemons(at)).some((pod) => imageOf(pod) === 'foo:non-existent'));
  const during = await daemons(at);
  const untouched = during.filter((pod) => imageOf(pod) === httpd);
  expect(untouched.length).toBeGreaterThan(0);
  await setImage(at, httpd);
  const after = await replacedBy(at, httpd);
  expect(after.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(untouched.map(({ metadata }) => metadata.name)));
  expect((await revisions(at, 2)).map(revisionOf).sort()).toEqual([2, 3]);
});

behaviour('[sig-apps] Daemon set [Serial] should list and delete a collection of DaemonSets [Conformance]', async (at) => {
  await begin(at);
  const everywhere = `${at.all('apps/v1')}/daemonsets?${selectorOf(at)}`;
  expect((await at.list(everywhere)).items).toHaveLength(1);
  await at.delete(`${paths(at).sets}?${selectorOf(at)}`, { gracePeriodSeconds: 1 });
  expect((await at.list(everywhere)).items).toEqual([]);
  await at.until(async () => (await daemons(at)).length === 0);
  await revisions(at, 0);
});

behaviour('[sig-apps] Daemon set [Serial] should verify changes to a daemon set status [Conformance]', async (at) => {
  const { sets, one } = paths(at);
  const { metadata: { resourceVersion } } = await at.list(`${at.all('apps/v1')}/daemonsets?${selectorOf(at)}`);
  const watch = await at.watch(`${sets}?${selectorOf(at)}&resourceVersion=${resourceVersion}`);
  await begin(at);
  expect(await at.get(`${one}/status`)).toMatchObject({ kind: 'DaemonSet', status: { numberReady: (await schedulable(at)).length } });
  const now = await at.get(one);
  const update = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
  expect(conditionsOf(await at.put(`${one}/status`, { ...now, status: { ...now.status as object, conditions: [...conditionsOf(now), update] } }))).toMatchObject([update]);
  await watch.nextThat(({ object }) => conditionsOf(object).some(({ type, reason }) => type === 'StatusUpdate' && reason === 'E2E'));
  await at.patch(`${one}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } });
  await watch.nextThat(({ object }) => conditionsOf(object).some(({ type }) => type === 'StatusPatched'));
});

behaviour('[sig-apps] ControllerRevision [Serial] should manage the lifecycle of a ControllerRevision [Conformance]', async (at) => {
  const { one, revisions: path } = paths(at);
  await begin(at);
  const set = await at.get(one);
  expect((await at.list(`${at.all('apps/v1')}/controllerrevisions?${selectorOf(at)}`)).items).toMatchObject([{ metadata: { ownerReferences: [{ kind: 'DaemonSet', uid: set.metadata.uid }] } }]);
  const [initial] = await revisions(at, 1);
  const patched = await at.patch(`${path}/${initial!.metadata.name}`, { metadata: { labels: { [initial!.metadata.name]: 'patched' } } }, 'strategic');
  expect(patched.metadata.labels).toMatchObject({ [initial!.metadata.name]: 'patched' });
  expect(Number(patched.metadata.resourceVersion)).toBeGreaterThan(Number(initial!.metadata.resourceVersion));

  const { template } = set.spec as { readonly template: Parameters<typeof podTemplateHash>[0] };
  const otherHash = podTemplateHash({ ...template, spec: { ...template.spec, terminationGracePeriodSeconds: 1 } });
  const made = await at.post(path, {
    metadata: {
      name: `${name}-${otherHash}`, labels: { ...labelsOf(at), [hash]: otherHash }, annotations: set.metadata.annotations,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid: set.metadata.uid, controller: true, blockOwnerDeletion: true }],
    },
    data: initial!['data'], revision: revisionOf(initial!) + 1,
  });
  await revisions(at, 2);
  await at.delete(`${path}/${initial!.metadata.name}`);
  const [left] = await revisions(at, 1);
  expect(left!.metadata.name).toBe(made.metadata.name);
  const current = await at.get(`${path}/${left!.metadata.name}`);
  const updated = await at.put(`${path}/${left!.metadata.name}`, { ...current, metadata: { ...current.metadata, labels: { ...current.metadata.labels, [left!.metadata.name]: 'updated' } } });
  expect(updated.metadata.labels).toMatchObject({ [left!.metadata.name]: 'updated' });

  // The name that this template's hash gives is taken by another: the collision is counted, and the next hash is free.
  await at.patch(one, { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } }, 'strategic');
  await revisions(at, 2);
  expect((await at.get(one)).status).toMatchObject({ collisionCount: 1 });
  await at.delete(`${path}?labelSelector=${left!.metadata.name}=updated`);
  expect((await revisions(at, 1)).map(revisionOf)).toEqual([3]);
});
