/** The refusals of an API server. Models staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go. */
import type { Status, StatusCause, StatusDetails, StatusReason } from '../api/meta-v1.ts';
import type { FieldError } from './field-errors.ts';
import { formatFieldErrors, quoteGo } from './field-errors.ts';

/** What a refusal is about: the plural for most, the kind for Invalid. */
export interface GroupResource { readonly group: string; readonly resource: string }
export interface GroupKind { readonly group: string; readonly kind: string }

const resourceText = ({ group, resource }: GroupResource): string => (group === '' ? resource : `${resource}.${group}`);
const kindText = ({ group, kind }: GroupKind): string => (group === '' ? kind : `${kind}.${group}`);

function failure(code: number, reason: StatusReason, message: string, details?: StatusDetails): Status {
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason } as const;
  return details === undefined ? { ...base, code } : { ...base, details, code };
}

/** Details as Go writes them: empty fields left out. */
function about({ group, resource }: GroupResource, name: string, more: Partial<StatusDetails> = {}): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource, ...more };
}

/** Whether a body is a refusal. */
export function isFailure(body: unknown): body is Status {
  return typeof body === 'object' && body !== null && (body as Status).kind === 'Status' && (body as Status).status === 'Failure';
}

/** The reason of a refusal, '' for anything else. */
export const reasonOf = (body: unknown): StatusReason => (isFailure(body) ? body.reason ?? '' : '');

/** 404 `pods "x" not found`. */
export const notFoundError = (resource: GroupResource, name: string): Status =>
  failure(404, 'NotFound', `${resourceText(resource)} ${quoteGo(name)} not found`, about(resource, name));

/** 404 for a path that no API serves. */
export const pageNotFoundError = (): Status =>
  failure(404, 'NotFound', 'the server could not find the requested resource', {});

/** 409 `pods "x" already exists`. */
export const alreadyExistsError = (resource: GroupResource, name: string): Status =>
  failure(409, 'AlreadyExists', `${resourceText(resource)} ${quoteGo(name)} already exists`, about(resource, name));

/** 409 where the suffixes of `generateName` kept meeting existing names. */
export const generateNameConflictError = (resource: GroupResource, name: string, retryAfterSeconds: number): Status =>
  failure(409, 'AlreadyExists', `${resourceText(resource)} ${quoteGo(name)} already exists, the server was not able to generate a unique name for the object`,
    about(resource, name, { retryAfterSeconds }));

/** What the loser of a race is told: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go, OptimisticLockErrorMsg. */
export const optimisticLockMessage = 'the object has been modified; please apply your changes to the latest version and try again';

/** 409 `Operation cannot be fulfilled on deployments.apps "web": …`. */
export const conflictError = (resource: GroupResource, name: string, message: string = optimisticLockMessage): Status =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${resourceText(resource)} ${quoteGo(name)}: ${message}`, about(resource, name));

/** 409 of server-side apply, one cause per field another manager holds. */
export const applyConflictError = (message: string, causes: readonly StatusCause[]): Status =>
  failure(409, 'Conflict', message, { causes });

/** 422 `Deployment.apps "web" is invalid: …`, each field error a cause. */
export function invalidError(kind: GroupKind, name: string, errors: readonly FieldError[]): Status {
  const head = `${kindText(kind)} ${quoteGo(name)} is invalid`;
  const causes = errors.map((error) => ({ reason: error.type, message: error.body, field: error.field }));
  return failure(422, 'Invalid', errors.length === 0 ? head : `${head}: ${formatFieldErrors(errors)}`, {
    ...(name === '' ? {} : { name }), ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.kind, ...(causes.length === 0 ? {} : { causes }),
  });
}

/** 400 with the reason given. */
export const badRequestError = (message: string): Status => failure(400, 'BadRequest', message);

/** 401 `Unauthorized`. */
export const unauthorizedError = (message = 'Unauthorized'): Status => failure(401, 'Unauthorized', message);

/** 403 `pods "x" is forbidden: …`; admission plugins refuse with it too. */
export function forbiddenError(resource: GroupResource, name: string, message: string): Status {
  const head = name === '' ? resourceText(resource) : `${resourceText(resource)} ${quoteGo(name)}`;
  return failure(403, 'Forbidden', `${head} is forbidden: ${message}`, about(resource, name));
}

/** 405 `create is not supported on resources of kind "x"`. */
export const methodNotSupportedError = (resource: GroupResource, action: string): Status =>
  failure(405, 'MethodNotAllowed', `${action} is not supported on resources of kind ${quoteGo(resourceText(resource))}`, about(resource, ''));

/** 410 Gone. */
export const goneError = (message: string): Status => failure(410, 'Gone', message);

/** 410 Expired: the resourceVersion asked for is no longer kept, so list again. */
export const expiredError = (message: string): Status => failure(410, 'Expired', message);

/** What a watch from too old a revision is told: staging/src/k8s.io/apiserver/pkg/storage/cacher/watch_cache.go. */
export const tooOldResourceVersionError = (asked: number | string, oldest: number | string): Status =>
  expiredError(`too old resource version: ${asked} (${oldest})`);

/** 500 ServerTimeout. */
export const serverTimeoutError = (resource: GroupResource, operation: string, retryAfterSeconds = 0): Status =>
  failure(500, 'ServerTimeout', `The ${operation} operation against ${resourceText(resource)} could not be completed at this time, please try again.`,
    about(resource, operation, retryAfterSeconds === 0 ? {} : { retryAfterSeconds }));

/** 504 Timeout. */
export const timeoutError = (message: string, retryAfterSeconds = 0): Status =>
  failure(504, 'Timeout', `Timeout: ${message}`, retryAfterSeconds === 0 ? {} : { retryAfterSeconds });

/** 429 TooManyRequests; evictions against a budget get it too. */
export const tooManyRequestsError = (message: string, retryAfterSeconds = 0): Status =>
  failure(429, 'TooManyRequests', message, retryAfterSeconds === 0 ? {} : { retryAfterSeconds });

/** 413 `Request entity too large: …`. */
export const requestEntityTooLargeError = (message: string): Status =>
  failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);

/** 415 for a patch type the resource does not take. */
export const unsupportedMediaTypeError = (message: string): Status => failure(415, 'UnsupportedMediaType', message);

/** 500 `Internal error occurred: …`. */
export const internalServerError = (message: string): Status =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

/** 503 with the reason given. */
export const serviceUnavailableError = (message: string): Status => failure(503, 'ServiceUnavailable', message);

/** 200: what DELETE answers when the object is gone at once. */
export const successStatus = (details?: StatusDetails): Status => {
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } as const;
  return details === undefined ? { ...base, code: 200 } : { ...base, details, code: 200 };
};
