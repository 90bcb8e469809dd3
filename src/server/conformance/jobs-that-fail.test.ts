/** Takes the steps of test/e2e/apps/job.go with Jobs whose Pods fail. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { complete, jobPods, jobs, testJob, withCondition, type Job } from './jobs.ts';
import { isGone, podsOf } from './pods.ts';

/** All Pods on one node, whose directory they share. Models NewTestJobOnNode and setupHostPathDirectory. */
const inPlace = (at: Client) => ({ nodeSelector: { 'kubernetes.io/hostname': 'worker-1' }, volumes: [{ name: 'data', hostPath: { path: `/tmp/job-e2e/${at.namespace}`, type: 'DirectoryOrCreate' } }] });
const ended = async (at: Client, name: string): Promise<Job> => withCondition(at, name, 'Failed');
const perIndex = { completionMode: 'Indexed', backoffLimit: undefined, backoffLimitPerIndex: 1 };

behaviour('[sig-apps] Job should allow to use the pod failure policy on exit code to fail the job early [Conformance]', async (at) => {
  const podFailurePolicy = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] };
  await at.post(jobs(at), testJob('failOnce', 'pod-failure-failjob', 2, 4, { podFailurePolicy }, inPlace(at)));
  const job = await ended(at, 'pod-failure-failjob');
  const { reason, message } = job.status.conditions!.find(({ type }) => type === 'Failed') as { readonly reason?: string; readonly message?: string };
  expect([reason, message]).toEqual(['PodFailurePolicy', expect.stringMatching(/^Container c for pod .*\/pod-failure-failjob-\w+ failed with exit code 1 matching FailJob rule at index 0$/)]);
});

behaviour('[sig-apps] Job should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition [Conformance]', async (at) => {
  const name = 'evicted-pod-ignore-on-disruption-condition';
  const podFailurePolicy = { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] };
  await at.post(jobs(at), testJob('notTerminateOncePerIndex', name, 3, 3, { completionMode: 'Indexed', backoffLimit: 2, podFailurePolicy }, { ...inPlace(at), terminationGracePeriodSeconds: 1 }));
  await at.until(async () => (await at.get<Job>(`${jobs(at)}/${name}`)).status.ready === 3);
  const pods = await jobPods(at, name);
  expect(pods).toHaveLength(3);
  for (const { metadata } of pods) await at.post(`${podsOf(at)}/${metadata.name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name, namespace: at.namespace } });
  for (const { metadata } of pods) await isGone(at, metadata.name);
  const job = await complete(at, name, 'CompletionsReached', 3);
  expect(job.status.failed ?? 0).toBe(0);
});

behaviour('[sig-apps] Job should execute all indexes despite some failing when using backoffLimitPerIndex [Conformance]', async (at) => {
  await at.post(jobs(at), testJob('failOddSucceedEven', 'with-backoff-limit-per-index', 2, 4, perIndex));
  const job = await ended(at, 'with-backoff-limit-per-index');
  expect(job.status).toMatchObject({ failedIndexes: '1,3', completedIndexes: '0,2', failed: 4, succeeded: 2 });
});

behaviour('[sig-apps] Job should terminate job execution when the number of failed indexes exceeds maxFailedIndexes [Conformance]', async (at) => {
  await at.post(jobs(at), testJob('fail', 'with-max-failed-indexes', 1, 4, { ...perIndex, backoffLimitPerIndex: 0, maxFailedIndexes: 0 }));
  const job = await ended(at, 'with-max-failed-indexes');
  expect(job.status).toMatchObject({ failedIndexes: '0', failed: 1 });
});

behaviour('[sig-apps] Job should mark indexes as failed when the FailIndex action is matched in podFailurePolicy [Conformance]', async (at) => {
  const podFailurePolicy = { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }] };
  await at.post(jobs(at), testJob('failOddSucceedEven', 'matching-fail-index-action', 2, 2, { ...perIndex, podFailurePolicy }));
  const job = await ended(at, 'matching-fail-index-action');
  expect(job.status).toMatchObject({ failedIndexes: '1', completedIndexes: '0', failed: 1, succeeded: 1 });
});

behaviour('[sig-apps] Job should run a job to completion when tasks sometimes fail and are locally restarted [Conformance]', async (at) => {
  await at.post(jobs(at), testJob('failOnce', 'fail-once-local', 2, 4, {}, { restartPolicy: 'OnFailure' }));
  await complete(at, 'fail-once-local', 'CompletionsReached', 4);
  expect((await jobPods(at, 'fail-once-local')).map(({ status }) => (status.containerStatuses as readonly { readonly restartCount?: number }[] | undefined)?.[0]?.restartCount)).toEqual([1, 1, 1, 1]);
});
