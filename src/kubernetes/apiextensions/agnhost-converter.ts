/** What Kubernetes' own test image answers who has custom objects converted: facts of test/images/agnhost/crd-conversion-webhook (`agnhost crd-conversion-webhook`). */
import type { KubeObject } from '../api/meta-v1.ts';
import { quoteGo } from '../apimachinery/field-errors.ts';
import type { Json } from './definition.ts';

type Custom = KubeObject & Json;
type Outcome = { readonly object: Custom } | { readonly message: string };

const [v1, v2] = ['stable.example.com/v1', 'stable.example.com/v2'];

/** It knows one kind: `hostPort` of v1 is `host` and `port` of v2. */
function convert(object: Custom, wanted: string): Outcome {
  const { apiVersion } = object;
  if (wanted === apiVersion) return { message: `conversion from a version to itself should not call the webhook: ${wanted}` };
  if (apiVersion !== v1 && apiVersion !== v2) return { message: `unexpected conversion version ${quoteGo(apiVersion)}` };
  if (wanted !== v1 && wanted !== v2) return { message: `unexpected conversion version ${quoteGo(wanted)}` };
  if (apiVersion === v1) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return { object: rest as Custom };
    const parts = (hostPort as string).split(':');
    return parts.length === 2 ? { object: { ...rest, host: parts[0], port: parts[1] } as unknown as Custom } : { message: `invalid hostPort value \`${hostPort as string}\`` };
  }
  const { host, port, ...rest } = object;
  if (host === undefined && port === undefined) return { object: rest as Custom };
  return { object: { ...rest, hostPort: `${(host ?? '') as string}:${(port ?? '') as string}` } as unknown as Custom };
}

interface Review { readonly kind: string; readonly apiVersion: string; readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly Custom[] } }

/** The answer to a review posted to a path; it ends at the first object that cannot be converted. */
export function answerOfConverter(path: string, review: unknown): { readonly code: number; readonly body: unknown } {
  if (path !== '/crdconvert') return { code: 404, body: '404 page not found\n' };
  const { kind, apiVersion, request: { uid, desiredAPIVersion, objects } } = review as Review;
  const outcomes = objects.map((object) => convert(object, desiredAPIVersion));
  const failed = outcomes.find((one) => 'message' in one);
  const response = failed !== undefined ? { convertedObjects: null, result: { metadata: {}, status: 'Failure', message: (failed as { readonly message: string }).message } }
    : { convertedObjects: outcomes.map((one) => ({ ...(one as { readonly object: Custom }).object, apiVersion: desiredAPIVersion })), result: { metadata: {}, status: 'Success' } };
  return { code: 200, body: { kind, apiVersion, request: { uid: '', desiredAPIVersion: '', objects: null }, response: { uid, ...response } } };
}
