/** Indexes as text (`0,2-4`). Models pkg/apis/batch/validation/validation.go: validateIndexesFormat, parseIndexInterval, validateFailedIndexesNotOverlapCompleted. */
type Interval = readonly [first: number, last: number];

/** One part of the text, or what is wrong with it. */
function intervalOf(text: string, completions: number): Interval | string {
  const limits = text.split('-');
  if (limits.length > 2) return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const numbers: number[] = [];
  for (const limit of limits) {
    if (!/^[+-]?\d+$/.test(limit)) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
    numbers.push(Number(limit));
  }
  const [first = 0, last = first] = numbers;
  return limits.length > 1 && first >= last ? `non-increasing order, previous: ${first}, current: ${last}` : [first, last];
}

/** How many indexes the text names, or what is wrong with it. */
export function countIndexes(text: string, completions: number): number | string {
  let [last, total]: [number | undefined, number] = [undefined, 0];
  for (const part of text === '' ? [] : text.split(',')) {
    const interval = intervalOf(part, completions);
    if (typeof interval === 'string') return interval;
    if (last !== undefined && last >= interval[0]) return `non-increasing order, previous: ${last}, current: ${interval[0]}`;
    total += interval[1] - interval[0] + 1;
    last = interval[1];
  }
  return total;
}

/** The first index that both texts name. */
export function commonIndex(one: string, other: string, completions: number): number | undefined {
  const read = (text: string): readonly Interval[] => (text === '' ? [] : text.split(',').map((part) => intervalOf(part, completions)).filter((part) => typeof part !== 'string'));
  for (const [a, b] of read(one)) for (const [c, d] of read(other)) if (a <= d && c <= b) return Math.max(a, c);
  return undefined;
}
