/** The served cluster's HTTP: the Kubernetes API, its health, and the control of the world itself. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ApiRequest, DiscoveryDocument } from '../kubernetes/protocols/api.ts';
import { reviewResources, type Status } from '../kubernetes/api/index.ts';
import type { SessionCommand } from '../session/commands/index.ts';
import type { Reply } from '../session/port/protocol.ts';
import type { MadeCertificate } from './certificate.ts';
import { askerOf, type Asker } from './credentials.ts';
import { discoveryDocument } from './discovery-documents.ts';
import { mostRequestsInFlight, refusedAtTheDoor } from './door.ts';
import { duplicatesInJson, readYaml } from './duplicate-fields.ts';
import { followLog, isFollowed } from './follow-log.ts';
import { answerHealth, healthPath } from './health.ts';
import type { LiveSession } from './live-session.ts';
import { answerOpenApi } from './openapi/answer.ts';
import { pageSocket } from './page-socket.ts';
import { decodeProtobuf } from './protobuf/decode-object.ts';
import { isProxied, mayBeElsewhere, proxiedRequest, tellProxied, wholeRequest } from './proxied.ts';
import { represent, representFrame, wanted, type Wanted } from './representations.ts';
import { requestInfo } from './request-info.ts';
import { podUpgrades, refuse } from './streaming/upgrade.ts';
import type { WallTime } from './wall-time.ts';

/** Models genericapiserver's MaxRequestBodyBytes. */
const mostBytes = 3 * 1024 * 1024;
const furthestAdvanceMs = 24 * 3_600_000;
const version = { major: '1', minor: '36', gitVersion: 'v1.36.0', gitCommit: '', gitTreeState: 'clean', buildDate: '2026-04-22T00:00:00Z', goVersion: 'go1.26.0', compiler: 'gc', platform: 'linux/amd64' };

export interface HttpOptions {
  readonly tls?: MadeCertificate;
  /** Answers only to the names of this machine. */
  readonly loopbackOnly?: boolean;
  /** Takes who says nothing for nobody, instead of for the administrator. */
  readonly anonymous?: boolean;
  /** Tells the API in the wall's time, of a world that keeps step with it. */
  readonly wallTime?: WallTime;
  /** Files of the page, for what is no path of the API. */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;
}

export function createHttpServer(live: LiveSession, options: HttpOptions = {}): Server {
  let inFlight = 0;
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const refused = refusedAtTheDoor(request, options.loopbackOnly === true) ?? (inFlight < mostRequestsInFlight || isWatch(request) ? undefined : tooMany);
    if (refused !== undefined) return fail(response, new Refusal(refused.code, refused.reason, refused.message));
    if (!isWatch(request)) {
      inFlight += 1;
      response.once('close', () => { inFlight -= 1; });
    }
    if (options.page !== undefined && !apiPath.test(request.url ?? '/')) return void options.page(request, response).catch(() => response.destroy());
    answer(live, request, response, options).catch((error: unknown) => fail(response, error instanceof Refusal ? error : new Refusal(500, 'InternalError', `Internal error occurred: ${(error as Error).message}`)));
  };
  const server = options.tls === undefined ? createServer(take) : createTlsServer(options.tls, take);
  server.maxConnections = 1_000;
  // Who sends slowly is not waited for.
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  // Go's clients keep a quiet connection for 90 s: whoever closes it before them meets a request on its way. Models apiserver/pkg/server/secure_serving.go: IdleTimeout.
  server.keepAliveTimeout = 95_000;
  const pods = podUpgrades(live, server, options.loopbackOnly === true, options.anonymous === true);
  const page = options.page === undefined ? undefined : pageSocket(live, server, options.loopbackOnly === true);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (page?.(request, socket, head) === true) return;
    try {
      if (!pods(request, socket, head)) refuse(socket, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: notThere.message, reason: notThere.reason, code: notThere.code } as Status);
    } catch {
      // An address that is none.
      socket.destroy();
    }
  });
  return server;
}

const apiPath = /^\/(api|apis|openapi|version|healthz|livez|readyz|metrics|_orrery)([/?]|$)/;
/** Questions that are answered and kept nowhere have no columns. */
const isReview = ({ group, resource }: ApiRequest): boolean => reviewResources.some((one) => one.group === group && one.resource === resource);
const isWatch = ({ url = '' }: IncomingMessage): boolean => /[?&](watch|follow)=(1|true)(&|$)/.test(url);
const tooMany = { code: 429, reason: 'TooManyRequests', message: 'Too many requests, please try again later.' };

/** An answer that is no object: a Status with a code. */
class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    [this.code, this.reason] = [code, reason];
  }
}

const json = (response: ServerResponse, code: number, body: unknown, contentType = 'application/json'): void => {
  if (response.headersSent) return;
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-cache, private' });
  response.end(`${isPretty(response.req) ? JSON.stringify(body, null, 2) : JSON.stringify(body)}\n`);
};

