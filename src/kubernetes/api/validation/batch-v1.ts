/** Jobs and CronJobs. Models pkg/apis/batch/validation/validation.go and pkg/registry/batch/{job,cronjob}/strategy.go. */
import { parseSchedule } from '../../apimachinery/cron-schedule.ts';
import { deepEqual } from '../../apimachinery/equality.ts';
import { invalid, notSupported, required, sortedMap, tooLong } from '../../apimachinery/field-errors.ts';
import { compileLabelSelector } from '../../apimachinery/label-selector.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors } from '../../apimachinery/names.ts';
import { zoneOf } from '../../apimachinery/time-zones.ts';
import type { CronJob, CronJobSpec, Job, JobSpec } from '../batch-v1.ts';
import type { PodSpec, PodTemplateSpec } from '../core-v1-pod.ts';
import { validateFailurePolicy, validateReplacementPolicy, validateSuccessPolicy } from './batch-v1-policies.ts';
import { validatePodTemplate } from './core-v1-pod.ts';
import { pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, validateNonNegative, type Errors } from './metadata.ts';

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const;
const completionModes = ['NonIndexed', 'Indexed'];
const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];
const mostForIndexed = 100_000;
/** What is allowed together with more completions than 10⁵ and a limit for each index. */
const mostForMany = 10_000;

