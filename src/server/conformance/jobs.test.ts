/** Takes the steps of test/e2e/apps/job.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { complete, jobPods, jobs, podsRunning, testJob, withCondition, type Does, type Job } from './jobs.ts';
import { isGone, podThat, update } from './pods.ts';

const atRest = { ready: 0, terminating: 0 };

behaviour('[sig-apps] Job should create pods for an Indexed job with completion indexes and specified hostname [Conformance]', async (at) => {
  await at.post(jobs(at), testJob('succeed', 'indexed-job', 2, 4, { completionMode: 'Indexed' }));
  const job = await complete(at, 'indexed-job', 'CompletionsReached', 4);
  expect(job.status.completedIndexes).toBe('0-3');
  const found = (await jobPods(at, 'indexed-job')).filter(({ status }) => status.phase === 'Succeeded');
  expect(found.map(({ metadata, spec }) => [metadata.annotations?.['batch.kubernetes.io/job-completion-index'], metadata.labels?.['batch.kubernetes.io/job-completion-index'], spec['hostname']]).sort())
    .toEqual(['0', '1', '2', '3'].map((index) => [index, index, `indexed-job-${index}`]));
});

async function meetsItsPolicy(at: Client, name: string, does: Does, completions: number, rule: object, succeeded: number, more: object = {}): Promise<Job> {
  await at.post(jobs(at), testJob(does, name, 2, completions, { completionMode: 'Indexed', successPolicy: { rules: [rule] }, ...more }));
  await withCondition(at, name, 'SuccessCriteriaMet', 'SuccessPolicy');
  const job = await complete(at, name, 'SuccessPolicy', succeeded);
  expect([job.status.active ?? 0, job.status]).toMatchObject([0, atRest]);
  return job;
}

behaviour('[sig-apps] Job with successPolicy should succeeded when all indexes succeeded [Conformance]', async (at) => {
  const job = await meetsItsPolicy(at, 'with-success-policy-all-index-succeeded', 'succeeded', 2, { succeededCount: 2 }, 2);
  expect(job.status.failed ?? 0).toBe(0);
});

behaviour('[sig-apps] Job with successPolicy succeededIndexes rule should succeeded even when some indexes remain pending [Conformance]', async (at) => {
  expect((await meetsItsPolicy(at, 'with-success-policy-succeeded-indexed', 'failOddSucceedEven', 5, { succeededIndexes: '0' }, 1)).status.completedIndexes).toBe('0');
});

behaviour('[sig-apps] Job with successPolicy succeededCount rule should succeeded even when some indexes remain pending [Conformance]', async (at) => {
  expect((await meetsItsPolicy(at, 'with-success-policy-succeeded-count', 'failOddSucceedEven', 5, { succeededCount: 1 }, 1, { backoffLimit: 2_147_483_647 })).status.completedIndexes).toBe('0');
});

behaviour('[sig-apps] Job should delete a job [Conformance]', async (at) => {
  await at.post(jobs(at), testJob('notTerminate', 'foo', 2, 4));
  await podsRunning(at, 'foo', 2);
  const pods = await jobPods(at, 'foo');
  await at.delete(`${jobs(at)}/foo`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' });
  await at.until(async () => (await at.find(`${jobs(at)}/foo`)) === undefined);
  for (const { metadata } of pods) await isGone(at, metadata.name);
});

behaviour('[sig-apps] Job should adopt matching orphans and release non-matching pods [Conformance]', async (at) => {
  const job = await at.post(jobs(at), testJob('notTerminate', 'adopt-release', 2, 4));
  await podsRunning(at, 'adopt-release', 2);
  const pods = await jobPods(at, 'adopt-release');
  expect(pods).toHaveLength(2);
  const { name } = pods[0]!.metadata;
  await update(at, name, (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } }));
  const adopted = await podThat(at, name, ({ metadata }) => metadata.ownerReferences !== undefined);
  expect(adopted.metadata).toMatchObject({ ownerReferences: [{ kind: 'Job', name: 'adopt-release', uid: job.metadata.uid, controller: true }], finalizers: ['batch.kubernetes.io/job-tracking'] });
  await update(at, name, (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: {} } }));
  const released = await podThat(at, name, ({ metadata }) => metadata.ownerReferences === undefined);
  expect(released.metadata.finalizers ?? []).toEqual([]);
});

behaviour('[sig-apps] Job should apply changes to a job status [Conformance]', async (at) => {
  const one = `${jobs(at)}/suspend-false-to-true`;
  const job = await at.post(jobs(at), testJob('notTerminate', 'suspend-false-to-true', 2, 4));
  await podsRunning(at, 'suspend-false-to-true', 2);
  const condition = { type: 'CustomConditionType', status: 'True', lastTransitionTime: '2026-01-01T00:00:40Z' };
  const patched = await at.patch<Job>(`${one}/status`, { metadata: { annotations: { patchedstatus: 'true' } }, status: { conditions: [condition] } });
  expect([patched.metadata.annotations, patched.status.conditions]).toMatchObject([{ patchedstatus: 'true' }, [condition]]);
  const later = '2026-01-01T00:00:50Z';
  const updated = await at.until(async () => {
    const now = await at.get<Job>(one);
    try {
      return await at.put<Job>(`${one}/status`, { ...now, status: { ...now.status, conditions: now.status.conditions!.map((each) => ({ ...each, lastTransitionTime: later })) } });
    } catch (error) {
      if ((error as { readonly code?: number }).code === 409) return undefined;
      throw error;
    }
  });
  expect(updated.status.conditions).toMatchObject([{ type: 'CustomConditionType', lastTransitionTime: later }]);
  expect((await at.get(`${one}/status`)).metadata.uid).toBe(job.metadata.uid);
});

behaviour('[sig-apps] Job should manage the lifecycle of a job [Conformance]', async (at) => {
  const [name, all] = ['e2e-abcde', `${at.all('batch/v1')}/jobs?labelSelector=e2e-job-label=e2e-abcde`];
  const one = `${jobs(at)}/${name}`;
  const watch = await at.watch(`${jobs(at)}?labelSelector=e2e-job-label=${name}`);
  const body = testJob('succeed', name, 2, 4, { suspend: true });
  const made = await at.post(jobs(at), { ...body, metadata: { name, labels: { 'e2e-job-label': name } } });
  const patched = await at.patch(one, { metadata: { labels: { [name]: 'patched' } } }, 'strategic');
  expect(Number(patched.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion));
  await watch.nextThat(({ type, object }) => type === 'MODIFIED' && object.metadata.labels?.[name] === 'patched');
  await withCondition(at, name, 'Suspended', 'JobSuspended');
  expect(await jobPods(at, name)).toEqual([]);
  await at.until(async () => {
    const now = await at.get<Job>(one);
    try {
      return await at.put(one, { ...now, metadata: { ...now.metadata, annotations: { updated: 'true' } }, spec: { ...now.spec, suspend: false } });
    } catch (error) {
      if ((error as { readonly code?: number }).code === 409) return undefined;
      throw error;
    }
  });
  await watch.nextThat(({ type, object }) => type === 'MODIFIED' && object.metadata.annotations?.['updated'] === 'true');
  expect((await at.list(all)).items).toHaveLength(1);
  const done = await complete(at, name, 'CompletionsReached', 4);
  expect(done.status.conditions).toMatchObject([{ type: 'Suspended', status: 'False', reason: 'JobResumed' }, { type: 'SuccessCriteriaMet' }, { type: 'Complete' }]);
  await at.delete(`${jobs(at)}?labelSelector=e2e-job-label=${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' });
  await watch.nextThat(({ type, object }) => type === 'DELETED' && object.metadata.name === name);
  expect((await at.list(all)).items).toEqual([]);
});

