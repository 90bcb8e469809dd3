/** What may be written into a Job's status. Models pkg/apis/batch/validation/validation.go: ValidateJobStatusUpdate, and pkg/registry/batch/job/strategy.go: getStatusValidationOptions. */
import { deepEqual } from '../../apimachinery/equality.ts';
import { duplicate, invalid, omitted, required } from '../../apimachinery/field-errors.ts';
import { parseTime } from '../../apimachinery/time.ts';
import type { Job, JobConditionType, JobStatus } from '../batch-v1.ts';
import { commonIndex, countIndexes } from './batch-v1-indexes.ts';
import { validateMetadataUpdate, validateNonNegative, type Errors } from './metadata.ts';

const is = ({ status }: Job, type: JobConditionType): boolean => (status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');
const isFinished = (job: Job): boolean => is(job, 'Complete') || is(job, 'Failed');
const conditions = 'status.conditions';

/** Rules are held against what a write changes: what was wrong before does not keep other changes out. */
export function validateJobStatusUpdate(errors: Errors, job: Job, old: Job): void {
  validateMetadataUpdate(errors, job.metadata, old.metadata);
  const [status, before]: [JobStatus, JobStatus] = [job.status ?? {}, old.status ?? {}];
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const) validateNonNegative(errors, status[field], `status.${field}`);
  validateUncounted(errors, status);
  validateEnd(errors, job, old);
  validateIndexes(errors, job, before);
  validateTransition(errors, job, old);
}

