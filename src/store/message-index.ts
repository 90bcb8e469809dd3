import type { MessageRow } from '../session/port/rows.ts';

/** Messages that travel longer than this are few and kept apart, so that one of them does not lengthen every search. */
const longUs = 1_000_000;

/** The first index whose value is greater than `at`, in an ascending list. */
export function firstAfter(values: readonly number[], at: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where a message is shown when one steps to it: half-way, so that it can be seen going from somewhere to somewhere. */
export const middleOf = (message: MessageRow): number => message.sentAtUs + Math.floor((message.arrivesAtUs - message.sentAtUs) / 2);

const insertSorted = (values: number[], added: readonly number[]): void => {
  if (added.length === 0) return;
  const sorted = [...added].sort((a, b) => a - b);
  const from = firstAfter(values, sorted[0]!);
  const tail = values.splice(from);
  values.push(...(tail.length === 0 ? sorted : [...tail, ...sorted].sort((a, b) => a - b)));
};

/** All messages the page knows, found by time. News and background are told apart throughout. */
export class MessageIndex {
  /** Messages of ordinary length by the time they were sent, with the same times beside them. */
  #short: MessageRow[] = [];
  #sentAt: number[] = [];
  /** The latest arrival among `#short[0..i]`: where a backward search may end. */
  #reach: number[] = [];
  #long: MessageRow[] = [];
  #byId = new Map<number, MessageRow>();
  /** Moments at which a piece of news is sent or arrives. */
  readonly instants: number[] = [];
  /** The shortest hop between `instants[i]` and the next one, as far as somebody asked: looking ahead asks for the same ones frame after frame. */
  #hops: (number | undefined)[] = [];
  readonly middles: number[] = [];
  readonly newsSentAt: number[] = [];

  get size(): number {
    return this.#byId.size;
  }

  add(batch: readonly MessageRow[]): void {
    const fresh = batch.filter((message) => !this.#byId.has(message.id));
    if (fresh.length === 0) return;
    for (const message of fresh) this.#byId.set(message.id, message);
    this.#long.push(...fresh.filter((message) => message.arrivesAtUs - message.sentAtUs >= longUs));
    this.#addShort(fresh.filter((message) => message.arrivesAtUs - message.sentAtUs < longUs));
    const news = fresh.filter((message) => !message.background);
    insertSorted(this.newsSentAt, news.map((message) => message.sentAtUs));
    insertSorted(this.middles, news.map(middleOf));
    const earliest = news.reduce((least, message) => Math.min(least, message.sentAtUs), Infinity);
    this.#hops.length = Math.min(this.#hops.length, Math.max(0, firstAfter(this.instants, earliest) - 1));
    insertSorted(this.instants, news.flatMap((message) => [message.sentAtUs, message.arrivesAtUs]));
  }

  /** Forgets what had arrived before `at`. */
  forgetBefore(at: number): void {
    const kept = this.#short.filter((message) => message.arrivesAtUs >= at);
    this.#long = this.#long.filter((message) => message.arrivesAtUs >= at);
    this.#short = [];
    this.#sentAt = [];
    this.#reach = [];
    this.#hops = [];
    this.#addShort(kept);
    this.#byId = new Map([...kept, ...this.#long].map((message) => [message.id, message]));
    for (const moments of [this.instants, this.middles, this.newsSentAt]) moments.splice(0, firstAfter(moments, at - 1));
  }

  /** The moment at which the message was sent that comes `count` messages before the first one sent after `at`. */
  sentBefore(at: number, count: number): number | undefined {
    return this.#sentAt[firstAfter(this.#sentAt, at) - count];
  }

  #addShort(added: readonly MessageRow[]): void {
    if (added.length === 0) return;
    const earliest = added.reduce((least, message) => Math.min(least, message.sentAtUs), Infinity);
    const from = firstAfter(this.#sentAt, earliest);
    const tail = this.#short.splice(from).concat(added).sort((a, b) => a.sentAtUs - b.sentAtUs || a.id - b.id);
    this.#sentAt.length = from;
    this.#reach.length = from;
    let reach = from > 0 ? this.#reach[from - 1]! : -Infinity;
    for (const message of tail) {
      this.#short.push(message);
      this.#sentAt.push(message.sentAtUs);
      reach = Math.max(reach, message.arrivesAtUs);
      this.#reach.push(reach);
    }
  }

  get(id: number): MessageRow | undefined {
    return this.#byId.get(id);
  }

  /** The messages under way at `at`: sent, and not yet arrived. */
  inFlight(at: number): MessageRow[] {
    const found: MessageRow[] = [];
    for (let index = firstAfter(this.#sentAt, at) - 1; index >= 0 && this.#reach[index]! > at; index -= 1) {
      const message = this.#short[index]!;
      if (message.arrivesAtUs > at) found.push(message);
    }
    for (const message of this.#long) if (message.sentAtUs <= at && message.arrivesAtUs > at) found.push(message);
    return found.reverse();
  }

  /** How many messages were sent until `at`. */
  sentUntil(at: number): number {
    return firstAfter(this.#sentAt, at);
  }

  /** The length of the shortest hop of a piece of news under way at `at`; Infinity where none is. */
  shortestHop(at: number): number {
    const index = firstAfter(this.instants, at) - 1;
    if (index < 0) return Infinity;
    // Between two instants nothing is sent and nothing arrives.
    return (this.#hops[index] ??= this.inFlight(at).reduce((least, message) => (message.background ? least : Math.min(least, message.arrivesAtUs - message.sentAtUs)), Infinity));
  }

  /** The news that arrived last before `at`, if that was not long ago: who has it now is at work on it. */
  lastArrival(at: number, withinUs: number): MessageRow | undefined {
    let last: MessageRow | undefined;
    const from = firstAfter(this.#sentAt, at) - 1;
    for (let index = from; index >= 0 && index > from - 200; index -= 1) {
      const message = this.#short[index]!;
      if (message.sentAtUs < at - withinUs - longUs) break;
      if (!message.background && !message.lost && message.arrivesAtUs <= at && message.arrivesAtUs > at - withinUs && message.arrivesAtUs > (last?.arrivesAtUs ?? -1)) last = message;
    }
    return last;
  }

  /** How many pieces of news were sent in (from, to]. */
  newsBetween(from: number, to: number): number {
    return firstAfter(this.newsSentAt, to) - firstAfter(this.newsSentAt, from);
  }
}
