/** HTTP that the API server carries on to a Pod, a Service or a node: from a client's request to a message, and back. Models net/http/httputil/reverseproxy.go and apimachinery/pkg/util/proxy/transport.go. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { servedResources } from '../kubernetes/api/index.ts';
import type { ApiRequest, ApiVerb } from '../kubernetes/protocols/api.ts';
import type { HttpAnswer } from '../kubernetes/protocols/http.ts';
import type { Asker } from './credentials.ts';
import { rewriteHtml, rewriteUrl } from './proxied-links.ts';

const proxyPath = /^(\/api\/v1\/(?:namespaces\/([^/]+)\/(pods|services)|(nodes))\/([^/]+)\/proxy)(\/.*)?$/;
const verbs: { readonly [method: string]: ApiVerb } = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete', OPTIONS: 'options' };

/** Headers of one connection, and who the client said it is: they end here. */
const ownHeaders = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'authorization', 'content-length']);

export const isProxied = (path: string): boolean => proxyPath.test(path);

/** The request as it enters the world; undefined for a method that is not carried. */
export function proxiedRequest(request: IncomingMessage, path: string, query: string, body: Buffer, asker: Asker): ApiRequest | undefined {
  const [, at = '', namespace, resource, nodes, name = '', rest = ''] = proxyPath.exec(path)!;
  const method = request.method ?? 'GET';
  const verb = verbs[method];
  if (verb === undefined) return undefined;
  const headers = carriedHeaders(request, body);
  headers['x-forwarded-uri'] = `${at}${rest === '' ? '/' : rest}`;
  return {
    verb, group: '', version: 'v1', resource: resource ?? nodes!, subresource: 'proxy', name: decodeURIComponent(name), ...(namespace !== undefined && { namespace: decodeURIComponent(namespace) }),
    ...asker, userAgent: request.headers['user-agent'] ?? '', http: { method, at, path: `${rest}${query}`, headers, body: body.toString('latin1') },
  };
}

/** Whether another server may answer at a path: its group is none of the API server's own. */
export const mayBeElsewhere = (path: string): boolean => {
  const group = /^\/apis\/([^/]+)\/[^/]+/.exec(path)?.[1];
  return group !== undefined && !ownGroups.has(group);
};
const ownGroups = new Set(servedResources.map(({ group }) => group));

/** The request as it came, for a server that answers for its group. */
export const wholeRequest = (request: IncomingMessage, path: string, query: string, body: Buffer): NonNullable<ApiRequest['http']> =>
  ({ method: request.method ?? 'GET', at: '', path: `${path}${query}`, headers: carriedHeaders(request, body), body: body.toString('latin1') });

function carriedHeaders(request: IncomingMessage, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(request.headers)) {
    if (value !== undefined && !ownHeaders.has(header) && !header.startsWith('impersonate-')) headers[header] = Array.isArray(value) ? value.join(', ') : value;
  }
  if (body.length > 0) headers['content-length'] = String(body.length);
  headers['x-forwarded-for'] = [headers['x-forwarded-for'] ?? [], (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')].flat().join(', ');
  return headers;
}

/** Tells the client what the other end answered, with links that lead through the API server. */
export function tellProxied(response: ServerResponse, { http }: ApiRequest, { code, headers, body }: HttpAnswer): void {
  const { at } = http!;
  const host = http!.headers['host'] ?? '';
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].split(';')[0]!.trim();
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const isPage = type === 'text/html' && location === undefined && http!.method !== 'HEAD' && !headers.some(([name]) => name.toLowerCase() === 'content-encoding');
  const told = isPage ? rewriteHtml(body, (url) => rewriteUrl(url, at, host)) : body;
  const kept = headers.filter(([name]) => !ownHeaders.has(name.toLowerCase()) && !/^access-control-/i.test(name))
    .map(([name, value]) => [name, name.toLowerCase() === 'location' ? rewriteUrl(value, at, host) : value] as const);
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  response.writeHead(code, [...kept.flat(), 'cache-control', 'no-cache, private', 'content-length', http!.method === 'HEAD' ? length ?? '0' : String(told.length)] as string[]);
  response.end(Buffer.from(told, 'latin1'));
}
