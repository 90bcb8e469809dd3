/** DaemonSets, ControllerRevisions and ReplicationControllers. Models pkg/apis/apps/validation/validation.go and pkg/apis/core/validation/validation.go. */
import { forbidden, invalid, notSupported, required, sortedMap } from '../../apimachinery/field-errors.ts';
import { compileLabelSelector } from '../../apimachinery/label-selector.ts';
import type { PodTemplateSpec } from '../core-v1-pod.ts';
import type { DaemonSetSpec, Of, ReplicationControllerSpec } from '../kept-specs.ts';
import type { KubeObject, LabelSelector } from '../meta-v1.ts';
import { amountOf, validateIntOrPercent } from './apps-v1.ts';
import { validatePodTemplate } from './core-v1-pod.ts';
import { subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, validateNonNegative, type Errors } from './metadata.ts';

type DaemonSet = Of<DaemonSetSpec>;
type ReplicationController = Of<ReplicationControllerSpec>;
type ControllerRevision = KubeObject & { readonly data?: unknown; readonly revision?: number };

export const isEmpty = (selector: LabelSelector): boolean => Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0;

export function validateLabelsMatch(errors: Errors, selector: LabelSelector | undefined, template: PodTemplateSpec | undefined): void {
  const labels = template?.metadata?.labels;
  try {
    if (!compileLabelSelector(selector).matches(labels)) errors.push(invalid('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'));
  } catch {
    // Said by the selector's own errors.
  }
}

export function validateRestart(errors: Errors, template: PodTemplateSpec | undefined): void {
  const policy = template?.spec?.restartPolicy;
  if (policy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', policy ?? '', ['Always']));
}

function validateDaemonStrategy(errors: Errors, spec: DaemonSetSpec): void {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  const path = 'spec.updateStrategy';
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') return void errors.push(notSupported(path, spec.updateStrategy ?? {}, ['OnDelete', 'RollingUpdate']));
  if (rollingUpdate === undefined) return void errors.push(required(`${path}.rollingUpdate`));
  const { maxUnavailable, maxSurge } = rollingUpdate;
  if (amountOf(maxUnavailable) !== 0 && amountOf(maxSurge) !== 0) errors.push(invalid(`${path}.rollingUpdate.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) errors.push(required(`${path}.rollingUpdate.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  validateIntOrPercent(errors, maxUnavailable, `${path}.rollingUpdate.maxUnavailable`);
  validateIntOrPercent(errors, maxSurge, `${path}.rollingUpdate.maxSurge`);
}

function validateDaemonSetSpec(errors: Errors, spec: DaemonSetSpec): void {
  validateLabelSelector(errors, spec.selector, 'spec.selector');
  validateLabelsMatch(errors, spec.selector, spec.template);
  if (spec.selector !== undefined && isEmpty(spec.selector)) errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset'));
  validatePodTemplate(errors, spec.template ?? { spec: { containers: [] } }, 'spec.template');
  validateRestart(errors, spec.template);
  if (spec.template?.spec?.activeDeadlineSeconds !== undefined) errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in DaemonSet is not Supported'));
  validateNonNegative(errors, spec.minReadySeconds, 'spec.minReadySeconds');
  validateDaemonStrategy(errors, spec);
  validateNonNegative(errors, spec.revisionHistoryLimit, 'spec.revisionHistoryLimit');
}

export function validateDaemonSet(errors: Errors, set: DaemonSet): void {
  validateMetadata(errors, set.metadata, true, subdomainName);
  validateDaemonSetSpec(errors, set.spec);
}

export function validateDaemonSetUpdate(errors: Errors, set: DaemonSet, old: DaemonSet): void {
  validateMetadataUpdate(errors, set.metadata, old.metadata);
  if (set.spec === old.spec) return;
  validateDaemonSetSpec(errors, set.spec);
  validateImmutable(errors, set.spec.selector, old.spec.selector, 'spec.selector');
}

export function validateControllerRevision(errors: Errors, revision: ControllerRevision): void {
  validateMetadata(errors, revision.metadata, true, subdomainName);
  if (revision.data === undefined || revision.data === null) errors.push(required('data', 'data is mandatory'));
  validateNonNegative(errors, revision.revision, 'revision');
}

export function validateControllerRevisionUpdate(errors: Errors, revision: ControllerRevision, old: ControllerRevision): void {
  validateMetadataUpdate(errors, revision.metadata, old.metadata);
  validateNonNegative(errors, revision.revision, 'revision');
  validateImmutable(errors, revision.data, old.data, 'data');
}

function validateReplicationControllerSpec(errors: Errors, spec: ReplicationControllerSpec): void {
  validateNonNegative(errors, spec.minReadySeconds, 'spec.minReadySeconds');
  const selector = spec.selector ?? {};
  if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
  validateNonNegative(errors, spec.replicas, 'spec.replicas');
  if (spec.template === undefined) return void errors.push(required('spec.template'));
  if (Object.keys(selector).length > 0) validateLabelsMatch(errors, { matchLabels: selector }, spec.template);
  validatePodTemplate(errors, spec.template, 'spec.template');
  validateRestart(errors, spec.template);
}

export function validateReplicationController(errors: Errors, controller: ReplicationController): void {
  validateMetadata(errors, controller.metadata, true, subdomainName);
  validateReplicationControllerSpec(errors, controller.spec);
}

export function validateReplicationControllerUpdate(errors: Errors, controller: ReplicationController, old: ReplicationController): void {
  validateMetadataUpdate(errors, controller.metadata, old.metadata);
  if (controller.spec !== old.spec) validateReplicationControllerSpec(errors, controller.spec);
}
