/** Who leads. Models go.etcd.io/raft raft.go: campaign, poll, becomeLeader, with pre-vote and check-quorum as etcd sets them. */
import { PMap } from '../../../simulation/collections/index.ts';
import type { RaftHeartbeat, RaftVote, RaftVoteResponse } from '../../../kubernetes/protocols/etcd.ts';
import { clearTimer, setTimer } from '../../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../../simulation/process/process.ts';
import { leaseTimer } from './applying.ts';
import { becomeFollower, electionTicks, hearsLeader, newElectionUs, restartElectionTimer, tickUs } from './following.ts';
import { isUpToDate, lastIndex, lastTerm } from './raft-log.ts';
import { quorumOf, type Progress } from './raft-state.ts';
import { propose, setProgress } from './replication.ts';
import { answerRaft, fsync, remark, sendRaft, setRaft, type Turn } from './turn.ts';

const hostOf = (address: string): string => address.slice(0, address.indexOf('/'));

/** Nobody leads, as far as this member knows: would the others vote for it? Terms stay as they are, so one who is cut off disturbs nobody. */
export function askWhoWouldVote(turn: Turn): void {
  const { raft } = turn.state;
  const again = raft.role === 'preCandidate';
  standFor(turn, 'preCandidate', raft.term, raft.vote);
  remark(turn, `${hostOf(raft.self)} hears of no leader at term ${raft.term} and asks who would vote for it`, again);
  askAll(turn, 'MsgPreVote', raft.term + 1, again, 0);
}

function campaign(turn: Turn): void {
  const { self, term } = turn.state.raft;
  standFor(turn, 'candidate', term + 1, self);
  remark(turn, `${hostOf(self)} became candidate at term ${term + 1}`);
  askAll(turn, 'MsgVote', term + 1, false, fsync(turn));
}

function standFor(turn: Turn, role: 'preCandidate' | 'candidate', term: number, vote: string): void {
  const electionUs = newElectionUs(turn);
  const { self } = turn.state.raft;
  setRaft(turn, { role, term, vote, lead: '', votes: (PMap() as PMap<string, boolean>).set(self, true), electionUs });
  restartElectionTimer(turn, electionUs);
}

function askAll(turn: Turn, type: string, term: number, background: boolean, workUs: number): void {
  const { log, peers } = turn.state.raft;
  const body: RaftVote = { term, index: lastIndex(log), logTerm: lastTerm(log) };
  for (const peer of peers) sendRaft(turn, peer, type, body, background, workUs);
}

/** Would this member vote for that one, or does it? */
export function answerVote(turn: Turn, event: ProcessEvent): void {
  const ask = event.body as RaftVote;
  const before = event.type === 'raft.MsgPreVote';
  const answer = (term: number, reject: boolean, workUs = 0): void =>
    answerRaft(turn, event.id, before ? 'MsgPreVoteResp' : 'MsgVoteResp', { term, reject } satisfies RaftVoteResponse, workUs);
  if (ask.term < turn.state.raft.term || (ask.term > turn.state.raft.term && hearsLeader(turn))) return answer(turn.state.raft.term, true);
  if (!before && ask.term > turn.state.raft.term) becomeFollower(turn, ask.term, '');
  const { vote, lead, term, log } = turn.state.raft;
  const free = vote === event.from || (vote === '' && lead === '') || (before && ask.term > term);
  if (!free || !isUpToDate(log, ask.index, ask.logTerm)) return answer(term, true);
  if (before) return answer(ask.term, false);
  setRaft(turn, { vote: event.from });
  restartElectionTimer(turn, turn.state.raft.electionUs);
  answer(term, false, fsync(turn));
}

export function countVote(turn: Turn, event: ProcessEvent): void {
  const { term, reject } = event.body as RaftVoteResponse;
  const { raft } = turn.state;
  const before = event.type === 'raft.MsgPreVoteResp';
  if (reject && term > raft.term) return becomeFollower(turn, term, '');
  if (raft.role !== (before ? 'preCandidate' : 'candidate') || (reject ? term < raft.term : term !== raft.term + (before ? 1 : 0))) return;
  const votes = raft.votes.set(event.from, !reject);
  setRaft(turn, { votes });
  let granted = 0;
  votes.forEach((yes) => { if (yes) granted += 1; });
  if (granted >= quorumOf(raft)) {
    if (before) campaign(turn);
    else becomeLeader(turn);
  } else if (votes.size - granted >= quorumOf(raft)) becomeFollower(turn, raft.term, '');
}

/** The first entry of its term tells the others, and commits what earlier leaders left behind. */
export function becomeLeader(turn: Turn): void {
  const { raft } = turn.state;
  const next = lastIndex(raft.log) + 1;
  const fresh: Progress = { match: 0, next, told: 0, inflight: '', active: true };
  setRaft(turn, { role: 'leader', lead: raft.self, votes: PMap(), progress: PMap(raft.peers.map((peer) => [peer, fresh] as const)), ticks: 0, confirmations: [], early: [] });
  turn.effects.push(clearTimer('election'), heartbeatTimer);
  remark(turn, `${hostOf(raft.self)} became leader at term ${raft.term}`);
  propose(turn, { id: '', background: false });
  watchLeases(turn);
}

/** A new leader gives each lease its full time again, as the clocks of members are strangers to each other. */
export function watchLeases(turn: Turn): void {
  for (const lease of turn.state.store.leases.values()) turn.effects.push(leaseTimer(lease.id, lease.ttlSeconds));
}

const heartbeatTimer = setTimer('heartbeat', tickUs, { background: true });

export function sendHeartbeats(turn: Turn): void {
  const { raft } = turn.state;
  if (raft.role !== 'leader') return;
  if (raft.ticks + 1 >= electionTicks) {
    let active = 1;
    raft.progress.forEach((peer) => { if (peer.active) active += 1; });
    if (active < quorumOf(raft)) {
      remark(turn, `${hostOf(raft.self)} stepped down to follower since quorum is not active`);
      return becomeFollower(turn, raft.term, '');
    }
    for (const peer of raft.peers) setProgress(turn, peer, { active: false });
  }
  setRaft(turn, { ticks: (raft.ticks + 1) % electionTicks });
  turn.effects.push(heartbeatTimer);
  heartbeat(turn, '');
}

export function heartbeat(turn: Turn, context: string): void {
  const { raft } = turn.state;
  for (const peer of raft.peers) {
    const body: RaftHeartbeat = { term: raft.term, commit: Math.min(raft.progress.get(peer)?.match ?? 0, raft.commit), context };
    sendRaft(turn, peer, 'MsgHeartbeat', body, context === '' ? true : undefined);
  }
}
