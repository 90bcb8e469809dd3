/** What a kind's storage does to an object before it is written. Models staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update}.go. */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import type { FieldError } from '../../../kubernetes/apimachinery/field-errors.ts';
import type { ApiServerState, Inflight } from '../state.ts';

export interface Strategy {
  /** Why this user may not write it, beyond what the verb and the resource say. */
  forbids?(state: ApiServerState, inflight: Inflight, next: KubeObject, current?: KubeObject): Status | undefined;
  /** PrepareForCreate: what a creator may not set is cleared. */
  prepareForCreate?(object: KubeObject, inflight: Inflight): KubeObject;
  /** PrepareForUpdate of the resource itself: the status stays as it is, the generation counts changes of what is wanted. */
  prepareForUpdate?(next: KubeObject, current: KubeObject): KubeObject;
  /** PrepareForUpdate of subresources that are the kind's own. */
  prepareSubresource?(subresource: string, next: KubeObject, current: KubeObject, nowUs: number): KubeObject;
  /** What is wrong with a change, beyond what the kind's rules say. */
  problems?(next: KubeObject, current: KubeObject, subresource: string | undefined): readonly FieldError[];
  /** PrepareForUpdate of the status subresource, where it is not `onlyStatus`. */
  prepareForStatusUpdate?(next: KubeObject, current: KubeObject): KubeObject;
}

export const withMetadata = (object: KubeObject, metadata: Partial<KubeObject['metadata']>): KubeObject => ({ ...object, metadata: { ...object.metadata, ...metadata } });

/** A new object that begins to count its generations, with an empty status. */
export const firstGeneration = (object: KubeObject, status: unknown = {}): KubeObject => ({ ...withMetadata(object, { generation: 1 }), status });

/** The object with the status it had. */
export const keepStatus = (next: KubeObject, current: KubeObject): KubeObject => {
  if (next.status === current.status) return next;
  if (current.status !== undefined) return { ...next, status: current.status };
  const { status: _, ...rest } = next;
  return rest;
};

/** Counts one generation more where the wanted state differs. */
export const countGeneration = (next: KubeObject, current: KubeObject, changed: boolean): KubeObject => {
  const generation = (current.metadata.generation ?? 0) + (changed ? 1 : 0);
  return generation === 0 || next.metadata.generation === generation ? next : withMetadata(next, { generation });
};

export const specChanged = (next: KubeObject, current: KubeObject): boolean => !deepEqual(next.spec, current.spec);

/** A status write: only the status, the labels and the annotations may differ. */
export const onlyStatus = (next: KubeObject, current: KubeObject): KubeObject => ({
  ...current,
  metadata: { ...current.metadata, labels: next.metadata.labels, annotations: next.metadata.annotations, managedFields: next.metadata.managedFields },
  status: next.status,
});
