import type { Deployment, KubeObject, LabelSelector, StringMap } from '../../../kubernetes/api/index.ts';
import { invalid } from '../../../kubernetes/apimachinery/field-errors.ts';
import { formatLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { applyMergePatch } from '../../../kubernetes/apimachinery/merge-patch.ts';
import { badRequestError, conflictError, invalidError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { applyJsonPatch, type JsonPatchOperation } from '../../../kubernetes/apimachinery/json-patch.ts';
import { strategyOf } from '../strategies/registry.ts';
import type { Inflight } from '../state.ts';
import type { Subresource } from './subresource.ts';

interface Scale extends KubeObject { readonly spec: { readonly replicas?: number }; readonly status?: { readonly replicas: number; readonly selector?: string } }

/** The object as autoscaling/v1 sees it. Models pkg/registry/apps/deployment/storage/storage.go: scaleFromDeployment. */
export function scaleOf(object: KubeObject, { served: { custom } }: Inflight): Scale {
  if (custom !== undefined) return custom.scaleOf(object) as Scale;
  const { metadata, spec, status } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas }, status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(object.kind === 'ReplicationController' ? { matchLabels: spec.selector as StringMap } : spec.selector as LabelSelector) },
  };
}

/** Reads and writes the number of replicas of anything that has one. */
export const scale: Subresource = {
  verbs: ['get', 'update', 'patch'],
  decide(inflight, current) {
    const { request, served } = inflight;
    const before = scaleOf(current, inflight);
    const after = (request.verb !== 'patch' ? request.body
      : request.patchType === 'application/json-patch+json' ? applyJsonPatch(before, request.body as readonly JsonPatchOperation[])
        : applyMergePatch(before, request.body)) as Scale;
    const replicas = after.spec?.replicas ?? 0;
    if (typeof replicas !== 'number') return { refuse: badRequestError('Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32') };
    if (replicas < 0) return { refuse: invalidError({ group: 'autoscaling', kind: 'Scale' }, current.metadata.name, [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]) };
    const version = after.metadata?.resourceVersion ?? '';
    if (version !== '' && version !== current.metadata.resourceVersion) return { refuse: conflictError(served.info, current.metadata.name) };
    const next = served.custom?.scaled(current, replicas) ?? { ...current, spec: { ...(current as Deployment).spec, replicas } } as KubeObject;
    return { put: strategyOf(served).prepareForUpdate?.(next, current) ?? next };
  },
  answer: scaleOf,
};
