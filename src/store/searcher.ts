import type { QueryAnswer, Query } from '../session/port/protocol.ts';
import { towardsCause, towardsEffect } from './by-cause.ts';
import { markBefore, nextHappening, nothingFound } from './happenings.ts';
import type { Happening } from './happenings.ts';
import type { KnownWindow } from './known-window.ts';
import { middleOf } from './message-index.ts';
import { quietUs } from './pace.ts';
import type { AppState, Notice } from './state.ts';

/** What is sought is looked for so far on, and so much at once. */
const searchUs = 3_600_000_000;
const searchStepUs = 30_000_000;
/** Of what a message led to, as much is computed before it is asked for. */
const effectsUs = 2_000_000;

interface Search { readonly what: Happening; readonly fromUs: number; readonly limitUs: number }

/** What the search needs of whoever flies the playhead. */
export interface SearchHands {
  readonly known: KnownWindow;
  readonly state: AppState;
  set(part: Partial<AppState>): void;
  pause(): void;
  goTo(toUs: number): void;
  notify(text: string, tone?: Notice['tone'], offers?: Notice['offers']): void;
  query(query: Query, of: 'all'): Promise<QueryAnswer>;
  /** Makes everything up to a moment known. */
  askThrough(throughUs: number): void;
  /** True where a loop keeps the page from asking for more; says so. */
  heldByLoop(): boolean;
}

/** Finds the moment to go to: what happens next, the mark before, what led to a message, what it led to. */
export class Searcher {
  readonly #hands: SearchHands;
  #search: Search | undefined;
  /** A jump asked for while the world was on its way to another moment; done when it is there. */
  #next: (() => void) | undefined;
  /** The way that was gone back along the chain of causes: from a cause on to what one came from. */
  #cameFrom = new Map<number, number>();

  constructor(hands: SearchHands) {
    this.#hands = hands;
  }

  get busy(): boolean {
    return this.#search !== undefined;
  }

  /** Another world: record ids mean something else there. */
  forget(): void {
    this.#search = undefined;
    this.#next = undefined;
    this.#cameFrom.clear();
  }

  jumpOn(what: Happening): void {
    const { state, known } = this.#hands;
    if (state.phase !== 'ready') return this.#later(() => this.jumpOn(what));
    this.#hands.pause();
    const search: Search = { what, fromUs: state.playheadUs, limitUs: state.playheadUs + searchUs };
    if (this.#arrive(search) || this.#hands.heldByLoop()) return;
    this.#search = search;
    this.#hands.set({ phase: 'seeking' });
    this.#hands.askThrough(known.toUs + searchStepUs);
  }

  jumpBack(): void {
    const { phase, marks, playheadUs } = this.#hands.state;
    if (phase !== 'ready') return this.#later(() => this.jumpBack());
    const mark = markBefore(marks, playheadUs);
    if (mark === undefined) return;
    this.#hands.pause();
    this.#hands.goTo(mark.atUs);
  }

  #later(jump: () => void): void {
    if (this.#hands.state.phase === 'seeking' && !this.busy) this.#next = jump;
  }

  /** The world is where it was sent. */
  arrived(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }

  /** More has become known. */
  goOn(): void {
    const search = this.#search;
    if (search === undefined || this.#arrive(search)) return;
    const { known } = this.#hands;
    if (known.toUs < search.limitUs) return this.#hands.askThrough(known.toUs + searchStepUs);
    this.end();
    this.#hands.notify(nothingFound[search.what], 'plain', 'play');
  }

  end(): void {
    if (this.#search === undefined) return;
    this.#search = undefined;
    this.#hands.set({ phase: 'ready' });
  }

  #arrive({ what, fromUs }: Search): boolean {
    const { known, state } = this.#hands;
    const found = nextHappening(what, { newsSentAt: known.messages.newsSentAt, log: known.log, marks: state.marks, toUs: known.toUs }, fromUs);
    if (found === undefined) return false;
    this.end();
    this.#hands.goTo(found.atUs);
    if (found.recordId !== undefined) this.#select(found.recordId);
    return true;
  }

  #select(recordId: number): void {
    this.#hands.set({ selection: { type: 'record', recordId } });
  }

  stepByCause(direction: 1 | -1): void {
    const { phase, branch, playheadUs } = this.#hands.state;
    if (phase !== 'ready') return;
    this.#hands.pause();
    const from = this.#chosen();
    if (from === undefined) return this.#hands.notify('Choose a message first: on the stage, or a line of what is happening.');
    if (direction === 1) this.#hands.askThrough(Math.max(this.#hands.known.toUs, playheadUs + effectsUs));
    void this.#hands.query({ type: 'causality', recordId: from }, 'all').then((answer) => {
      if (answer.type !== 'causality' || this.#hands.state.branch !== branch) return;
      const step = direction === 1 ? towardsEffect(answer.spans, from, this.#cameFrom.get(from)) : towardsCause(answer.spans, from);
      if (step === undefined) return this.#hands.notify(direction === 1 ? 'Nothing more came of this.' : 'This is where it began: nothing led to it.');
      if (direction === -1) this.#cameFrom.set(step.recordId, from);
      const message = this.#hands.known.messages.get(step.recordId);
      this.#hands.goTo(message === undefined ? step.atUs : middleOf(message));
      this.#select(step.recordId);
    });
  }

  /** The record to step from: the one that is selected, else the news that arrived last or is under way. */
  #chosen(): number | undefined {
    const { known, state: { selection, playheadUs } } = this.#hands;
    if (selection?.type === 'record') return selection.recordId;
    return (known.messages.lastArrival(playheadUs, quietUs) ?? known.inFlight(playheadUs).find((message) => !message.background))?.id;
  }
}
