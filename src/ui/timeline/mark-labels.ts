import type { Mark } from '../../session/port/protocol.ts';

/** A mark where it stands on the ruler; `left` is where its name begins, undefined where there is no room for it. */
export interface PlacedMark { readonly mark: Mark; readonly place: number; readonly left: number | undefined }

/** What the user did is what one looks for; then what went wrong; then what got well by itself. */
const ranks: Readonly<Record<Mark['kind'], number>> = { fault: 0, command: 1, failure: 2, leader: 3, healed: 4, start: 5 };
const letterPx = 7.6;
const betweenPx = 10;

export const labelPx = (text: string): number => text.length * letterPx;

/**
 * Names the marks: right of their line where there is room, else left of it, else not at all. The important are asked first, of equals the later.
 * No two names overlap.
 */
export function placeMarks(marks: readonly Mark[], placeOf: (atUs: number) => number, width: number): readonly PlacedMark[] {
  const placed = marks.map((mark) => ({ mark, place: placeOf(mark.atUs), left: undefined as number | undefined }));
  const taken: { readonly from: number; readonly to: number }[] = [];
  const order = placed.map((_, index) => index).sort((a, b) => ranks[placed[a]!.mark.kind] - ranks[placed[b]!.mark.kind] || b - a);
  for (const index of order) {
    const entry = placed[index]!;
    const length = labelPx(entry.mark.text);
    const free = (left: number): boolean => left >= 0 && left + length <= width && !taken.some(({ from, to }) => left < to + betweenPx && from < left + length + betweenPx);
    const left = [entry.place, Math.min(entry.place, width - length), entry.place - length].find(free);
    if (left === undefined) continue;
    entry.left = left;
    taken.push({ from: left, to: left + length });
  }
  return placed;
}
