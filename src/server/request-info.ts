/** What an HTTP request means to the API. Models staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go: NewRequestInfo. */
import type { ApiQuery, ApiRequest, ApiVerb, PatchType } from '../kubernetes/protocols/api.ts';
import type { Asker } from './credentials.ts';

export interface HttpAsk {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: unknown;
  /** What the text of the body names twice. */
  readonly duplicates?: readonly string[];
  readonly asker?: Asker;
}

/** Either a request to the API, or the path of something that is no resource, with the reason where it can be neither. */
export type RequestInfo = { readonly request: ApiRequest } | { readonly path: string } | { readonly refused: { readonly code: number; readonly reason: string; readonly message: string } };

const admin: Asker = { user: 'kubernetes-admin' };
const patchTypes: readonly string[] = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];
const mostSeconds = 86_400;

export function requestInfo(ask: HttpAsk): RequestInfo {
  const parts = ask.path.split('/').filter((part) => part !== '').map(decodeURIComponent);
  const place = placeOf(parts);
  if (place === undefined) return { path: ask.path };
  const verb = verbOf(ask, place.name !== undefined);
  if (verb === undefined) return { refused: { code: 405, reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' } };
  const contentType = ask.contentType.split(';')[0]!.trim();
  if (verb === 'patch' && !patchTypes.includes(contentType)) {
    return { refused: { code: 415, reason: 'UnsupportedMediaType', message: `the body of the request was in an unknown format - accepted media types include: ${patchTypes.join(', ')}` } };
  }
  const query = queryOf(ask.query);
  return {
    request: {
      verb, ...place, ...(verb === 'watch' && place.name !== undefined ? { name: undefined } : {}), ...(ask.asker ?? admin), userAgent: ask.userAgent,
      ...(Object.keys(query).length > 0 ? { query } : {}), ...(ask.body === undefined ? {} : { body: ask.body }), ...(ask.duplicates === undefined || ask.duplicates.length === 0 ? {} : { duplicates: ask.duplicates }), ...(verb === 'patch' ? { patchType: contentType as PatchType } : {}),
    } as ApiRequest,
  };
}

type Place = Pick<ApiRequest, 'group' | 'version' | 'resource' | 'subresource' | 'namespace' | 'name'>;

/** `/api/v1/namespaces/x/pods/y/log`; a namespace by itself is a resource, and what follows it lies in it. */
function placeOf(parts: readonly string[]): Place | undefined {
  const grouped = parts[0] === 'apis';
  if (!grouped && parts[0] !== 'api') return undefined;
  const [group, version, rest] = grouped ? [parts[1] ?? '', parts[2], parts.slice(3)] : ['', parts[1], parts.slice(2)];
  if (version === undefined || rest.length === 0) return undefined;
  if (rest[0] === 'watch') return placeOf([...parts.slice(0, parts.length - rest.length), ...rest.slice(1)]);
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const [resource, name, subresource] = inNamespace ? rest.slice(2) : rest;
  return {
    group, version, resource: resource!, ...(inNamespace ? { namespace: rest[1]! } : {}),
    ...(name === undefined ? {} : { name }), ...(subresource === undefined ? {} : { subresource: subresource as Place['subresource'] }),
  };
}

function verbOf({ method, query }: HttpAsk, named: boolean): ApiVerb | undefined {
  switch (method) {
    case 'GET': case 'HEAD': {
      const watches = ['1', 'true'].includes(query.get('watch') ?? '');
      return watches ? 'watch' : named ? 'get' : 'list';
    }
    case 'POST': return 'create';
    case 'PUT': return 'update';
    case 'PATCH': return 'patch';
    case 'DELETE': return named ? 'delete' : 'deletecollection';
    default: return undefined;
  }
}

function queryOf(query: URLSearchParams): ApiQuery {
  const texts = ['labelSelector', 'fieldSelector', 'resourceVersion', 'resourceVersionMatch', 'continue', 'fieldManager', 'fieldValidation', 'container', 'sinceTime'];
  const found: Record<string, unknown> = {};
  for (const name of texts) {
    const value = query.get(name);
    if (value !== null && value !== '') found[name] = value;
  }
  for (const [name, most] of [['limit', 1_000_000], ['timeoutSeconds', mostSeconds]] as const) {
    const value = Number(query.get(name) ?? '');
    if (Number.isInteger(value) && value > 0) found[name] = Math.min(value, most);
  }
  if (['1', 'true'].includes(query.get('allowWatchBookmarks') ?? '')) found['allowWatchBookmarks'] = true;
  const initial = query.get('sendInitialEvents');
  if (initial !== null && initial !== '') found['sendInitialEvents'] = ['1', 'true'].includes(initial);
  if (query.get('force') !== null && query.get('force') !== '') found['force'] = ['1', 'true'].includes(query.get('force')!);
  for (const name of ['previous', 'timestamps', 'follow']) if (['1', 'true'].includes(query.get(name) ?? '')) found[name] = true;
  for (const name of ['tailLines', 'sinceSeconds', 'limitBytes']) if (/^-?\d{1,9}$/.test(query.get(name) ?? '')) found[name] = Number(query.get(name));
  if (query.get('dryRun') === 'All') found['dryRun'] = 'All';
  return found as ApiQuery;
}
