import { expect, test } from 'vitest';
import { isOutside, isWhole, loopBetween, newsInLoop, nextLoop } from './loop.ts';
import type { NewsView } from './pace.ts';

test('the same key sets the beginning, the end, and none', () => {
  const begun = nextLoop(null, 5);
  expect(begun).toEqual({ fromUs: 5, toUs: undefined });
  expect(isWhole(begun)).toBe(false);
  expect(nextLoop(begun, 9)).toEqual({ fromUs: 5, toUs: 9 });
  expect(nextLoop(begun, 2)).toEqual({ fromUs: 2, toUs: 5 });
  expect(nextLoop(begun, 5)).toBeNull();
  expect(nextLoop({ fromUs: 5, toUs: 9 }, 7)).toBeNull();
});

test.each([[4, true], [5, false], [8.9, false], [9, true]])('at %d of a loop from 5 to 9 it is outside: %s', (at, outside) => {
  expect(isOutside(loopBetween(9, 5)!, at)).toBe(outside);
});

test('playing sees nothing beyond the end of a loop', () => {
  const view: NewsView = { fromUs: 0, toUs: 100, instantAfter: (at) => at + 1, instantUntil: (at) => at, shortestHop: () => Infinity, newsBetween: () => 0 };
  expect(newsInLoop(view, null)).toBe(view);
  expect(newsInLoop(view, { fromUs: 5, toUs: undefined })).toBe(view);
  expect(newsInLoop(view, { fromUs: 5, toUs: 9 }).toUs).toBe(9);
  expect(newsInLoop(view, { fromUs: 5, toUs: 900 }).toUs).toBe(100);
});
