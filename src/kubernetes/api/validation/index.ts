/** Field validation: what the API server refuses after decoding and defaulting, before storing. */
import type { KubeObject } from '../meta-v1.ts';
import type { ModelledKind, ObjectByKind } from '../served-resources.ts';
import type { FieldError } from '../../apimachinery/field-errors.ts';
import { validateDeployment, validateDeploymentUpdate, validateReplicaSet, validateReplicaSetUpdate } from './apps-v1.ts';
import { validateLease, validateLeaseUpdate } from './coordination-v1.ts';
import { validatePod, validatePodUpdate } from './core-v1-pod.ts';
import { validateService, validateServiceUpdate } from './core-v1-service.ts';
import {
  validateConfigMap, validateConfigMapUpdate, validateEvent, validateEventUpdate, validateNamespace, validateNamespaceUpdate, validateNode, validateNodeUpdate,
  validateSecret, validateSecretUpdate, validateServiceAccount, validateServiceAccountUpdate,
} from './core-v1.ts';
import { validateEndpointSlice, validateEndpointSliceUpdate } from './discovery-v1.ts';
import { validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

interface Rules<T> {
  create(errors: Errors, object: T): void;
  update(errors: Errors, object: T, old: T): void;
}

const rules: { readonly [K in ModelledKind]: Rules<ObjectByKind[K]> } = {
  Namespace: { create: validateNamespace, update: validateNamespaceUpdate },
  Node: { create: validateNode, update: validateNodeUpdate },
  Pod: { create: validatePod, update: validatePodUpdate },
  Service: { create: validateService, update: validateServiceUpdate },
  ConfigMap: { create: validateConfigMap, update: validateConfigMapUpdate },
  Secret: { create: validateSecret, update: validateSecretUpdate },
  ServiceAccount: { create: validateServiceAccount, update: validateServiceAccountUpdate },
  Event: { create: validateEvent, update: validateEventUpdate },
  Deployment: { create: validateDeployment, update: validateDeploymentUpdate },
  ReplicaSet: { create: validateReplicaSet, update: validateReplicaSetUpdate },
  EndpointSlice: { create: validateEndpointSlice, update: validateEndpointSliceUpdate },
  Lease: { create: validateLease, update: validateLeaseUpdate },
};

const rulesOf = (kind: string): Rules<unknown> | undefined => (rules as unknown as { readonly [kind: string]: Rules<unknown> | undefined })[kind];

/** What is wrong with an object that is to be created; it was decoded, defaulted and named before. */
export function validateCreate(kind: ModelledKind, object: KubeObject): FieldError[] {
  const errors: Errors = [];
  rulesOf(kind)?.create(errors, object);
  return errors;
}

/** What is wrong with replacing the stored object by this one. Parts that kept their reference are not judged again. */
export function validateUpdate(kind: ModelledKind, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  rulesOf(kind)?.update(errors, object, old);
  return errors;
}

/** What is wrong with a write to the `status` subresource: only its metadata is judged here. */
export function validateStatusUpdate(_kind: ModelledKind, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  validateMetadataUpdate(errors, object.metadata, old.metadata);
  return errors;
}

export { validateBinding } from './core-v1-pod.ts';
