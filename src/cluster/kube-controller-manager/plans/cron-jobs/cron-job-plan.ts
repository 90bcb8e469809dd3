/** What a CronJob makes of its Jobs, and the Job it makes. Models pkg/controller/cronjob/{cronjob_controllerv2,utils}.go. */
import type { CronJob, CronJobStatus, Job } from '../../../../kubernetes/api/batch-v1.ts';
import { newControllerReference } from '../../../../kubernetes/apimachinery/owner-references.ts';
import { formatTime, parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import type { ControllerEvent } from '../../controller.ts';
import { finishedCondition, isFinished } from '../jobs/job-facts.ts';
import { jobNameAt, zonedTime } from './schedule-times.ts';

export const eventOf = (cronJob: CronJob, type: 'Normal' | 'Warning', reason: string, message: string): ControllerEvent => ({ regarding: cronJob, type, reason, message });
export const isActive = ({ status }: CronJob, uid: string | undefined): boolean => status?.active?.some((one) => one.uid === uid) ?? false;

export function withStatus(cronJob: CronJob, change: CronJobStatus): CronJob {
  const { active = [], ...rest } = { ...cronJob.status, ...change };
  return { ...cronJob, status: { ...(active.length === 0 ? {} : { active }), ...rest } };
}
export const without = (cronJob: CronJob, uid: string | undefined): CronJob => (isActive(cronJob, uid) ? withStatus(cronJob, { active: cronJob.status!.active!.filter((one) => one.uid !== uid) }) : cronJob);

const startOf = ({ status }: Job): number => parseTime(status?.startTime) ?? Infinity;
const byStart = (a: Job, b: Job): number => (startOf(a) === startOf(b) ? (a.metadata.name < b.metadata.name ? -1 : 1) : startOf(a) - startOf(b));

/** Finished Jobs beyond those of which the history is kept, the oldest first. Models cleanupFinishedJobs. */
export function surplusJobs({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
  const oldest = (type: 'Complete' | 'Failed', limit: number | undefined): readonly Job[] => {
    const ended = jobs.filter((job) => finishedCondition(job)?.type === type).sort(byStart);
    return limit === undefined ? [] : ended.slice(0, Math.max(0, ended.length - limit));
  };
  return [...oldest('Complete', spec.successfulJobsHistoryLimit), ...oldest('Failed', spec.failedJobsHistoryLimit)];
}

/** The CronJob with what its Jobs have come to, and what there is to tell. Models the first loop of syncCronJob. */
export function observed(before: CronJob, jobs: readonly Job[]): { readonly cronJob: CronJob; readonly events: readonly ControllerEvent[] } {
  let cronJob = before;
  const events: ControllerEvent[] = [];
  for (const job of jobs) {
    const { uid, name } = job.metadata;
    const active = isActive(cronJob, uid);
    if (!isFinished(job)) {
      if (!active) events.push(eventOf(before, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`));
      continue;
    }
    const { type } = finishedCondition(job)!;
    if (active) {
      cronJob = without(cronJob, uid);
      events.push(eventOf(before, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${type}`));
    }
    const [endUs, lastUs] = [parseTime(job.status?.completionTime), parseTime(cronJob.status?.lastSuccessfulTime)];
    if (type === 'Complete' && endUs !== undefined && (lastUs === undefined || endUs > lastUs)) cronJob = withStatus(cronJob, { lastSuccessfulTime: formatTime(endUs) });
  }
  return { cronJob, events };
}

/** Models getJobFromTemplate2. */
export function jobFor(cronJob: CronJob, at: SimTime) {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1', kind: 'Job',
    metadata: {
      name: jobNameAt(cronJob, at), ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': zonedTime(cronJob, at) }, ownerReferences: [newControllerReference(cronJob)],
    },
    spec,
  };
}

/** The CronJob with a Job that has just been started. */
export function started(cronJob: CronJob, { metadata: { namespace = '', name, uid = '', resourceVersion = '' } }: Job, at: SimTime): CronJob {
  return withStatus(cronJob, { active: [...(cronJob.status?.active ?? []), { apiVersion: 'batch/v1', kind: 'Job', namespace, name, uid, resourceVersion }], lastScheduleTime: formatTime(at) });
}