function validateUncounted(errors: Errors, { uncountedTerminatedPods: pods = {} }: JobStatus): void {
  const seen = new Set<string>();
  for (const field of ['succeeded', 'failed'] as const) {
    (pods[field] ?? []).forEach((uid, index) => {
      const at = `status.uncountedTerminatedPods.${field}[${index}]`;
      if (uid === '') errors.push(invalid(at, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(at, uid));
      seen.add(uid);
    });
  }
}

/** Which conditions go together, and what a Job that is over may not have any more. */
function validateEnd(errors: Errors, job: Job, old: Job): void {
  const [status, before]: [JobStatus, JobStatus] = [job.status ?? {}, old.status ?? {}];
  const changed = (type: JobConditionType): boolean => is(job, type) !== is(old, type);
  const differs = (field: keyof JobStatus): boolean => !deepEqual(status[field], before[field]);
  const [complete, failed, over] = [is(job, 'Complete'), is(job, 'Failed'), isFinished(job)];
  const ends = over !== isFinished(old);
  if ((changed('Complete') || changed('Failed')) && complete && failed) errors.push(omitted(conditions, 'cannot set Complete=True and Failed=true conditions'));
  if ((changed('Complete') || changed('FailureTarget')) && complete && is(job, 'FailureTarget')) errors.push(omitted(conditions, 'cannot set Complete=True and FailureTarget=true conditions'));
  if (changed('Complete') || differs('completionTime')) {
    if (status.completionTime !== undefined && !complete) errors.push(invalid('status.completionTime', status.completionTime, 'cannot set completionTime when there is no Complete=True condition'));
    if (status.completionTime === undefined && complete) errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'));
  }
  if ((differs('startTime') || differs('completionTime')) && (parseTime(status.completionTime) ?? Infinity) < (parseTime(status.startTime) ?? -Infinity)) errors.push(invalid('status.completionTime', status.completionTime, 'must be equal to or after `startTime`'));
  if ((changed('Failed') || differs('failedIndexes')) && failed && !is(job, 'FailureTarget')) errors.push(omitted(conditions, 'cannot set Failed=True condition without the FailureTarget=true condition'));
  if ((changed('Complete') || changed('SuccessCriteriaMet')) && complete && !is(job, 'SuccessCriteriaMet')) errors.push(omitted(conditions, 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  if ((ends || differs('active')) && over && (status.active ?? 0) > 0) errors.push(invalid('status.active', status.active, 'active>0 is invalid for finished job'));
  const neverBegan = job.spec.suspend === true && job.spec.completions === 0;
  if ((ends || differs('startTime')) && !neverBegan && over && status.startTime === undefined) errors.push(required('status.startTime', 'startTime is required for finished job'));
  const { succeeded = [], failed: uncounted = [] } = status.uncountedTerminatedPods ?? {};
  if ((ends || differs('uncountedTerminatedPods')) && over && succeeded.length + uncounted.length > 0) errors.push(invalid('status.uncountedTerminatedPods', status.uncountedTerminatedPods, 'must be empty for finished job'));
}

function validateIndexes(errors: Errors, { spec, status = {} }: Job, before: JobStatus): void {
  const [completed, failed] = [status.completedIndexes !== before.completedIndexes, status.failedIndexes !== before.failedIndexes];
  const { completedIndexes = '', failedIndexes } = status;
  if (completed && spec.completions !== undefined) {
    const counted = countIndexes(completedIndexes, spec.completions);
    if (typeof counted === 'string') errors.push(invalid('status.completedIndexes', completedIndexes, `error parsing completedIndexes: ${counted}`));
  }
  if (failed && spec.completions !== undefined && spec.backoffLimitPerIndex !== undefined && failedIndexes !== undefined) {
    const counted = countIndexes(failedIndexes, spec.completions);
    if (typeof counted === 'string') errors.push(invalid('status.failedIndexes', failedIndexes, `error parsing failedIndexes: ${counted}`));
  }
  if (completed && completedIndexes !== '' && spec.completionMode !== 'Indexed') errors.push(invalid('status.completedIndexes', completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  if (failed && spec.backoffLimitPerIndex === undefined && failedIndexes !== undefined) errors.push(invalid('status.failedIndexes', failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  if ((!completed && !failed) || spec.completions === undefined || failedIndexes === undefined) return;
  const common = commonIndex(completedIndexes, failedIndexes, spec.completions);
  if (common !== undefined) errors.push(invalid('status.failedIndexes', failedIndexes, `failedIndexes and completedIndexes overlap at index: ${common}`));
}

function validateTransition(errors: Errors, job: Job, old: Job): void {
  const [status, before]: [JobStatus, JobStatus] = [job.status ?? {}, old.status ?? {}];
  const { spec } = job;
  const met = is(job, 'SuccessCriteriaMet');
  if ((isFinished(job) !== isFinished(old) || status.terminating !== before.terminating) && isFinished(job) && (status.terminating ?? 0) > 0) errors.push(invalid('status.terminating', status.terminating, 'terminating>0 is invalid for finished job'));
  if ((status.ready !== before.ready || (status.active ?? 0) !== (before.active ?? 0)) && (status.ready ?? 0) > (status.active ?? 0)) errors.push(invalid('status.ready', status.ready, 'cannot set more ready pods than active'));
  if (met && is(job, 'Failed')) errors.push(omitted(conditions, 'cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (met && is(job, 'FailureTarget')) errors.push(omitted(conditions, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  if (spec.successPolicy !== undefined && !met && is(job, 'Complete')) errors.push(omitted(conditions, 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'));
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const) if (is(old, type) && !is(job, type)) errors.push(omitted(conditions, `cannot disable the terminal ${type}=True condition`));
  if ((status.failed ?? 0) < (before.failed ?? 0)) errors.push(invalid('status.failed', status.failed ?? 0, 'cannot decrease the failed counter'));
  const elastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!elastic && (status.succeeded ?? 0) < (before.succeeded ?? 0)) errors.push(invalid('status.succeeded', status.succeeded ?? 0, 'cannot decrease the succeeded counter'));
  if (status.completionTime !== undefined && before.completionTime !== undefined && status.completionTime !== before.completionTime) errors.push(invalid('status.completionTime', status.completionTime, 'field is immutable'));
  const resumes = is(old, 'Suspended') && (status.conditions ?? []).some(({ type, status: now }) => type === 'Suspended' && now === 'False');
  if (!resumes && before.startTime !== undefined && status.startTime !== before.startTime && spec.suspend !== true) errors.push(invalid('status.startTime', status.startTime ?? null, 'field is immutable for unsuspended job once set'));
  if (is(old, 'SuccessCriteriaMet') && !met) errors.push(omitted(conditions, 'cannot disable the SuccessCriteriaMet=True condition'));
  if (is(old, 'Complete') && !is(old, 'SuccessCriteriaMet') && met) errors.push(omitted(conditions, 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
}
