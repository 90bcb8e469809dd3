/** Takes the steps of test/e2e/{scheduling/preemption,apps/disruption}.go that ask for nothing but the API. */
import { expect } from 'vitest';
import { newer } from './api-operations.ts';
import { behaviour } from './harness.ts';

behaviour('[sig-scheduling] SchedulerPreemption [Serial] PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods [Conformance]', async (at) => {
  const all = '/apis/scheduling.k8s.io/v1/priorityclasses';
  const made = [await at.post(all, { metadata: { name: 'p1' }, value: 1, globalDefault: false, description: 'p1' }), await at.post(all, { metadata: { name: 'p2' }, value: 2, globalDefault: false, description: 'p2' })];
  const refused = { code: 422, message: expect.stringContaining('may not be changed in an update.') as string };
  await expect(at.patch(`${all}/p1`, { value: 10 }, 'strategic')).rejects.toMatchObject(refused);
  await expect(at.put(`${all}/p2`, { ...made[1], value: 20 })).rejects.toMatchObject(refused);
  const description = 'updated description';
  await at.patch(`${all}/p1`, { description }, 'strategic');
  await at.put(`${all}/p2`, { ...made[1], description });
  expect((await at.list(all)).items.map(({ metadata }) => metadata.name)).toEqual(['p1', 'p2', 'system-cluster-critical', 'system-node-critical']);
  for (const one of made) {
    const now = await at.get(`${all}/${one.metadata.name}`);
    expect(now).toMatchObject({ value: one['value'], description });
    newer(now, one);
    await at.delete(`${all}/${one.metadata.name}`);
  }
});

behaviour('[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets [Conformance]', async (at) => {
  const other = `${at.namespace}-other`;
  await at.post('/api/v1/namespaces', { metadata: { name: other } });
  const budgets = (namespace?: string): string => `${at.in('policy/v1', namespace)}/poddisruptionbudgets`;
  const budget = (name: string, minAvailable: number | string) => ({ metadata: { name, labels: { foo_pdb: 'bar_pdb' } }, spec: { minAvailable, selector: { matchLabels: { foo: 'bar' } } } });
  await at.post(budgets(), budget('foo', 2));
  await at.post(budgets(), budget('foo2', '1%'));
  await at.post(budgets(other), budget('foo3', 2));
  const names = async (path: string) => (await at.list(`${path}?labelSelector=foo_pdb=bar_pdb`)).items.map(({ metadata }) => metadata.name).toSorted();
  expect(await names('/apis/policy/v1/poddisruptionbudgets')).toEqual(['foo', 'foo2', 'foo3']);
  expect(await names(budgets())).toEqual(['foo', 'foo2']);
  await at.delete(budgets());
  expect(await names(budgets())).toEqual([]);
  expect(await names(budgets(other))).toEqual(['foo3']);
});
