/** The three ways of saying only what changes. Models apiserver/pkg/endpoints/handlers/patch.go. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { applyJsonPatch, JsonPatchError, type JsonPatchOperation } from '../../kubernetes/apimachinery/json-patch.ts';
import { applyMergePatch } from '../../kubernetes/apimachinery/merge-patch.ts';
import { badRequestError, unsupportedMediaTypeError } from '../../kubernetes/apimachinery/status-errors.ts';
import { applyStrategicMergePatch } from '../../kubernetes/apimachinery/strategic-merge-patch.ts';
import { patchMetaOfKind } from '../../kubernetes/schema/merge-keys.ts';
import type { Inflight } from './state.ts';

/** Nothing says how the lists of a custom resource are merged strategically. */
const customSupported = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
const supported = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'];

/** The object with the patch applied, to be decoded as if it had been sent whole; or the refusal. */
export function patched({ request, served: { view, custom } }: Inflight, stored: KubeObject): { readonly body: unknown } | { readonly refuse: Status } {
  const current = view === undefined ? stored : view.fromStored(stored);
  try {
    switch (request.patchType) {
      case 'application/json-patch+json': return { body: applyJsonPatch(current, request.body as readonly JsonPatchOperation[]) };
      case 'application/merge-patch+json': return { body: applyMergePatch(current, request.body) };
      case 'application/strategic-merge-patch+json':
        if (custom !== undefined) return { refuse: unsupportedMediaTypeError(`the body of the request was in an unknown format - accepted media types include: ${customSupported.join(', ')}`) };
        return { body: applyStrategicMergePatch(current, request.body, patchMetaOfKind(current.apiVersion, current.kind)) };
      default:
        return { refuse: unsupportedMediaTypeError(`the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`) };
    }
  } catch (error) {
    return { refuse: refusedPatch(error) };
  }
}

/** What is answered to a patch that cannot be applied. */
export const refusedPatch = (error: unknown): Status => (error instanceof JsonPatchError
  ? { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'the server rejected our request due to an error in our request', reason: 'Invalid', details: { causes: [{ reason: 'UnexpectedServerResponse', message: error.message }] }, code: 422 }
  : badRequestError((error as Error).message));
