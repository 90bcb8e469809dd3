import { groupResource, objectKey, splitObjectKey, type Status } from '../../../kubernetes/api/index.ts';
import type { CronJob, Job } from '../../../kubernetes/api/batch-v1.ts';
import { controllerOf, isControlledBy } from '../../../kubernetes/apimachinery/owner-references.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { zoneOf } from '../../../kubernetes/apimachinery/time-zones.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { defineCode, finished, type Answer, type ControllerEvent, type Listers, type ObjectNews, type ReactContext, type Reaction, type SyncContext, type SyncResult } from '../controller.ts';
import { eventOf, isActive, jobFor, observed, started, surplusJobs, without } from '../plans/cron-jobs/cron-job-plan.ts';
import { dueAt, jobNameAt, longTime, scheduleOf, untilNextUs } from '../plans/cron-jobs/schedule-times.ts';
import { isFinished, jobsIn, jobsName, jobsResource } from '../plans/jobs/job-facts.ts';
import { create, read, remove, update } from '../requests.ts';
import { late } from './late.ts';

const cronJobsResource = { ...late.cronJob.awakenedBy[0], namespaced: true };
const cronJobsName = groupResource(cronJobsResource);
const cronJobsIn = (list: Listers): Lister<CronJob> => list(cronJobsName as Parameters<Listers>[0]) as unknown as Lister<CronJob>;

/** The CronJob as this sync has changed it so far; it is written when it is another than that in the cache. */
interface Work { readonly cronJob: CronJob; readonly jobs: readonly Job[] }
type Step = Work & (
  | { readonly at: 'cleaning'; readonly surplus: readonly Job[] }
  | { readonly at: 'recognizing' }
  | { readonly at: 'missing'; readonly names: readonly string[] }
  | { readonly at: 'finding'; readonly due: SimTime }
  | { readonly at: 'replacing'; readonly due: SimTime; readonly old: readonly Job[] }
  | { readonly at: 'creating'; readonly due: SimTime }
  | { readonly at: 'owning'; readonly due: SimTime }
  | { readonly at: 'writing'; readonly afterUs: number | undefined; readonly error?: string }
);
type At<Name extends Step['at']> = Step & { readonly at: Name };
type Context = SyncContext<null, Step>;
type Result = SyncResult<null, Step>;

/** Makes Jobs at the times of a schedule and keeps a history of them. Models pkg/controller/cronjob/cronjob_controllerv2.go. */
export const cronJobController = defineCode<null, Step>({
  memory: () => null,
  react(news, context) {
    if (news.resource === cronJobsName) return reactToCronJob(news, context);
    return news.resource === jobsName ? reactToJob(news, context) : undefined;
  },
  sync(context) {
    const { step } = context;
    switch (step?.at) {
      case undefined: return begin(context);
      case 'cleaning': return cleaned(context, step);
      case 'recognizing': return recognized(context, step);
      case 'missing': return missed(context, step);
      case 'finding': return found(context, step);
      case 'replacing': return replaced(context, step);
      case 'creating': return created(context, step);
      case 'owning': return owned(context, step);
      case 'writing': return written(context, step);
    }
  },
});

/** With another schedule it is looked at when that says so, at once otherwise. Models updateCronJob. */
function reactToCronJob({ type, object, old }: ObjectNews, { nowUs }: ReactContext<null>): Reaction<null> {
  const [cronJob, before] = [object as unknown as CronJob, old as unknown as CronJob | undefined];
  const key = objectKey(object);
  if (type !== 'updated' || (before!.spec.schedule === cronJob.spec.schedule && before!.spec.timeZone === cronJob.spec.timeZone)) return { keys: [key] };
  const schedule = scheduleOf(cronJob);
  return { keys: [{ key, afterUs: 'problem' in schedule ? 0 : untilNextUs(cronJob, nowUs, schedule.next) }] };
}

function reactToJob({ object, old }: ObjectNews, { list }: ReactContext<null>): Reaction<null> | undefined {
  const keys = [object, old as typeof object | undefined].flatMap((job) => {
    const reference = job === undefined ? undefined : controllerOf(job);
    if (reference?.kind !== 'CronJob') return [];
    const cronJob = cronJobsIn(list).get(object.metadata.namespace ?? '', reference.name);
    return cronJob?.metadata.uid === reference.uid ? [objectKey(cronJob)] : [];
  });
  return keys.length === 0 ? undefined : { keys: [...new Set(keys)] };
}

