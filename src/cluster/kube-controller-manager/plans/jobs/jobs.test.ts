import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { Job, JobSpec, JobStatus } from '../../../../kubernetes/api/batch-v1.ts';
import { formatTime } from '../../../../kubernetes/apimachinery/time.ts';
import { assess } from './assessment.ts';
import { judge } from './failure-policy.ts';
import { countOf, formatIntervals, freeIndexes, hasIndex, merge, overlap, parseIntervals, withIndexes } from './index-intervals.ts';
import { backoffAfter, noBackoff, remainingUs } from './job-backoff.ts';
import { finishedAtUs } from './job-pods.ts';
import { podFor } from './job-template.ts';
import { planPods } from './pod-plan.ts';
import { metPolicy } from './success-policy.ts';
import { finished, track } from './tracking.ts';

const second = 1_000_000;
const nowUs = 100 * second;

interface Made { readonly phase?: string; readonly index?: number; readonly at?: number; readonly code?: number; readonly restarts?: number; readonly deleted?: true; readonly tracked?: false; readonly failures?: number; readonly node?: string }
/** A Pod that ended so many seconds after the world began, or is at work. */
function pod(name: string, { phase = 'Running', index, at = 50, code = phase === 'Failed' ? 1 : 0, restarts = 0, deleted, tracked, failures, node = 'worker-1' }: Made = {}): Pod {
  const over = phase === 'Succeeded' || phase === 'Failed';
  const annotations = { ...(index === undefined ? {} : { 'batch.kubernetes.io/job-completion-index': String(index) }), ...(failures === undefined ? {} : { 'batch.kubernetes.io/job-index-failure-count': String(failures) }) };
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, creationTimestamp: formatTime(0), annotations, ...(tracked === false ? {} : { finalizers: ['batch.kubernetes.io/job-tracking'] }), ...(deleted ? { deletionTimestamp: formatTime(at * second) } : {}) },
    spec: { nodeName: node, containers: [{ name: 'main' }] },
    status: {
      phase: phase as 'Running', conditions: [{ type: 'Ready', status: over || phase === 'Pending' ? 'False' : 'True', lastTransitionTime: formatTime(at * second) }],
      containerStatuses: [{ name: 'main', ready: !over, restartCount: restarts, image: '', imageID: '', state: over ? { terminated: { exitCode: code, finishedAt: formatTime(at * second) } } : { running: {} } }],
    },
  };
}
const job = (spec: Partial<JobSpec> = {}, status: JobStatus = { startTime: formatTime(0) }): Job => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work', namespace: 'default', uid: 'u1' }, status,
  spec: { completions: 3, parallelism: 2, backoffLimit: 6, completionMode: 'NonIndexed', podReplacementPolicy: 'TerminatingOrFailed', template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main' }] } }, ...spec },
});
const indexed = { completionMode: 'Indexed' } as const;
const given = { expected: new Set<string>(), backoff: noBackoff, nowUs };
const ended = (name: string, phase: string, index: number, more: Made = {}) => pod(name, { phase, index, ...more });

describe('indexes', () => {
  test.each([
    ['', 10, ''], ['0', 10, '0'], ['0,1', 10, '0,1'], ['0-1,2', 10, '0-2'], ['1-3,5,7-12', 10, '1-3,5,7-9'], ['2,x,4', 10, '2,4'], ['12', 10, ''],
  ])('%s of %i', (text, completions, read) => expect(formatIntervals(parseIntervals(text, completions))).toBe(read));
  test('are counted, merged, held against others and found free', () => {
    const some = parseIntervals('1-3,6', 10);
    expect([countOf(some), hasIndex(some, 3), hasIndex(some, 4), formatIntervals(withIndexes(some, [4, 0, 9])), formatIntervals(merge(some, parseIntervals('2-7', 10))), overlap(some, parseIntervals('0-1,3-6', 10))])
      .toEqual([4, true, false, '0-4,6,9', '1-7', 3]);
    expect([freeIndexes(some, 3, 10), freeIndexes(some, 20, 8), freeIndexes([], 2, 1)]).toEqual([[0, 4, 5], [0, 4, 5, 7], [0]]);
  });
});

