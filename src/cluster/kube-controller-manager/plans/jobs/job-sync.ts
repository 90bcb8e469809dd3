/** The work on one Job, step by step. Models pkg/controller/job/job_controller.go: syncJob. */
import { PSet } from '../../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type Pod } from '../../../../kubernetes/api/index.ts';
import type { Job, JobStatus } from '../../../../kubernetes/api/batch-v1.ts';
import { formatTime } from '../../../../kubernetes/apimachinery/time.ts';
import { finished as over, type ControllerEvent } from '../../controller.ts';
import { remove, update } from '../../requests.ts';
import { isPodReady } from '../pod-state.ts';
import { assess, completionsReached, isComplete, type Assessment } from './assessment.ts';
import { noBackoff } from './job-backoff.ts';
import { claim, claimed, recheck } from './job-claims.ts';
import { isFinished, isManagedElsewhere, isSuspended, isTrue, jobsIn, newCondition, withCondition } from './job-facts.ts';
import { uidOf } from './job-pods.ts';
import { messageOf, podsCreated, podsDeleted, podsUntracked, startPods } from './pod-work.ts';
import type { Context, Result, Step } from './job-steps.ts';
import { planPods } from './pod-plan.ts';
import { countUntracked, finished, stored, track } from './tracking.ts';
import { untrack } from './orphan-pods.ts';

export function syncJob(context: Context): Result {
  const { step } = context;
  switch (step?.at) {
    case undefined: return begin(context);
    case 'rechecking': return recheck(context, step, proceed);
    case 'claiming': return claimed(context, step, proceed);
    case 'ending': return ended(context, step);
    case 'letting-go': return podsUntracked(context, step, conclude);
    case 'deleting': return podsDeleted(context, step, conclude);
    case 'creating': return podsCreated(context, step, conclude);
    case 'recording': return recorded(context, step);
    case 'untracking': return untracked(context, step);
    case 'finishing': return written(context, step);
    case 'freeing': return over;
  }
}

function begin(context: Context): Result {
  const { key, list, memory } = context;
  const { namespace, name } = splitObjectKey(key);
  const job = jobsIn(list).get(namespace, name);
  if (job === undefined) return { memory: { ...memory, expectations: memory.expectations.delete(key), untracking: memory.untracking.delete(key), backoffs: memory.backoffs.delete(key) } };
  const uid = job.metadata.uid ?? '';
  if (isManagedElsewhere(job)) return over;
  if (isFinished(job)) return { memory: { ...memory, backoffs: memory.backoffs.delete(key), over: memory.over.delete(uid) } };
  if (memory.over.has(uid)) return over;
  return claim(context, job, proceed);
}

/** `trusted`: the cache shows all that was asked for before. */
function proceed(context: Context, job: Job, pods: readonly Pod[], trusted: boolean): Result {
  const { key, memory, nowUs } = context;
  const assessed = assess(job, pods, { expected: new Set(memory.untracking.get(key) ?? []), backoff: memory.backoffs.get(key) ?? noBackoff, nowUs });
  const { deadlineInUs, activePods } = assessed;
  const keys = deadlineInUs === undefined ? {} : { keys: [{ key, afterUs: deadlineInUs }] };
  if (assessed.condition !== undefined) {
    if (activePods.length === 0) return { ...settle(context, trusted ? assessed : { ...assessed, condition: undefined }, assessed.status, false), ...keys };
    return { requests: activePods.map(({ metadata }) => remove('pods', metadata.namespace, metadata.name)), next: { at: 'ending', assessed, trusted }, notes: [noteOf(job, `is over: ${assessed.condition.reason}`)], ...keys };
  }
  if (!trusted || job.metadata.deletionTimestamp !== undefined) return { ...conclude(context, assessed, false), ...keys };
  const plan = planPods(assessed, nowUs);
  const result = startPods(context, assessed, plan, conclude);
  return deadlineInUs === undefined ? result : { ...result, keys: [...(result.keys ?? []), ...keys.keys!] };
}

