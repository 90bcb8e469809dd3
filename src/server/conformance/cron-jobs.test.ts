/** Takes the steps of test/e2e/apps/cronjob.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { podsOf } from './pods.ts';
import type { Thing } from './things.ts';

type CronJob = Thing & { readonly spec: { readonly schedule: string }; readonly status: { readonly active?: readonly { readonly name: string; readonly uid: string }[]; readonly lastScheduleTime?: string } };
interface JobStatus { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }

const busybox = 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1';
const sleepCommand = ['sleep', '300'];
/** Models newTestCronJob. */
const testCronJob = (name: string, schedule: string, concurrencyPolicy: string, more: object = {}) => ({
  metadata: { name },
  spec: {
    schedule, concurrencyPolicy, ...more,
    jobTemplate: { spec: { parallelism: 1, completions: 1, template: { spec: { restartPolicy: 'OnFailure', volumes: [{ name: 'data', emptyDir: {} }], containers: [{ name: 'c', image: busybox, command: sleepCommand, volumeMounts: [{ mountPath: '/data', name: 'data' }] }] } } } },
  },
});
const cronJobs = (at: Client): string => `${at.in('batch/v1')}/cronjobs`;
const jobs = (at: Client): string => `${at.in('batch/v1')}/jobs`;
const get = (at: Client, name: string): Promise<CronJob> => at.get<CronJob>(`${cronJobs(at)}/${name}`);
const activeOf = ({ status }: CronJob) => status.active ?? [];
const isFinished = ({ status }: Thing): boolean => ((status as JobStatus).conditions ?? []).some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
/** The CronJob when it has so many Jobs at work; the next is due in less than a minute. */
const active = async (at: Client, name: string, count: number): Promise<CronJob> => {
  await at.pass(count * 55_000);
  return at.until(async () => { const now = await get(at, name); return activeOf(now).length >= count && now; });
};
const remove = (at: Client, name: string) => at.delete(`${cronJobs(at)}/${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' });

behaviour('[sig-apps] CronJob should schedule multiple jobs concurrently [Conformance]', async (at) => {
  await at.post(cronJobs(at), testCronJob('concurrent', '*/1 * * * ?', 'Allow'));
  await active(at, 'concurrent', 2);
  expect((await at.list(jobs(at))).items.filter((job) => !isFinished(job)).length).toBeGreaterThanOrEqual(2);
  await remove(at, 'concurrent');
});

behaviour('[sig-apps] CronJob should not schedule jobs when suspended [Slow] [Conformance]', async (at) => {
  await at.post(cronJobs(at), testCronJob('suspended', '*/1 * * * ?', 'Allow', { suspend: true }));
  await at.pass(300_000);
  expect([(await at.list(jobs(at))).items, activeOf(await get(at, 'suspended'))]).toEqual([[], []]);
  // It is the suspension that kept it: the rest of it is what schedules.
  await at.patch(`${cronJobs(at)}/suspended`, { spec: { suspend: false } });
  await active(at, 'suspended', 1);
  await remove(at, 'suspended');
});

behaviour('[sig-apps] CronJob should not schedule new jobs when ForbidConcurrent [Slow] [Conformance]', async (at) => {
  await at.post(cronJobs(at), testCronJob('forbid', '*/1 * * * ?', 'Forbid'));
  const one = await active(at, 'forbid', 1);
  expect(activeOf(one)).toHaveLength(1);
  expect((await at.list(jobs(at))).items).toHaveLength(1);
  // Upstream waits two minutes: no more than one is at work, although two have been due.
  await at.pass(150_000);
  const later = await get(at, 'forbid');
  expect(activeOf(later).map(({ uid }) => uid)).toEqual(activeOf(one).map(({ uid }) => uid));
  expect((await at.list(jobs(at))).items).toHaveLength(1);
  await at.until(async () => (await at.list(`${at.in('v1')}/events?fieldSelector=involvedObject.name=forbid,reason=JobAlreadyActive`)).items.length > 0);
  await remove(at, 'forbid');
});

behaviour('[sig-apps] CronJob should replace jobs when ReplaceConcurrent [Conformance]', async (at) => {
  await at.post(cronJobs(at), testCronJob('replace', '*/1 * * * ?', 'Replace'));
  const [first] = activeOf(await active(at, 'replace', 1));
  expect((await at.list(jobs(at))).items).toHaveLength(1);
  await at.pass(50_000);
  const [second] = await at.until(async () => { const now = activeOf(await get(at, 'replace')); return now.length > 0 && now[0]!.uid !== first!.uid && now; });
  expect(second!.name).not.toBe(first!.name);
  await at.until(async () => { const { items } = await at.list(jobs(at)); return items.length === 1 && items[0]!.metadata.uid === second!.uid; });
  await at.until(async () => (await at.list(`${podsOf(at)}?labelSelector=job-name=${first!.name}`)).items.every(({ metadata }) => metadata.deletionTimestamp !== undefined));
  await remove(at, 'replace');
});
