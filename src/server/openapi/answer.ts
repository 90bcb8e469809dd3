/** How an OpenAPI document goes out: as JSON, the older one as protobuf too, with its hash, so that clients need not fetch it twice. Models kube-openapi/pkg/handler3/handler.go: HandleGroupVersion. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { openApiDocument, type OpenApiText } from './documents.ts';
import { swaggerBytes, type Swagger } from './protobuf.ts';

const yearSeconds = 31_536_000;

/** Whether a client takes JSON; Go's clients ask for protobuf alone where they read the older document. */
const takesJson = (accept: string): boolean => accept === '' || accept.split(',').some((range) => ['application/json', '*/*', 'application/*'].includes(range.split(';')[0]!.trim()));

/** The first is no media type, strictly speaking, and asked for all the same. */
const protobuf = /application\/com\.github\.proto-openapi\.spec\.v2[@.]v1\.0\+protobuf/;
const encoded = new WeakMap<OpenApiText, Uint8Array>();

function bytesOf(document: OpenApiText): Uint8Array {
  let bytes = encoded.get(document);
  if (bytes === undefined) encoded.set(document, bytes = swaggerBytes(JSON.parse(document.text) as Swagger));
  return bytes;
}

/** Answers, or says that it cannot: `undefined` where it has, else the code of the refusal. */
export function answerOpenApi(url: URL, all: DiscoveryDocument, { headers }: IncomingMessage, response: ServerResponse): 404 | 406 | undefined {
  const found = openApiDocument(url.pathname, all);
  if (found === undefined) return 404;
  // kubectl asks for this one about what the server cannot check for it, and about kinds that are not in the others.
  const binary = url.pathname === '/openapi/v2' && protobuf.test(headers.accept ?? '');
  if (!takesJson(headers.accept ?? '') && !binary) return 406;
  const asked = url.searchParams.get('hash');
  if (asked !== null && asked !== found.hash) {
    response.writeHead(301, { location: `${url.pathname}?hash=${found.hash}` }).end();
    return undefined;
  }
  const etag = `"${binary ? 'P' : ''}${found.hash}"`;
  const caching = asked === null ? { 'cache-control': 'no-cache, private' } : { 'cache-control': `public, immutable, max-age=${yearSeconds}` };
  if (headers['if-none-match'] === etag) response.writeHead(304, { etag, ...caching }).end();
  else if (binary) response.writeHead(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf', vary: 'Accept', etag, ...caching }).end(bytesOf(found));
  else response.writeHead(200, { 'content-type': 'application/json', vary: 'Accept', etag, ...caching }).end(found.text);
  return undefined;
}
