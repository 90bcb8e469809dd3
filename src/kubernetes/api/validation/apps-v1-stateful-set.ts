/** StatefulSets. Models pkg/apis/apps/validation/validation.go: ValidateStatefulSetSpec, ValidateStatefulSetUpdate, ValidateStatefulSetStatusUpdate. */
import { deepEqual } from '../../apimachinery/equality.ts';
import { forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors } from '../../apimachinery/names.ts';
import type { Volume } from '../core-v1-pod.ts';
import type { Of, StatefulSetSpec } from '../kept-specs.ts';
import { isEmpty, validateLabelsMatch, validateRestart } from './apps-v1-sets.ts';
import { validatePodTemplate } from './core-v1-pod.ts';
import { labelName, pushInvalid, validateLabelSelector, validateMetadata, validateMetadataUpdate, validateNonNegative, type Errors } from './metadata.ts';
import { validateClaimSpec } from './storage.ts';

type StatefulSet = Of<StatefulSetSpec>;

function validateStrategy(errors: Errors, { updateStrategy = {}, podManagementPolicy = '' }: StatefulSetSpec): void {
  if (podManagementPolicy === '') errors.push(required('spec.podManagementPolicy'));
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') errors.push(invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  const path = 'spec.updateStrategy';
  const { type = '', rollingUpdate } = updateStrategy;
  if (type === '') errors.push(required(path));
  else if (type === 'OnDelete') {
    if (rollingUpdate !== undefined) errors.push(invalid(`${path}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type === 'RollingUpdate') validateNonNegative(errors, rollingUpdate?.partition, `${path}.rollingUpdate.partition`);
  else errors.push(invalid(path, updateStrategy, "must be 'RollingUpdate' or 'OnDelete'"));
}

const retentions = ['Retain', 'Delete'];

/** What was stored before is not held against a change: `old` says that this is one, and whether its template was right. */
function validateSpec(errors: Errors, spec: StatefulSetSpec, old?: { readonly template: boolean }): void {
  validateStrategy(errors, spec);
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const policy = spec.persistentVolumeClaimRetentionPolicy?.[when];
    if (policy !== undefined && !retentions.includes(policy)) errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, policy, retentions));
  }
  if (old === undefined) (spec.volumeClaimTemplates ?? []).forEach((claim, index) => validateClaimSpec(errors, claim.spec ?? {}, `spec.volumeClaimTemplates[${index}].spec`));
  validateNonNegative(errors, spec.replicas, 'spec.replicas');
  validateNonNegative(errors, spec.minReadySeconds, 'spec.minReadySeconds');
  validateNonNegative(errors, spec.ordinals?.start, 'spec.ordinals.start');
  if (old === undefined && spec.serviceName !== undefined && spec.serviceName !== '') pushInvalid(errors, 'spec.serviceName', spec.serviceName, dns1123LabelErrors(spec.serviceName));
  if (spec.selector === undefined) errors.push(required('spec.selector'));
  else {
    validateLabelSelector(errors, spec.selector, 'spec.selector');
    if (isEmpty(spec.selector)) errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for statefulset'));
    else validateLabelsMatch(errors, spec.selector, spec.template);
  }
  if (old?.template !== false) validateTemplate(errors, spec);
  validateRestart(errors, spec.template);
  if (spec.template?.spec?.activeDeadlineSeconds !== undefined) errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in StatefulSet is not Supported'));
}

/** A mount may name a claim that the set will make; the hostname and the subdomain are given by the controller. */
function validateTemplate(errors: Errors, { template, volumeClaimTemplates = [] }: StatefulSetSpec): void {
  if (template?.spec === undefined) return validatePodTemplate(errors, { ...template, spec: { containers: [] } }, 'spec.template');
  const claimed = volumeClaimTemplates.map(({ metadata: { name = '' } = {} }): Volume => ({ name, persistentVolumeClaim: { claimName: name } }));
  const own = (template.spec.volumes ?? []).filter(({ name }) => !claimed.some((claim) => claim.name === name));
  const { hostname: _hostname, subdomain: _subdomain, ...spec } = template.spec;
  validatePodTemplate(errors, { ...template, spec: { ...spec, volumes: [...claimed, ...own] } }, 'spec.template');
}

export function validateStatefulSet(errors: Errors, set: StatefulSet): void {
  validateMetadata(errors, set.metadata, true, labelName);
  validateSpec(errors, set.spec);
}

const changeable = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'];

export function validateStatefulSetUpdate(errors: Errors, set: StatefulSet, old: StatefulSet): void {
  validateMetadataUpdate(errors, set.metadata, old.metadata);
  if (set.spec === old.spec) return;
  const before: Errors = [];
  validateSpec(before, old.spec, { template: true });
  validateSpec(errors, set.spec, { template: before.length === 0 });
  const fixed = (spec: object): object => Object.fromEntries(Object.entries(spec).filter(([field]) => !changeable.includes(field)));
  if (!deepEqual(fixed(set.spec), fixed(old.spec))) {
    errors.push(forbidden('spec', `updates to statefulset spec for fields other than ${changeable.slice(0, -1).map((field) => `'${field}'`).join(', ')} and '${changeable.at(-1)}' are forbidden`));
  }
}

const counts = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount'] as const;

export function validateStatefulSetStatusUpdate(errors: Errors, { status = {}, metadata }: StatefulSet, { status: before = {}, metadata: was }: StatefulSet): void {
  const now = status as { readonly [count in typeof counts[number]]?: number };
  for (const count of counts) validateNonNegative(errors, now[count], `status.${count}`);
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0, collisionCount = 0 } = now;
  for (const count of ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const) {
    if ((now[count] ?? 0) > replicas) errors.push(invalid(`status.${count}`, now[count], 'cannot be greater than status.replicas'));
  }
  if (availableReplicas > readyReplicas) errors.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than status.readyReplicas'));
  validateMetadataUpdate(errors, metadata, was);
  if (collisionCount < ((before as typeof now).collisionCount ?? 0)) errors.push(invalid('status.collisionCount', collisionCount, 'cannot be decremented'));
}