describe('a failed Pod is judged by the first rule that fits', () => {
  const on = (action: string, codes: readonly number[], operator = 'In', containerName?: string) => ({ action, onExitCodes: { operator, values: codes, ...(containerName === undefined ? {} : { containerName }) } });
  test.each([
    ['none', [], 1, { counts: true }],
    ['ignored', [on('Ignore', [1])], 1, { counts: false, action: 'Ignore' }],
    ['another code', [on('Ignore', [2]), on('Count', [1])], 1, { counts: true, action: 'Count' }],
    ['all but', [on('FailIndex', [2, 3], 'NotIn')], 1, { counts: true, action: 'FailIndex' }],
    ['another container', [on('Ignore', [1], 'In', 'side')], 1, { counts: true }],
    ['never one that ended well', [on('Ignore', [5], 'NotIn')], 0, { counts: true }],
    ['the Job', [on('FailJob', [42])], 42, { counts: true, action: 'FailJob', message: 'Container main for pod default/a failed with exit code 42 matching FailJob rule at index 0' }],
  ])('%s', (_, rules, code, verdict) => expect(judge({ rules }, pod('a', { phase: 'Failed', code }))).toEqual(verdict));
  test('by its conditions too', () => {
    const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }, { action: 'FailJob', onPodConditions: [{ type: 'Ready', status: 'False' }] }];
    expect(judge({ rules }, pod('a', { phase: 'Failed' })).message).toBe('Pod default/a has condition Ready matching FailJob rule at index 1');
  });
});

test.each([
  [undefined, '0-4', undefined], [{ rules: [{ succeededCount: 2 }] }, '4', undefined], [{ rules: [{ succeededCount: 2 }] }, '1,4', 'Matched rules at index 0'],
  [{ rules: [{ succeededIndexes: '0-1' }, { succeededIndexes: '2-4', succeededCount: 1 }] }, '3', 'Matched rules at index 1'], [{ rules: [{ succeededIndexes: '0-1' }] }, '0-3', 'Matched rules at index 0'], [{ rules: [{ succeededCount: 0 }] }, '', undefined],
])('a success policy %j with %s', (policy, done, message) => expect(metPolicy(policy, 5, parseIntervals(done, 5))).toBe(message));

describe('Pods in place of failed ones', () => {
  test.each([[0, 0], [1, 10], [2, 20], [4, 80], [7, 600], [40, 600]])('after %i failures wait %i s', (failures, seconds) => expect(remainingUs({ failures, lastFailureUs: nowUs }, nowUs)).toBe(seconds * second));
  test('failures count since the last success', () => {
    const failed = [pod('a', { phase: 'Failed', at: 40 }), pod('b', { phase: 'Failed', at: 60 })];
    const before = { failures: 3, lastFailureUs: 20 * second };
    expect([backoffAfter(before, [], failed), backoffAfter(before, [pod('c', { phase: 'Succeeded', at: 50 })], failed), backoffAfter(before, [pod('c', { phase: 'Succeeded', at: 70 })], failed), backoffAfter(before, [], [])])
      .toEqual([{ failures: 5, lastFailureUs: 60 * second }, { failures: 1, lastFailureUs: 60 * second }, noBackoff, before]);
  });
  test('a Pod ended with its last container, or when it was no longer ready, or when it was deleted', () => {
    const { metadata, spec } = pod('a');
    const status = { phase: 'Failed' as const };
    expect([pod('a', { phase: 'Failed', at: 33 }), pod('a', { phase: 'Pending', at: 22 }), { apiVersion: 'v1' as const, kind: 'Pod' as const, metadata: { ...metadata, deletionTimestamp: formatTime(40 * second), deletionGracePeriodSeconds: 30 }, spec, status }].map(finishedAtUs)).toEqual([33 * second, 22 * second, 10 * second]);
  });
});

