import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';
import type { RaftAppend, TxnRequest, RangeRequest, WatchRequest } from '../../kubernetes/protocols/etcd.ts';
import type { HttpResponse } from '../../kubernetes/protocols/http.ts';
import { frames } from '../../kubernetes/protocols/streaming.ts';
import type { WebhookResponse } from '../../kubernetes/protocols/webhook.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';
import type { MessageRow } from '../port/rows.ts';
import { httpLabel, isAnswered } from './http-words.ts';
import { letsPass, webhookLabel } from './webhook-words.ts';
import { podOfCall } from './cri-pods.ts';

const httpVerbs: Readonly<Record<string, string>> = { get: 'GET', list: 'GET', watch: 'WATCH', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE', discover: 'GET', connect: 'GET' };

/** An object is posted to its collection. */
const isPlainCreate = (request: ApiRequest): boolean => request.verb === 'create' && request.subresource === undefined;

/** The path of an API request as it would stand in the HTTP request line. */
export function requestPath(request: ApiRequest): string {
  if (request.verb === 'discover') return '/apis';
  const root = request.group === '' ? `/api/${request.version}` : `/apis/${request.group}/${request.version}`;
  const space = request.namespace === undefined || request.namespace === '' ? '' : `/namespaces/${request.namespace}`;
  return `${root}${space}/${request.resource}${request.name === undefined || request.name === '' || isPlainCreate(request) ? '' : `/${request.name}`}${request.subresource === undefined ? '' : `/${request.subresource}`}`;
}

export const requestVerb = (request: ApiRequest): string => httpVerbs[request.verb] ?? request.verb.toUpperCase();

export const codeOf = (record: MessageRecord): number => (record.type === 'api.response' ? (record.body as ApiResponse).code : 0);

export const objectName = (object: KubeObject | Status): string => (object.kind === 'Status' ? 'Status' : `${object.kind}/${(object as KubeObject).metadata?.name ?? ''}`);

const fromContainer: ReadonlySet<string> = new Set([frames.opened, frames.stdout, frames.stderr, frames.status]);

function kindOf(record: MessageRecord): MessageRow['kind'] {
  const protocol = record.type.slice(0, record.type.indexOf('.'));
  if (protocol === 'watch' || protocol === 'etcd' || protocol === 'raft' || protocol === 'cri' || protocol === 'cni') return protocol;
  if (protocol === 'connect') return fromContainer.has(record.type) ? 'response' : 'request';
  return record.kind === 'response' || record.kind === 'failure' || record.kind === 'close' ? 'response' : 'request';
}

/** raft's own names, with how many entries go along. */
function raftLabel({ type, body }: MessageRecord): string {
  const name = type.slice(5);
  const count = name === 'MsgApp' ? (body as RaftAppend).entries.length : 0;
  return count === 0 ? name : `${name} ${count === 1 ? '1 entry' : `${count} entries`}`;
}

function etcdLabel(record: MessageRecord): string {
  const name = record.type.slice(5);
  if (name === 'Txn') {
    const { success } = record.body as TxnRequest;
    const first = success[0];
    return first === undefined ? 'Txn' : `Txn ${first.op} ${first.key}`;
  }
  if (name === 'Range') return `Range ${(record.body as RangeRequest).key}`;
  if (name === 'Watch') return `Watch ${(record.body as WatchRequest).key}`;
  return name;
}

/** A few words for the box beside the moving sign; lists and paths are cut by the page where there is no room. */
export function messageLabel(record: MessageRecord): string {
  if (record.reason !== undefined) return record.reason;
  const { type, body } = record;
  if (type === 'api.response') return String((body as ApiResponse).code);
  if (type.startsWith('watch.')) return `${type.slice(6).toUpperCase()} ${objectName((body as WatchFrame).object)}`;
  if (type.startsWith('api.')) {
    const request = body as ApiRequest;
    const target = [request.resource, request.name, request.subresource].filter((part) => part !== undefined && part !== '').join('/');
    return `${requestVerb(request)} ${request.verb === 'discover' ? '/apis' : `…/${target}`}`;
  }
  if (type.startsWith('webhook.')) return webhookLabel(type, body);
  if (type.startsWith('http.')) return httpLabel(type, body);
  if (type.startsWith('etcd.')) return etcdLabel(record);
  if (type.startsWith('raft.')) return raftLabel(record);
  return type.slice(type.indexOf('.') + 1);
}

/** Finds the record of that id: an answer is judged by what it answers. */
export type FindRecord = (id: number) => TraceRecord | undefined;

/**
 * Does the answer say that it went well? Whatever is no answer does. That there is no such object is what somebody who only asked
 * wanted to know, and a conflict is how optimistic concurrency says “look again”: neither is a failure.
 */
export function isOk(record: MessageRecord, find: FindRecord): boolean {
  if (record.kind === 'failure' || (record.kind === 'close' && record.reason !== 'closed')) return false;
  if (record.type.endsWith('.Error') || record.type === 'watch.error') return false;
  if (record.type === 'webhook.Response') return letsPass(record.body as WebhookResponse);
  if (record.type === 'http.Response') return isAnswered(record.body as HttpResponse);
  const code = codeOf(record);
  if (code < 400) return true;
  if (code === 404) {
    const asked = find(record.conversation);
    return asked?.what === 'message' && asked.type === 'api.get';
  }
  return code === 409 && ((record.body as ApiResponse).body as Status).reason === 'Conflict';
}

/** Beside the moving sign a call of the runtime names the Pod it is for. */
function rowLabel(record: MessageRecord, find: FindRecord): string {
  const pod = record.kind === 'request' && record.type.startsWith('cri.') && record.reason === undefined ? podOfCall(record, find) : undefined;
  return pod === undefined ? messageLabel(record) : `${messageLabel(record)} pod/${pod}`;
}

export function messageRow(record: MessageRecord, lost: boolean, find: FindRecord): MessageRow {
  return {
    id: record.id, from: record.from, to: record.to, kind: kindOf(record), label: rowLabel(record, find), sentAtUs: record.sentAtUs, arrivesAtUs: record.arrivesAtUs,
    background: record.background, lost, ok: isOk(record, find),
  };
}
