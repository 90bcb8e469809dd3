/** Deployments and ReplicaSets. Models pkg/apis/apps/validation/validation.go and pkg/registry/apps/{deployment,replicaset}/strategy.go. */
import type { Deployment, DeploymentSpec, DeploymentStrategy, ReplicaSet, ReplicaSetSpec } from '../apps-v1.ts';
import type { IntOrString, LabelSelector } from '../meta-v1.ts';
import type { PodTemplateSpec } from '../core-v1-pod.ts';
import { compileLabelSelector } from '../../apimachinery/label-selector.ts';
import type { Matcher } from '../../apimachinery/label-selector.ts';
import { forbidden, invalid, notSupported, required, sortedMap } from '../../apimachinery/field-errors.ts';
import { isNegativeError, percentErrors } from '../../apimachinery/names.ts';
import { validatePodTemplate } from './core-v1-pod.ts';
import { pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, validateNonNegative } from './metadata.ts';
import type { Errors } from './metadata.ts';

const percentOf = (value: IntOrString | undefined): number | undefined =>
  typeof value === 'string' && percentErrors(value).length === 0 ? Number(value.slice(0, -1)) : undefined;

/** The number in a number or percentage; text that is neither counts as nothing. */
export const amountOf = (value: IntOrString | undefined): number => percentOf(value) ?? (typeof value === 'number' ? value : Number.parseInt(value ?? '', 10) || 0);

export function validateIntOrPercent(errors: Errors, value: IntOrString | undefined, path: string): void {
  if (typeof value === 'string') pushInvalid(errors, path, value, percentErrors(value));
  else if ((value ?? 0) < 0) errors.push(invalid(path, value, isNegativeError));
}

function validateStrategy(errors: Errors, strategy: DeploymentStrategy | undefined, path: string): void {
  const rolling = strategy?.rollingUpdate;
  if (strategy?.type === 'Recreate') {
    if (rolling) errors.push(forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (strategy?.type === 'RollingUpdate') {
    if (!rolling) return void errors.push(required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'));
    validateIntOrPercent(errors, rolling.maxUnavailable, `${path}.rollingUpdate.maxUnavailable`);
    validateIntOrPercent(errors, rolling.maxSurge, `${path}.rollingUpdate.maxSurge`);
    if (amountOf(rolling.maxUnavailable) === 0 && amountOf(rolling.maxSurge) === 0) {
      errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, rolling.maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0'));
    }
    if ((percentOf(rolling.maxUnavailable) ?? 0) > 100) {
      errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, rolling.maxUnavailable, 'must not be greater than 100%'));
    }
  } else {
    const internal = { Type: strategy?.type ?? '', RollingUpdate: rolling ? { MaxUnavailable: rolling.maxUnavailable, MaxSurge: rolling.maxSurge } : null };
    errors.push(notSupported(path, internal, ['Recreate', 'RollingUpdate']));
  }
}

/** What both kinds ask of selector and template. Models ValidatePodTemplateSpecForReplicaSet; the wording `deployment` is upstream's for both. */
function validateSelector(errors: Errors, selector: LabelSelector | undefined, path: string): void {
  if (!selector) return void errors.push(required(path));
  validateLabelSelector(errors, selector, path);
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0) {
    errors.push(invalid(path, selector, 'empty selector is invalid for deployment'));
  }
}

function compiled(errors: Errors, selector: LabelSelector | undefined, path: string): Matcher | undefined {
  try {
    return compileLabelSelector(selector);
  } catch {
    errors.push(invalid(path, selector, 'invalid label selector'));
    return undefined;
  }
}

function validateTemplate(errors: Errors, template: PodTemplateSpec | undefined, selector: Matcher, path: string): void {
  if (!template) return void errors.push(required(path));
  const labels = template.metadata?.labels;
  if (!selector.empty && !selector.matches(labels)) {
    errors.push(invalid(`${path}.metadata.labels`, sortedMap(labels), '`selector` does not match template `labels`'));
  }
  validatePodTemplate(errors, template, path);
  const policy = template.spec?.restartPolicy;
  if (policy !== 'Always') errors.push(notSupported(`${path}.spec.restartPolicy`, policy ?? '', ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(`${path}.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in ReplicaSet is not Supported'));
  }
}

function validateDeploymentSpec(errors: Errors, spec: DeploymentSpec): void {
  validateNonNegative(errors, spec.replicas, 'spec.replicas');
  validateSelector(errors, spec.selector, 'spec.selector');
  const selector = compiled(errors, spec.selector, 'spec.selector');
  if (selector) validateTemplate(errors, spec.template, selector, 'spec.template');
  validateStrategy(errors, spec.strategy, 'spec.strategy');
  validateNonNegative(errors, spec.minReadySeconds, 'spec.minReadySeconds');
  validateNonNegative(errors, spec.revisionHistoryLimit, 'spec.revisionHistoryLimit');
  const deadline = spec.progressDeadlineSeconds;
  if (deadline === undefined) return;
  validateNonNegative(errors, deadline, 'spec.progressDeadlineSeconds');
  if (deadline <= (spec.minReadySeconds ?? 0)) errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
}

function validateReplicaSetSpec(errors: Errors, spec: ReplicaSetSpec): void {
  validateNonNegative(errors, spec.replicas, 'spec.replicas');
  validateNonNegative(errors, spec.minReadySeconds, 'spec.minReadySeconds');
  validateSelector(errors, spec.selector, 'spec.selector');
  const selector = compiled(errors, spec.selector, 'spec.selector');
  if (selector) validateTemplate(errors, spec.template, selector, 'spec.template');
}

export function validateDeployment(errors: Errors, deployment: Deployment): void {
  validateMetadata(errors, deployment.metadata, true, subdomainName);
  validateDeploymentSpec(errors, deployment.spec);
}

export function validateDeploymentUpdate(errors: Errors, deployment: Deployment, old: Deployment): void {
  validateMetadataUpdate(errors, deployment.metadata, old.metadata);
  if (deployment.spec === old.spec) return;
  validateDeploymentSpec(errors, deployment.spec);
  validateImmutable(errors, deployment.spec.selector, old.spec.selector, 'spec.selector');
}

export function validateReplicaSet(errors: Errors, replicaSet: ReplicaSet): void {
  validateMetadata(errors, replicaSet.metadata, true, subdomainName);
  validateReplicaSetSpec(errors, replicaSet.spec);
}

export function validateReplicaSetUpdate(errors: Errors, replicaSet: ReplicaSet, old: ReplicaSet): void {
  validateMetadataUpdate(errors, replicaSet.metadata, old.metadata);
  if (replicaSet.spec === old.spec) return;
  validateReplicaSetSpec(errors, replicaSet.spec);
  validateImmutable(errors, replicaSet.spec.selector, old.spec.selector, 'spec.selector');
}
