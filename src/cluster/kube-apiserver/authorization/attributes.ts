/** What is asked of the authorizers, and how a refusal reads. Models staging/src/k8s.io/apiserver/pkg/authorization/authorizer and endpoints/request/requestinfo.go. */
import type { Status } from '../../../kubernetes/api/index.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import type { UserInfo } from '../authentication/user-info.ts';
import { fieldMatcher } from '../watchers.ts';

export interface Attributes {
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a list or watch: what it is limited to. */
  readonly fieldSelector?: string;
  /** Of a request for a token: the Pod it is for. */
  readonly boundPod?: string;
  /** Of what is no resource: `/version`. */
  readonly path?: string;
}

const pathOnly = { group: '', resource: '', subresource: '', namespace: '', name: '' };

export function attributesOf(request: ApiRequest, user: UserInfo): Attributes {
  const { verb, group, resource, subresource = '', name = '' } = request;
  if (verb === 'discover') return { ...pathOnly, user, verb: 'get', path: request.path ?? '/api' };
  // A namespace lies in itself: whoever may read in it may read it.
  const namespace = request.namespace ?? (resource === 'namespaces' && group === '' ? name : '');
  const attributes = { user, verb, group, resource, subresource, namespace, name: name === '' ? selectedName(request) : name };
  if (subresource === 'token') return { ...attributes, boundPod: boundPodIn(request.body) };
  return request.query?.fieldSelector === undefined ? attributes : { ...attributes, fieldSelector: request.query.fieldSelector };
}

function boundPodIn(body: unknown): string | undefined {
  const { kind, name } = (body as { readonly spec?: { readonly boundObjectRef?: { readonly kind?: string; readonly name?: string } } } | undefined)?.spec?.boundObjectRef ?? {};
  return kind === 'Pod' ? name : undefined;
}

/** A list or watch of one object by its name is asked for by that name. */
function selectedName({ verb, query }: ApiRequest): string {
  const selector = query?.fieldSelector ?? '';
  if (selector === '' || (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection')) return '';
  try {
    return fieldMatcher(selector).requirements.find(({ field, equal }) => equal && field === 'metadata.name')?.value ?? '';
  } catch {
    return '';
  }
}

/** 403 in upstream's words. Models endpoints/handlers/responsewriters/errors.go: Forbidden, forbiddenMessage. */
export function forbidden(asked: Attributes, reason = ''): Status {
  const { user, verb, group, resource, subresource, namespace, name, path } = asked;
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (path !== undefined) return { ...forbiddenError({ group: '', resource: '' }, '', ''), message: `forbidden: ${who} path ${JSON.stringify(path)}${because}`, details: {} };
  const what = JSON.stringify(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return forbiddenError({ group, resource }, name, `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}${because}`);
}
