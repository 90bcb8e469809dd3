import { describe, expect, test } from 'vitest';
import '../../kept-kinds.ts';
import { formatFieldErrors } from '../../apimachinery/field-errors.ts';
import { applyDefaults } from '../defaults/index.ts';
import type { KubeObject } from '../meta-v1.ts';
import { validateCreate, validateStatusUpdate, validateUpdate } from './index.ts';

const uid = '0a1b';
const generated = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': 'work', 'controller-uid': uid, 'job-name': 'work' };
/** A Job as it stands behind decoding, defaults and the server's own labels. */
function job(spec: object, { name = 'work', labels = generated, status = {} }: { readonly name?: string; readonly labels?: object; readonly status?: object } = {}): KubeObject {
  const template = { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }], ...(spec as { readonly pod?: object }).pod } };
  const { pod: _, ...rest } = { pod: undefined, ...spec };
  const metadata = { name, namespace: 'default', uid, resourceVersion: '7', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };
  return applyDefaults('Job', { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }, template, ...rest }, status } as never) as KubeObject;
}
const said = (errors: ReturnType<typeof validateCreate>): string => (errors.length === 0 ? '' : formatFieldErrors(errors));
const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3 };
const rule = { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } };

describe('a new Job', () => {
  test.each<[what: string, spec: object, says: string]>([
    ['is right', {}, ''],
    ['has no negative counts', { parallelism: -1, ttlSecondsAfterFinished: -2 }, '[spec.parallelism: Invalid value: -1: must be greater than or equal to 0, spec.ttlSecondsAfterFinished: Invalid value: -2: must be greater than or equal to 0]'],
    ['does not run for ever', { pod: { restartPolicy: 'Always' } }, 'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ['has one of two modes', { completionMode: 'Sorted' }, 'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"'],
    ['has as many completions as indexes', { completionMode: 'Indexed', parallelism: 2 }, 'spec.completions: Required value: when completion mode is Indexed'],
    ['limits indexes only where it has them', { backoffLimitPerIndex: 1 }, 'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
    ['counts failed indexes by a limit', { ...indexed, maxFailedIndexes: 4 }, '[spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified, spec.maxFailedIndexes: Invalid value: 4: must be less than or equal to completions]'],
    ['may be somebody else’s', { managedBy: 'example.com/custom' }, ''],
    ['names who it belongs to by a domain', { managedBy: 'custom' }, 'spec.managedBy: Invalid value: "custom": must be a domain-prefixed path (such as "acme.io/foo")'],
    ['has a failure policy with Pods that end', { podFailurePolicy: { rules: [rule] }, pod: { restartPolicy: 'OnFailure' } }, 'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified'],
    ['replaces what has failed where it has a failure policy', { podFailurePolicy: { rules: [rule] }, podReplacementPolicy: 'TerminatingOrFailed' }, 'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
    ['has rules that ask one thing', { podFailurePolicy: { rules: [{ action: 'Ignore' }] } }, 'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required'],
    ['has rules that do something', { podFailurePolicy: { rules: [{ ...rule, action: undefined }] } }, 'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'],
    ['fails indexes only with a limit', { ...indexed, podFailurePolicy: { rules: [{ ...rule, action: 'FailIndex' }] } }, 'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set'],
    ['lists codes in order, once, and not 0', { podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes: { operator: 'In', containerName: 'side', values: [3, 0, 3] } }] } },
      '[spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "side": must be one of the container or initContainer names in the pod template, spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator, '
      + 'spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 3, spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [3,0,3]: must be ordered]'],
    ['may leave out that a condition is there', { podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] } }, ''],
    ['has a success policy only with indexes', { successPolicy: { rules: [{ succeededCount: 1 }] } }, 'spec.successPolicy: Invalid value: {"rules":[{"succeededCount":1}]}: requires indexed completion mode'],
    ['has a success policy with rules', { ...indexed, successPolicy: { rules: [] } }, 'spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy is specified'],
    ['has rules of indexes that there are', { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0,2-3' }] } }, 'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0,2-3": error parsing succeededIndexes: too large index: "3"'],
    ['has rules of indexes in order', { ...indexed, successPolicy: { rules: [{ succeededIndexes: '1,0' }] } }, 'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "1,0": error parsing succeededIndexes: non-increasing order, previous: 1, current: 0'],
    ['asks for no more than it names', { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 3 }] } }, 'spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)'],
  ])('%s', (_, spec, says) => expect(said(validateCreate('Job', job(spec)))).toBe(says));

  test('has the labels that the server gives', () => {
    expect(said(validateCreate('Job', job({}, { labels: { ...generated, 'job-name': 'other' } })))).toContain("spec.template.metadata.labels[job-name]: Invalid value: ");
  });
  test('of indexes has a name that makes hostnames', () => {
    expect(said(validateCreate('Job', job(indexed, { name: 'a.b', labels: { ...generated, 'batch.kubernetes.io/job-name': 'a.b', 'job-name': 'a.b' } })))).toBe('metadata.name: Invalid value: "a.b": will not able to create pod with invalid DNS label: a.b-2');
  });
});

