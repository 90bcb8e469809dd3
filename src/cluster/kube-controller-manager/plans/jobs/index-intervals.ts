/** Sets of indexes, kept and written as intervals: `1,3-5,7`. Models pkg/controller/job/indexed_job_utils.go: orderedIntervals. */
export interface Interval { readonly first: number; readonly last: number }
export type Intervals = readonly Interval[];

/** Of a job's status: what lies beyond its completions is left out, and so is what is no number. */
export function parseIntervals(text: string | undefined, completions: number): Intervals {
  const found: Interval[] = [];
  for (const part of (text ?? '') === '' ? [] : text!.split(',')) {
    const [from, to] = part.split('-');
    const [first, last] = [wholeNumber(from), to === undefined ? wholeNumber(from) : wholeNumber(to)];
    if (first === undefined) continue;
    if (first >= completions) break;
    if (last === undefined) continue;
    const before = found.at(-1);
    const end = to === undefined ? last : Math.min(last, completions - 1);
    if (before !== undefined && before.last === first - 1) found[found.length - 1] = { first: before.first, last: end };
    else found.push({ first, last: end });
  }
  return found;
}

const wholeNumber = (text: string | undefined): number | undefined => (text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined);

/** What is in one or the other. */
export function merge(one: Intervals, other: Intervals): Intervals {
  const found: Interval[] = [];
  for (const next of [...one, ...other].sort((a, b) => a.first - b.first)) {
    const before = found.at(-1);
    if (before === undefined || next.first > before.last + 1) found.push(next);
    else if (next.last > before.last) found[found.length - 1] = { first: before.first, last: next.last };
  }
  return found;
}

export const withIndexes = (intervals: Intervals, indexes: Iterable<number>): Intervals => merge(intervals, [...new Set(indexes)].sort((a, b) => a - b).map((index) => ({ first: index, last: index })));
export const countOf = (intervals: Intervals): number => intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
export const hasIndex = (intervals: Intervals, index: number): boolean => intervals.some(({ first, last }) => first <= index && index <= last);
export const formatIntervals = (intervals: Intervals): string =>
  intervals.map(({ first, last }) => (first === last ? String(first) : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');

/** How many indexes are in both. */
export function overlap(one: Intervals, other: Intervals): number {
  let count = 0;
  for (const a of one) for (const b of other) count += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
  return count;
}

/** The lowest indexes below `completions` that are not taken, at most so many. */
export function freeIndexes(taken: Intervals, most: number, completions: number): readonly number[] {
  const found: number[] = [];
  let next = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; next < Math.min(first, completions) && found.length < most; next++) found.push(next);
    next = Math.max(next, last + 1);
  }
  return found;
}
