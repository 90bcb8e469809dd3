import { describe, expect, test } from 'vitest';
import type { MessageRow } from '../session/port/rows.ts';
import { firstAfter, MessageIndex } from './message-index.ts';
import { advance, hopWallMs, paceAt, wallAhead } from './pace.ts';
import type { NewsView } from './pace.ts';
import { clockText, durationText, paceText } from './words.ts';

let nextId = 0;
export const message = (sentAtUs: number, arrivesAtUs: number, more: Partial<MessageRow> = {}): MessageRow =>
  ({ id: (nextId += 1), from: 'a/x', to: 'b/y', kind: 'request', label: 'GET', sentAtUs, arrivesAtUs, background: false, lost: false, ok: true, ...more });

function view(messages: readonly MessageRow[], toUs: number, fromUs = 0): NewsView {
  const index = new MessageIndex();
  index.add(messages);
  return { instantAfter: (at) => index.instants[firstAfter(index.instants, at)], instantUntil: (at) => index.instants[firstAfter(index.instants, at) - 1], fromUs, toUs, shortestHop: (at) => index.shortestHop(at), newsBetween: (from, to) => index.newsBetween(from, to) };
}

const playedMs = (news: NewsView, from: number, to: number, speed = 1): number => {
  let [at, wall] = [from, 0];
  while (at < to && wall < 3_600_000) {
    at = advance(news, at, 10, speed).at;
    wall += 10;
  }
  return wall;
};

describe('the pace', () => {
  test.each([
    ['a hop of 1 ms', [message(1_000, 2_000)], 1_000, 2_000, 350, 600],
    ['a hop of 50 µs', [message(1_000, 1_050)], 1_000, 1_050, 250, 400],
    ['a computation of 3 s', [message(0, 1_000), message(3_001_000, 3_002_000)], 1_000, 3_001_000, 400, 900],
    ['a quiet stretch of 6 minutes', [message(0, 1_000), message(360_000_000, 360_001_000)], 1_000, 360_000_000, 900, 1_100],
    ['a quiet stretch of an hour', [message(0, 1_000), message(3_600_000_000, 3_600_001_000)], 1_000, 3_600_000_000, 900, 1_100],
    ['ten hops at once, as one', Array.from({ length: 10 }, (_, i) => message(1_000 + i, 2_000 + i)), 1_000, 2_009, 350, 700],
  ])('%s takes what an eye needs', (_, messages, from, to, least, most) => {
    const wall = playedMs(view(messages, 4_000_000_000), from, to);
    expect(wall).toBeGreaterThanOrEqual(least);
    expect(wall).toBeLessThanOrEqual(most);
  });

  test('a thousand messages one after the other take a minute or two, not ten', () => {
    const wall = playedMs(view(Array.from({ length: 1000 }, (_, i) => message(i * 2_000, i * 2_000 + 1_000)), 4_000_000), 0, 2_000_000);
    expect(wall).toBeGreaterThan(30_000);
    expect(wall).toBeLessThan(180_000);
  });

  test('with no news ahead one second is one second', () => {
    expect(paceAt(view([message(0, 1_000)], 900_000_000), 5_000, 1)).toEqual({ rate: 1, untilUs: 900_000_000, skipUs: 0 });
  });

  test('background messages are no news', () => {
    expect(paceAt(view([message(10_000, 11_000, { background: true })], 900_000_000), 0, 1).rate).toBe(1);
  });

  test('real time is real time, also in the middle of a hop', () => {
    expect(paceAt(view([message(0, 1_000)], 5_000), 500, 'real time').rate).toBe(1);
  });

  test('a skip says how much it skips', () => {
    expect(paceAt(view([message(0, 1_000), message(350_001_000, 350_002_000)], 400_000_000), 200_000_000, 1).skipUs).toBe(350_000_000);
  });

  test('never goes beyond what is known, and keeps its pace up to there', () => {
    const news = view([message(1_000, 3_000)], 2_000);
    expect(advance(news, 1_000, 60_000, 1).at).toBe(2_000);
    expect(paceAt(news, 1_500, 1).rate).toBeLessThan(0.01);
  });

  test('speed multiplies', () => {
    const news = view([message(1_000, 2_000)], 10_000);
    expect(paceAt(news, 1_500, 8).rate).toBeCloseTo(8 * paceAt(news, 1_500, 1).rate);
    expect(wallAhead(news, 1_000, 1, 60_000)).toBeGreaterThan(hopWallMs(1_000));
  });
});

test.each([[0, '0.000 s'], [12_007_000, '12.007 s'], [362_500_000, '6 m 02.500 s'], [3_723_004_000, '1 h 02 m 03.004 s']])('the clock at %i says %s', (us, text) => expect(clockText(us)).toBe(text));
test.each([[350, '350 µs'], [1_500, '1.5 ms'], [12_000_000, '12 s'], [350_000_000, '5 m 50 s'], [300_000_000, '5 m'], [7_260_000_000, '2 h 1 m']])('%i µs are %s', (us, text) => expect(durationText(us)).toBe(text));
test.each([[1, 'real time'], [1 / 80, 'slow motion ×1/80'], [1 / 2273, 'slow motion ×1/2300'], [12.3, 'fast ×12'], [0.5, 'slow motion ×1/2']])('a rate of %d is %s', (rate, text) => expect(paceText(rate)).toBe(text));
