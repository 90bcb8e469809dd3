import { expect, test } from 'vitest';
import { backOffEnd, nextBackOff } from './back-off.ts';
import type { BackOff } from './kubelet-state.ts';

const second = 1_000_000;

/** Crashes that each come so many seconds after the last start; the waits between them. */
function waits(runsFor: number, crashes: number): number[] {
  let entry: BackOff | undefined;
  let now = 0;
  const found: number[] = [];
  for (let i = 0; i < crashes; i++) {
    const died = now + runsFor * second;
    const end = backOffEnd(entry, died, died);
    now = end ?? died;
    found.push((now - died) / second);
    entry = nextBackOff(entry, died, now);
  }
  return found;
}

test('the first restart is at once, then 10 s doubling to 5 min', () => expect(waits(1, 9)).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300]));
test('ten good minutes and the count begins anew', () => expect(waits(601, 3)).toEqual([0, 0, 0]));
test('nine minutes are not enough', () => expect(waits(540, 3)).toEqual([0, 10, 20]));
test('a back-off that is over holds nothing back', () => {
  const entry = { delayUs: 10 * second, lastUpdateUs: 0 };
  expect([backOffEnd(entry, 5 * second, 14 * second), backOffEnd(entry, 5 * second, 15 * second), backOffEnd(undefined, 0, 0)]).toEqual([15 * second, undefined, undefined]);
});