const noteOf = (job: Job, text: string) => ({ name: 'job', text: `Job ${objectKey(job)} ${text}` });

/** The Job is over: what was still at work is being deleted. Models deleteActivePods. */
function ended(context: Context, { assessed, trusted }: Step & { at: 'ending' }): Result {
  const { job, activePods, active, ready, terminating } = assessed;
  const events: ControllerEvent[] = [];
  let [deleted, deletedReady] = [0, 0];
  let error: string | undefined;
  for (const [index, answer] of context.answers.entries()) {
    const pod = activePods[index]!;
    if (isPodReady(pod)) deletedReady += 1;
    if (answer.ok || answer.code === 404) deleted += 1;
    else error ??= messageOf(answer);
    if (answer.ok) events.push({ regarding: job, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` });
    else if (answer.code !== 404) events.push({ regarding: job, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${messageOf(answer)}` });
  }
  const { condition, ...rest } = assessed;
  const next: Assessment = { ...rest, condition: deleted === active && trusted ? condition : undefined, active: active - deleted, ready: ready - deletedReady, terminating: terminating + deleted };
  return { ...settle(context, next, next.status, false, error), events };
}

/** Whether it is complete, suspended or resumed; `managed`: its Pods were looked after in this sync. */
function conclude(context: Context, assessed: Assessment, managed: boolean, error?: string): Result {
  const { nowUs } = context;
  const { job, status, active } = assessed;
  if (isComplete(assessed, active)) return settle(context, { ...assessed, condition: completionsReached(nowUs) }, status, false, error);
  if (!managed) return settle(context, assessed, status, false, error);
  const suspended = isSuspended(job);
  const before = status.conditions ?? [];
  const conditions = withCondition(before, suspended ? newCondition('Suspended', 'True', 'JobSuspended', 'Job suspended', nowUs) : newCondition('Suspended', 'False', 'JobResumed', 'Job resumed', nowUs));
  if (conditions === before) return settle(context, assessed, status, false, error);
  const { startTime: _, ...rest } = status;
  const next: JobStatus = suspended ? { ...rest, conditions } : { ...rest, conditions, startTime: formatTime(nowUs) };
  const event: ControllerEvent = suspended ? { regarding: job, type: 'Normal', reason: 'Suspended', message: 'Job suspended' } : { regarding: job, type: 'Normal', reason: 'Resumed', message: 'Job resumed' };
  const result = settle(context, assessed, next, true, error);
  return { ...result, events: [event, ...(result.events ?? [])] };
}

/** Write down what has ended, let those Pods go, and write what it came to. Models trackJobStatusAndRemoveFinalizers. */
function settle(context: Context, assessed: Assessment, before: JobStatus, changed: boolean, error?: string): Result {
  const { job, active, ready, terminating } = assessed;
  const counts = { active, ready, terminating };
  const differs = changed || active !== (before.active ?? 0) || ready !== before.ready || terminating !== before.terminating;
  const tracking = track(assessed, { ...before, ...counts, uncountedTerminatedPods: before.uncountedTerminatedPods ?? {} }, differs, context.nowUs);
  const failed = error === undefined ? {} : { error };
  if (!tracking.changed) return letGo(context, { at: 'recording', assessed, tracking, ...failed }, { ...job, status: tracking.status });
  return { requests: [write(job, tracking.status)], next: { at: 'recording', assessed, tracking, ...failed } };
}

const write = (job: Job, status: JobStatus) => update({ ...job, status: stored(status) }, 'status');

function recorded(context: Context, step: Step & { at: 'recording' }): Result {
  const answer = context.answers[0]!;
  if (!answer.ok) return answer.code === 404 ? over : { error: `tracking status: adding uncounted pods to status: ${messageOf(answer)}` };
  const { memory, key } = context;
  const next = { ...memory, backoffs: memory.backoffs.set(key, step.assessed.backoff) };
  return letGo({ ...context, memory: next }, step, answer.body as unknown as Job);
}

