/** Decoding, defaulting and validation: the call sites of the API room, so that the rest of the server need not know how they are done. */
import { applyDefaults } from '../../kubernetes/api/defaults/index.ts';
import { validateCreate, validateStatusUpdate, validateUpdate } from '../../kubernetes/api/validation/index.ts';
import { subdomainName, validateMetadata } from '../../kubernetes/api/validation/metadata.ts';
import type { FieldError } from '../../kubernetes/apimachinery/field-errors.ts';
import type { CustomKind } from '../../kubernetes/apiextensions/custom-kind.ts';
import type { KubeObject, Pod, ResourceInfo, Status } from '../../kubernetes/api/index.ts';
import { badRequestError, invalidError } from '../../kubernetes/apimachinery/status-errors.ts';
import { decodeStrict } from '../../kubernetes/schema/decode-strict.ts';
import { isComponent } from './authentication/user-info.ts';
import { withoutNulls } from '../../kubernetes/schema/nulls.ts';
import { schemaOfKind } from '../../kubernetes/schema/types.ts';
import type { Inflight } from './state.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Their spec is a struct in Go: one that is not given is an empty one, for defaulting and validation to speak about. */
const structSpecs = new Set(['Pod', 'Service', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob',
  'CustomResourceDefinition', 'APIService', 'CertificateSigningRequest', 'PersistentVolume', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'NetworkPolicy', 'ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy']);

type Decoded = { readonly object: KubeObject; readonly warnings?: readonly string[] } | { readonly refuse: Status };

/** A body decoded: of the right kind, with its defaults; or the refusal. */
export function decodeBody(inflight: Inflight, body: unknown): Decoded {
  const decoded = decodeOnce(inflight, body);
  const { duplicates, query } = inflight.request;
  return duplicates === undefined || query?.fieldValidation === 'Ignore' ? decoded : withDuplicates(decoded, inflight, duplicates);
}

const strictly = 'strict decoding error: ';
/** What was named twice comes behind what is not known (upstream: as the text has them), and of an apply in the words of the reader of YAML. */
function withDuplicates(decoded: Decoded, { request, served: { info } }: Inflight, duplicates: readonly string[]): Decoded {
  const applies = request.patchType === 'application/apply-patch+yaml';
  if (request.verb === 'patch' && !applies) return decoded;
  const words = applies ? [`error converting YAML to JSON: yaml: unmarshal errors:\n${duplicates.map((line) => `  ${line}`).join('\n')}`] : duplicates;
  if ('object' in decoded) {
    if (request.query?.fieldValidation !== 'Strict') return { ...decoded, warnings: [...decoded.warnings ?? [], ...words] };
    return { refuse: badRequestError(applies ? `error strict decoding YAML: ${words.join()}` : `${info.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: ${strictly}${words.join(', ')}`) };
  }
  const { message = '' } = decoded.refuse;
  return applies || !message.includes(strictly) ? decoded : { refuse: badRequestError(`${message}, ${words.join(', ')}`) };
}

function decodeOnce({ served, request }: Inflight, body: unknown): Decoded {
  const { info } = served;
  if (!isObject(body) || !isObject(body['metadata'] ?? {})) return { refuse: badRequestError(`couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`) };
  const { apiVersion = info.apiVersion, kind = info.kind } = body as { apiVersion?: string; kind?: string };
  if (apiVersion !== info.apiVersion) return { refuse: badRequestError(`the API version in the data (${apiVersion}) does not match the expected API version (${info.apiVersion})`) };
  if (kind !== info.kind) return { refuse: badRequestError(`${kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`) };
  const bare = (body['spec'] ?? undefined) === undefined && structSpecs.has(kind);
  const given = (bare || body['kind'] === undefined || body['apiVersion'] === undefined || (body['metadata'] ?? undefined) === undefined
    ? { ...body, apiVersion, kind, metadata: body['metadata'] ?? {}, ...(bare && { spec: {} }) } : body) as unknown as KubeObject;
  if (served.custom !== undefined) return decodeCustom(served.custom, given, request.query?.fieldValidation ?? 'Warn');
  // Components send what their own types made; what people write is looked at field by field.
  const mode = request.query?.fieldValidation ?? (isComponent(request) ? undefined : 'Warn');
  const stored = (read: KubeObject): KubeObject => applyDefaults(kind, served.view === undefined ? read : served.view.toStored(read));
  if (mode === undefined) return { object: stored(given) };
  const { message, warnings, nulls } = decodeStrict(given, { apiVersion, kind }, mode);
  if (message !== undefined) return { refuse: badRequestError(message) };
  const read = nulls === true ? withoutNulls(given as never, schemaOfKind(apiVersion, kind)!) as unknown as KubeObject : given;
  return { object: stored(kind === 'Pod' && (read.spec as Partial<Pod['spec']>).containers === undefined ? { ...read, spec: { ...read.spec as object, containers: [] } } as KubeObject : read), ...(warnings.length === 0 ? {} : { warnings: warnings.map((one) => one.message) }) };
}

/** A custom resource by its schema; what that does not know is told, or refused, and dropped. */
function decodeCustom(custom: CustomKind, given: KubeObject, mode: 'Ignore' | 'Warn' | 'Strict'): Decoded {
  const { kind, version } = custom.info;
  const refused = (words: string) => ({ refuse: badRequestError(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${words}`) });
  const decoded = custom.decode(given);
  if ('message' in decoded) return refused(decoded.message);
  const unknown = decoded.unknownFields.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (unknown.length === 0 || mode === 'Ignore') return { object: decoded.object };
  return mode === 'Strict' ? refused(`${strictly}${unknown.join(', ')}`) : { object: decoded.object, warnings: unknown };
}

/** Pod specs, as they came, that were found right: the Pods of one template share theirs, and each is judged once. */
const rightSpecs = new WeakSet<object>();

/** The refusal of an object that breaks the rules of its kind; what defaulting and admission add to a spec that was right keeps it right. */
export function invalidNew({ id, served: { info, key, custom }, request }: Inflight, object: KubeObject): Status | undefined {
  // What the server makes itself is right.
  if (id === '') return undefined;
  if (custom !== undefined) return refusalOf(info, object, custom.problems(object));
  const spec = key === 'pods' ? (request.body as Pod).spec : undefined;
  let errors: FieldError[] = [];
  if (spec !== undefined && rightSpecs.has(spec)) validateMetadata(errors, object.metadata, true, subdomainName);
  else {
    errors = validateCreate(info.kind, object);
    if (spec !== undefined && errors.length === 0) rightSpecs.add(spec);
  }
  return refusalOf(info, object, errors);
}

const refusalOf = (info: ResourceInfo, { metadata }: KubeObject, errors: readonly FieldError[]): Status | undefined => (errors.length === 0 ? undefined : invalidError(info, metadata.name ?? '', errors));

/** The refusal of a change that breaks the rules of its kind. */
export function invalidChange({ served: { info, custom }, request }: Inflight, next: KubeObject, current: KubeObject): Status | undefined {
  const ofStatus = request.subresource === 'status';
  const errors = custom !== undefined ? custom.changeProblems(next, current, ofStatus) : ofStatus ? validateStatusUpdate(info.kind, next, current) : validateUpdate(info.kind, next, current);
  return refusalOf(info, next, errors);
}