describe('what a Job has come to', () => {
  const outcome = (one: Job, pods: readonly Pod[]): string | undefined => { const { condition } = assess(one, pods, given); return condition && `${condition.type} ${condition.reason}`; };
  const failures = (count: number, more: Made = {}) => Array.from({ length: count }, (_, index) => pod(`f${index}`, { phase: 'Failed', ...more }));
  test.each<[what: string, one: Job, pods: readonly Pod[], condition: string | undefined]>([
    ['at work', job(), [pod('a'), ...failures(6)], undefined],
    ['too many failures', job(), failures(7), 'FailureTarget BackoffLimitExceeded'],
    ['of which those before count', job({}, { startTime: formatTime(0), failed: 4 }), failures(3), 'FailureTarget BackoffLimitExceeded'],
    ['of which those without the mark are counted already', job(), failures(7, { tracked: false }), undefined],
    ['too many restarts in place', job({ backoffLimit: 3, template: { spec: { restartPolicy: 'OnFailure', containers: [] } } }), [pod('a', { restarts: 1 }), pod('b', { restarts: 2 })], 'FailureTarget BackoffLimitExceeded'],
    ['too late', job({ activeDeadlineSeconds: 100 }), [pod('a')], 'FailureTarget DeadlineExceeded'],
    ['not while suspended', job({ activeDeadlineSeconds: 100, suspend: true }), [], undefined],
    ['by its policy', job({ podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] } }), failures(1), 'FailureTarget PodFailurePolicy'],
    ['an index over its limit', job({ ...indexed, backoffLimit: 99, backoffLimitPerIndex: 1, maxFailedIndexes: 0 }), [ended('a', 'Failed', 0, { failures: 1 })], 'FailureTarget MaxFailedIndexesExceeded'],
    ['an index that may try again', job({ ...indexed, backoffLimit: 99, backoffLimitPerIndex: 1, maxFailedIndexes: 0 }), [ended('a', 'Failed', 0, { failures: 0 })], undefined],
    ['every index over, one failed', job({ ...indexed, backoffLimit: 99, backoffLimitPerIndex: 0 }), [ended('a', 'Failed', 0), ended('b', 'Succeeded', 1), ended('c', 'Succeeded', 2)], 'FailureTarget FailedIndexes'],
    ['enough indexes', job({ ...indexed, successPolicy: { rules: [{ succeededIndexes: '1' }] } }), [pod('a', { index: 0 }), ended('b', 'Succeeded', 1)], 'SuccessCriteriaMet SuccessPolicy'],
    ['as it was decided before', job({}, { startTime: formatTime(0), conditions: [{ type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded' }] }), [], 'Failed DeadlineExceeded'],
  ])('%s', (_, one, pods, condition) => expect(outcome(one, pods)).toBe(condition));

  test('a Pod on its way out has failed, unless its end is waited for', () => {
    const pods = [pod('a', { deleted: true })];
    expect([assess(job(), pods, given), assess(job({ podReplacementPolicy: 'Failed' }), pods, given)].map(({ active, terminating, failed }) => [active, terminating, failed])).toEqual([[0, 1, 1], [0, 1, 0]]);
  });
});

describe('which Pods it needs', () => {
  const plan = (one: Job, pods: readonly Pod[], backoff = noBackoff) => {
    const made = planPods(assess(one, pods, { ...given, backoff }), nowUs);
    return made.do === 'create' ? `create ${made.indexes.map((index) => index ?? '*').join()}` : made.do === 'delete' ? `delete ${made.pods.map(({ metadata }) => metadata.name).join()}` : made.do === 'wait' ? `wait ${made.forUs / second}` : made.do;
  };
  test.each<[what: string, one: Job, pods: readonly Pod[], plan: string]>([
    ['as many as may run', job(), [], 'create *,*'],
    ['no more than are missing', job({ parallelism: 5 }), [pod('a'), pod('b', { phase: 'Succeeded' })], 'create *'],
    ['enough', job(), [pod('a'), pod('b')], 'nothing'],
    ['without completions, none after the first success', job({ completions: undefined }), [pod('a', { phase: 'Succeeded' }), pod('b')], 'nothing'],
    ['less, the least far on', job({ parallelism: 1 }), [pod('a'), pod('b', { phase: 'Pending' })], 'delete b'],
    ['none while suspended', job({ suspend: true }), [pod('a'), pod('b')], 'delete a,b'],
    ['a new one at once for one that goes', job(), [pod('a', { deleted: true, at: 10 }), pod('b')], 'create *'],
    ['or when it has gone', job({ podReplacementPolicy: 'Failed' }), [pod('a', { deleted: true }), pod('b')], 'nothing'],
    ['after a failure, later', job(), [pod('a', { phase: 'Failed', at: 95 })], 'wait 5'],
    ['the first indexes that are free', job({ ...indexed, completions: 5 }, { startTime: formatTime(0), completedIndexes: '0,2' }), [pod('a', { index: 1 })], 'create 3'],
    ['one Pod for each index, and none without', job(indexed), [pod('a', { index: 0 }), pod('b', { index: 0, phase: 'Pending' }), pod('c'), pod('d', { index: 7 })], 'delete c,d,b'],
    ['an index that failed waits for itself alone', job({ ...indexed, completions: 3, parallelism: 3, backoffLimitPerIndex: 2 }), [ended('a', 'Failed', 0, { at: 95 }), ended('b', 'Succeeded', 1)], 'create 2'],
    ['and then its Pod comes', job({ ...indexed, completions: 2, backoffLimitPerIndex: 2 }), [ended('a', 'Failed', 0, { at: 95, failures: 1 }), ended('b', 'Succeeded', 1)], 'wait 15'],
  ])('%s', (_, one, pods, expected) => expect(plan(one, pods)).toBe(expected));

  test('a Pod is stamped with its index and how often that has failed', () => {
    const { metadata, spec } = podFor(job({ ...indexed, backoffLimitPerIndex: 3 }), 4, ended('a', 'Failed', 4, { failures: 1 }));
    expect([metadata.generateName, metadata.annotations, metadata.labels, metadata.finalizers, spec.hostname, spec.containers[0]!.env]).toEqual([
      'work-4-', { 'batch.kubernetes.io/job-completion-index': '4', 'batch.kubernetes.io/job-index-failure-count': '2' }, { 'batch.kubernetes.io/job-completion-index': '4' }, ['batch.kubernetes.io/job-tracking'], 'work-4',
      [{ name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } } }],
    ]);
  });
});

describe('what has ended is counted once', () => {
  const tracked = (one: Job, pods: readonly Pod[], expected: readonly string[] = []) => {
    const assessed = assess(one, pods, { ...given, expected: new Set(expected) });
    return track(assessed, { ...assessed.status, uncountedTerminatedPods: one.status?.uncountedTerminatedPods ?? {} }, false, nowUs);
  };
  const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name).join();
  test('first it is written down, and its finalizer may go', () => {
    const { status, finalizersToRemove, changed } = tracked(job(), [pod('a', { phase: 'Succeeded' }), pod('b', { phase: 'Failed' }), pod('c')]);
    expect([status.uncountedTerminatedPods, names(finalizersToRemove), changed]).toEqual([{ succeeded: ['a'], failed: ['b'] }, 'a,b', true]);
  });
  test('then, without the finalizer, it moves the counters', () => {
    const one = job({}, { startTime: formatTime(0), succeeded: 1, uncountedTerminatedPods: { succeeded: ['a'], failed: ['b'] } });
    const { status, finalizersToRemove } = tracked(one, [pod('a', { phase: 'Succeeded', tracked: false }), pod('b', { phase: 'Failed' })]);
    expect([status.succeeded, status.failed, status.uncountedTerminatedPods, names(finalizersToRemove)]).toEqual([2, 0, { failed: ['b'] }, 'b']);
  });
  test('the cache may be behind', () => expect(names(tracked(job(), [pod('a', { phase: 'Succeeded' })], ['a']).finalizersToRemove)).toBe(''));
  test('of an index nothing but the index is kept', () => {
    const { status } = tracked(job(indexed), [ended('a', 'Succeeded', 2), ended('b', 'Succeeded', 0)]);
    expect([status.completedIndexes, status.succeeded, status.uncountedTerminatedPods]).toEqual(['0,2', 2, {}]);
  });
  test('the last failed Pod of an index stays until another carries its count on', () => {
    expect(names(tracked(job({ ...indexed, backoffLimitPerIndex: 3 }), [ended('a', 'Failed', 0, { failures: 0, at: 40 }), ended('b', 'Failed', 0, { failures: 1, at: 50 })]).finalizersToRemove)).toBe('a');
  });
  test('the end comes when all is counted and nothing is on its way out', () => {
    const final = { type: 'Complete', status: 'True', reason: 'CompletionsReached', message: 'done' } as const;
    expect([finished({ uncountedTerminatedPods: { failed: ['b'] } }, final, 0, nowUs), finished({}, final, 1, nowUs), finished({}, undefined, 0, nowUs)]).toEqual([undefined, undefined, undefined]);
    expect(finished({ succeeded: 3 }, final, 0, nowUs)).toMatchObject({ succeeded: 3, completionTime: formatTime(nowUs), conditions: [{ type: 'Complete', reason: 'CompletionsReached' }] });
  });
});
