/** A client's write on its way through raft, at the member that was dialled. Models server/etcdserver/v3_server.go: processInternalRaftRequestOnce. */
import type { RaftOperation, RaftProposal } from '../../../kubernetes/protocols/etcd.ts';
import { setTimer } from '../../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../../simulation/process/process.ts';
import { electionTicks, tickUs } from './following.ts';
import type { WaitingWrite } from './raft-state.ts';
import { requestTimeoutUs } from './read-index.ts';
import { propose } from './replication.ts';
import { answerError, answerRaft, newId, sendRaft, type Turn } from './turn.ts';

/** Takes a client's write: its answer comes when this member applies it. */
export function takeWrite(turn: Turn, operation: RaftOperation, event: ProcessEvent): void {
  const id = `${turn.state.raft.self}#${newId(turn)}.${turn.env.eventId}`;
  const { waiting } = turn.state;
  if (waiting.writes.size === 0) turn.effects.push(setTimer('give-up', requestTimeoutUs, { background: true }));
  turn.state = { ...turn.state, waiting: { ...waiting, writes: waiting.writes.set(id, { request: event.id, sinceUs: turn.env.nowUs }) } };
  submit(turn, { id, operation, background: turn.env.background ?? false });
}

/** The leader appends it; the others hand it to the leader, or wait until there is one. */
export function submit(turn: Turn, proposal: RaftProposal): void {
  const { role, lead } = turn.state.raft;
  if (role === 'leader') propose(turn, proposal);
  else if (lead !== '') sendRaft(turn, lead, 'MsgProp', proposal, proposal.background);
  else turn.state = { ...turn.state, waiting: { ...turn.state.waiting, blocked: [...turn.state.waiting.blocked, proposal] } };
}

/** Another member hands on what its client wants. */
export function takeProposal(turn: Turn, event: ProcessEvent): void {
  answerRaft(turn, event.id, 'NoContent', {});
  const { role, lead } = turn.state.raft;
  if (role === 'leader' || lead !== '') submit(turn, event.body as RaftProposal);
}

export function submitBlocked(turn: Turn): void {
  const { blocked } = turn.state.waiting;
  turn.state = { ...turn.state, waiting: { ...turn.state.waiting, blocked: [] } };
  for (const proposal of blocked) submit(turn, proposal);
}

/** The client's patience with a write is over; whether it will still be applied nobody can say. */
export function giveUpWrites(turn: Turn): void {
  const { waiting, electedUs } = turn.state;
  const late: (readonly [string, WaitingWrite])[] = [];
  let oldestUs = Infinity;
  waiting.writes.forEach((write, id) => {
    if (write.sinceUs + requestTimeoutUs <= turn.env.nowUs) late.push([id, write]);
    else oldestUs = Math.min(oldestUs, write.sinceUs);
  });
  late.sort(([, a], [, b]) => a.sinceUs - b.sinceUs || Number(a.request.slice(1)) - Number(b.request.slice(1)));
  let { writes } = waiting;
  for (const [id, { request, sinceUs }] of late) {
    writes = writes.delete(id);
    const leaderFailed = sinceUs > electedUs - 2 * electionTicks * tickUs && sinceUs < electedUs;
    answerError(turn, request, `etcdserver: request timed out${leaderFailed ? ', possibly due to previous leader failure' : ''}`, false);
  }
  const gone = new Set(late.map(([id]) => id));
  turn.state = { ...turn.state, waiting: { ...waiting, writes, blocked: waiting.blocked.filter(({ id }) => !gone.has(id)) } };
  if (oldestUs !== Infinity) turn.effects.push(setTimer('give-up', oldestUs + requestTimeoutUs - turn.env.nowUs, { background: true }));
}