function letGo(context: Context, { assessed, tracking, error }: Step & { at: 'recording' }, job: Job): Result {
  const { finalizersToRemove } = tracking;
  const { memory, key } = context;
  const failed = error === undefined ? {} : { error };
  if (finalizersToRemove.length === 0) return finish(context, { at: 'untracking', assessed, tracking, job, ...failed }, tracking.tracked);
  let expected = memory.untracking.get(key) ?? PSet<string>();
  for (const pod of finalizersToRemove) expected = expected.add(uidOf(pod));
  return {
    requests: finalizersToRemove.map(untrack), next: { at: 'untracking', assessed, tracking, job, ...failed }, memory: { ...memory, untracking: memory.untracking.set(key, expected) },
    notes: [noteOf(job, `counts ${finalizersToRemove.length === 1 ? 'a Pod that has' : `${finalizersToRemove.length} Pods that have`} ended`)],
  };
}

function untracked(context: Context, step: Step & { at: 'untracking' }): Result {
  const { answers, key, memory } = context;
  const tracked = new Set(step.tracking.tracked);
  let expected = memory.untracking.get(key) ?? PSet<string>();
  let error: string | undefined;
  for (const [index, answer] of answers.entries()) {
    const uid = uidOf(step.tracking.finalizersToRemove[index]!);
    if (!answer.ok) expected = expected.delete(uid);
    if (answer.ok || answer.code === 404) tracked.delete(uid);
    else error ??= messageOf(answer);
  }
  const next: Context = { ...context, memory: { ...memory, untracking: memory.untracking.set(key, expected) } };
  if (error === undefined) return finish(next, step, tracked);
  // Some are still marked: what could be counted is written, and the rest is tried again.
  const status = countUntracked(step.job.status ?? {}, tracked);
  const text = `tracking status: ${error}`;
  return status === step.job.status ? { error: text, memory: next.memory } : { requests: [write(step.job, status)], next: { at: 'finishing', job: step.job, final: undefined, error: text }, memory: next.memory };
}

function finish(context: Context, { assessed, tracking, job, error }: Step & { at: 'untracking' }, tracked: ReadonlySet<string>): Result {
  const { memory, nowUs } = context;
  const before = job.status ?? {};
  const counted = countUntracked(before, tracked);
  const end = finished(counted, tracking.final, assessed.terminating, nowUs);
  if (end === undefined && counted === before) return { memory, ...(error === undefined ? {} : { error }) };
  return { memory, requests: [write(job, end ?? counted)], next: { at: 'finishing', job, final: end === undefined ? undefined : tracking.final, ...(error === undefined ? {} : { error }) } };
}

function written({ answers, memory }: Context, { job, final, error }: Step & { at: 'finishing' }): Result {
  const answer = answers[0]!;
  if (!answer.ok) return answer.code === 404 ? over : { error: `tracking status: removing uncounted pods from status: ${messageOf(answer)}` };
  if (final === undefined) return error === undefined ? over : { error };
  const written = answer.body as unknown as Job;
  const events: ControllerEvent[] = [];
  if (final.type !== 'Complete') events.push({ regarding: written, type: 'Warning', reason: final.reason ?? '', message: final.message ?? '' });
  else {
    if ((written.status?.succeeded ?? 0) > (job.spec.completions ?? Infinity)) events.push({ regarding: written, type: 'Warning', reason: 'TooManySucceededPods', message: 'Too many succeeded pods running after completion count reached' });
    events.push({ regarding: written, type: 'Normal', reason: 'Completed', message: 'Job completed' });
  }
  return { events, memory: { ...memory, over: memory.over.add(job.metadata.uid ?? '') }, notes: [noteOf(job, isTrue(written.status?.conditions, 'Complete') ? 'is complete' : `has failed: ${final.reason}`)], ...(error === undefined ? {} : { error }) };
}
