import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse } from '../../kubernetes/protocols/api.ts';
import type { TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';
import type { World } from '../../simulation/world.ts';
import type { ExchangeAnswer, ExchangeQuery, Half } from '../port/exchange.ts';
import { fieldChanges } from './field-changes.ts';
import { requestBehind, writesOf } from './history.ts';
import { isOk, messageLabel, requestPath, requestVerb } from './message-rows.ts';

/** Models net/http: StatusText, for what this API server answers. */
const statusTexts: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone',
  415: 'Unsupported Media Type', 422: 'Unprocessable Entity', 429: 'Too Many Requests', 500: 'Internal Server Error', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

/** A request beside its answer, whichever of the two was asked for. */
export function exchangeAnswer(world: World, { recordId }: ExchangeQuery): ExchangeAnswer | { readonly type: 'nothing'; readonly text: string } {
  const asked = world.record(recordId);
  const request = asked?.what === 'message' ? world.record(asked.conversation) : undefined;
  if (request?.what !== 'message' || (request.kind !== 'request' && request.kind !== 'open')) return { type: 'nothing', text: 'This is no part of an exchange.' };
  const response = answerOf(world, request);
  const untilUs = world.waitedForUntilUs(request.id);
  const stored = storedBy(world, request);
  return {
    type: 'exchange', request: half(world, request), ...(asked?.what === 'message' && asked.kind === 'data' && { frame: half(world, asked) }), ...(response !== undefined && { response: half(world, response), latencyUs: response.arrivesAtUs - request.sentAtUs }),
    state: stateOf(world, request, response), ...(untilUs !== undefined && { waiter: { address: request.from, untilUs } }), ...(stored !== undefined && { stored }),
  };
}

function answerOf(world: World, request: MessageRecord): MessageRecord | undefined {
  for (let id = request.id + 1; id < world.recorded; id += 1) {
    const record = world.record(id)!;
    if (record.what === 'message' && record.conversation === request.id && (request.kind === 'request' || record.kind === 'close')) return record;
  }
  return undefined;
}

function stateOf(world: World, request: MessageRecord, response: MessageRecord | undefined): ExchangeAnswer['state'] {
  if (request.kind === 'open') return world.isOpenStream(request.id) && response === undefined ? 'open' : 'closed';
  if (response !== undefined) return response.kind === 'failure' ? 'failed' : 'answered';
  if (request.arrivesAtUs > world.nowUs) return 'under way';
  return world.waitedForUntilUs(request.id) === undefined ? 'failed' : 'waited for';
}

/** The write of the request itself, found by the transaction that it led to. */
function storedBy(world: World, request: MessageRecord): ExchangeAnswer['stored'] {
  if (!request.type.startsWith('api.') || ['api.get', 'api.list', 'api.watch'].includes(request.type)) return undefined;
  const transaction = transactionOf(world, request);
  const op = transaction && (transaction.body as TxnRequest).success.find((one) => one.op !== 'range');
  if (transaction === undefined || op === undefined) return undefined;
  const writes = writesOf(world, op.key);
  const at = writes.findIndex((write) => write.recordId === transaction.id);
  if (at < 0) return undefined;
  const before: KubeObject | undefined = writes[at - 1]?.value;
  const { value, revision } = writes[at]!;
  return { revision, recordId: transaction.id, changes: before === undefined || value === undefined ? [] : fieldChanges(before, value) };
}

function transactionOf(world: World, request: MessageRecord): MessageRecord | undefined {
  const answer = answerOf(world, request);
  let found: MessageRecord | undefined;
  for (let id = request.id + 1; id < (answer?.id ?? world.recorded); id += 1) {
    const record: TraceRecord = world.record(id)!;
    // Of several tries the last one counts: those before it met a conflict.
    if (record.what === 'message' && record.type === 'etcd.Txn' && requestBehind(world, id)?.id === request.id) found = record;
  }
  return found;
}

function half(world: World, record: MessageRecord): Half {
  const { id, sentAtUs, arrivesAtUs, type, body } = record;
  const ok = isOk(record, (other) => world.record(other));
  const shared = { recordId: id, sentAtUs, arrivesAtUs, ok };
  if (type === 'api.response') return { ...shared, ...responseParts(body as ApiResponse) };
  if (type.startsWith('api.')) return { ...shared, ...requestParts(body as ApiRequest) };
  return { ...shared, line: messageLabel(record), headers: [], resourceVersion: '', body };
}

const versionOf = (body: unknown): string => (body as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion ?? '';

/** Models client-go/rest/request.go: URL and the headers that a client sets; the user is what the server makes of its certificate or token. */
function requestParts(request: ApiRequest): Pick<Half, 'line' | 'headers' | 'resourceVersion' | 'body'> {
  const { query = {}, body, userAgent, user, patchType, verb } = request;
  const shown = Object.entries({ ...query, ...(verb === 'watch' && { watch: true }) }).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${String(value)}`);
  return {
    line: `${verb === 'watch' ? 'GET' : requestVerb(request)} ${requestPath(request)}${shown.length === 0 ? '' : `?${shown.join('&')}`}`,
    headers: [['User-Agent', userAgent], ...(body === undefined ? [] : [['Content-Type', patchType ?? 'application/json'] as const]), ['(authenticated as)', user]],
    resourceVersion: versionOf(body) || (query.resourceVersion ?? ''), ...(body !== undefined && { body }),
  };
}

const responseParts = ({ code, body, warnings = [] }: ApiResponse): Pick<Half, 'line' | 'headers' | 'resourceVersion' | 'body'> =>
  ({ line: `${code} ${statusTexts[code] ?? ''}`.trim(), headers: warnings.map((text) => ['Warning', text] as const), resourceVersion: versionOf(body), body });
