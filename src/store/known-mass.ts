import type { MassChange, MassNews, MassTable } from '../session/port/mass-status.ts';

/** The table as of the playhead. The arrays are written over as time passes; each time the wrapper is another. */
export interface MassView { readonly table: MassTable }

/** So many changes are kept behind the playhead; who goes back further asks the session. */
const keptChanges = 1_200;

/**
 * The statuses of a stage of many at one moment. To apply a change is to swap what it says with what the table holds: applied once more,
 * in the opposite order, it is undone.
 */
export class KnownMass {
  view: MassView | null = null;
  #changes: MassChange[] = [];
  #applied = 0;

  /** Takes a frame's part; a whole frame without one is of a world that has rows. */
  take(whole: boolean, news: MassNews | undefined): void {
    if (whole) {
      this.view = news?.table === undefined ? null : { table: news.table };
      this.#changes = [];
      this.#applied = 0;
    }
    if (news !== undefined) this.#changes.push(...news.changes);
  }

  /** Forgets what lies far behind; says from when on all is kept, or undefined where nothing was forgotten. */
  trim(): number | undefined {
    if (this.#applied < keptChanges * 2) return undefined;
    const gone = this.#applied - keptChanges;
    const fromUs = this.#changes[gone - 1]!.atUs;
    this.#changes = this.#changes.slice(gone);
    this.#applied = keptChanges;
    return fromUs;
  }

  moveTo(at: number): void {
    const before = this.#applied;
    while (this.#applied < this.#changes.length && this.#changes[this.#applied]!.atUs <= at) this.#swap(this.#changes[this.#applied++]!);
    while (this.#applied > 0 && this.#changes[this.#applied - 1]!.atUs > at) this.#swap(this.#changes[--this.#applied]!);
    if (this.#applied !== before && this.view !== null) this.view = { table: this.view.table };
  }

  #swap(change: MassChange): void {
    if (this.view === null) return;
    swap(this.view.table.nodes, change.nodes.at, change.nodes.to);
    swap(this.view.table.pods, change.pods.at, change.pods.to);
  }
}

function swap(states: Uint8Array, at: Uint32Array, to: Uint8Array): void {
  for (let index = 0; index < at.length; index += 1) {
    const place = at[index]!;
    const before = states[place]!;
    states[place] = to[index]!;
    to[index] = before;
  }
}
