/** Jobs as upstream's tests make them and wait for them. Models test/e2e/framework/job/{fixtures,wait}.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { podsOf, type Pod } from './pods.ts';
import type { Thing } from './things.ts';

interface Condition { readonly type: string; readonly status: string; readonly reason?: string; readonly lastTransitionTime?: string }
export type Job = Thing & {
  readonly spec: { readonly suspend?: boolean };
  readonly status: { readonly conditions?: readonly Condition[]; readonly active?: number; readonly ready?: number; readonly terminating?: number; readonly succeeded?: number; readonly failed?: number; readonly completedIndexes?: string; readonly failedIndexes?: string };
};

const busybox = 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1';
export type Does = keyof typeof behaviours;
const behaviours = {
  notTerminate: { image: 'registry.k8s.io/pause:3.10.1' },
  fail: { image: busybox, command: ['/bin/sh', '-c', 'exit 1'] },
  succeed: { image: busybox, command: ['/bin/sh', '-c', 'exit 0'] },
  /** As upstream's tests name it, whose fixtures do not know it: what the image does by itself. */
  succeeded: { image: busybox },
  failOddSucceedEven: { image: busybox, command: ['sh', '-c'], args: ['\n\t\t\tif [ $(expr ${JOB_COMPLETION_INDEX} % 2) -ne 0 ]; then\n\t\t\t\texit 1\n\t\t\telse\n\t\t\t\texit 0\n\t\t\tfi\n\t\t\t'] },
  failOnce: { image: busybox, command: ['/bin/sh', '-c'], args: ['\n\t\t\tif [[ -r /data/foo ]]\n\t\t\tthen\n\t\t\t\texit 0\n\t\t\telse\n\t\t\t\ttouch /data/foo\n\t\t\t\texit 1\n\t\t\tfi\n\t\t'] },
  notTerminateOncePerIndex: {
    image: busybox, command: ['/bin/sh', '-c'], args: ['\n\t\t\tif [[ -r /data/foo-$JOB_COMPLETION_INDEX ]]\n\t\t\tthen\n\t\t\t\texit 0\n\t\t\telse\n\t\t\t\ttouch /data/foo-$JOB_COMPLETION_INDEX\n\t\t\t\tsleep 1000000\n\t\t\tfi\n\t\t'],
    readinessProbe: { periodSeconds: 1, exec: { command: ['/bin/sh', '-c', 'cat /data/foo-$JOB_COMPLETION_INDEX'] } },
  },
  failOncePerIndex: { image: busybox, command: ['/bin/sh', '-c'], args: ['\n\t\t\tif [[ -r /data/foo-$JOB_COMPLETION_INDEX ]]\n\t\t\tthen\n\t\t\t\texit 0\n\t\t\telse\n\t\t\t\ttouch /data/foo-$JOB_COMPLETION_INDEX\n\t\t\t\texit 42\n\t\t\tfi\n\t\t'] },
} as const;
export const testJob = (does: Does, name: string, parallelism: number, completions: number, more: object = {}, pod: object = {}) => ({
  metadata: { name },
  spec: {
    parallelism, completions, backoffLimit: 6, manualSelector: false, ...more,
    template: { metadata: { labels: { 'job': name } }, spec: { restartPolicy: 'Never', volumes: [{ name: 'data', emptyDir: {} }], containers: [{ name: 'c', ...behaviours[does], volumeMounts: [{ mountPath: '/data', name: 'data' }] }], ...pod } },
  },
});
export const jobs = (at: Client): string => `${at.in('batch/v1')}/jobs`;
export const jobPods = async (at: Client, name: string): Promise<readonly Pod[]> => (await at.list(`${podsOf(at)}?labelSelector=job=${name}`)).items as readonly Pod[];
export const podsRunning = (at: Client, name: string, count: number): Promise<true> => at.until(async () => (await jobPods(at, name)).filter(({ status }) => status.phase === 'Running').length === count);
/** The Job when it has this condition, and for this reason. */
export const withCondition = (at: Client, name: string, type: string, reason?: string): Promise<Job> => at.until(async () => {
  const job = await at.get<Job>(`${jobs(at)}/${name}`);
  const condition = (job.status.conditions ?? []).find((one) => one.type === type && one.status === 'True');
  if (condition !== undefined && reason !== undefined) expect(condition.reason).toBe(reason);
  return condition !== undefined && job;
});
/** Models WaitForJobComplete: as many have succeeded, and it ends for this reason. */
export async function complete(at: Client, name: string, reason: string, completions: number): Promise<Job> {
  await at.until(async () => (await at.get<Job>(`${jobs(at)}/${name}`)).status.succeeded === completions);
  return withCondition(at, name, 'Complete', reason);
}
