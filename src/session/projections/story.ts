import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';
import type { ConnectOptions } from '../../kubernetes/protocols/streaming.ts';
import type { CniRequest, CniResult } from '../../kubernetes/protocols/cni.ts';
import type { TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';
import type { LogLine } from '../port/protocol.ts';
import { httpSentence } from './http-words.ts';
import { isOk, messageLabel, type FindRecord, objectName, requestPath, requestVerb } from './message-rows.ts';
import { webhookSentence } from './webhook-words.ts';

/** `worker-1/kubelet` as people say it: control-plane programs by their name alone. */
export function spoken(address: string): string {
  const slash = address.indexOf('/');
  const host = address.slice(0, slash);
  const name = address.slice(slash + 1);
  return host.startsWith('control-plane') || host === 'outside' || name === 'load-balancer' ? (name === 'kubelet' || name === 'containerd' || name === 'kube-proxy' || name === 'cni' ? `${name} on ${host}` : name) : `${name} on ${host}`;
}

/** Who asks: the controller inside the controller-manager where the user agent tells. */
export function asker(record: MessageRecord, request: ApiRequest): string {
  const part = /[^/:]*$/.exec(request.userAgent)![0];
  return record.from.endsWith('/kube-controller-manager') && part !== '' && part !== 'kube-controller-manager' ? part : spoken(record.from);
}

const verbs: Readonly<Record<string, string>> = { create: 'creates', update: 'updates', patch: 'patches', delete: 'deletes', deletecollection: 'deletes all' };

function apiSentence(record: MessageRecord): string | undefined {
  const request = record.body as ApiRequest;
  if (request.verb === 'connect') return connectSentence(record, request);
  const verb = verbs[request.verb];
  if (verb === undefined) return undefined;
  const who = asker(record, request);
  const body = request.body as { metadata?: { name?: string; generateName?: string }; target?: { name?: string }; kind?: string; reason?: string; message?: string } | undefined;
  if (request.subresource === 'binding') return `${who} binds Pod ${request.name ?? body?.metadata?.name ?? ''} to ${body?.target?.name ?? 'a node'}`;
  if (request.subresource === 'token') return undefined;
  const name = request.name ?? body?.metadata?.name ?? (body?.metadata?.generateName === undefined ? '' : `${body.metadata.generateName}…`);
  const what = `${body?.kind ?? request.resource} ${name}`;
  return request.subresource === undefined ? `${who} ${verb} ${what}` : `${who} ${verb} the ${request.subresource} of ${request.resource}/${name}`;
}

function connectSentence(record: MessageRecord, { name = '', subresource, body }: ApiRequest): string {
  const { command = [], port = 0 } = (body ?? {}) as ConnectOptions;
  const who = spoken(record.from);
  if (subresource === 'portforward') return `${who} connects to port ${port} of Pod ${name}`;
  return subresource === 'attach' ? `${who} attaches to Pod ${name}` : `${who} runs ${command.join(' ')} in Pod ${name}`;
}

function watchSentence(record: MessageRecord): string | undefined {
  const { object } = record.body as WatchFrame;
  if (record.type === 'watch.bookmark') return undefined;
  if (object.kind === 'Event' || object.kind === 'Lease' || object.kind === 'ConfigMap') return undefined;
  const word = { 'watch.added': 'sees', 'watch.modified': 'sees a change of', 'watch.deleted': 'sees the end of' }[record.type];
  if (word === undefined) return `${spoken(record.to)} loses its watch: ${(object as Status).message ?? ''}`;
  return `${spoken(record.to)} ${word} ${objectName(object).replace('/', ' ')}`;
}

function runtimeSentence(record: MessageRecord): string | undefined {
  const method = record.type.slice(record.type.indexOf('.') + 1);
  if (record.type.startsWith('cni.')) {
    if (record.kind === 'response') return method === 'Result' && (record.body as CniResult).ip !== '' ? `${spoken(record.from)} answers with the address ${(record.body as CniResult).ip}` : undefined;
    return `${spoken(record.from)} has the CNI plugin ${method} the network of ${(record.body as CniRequest).podName}`;
  }
  if (record.kind !== 'request') return record.type === 'cri.Error' ? `${spoken(record.from)} fails: ${(record.body as { message: string }).message}` : undefined;
  const subject = record.body as { metadata?: { name: string }; image?: string; config?: { name: string } };
  const about = subject.metadata?.name ?? subject.config?.name ?? subject.image ?? '';
  return `${spoken(record.from)} asks containerd: ${method}${about === '' ? '' : ` ${about}`}`;
}

function etcdSentence(record: MessageRecord): string | undefined {
  if (record.type !== 'etcd.Txn') return undefined;
  const writes = (record.body as TxnRequest).success.filter((op) => op.op !== 'range');
  const [first] = writes;
  return first === undefined ? undefined : `etcd ${first.op === 'put' ? 'stores' : 'deletes'} ${first.key}`;
}

/** Between a load balancer and a server: the same is told between the client and the load balancer. */
const isSecondLeg = ({ from, to, kind }: MessageRecord): boolean => (kind === 'request' || kind === 'open' ? from : to).endsWith('/load-balancer');

/** A message in one sentence, or undefined where it says nothing that its neighbours do not. */
export function messageSentence(record: MessageRecord): string | undefined {
  if (record.reason !== undefined) return record.kind === 'close' && record.reason === 'closed' ? undefined : `${spoken(record.to)}: the connection to ${spoken(record.from)} fails, ${record.reason}`;
  if (isSecondLeg(record)) return undefined;
  if (record.type === 'api.response') {
    const { code, body } = record.body as ApiResponse;
    // That something is not there yet is how kubectl finds out that it has to be created.
    return code >= 400 && code !== 404 ? `kube-apiserver answers ${spoken(record.to)} with ${code}: ${(body as Status).message ?? ''}` : undefined;
  }
  if (record.type.startsWith('api.')) return apiSentence(record);
  if (record.type.startsWith('watch.')) return watchSentence(record);
  if (record.type.startsWith('etcd.')) return etcdSentence(record);
  if (record.type.startsWith('webhook.')) return webhookSentence(record.type, record.body, hostIn(record.type === 'webhook.Response' ? record.from : record.to));
  if (record.type.startsWith('http.')) return httpSentence(record.type, record.body, spoken(record.from), spoken(record.to));
  return record.type.startsWith('raft.') ? undefined : runtimeSentence(record);
}

const hostIn = (address: string): string => address.slice(0, address.indexOf('/'));

/** Any record in one sentence, for the inspector. */
export function sentence(record: TraceRecord): string {
  switch (record.what) {
    case 'message': return messageSentence(record) ?? plainSentence(record);
    case 'note': return `${spoken(record.address)}: ${record.note.text}`;
    case 'timer': return `${spoken(record.address)}: the timer “${record.name}” fires`;
    case 'input': return 'You act';
    case 'started': return `${spoken(record.address)} ${record.how === 'started' ? 'starts' : 'starts again'}`;
    case 'ended': return `${spoken(record.address)} ends (${record.how})`;
  }
}

function plainSentence(record: MessageRecord): string {
  if (isSecondLeg(record)) return `load-balancer passes on ${messageLabel(record)} between its client and kube-apiserver on ${hostIn(record.from.endsWith('/load-balancer') ? record.to : record.from)}`;
  if (record.type === 'api.response') return `kube-apiserver answers ${spoken(record.to)}: ${(record.body as ApiResponse).code}`;
  if (record.type.startsWith('api.')) return `${spoken(record.from)} asks for ${requestVerb(record.body as ApiRequest)} ${requestPath(record.body as ApiRequest)}`;
  return `${spoken(record.from)} → ${spoken(record.to)}: ${record.type}`;
}

/** The lines of the story, from records in order; background is no story. Commands and results are told by the session. */
export function storyLine(record: TraceRecord, find: FindRecord): LogLine | undefined {
  if (record.background || record.what === 'input' || record.what === 'timer') return undefined;
  const line = (kind: LogLine['kind'], text: string, atUs: number, ok = true): LogLine => ({ id: record.id, atUs, kind, text, recordId: record.id, ok });
  // The stages of a request that went through are told by the request itself; whoever asks finds them in its chain.
  if (record.what === 'note' && record.note.name === 'stages') return undefined;
  if (record.what === 'note') return line('note', sentence(record), record.atUs);
  if (record.what !== 'message') return line(record.what === 'ended' ? 'failure' : 'note', sentence(record), record.atUs, record.what === 'started');
  if (record.type === 'api.create' && (record.body as ApiRequest).resource === 'events') return eventLine(record, line);
  const text = messageSentence(record);
  if (text === undefined) return undefined;
  const ok = isOk(record, find);
  const protocol = record.type.slice(0, record.type.indexOf('.'));
  const kind: LogLine['kind'] = !ok ? 'failure' : protocol === 'watch' ? 'watch' : protocol === 'etcd' || protocol === 'raft' ? protocol : protocol === 'cri' || protocol === 'cni' ? 'cri' : record.kind === 'response' ? 'response' : 'request';
  return line(kind, text, protocol === 'watch' ? record.arrivesAtUs : record.sentAtUs, ok);
}

function eventLine(record: MessageRecord, line: (kind: LogLine['kind'], text: string, atUs: number, ok?: boolean) => LogLine): LogLine {
  // Clients from outside may send anything at all.
  const event = ((record.body as ApiRequest).body ?? {}) as KubeObject & { type?: string; reason?: string; message?: string; involvedObject?: { kind?: string; name?: string } };
  return line('event', `Event ${event.reason ?? ''} about ${event.involvedObject?.kind ?? ''} ${event.involvedObject?.name ?? ''}: ${event.message ?? ''}`, record.sentAtUs, event.type !== 'Warning');
}
