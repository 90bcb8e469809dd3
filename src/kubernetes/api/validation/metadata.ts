/** Metadata of every kind. Models staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go and apis/meta/v1/validation. */
import type { LabelSelector, OwnerReference, PartialObjectMeta, StringMap } from '../meta-v1.ts';
import { deepEqual } from '../../apimachinery/equality.ts';
import { forbidden, invalid, quoteGo, required, tooLong } from '../../apimachinery/field-errors.ts';
import type { FieldError } from '../../apimachinery/field-errors.ts';
import {
  byteLength, dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, fieldImmutableError, isNegativeError, labelValueErrors, maskTrailingDash, qualifiedNameErrors,
} from '../../apimachinery/names.ts';

/** Errors are pushed here as they are found. */
export type Errors = FieldError[];
/** What is wrong with a name. */
export type NameRule = (name: string) => readonly string[];

export const subdomainName: NameRule = dns1123SubdomainErrors;
export const labelName: NameRule = dns1123LabelErrors;
export const serviceName: NameRule = dns1035LabelErrors;

/** Names that are only a part of a path. Models apimachinery/pkg/api/validation/path/name.go: IsValidPathSegmentName. */
export const pathSegmentName: NameRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

/** Pushes one Invalid for each message. */
export function pushInvalid(errors: Errors, field: string, value: unknown, messages: readonly string[]): void {
  for (const message of messages) errors.push(invalid(field, value, message));
}

export function validateLabels(errors: Errors, labels: StringMap | undefined, path: string): void {
  for (const key in labels) {
    pushInvalid(errors, path, key, qualifiedNameErrors(key));
    pushInvalid(errors, path, labels[key], labelValueErrors(labels[key]!));
  }
}

const maxAnnotationBytes = 256 * 1024;

export function validateAnnotations(errors: Errors, annotations: StringMap | undefined, path: string): void {
  let size = 0;
  for (const key in annotations) {
    pushInvalid(errors, path, key, qualifiedNameErrors(key.toLowerCase()));
    size += key.length + annotations[key]!.length;
  }
  if (size > maxAnnotationBytes / 3) {
    size = 0;
    for (const key in annotations) size += byteLength(key) + byteLength(annotations[key]!);
    if (size > maxAnnotationBytes) errors.push(tooLong(path, maxAnnotationBytes));
  }
}

function validateOwnerReferences(errors: Errors, owners: readonly OwnerReference[] | undefined, path: string): void {
  let controller = '';
  for (const owner of owners ?? []) {
    if (!owner.apiVersion) errors.push(invalid(`${path}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalid(`${path}.kind`, owner.kind ?? '', 'must not be empty'));
    if (!owner.name) errors.push(invalid(`${path}.name`, owner.name ?? '', 'must not be empty'));
    if (!owner.uid) errors.push(invalid(`${path}.uid`, owner.uid ?? '', 'must not be empty'));
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') errors.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === '') controller = name;
    else errors.push(invalid(path, owners, `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`));
  }
}

function validateFinalizers(errors: Errors, finalizers: readonly string[] | undefined, path: string): void {
  if (finalizers === undefined) return;
  for (const finalizer of finalizers) pushInvalid(errors, path, finalizer, qualifiedNameErrors(finalizer));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

/** Metadata of an object that is being created; its name was generated already. Models ValidateObjectMetaAccessor. */
export function validateMetadata(errors: Errors, meta: PartialObjectMeta, namespaced: boolean, nameRule: NameRule, path = 'metadata'): void {
  if (meta.generateName) pushInvalid(errors, `${path}.generateName`, meta.generateName, nameRule(maskTrailingDash(meta.generateName)));
  if (!meta.name) errors.push(required(`${path}.name`, 'name or generateName is required'));
  else pushInvalid(errors, `${path}.name`, meta.name, nameRule(meta.name));
  if (!namespaced) {
    if (meta.namespace) errors.push(forbidden(`${path}.namespace`, 'not allowed on this type'));
  } else if (!meta.namespace) errors.push(required(`${path}.namespace`));
  else pushInvalid(errors, `${path}.namespace`, meta.namespace, labelName(meta.namespace));
  validateNonNegative(errors, meta.generation, `${path}.generation`);
  validateLabels(errors, meta.labels, `${path}.labels`);
  validateAnnotations(errors, meta.annotations, `${path}.annotations`);
  validateOwnerReferences(errors, meta.ownerReferences, `${path}.ownerReferences`);
  validateFinalizers(errors, meta.finalizers, `${path}.finalizers`);
}

const immutableFields = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Metadata of an object that is being changed. Parts that kept their reference were judged before. Models ValidateObjectMetaAccessorUpdate. */
export function validateMetadataUpdate(errors: Errors, meta: PartialObjectMeta, old: PartialObjectMeta, path = 'metadata'): void {
  if (meta === old) return;
  if (old.deletionTimestamp !== undefined) {
    const added = (meta.finalizers ?? []).filter((finalizer) => !(old.finalizers ?? []).includes(finalizer)).sort();
    if (added.length > 0) {
      errors.push(forbidden(`${path}.finalizers`,
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(quoteGo).join(', ')}}`));
    }
  }
  if (!meta.resourceVersion) errors.push(invalid(`${path}.resourceVersion`, meta.resourceVersion ?? '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) errors.push(invalid(`${path}.generation`, meta.generation ?? 0, 'must not be decremented'));
  for (const field of immutableFields) {
    if ((meta[field] ?? undefined) !== (old[field] ?? undefined)) {
      const absent = field === 'name' || field === 'namespace' || field === 'uid' ? '' : null;
      errors.push(invalid(`${path}.${field}`, meta[field] ?? absent, fieldImmutableError));
    }
  }
  if (meta.labels !== old.labels) validateLabels(errors, meta.labels, `${path}.labels`);
  if (meta.annotations !== old.annotations) validateAnnotations(errors, meta.annotations, `${path}.annotations`);
  if (meta.ownerReferences !== old.ownerReferences) validateOwnerReferences(errors, meta.ownerReferences, `${path}.ownerReferences`);
}

/** Numbers that count something. */
export function validateNonNegative(errors: Errors, value: number | undefined, path: string): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, isNegativeError));
}

/** Fields that never change once they are set. */
export function validateImmutable(errors: Errors, value: unknown, old: unknown, path: string): void {
  if (!deepEqual(value, old)) errors.push(invalid(path, value, fieldImmutableError));
}

/** A selector in a spec. Models ValidateLabelSelector. */
export function validateLabelSelector(errors: Errors, selector: LabelSelector | undefined, path: string): void {
  if (!selector) return;
  validateLabels(errors, selector.matchLabels, `${path}.matchLabels`);
  (selector.matchExpressions ?? []).forEach((expression, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const values = expression.values ?? [];
    if (expression.operator === 'In' || expression.operator === 'NotIn') {
      if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      values.forEach((value, place) => pushInvalid(errors, `${at}.values[${place}]`, value, labelValueErrors(value)));
    } else if (expression.operator === 'Exists' || expression.operator === 'DoesNotExist') {
      if (values.length > 0) errors.push(forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    } else errors.push(invalid(`${at}.operator`, expression.operator ?? '', 'not a valid selector operator'));
    pushInvalid(errors, `${at}.key`, expression.key ?? '', qualifiedNameErrors(expression.key ?? ''));
  });
}