describe('a change of a Job', () => {
  const suspended = { suspend: true };
  const atRest = { status: { conditions: [{ type: 'Suspended', status: 'True' }] } };
  test.each<[what: string, before: KubeObject, after: KubeObject, says: string]>([
    ['parallelism may change', job({}), job({ parallelism: 5, completions: 1 }), ''],
    ['completions may not', job({ completions: 2 }), job({ completions: 3 }), 'spec.completions: Invalid value: 3: field is immutable'],
    ['of an Indexed Job they may, with parallelism', job(indexed), job({ ...indexed, completions: 5, parallelism: 5 }), ''],
    ['and only with it', job(indexed), job({ ...indexed, completions: 5 }), 'spec.completions: Invalid value: 5: can only be modified in tandem with spec.parallelism'],
    ['who manages it stays', job({}), job({ managedBy: 'example.com/x' }), 'spec.managedBy: Invalid value: "example.com/x": field is immutable'],
    ['of one at rest, where Pods may run', job(suspended, atRest), job({ ...suspended, pod: { nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }] } }, atRest), ''],
    ['and what they get', job(suspended, atRest), job({ ...suspended, pod: { containers: [{ name: 'main', image: 'busybox', resources: { requests: { cpu: '1' } } }] } }, atRest), ''],
  ])('%s', (_, before, after, says) => expect(said(validateUpdate('Job', after, before))).toBe(says));

  test.each<[what: string, before: KubeObject, after: KubeObject, field: string]>([
    ['of one at work, nothing of the template', job({}), job({ pod: { nodeSelector: { disk: 'ssd' } } }), 'spec.template: Invalid value: '],
    ['of one at rest, no image', job(suspended, atRest), job({ ...suspended, pod: { containers: [{ name: 'main', image: 'other' }] } }, atRest), 'spec.template.spec: Invalid value: '],
  ])('%s', (_, before, after, field) => expect(said(validateUpdate('Job', after, before)).startsWith(field)).toBe(true));
});

describe('a status that is written', () => {
  const on = (...types: readonly string[]) => types.map((type) => ({ type, status: 'True' }));
  const began = { startTime: '2026-01-01T00:00:10Z' };
  test.each<[what: string, before: object, after: object, says: string, spec?: object]>([
    ['goes its way', began, { ...began, active: 2, ready: 1, terminating: 0 }, ''],
    ['ends with what led to it', began, { ...began, conditions: on('SuccessCriteriaMet', 'Complete'), completionTime: '2026-01-01T00:00:20Z', succeeded: 1 }, ''],
    ['does not end without', began, { ...began, conditions: on('Failed') }, 'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition'],
    ['says when it was complete', began, { ...began, conditions: on('SuccessCriteriaMet', 'Complete') }, 'status.completionTime: Required value: completionTime is required for Complete jobs'],
    ['leaves none at work', began, { ...began, active: 1, conditions: on('FailureTarget', 'Failed') }, 'status.active: Invalid value: 1: active>0 is invalid for finished job'],
    ['does not begin twice', began, { startTime: '2026-01-01T00:00:11Z' }, 'status.startTime: Invalid value: "2026-01-01T00:00:11Z": field is immutable for unsuspended job once set'],
    ['counts upwards', { ...began, failed: 2 }, { ...began, failed: 1 }, 'status.failed: Invalid value: 1: cannot decrease the failed counter'],
    ['has no more ready than active', began, { ...began, active: 1, ready: 2 }, 'status.ready: Invalid value: 2: cannot set more ready pods than active'],
    ['stays over', { ...began, conditions: on('FailureTarget', 'Failed') }, { ...began, conditions: on('FailureTarget') }, 'status.conditions: Invalid value: cannot disable the terminal Failed=True condition'],
    ['knows each Pod once', began, { ...began, uncountedTerminatedPods: { succeeded: ['a'], failed: ['a'] } }, 'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"'],
    ['has no index in both', began, { ...began, completedIndexes: '0-1', failedIndexes: '1' }, 'status.failedIndexes: Invalid value: "1": failedIndexes and completedIndexes overlap at index: 1', { ...indexed, backoffLimitPerIndex: 1 }],
    ['keeps what was wrong before', { ...began, conditions: on('Failed') }, { ...began, conditions: on('Failed'), failed: 1 }, ''],
  ])('%s', (_, before, after, says, spec = {}) => expect(said(validateStatusUpdate('Job', job(spec, { status: after }), job(spec, { status: before })))).toBe(says));
});

describe('a CronJob', () => {
  const cronJob = (spec: object): KubeObject => applyDefaults('CronJob', {
    apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'default', resourceVersion: '7' },
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } } }, ...spec },
  } as never) as KubeObject;
  test.each<[what: string, spec: object, says: string]>([
    ['is right', { timeZone: 'America/Argentina/Buenos_Aires' }, ''],
    ['has a schedule', { schedule: '' }, 'spec.schedule: Required value'],
    ['has one that can be read', { schedule: '0 25 * * *' }, 'spec.schedule: Invalid value: "0 25 * * *": end of range (25) above maximum (23): 25'],
    ['has its zone beside it', { schedule: 'TZ=UTC 0 3 * * *' }, 'spec.schedule: Invalid value: "TZ=UTC 0 3 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead'],
    ['has a zone that there is', { timeZone: 'Europe/Atlantis' }, 'spec.timeZone: Invalid value: "Europe/Atlantis": unknown time zone Europe/Atlantis'],
    ['has a zone with a name', { timeZone: '' }, 'spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
    ['has a zone of its own', { timeZone: 'Local' }, 'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'],
    ['has one of three policies', { concurrencyPolicy: 'Queue' }, 'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
    ['keeps no negative history', { failedJobsHistoryLimit: -1 }, 'spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0'],
  ])('%s', (_, spec, says) => expect(said(validateCreate('CronJob', cronJob(spec)))).toBe(says));

  test('may keep a zone in its schedule that was there before', () => {
    expect(said(validateUpdate('CronJob', cronJob({ schedule: 'TZ=UTC 0 4 * * *' }), cronJob({ schedule: 'TZ=UTC 0 3 * * *' })))).toBe('');
  });
});
