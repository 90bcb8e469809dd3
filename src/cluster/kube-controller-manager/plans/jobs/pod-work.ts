/** Making and deleting a Job's Pods. Models the second half of manageJob and deleteJobPods in pkg/controller/job/job_controller.go. */
import { objectKey, type Pod, type Status } from '../../../../kubernetes/api/index.ts';
import type { Answer, ControllerEvent } from '../../controller.ts';
import { create, remove } from '../../requests.ts';
import { creationsObserved, deletionObserved, expectCreations, expectDeletions } from '../expectations.ts';
import { isPodReady } from '../pod-state.ts';
import type { Assessment } from './assessment.ts';
import type { Context, PodStep, Result } from './job-steps.ts';
import { isTracked } from './job-pods.ts';
import { podFor } from './job-template.ts';
import { untrack } from './orphan-pods.ts';
import type { PodPlan } from './pod-plan.ts';

type Conclude = (context: Context, assessed: Assessment, managed: boolean, error?: string) => Result;

export const messageOf = (answer: Answer): string => (answer.code === 0 ? 'the server could not be reached' : (answer.body as Status | undefined)?.message ?? `status ${answer.code}`);
const isNamespaceGoing = (answer: Answer): boolean => (answer.body as Status | undefined)?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
const noteOf = ({ job }: Assessment, text: string) => [{ name: 'job', text: `Job ${objectKey(job)} ${text}` }];

export function startPods(context: Context, assessed: Assessment, plan: PodPlan, conclude: Conclude): Result {
  const { key, memory, nowUs } = context;
  const { job, active } = assessed;
  switch (plan.do) {
    case 'nothing': return conclude(context, assessed, true);
    // Upstream counts no active Pods while it waits.
    case 'wait': return also(conclude(context, { ...assessed, active: 0 }, true), { keys: [{ key, afterUs: Math.max(plan.forUs, 1_000_000) }] });
    case 'delete': {
      const { pods } = plan;
      if (pods.length === 0) return conclude(context, assessed, true);
      const next = { ...memory, expectations: expectDeletions(memory.expectations, key, pods.map(objectKey), nowUs) };
      const marked = pods.filter(isTracked);
      const notes = noteOf(assessed, `has ${active} active: deleting ${pods.length}`);
      if (marked.length > 0) return { requests: marked.map(untrack), next: { at: 'letting-go', assessed, pods, marked }, memory: next, notes };
      return { requests: pods.map(removePod), next: { at: 'deleting', assessed, pods }, memory: next, notes };
    }
    case 'create': {
      const { indexes } = plan;
      const next = { ...memory, expectations: expectCreations(memory.expectations, key, indexes.length, nowUs) };
      const [batch, rest] = [indexes.slice(0, 1), indexes.slice(1)];
      return { requests: batch.map((index) => createPod(assessed, index)), next: { at: 'creating', assessed, batch, rest, active: active + indexes.length }, memory: next, notes: noteOf(assessed, `wants ${job.spec.parallelism} at once, has ${active} active: creating ${indexes.length}`) };
    }
  }
}

const also = (result: Result, more: Pick<Result, 'keys'>): Result => ({ ...result, keys: [...(result.keys ?? []), ...(more.keys ?? [])] });
const removePod = ({ metadata }: Pod) => remove('pods', metadata.namespace, metadata.name);
const createPod = ({ job, delayed }: Assessment, index: number | undefined) => create('pods', job.metadata.namespace, podFor(job, index, index === undefined ? undefined : delayed.get(index)));

/** Those whose finalizer could be removed are deleted; those that are gone already count as such. */
export function podsUntracked(context: Context, { assessed, pods, marked }: PodStep & { at: 'letting-go' }, conclude: Conclude): Result {
  const { answers, key, memory } = context;
  const lost = new Set(marked.filter((_, index) => !answers[index]!.ok));
  let { expectations } = memory;
  for (const pod of lost) expectations = deletionObserved(expectations, key, objectKey(pod));
  const failures = answers.filter(({ ok, code }) => !ok && code !== 404);
  const gone = lost.size - failures.length;
  const going = pods.filter((pod) => !lost.has(pod));
  const next = { ...memory, expectations };
  const step: PodStep & { at: 'deleting' } = {
    at: 'deleting', assessed: { ...assessed, active: assessed.active - gone, terminating: assessed.terminating + gone }, pods: going,
    ...(failures.length === 0 ? {} : { error: `removing completion finalizer: ${messageOf(failures[0]!)}` }),
  };
  return going.length === 0 ? podsDeleted({ ...context, answers: [], memory: next }, step, conclude) : { requests: going.map(removePod), next: step, memory: next };
}

export function podsDeleted(context: Context, { assessed, pods, error: before }: PodStep & { at: 'deleting' }, conclude: Conclude): Result {
  const { answers, key, memory } = context;
  let { expectations } = memory;
  let error = before;
  let [deleted, ready] = [0, 0];
  const events: ControllerEvent[] = [];
  for (const [index, answer] of answers.entries()) {
    const pod = pods[index]!;
    if (isPodReady(pod)) ready += 1;
    if (answer.ok || answer.code === 404) deleted += 1;
    if (answer.ok) { events.push({ regarding: assessed.job, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` }); continue; }
    expectations = deletionObserved(expectations, key, objectKey(pod));
    if (answer.code === 404) continue;
    error ??= messageOf(answer);
    events.push({ regarding: assessed.job, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${messageOf(answer)}` });
  }
  const next = { ...assessed, active: assessed.active - deleted, ready: assessed.ready - ready, terminating: assessed.terminating + deleted };
  return withEvents(conclude({ ...context, memory: { ...memory, expectations } }, next, true, error), events, { ...memory, expectations });
}

/** Twice as many after a batch that went well; none after one that did not. */
export function podsCreated(context: Context, { assessed, batch, rest, active: before }: PodStep & { at: 'creating' }, conclude: Conclude): Result {
  const { answers, key, memory } = context;
  const { job } = assessed;
  const events: ControllerEvent[] = [];
  let [failed, active] = [0, before];
  let error: string | undefined;
  for (const answer of answers) {
    if (answer.ok) { events.push({ regarding: job, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${(answer.body as Pod).metadata.name}` }); continue; }
    if (isNamespaceGoing(answer)) continue;
    failed += 1;
    error ??= messageOf(answer);
    events.push({ regarding: job, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${messageOf(answer)}` });
  }
  if (failed === 0 && rest.length > 0) {
    const size = Math.min(batch.length * 2, rest.length);
    const next: PodStep = { at: 'creating', assessed, batch: rest.slice(0, size), rest: rest.slice(size), active };
    return { requests: next.batch.map((index) => createPod(assessed, index)), events, next };
  }
  const missing = failed === 0 ? 0 : failed + rest.length;
  active -= missing;
  const expectations = missing === 0 ? memory.expectations : creationsObserved(memory.expectations, key, missing);
  return withEvents(conclude({ ...context, memory: { ...memory, expectations } }, { ...assessed, active }, true, error), events, { ...memory, expectations });
}

const withEvents = (result: Result, events: readonly ControllerEvent[], memory: Context['memory']): Result => ({ memory, ...result, events: [...events, ...(result.events ?? [])] });
