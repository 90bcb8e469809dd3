import type { Deployment, KubeObject, LabelSelector, Status, StringMap } from '../../../kubernetes/api/index.ts';
import { invalid } from '../../../kubernetes/apimachinery/field-errors.ts';
import { formatLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { applyMergePatch } from '../../../kubernetes/apimachinery/merge-patch.ts';
import { badRequestError, conflictError, invalidError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { applyJsonPatch, type JsonPatchOperation } from '../../../kubernetes/apimachinery/json-patch.ts';
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import { decodeStrict } from '../../../kubernetes/schema/decode-strict.ts';
import { afterUpdate, shapeOfKind } from '../../../kubernetes/structured-merge/index.ts';
import { applied, isApply, scaleKind } from '../applying.ts';
import { writerOf } from '../managed-fields.ts';
import { refusedPatch } from '../patching.ts';
import { strategyOf } from '../strategies/registry.ts';
import type { Inflight } from '../state.ts';
import { ScaleOwners } from './scale-owners.ts';
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

function wantedScale({ verb, patchType, body }: ApiRequest, before: Scale): { readonly body: unknown } | { readonly refuse: Status } {
  if (verb !== 'patch') return { body: body ?? {} };
  try {
    return { body: patchType === 'application/json-patch+json' ? applyJsonPatch(before, body as readonly JsonPatchOperation[]) : applyMergePatch(before, body) };
  } catch (error) {
    return { refuse: refusedPatch(error) };
  }
}

/** The Scale with the changes that are asked for, and who then owns what of it; or the refusal. */
function changed(inflight: Inflight, before: Scale, nowUs: number): { readonly body: Scale } | { readonly refuse: Status } {
  const { request } = inflight;
  if (isApply(inflight)) return applied(inflight, before, nowUs) as { readonly body: Scale } | { readonly refuse: Status };
  const given = wantedScale(request, before);
  if ('refuse' in given) return given;
  const after = given.body as Scale;
  const { message } = decodeStrict(after, scaleKind, request.query?.fieldValidation ?? 'Ignore');
  if (message !== undefined) return { refuse: badRequestError(message) };
  const { managedFields: owners = [] } = before.metadata;
  const writer = writerOf(request, 'Update', scaleKind.apiVersion, nowUs);
  const metadata = { ...after.metadata, managedFields: owners.length === 0 ? owners : afterUpdate(owners, writer, shapeOfKind(scaleKind.apiVersion, scaleKind.kind), before, { ...after, status: after.status ?? before.status }) };
  return { body: { ...after, metadata } };
}

/** What is wrong with the Scale that is wanted. Models pkg/apis/autoscaling/validation: ValidateScale, and each kind's scaleUpdatedObjectInfo. */
function refusalOf({ request, served: { info } }: Inflight, { metadata, spec }: Scale, current: KubeObject): Status | undefined {
  const { name, uid, resourceVersion } = current.metadata;
  const replicas = spec?.replicas ?? 0;
  if ((metadata.name ?? name) !== name) return badRequestError(`the name of the object (${metadata.name}) does not match the name on the URL (${request.name})`);
  if (replicas < 0) return invalidError({ group: 'autoscaling', kind: 'Scale' }, name, [invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  if ((metadata.uid ?? '') !== '' && metadata.uid !== uid) return conflictError({ ...info, resource: `${info.resource}/scale` }, name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`);
  const version = metadata.resourceVersion ?? '';
  return version !== '' && version !== resourceVersion ? conflictError(info, name) : undefined;
}

/** Reads and writes the number of replicas of anything that has one. */
export const scale: Subresource = {
  verbs: ['get', 'update', 'patch'],
  decide(inflight, current, { env }) {
    const { served } = inflight;
    const seen = scaleOf(current, inflight);
    const owners = new ScaleOwners(current.metadata.managedFields ?? [], served.info.apiVersion, served.custom?.replicasPath ?? ['spec', 'replicas']);
    const wanted = changed(inflight, { ...seen, metadata: { ...seen.metadata, managedFields: owners.toScale() } }, env.nowUs);
    if ('refuse' in wanted) return wanted;
    const refusal = refusalOf(inflight, wanted.body, current);
    if (refusal !== undefined) return { refuse: refusal };
    const { metadata, spec } = wanted.body;
    const replicas = spec?.replicas ?? 0;
    const next = served.custom?.scaled(current, replicas) ?? { ...current, spec: { ...(current as Deployment).spec, replicas } } as KubeObject;
    const owned = { ...next, metadata: { ...next.metadata, managedFields: owners.toParent(metadata.managedFields ?? []) } };
    return { put: strategyOf(served).prepareForUpdate?.(owned, current) ?? owned };
  },
  answer: scaleOf,
};
