/** Jobs and CronJobs. Models pkg/apis/batch/validation/validation.go. */
import { invalid, notSupported, required, sortedMap } from '../../apimachinery/field-errors.ts';
import { compileLabelSelector } from '../../apimachinery/label-selector.ts';
import type { CronJobSpec, JobSpec } from '../batch-v1.ts';
import type { Of } from '../kept-specs.ts';
import { validatePodTemplate } from './core-v1-pod.ts';
import { scheduleProblem } from './cron-schedule.ts';
import { subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, validateNonNegative, type Errors } from './metadata.ts';

type Job = Of<JobSpec>;
type CronJob = Of<CronJobSpec>;

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;
const completionModes = ['Indexed', 'NonIndexed'];
const replacementPolicies = ['Failed', 'TerminatingOrFailed'];
const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];

/** What is asked of a Job and of a CronJob's template alike. */
function validateSpec(errors: Errors, spec: JobSpec, path: string): void {
  for (const field of counts) validateNonNegative(errors, spec[field], `${path}.${field}`);
  if (spec.completionMode !== undefined) {
    if (!completionModes.includes(spec.completionMode)) errors.push(notSupported(`${path}.completionMode`, spec.completionMode, completionModes));
    if (spec.completionMode === 'Indexed' && spec.completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  }
  if (spec.completionMode !== 'Indexed') {
    if (spec.backoffLimitPerIndex !== undefined) errors.push(invalid(`${path}.backoffLimitPerIndex`, spec.backoffLimitPerIndex, 'requires indexed completion mode'));
    if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (spec.podReplacementPolicy !== undefined && !replacementPolicies.includes(spec.podReplacementPolicy)) errors.push(notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, replacementPolicies));
  validatePodTemplate(errors, spec.template ?? { spec: { containers: [] } }, `${path}.template`);
  const policy = spec.template?.spec?.restartPolicy;
  const at = `${path}.template.spec.restartPolicy`;
  if (policy !== 'OnFailure' && policy !== 'Never') errors.push(required(at, 'valid values: "OnFailure", "Never"'));
  else if (spec.podFailurePolicy !== undefined && policy !== 'Never') errors.push(invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified'));
}

function validateJobSpec(errors: Errors, spec: JobSpec): void {
  validateSpec(errors, spec, 'spec');
  if (spec.selector === undefined) return void errors.push(required('spec.selector'));
  validateLabelSelector(errors, spec.selector, 'spec.selector');
  const labels = spec.template?.metadata?.labels;
  try {
    if (!compileLabelSelector(spec.selector).matches(labels)) errors.push(invalid('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'));
  } catch {
    // Said by the selector's own errors.
  }
}

export function validateJob(errors: Errors, job: Job): void {
  validateMetadata(errors, job.metadata, true, subdomainName);
  validateJobSpec(errors, job.spec);
}

export function validateJobUpdate(errors: Errors, job: Job, old: Job): void {
  validateMetadataUpdate(errors, job.metadata, old.metadata);
  if (job.spec === old.spec) return;
  validateJobSpec(errors, job.spec);
  const elastic = job.spec.completionMode === 'Indexed' && job.spec.completions === job.spec.parallelism;
  if (!elastic) validateImmutable(errors, job.spec.completions, old.spec.completions, 'spec.completions');
  validateImmutable(errors, job.spec.selector, old.spec.selector, 'spec.selector');
  const neverStarted = old.spec.suspend === true && (old.status as { readonly startTime?: string } | undefined)?.startTime === undefined;
  if (!neverStarted) validateImmutable(errors, job.spec.template, old.spec.template, 'spec.template');
  validateImmutable(errors, job.spec.completionMode, old.spec.completionMode, 'spec.completionMode');
  validateImmutable(errors, job.spec.podFailurePolicy, old.spec.podFailurePolicy, 'spec.podFailurePolicy');
  validateImmutable(errors, job.spec.backoffLimitPerIndex, old.spec.backoffLimitPerIndex, 'spec.backoffLimitPerIndex');
  validateImmutable(errors, job.spec.managedBy, old.spec.managedBy, 'spec.managedBy');
}

function validateSchedule(errors: Errors, { schedule = '', timeZone }: CronJobSpec): void {
  if (schedule === '') return void errors.push(required('spec.schedule'));
  const problem = scheduleProblem(schedule.replace(/^(CRON_)?TZ=\S*\s*/, ''));
  if (problem !== undefined) errors.push(invalid('spec.schedule', schedule, problem));
  if (!schedule.includes('TZ')) return;
  errors.push(invalid('spec.schedule', schedule, timeZone === undefined ? 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead' : 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
}

function validateTimeZone(errors: Errors, timeZone: string): void {
  if (timeZone === '') errors.push(invalid('spec.timeZone', timeZone, 'must be nil or non-empty string'));
  else if (timeZone.toLowerCase() === 'local') errors.push(invalid('spec.timeZone', timeZone, 'must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  else if (!/^[A-Za-z][\w+-]*(\/[A-Za-z][\w+-]*)*$/.test(timeZone)) errors.push(invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`));
}

function validateCronJobSpec(errors: Errors, spec: CronJobSpec): void {
  validateSchedule(errors, spec);
  validateNonNegative(errors, spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds');
  if (spec.timeZone !== undefined && spec.timeZone !== null) validateTimeZone(errors, spec.timeZone);
  if (!spec.concurrencyPolicy) errors.push(required('spec.concurrencyPolicy'));
  else if (!concurrencyPolicies.includes(spec.concurrencyPolicy)) errors.push(notSupported('spec.concurrencyPolicy', spec.concurrencyPolicy, concurrencyPolicies));
  const inner = spec.jobTemplate?.spec;
  const path = 'spec.jobTemplate.spec';
  validateSpec(errors, inner ?? ({} as JobSpec), path);
  if (inner?.selector !== undefined) errors.push(invalid(`${path}.selector`, inner.selector, '`selector` will be auto-generated'));
  if (inner?.manualSelector === true) errors.push(notSupported(`${path}.manualSelector`, true, ['nil', 'false']));
  validateNonNegative(errors, spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit');
  validateNonNegative(errors, spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit');
}

/** The controller adds eleven characters for the Job's name, which has 63. */
const longestName = 52;

export function validateCronJob(errors: Errors, cronJob: CronJob): void {
  validateMetadata(errors, cronJob.metadata, true, subdomainName);
  validateCronJobSpec(errors, cronJob.spec);
  if ((cronJob.metadata.name ?? '').length > longestName) errors.push(invalid('metadata.name', cronJob.metadata.name, 'must be no more than 52 characters'));
}

export function validateCronJobUpdate(errors: Errors, cronJob: CronJob, old: CronJob): void {
  validateMetadataUpdate(errors, cronJob.metadata, old.metadata);
  if (cronJob.spec !== old.spec) validateCronJobSpec(errors, cronJob.spec);
}

