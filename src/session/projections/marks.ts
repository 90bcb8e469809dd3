import type { Mark, RowChange } from '../port/protocol.ts';
import type { Row } from '../port/rows.ts';

/** The named moments of a timeline. A moment reached twice (time went back and came again) is marked once. */
export class Marks {
  private readonly known = new Map<string, Mark>();
  private changed = true;

  add(mark: Mark): void {
    const key = `${mark.atUs} ${mark.kind} ${mark.text}`;
    if (this.known.has(key)) return;
    this.known.set(key, mark);
    this.changed = true;
  }

  /** What lies after this moment is no longer going to happen. */
  forgetAfter(atUs: number): void {
    for (const [key, mark] of this.known) if (mark.atUs > atUs) this.known.delete(key);
    this.changed = true;
  }

  /** All marks in order, if there is something new to say. */
  news(): readonly Mark[] | undefined {
    if (!this.changed) return undefined;
    this.changed = false;
    return [...this.known.values()].sort((a, b) => a.atUs - b.atUs);
  }
}

/** What a change of a row means to the story of the whole timeline, if anything. */
export function markOf(change: RowChange, before: Row | undefined, recordId: number): Mark | undefined {
  const { row, atUs } = change;
  if (row?.type === 'node' && before?.type === 'node' && row.ready !== before.ready) {
    if (row.ready === 'True') return { atUs, kind: 'healed', text: `${row.name} Ready`, recordId };
    if (before.ready === 'True') return { atUs, kind: 'failure', text: `${row.name} NotReady`, recordId };
  }
  if (row?.type === 'workload' && row.kind === 'Deployment' && before?.type === 'workload' && row.desired > 0) {
    const full = (one: typeof row): boolean => one.available >= one.desired && one.updated >= one.desired;
    if (full(row) && !full(before)) return { atUs, kind: 'healed', text: `${row.name} ${row.available}/${row.desired}`, recordId };
  }
  return undefined;
}
