/** How the leader's log reaches the others, and when an entry is committed. Models go.etcd.io/raft raft.go: sendAppend, stepLeader, maybeCommit, handleAppendEntries. */
import type { RaftAppend, RaftAppendResponse, RaftEntry, RaftHeartbeat, RaftProposal, RaftSnapshot } from '../../../kubernetes/protocols/etcd.ts';
import type { Address, ProcessEvent } from '../../../simulation/process/process.ts';
import type { Store } from '../store.ts';
import { catchUpWatchers } from '../watching.ts';
import { applyCommitted } from './applying.ts';
import { agreesUpTo, append, emptyLog, entriesFrom, lastIndex, merge, termAt } from './raft-log.ts';
import { quorumOf, type Progress } from './raft-state.ts';
import { answerRaft, fsync, sendRaft, setRaft, type Turn } from './turn.ts';

const mostEntries = 512;
const snapshotUs = 20_000;

export function setProgress(turn: Turn, peer: Address, change: Partial<Progress>): void {
  const { progress } = turn.state.raft;
  const known = progress.get(peer);
  if (known !== undefined) setRaft(turn, { progress: progress.set(peer, { ...known, ...change }) });
}

/** Only a leader may: puts something at the end of its log and sends it to all. */
export function propose(turn: Turn, { id, operation, background }: Omit<RaftProposal, 'operation'> & Partial<Pick<RaftProposal, 'operation'>>): void {
  const { log, term } = turn.state.raft;
  const entry: RaftEntry = { index: lastIndex(log) + 1, term, id, ...(operation === undefined ? {} : { operation }), background };
  setRaft(turn, { log: append(log, entry) });
  tellAll(turn);
}

export function tellAll(turn: Turn): void { for (const peer of turn.state.raft.peers) tell(turn, peer); }

/** Sends one of the others what it lacks, if anything, and if nothing is on its way to it. */
export function tell(turn: Turn, peer: Address): void {
  const { log, commit, progress, term } = turn.state.raft;
  const known = progress.get(peer);
  if (known === undefined || known.inflight !== '' || (known.next > lastIndex(log) && known.told >= commit)) return;
  const index = known.next - 1;
  const logTerm = termAt(log, index);
  if (logTerm === undefined) return sendSnapshot(turn, peer);
  const entries = entriesFrom(log, known.next, mostEntries);
  const news = entries.some(({ background }) => !background) || entriesFrom(log, Math.max(known.told, log.offset) + 1, Math.min(mostEntries, commit - known.told)).some(({ background }) => !background);
  const inflight = sendRaft(turn, peer, 'MsgApp', { term, index, logTerm, entries, commit } satisfies RaftAppend, !news);
  setProgress(turn, peer, { inflight, next: known.next + entries.length, told: commit });
}

/** The log no longer has what it lacks: it gets all there is. */
function sendSnapshot(turn: Turn, peer: Address): void {
  const { log, applied, term } = turn.state.raft;
  const body: RaftSnapshot = { term, index: applied, logTerm: termAt(log, applied)!, store: turn.state.store };
  const inflight = sendRaft(turn, peer, 'MsgSnap', body, false, snapshotUs);
  setProgress(turn, peer, { inflight, next: applied + 1, told: applied });
}

/** A follower has answered a MsgApp or MsgSnap. */
export function takeAppendAnswer(turn: Turn, event: ProcessEvent): void {
  const { term, index, reject, hint, logTerm } = event.body as RaftAppendResponse;
  const { raft } = turn.state;
  const known = raft.progress.get(event.from);
  if (raft.role !== 'leader' || term !== raft.term || known === undefined) return;
  const inflight = known.inflight === event.id ? '' : known.inflight;
  if (reject) {
    const next = Math.max(Math.min(index, agreesUpTo(raft.log, hint, logTerm) + 1), known.match + 1);
    setProgress(turn, event.from, { active: true, inflight, next });
  } else {
    const match = Math.max(known.match, index);
    setProgress(turn, event.from, { active: true, inflight, match, next: match + 1 });
    if (commit(turn)) tellAll(turn);
  }
  tell(turn, event.from);
}

/** What a majority has is committed, once an entry of this term is among it. Models maybeCommit. */
function commit(turn: Turn): boolean {
  const { raft } = turn.state;
  const matches = [lastIndex(raft.log), ...raft.peers.map((peer) => raft.progress.get(peer)?.match ?? 0)].sort((a, b) => b - a);
  const index = matches[quorumOf(raft) - 1]!;
  if (index <= raft.commit || termAt(raft.log, index) !== raft.term) return false;
  setRaft(turn, { commit: index });
  applyCommitted(turn);
  return true;
}

/** A message did not arrive, or its answer did not: the next heartbeat's answer says when to try again. */
export function forgetInflight(turn: Turn, id: string, peer: Address): void {
  const known = turn.state.raft.progress.get(peer);
  if (known?.inflight === id) setProgress(turn, peer, { inflight: '', next: known.match + 1, told: 0 });
}

// ---- at the follower

function learnCommit(turn: Turn, commitIndex: number): void {
  if (commitIndex <= turn.state.raft.commit) return;
  setRaft(turn, { commit: commitIndex });
  applyCommitted(turn);
}

const answerAppend = (turn: Turn, id: string, index: number, workUs = 0, refused?: { readonly hint: number; readonly logTerm: number }): void =>
  answerRaft(turn, id, 'MsgAppResp', { term: turn.state.raft.term, index, reject: refused !== undefined, hint: refused?.hint ?? 0, logTerm: refused?.logTerm ?? 0 } satisfies RaftAppendResponse, workUs);

/** An older leader is told that its time is over. */
export const refuseAppend = (turn: Turn, id: string): void => answerAppend(turn, id, 0, 0, { hint: 0, logTerm: 0 });

export function takeAppend(turn: Turn, event: ProcessEvent): void {
  const { index, logTerm, entries, commit: commitIndex } = event.body as RaftAppend;
  const { log, commit: known } = turn.state.raft;
  if (index < known) return answerAppend(turn, event.id, known);
  if (termAt(log, index) !== logTerm) {
    const hint = agreesUpTo(log, index, logTerm);
    return answerAppend(turn, event.id, index, 0, { hint, logTerm: termAt(log, hint) ?? 0 });
  }
  const merged = merge(log, entries);
  const last = index + entries.length;
  setRaft(turn, { log: merged });
  answerAppend(turn, event.id, last, merged === log ? 0 : fsync(turn));
  learnCommit(turn, Math.min(commitIndex, last));
}

export const takeHeartbeatCommit = (turn: Turn, { commit: commitIndex }: RaftHeartbeat): void => learnCommit(turn, Math.min(commitIndex, lastIndex(turn.state.raft.log)));

export function takeSnapshot(turn: Turn, event: ProcessEvent): void {
  const { index, logTerm, store } = event.body as RaftSnapshot;
  const { raft } = turn.state;
  if (index <= raft.commit) return answerAppend(turn, event.id, raft.commit);
  catchUpWatchers(turn.state, store as Store, turn.effects);
  turn.state = { ...turn.state, store: store as Store };
  setRaft(turn, { log: { ...emptyLog, offset: index, offsetTerm: logTerm }, commit: index, applied: index, snapshotAt: index });
  answerAppend(turn, event.id, index, snapshotUs);
}
