/** Conversion by webhook: what is asked, and what may come back. Models staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go. */
import type { KubeObject, StringMap } from '../api/meta-v1.ts';
import { validateAnnotations, validateLabels } from '../api/validation/metadata.ts';
import { formatFieldErrors, type FieldError } from '../apimachinery/field-errors.ts';
import { isJson, type Definition, type Json } from './definition.ts';
import type { ConversionWebhook } from './custom-kind.ts';

const group = 'apiextensions.k8s.io';
const known = ['v1', 'v1beta1'];

/** Who converts a definition's objects, where that is a webhook. */
export function webhookOf({ spec: { conversion } }: Definition): ConversionWebhook | undefined {
  if (conversion?.strategy !== 'Webhook') return undefined;
  const { clientConfig = {}, conversionReviewVersions = [] } = conversion.webhook ?? {};
  return { clientConfig, reviewVersion: conversionReviewVersions.find((one) => known.includes(one)) ?? 'v1' };
}

/** What is posted for one object: storage reads and writes them one by one. */
export const conversionReview = ({ reviewVersion }: ConversionWebhook, object: KubeObject, desiredAPIVersion: string, uid: string): object => ({
  kind: 'ConversionReview', apiVersion: `${group}/${reviewVersion}`, request: { uid, desiredAPIVersion, objects: [object] }, response: { uid: '', convertedObjects: null, result: { metadata: {} } },
});

const kindIn = (apiVersion: string, kind: string): string => `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const goType = (value: unknown): string =>
  (typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? Number.isInteger(value) ? 'int64' : 'float64' : Array.isArray(value) ? '[]interface {}' : value === null ? '<nil>' : 'map[string]interface {}');

type Outcome = { readonly object: KubeObject } | { readonly wrong: string };

/** Why a conversion failed, in the words that the client is told. */
export const conversionFailed = ({ apiVersion, kind }: KubeObject, why: string): string => `conversion webhook for ${kindIn(apiVersion, kind)} failed: ${why}`;

/** The converted object in an answer; or what is wrong with it. */
export function convertedIn(answer: unknown, { reviewVersion }: ConversionWebhook, asked: KubeObject, wanted: string, uid: string): Outcome {
  const failed = (why: string): Outcome => ({ wrong: conversionFailed(asked, why) });
  const body: Json = isJson(answer) ? answer : {};
  const response = body['response'];
  if (reviewVersion === 'v1') {
    const [expected, got] = [kindIn(`${group}/v1`, 'ConversionReview'), kindIn(text(body['apiVersion']), text(body['kind']))];
    if (got !== expected) return failed(`expected webhook response of ${expected}, got ${got}`);
  }
  if (!isJson(response)) return failed('no response provided');
  if (reviewVersion === 'v1' && response['uid'] !== uid) return failed(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(text(response['uid']))}`);
  const { status = '', message = '' } = (response['result'] ?? {}) as { readonly status?: string; readonly message?: string };
  if (status !== 'Success') return failed(message === '' ? `response.result.status was '${status}', not 'Success'` : message);
  const converted = (response['convertedObjects'] ?? []) as readonly unknown[];
  return accepted(converted, asked, wanted);
}

function accepted(converted: readonly unknown[], asked: KubeObject, wanted: string): Outcome {
  const returned = (what: string): Outcome => ({ wrong: `conversion webhook for ${kindIn(asked.apiVersion, asked.kind)} returned ${what}` });
  if (converted.length !== 1) return returned(`${converted.length} objects, expected 1`);
  const object: Json = isJson(converted[0]) ? converted[0] : {};
  if (object['apiVersion'] !== wanted) return returned(`invalid object at index 0: invalid groupVersion (expected ${wanted}, received ${text(object['apiVersion'])})`);
  if (object['kind'] !== asked.kind) return returned(`invalid object at index 0: invalid kind (expected ${asked.kind}, received ${text(object['kind'])})`);
  const given: Json = isJson(object['metadata']) ? object['metadata'] : {};
  for (const [field, name] of [['name', 'name'], ['namespace', 'namespace'], ['uid', 'UID']] as const) {
    const [expected, got] = [asked.metadata[field] ?? '', text(given[field])];
    if (expected !== got) return returned(`invalid object: must have the same ${name}: ${expected} != ${got}`);
  }
  const metadata = restored(object['metadata'], asked.metadata);
  return 'wrong' in metadata ? returned(`invalid metadata: ${metadata.wrong}`) : { object: { ...object, metadata: metadata.metadata } as unknown as KubeObject };
}

/** Of its metadata a webhook may change labels and annotations. Models restoreObjectMeta. */
function restored(given: unknown, original: KubeObject['metadata']): { readonly metadata: KubeObject['metadata'] } | { readonly wrong: string } {
  if (given === undefined) return { wrong: 'missing metadata in converted object' };
  if (!isJson(given)) return { wrong: `invalid metadata of type ${goType(given)} in converted object` };
  const { labels: _labels, annotations: _annotations, ...kept } = original;
  const texts: { labels?: StringMap; annotations?: StringMap } = {};
  for (const field of ['labels', 'annotations'] as const) {
    const said = given[field] ?? undefined;
    if (said === undefined) continue;
    if (!isJson(said)) return { wrong: `invalid metadata.${field} of type ${goType(said)} in converted object` };
    const odd = Object.entries(said).find(([, value]) => typeof value !== 'string');
    if (odd !== undefined) return { wrong: `metadata.${field}[${odd[0]}] must be a string, but is ${goType(odd[1])} in converted object` };
    const errors: FieldError[] = [];
    const before = original[field] ?? {};
    const changed = Object.keys(before).length !== Object.keys(said).length || Object.entries(said).some(([key, value]) => before[key] !== value);
    if (changed && field === 'labels') validateLabels(errors, said as StringMap, 'metadata.labels');
    else if (changed) validateAnnotations(errors, said as StringMap, 'metadata.annotation');
    if (errors.length > 0) return { wrong: formatFieldErrors(errors) };
    texts[field] = said as StringMap;
  }
  return { metadata: { ...kept, ...texts } };
}
