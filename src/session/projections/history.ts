import type { EtcdState } from '../../cluster/etcd/etcd-state.ts';
import { served } from '../../cluster/kube-apiserver/served.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { LeaseGrantRequest, LeaseGrantResponse, TxnOp, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';
import type { ProcessView, World } from '../../simulation/world.ts';
import type { HistoryAnswer, HistoryQuery, RevisionView } from '../port/history.ts';
import { fieldChanges } from './field-changes.ts';
import { requestPath, requestVerb } from './message-rows.ts';
import { asker } from './story.ts';

const mostTold = 200;

/** A write of one key: the transaction, or what else made etcd do it. */
export interface KeyWrite { readonly revision: number; readonly recordId: number; readonly atUs: number; readonly value: KubeObject | undefined }

/** The key under which kube-apiserver keeps an object, or undefined where it serves no such kind. */
export function storageKey({ apiVersion, kind, namespace, name }: Omit<HistoryQuery, 'type' | 'open'>): string | undefined {
  const found = served.find(({ info }) => info.kind === kind && (info.group === '' ? info.version : `${info.group}/${info.version}`) === apiVersion);
  return found && `${found.prefix}${namespace === '' ? '' : `${namespace}/`}${name}`;
}

const writeOf = (request: TxnRequest, key: string): TxnOp | undefined => request.success.find((op) => op.op !== 'range' && op.key === key);

/** etcd's members: whatever runs that program. */
export const etcdMembers = (world: World): readonly ProcessView[] => world.processes().filter(({ program }) => program === 'etcd');

/** What one member knows, or has left on its disk. */
export const storeOf = ({ snapshot, disk }: ProcessView): EtcdState['store'] | undefined => ((snapshot?.state ?? disk) as Pick<EtcdState, 'store'> | undefined)?.store;

/** What etcd knows: what the member knows that has applied most. */
export function etcdStore(world: World): EtcdState['store'] | undefined {
  let newest: EtcdState['store'] | undefined;
  for (const store of etcdMembers(world).map(storeOf)) if (store !== undefined && (newest === undefined || store.revision > newest.revision)) newest = store;
  return newest;
}

/**
 * Every write of a key since the world began, oldest first. The trace has them all, also those that etcd has compacted away. Writes whose asker had gone
 * before they were answered are found in etcd's own log, and so is what the end of a lease deleted that a restarted etcd counted anew.
 */
export function writesOf(world: World, key: string): readonly KeyWrite[] {
  const asked = new Map<number, { readonly record: MessageRecord; readonly op: TxnOp }>();
  const writes: KeyWrite[] = [];
  const leaseEnds = new Map<number, TraceRecord>();
  const etcds = new Set(etcdMembers(world).map(({ address }) => address));
  const leases = new Map<number, number>();
  let lease = 0;
  let revision = 0;
  for (const record of world.recordsBetween(0)) {
    if (record.what === 'timer' && record.name === 'lease' && etcds.has(record.address)) {
      leaseEnds.set(revision, record);
      if (lease === 0 || leases.get(lease) !== record.atUs || writes.at(-1)?.value === undefined) continue;
      writes.push({ revision: revision += 1, recordId: record.id, atUs: record.atUs, value: undefined });
    }
    if (record.what !== 'message') continue;
    if (record.type === 'etcd.LeaseGrantResponse') {
      const { id } = record.body as LeaseGrantResponse;
      const { ttlSeconds } = (world.record(record.conversation) as MessageRecord).body as LeaseGrantRequest;
      leases.set(id, record.atUs + ttlSeconds * 1_000_000);
    }
    if (record.type === 'etcd.Txn') {
      const op = writeOf(record.body as TxnRequest, key);
      if (op !== undefined) asked.set(record.id, { record, op });
    } else if (record.type === 'etcd.TxnResponse') {
      const answer = record.body as TxnResponse;
      if (answer.succeeded) revision = Math.max(revision, answer.revision);
      const found = asked.get(record.conversation);
      if (found === undefined || !answer.succeeded) continue;
      asked.delete(record.conversation);
      if (found.op.op === 'put' || answer.responses.some(({ deleted = 0 }) => deleted > 0)) writes.push({ revision: answer.revision, recordId: found.record.id, atUs: record.atUs, value: valueOf(found.op) });
      if (found.op.op === 'put') lease = found.op.lease ?? 0;
    }
  }
  const known = new Set(writes.map((write) => write.revision));
  for (const { kv } of etcdStore(world)?.log ?? []) {
    if (kv.key !== key || known.has(kv.modRevision)) continue;
    const unanswered = [...asked.values()].find(({ op }) => (op.op === 'put' ? op.value === kv.value : kv.value === undefined));
    const cause = unanswered?.record ?? leaseEnds.get(kv.modRevision - 1);
    writes.push({ revision: kv.modRevision, recordId: cause?.id ?? -1, atUs: unanswered?.record.arrivesAtUs ?? cause?.atUs ?? 0, value: kv.value as KubeObject | undefined });
  }
  return writes.sort((a, b) => a.revision - b.revision);
}

const valueOf = (op: TxnOp): KubeObject | undefined => (op.op === 'put' ? op.value as KubeObject : undefined);

const isCall = (record: TraceRecord): record is MessageRecord => record.what === 'message' && record.kind === 'request' && record.type.startsWith('api.');

/** The API request that led to a record, if one did. */
export function requestBehind(world: World, recordId: number): MessageRecord | undefined {
  for (let at = world.record(recordId); at !== undefined; at = world.record(at.causeId)) if (isCall(at)) return at;
  return undefined;
}

function revisionView(world: World, write: KeyWrite, before: KubeObject | undefined): RevisionView {
  const { revision, atUs, recordId, value } = write;
  // A lease was granted for somebody's request, but nobody asked for its end.
  const lease = world.record(recordId)?.what === 'timer';
  const behind = lease ? undefined : requestBehind(world, recordId);
  const request = behind?.body as ApiRequest | undefined;
  return {
    revision, atUs, what: value === undefined ? 'deleted' : before === undefined ? 'created' : 'changed', uid: (value ?? before)?.metadata.uid ?? '',
    writer: behind !== undefined ? asker(behind, request!) : lease ? 'etcd, as the lease ended' : 'kube-apiserver, of itself',
    request: request === undefined ? '' : `${requestVerb(request)} ${requestPath(request)}`, recordId: behind?.id ?? recordId,
    changes: value === undefined || before === undefined ? [] : fieldChanges(before, value),
  };
}

/** Answers with every stored revision of an object. Models what `etcdctl get --rev` would tell, before any compaction. */
export function historyAnswer(world: World, query: HistoryQuery): HistoryAnswer | { readonly type: 'nothing'; readonly text: string } {
  const key = storageKey(query);
  const writes = key === undefined ? [] : writesOf(world, key);
  if (writes.length === 0) return { type: 'nothing', text: `etcd has never held ${query.kind} ${query.name}.` };
  const first = Math.max(0, writes.length - mostTold);
  const revisions: RevisionView[] = [];
  for (let i = writes.length - 1; i >= first; i -= 1) revisions.push(revisionView(world, writes[i]!, writes[i - 1]?.value));
  const at = writes.findIndex(({ revision }) => revision === query.open);
  return {
    type: 'history', revisions, older: first, compactedRevision: etcdStore(world)?.compactRevision ?? 0,
    ...(at >= 0 && { open: { revision: query.open!, before: writes[at - 1]?.value, after: writes[at]!.value } }),
  };
}
