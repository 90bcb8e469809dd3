/** Takes the steps of test/e2e/scheduling/preemption.go that ask for nothing but the API. */
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
