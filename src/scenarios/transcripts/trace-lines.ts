/** Records of the trace as lines a reader of Kubernetes understands: `@12.007s kube-scheduler -> kube-apiserver api.create pods/web/binding`. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';
import type { RaftAppend, RaftAppendResponse, RaftReadIndexResponse, RaftSnapshot, RaftVote, RaftVoteResponse, RangeRequest, TxnRequest, TxnResponse, WatchRequest, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import type { Address } from '../../simulation/process/process.ts';
import type { MessageRecord, TraceRecord, WorldInput } from '../../simulation/recording/records.ts';

/** Programs of which a cluster has one: their name says where they are. */
const only = new Set(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl']);

/** `kube-scheduler`, but `worker-1/kubelet`. */
export function shortAddress(address: Address): string {
  const slash = address.indexOf('/');
  const program = address.slice(slash + 1);
  return only.has(program) && /^(control-plane-1|outside)$/.test(address.slice(0, slash)) ? program : address;
}

/** Virtual time in seconds with three decimals, signed where it lies before the beginning. */
export function timeLabel(us: number): string {
  const ms = Math.round(Math.abs(us) / 1_000);
  return `@${us < 0 && ms > 0 ? '-' : ''}${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}s`;
}

/** The moment at which a record is shown: a message when it leaves. */
export const shownAtUs = (record: TraceRecord): number => (record.what === 'message' ? record.sentAtUs : record.atUs);

/** One record in one line, without its time. */
export function recordLine(record: TraceRecord): string {
  switch (record.what) {
    case 'message': return `${shortAddress(record.from)} -> ${shortAddress(record.to)} ${record.type}${spaced(messageSubject(record))}`;
    case 'timer': return `${shortAddress(record.address)} timer ${record.name}`;
    case 'note': return `${shortAddress(record.address)} -- ${record.note.name}: ${record.note.text}`;
    case 'input': return inputLine(record.input);
    case 'started': case 'ended': return `${shortAddress(record.address)} ${record.what}${record.how === '' ? '' : ` (${record.how})`}`;
  }
}

const spaced = (text: string): string => (text === '' ? '' : ` ${text}`);

/** What was done to the world, in words. */
export function inputLine(input: WorldInput): string {
  switch (input.type) {
    case 'tell': return `you tell ${shortAddress(input.to)}: ${input.event}`;
    case 'stop-process': return `${input.crash === true ? 'crash' : 'stop'} ${shortAddress(input.address)}`;
    case 'start-process': return `start ${shortAddress(input.address)}`;
    case 'change-link': return `change link ${input.from} > ${input.to}`;
    case 'add-process': return `add ${input.process.address}`;
    default: return `${input.type} ${input.host}`;
  }
}

/** What a message is about, in the words of its protocol. */
export function messageSubject(record: MessageRecord): string {
  const body = record.body as never;
  if (record.kind === 'failure' || record.kind === 'close') return record.reason ?? '';
  const dot = record.type.indexOf('.');
  switch (record.type.slice(0, dot)) {
    case 'api': return record.type === 'api.response' ? apiAnswer(body) : apiAsk(body);
    case 'watch': return objectName((body as WatchFrame).object);
    case 'raft': return raftSubject(record.type.slice(dot + 1), body);
    case 'etcd': return etcdSubject(record.type.slice(dot + 1), body);
    case 'cri': case 'cni': return runtimeSubject(body);
    default: return '';
  }
}

const place = (namespace: string | undefined): string => (namespace === undefined || namespace === '' || namespace === 'default' ? '' : `${namespace}/`);

function apiAsk({ verb, resource, namespace, name, subresource, body, query }: ApiRequest): string {
  const made = (body as KubeObject | undefined)?.metadata as { name?: string; generateName?: string } | undefined;
  const named = name ?? (verb === 'create' ? made?.name ?? (made?.generateName === undefined ? undefined : `${made.generateName}*`) : undefined);
  const selector = query?.fieldSelector ?? query?.labelSelector;
  return `${resource}${named === undefined ? '' : `/${place(namespace)}${named}`}${subresource === undefined ? '' : `/${subresource}`}${selector === undefined || selector === '' ? '' : ` ${selector}`}`;
}

function apiAnswer({ code, body }: ApiResponse): string {
  const status = body as Status;
  if (status?.kind === 'Status') return `${code}${code < 400 ? '' : ` ${status.reason ?? ''}: ${status.message ?? ''}`}`;
  return `${code}${spaced(objectName(body as KubeObject))}`;
}

/** `Pod/web`, with its namespace where that is not the default one. */
function objectName(object: KubeObject | Status | undefined): string {
  if (object === undefined || object === null) return '';
  if (object.kind === 'Status') return (object as Status).message ?? '';
  const { name, namespace } = (object as KubeObject).metadata ?? {};
  return name === undefined ? object.kind : `${object.kind}/${place(namespace)}${name}`;
}

function raftSubject(method: string, body: unknown): string {
  switch (method) {
    case 'MsgPreVote': case 'MsgVote': return `term ${(body as RaftVote).term}, log up to ${(body as RaftVote).index}`;
    case 'MsgPreVoteResp': case 'MsgVoteResp': return (body as RaftVoteResponse).reject ? 'no' : 'yes';
    case 'MsgApp': return `${(body as RaftAppend).entries.length} after ${(body as RaftAppend).index}, committed ${(body as RaftAppend).commit}`;
    case 'MsgAppResp': return `${(body as RaftAppendResponse).reject ? 'not ' : ''}up to ${(body as RaftAppendResponse).index}`;
    case 'MsgSnap': return `up to ${(body as RaftSnapshot).index}`;
    case 'MsgReadIndexResp': return `${(body as RaftReadIndexResponse).index}`;
    default: return '';
  }
}

function etcdSubject(method: string, body: unknown): string {
  switch (method) {
    case 'Range': case 'Watch': return `${(body as RangeRequest).key}${(body as WatchRequest).rangeEnd === undefined ? '' : '*'}`;
    case 'Txn': return (body as TxnRequest).success.map((op) => `${op.op} ${op.key}`).join(', ');
    case 'TxnResponse': return (body as TxnResponse).succeeded ? 'succeeded' : 'compare failed';
    case 'WatchResponse': return (body as WatchResponse).events.map((event) => `${event.type} ${event.kv.key}`).join(', ') || 'progress';
    case 'Error': return (body as { message: string }).message;
    default: return '';
  }
}

interface RuntimeBody { readonly metadata?: { readonly namespace: string; readonly name: string }; readonly config?: { readonly name: string }; readonly podName?: string; readonly podNamespace?: string; readonly image?: string; readonly ip?: string; readonly message?: string }

function runtimeSubject(body: RuntimeBody | undefined): string {
  if (body?.metadata !== undefined) return `${place(body.metadata.namespace)}${body.metadata.name}`;
  if (body?.podName !== undefined) return `${place(body.podNamespace)}${body.podName}`;
  return body?.config?.name ?? body?.image ?? body?.ip ?? body?.message ?? '';
}

/** Whether a record is about the object `name` (all whose name begins so, if it ends in `*`) of this resource and kind. */
export function isAbout(record: TraceRecord, { resource, kind, namespace, name }: { readonly resource: string; readonly kind: string; readonly namespace: string; readonly name: string }): boolean {
  const names = (found: string | undefined): boolean => found !== undefined && (name.endsWith('*') ? found.startsWith(name.slice(0, -1)) : found === name);
  const isObject = (object: unknown): boolean => {
    const { kind: found, metadata } = (object ?? {}) as Partial<KubeObject>;
    return found === kind && names(metadata?.name) && (metadata?.namespace ?? '') === namespace;
  };
  const isKey = (key: string): boolean => key.includes(`/${resource === 'nodes' ? 'minions' : resource}/`) && (namespace === '' || key.includes(`/${namespace}/`)) && names(key.slice(key.lastIndexOf('/') + 1));
  if (record.what === 'note') return new RegExp(`(^|[^\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\*$/, '')}${name.endsWith('*') ? '' : '($|[^\\w-])'}`).test(record.note.text);
  if (record.what !== 'message' || typeof record.body !== 'object' || record.body === null) return false;
  const body = record.body as ApiRequest & ApiResponse & WatchFrame & TxnRequest & WatchResponse & RuntimeBody;
  if (record.type === 'api.response') return isObject(body.body);
  if (record.type.startsWith('api.')) return body.resource === resource && (names(body.name) || (body.name === undefined && isObject({ kind, ...(body.body as object | undefined) })));
  if (record.type.startsWith('watch.')) return isObject(body.object);
  if (record.type === 'etcd.Txn') return body.success.some((op) => isKey(op.key));
  if (record.type === 'etcd.WatchResponse') return body.events.some((event) => isKey(event.kv.key));
  return resource === 'pods' && (names(body.metadata?.name) || names(body.podName));
}
