/** Takes the steps of test/e2e/apps/disruption.go. */
import { expect } from 'vitest';
import { isGone, newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const labels = { foo: 'bar' };
interface Status { readonly disruptionsAllowed: number; readonly currentHealthy: number; readonly expectedPods: number; readonly observedGeneration: number; readonly disruptedPods?: { readonly [pod: string]: string } }
type Budget = Thing & { readonly status: Status };

const budgetsOf = (at: Client, namespace?: string): string => `${at.in('policy/v1', namespace)}/poddisruptionbudgets`;
/** Made, and processed by its controller. */
async function budget(at: Client, minAvailable: number | string, { name = 'foo', more = {}, namespace }: { readonly name?: string; readonly more?: object; readonly namespace?: string } = {}): Promise<Budget> {
  const path = budgetsOf(at, namespace);
  await at.post(path, { metadata: { name, labels: more }, spec: { minAvailable, selector: { matchLabels: labels } } });
  return processed(at, `${path}/${name}`);
}
const processed = (at: Client, path: string): Promise<Budget> => at.until(async () => {
  const now = await at.get<Budget>(path);
  return (now.status.observedGeneration ?? 0) >= now.metadata.generation! && now;
});
const running = (at: Client, count: number): Promise<readonly Thing[]> => at.until(async () => {
  const { items } = await at.list(`${at.in('v1')}/pods?labelSelector=foo=bar`);
  const ready = items.filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && (status as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }).conditions?.some((one) => one.type === 'Ready' && one.status === 'True'));
  return ready.length >= count && ready;
});
async function pods(at: Client, count: number): Promise<readonly Thing[]> {
  for (let i = 0; i < count; i += 1) await at.post(`${at.in('v1')}/pods`, { metadata: { name: `pod-${i}`, labels }, spec: { restartPolicy: 'Always', containers: [{ name: 'donothing', image: 'registry.k8s.io/pause:3.10.1' }] } });
  return running(at, count);
}

behaviour('[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets [Conformance]', async (at) => {
  const other = `${at.namespace}-other`;
  await at.post('/api/v1/namespaces', { metadata: { name: other } });
  const more = { foo_pdb: 'bar_pdb' };
  await budget(at, 2, { more });
  await budget(at, '1%', { name: 'foo2', more });
  await budget(at, 2, { name: 'foo3', more, namespace: other });
  const names = async (path: string) => (await at.list(`${path}?labelSelector=foo_pdb=bar_pdb`)).items.map(({ metadata }) => metadata.name).toSorted();
  expect(await names('/apis/policy/v1/poddisruptionbudgets')).toEqual(['foo', 'foo2', 'foo3']);
  expect(await names(budgetsOf(at))).toEqual(['foo', 'foo2']);
  await at.delete(budgetsOf(at));
  expect(await names(budgetsOf(at))).toEqual([]);
  expect(await names(budgetsOf(at, other))).toEqual(['foo3']);
});

behaviour('[sig-apps] DisruptionController should create a PodDisruptionBudget [Conformance]', async (at) => {
  const path = `${budgetsOf(at)}/foo`;
  await budget(at, '1%');
  const now = await at.get(path);
  const updated = await at.put(path, { ...now, spec: { ...now.spec as object, minAvailable: '2%' } });
  expect(updated.spec).toMatchObject({ minAvailable: '2%' });
  await processed(at, path);
  const patched = await at.patch(path, { spec: { minAvailable: '3%' } });
  expect(patched.spec).toMatchObject({ minAvailable: '3%' });
  newer(patched, updated);
  await at.delete(path);
  await isGone(at, path);
});

behaviour('[sig-apps] DisruptionController should observe PodDisruptionBudget status updated [Conformance]', async (at) => {
  await budget(at, 1);
  await pods(at, 3);
  const { status } = await at.until(async () => {
    const now = await at.get<Budget>(`${budgetsOf(at)}/foo`);
    return now.status.disruptionsAllowed > 0 && now;
  });
  await at.pass(1_000);
  expect((await at.get<Budget>(`${budgetsOf(at)}/foo`)).status).toMatchObject({ currentHealthy: 3, expectedPods: 3, disruptionsAllowed: 2, conditions: [{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }] });
  expect(status.expectedPods).toBe(3);
});

behaviour('[sig-apps] DisruptionController should update/patch PodDisruptionBudget status [Conformance]', async (at) => {
  await budget(at, 1);
  const [pod] = await pods(at, 1);
  const path = `${budgetsOf(at)}/foo/status`;
  const name = pod!.metadata.name;
  const now = await at.get<Budget>(path);
  const since = pod!.metadata.creationTimestamp;
  await at.put(path, { ...now, status: { ...now.status, disruptedPods: { [name]: since } } });
  expect((await at.get<Budget>(path)).status.disruptedPods).toHaveProperty(name);
  expect((await at.patch<Budget>(path, { status: { disruptedPods: { [name]: null } } })).status.disruptedPods ?? {}).toEqual({});
});

behaviour('[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow it [Conformance]', async (at) => {
  const path = `${budgetsOf(at)}/foo`;
  await budget(at, 3);
  await at.post(`${at.in('apps/v1')}/replicasets`, { metadata: { name: 'rs', labels }, spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'donothing', image: 'registry.k8s.io/pause:3.10.1' }] } } } });
  const evict = (pod: Thing) => at.post(`${at.in('v1')}/pods/${pod.metadata.name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod.metadata.name, namespace: at.namespace } });
  const healthy = (allowed: number) => at.until(async () => {
    const { status, metadata } = await at.get<Budget>(path);
    return status.currentHealthy === 3 && status.disruptionsAllowed === allowed && status.observedGeneration === metadata.generation;
  });
  const refused = (message: string) => ({ code: 429, reason: 'TooManyRequests', message: "Cannot evict pod as it would violate the pod's disruption budget.", status: { details: { causes: [{ reason: 'DisruptionBudget', message }] } } });
  const [first] = await running(at, 3);
  await healthy(0);
  await expect(evict(first!)).rejects.toMatchObject(refused('The disruption budget foo needs 3 healthy pods and has 3 currently'));
  const now = await at.get<Budget>(path);
  await at.put(path, { ...now, spec: { ...now.spec as object, minAvailable: 2 } });
  await healthy(1);
  await evict(first!);
  expect((await at.get<Budget>(path)).status).toMatchObject({ disruptionsAllowed: 0 });
  await at.until(async () => (await at.find(`${at.in('v1')}/pods/${first!.metadata.name}`)) === undefined);
  await at.patch(path, { spec: { minAvailable: null, maxUnavailable: 0 } });
  const [second] = await running(at, 3);
  await healthy(0);
  await expect(evict(second!)).rejects.toMatchObject(refused('The disruption budget foo needs 3 healthy pods and has 3 currently'));
  await at.delete(path);
  await evict(second!);
});
