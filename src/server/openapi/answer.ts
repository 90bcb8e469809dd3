/** How an OpenAPI document goes out: as JSON alone, with its hash, so that clients need not fetch it twice. Models kube-openapi/pkg/handler3/handler.go: HandleGroupVersion. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { openApiDocument } from './documents.ts';

const yearSeconds = 31_536_000;

/** Whether a client takes JSON; Go's older clients ask for protobuf alone, and go on without the document where it is refused. */
const takesJson = (accept: string): boolean => accept === '' || accept.split(',').some((range) => ['application/json', '*/*', 'application/*'].includes(range.split(';')[0]!.trim()));

/** gnostic's openapi_v2.Document with nothing but its head: `swagger` (field 1) and `info` with title and version (field 2). */
const emptyProtobuf = ((): Buffer => {
  const text = (field: number, value: Buffer | string): Buffer => Buffer.concat([Buffer.from([(field << 3) | 2, Buffer.byteLength(value)]), Buffer.from(value)]);
  return Buffer.concat([text(1, '2.0'), text(2, Buffer.concat([text(1, 'Kubernetes'), text(2, 'v1.36.0')]))]);
})();

/** Answers, or says that it cannot: `undefined` where it has, else the code of the refusal. */
export function answerOpenApi(url: URL, all: DiscoveryDocument, { headers }: IncomingMessage, response: ServerResponse): 404 | 406 | undefined {
  const found = openApiDocument(url.pathname, all);
  if (found === undefined) return 404;
  if (!takesJson(headers.accept ?? '')) {
    // kubectl asks for this document about kinds that are not in the others, and without it would not come to say that there are none; in one without
    // definitions it finds nothing to check by, and leaves that to the server.
    if (url.pathname !== '/openapi/v2' || !(headers.accept ?? '').includes('proto-openapi.spec.v2')) return 406;
    response.writeHead(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf', vary: 'Accept', 'cache-control': 'no-cache, private' }).end(emptyProtobuf);
    return undefined;
  }
  const asked = url.searchParams.get('hash');
  if (asked !== null && asked !== found.hash) {
    response.writeHead(301, { location: `${url.pathname}?hash=${found.hash}` }).end();
    return undefined;
  }
  const etag = `"${found.hash}"`;
  const caching = asked === null ? { 'cache-control': 'no-cache, private' } : { 'cache-control': `public, immutable, max-age=${yearSeconds}` };
  if (headers['if-none-match'] === etag) response.writeHead(304, { etag, ...caching }).end();
  else response.writeHead(200, { 'content-type': 'application/json', vary: 'Accept', etag, ...caching }).end(found.text);
  return undefined;
}
