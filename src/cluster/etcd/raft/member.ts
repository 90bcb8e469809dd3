/** A member among others: what each event means to it. Models go.etcd.io/raft raft.go: Step, and the loop around it in server/etcdserver/raft.go. */
import type { RaftAppendResponse, RaftHeartbeat, RaftHeartbeatResponse, RaftReadIndex, RaftReadIndexResponse } from '../../../kubernetes/protocols/etcd.ts';
import { clearTimer, setTimer } from '../../../simulation/process/effects.ts';
import type { Effect, Failure, Outcome, ProcessEvent } from '../../../simulation/process/process.ts';
import type { EtcdState } from '../etcd-state.ts';
import { refuseWatch } from '../watching.ts';
import { answerVote, askWhoWouldVote, countVote, sendHeartbeats } from './election.ts';
import { becomeFollower, electionTicks, hearLeader, tickUs } from './following.ts';
import { giveUpWrites, submit, submitBlocked, takeProposal } from './proposing.ts';
import { answerReads, confirm, confirmEarly, failRound, retryRead, takeConfirmation, takeReadIndex } from './read-index.ts';
import { forgetInflight, refuseAppend, setProgress, takeAppend, takeAppendAnswer, takeHeartbeatCommit, takeSnapshot, tell } from './replication.ts';
import { answerRaft, newId, type Turn } from './turn.ts';

/** Watches are told after three election time-outs without a leader. */
const noLeaderUs = 3 * electionTicks * tickUs;

/** Makes an action out of a piece of work: afterwards what waited for a leader, or for what is applied, goes on. */
export const inTurn = (work: (turn: Turn, event: ProcessEvent) => void) => (state: EtcdState, event: ProcessEvent): Outcome<EtcdState> => {
  const effects: Effect[] = [];
  const turn: Turn = { state, effects, env: event.env };
  work(turn, event);
  followLeadership(turn, state.raft.lead);
  confirmEarly(turn);
  answerReads(turn);
  return [turn.state, effects];
};

function followLeadership(turn: Turn, before: string): void {
  const { lead } = turn.state.raft;
  if (lead === before) return;
  if (lead === '') {
    turn.effects.push(setTimer('no-leader', noLeaderUs, { background: true }));
    return;
  }
  turn.state = { ...turn.state, electedUs: turn.env.nowUs };
  turn.effects.push(clearTimer('no-leader'));
  if (turn.state.waiting.round?.index === undefined) failRound(turn, 'etcdserver: leader changed');
  submitBlocked(turn);
}

export const beginFollowing = inTurn((turn) => {
  becomeFollower(turn, turn.state.raft.term, '');
  turn.effects.push(setTimer('no-leader', noLeaderUs, { background: true }));
});

export const standForElection = inTurn(askWhoWouldVote);
export const beat = inTurn(sendHeartbeats);
export const readAgain = inTurn(retryRead);
export const giveUp = inTurn(giveUpWrites);

/** Nobody has led for a while: watches end, so that clients dial a member that knows better. */
export const endWatches = inTurn((turn) => {
  for (const stream of [...turn.state.watchers.keys()].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))) turn.effects.push(...refuseWatch(stream, 'etcdserver: no leader'));
});

/** The leader says that a lease has ended; that its keys go is agreed upon like any write. */
export const proposeLeaseEnd = inTurn((turn, event) => {
  if (turn.state.raft.role === 'leader') submit(turn, { id: `${turn.state.raft.self}#${newId(turn)}`, operation: { method: 'LeaseRevoke', body: { id: event.body as number } }, background: turn.env.background ?? false });
});

export const loseMessage = inTurn((turn, event) => forgetInflight(turn, event.id, (event.body as Failure).to));

/** Takes a message of another member: a newer term is believed first, an older leader is told so. */
export const stepRaft = inTurn((turn, event) => {
  if (event.type === 'raft.MsgVote' || event.type === 'raft.MsgPreVote') return answerVote(turn, event);
  if (event.type === 'raft.MsgVoteResp' || event.type === 'raft.MsgPreVoteResp') return countVote(turn, event);
  if (event.type === 'raft.MsgProp') return takeProposal(turn, event);
  if (event.type === 'raft.NoContent') return forgetInflight(turn, event.id, event.from);
  if (event.type === 'raft.MsgReadIndex') return confirm(turn, (event.body as RaftReadIndex).context, event.id);
  if (event.type === 'raft.MsgReadIndexResp') return takeReadIndex(turn, event.body as RaftReadIndexResponse);
  const { term } = event.body as { readonly term: number };
  const fromLeader = event.kind === 'request';
  if (term > turn.state.raft.term) becomeFollower(turn, term, fromLeader ? event.from : '');
  if (fromLeader) return stepFollower(turn, event, term);
  if (event.type === 'raft.MsgHeartbeatResp') return takeHeartbeatAnswer(turn, event);
  if ((event.body as RaftAppendResponse).term === turn.state.raft.term) takeAppendAnswer(turn, event);
});

function stepFollower(turn: Turn, event: ProcessEvent, term: number): void {
  if (term < turn.state.raft.term) {
    if (event.type === 'raft.MsgHeartbeat') return answerRaft(turn, event.id, 'MsgHeartbeatResp', { term: turn.state.raft.term, context: '' } satisfies RaftHeartbeatResponse);
    return refuseAppend(turn, event.id);
  }
  hearLeader(turn, event.from);
  if (event.type === 'raft.MsgApp') return takeAppend(turn, event);
  if (event.type === 'raft.MsgSnap') return takeSnapshot(turn, event);
  const heartbeat = event.body as RaftHeartbeat;
  answerRaft(turn, event.id, 'MsgHeartbeatResp', { term, context: heartbeat.context } satisfies RaftHeartbeatResponse);
  takeHeartbeatCommit(turn, heartbeat);
}

function takeHeartbeatAnswer(turn: Turn, event: ProcessEvent): void {
  const { term, context } = event.body as RaftHeartbeatResponse;
  if (turn.state.raft.role !== 'leader' || term !== turn.state.raft.term) return;
  setProgress(turn, event.from, { active: true });
  if (context !== '') takeConfirmation(turn, event.from, context);
  tell(turn, event.from);
}
