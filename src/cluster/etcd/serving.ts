/** What etcd answers while it serves: plain functions of what it knows and the event. Models server/etcdserver/v3_server.go. A member alone writes at once; among others raft decides. */
import type { CompactRequest, EtcdError, LeaseGrantRequest, RangeRequest, TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import { closeStream, respond, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, Message, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { EtcdState } from './etcd-state.ts';
import { leaseTimer } from './raft/applying.ts';
import { beginFollowing, inTurn, proposeLeaseEnd } from './raft/member.ts';
import { takeWrite } from './raft/proposing.ts';
import { isAlone } from './raft/raft-state.ts';
import { readLinearizably } from './raft/read-index.ts';
import { compact, grantLease, range, revokeLease, txn } from './store.ts';
import { notifyWatchers, openWatch, progressTimer, refuseWatch } from './watching.ts';

const recoveryUs = 20_000;
const readUs = 200;
const fsyncUs = 1_000;
const fsyncSpreadUs = 1_000;

const none: readonly Effect[] = [];
const answer = (type: string, body: unknown): Message => ({ type, body });
const refuse = (event: ProcessEvent, message: string, workUs = readUs): readonly Effect[] =>
  [respond(event.id, answer('etcd.Error', { message } satisfies EtcdError), workUs)];

/** Writes join the batch that is on its way to the disk: each waits for its own fsync, none overtakes an earlier one. */
function fsync(state: EtcdState, env: Env): number {
  return Math.max(env.nowUs + fsyncUs + env.random('fsync', fsyncSpreadUs), state.durableAtUs);
}

/** Reading the log back takes a moment; until then nobody is served. */
export function readLog(state: EtcdState, { env: { self } }: ProcessEvent): Outcome<EtcdState> {
  const peers = state.raft.members.filter((member) => member !== self);
  return [{ ...state, raft: { ...state.raft, self, peers } }, [setTimer('log-read', recoveryUs)]];
}

/** A member alone elects itself at once, and watches the leases again with their full time; one among others waits to hear of a leader. */
export function beginServing(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) {
    const [next, effects] = beginFollowing(state, event);
    return [next, [progressTimer, ...effects]];
  }
  const { self, term } = state.raft;
  const effects: Effect[] = [progressTimer];
  for (const lease of state.store.leases.values()) effects.push(leaseTimer(lease.id, lease.ttlSeconds));
  return [{ ...state, raft: { ...state.raft, role: 'leader', lead: self, term: term + 1, vote: self } }, effects];
}

export function refuseForNow(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (event.kind === 'request') return [state, refuse(event, 'etcdserver: no leader', 0)];
  if (event.kind === 'stream-open') return [state, [closeStream(event.id, 'connection refused')]];
  return [state, none];
}

/** A member that reads its log takes no part yet: what others say goes nowhere. */
export const hearNobody = (state: EtcdState, event: ProcessEvent): Outcome<EtcdState> =>
  [state, event.kind === 'request' ? [respond(event.id, answer('raft.NoContent', {}))] : none];

const readAmongOthers = inTurn(readLinearizably);
const writeAmongOthers = (method: 'Txn' | 'LeaseGrant' | 'Compact') => inTurn((turn, event) => takeWrite(turn, { method, body: event.body as never }, event));
const txnAmongOthers = writeAmongOthers('Txn');
const grantAmongOthers = writeAmongOthers('LeaseGrant');
const compactAmongOthers = writeAmongOthers('Compact');

export function answerRange(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) return readAmongOthers(state, event);
  const result = range(state.store, event.body as RangeRequest);
  if (typeof result === 'string') return [state, refuse(event, result)];
  return [state, [respond(event.id, answer('etcd.RangeResponse', result), readUs + result.kvs.length)]];
}

export function answerTxn(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) return txnAmongOthers(state, event);
  const result = txn(state.store, event.body as TxnRequest);
  if (typeof result === 'string') return [state, refuse(event, result)];
  if (result.store === state.store) return [state, [respond(event.id, answer('etcd.TxnResponse', result.response), readUs)]];
  const durableAtUs = fsync(state, event.env);
  const workUs = durableAtUs - event.env.nowUs;
  const effects: Effect[] = [respond(event.id, answer('etcd.TxnResponse', result.response), workUs)];
  notifyWatchers(state, result.store, workUs, effects);
  return [{ ...state, store: result.store, durableAtUs }, effects];
}

export function answerLeaseGrant(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) return grantAmongOthers(state, event);
  const { ttlSeconds } = event.body as LeaseGrantRequest;
  const { store, lease } = grantLease(state.store, ttlSeconds);
  const durableAtUs = fsync(state, event.env);
  return [{ ...state, store, durableAtUs }, [
    respond(event.id, answer('etcd.LeaseGrantResponse', { id: lease.id, revision: store.revision }), durableAtUs - event.env.nowUs),
    leaseTimer(lease.id, ttlSeconds),
  ]];
}

export function answerCompact(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) return compactAmongOthers(state, event);
  const result = compact(state.store, (event.body as CompactRequest).revision);
  if (typeof result === 'string') return [state, refuse(event, result)];
  return [{ ...state, store: result }, [respond(event.id, answer('etcd.CompactResponse', { revision: result.revision }), readUs)]];
}

export function endLease(state: EtcdState, event: ProcessEvent): Outcome<EtcdState> {
  if (!isAlone(state.raft)) return proposeLeaseEnd(state, event);
  const store = revokeLease(state.store, event.body as number);
  const effects: Effect[] = [];
  const durableAtUs = fsync(state, event.env);
  notifyWatchers(state, store, durableAtUs - event.env.nowUs, effects);
  return [{ ...state, store, durableAtUs }, effects];
}

/** A client that asks for a leader gets no watch where there is none. Models api/v3rpc/interceptor.go: newStreamInterceptor. */
export const beginWatch = (state: EtcdState, event: ProcessEvent): Outcome<EtcdState> =>
  (state.raft.lead === '' ? [state, refuseWatch(event.id, 'etcdserver: no leader')] : openWatch(state, event));
