/** Asking a webhook, and what its answer means. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/{request/admissionreview.go,errors/statuserror.go,mutating/dispatcher.go}. */
import type { KubeObject, Status } from '../../api/index.ts';
import { textOfBase64 } from '../../apimachinery/base64.ts';
import { applyJsonPatch, JsonPatchError, type JsonPatchOperation } from '../../apimachinery/json-patch.ts';
import { internalServerError } from '../../apimachinery/status-errors.ts';
import { requestOf, type Asked } from '../policies/asked.ts';
import type { AdmissionResponse } from './webhook.ts';

const reviewKind = 'admission.k8s.io/v1, Kind=AdmissionReview';

/** What is posted; the uid is the call's own. */
export function reviewOf(asked: Asked, uid: string): object {
  const { subResource, requestSubResource, ...request } = requestOf(asked);
  return {
    kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1',
    request: {
      uid, ...request, ...(subResource === '' ? {} : { subResource, requestSubResource }), ...(asked.name === '' ? { name: undefined } : {}), ...(asked.namespace === '' ? { namespace: undefined } : {}),
      object: asked.object, oldObject: asked.old,
    },
  };
}

/** The response in an answer, or what is wrong with it. Models VerifyAdmissionResponse. */
export function responseIn(body: unknown, uid: string, mutating: boolean): { readonly response: AdmissionResponse } | { readonly error: string } {
  const { apiVersion = '', kind = '', response } = (typeof body === 'object' && body !== null ? body : {}) as { readonly apiVersion?: string; readonly kind?: string; readonly response?: AdmissionResponse };
  const slash = apiVersion.indexOf('/');
  const words = `${slash < 0 ? `/${apiVersion}` : apiVersion}, Kind=${kind}`;
  if (words !== reviewKind) return { error: `expected webhook response of ${reviewKind}, got ${words}` };
  if (response === undefined || response === null) return { error: 'webhook response was absent' };
  if ((response.uid ?? '') !== uid) return { error: `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}` };
  const { patch = '', patchType } = response;
  if (!mutating && patch !== '') return { error: 'validating webhook may not return response.patch' };
  if (!mutating && patchType !== undefined) return { error: 'validating webhook may not return response.patchType' };
  if (patch !== '' && patchType === undefined) return { error: 'webhook returned response.patch but not response.patchType' };
  if (patch === '' && patchType !== undefined) return { error: 'webhook returned response.patchType but not response.patch' };
  if (patch !== '' && patchType === '') return { error: 'webhook returned invalid response.patchType of ""' };
  return { response };
}

/** The refusal that a denial is. Models ToStatusErr. */
export function denialBy(webhook: string, given: AdmissionResponse['status']): Status {
  const denied = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const { code = 0, status = '', message = '', reason = '' } = given ?? {};
  return {
    kind: 'Status', apiVersion: 'v1', metadata: {}, ...given,
    status: status === '' || status === 'Success' ? 'Failure' : status, message: message !== '' ? `${denied}: ${message}` : reason !== '' ? `${denied}: ${reason}` : `${denied} without explanation`,
    code: code < 400 ? 400 : code,
  } as Status;
}

/** The object with the patch of a response. What cannot be patched is an error of the server's, whatever the failure policy is. */
export function patchedBy(webhook: string, { patch = '', patchType }: AdmissionResponse, object: KubeObject | null): { readonly body: unknown } | { readonly refuse: Status } {
  const refuse = (message: string) => ({ refuse: internalServerError(message) });
  if (patchType !== 'JSONPatch') return refuse(`unsupported patch type ${JSON.stringify(patchType)}`);
  if (object === null) return refuse(`admission webhook ${JSON.stringify(webhook)} attempted to modify the object, which is not supported for this operation`);
  const text = textOfBase64(patch);
  if (text === undefined) return refuse('illegal base64 data in response.patch');
  try {
    return { body: applyJsonPatch(object, JSON.parse(text) as readonly JsonPatchOperation[]) };
  } catch (error) {
    return refuse(error instanceof JsonPatchError ? error.message : `invalid character in response.patch: ${(error as Error).message}`);
  }
}
