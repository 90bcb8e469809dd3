/** What the stage shows of Jobs and CronJobs, and how they are in a few words. */
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { CronJob, Job } from '../../kubernetes/api/batch-v1.ts';
import { parseTime } from '../../kubernetes/apimachinery/time.ts';
import { completionsOf, jobStatus } from '../../kubernetes/printers/job-status.ts';
import type { CronJobRow, JobRow } from '../port/rows.ts';

export function jobFigures(object: KubeObject): Omit<JobRow, keyof KubeObject | 'namespace' | 'name' | 'uid' | 'resourceVersion' | 'createdAtUs' | 'deleting' | 'labels'> {
  const job = object as unknown as Job;
  const { active = 0, succeeded = 0, failed = 0 } = job.status ?? {};
  return { type: 'job', state: jobStatus(job), wanted: completionsOf(job), succeeded, active, failed };
}

export function cronJobFigures(object: KubeObject): Pick<CronJobRow, 'type' | 'schedule' | 'suspended' | 'active' | 'lastUs'> {
  const { spec, status } = object as unknown as CronJob;
  return { type: 'cron-job', schedule: spec.schedule ?? '', suspended: spec.suspend === true, active: status?.active?.length ?? 0, lastUs: parseTime(status?.lastScheduleTime) ?? 0 };
}

/** `2 of 3 succeeded, Running`. */
export function jobText(object: KubeObject): string {
  const { state, wanted, succeeded } = jobFigures(object);
  return `${succeeded} of ${wanted} succeeded, ${state}`;
}

/** Its schedule, and how many of its Jobs are at work. */
export function cronJobText(object: KubeObject): string {
  const { schedule, suspended, active } = cronJobFigures(object);
  return `${schedule}, ${suspended ? 'suspended' : active === 0 ? 'none at work' : `${active} at work`}`;
}
