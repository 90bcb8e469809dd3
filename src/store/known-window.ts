import type { Frame, LogLine, RowChange } from '../session/port/protocol.ts';
import type { NodeRow, Row } from '../session/port/rows.ts';
import { KnownMass } from './known-mass.ts';
import { firstAfter, MessageIndex } from './message-index.ts';
import type { NewsView } from './pace.ts';

/** The newest row of each key at one moment. */
export type Rows = Readonly<Record<string, Row>>;

/** So much is kept behind the position: messages (and changes), lines, and at least so long, because the pace looks back. */
const keptMessages = 10_000;
const keptLines = 1_000;
const keptUs = 10_000_000;

/** True when a change of a row is something to step to: not a renewed lease, not a counter. */
export function isNews(before: Row | undefined, after: Row | null): boolean {
  if (after === null || before === undefined) return (after ?? before)?.type !== 'component';
  if (after.type === 'component') return before.type !== 'component' || before.running !== after.running;
  if (after.type === 'node') return nodeFacts(before as NodeRow) !== nodeFacts(after);
  return true;
}

const nodeFacts = (row: NodeRow): string => [row.ready, row.unschedulable, row.deleting, ...row.taints].join();

/**
 * The stretch of time of which the page knows everything, and a position in it. Rows are kept once, as of the position;
 * changes ahead are applied as it passes, and those behind undone when it goes back.
 */
export class KnownWindow implements NewsView {
  branch = -1;
  fromUs = 0;
  toUs = 0;
  rows: Rows = {};
  readonly mass = new KnownMass();
  messages = new MessageIndex();
  log: LogLine[] = [];
  #changes: RowChange[] = [];
  /** What each change replaced, and whether it is news: known as soon as it arrives, because they arrive in order. */
  #before: (Row | undefined)[] = [];
  #newsAt: number[] = [];
  #head = new Map<string, Row>();
  #applied = 0;
  #logAt: number[] = [];

  instantAfter(at: number): number | undefined {
    const { instants } = this.messages;
    return instants[firstAfter(instants, at)];
  }

  instantUntil(at: number): number | undefined {
    const { instants } = this.messages;
    return instants[firstAfter(instants, at) - 1];
  }

  inFlight(at: number) {
    return this.messages.inFlight(at);
  }

  shortestHop(at: number): number {
    return this.messages.shortestHop(at);
  }

  newsBetween(from: number, to: number): number {
    return this.messages.newsBetween(from, to);
  }

  /**
   * Forgets what lies far behind the position, once much is known; true when it did. A session that is left open for a day keeps as
   * much as one of a minute; who goes back further asks the world for it.
   */
  trim(at: number, most = keptMessages): boolean {
    this.fromUs = Math.max(this.fromUs, this.mass.trim() ?? 0);
    return [this.#trimLog(at), this.#trimPast(at, most)].includes(true);
  }

  #trimLog(at: number): boolean {
    const lines = this.logCount(at) - keptLines;
    if (lines < keptLines) return false;
    // The list that the page holds is not changed under it.
    this.log = this.log.slice(lines);
    this.#logAt = this.#logAt.slice(lines);
    return true;
  }

  #trimPast(at: number, most: number): boolean {
    if (this.messages.size < most * 2 && this.#changes.length < most * 2) return false;
    const cutUs = Math.floor(Math.min(at - keptUs, Math.max(this.messages.sentBefore(at, most) ?? -Infinity, this.#changes[this.#applied - most]?.atUs ?? -Infinity)));
    let gone = 0;
    while (gone < this.#applied && this.#changes[gone]!.atUs <= cutUs) gone += 1;
    // Cutting goes through all there is: it has to be worth it.
    if (cutUs <= this.fromUs || (gone < most / 2 && this.messages.sentUntil(cutUs) < most / 2)) return false;
    this.fromUs = cutUs;
    this.messages.forgetBefore(cutUs);
    this.#changes = this.#changes.slice(gone);
    this.#before = this.#before.slice(gone);
    this.#applied -= gone;
    this.#newsAt = this.#newsAt.slice(firstAfter(this.#newsAt, cutUs));
    return true;
  }

  /** Takes a frame in; false for one that does not continue what is known. */
  take(frame: Frame): boolean {
    if (frame.whole) this.#begin(frame);
    else if (frame.branch !== this.branch || frame.fromUs !== this.toUs) return false;
    this.toUs = Math.max(this.toUs, frame.toUs);
    const changes = frame.whole ? frame.rows.filter((change) => change.atUs > frame.fromUs) : frame.rows;
    for (const change of changes) this.#append(change);
    this.mass.take(frame.whole, frame.mass);
    for (const { atUs } of frame.mass?.changes ?? []) this.#newsAt.push(atUs);
    this.messages.add(frame.messages);
    for (const line of frame.log) {
      this.log.push(line);
      this.#logAt.push(line.atUs);
    }
    return true;
  }

  #begin(frame: Frame): void {
    this.branch = frame.branch;
    this.fromUs = frame.fromUs;
    this.toUs = frame.fromUs;
    const rows: Record<string, Row> = {};
    for (const change of frame.rows) if (change.atUs <= frame.fromUs && change.row !== null) rows[change.key] = change.row;
    this.rows = rows;
    this.#head = new Map(Object.entries(rows));
    this.#changes = [];
    this.#before = [];
    this.#newsAt = [];
    this.#applied = 0;
    this.messages = new MessageIndex();
    this.log = [];
    this.#logAt = [];
  }

  #append(change: RowChange): void {
    const before = this.#head.get(change.key);
    this.#changes.push(change);
    this.#before.push(before);
    if (isNews(before, change.row)) this.#newsAt.push(change.atUs);
    if (change.row === null) this.#head.delete(change.key);
    else this.#head.set(change.key, change.row);
  }

  /** Brings `rows` to the moment `at`; keeps the same object where nothing changed. */
  moveTo(at: number): void {
    let rows: Record<string, Row> | undefined;
    const put = (key: string, row: Row | null | undefined): void => {
      rows ??= { ...this.rows };
      if (row === null || row === undefined) delete rows[key];
      else rows[key] = row;
    };
    for (; this.#applied < this.#changes.length && this.#changes[this.#applied]!.atUs <= at; this.#applied += 1) {
      const change = this.#changes[this.#applied]!;
      put(change.key, change.row);
    }
    for (; this.#applied > 0 && this.#changes[this.#applied - 1]!.atUs > at; this.#applied -= 1) {
      put(this.#changes[this.#applied - 1]!.key, this.#before[this.#applied - 1]);
    }
    if (rows !== undefined) this.rows = rows;
    this.mass.moveTo(at);
  }

  holds(at: number): boolean {
    return at >= this.fromUs && at <= this.toUs;
  }

  /** How many lines of the log have been written at `at`. */
  logCount(at: number): number {
    return firstAfter(this.#logAt, at);
  }

  /** The moment of the next piece of news after `at`, or the last before it; undefined where none is known. */
  neighbour(what: 'message' | 'change', direction: 1 | -1, at: number): number | undefined {
    const moments = what === 'message' ? this.messages.middles : this.#newsAt;
    if (direction === 1) return moments[firstAfter(moments, at)];
    let index = firstAfter(moments, at) - 1;
    while (index >= 0 && moments[index]! >= at) index -= 1;
    return index < 0 ? undefined : moments[index];
  }
}
