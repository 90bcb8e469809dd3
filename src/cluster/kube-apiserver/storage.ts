/** Calls to etcd, and objects as etcd holds them. Models staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { KeyValue, RangeRequest, TxnOp, TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import { request } from '../../simulation/process/effects.ts';
import type { Address, Failure } from '../../simulation/process/process.ts';
import type { ApiServerState, Call, Step } from './state.ts';

/** etcd gives up on a write after 7 s, and says so; who hears nothing at all waits a little longer. */
const etcdTimeoutUs = 15_000_000;

/** The member to be asked next: those that answer take turns. */
export function memberOf({ etcd, etcdDown, nextId }: ApiServerState): Address {
  if (etcd.length === 1) return etcd[0]!;
  const up = etcdDown.length === 0 || etcdDown.length === etcd.length ? etcd : etcd.filter((member) => !etcdDown.includes(member));
  return up[nextId % up.length]!;
}

/** Calls etcd, and remembers what to do with the answer. */
export function callEtcd(step: Step, call: Call, method: string, body: unknown, workUs = 100, background?: boolean, member = memberOf(step.state)): void {
  const id = `etcd/${step.state.nextId}`;
  step.state = { ...step.state, nextId: step.state.nextId + 1, calls: step.state.calls.set(id, method === 'Range' ? { ...call, range: body as RangeRequest } : call) };
  const message = background === undefined ? { type: `etcd.${method}`, body } : { type: `etcd.${method}`, body, background };
  step.effects.push(request(id, member, message, { workUs, timeoutUs: etcdTimeoutUs }));
}

export const rangeKey = (step: Step, call: Call, key: string): void => callEtcd(step, call, 'Range', { key } satisfies RangeRequest);

/** Writes if the key is still at this revision (0: not there); else reads what is there now. */
export function compareAndWrite(step: Step, call: Call, key: string, modRevision: number, write: TxnOp, workUs: number): void {
  const body: TxnRequest = { compare: [{ key, target: 'mod', equals: modRevision }], success: [write], failure: modRevision === 0 ? [] : [{ op: 'range', key }] };
  callEtcd(step, call, 'Txn', body, workUs);
}

/** Takes the call that an answer belongs to. */
export function takeCall(step: Step, id: string): Call | undefined {
  const call = step.state.calls.get(id);
  if (call !== undefined) step.state = { ...step.state, calls: step.state.calls.delete(id) };
  return call;
}

/**
 * One decoded object per stored value, so that the answer, the cache and all watchers share it. They come within milliseconds of each other,
 * so the latest few thousand are remembered, in two generations; a weak map of all there ever were would cost each garbage collection its time.
 */
let decoded = new Map<object, KubeObject>();
let decodedBefore = new Map<object, KubeObject>();
const generation = 1_000;

/** A stored value as clients see it: with its revision. etcd holds it without, since the revision comes from the write. */
export function withRevision(value: unknown, revision: number): KubeObject {
  const stored = value as KubeObject;
  const text = String(revision);
  const known = decoded.get(stored) ?? decodedBefore.get(stored);
  if (known !== undefined && known.metadata.resourceVersion === text) return known;
  const object: KubeObject = { ...stored, metadata: { ...stored.metadata, resourceVersion: text } };
  if (decoded.size >= generation) {
    decodedBefore = decoded;
    decoded = new Map();
  }
  decoded.set(stored, object);
  return object;
}

export const decode = (kv: KeyValue): KubeObject => withRevision(kv.value, kv.modRevision);

/** What goes to etcd: everything but the revision, and no fields that are only there as undefined. */
export function toStored(object: KubeObject): KubeObject {
  const given = object.metadata as unknown as Readonly<Record<string, unknown>>;
  const metadata: Record<string, unknown> = {};
  for (const key in given) {
    const value = given[key];
    // Lists that have become empty are left out (`omitempty`): the owners of what was orphaned, finalizers that are done.
    if (key !== 'resourceVersion' && value !== undefined && !((key === 'ownerReferences' || key === 'finalizers') && (value as readonly unknown[]).length === 0)) metadata[key] = value;
  }
  return { ...object, metadata: metadata as unknown as KubeObject['metadata'] };
}

export const revisionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? 0);

/** What a client is told when etcd did not answer. Errors of the gRPC client pass through unconverted, as a 500 without reason. */
export function etcdFailure(failure: Failure): Status {
  const message = failure.reason === 'timed out'
    ? 'context deadline exceeded'
    : `rpc error: code = Unavailable desc = ${failure.reason === 'connection refused' || failure.reason === 'no route to host'
      ? `connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: ${failure.reason}"`
      : 'error reading from server: EOF'}`;
  return unknownError(message);
}

/** 500 with an error's own text and no reason, as ErrorToAPIStatus makes of any error it does not know. */
export const unknownError = (message: string): Status => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