/** Models validateJobSpec: what is asked of a Job and of a CronJob's template alike. */
function validateSpec(errors: Errors, spec: JobSpec, path: string): void {
  for (const field of counts) validateNonNegative(errors, spec[field], `${path}.${field}`);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (spec.managedBy !== undefined) validateManager(errors, spec.managedBy, `${path}.managedBy`);
  if (spec.completionMode !== undefined && !completionModes.includes(spec.completionMode)) errors.push(notSupported(`${path}.completionMode`, spec.completionMode, completionModes));
  if (spec.completionMode === 'Indexed') validateIndexed(errors, spec, path);
  if (spec.completionMode === undefined || spec.completionMode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) if (spec[field] !== undefined) errors.push(invalid(`${path}.${field}`, spec[field], 'requires indexed completion mode'));
  }
  if (spec.podFailurePolicy !== undefined) validateFailurePolicy(errors, spec, `${path}.podFailurePolicy`);
  if (spec.successPolicy !== undefined) {
    if (spec.completionMode === 'Indexed') validateSuccessPolicy(errors, spec, `${path}.successPolicy`);
    else errors.push(invalid(`${path}.successPolicy`, spec.successPolicy, 'requires indexed completion mode'));
  }
  validateReplacementPolicy(errors, spec, `${path}.podReplacementPolicy`);
  validatePodTemplate(errors, spec.template ?? { spec: { containers: [] } }, `${path}.template`);
  const policy = spec.template?.spec?.restartPolicy ?? '';
  const at = `${path}.template.spec.restartPolicy`;
  if (policy === 'Always' || (policy as string) === '') errors.push(required(at, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never') errors.push(notSupported(at, policy, ['OnFailure', 'Never']));
  else if (spec.podFailurePolicy !== undefined && policy !== 'Never') errors.push(invalid(at, policy, 'only "Never" is supported when podFailurePolicy is specified'));
}

/** Models apimachinery/pkg/util/validation: IsDomainPrefixedPath. */
function validateManager(errors: Errors, name: string, path: string): void {
  const slash = name.indexOf('/');
  if (name === '') errors.push(required(path));
  else if (slash <= 0 || slash === name.length - 1) errors.push(invalid(path, name, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else {
    pushInvalid(errors, path, name.slice(0, slash), dns1123SubdomainErrors(name.slice(0, slash)));
    if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(name.slice(slash + 1))) errors.push(invalid(path, name.slice(slash + 1), 'Invalid path (regex used for validation is \'[A-Za-z0-9/\\-._~%!$&\'()*+,;=:]+\')'));
  }
  if (name.length > 63) errors.push(tooLong(path, 63));
}

function validateIndexed(errors: Errors, { completions, parallelism, maxFailedIndexes, backoffLimitPerIndex }: JobSpec, path: string): void {
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  if (parallelism !== undefined && parallelism > mostForIndexed) errors.push(invalid(`${path}.parallelism`, parallelism, `must be less than or equal to ${mostForIndexed} when completion mode is Indexed`));
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostForIndexed) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, `must be less than or equal to ${mostForIndexed}`));
  if (completions === undefined || completions <= mostForIndexed || backoffLimitPerIndex === undefined) return;
  if (maxFailedIndexes === undefined) errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${mostForIndexed}`));
  const tooMany = `must be less than or equal to ${mostForMany} when completions are above ${mostForIndexed} and used with backoff limit per index`;
  if (parallelism !== undefined && parallelism > mostForMany) errors.push(invalid(`${path}.parallelism`, parallelism, tooMany));
  if (maxFailedIndexes !== undefined && maxFailedIndexes > mostForMany) errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, tooMany));
}

/** Models ValidateJobSpec. */
function validateJobSpec(errors: Errors, spec: JobSpec): void {
  validateSpec(errors, spec, 'spec');
  if (spec.selector === undefined) errors.push(required('spec.selector'));
  else validateLabelSelector(errors, spec.selector, 'spec.selector');
  const labels = spec.template?.metadata?.labels;
  try {
    if (!compileLabelSelector(spec.selector).matches(labels)) errors.push(invalid('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'));
  } catch {
    // Said by the selector's own errors.
  }
}

/** Models validateGeneratedSelector: what the server has put in must not be contradicted. */
function validateGenerated(errors: Errors, { metadata, spec }: Job, prefixed: boolean): void {
  if (spec.manualSelector === true || spec.selector === undefined) return;
  const { uid = '', name } = metadata;
  if (uid === '') errors.push(required('metadata.uid'));
  const given = spec.template?.metadata?.labels;
  const expected = { 'controller-uid': uid, 'job-name': name, ...(prefixed ? { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name } : {}) };
  for (const [key, value] of Object.entries(expected)) {
    const at = `spec.template.metadata.labels[${key}]`;
    if (given?.[key] === undefined) errors.push(required(at, `must be '${value}'`));
    else if (given[key] !== value) errors.push(invalid(at, sortedMap(given), `must be '${value}'`));
  }
  try {
    if (!compileLabelSelector(spec.selector).matches(expected)) errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'));
  } catch {
    // Said by the selector's own errors.
  }
}

export function validateJob(errors: Errors, job: Job, prefixed = true): void {
  validateMetadata(errors, job.metadata, true, subdomainName);
  validateGenerated(errors, job, prefixed);
  validateJobSpec(errors, job.spec);
  const { completionMode, completions = 0 } = job.spec;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const hostname = `${job.metadata.name}-${completions - 1}`;
  if (dns1123LabelErrors(hostname).length > 0) errors.push(invalid('metadata.name', job.metadata.name, `will not able to create pod with invalid DNS label: ${hostname}`));
}

export function validateJobUpdate(errors: Errors, job: Job, old: Job): void {
  if (job.spec === old.spec) return validateMetadataUpdate(errors, job.metadata, old.metadata);
  const labels = old.spec.template.metadata?.labels;
  validateJob(errors, job, labels?.['batch.kubernetes.io/job-name'] !== undefined && labels['batch.kubernetes.io/controller-uid'] !== undefined);
  validateMetadataUpdate(errors, job.metadata, old.metadata);
  validateJobSpec(errors, job.spec);
  validateCompletions(errors, job.spec, old.spec);
  validateImmutable(errors, job.spec.selector, old.spec.selector, 'spec.selector');
  validateTemplateUpdate(errors, job, old);
  for (const field of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const) validateImmutable(errors, job.spec[field], old.spec[field], `spec.${field}`);
}

/** An Indexed Job may change how many there are to be, together with how many run at once. */
function validateCompletions(errors: Errors, { completions, parallelism, completionMode }: JobSpec, old: JobSpec): void {
  if (completionMode !== 'Indexed') validateImmutable(errors, completions, old.completions, 'spec.completions');
  else if (completions !== undefined && completions !== old.completions && completions !== parallelism) errors.push(invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism'));
}

/** While a Job is suspended and nothing of it runs, where its Pods may run and what they get may change. Models validatePodTemplateUpdate. */
function validateTemplateUpdate(errors: Errors, { spec: { template } }: Job, { spec, status }: Job): void {
  const atRest = spec.suspend === true && (status?.conditions ?? []).some((one) => one.type === 'Suspended' && one.status === 'True') && (status?.active ?? 0) === 0;
  if (!atRest) return validateImmutable(errors, template, spec.template, 'spec.template');
  const expected = withDirectives(spec.template, template);
  return validateImmutable(errors, template.spec, withResources(expected.spec, template.spec), 'spec.template.spec');
}

/** The template with the other's labels, annotations, and whatever steers where its Pods run. */
function withDirectives({ metadata, spec }: PodTemplateSpec, { metadata: newMetadata, spec: next }: PodTemplateSpec): PodTemplateSpec {
  const { nodeAffinity: _old, ...others } = spec.affinity ?? {};
  const nodeAffinity = next.affinity?.nodeAffinity;
  const affinity = { ...others, ...(nodeAffinity === undefined ? {} : { nodeAffinity }) };
  const { affinity: _, nodeSelector: __, tolerations: ___, schedulingGates: ____, ...rest } = spec;
  return {
    metadata: { ...metadata, ...(newMetadata?.labels === undefined ? {} : { labels: newMetadata.labels }), ...(newMetadata?.annotations === undefined ? {} : { annotations: newMetadata.annotations }) },
    spec: {
      ...rest, ...(next.affinity === undefined && Object.keys(others).length === 0 ? {} : { affinity }), ...(next.nodeSelector === undefined ? {} : { nodeSelector: next.nodeSelector }),
      ...(next.tolerations === undefined ? {} : { tolerations: next.tolerations }), ...(next.schedulingGates === undefined ? {} : { schedulingGates: next.schedulingGates }),
    },
  };
}

/** Containers of the same names in the same places have the other's resources. Models validatePodResourceUpdatesOnly. */
function withResources(spec: PodSpec, next: PodSpec): PodSpec {
  const alike = <C extends { readonly name: string; readonly resources?: unknown }>(own: readonly C[] | undefined, other: readonly C[] | undefined): readonly C[] | undefined =>
    (own === undefined || own.length !== other?.length ? own : own.map((container, index) => (container.name === other[index]!.name ? { ...container, resources: other[index]!.resources } : container)));
  const initContainers = alike(spec.initContainers, next.initContainers);
  return { ...spec, containers: alike(spec.containers, next.containers)!, ...(initContainers === undefined ? {} : { initContainers }) };
}

function validateSchedule(errors: Errors, { schedule = '', timeZone }: CronJobSpec, old: CronJobSpec | undefined): void {
  if (schedule === '') return void errors.push(required('spec.schedule'));
  const parsed = parseSchedule(schedule);
  if ('problem' in parsed) errors.push(invalid('spec.schedule', schedule, parsed.problem));
  if (!schedule.includes('TZ')) return;
  if (old?.schedule?.includes('TZ') !== true) errors.push(invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (timeZone !== undefined && timeZone !== null) errors.push(invalid('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
}

function validateTimeZone(errors: Errors, timeZone: string): void {
  if (timeZone === '') return void errors.push(invalid('spec.timeZone', timeZone, 'timeZone must be nil or non-empty string'));
  const unknown = invalid('spec.timeZone', timeZone, `unknown time zone ${timeZone}`);
  if (timeZone.split('/').some((part) => part === '.' || part === '..' || !/^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part))) return void errors.push(unknown);
  const local = timeZone.toLowerCase() === 'local';
  if (local) errors.push(invalid('spec.timeZone', timeZone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  // Go takes `Local` for the machine's own.
  if (timeZone !== 'Local' && zoneOf(timeZone) === undefined) errors.push(unknown);
}

function validateCronJobSpec(errors: Errors, spec: CronJobSpec, old: CronJobSpec | undefined): void {
  validateSchedule(errors, spec, old);
  validateNonNegative(errors, spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds');
  if (spec.timeZone !== undefined && spec.timeZone !== null && (old === undefined || !deepEqual(old.timeZone, spec.timeZone))) validateTimeZone(errors, spec.timeZone);
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
  validateCronJobSpec(errors, cronJob.spec, undefined);
  if ((cronJob.metadata.name ?? '').length > longestName) errors.push(invalid('metadata.name', cronJob.metadata.name, 'must be no more than 52 characters'));
}

export function validateCronJobUpdate(errors: Errors, cronJob: CronJob, old: CronJob): void {
  validateMetadataUpdate(errors, cronJob.metadata, old.metadata);
  if (cronJob.spec !== old.spec) validateCronJobSpec(errors, cronJob.spec, old.spec);
}
