/** Linearizable reads: the leader makes sure that it still leads, then whoever has applied so much may answer. Models raft read_only.go and server/etcdserver/v3_server.go: linearizableReadLoop. */
import type { RaftReadIndex, RaftReadIndexResponse, RangeRequest } from '../../../kubernetes/protocols/etcd.ts';
import { clearTimer, respond, setTimer } from '../../../simulation/process/effects.ts';
import type { Address, ProcessEvent } from '../../../simulation/process/process.ts';
import { range } from '../store.ts';
import { heartbeat } from './election.ts';
import { termAt } from './raft-log.ts';
import { quorumOf, type ReadRound, type WaitingRead } from './raft-state.ts';
import { answerError, answerRaft, newId, sendRaft, setRaft, type Turn } from './turn.ts';

const retryUs = 500_000;
/** etcd's request time-out: 5 s and two election time-outs. */
export const requestTimeoutUs = 7_000_000;
const readUs = 200;

const setRound = (turn: Turn, round: ReadRound | undefined): void => { turn.state = { ...turn.state, waiting: { ...turn.state.waiting, round } }; };

/** Takes a client's read: it joins the next round. */
export function readLinearizably(turn: Turn, event: ProcessEvent): void {
  const read: WaitingRead = { request: event.id, body: event.body, background: turn.env.background ?? false };
  turn.state = { ...turn.state, waiting: { ...turn.state.waiting, reads: [...turn.state.waiting.reads, read] } };
  if (turn.state.waiting.round === undefined) beginRound(turn);
}

function beginRound(turn: Turn): void {
  const { reads } = turn.state.waiting;
  if (reads.length === 0) {
    setRound(turn, undefined);
    turn.effects.push(clearTimer('read-index'));
    return;
  }
  const context = `${turn.state.raft.self}#${newId(turn)}`;
  turn.state = { ...turn.state, waiting: { ...turn.state.waiting, reads: [], round: { context, sinceUs: turn.env.nowUs, reads, index: undefined } } };
  ask(turn, context, reads.every(({ background }) => background));
}

function ask(turn: Turn, context: string, background: boolean): void {
  const { role, lead } = turn.state.raft;
  turn.effects.push(setTimer('read-index', retryUs, { background: true }));
  if (role === 'leader') confirm(turn, context, '');
  else if (lead !== '') sendRaft(turn, lead, 'MsgReadIndex', { context } satisfies RaftReadIndex, background);
}

/** No word from the leader: asks again, until the clients' patience is over. */
export function retryRead(turn: Turn): void {
  const { round } = turn.state.waiting;
  if (round === undefined) return;
  if (turn.env.nowUs - round.sinceUs >= requestTimeoutUs) return failRound(turn, 'etcdserver: request timed out');
  if (round.index === undefined) ask(turn, round.context, true);
  else turn.effects.push(setTimer('read-index', retryUs, { background: true }));
}

export function failRound(turn: Turn, message: string): void {
  const { round } = turn.state.waiting;
  if (round === undefined) return;
  for (const { request, background } of round.reads) answerError(turn, request, message, background);
  beginRound(turn);
}

export function takeReadIndex(turn: Turn, { context, index }: RaftReadIndexResponse): void {
  const { round } = turn.state.waiting;
  if (round === undefined || round.context !== context || round.index !== undefined) return;
  setRound(turn, { ...round, index });
  answerReads(turn);
}

/** Answers the reads of the round if enough is applied by now. */
export function answerReads(turn: Turn): void {
  const { waiting: { round }, store, raft } = turn.state;
  if (round?.index === undefined || raft.applied < round.index) return;
  for (const { request, body, background } of round.reads) {
    const result = range(store, body as RangeRequest);
    if (typeof result === 'string') answerError(turn, request, result, background);
    else turn.effects.push(respond(request, { type: 'etcd.RangeResponse', body: result, background }, readUs + result.kvs.length));
  }
  beginRound(turn);
}

// ---- at the leader

/** Asks all whether this member still leads; before the first entry of its term is committed it does not know what is. */
export function confirm(turn: Turn, context: string, asked: string): void {
  const { raft } = turn.state;
  if (raft.role !== 'leader') return;
  if (termAt(raft.log, raft.commit) !== raft.term) return setRaft(turn, { early: [...raft.early, { context, asked }] });
  setRaft(turn, { confirmations: [...raft.confirmations.filter((one) => one.context !== context), { context, asked, index: raft.commit, acks: [] }] });
  heartbeat(turn, context);
}

/** The first entry of the term is committed: what came too early is asked now. */
export function confirmEarly(turn: Turn): void {
  const { raft } = turn.state;
  if (raft.early.length === 0 || raft.role !== 'leader' || termAt(raft.log, raft.commit) !== raft.term) return;
  setRaft(turn, { early: [] });
  for (const { context, asked } of raft.early) confirm(turn, context, asked);
}

/** One more says that this member leads: with a majority the read, and all before it, may go. */
export function takeConfirmation(turn: Turn, from: Address, context: string): void {
  const { raft } = turn.state;
  const at = raft.confirmations.findIndex((one) => one.context === context);
  const one = raft.confirmations[at];
  if (one === undefined || one.acks.includes(from)) return;
  const acks = [...one.acks, from];
  if (acks.length + 1 < quorumOf(raft)) return setRaft(turn, { confirmations: raft.confirmations.map((each) => (each === one ? { ...one, acks } : each)) });
  setRaft(turn, { confirmations: raft.confirmations.slice(at + 1) });
  for (const each of raft.confirmations.slice(0, at + 1)) {
    const body: RaftReadIndexResponse = { context: each.context, index: each.index };
    if (each.asked === '') takeReadIndex(turn, body);
    else answerRaft(turn, each.asked, 'MsgReadIndexResp', body);
  }
}
