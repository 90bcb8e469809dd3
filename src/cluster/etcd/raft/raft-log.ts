import { List } from '../../../simulation/collections/index.ts';
import type { RaftEntry } from '../../../kubernetes/protocols/etcd.ts';

/** The replicated log of one member: what lies behind `offset` is in the key space only. Models go.etcd.io/raft log.go. */
export interface RaftLog {
  readonly offset: number;
  readonly offsetTerm: number;
  readonly entries: List<RaftEntry>;
}

export const emptyLog: RaftLog = { offset: 0, offsetTerm: 0, entries: List() };

export const lastIndex = ({ offset, entries }: RaftLog): number => offset + entries.size;
export const lastTerm = (log: RaftLog): number => (log.entries.size === 0 ? log.offsetTerm : log.entries.get(log.entries.size - 1)!.term);
export const entryAt = ({ offset, entries }: RaftLog, index: number): RaftEntry | undefined => (index <= offset ? undefined : entries.get(index - offset - 1));

/** The term of the entry at an index; undefined where the log does not reach, at either end. */
export function termAt(log: RaftLog, index: number): number | undefined {
  return index === log.offset ? log.offsetTerm : entryAt(log, index)?.term;
}

export const append = (log: RaftLog, entry: RaftEntry): RaftLog => ({ ...log, entries: log.entries.push(entry) });

/** At most so many entries from an index on. */
export const entriesFrom = ({ offset, entries }: RaftLog, index: number, most: number): readonly RaftEntry[] =>
  (index > offset + entries.size ? [] : entries.slice(index - offset - 1, Math.min(entries.size, index - offset - 1 + most)).toArray());

/** Takes a leader's entries over: what contradicts them goes, what agrees stays. Models raftLog.findConflict and truncateAndAppend. */
export function merge(log: RaftLog, received: readonly RaftEntry[]): RaftLog {
  let next = log;
  for (const entry of received) {
    if (entry.index <= next.offset || termAt(next, entry.index) === entry.term) continue;
    if (entry.index <= lastIndex(next)) next = { ...next, entries: next.entries.slice(0, entry.index - next.offset - 1) };
    next = append(next, entry);
  }
  return next;
}

/** The largest index up to `index` whose term is at most `term`: where two logs may agree. Models raftLog.findConflictByTerm. */
export function agreesUpTo(log: RaftLog, index: number, term: number): number {
  let at = Math.min(index, lastIndex(log));
  while (at > log.offset && termAt(log, at)! > term) at -= 1;
  return at;
}

/** Is a log that ends with this entry at least as complete? Models raftLog.isUpToDate. */
export const isUpToDate = (log: RaftLog, index: number, term: number): boolean => term > lastTerm(log) || (term === lastTerm(log) && index >= lastIndex(log));

/** Forgets the entries up to an index: who needs them gets a snapshot. */
export function forgetUpTo(log: RaftLog, index: number): RaftLog {
  const term = index > log.offset ? termAt(log, index) : undefined;
  return term === undefined ? log : { offset: index, offsetTerm: term, entries: log.entries.slice(index - log.offset) };
}
