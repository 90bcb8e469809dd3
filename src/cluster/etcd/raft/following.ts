/** How a member becomes, and is, a follower. Models go.etcd.io/raft raft.go: becomeFollower, stepFollower. */
import { PMap } from '../../../simulation/collections/index.ts';
import { clearTimer, setTimer } from '../../../simulation/process/effects.ts';
import type { Address } from '../../../simulation/process/process.ts';
import { setRaft, type Turn } from './turn.ts';

/** etcd's --heartbeat-interval, and ten to twenty of them: its --election-timeout, randomized. */
export const tickUs = 100_000;
export const electionTicks = 10;

export const newElectionUs = (turn: Turn): number => (electionTicks + turn.env.random('election', electionTicks)) * tickUs;

export function restartElectionTimer(turn: Turn, electionUs: number): void {
  turn.effects.push(setTimer('election', electionUs, { background: true }));
}

export function becomeFollower(turn: Turn, term: number, lead: Address): void {
  const { raft } = turn.state;
  if (raft.role === 'leader') turn.effects.push(clearTimer('heartbeat'));
  const electionUs = newElectionUs(turn);
  setRaft(turn, {
    term, vote: term === raft.term ? raft.vote : '', role: 'follower', lead, votes: PMap(), progress: PMap(), confirmations: [], early: [], electionUs, heardUs: turn.env.nowUs,
  });
  restartElectionTimer(turn, electionUs);
}

/** The leader has been heard: no election for a while. */
export function hearLeader(turn: Turn, lead: Address): void {
  const { raft } = turn.state;
  if (raft.role !== 'follower') return becomeFollower(turn, raft.term, lead);
  setRaft(turn, { lead, heardUs: turn.env.nowUs });
  restartElectionTimer(turn, raft.electionUs);
}

/** While a leader is heard of, nobody's candidature is even looked at. */
export function hearsLeader(turn: Turn): boolean {
  const { lead, heardUs, role } = turn.state.raft;
  return lead !== '' && (role === 'leader' || turn.env.nowUs - heardUs < electionTicks * tickUs);
}