const messageOf = (answer: Answer): string => (answer.code === 0 ? 'the server could not be reached' : (answer.body as Status | undefined)?.message ?? `status ${answer.code}`);
const removeJob = ({ metadata }: Job) => remove(jobsResource, metadata.namespace, metadata.name, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' });
const cached = ({ key, list }: Context): CronJob | undefined => {
  const { namespace, name } = splitObjectKey(key);
  return cronJobsIn(list).get(namespace, name);
};

function begin(context: Context): Result {
  const cronJob = cached(context);
  if (cronJob === undefined) return finished;
  const { namespace, name } = cronJob.metadata;
  const jobs = [...jobsIn(context.list).all()].filter((job) => job.metadata.namespace === namespace && controllerOf(job)?.name === name);
  const surplus = surplusJobs(cronJob, jobs);
  if (surplus.length > 0) return { requests: surplus.map(removeJob), next: { at: 'cleaning', cronJob, jobs, surplus } };
  return recognize(context, { cronJob, jobs });
}

/** What became of Jobs that were to be deleted. Models deleteJob. */
function deleted({ answers }: Context, before: CronJob, old: readonly Job[]): { readonly cronJob: CronJob; readonly events: readonly ControllerEvent[]; readonly failed: Job | undefined } {
  let cronJob = before;
  const events = old.map(({ metadata: { name, uid } }, index): ControllerEvent => {
    const answer = answers[index]!;
    if (!answer.ok) return eventOf(before, 'Warning', 'FailedDelete', `Deleted job: ${messageOf(answer)}`);
    cronJob = without(cronJob, uid);
    return eventOf(before, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  });
  return { cronJob, events, failed: old.find((_, index) => !answers[index]!.ok) };
}

function cleaned(context: Context, { cronJob, jobs, surplus }: At<'cleaning'>): Result {
  const after = deleted(context, cronJob, surplus);
  return also(recognize(context, { cronJob: after.cronJob, jobs }), after.events);
}

const also = (result: Result, events: readonly ControllerEvent[]): Result => ({ ...result, events: [...events, ...(result.events ?? [])] });

/** A Job at work that it does not know of may be one that the cache does not show yet. */
function recognize(context: Context, work: Work): Result {
  const { cronJob, jobs } = work;
  const unknown = jobs.some((job) => !isFinished(job) && !isActive(cronJob, job.metadata.uid));
  if (!unknown) return observe(context, work);
  return { requests: [read(cronJobsResource, cronJob.metadata.namespace, cronJob.metadata.name)], next: { at: 'recognizing', ...work } };
}

function recognized(context: Context, { cronJob, jobs }: At<'recognizing'>): Result {
  const answer = context.answers[0]!;
  if (!answer.ok) return { error: messageOf(answer) };
  const live = answer.body as unknown as CronJob;
  const knows = jobs.some((job) => !isFinished(job) && !isActive(cronJob, job.metadata.uid) && isActive(live, job.metadata.uid));
  return observe(context, { cronJob: knows ? live : cronJob, jobs });
}

function observe(context: Context, { cronJob: before, jobs }: Work): Result {
  const { cronJob, events } = observed(before, jobs);
  const uids = new Set(jobs.map(({ metadata }) => metadata.uid));
  const missing = (cronJob.status?.active ?? []).filter(({ uid }) => !uids.has(uid));
  if (missing.length === 0) return also(schedule(context, { cronJob, jobs }), events);
  return { requests: missing.map(({ namespace, name = '' }) => read(jobsResource, namespace, name)), next: { at: 'missing', cronJob, jobs, names: missing.map(({ name = '' }) => name) }, events };
}

/** Jobs that are at work for all it knows, and in no cache: gone, if the server says so too. */
function missed(context: Context, { cronJob: before, jobs, names }: At<'missing'>): Result {
  let cronJob = before;
  const events: ControllerEvent[] = [];
  for (const [index, { ok, code }] of context.answers.entries()) {
    if (code === 404) {
      cronJob = without(cronJob, cronJob.status?.active?.find(({ name }) => name === names[index])?.uid);
      events.push(eventOf(before, 'Normal', 'MissingJob', `Active job went missing: ${names[index]}`));
    } else if (!ok) return { ...write(context, cronJob, undefined, messageOf(context.answers[index]!)), events };
  }
  return also(schedule(context, { cronJob, jobs }), events);
}

/** The second half of syncCronJob. */
function schedule(context: Context, work: Work): Result {
  const { nowUs } = context;
  const { cronJob } = work;
  const { spec, status } = cronJob;
  const stop = (...events: readonly ControllerEvent[]): Result => ({ ...write(context, cronJob, undefined), events });
  if (cronJob.metadata.deletionTimestamp !== undefined) return stop();
  const { timeZone } = spec;
  if (timeZone !== undefined && timeZone !== null && zoneOf(timeZone) === undefined) return stop(eventOf(cronJob, 'Warning', 'UnknownTimeZone', `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`));
  if (spec.suspend === true) return stop();
  const unsupported = spec.schedule?.includes('TZ') === true
    ? [eventOf(cronJob, 'Warning', 'UnsupportedSchedule', `CRON_TZ or TZ used in schedule ${JSON.stringify(spec.schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`)] : [];
  const parsed = scheduleOf(cronJob);
  if ('problem' in parsed) return stop(...unsupported, eventOf(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${parsed.problem}`));
  const due = dueAt(cronJob, nowUs, parsed.next);
  if ('problem' in due) return stop(...unsupported, eventOf(cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${due.problem}`));
  const events = [...unsupported, ...(due.tooMany ? [eventOf(cronJob, 'Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew')] : [])];
  const wait = (...more: readonly ControllerEvent[]): Result => ({ ...write(context, cronJob, untilNextUs(cronJob, nowUs, parsed.next)), events: [...events, ...more] });
  const { at } = due;
  if (at === undefined) return wait();
  if (spec.startingDeadlineSeconds !== undefined && at + spec.startingDeadlineSeconds * 1_000_000 < nowUs) return wait(eventOf(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${longTime(at)}`));
  const active = status?.active ?? [];
  if (active.some(({ name }) => name === jobNameAt(cronJob, at)) || parseTime(status?.lastScheduleTime) === at) return wait();
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) return wait(eventOf(cronJob, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid'));
  if (spec.concurrencyPolicy !== 'Replace' || active.length === 0) return also(start(work, at), events);
  return { requests: active.map(({ namespace, name = '' }) => read(jobsResource, namespace, name)), next: { at: 'finding', ...work, due: at }, events };
}

function found(context: Context, { cronJob, jobs, due }: At<'finding'>): Result {
  const failed = context.answers.find(({ ok }) => !ok);
  if (failed !== undefined) return { ...write(context, cronJob, undefined, messageOf(failed)), events: [eventOf(cronJob, 'Warning', 'FailedGet', `Get job: ${messageOf(failed)}`)] };
  const old = context.answers.map(({ body }) => body as unknown as Job);
  return { requests: old.map(removeJob), next: { at: 'replacing', cronJob, jobs, due, old } };
}

function replaced(context: Context, { cronJob: before, jobs, due, old }: At<'replacing'>): Result {
  const { cronJob, events, failed } = deleted(context, before, old);
  if (failed !== undefined) return { ...write(context, cronJob, undefined, `could not replace job ${failed.metadata.namespace}/${failed.metadata.name}`), events };
  return also(start({ cronJob, jobs }, due), events);
}

function start({ cronJob, jobs }: Work, due: SimTime): Result {
  const job = jobFor(cronJob, due);
  return { requests: [create(jobsResource, cronJob.metadata.namespace, job)], next: { at: 'creating', cronJob, jobs, due }, notes: [{ name: 'cronjob', text: `CronJob ${objectKey(cronJob)} is due: creating Job ${job.metadata.name}` }] };
}

function created(context: Context, { cronJob, jobs, due }: At<'creating'>): Result {
  const answer = context.answers[0]!;
  if (answer.ok) {
    const job = answer.body as unknown as Job;
    return { ...takeOn(context, cronJob, job, due), events: [eventOf(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`)] };
  }
  const { reason, details } = answer.body as Status;
  if (reason === 'AlreadyExists') return { requests: [read(jobsResource, cronJob.metadata.namespace, jobNameAt(cronJob, due))], next: { at: 'owning', cronJob, jobs, due } };
  const ends = details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') === true;
  return { ...write(context, cronJob, undefined, messageOf(answer)), ...(ends ? {} : { events: [eventOf(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${messageOf(answer)}`)] }) };
}

/** It is there already: made before, if it is its own, and not yet written down. */
function owned(context: Context, { cronJob, due }: At<'owning'>): Result {
  const answer = context.answers[0]!;
  if (!answer.ok) return write(context, cronJob, undefined, messageOf(answer));
  const job = answer.body as unknown as Job;
  return !isControlledBy(job, cronJob) || isActive(cronJob, job.metadata.uid) ? write(context, cronJob, undefined) : takeOn(context, cronJob, job, due);
}

function takeOn(context: Context, before: CronJob, job: Job, due: SimTime): Result {
  const cronJob = started(before, job, due);
  const parsed = scheduleOf(cronJob);
  return write(context, cronJob, 'problem' in parsed ? undefined : untilNextUs(cronJob, context.nowUs, parsed.next));
}

/** Its status, where this sync has changed it, then the end: come back after a while, or try again. */
function write(context: Context, cronJob: CronJob, afterUs: number | undefined, error?: string): Result {
  const next: At<'writing'> = { at: 'writing', cronJob, jobs: [], afterUs, ...(error === undefined ? {} : { error }) };
  return cached(context)?.status === cronJob.status ? end(next) : { requests: [update(cronJob, 'status')], next };
}

function written({ answers }: Context, step: At<'writing'>): Result {
  const answer = answers[0]!;
  return answer.ok ? end(step) : answer.code === 404 ? finished : { error: messageOf(answer) };
}

const end = ({ afterUs, error }: At<'writing'>): Result => (afterUs !== undefined ? { requeueAfterUs: afterUs } : error === undefined ? finished : { error });
