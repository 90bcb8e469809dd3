/** What a Job says of failed Pods, of enough success and of replacements. Models pkg/apis/batch/validation/validation.go. */
import { duplicate, invalid, notSupported, omitted, required, tooLong, tooMany } from '../../apimachinery/field-errors.ts';
import { qualifiedNameErrors } from '../../apimachinery/names.ts';
import type { JobSpec, OnExitCodes, OnPodCondition, PodFailurePolicyRule, SuccessPolicyRule } from '../batch-v1.ts';
import { countIndexes } from './batch-v1-indexes.ts';
import { pushInvalid, validateNonNegative, type Errors } from './metadata.ts';

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];
const replacements = ['Failed', 'TerminatingOrFailed'];
const values = (known: readonly string[]): string => `valid values: [${known.map((one) => JSON.stringify(one)).join(' ')}]`;

export function validateFailurePolicy(errors: Errors, spec: JobSpec, path: string): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > 20) errors.push(tooMany(`${path}.rules`, rules.length, 20));
  const containers = new Set([...(spec.template?.spec?.containers ?? []), ...(spec.template?.spec?.initContainers ?? [])].map(({ name }) => name));
  rules.forEach((rule, index) => validateRule(errors, spec, rule, `${path}.rules[${index}]`, containers));
}

function validateRule(errors: Errors, spec: JobSpec, { action = '', onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, path: string, containers: ReadonlySet<string>): void {
  if (action === '') errors.push(required(`${path}.action`, values(actions)));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  if (onExitCodes !== undefined) validateExitCodes(errors, onExitCodes, `${path}.onExitCodes`, containers);
  if (onPodConditions.length > 0) validateConditions(errors, onPodConditions, `${path}.onPodConditions`);
  if (onExitCodes !== undefined && onPodConditions.length > 0) errors.push(omitted(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (onExitCodes === undefined && onPodConditions.length === 0) errors.push(omitted(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validateConditions(errors: Errors, patterns: readonly OnPodCondition[], path: string): void {
  if (patterns.length > 20) errors.push(tooMany(path, patterns.length, 20));
  patterns.forEach(({ type = '', status = '' }, index) => {
    pushInvalid(errors, `${path}[${index}].type`, type, qualifiedNameErrors(type));
    if (status === '') errors.push(required(`${path}[${index}].status`, values(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupported(`${path}[${index}].status`, status, statuses));
  });
}

function validateExitCodes(errors: Errors, { operator = '', containerName, values: codes = [] }: OnExitCodes, path: string, containers: ReadonlySet<string>): void {
  if (operator === '') errors.push(required(`${path}.operator`, values(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  if (containerName !== undefined && !containers.has(containerName)) errors.push(invalid(`${path}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'));
  if (codes.length === 0) errors.push(invalid(`${path}.values`, codes, 'at least one value is required'));
  else if (codes.length > 255) errors.push(tooMany(`${path}.values`, codes.length, 255));
  const seen = new Set<number>();
  codes.forEach((code, index) => {
    if (operator === 'In' && code === 0) errors.push(invalid(`${path}.values[${index}]`, code, 'must not be 0 for the In operator'));
    if (seen.has(code)) errors.push(duplicate(`${path}.values[${index}]`, code));
    seen.add(code);
  });
  if (codes.some((code, index) => index > 0 && codes[index - 1]! > code)) errors.push(invalid(`${path}.values`, codes, 'must be ordered'));
}

export function validateReplacementPolicy(errors: Errors, { podReplacementPolicy, podFailurePolicy }: JobSpec, path: string): void {
  if (podReplacementPolicy === undefined) return;
  const allowed = podFailurePolicy === undefined ? replacements : ['Failed'];
  if (!allowed.includes(podReplacementPolicy)) errors.push(notSupported(path, podReplacementPolicy, allowed));
}

const longestIndexes = 64 * 1024;

export function validateSuccessPolicy(errors: Errors, { successPolicy, completions = 0 }: JobSpec, path: string): void {
  const rules = successPolicy?.rules ?? [];
  if (rules.length === 0) errors.push(required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > 20) errors.push(tooMany(`${path}.rules`, rules.length, 20));
  rules.forEach((rule, index) => validateSuccessRule(errors, rule, completions, `${path}.rules[${index}]`));
}

function validateSuccessRule(errors: Errors, { succeededIndexes, succeededCount }: SuccessPolicyRule, completions: number, path: string): void {
  if (succeededCount === undefined && succeededIndexes === undefined) errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  let total = 0;
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > longestIndexes) errors.push(tooLong(`${path}.succeededIndexes`, longestIndexes));
    const counted = countIndexes(succeededIndexes, completions);
    if (typeof counted === 'string') errors.push(invalid(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${counted}`));
    else total = counted;
  }
  if (succeededCount === undefined) return;
  const at = `${path}.succeededCount`;
  validateNonNegative(errors, succeededCount, at);
  if (succeededCount > completions) errors.push(invalid(at, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`));
  if (succeededIndexes !== undefined && succeededCount > total) errors.push(invalid(at, succeededCount, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`));
}
