import type { Mark, Recording } from '../session/port/protocol.ts';
import { currentFuture, deedAt, futureName, nameCurrent, noteCurrent, part, partsAt, switched, without } from './futures.ts';
import type { Futures, Parting } from './futures.ts';
import type { AppState, Notice } from './state.ts';
import { clockText } from './words.ts';

/** What the desk needs of whoever flies the playhead. */
export interface FutureHands {
  readonly state: AppState;
  set(part: Partial<AppState>): void;
  notify(text: string, tone?: Notice['tone'], offers?: Notice['offers']): void;
  /** Another recording with the same past up to a moment is shown from now on. */
  reopen(recording: Recording, commonUs: number, seenUs: number): void;
}

/** Keeps the futures: begins new ones, goes from one to another, lets one go. */
export class FutureDesk {
  readonly #hands: FutureHands;

  constructor(hands: FutureHands) {
    this.#hands = hands;
  }

  /** On purpose: from here on another future, in which nothing has been done yet. */
  fork(): void {
    const { recording, playheadUs, phase, seenUs, marks } = this.#hands.state;
    if (phase !== 'ready') return;
    const atUs = Math.floor(playheadUs);
    const { version, seed, topology } = recording;
    const begun: Recording = { version, seed, topology, commands: recording.commands.filter((command) => command.atUs <= atUs) };
    this.#part({ atUs, left: { recording, seenUs, marks }, begun: { recording: begun, name: '' } });
    if (begun.commands.length < recording.commands.length) this.#hands.reopen(begun, atUs, atUs);
  }

  /** Something was done; where it was done in the past, `other` is what would have come without it. */
  acted(other: { readonly recording: Recording; readonly seenUs: number; readonly marks: readonly Mark[] } | undefined): void {
    const { playheadUs, futures, recording, marks } = this.#hands.state;
    const atUs = Math.floor(playheadUs);
    const name = deedAt(marks, atUs);
    if (other === undefined) this.#hands.set({ futures: nameCurrent(futures, name, atUs) });
    else this.#part({ atUs, left: other, begun: { recording, name } });
  }

  #part(parting: Parting): void {
    const before = this.#hands.state;
    const { futures, dropped } = part(before.futures, parting);
    this.#show(futures, dropped?.id === before.besideId ? null : before.besideId);
    const letGo = dropped === undefined ? '' : ` The oldest, “${futureName(dropped)}”, was let go.`;
    this.#hands.notify(`A new future from ${clockText(parting.atUs)}. The other one is kept.${letGo}`, 'plain', { type: 'future', id: currentFuture(before.futures).id });
  }

  /** At the same moment. */
  switchTo(futureId: number): void {
    const { futures, recording, phase, seenUs, besideId } = this.#hands.state;
    const next = futures.all.find(({ id }) => id === futureId);
    if (next === undefined || futureId === futures.currentId || phase !== 'ready') return;
    const commonUs = partsAt(recording, next.recording);
    this.#hands.reopen(next.recording, commonUs, Math.max(next.seenUs, Math.min(seenUs, commonUs)));
    // The two that run beside each other change their places.
    this.#show(switched(noteCurrent(futures, recording, seenUs), futureId), besideId === futureId ? futures.currentId : besideId);
  }

  forget(futureId: number): void {
    const { futures, besideId } = this.#hands.state;
    this.#show(without(futures, futureId), besideId === futureId ? null : besideId);
  }

  #show(futures: Futures, besideId: number | null): void {
    this.#hands.set({ futures, besideId });
  }
}
