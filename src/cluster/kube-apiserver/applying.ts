/** Server-side apply. Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go: applyPatcher, and apimachinery/pkg/util/managedfields/internal/structuredmerge.go: Apply. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { required } from '../../kubernetes/apimachinery/field-errors.ts';
import { applyConflictError, badRequestError, conflictError, invalidError, notFoundError, unsupportedMediaTypeError } from '../../kubernetes/apimachinery/status-errors.ts';
import { afterUpdate, apply, conflictWords, difference, fieldsOf, isEmpty, mergeProblems, shapeOfKind, withoutOwnerless, type Applied, type Shape, type Writer } from '../../kubernetes/structured-merge/index.ts';
import { shapeIn, withEntries, writerOf } from './managed-fields.ts';
import type { Inflight } from './state.ts';
import { unknownError } from './storage.ts';

type Json = Readonly<Record<string, unknown>>;
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** What an apply of the number of replicas alone is of. */
export const scaleKind = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isApply = ({ request }: Inflight): boolean => request.verb === 'patch' && request.patchType === 'application/apply-patch+yaml';

/** What is wrong with the request itself. Models apimachinery/pkg/apis/meta/v1/validation: ValidatePatchOptions. */
export function applyRefusal({ request, served: { info } }: Inflight): Status | undefined {
  const expected = request.subresource === 'scale' ? scaleKind : info;
  if ((request.query?.fieldManager ?? '') === '') return invalidError({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [required('fieldManager', 'is required for apply patch')]);
  if (request.subresource !== undefined && request.subresource !== 'status' && request.subresource !== 'scale') {
    return unsupportedMediaTypeError('the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json');
  }
  const { body } = request;
  if (!isObject(body) || (body['metadata'] !== undefined && !isObject(body['metadata']))) return badRequestError('error decoding YAML: error converting YAML to JSON: the patch is no object');
  const { apiVersion = '', kind = '', metadata } = body as { apiVersion?: string; kind?: string; metadata?: { managedFields?: unknown } };
  if (kind === '') return badRequestError("Object 'Kind' is missing in the patch");
  if (apiVersion !== expected.apiVersion) return badRequestError(`Incorrect version specified in apply patch. Specified patch version: ${apiVersion}, expected: ${expected.apiVersion}`);
  if (kind !== expected.kind) return badRequestError(`Incorrect kind specified in apply patch. Specified patch kind: ${kind}, expected: ${expected.kind}`);
  return metadata?.managedFields === undefined ? undefined : badRequestError('metadata.managedFields must be nil');
}

/** An apply on what is not there makes it. */
export function createByApply({ request, served: { info } }: Inflight): Status | undefined {
  if (request.subresource !== undefined) return notFoundError(request.subresource === 'scale' ? { ...info, resource: `${info.resource}/scale` } : info, request.name ?? '');
  const { uid } = (request.body as KubeObject).metadata ?? {};
  return uid === undefined || uid === '' ? undefined : conflictError(info, request.name ?? '', `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
}

/** The object with the configuration applied and its bookkeeping; or the refusal. */
export function applied({ request, served }: Inflight, current: KubeObject | undefined, nowUs: number): { readonly body: KubeObject } | { readonly refuse: Status } {
  const ofScale = request.subresource === 'scale';
  const info = ofScale ? scaleKind : served.info;
  const shape = ofScale ? shapeOfKind(info.apiVersion, info.kind) : shapeIn(served, info);
  // A part that this address does not write is nobody's through it.
  const { [request.subresource === 'status' ? 'spec' : !ofScale && served.info.subresources.includes('status') ? 'status' : '']: _, ...config } = request.body as Json;
  const problems = mergeProblems(shape, withoutOwnerless(config));
  if (problems.length > 0) {
    const words = problems.length === 1 ? problems[0]! : `errors:\n${problems.map((one) => `  ${one}`).join('\n')}`;
    return { refuse: unknownError(`failed to create typed patch object (${request.namespace ?? ''}/${request.name ?? ''}; ${info.apiVersion}, Kind=${info.kind}): ${words}`) };
  }
  const live: KubeObject = current ?? { apiVersion: info.apiVersion, kind: info.kind, metadata: { name: request.name ?? '' } };
  const writer = writerOf(request, 'Apply', info.apiVersion, nowUs);
  const entries = live.metadata.managedFields ?? [];
  // Who wrote before anybody kept account is one manager.
  const known = entries.length > 0 || current === undefined ? entries : afterUpdate([], { ...writer, manager: 'before-first-apply', operation: 'Update' }, shape, {}, live);
  const force = request.query?.force === true;
  let outcome = apply(known, writer, shape, live, config, force);
  if ('conflicts' in outcome) outcome = upgraded(outcome, live, shape, writer, () => apply(known, writer, shape, live, config, true));
  if ('conflicts' in outcome) {
    const { message, causes } = conflictWords(outcome.conflicts);
    return { refuse: applyConflictError(message, causes) };
  }
  const object = outcome.object as KubeObject;
  if (current !== undefined && outcome.entries === entries && deepEqual(withEntries(object, entries), withEntries(current, entries))) return { body: current };
  return { body: withEntries(syncLastApplied(object, live, writer, request.body), outcome.entries) };
}

const lastAppliedOf = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[lastAppliedAnnotation];

/** kubectl takes over what it applied itself before, without a conflict. Models managedfields/internal/lastappliedmanager.go. */
function upgraded(outcome: Applied & { readonly conflicts: unknown }, live: KubeObject, shape: Shape, { manager }: Writer, forced: () => Applied): Applied {
  const text = manager === 'kubectl' ? lastAppliedOf(live) : undefined;
  if (text === undefined) return outcome;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return outcome;
  }
  const allowed = fieldsOf(shape, config);
  const left = (outcome as Extract<Applied, { conflicts: unknown }>).conflicts.map(({ entry, fields }) => ({ entry, fields: difference(fields, allowed) })).filter(({ fields }) => !isEmpty(fields));
  return left.length === 0 ? forced() : { conflicts: left };
}

/** Where client-side apply has been used, its annotation keeps up with what kubectl applies. Models managedfields/internal/lastappliedupdater.go. */
function syncLastApplied(object: KubeObject, live: KubeObject, { manager }: Writer, body: unknown): KubeObject {
  if (manager !== 'kubectl' || lastAppliedOf(live) === undefined) return object;
  const { managedFields: _, annotations, ...metadata } = (body as KubeObject).metadata;
  const { [lastAppliedAnnotation]: _text, ...others } = annotations ?? {};
  const config = { ...body as object, metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) } };
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [lastAppliedAnnotation]: `${JSON.stringify(config)}\n` } } };
}

