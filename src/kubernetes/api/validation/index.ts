/** Field validation: what the API server refuses after decoding and defaulting, before storing. */
import type { KubeObject } from '../meta-v1.ts';
import type { ModelledKind, ObjectByKind } from '../served-resources.ts';
import type { FieldError } from '../../apimachinery/field-errors.ts';
import { validateLease, validateLeaseUpdate } from './coordination-v1.ts';
import { validateService, validateServiceUpdate } from './core-v1-service.ts';
import {
  validateConfigMap, validateConfigMapUpdate, validateEvent, validateEventUpdate, validateNamespace, validateNamespaceUpdate, validateNode, validateNodeUpdate,
  validateSecret, validateSecretUpdate, validateServiceAccount, validateServiceAccountUpdate,
} from './core-v1.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './discovery-v1.ts';
import { validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

/** What is asked of a new object, and of one that is to take another's place. */
export interface Rules<T> {
  create(errors: Errors, object: T): void;
  update(errors: Errors, object: T, old: T): void;
  /** Of a write to the status; where left out, only its metadata is judged. */
  status?(errors: Errors, object: T, old: T): void;
}

/** Those of objects that a cluster has before anybody brings a manifest. */
const rules: { readonly [K in Exclude<ModelledKind, 'Pod' | 'Deployment' | 'ReplicaSet'>]: Rules<ObjectByKind[K]> } = {
  Namespace: { create: validateNamespace, update: validateNamespaceUpdate },
  Node: { create: validateNode, update: validateNodeUpdate },
  Service: { create: validateService, update: validateServiceUpdate },
  ConfigMap: { create: validateConfigMap, update: validateConfigMapUpdate },
  Secret: { create: validateSecret, update: validateSecretUpdate },
  ServiceAccount: { create: validateServiceAccount, update: validateServiceAccountUpdate },
  Event: { create: validateEvent, update: validateEventUpdate },
  EndpointSlice: { create: validateEndpointSlice, update: validateEndpointSliceUpdate },
  Lease: { create: validateLease, update: validateLeaseUpdate },
};

/** Takes in the rules of more kinds. */
export function addRules(more: Readonly<Record<string, Rules<never>>>): void {
  Object.assign(rules, more);
}

function rulesOf(kind: string): Rules<unknown> {
  const found = (rules as unknown as { readonly [kind: string]: Rules<unknown> | undefined })[kind];
  if (found === undefined) throw new Error(`nothing is known of ${kind}: who lets manifests in must import kubernetes/kept-kinds`);
  return found;
}

/** What is wrong with an object that is to be created; it was decoded, defaulted and named before. */
export function validateCreate(kind: string, object: KubeObject): FieldError[] {
  const errors: Errors = [];
  rulesOf(kind).create(errors, object);
  return errors;
}

/** What is wrong with replacing the stored object by this one. Parts that kept their reference are not judged again. */
export function validateUpdate(kind: string, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  rulesOf(kind).update(errors, object, old);
  return errors;
}

/** What is wrong with a write to the `status` subresource. */
export function validateStatusUpdate(kind: string, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  const { status } = (rules as unknown as { readonly [kind: string]: Partial<Rules<unknown>> | undefined })[kind] ?? {};
  if (status === undefined) validateMetadataUpdate(errors, object.metadata, old.metadata);
  else status(errors, object, old);
  return errors;
}

export { validateBinding } from './binding.ts';