/** Who reads with their eyes. Models endpoints/handlers/negotiation/negotiate.go: isPrettyPrint. */
const isPretty = ({ url = '', headers }: IncomingMessage): boolean => /[?&]pretty=(1|true|t)(&|$)/i.test(url) || (!/[?&]pretty=/.test(url) && /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? ''));

function fail(response: ServerResponse, { code, reason, message }: Refusal): void {
  if (response.headersSent) return void response.end();
  json(response, code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });
}

async function answer(live: LiveSession, request: IncomingMessage, response: ServerResponse, { anonymous = false, wallTime }: HttpOptions): Promise<void> {
  const url = urlOf(request.url ?? '/');
  const path = url.pathname;
  if (isProxied(path)) return carry(live, request, response, url, anonymous);
  const read = await readBody(request);
  let { body } = read;
  if (path.startsWith('/_orrery/')) return control(live, request.method ?? 'GET', path, body, response);
  if (healthPath.test(path)) return answerHealth(live, path, url.searchParams, response);
  if (path === '/version' || path === '/version/') return json(response, 200, version);
  if (wallTime !== undefined && /^\/apis?\//.test(path)) {
    body = wallTime.into(body);
    if (url.searchParams.has('sinceTime')) url.searchParams.set('sinceTime', wallTime.into(url.searchParams.get('sinceTime')!));
    const log = path.endsWith('/log');
    if (!log || /^(1|true)$/.test(url.searchParams.get('timestamps') ?? '')) wallTime.tellThrough(response, log);
  }
  const asker = askerOf(request, anonymous);
  const whole = { http: wholeRequest(request, path, url.search, read.bytes) };
  const info = requestInfo({ asker, method: request.method ?? 'GET', path, query: url.searchParams, contentType: request.headers['content-type'] ?? '', userAgent: request.headers['user-agent'] ?? '', body, duplicates: read.duplicates });
  if ('refused' in info) throw new Refusal(info.refused.code, info.refused.reason, info.refused.message);
  const form = wanted(request.headers.accept ?? '', url.searchParams);
  if ('path' in info) return document(live, url, form, { ...asker, ...whole }, request, response);
  if ((form.as === 'refused' && info.request.subresource !== 'log') || (form.as === 'Table' && isReview(info.request))) throw new Refusal(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
  if (isFollowed(info.request)) followLog(live, info.request, response, (status) => json(response, status.code ?? 500, status), (reply) => fail(response, ended(reply)));
  else if (info.request.verb === 'watch') watch(live, info.request, form, response);
  else send(live, mayBeElsewhere(path) ? { ...info.request, ...whole } : info.request, form, response);
}

/** To a Pod, a Service or a node. */
async function carry(live: LiveSession, request: IncomingMessage, response: ServerResponse, url: URL, anonymous: boolean): Promise<void> {
  const asked = proxiedRequest(request, url.pathname, url.search, await bytesOf(request), askerOf(request, anonymous));
  if (asked === undefined) throw new Refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  response.on('close', live.send(asked, (reply) => {
    if (reply.what !== 'response') return fail(response, ended(reply));
    const { code, body, http } = reply.response;
    return http === undefined ? json(response, code, body) : tellProxied(response, asked, http);
  }));
}

function urlOf(text: string): URL {
  try {
    // Only the path and the query count: `//host/path` names no other host here.
    const url = new URL(text.startsWith('/') ? `http://localhost${text}` : text, 'http://localhost');
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    throw new Refusal(400, 'BadRequest', 'the address of the request can not be read');
  }
}

const notThere = new Refusal(404, 'NotFound', 'the server could not find the requested resource');

/** Discovery and OpenAPI: made from what the API server itself says it serves. */
function document(live: LiveSession, url: URL, form: Wanted, asker: Asker & Pick<ApiRequest, 'http'>, request: IncomingMessage, response: ServerResponse): void {
  const path = url.pathname;
  const discover: ApiRequest = { verb: 'discover', group: '', version: '', resource: '', path, ...asker, userAgent: 'kubectl-proxy' };
  live.send(discover, (reply) => {
    if (reply.what !== 'response') return fail(response, ended(reply));
    if (reply.response.http !== undefined) return tellProxied(response, discover, reply.response.http);
    if (reply.response.code !== 200) return json(response, reply.response.code, reply.response.body);
    const all = reply.response.body as unknown as DiscoveryDocument;
    if (form.as === 'APIGroupDiscoveryList' && (path === '/api' || path === '/apis')) {
      const items = all.items.filter(({ metadata }) => (metadata.name === '') === (path === '/api'));
      return json(response, 200, { ...all, items: items.map(withoutSchemas) }, form.contentType);
    }
    if (path.startsWith('/openapi/')) {
      const refused = answerOpenApi(url, all, request, response);
      if (refused === undefined) return undefined;
      return fail(response, refused === 404 ? notThere : new Refusal(406, 'NotAcceptable', 'only the following media types are accepted: application/json'));
    }
    const found = /^\/apis?(\/|$)/.test(path) ? discoveryDocument(path, all, request.headers.host ?? '') : undefined;
    if (found === undefined) return fail(response, notThere);
    return json(response, 200, found);
  });
}

/** What only OpenAPI documents are made from is no part of discovery. */
const withoutSchemas = ({ metadata, versions }: DiscoveryDocument['items'][number]) =>
  ({ metadata, versions: versions.map(({ version, resources, freshness }) => ({ version, ...(freshness !== undefined && { freshness }), resources: resources.map(({ schema: _schema, selectable: _selectable, ...resource }) => resource) })) });

function send(live: LiveSession, request: ApiRequest, form: Wanted, response: ServerResponse): void {
  const hangUp = live.send(request, (reply, atUs) => {
    if (reply.what !== 'response') return fail(response, ended(reply));
    if (reply.response.http !== undefined) return tellProxied(response, request, reply.response.http);
    const { code, body, warnings, columns } = reply.response;
    for (const warning of warnings ?? []) response.appendHeader('warning', `299 - ${JSON.stringify(warning)}`);
    const retry = (body as { readonly details?: { readonly retryAfterSeconds?: number } }).details?.retryAfterSeconds;
    if (retry !== undefined) response.setHeader('retry-after', retry);
    if (request.subresource === 'log' && typeof body === 'string') return void response.writeHead(code, { 'content-type': 'text/plain' }).end(body);
    return json(response, code, represent(body, request.resource, form, atUs, columns));
  });
  response.on('close', hangUp);
}

/** A watch is one JSON document a line, until either end closes. */
function watch(live: LiveSession, request: ApiRequest, form: Wanted, response: ServerResponse): void {
  let first = true;
  const begin = (): void => { if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' }); };
  const hangUp = live.send(request, (reply, atUs) => {
    if (reply.what !== 'frame') return reply.what === 'ended' && reply.reason !== 'closed' && !response.headersSent ? fail(response, ended(reply)) : (begin(), void response.end());
    const type = reply.type.slice('watch.'.length).toUpperCase();
    const { object, columns } = reply;
    // What cannot be watched at all is answered; what can no longer be watched from there is a frame, as newErrWatcher makes it.
    const code = (object as { readonly code?: number }).code ?? 0;
    if (type === 'ERROR' && !response.headersSent && code < 410) return json(response, code, object);
    begin();
    response.write(`${JSON.stringify({ type, object: representFrame(object, request.resource, form, atUs, first, columns) })}\n`);
    first = false;
    return undefined;
  });
  // A client waits for the headers before it asks for anything else; by then a refusal would have come.
  setTimeout(() => { if (!response.writableEnded) { begin(); response.flushHeaders(); } }, 50);
  response.on('close', hangUp);
}

/** What Go's client reads when nobody answers. */
const ended = (reply: Reply): Refusal => new Refusal(503, 'ServiceUnavailable', `error trying to reach service: dial tcp: ${reply.what === 'ended' ? reply.reason : 'no answer'}`);

/** Beside the Kubernetes API: what a presenter does to the world itself. */
function control(live: LiveSession, method: string, path: string, body: unknown, response: ServerResponse): void {
  if (path === '/_orrery/time' && method === 'GET') return json(response, 200, live.state);
  if (path === '/_orrery/time' && method === 'POST') {
    const { advanceMs } = (body ?? {}) as { readonly advanceMs?: unknown };
    if (typeof advanceMs !== 'number' || !(advanceMs >= 0) || advanceMs > furthestAdvanceMs) throw new Refusal(400, 'BadRequest', `advanceMs must be a number of milliseconds from 0 to ${furthestAdvanceMs}`);
    live.advance(Math.round(advanceMs * 1_000));
    return json(response, 200, live.state);
  }
  if (path === '/_orrery/commands' && method === 'POST') {
    if (typeof (body as { type?: unknown } | undefined)?.type !== 'string') throw new Refusal(400, 'BadRequest', 'the body must be a session command: {"type": "power-off-node", "node": "worker-2"}');
    const problems = live.dispatch(body as SessionCommand);
    if (problems !== undefined) return json(response, 422, { problems });
    return json(response, 200, live.state);
  }
  throw new Refusal(404, 'NotFound', 'there is /_orrery/time (GET, POST) and /_orrery/commands (POST)');
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) throw new Refusal(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${mostBytes}`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The body as JSON; YAML where the client says that it is. */
async function readBody(request: IncomingMessage): Promise<{ readonly body: unknown; readonly bytes: Buffer; readonly duplicates: readonly string[] }> {
  const bytesRead = await bytesOf(request);
  if (bytesRead.length === 0) return { body: undefined, bytes: bytesRead, duplicates: [] };
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  try {
    if (type === 'application/vnd.kubernetes.protobuf') return { body: decodeProtobuf(bytesRead), bytes: bytesRead, duplicates: [] };
    const text = bytesRead.toString('utf8');
    return { bytes: bytesRead, ...(type === 'application/yaml' || type === 'application/apply-patch+yaml' ? readYaml(text) : { body: JSON.parse(text) as unknown, duplicates: duplicatesInJson(text) }) };
  } catch (error) {
    throw new Refusal(400, 'BadRequest', `the object provided is unrecognized (${type ?? 'no content type'}): ${(error as Error).message}`);
  }
}
