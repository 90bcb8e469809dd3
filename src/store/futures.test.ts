import { describe, expect, test } from 'vitest';
import type { Mark, Recording } from '../session/port/protocol.ts';
import { currentFuture, deedAt, futureName, futuresOf, mostFutures, nameCurrent, onlyFuture, part, partsAt, switched, without } from './futures.ts';
import type { Futures } from './futures.ts';
import { readFutures } from './read-futures.ts';

const acts = (...all: readonly (readonly [atS: number, node: string])[]): Recording =>
  ({ version: 1, seed: 1, topology: 'three-nodes', commands: all.map(([atS, node]) => ({ atUs: atS * 1_000_000, command: { type: 'power-off-node', node } })) });
const mark = (atS: number, text: string, kind: Mark['kind'] = 'fault'): Mark => ({ atUs: atS * 1_000_000, kind, text, recordId: 1 });

/** The first future kills a; at 5 s one parts that kills b; from that one at 7 s one that kills c. */
const first = onlyFuture(acts([10, 'a']));
const second = part(first, { atUs: 5_000_000, left: { recording: acts([10, 'a']), seenUs: 20_000_000, marks: [mark(3, 'web 1/1', 'healed'), mark(10, 'kill a')] }, begun: { recording: acts([5, 'b']), name: 'kill b' } }).futures;
const third = part(second, { atUs: 7_000_000, left: { recording: acts([5, 'b']), seenUs: 9_000_000, marks: [] }, begun: { recording: acts([5, 'b'], [7, 'c']), name: 'kill c' } }).futures;

const shape = ({ all }: Futures): unknown => all.map((future) => [futureName(future), future.parentId === null ? null : futureName(all.find(({ id }) => id === future.parentId)!), future.atUs / 1_000_000]);

describe('the tree of futures', () => {
  test('grows where something is done, and names each by what was done in it', () => {
    expect(shape(third)).toEqual([['kill a', null, 0], ['kill b', 'kill a', 5], ['kill c', 'kill b', 7]]);
    expect(futureName(currentFuture(third))).toBe('kill c');
    expect(third.all[0]).toMatchObject({ seenUs: 20_000_000, recording: acts([10, 'a']) });
  });

  test('one begun on purpose is named by its moment, and then by the first thing done in it, where it really parts', () => {
    const forked = part(first, { atUs: 5_000_000, left: { recording: acts([10, 'a']), seenUs: 1, marks: [] }, begun: { recording: acts(), name: '' } }).futures;
    expect(futureName(currentFuture(forked))).toBe('from 5.000 s');
    const acted = nameCurrent(forked, 'kill d', 6_000_000);
    expect(currentFuture(acted)).toMatchObject({ name: 'kill d', atUs: 6_000_000 });
    expect(nameCurrent(acted, 'kill e', 8_000_000)).toEqual(acted);
    expect(nameCurrent(first, 'kill e', 8_000_000)).toEqual(first);
  });

  test('when one is let go, what had parted from it parts from where it did', () => {
    expect(shape(without(third, 2))).toEqual([['kill a', null, 0], ['kill c', 'kill a', 5]]);
    expect(shape(without(third, 1))).toEqual([['kill b', null, 0], ['kill c', 'kill b', 7]]);
    expect(without(third, 3)).toBe(third);
    expect(without(third, 99)).toBe(third);
    expect(switched(third, 99)).toBe(third);
  });

  test('no more are kept than there is room for, and the one shown is never dropped', () => {
    let futures = first;
    const dropped: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const parted = part(futures, { atUs: 1_000_000 * (count + 1), left: { recording: acts(), seenUs: 0, marks: [] }, begun: { recording: acts([count + 1, 'x']), name: `act ${count}` } });
      futures = parted.futures;
      if (parted.dropped !== undefined) dropped.push(parted.dropped.id);
      expect(futures.all.length).toBeLessThanOrEqual(mostFutures);
      expect(currentFuture(futures).name).toBe(`act ${count}`);
      expect(futures.all.filter(({ parentId }) => parentId === null)).toHaveLength(1);
    }
    expect(dropped).toEqual([1, 2, 3, 4, 5]);
  });

  test('belongs to the recording that it was kept with', () => {
    expect(futuresOf(acts([5, 'b'], [7, 'c']), third)).toBe(third);
    expect(futuresOf(acts([6, 'z']), third)).toEqual(onlyFuture(acts([6, 'z'])));
  });

  test('is found again as it was kept; what is no tree is not taken', () => {
    expect(readFutures(JSON.parse(JSON.stringify(third)))).toEqual(third);
    const broken: readonly unknown[] = [
      undefined, {}, { ...third, currentId: 9 }, { ...third, all: [] }, { ...third, all: [...third.all, third.all[2]] },
      { ...third, all: third.all.map((future) => ({ ...future, parentId: future.id })) }, { ...third, all: third.all.map((future) => ({ ...future, recording: { version: 1 } })) },
    ];
    for (const value of broken) expect(readFutures(value)).toBeUndefined();
  });
});

test.each([
  ['the same', acts([1, 'a']), acts([1, 'a']), Infinity],
  ['one goes on', acts([1, 'a']), acts([1, 'a'], [4, 'b']), 4_000_000],
  ['both go on', acts([1, 'a'], [3, 'c']), acts([1, 'a'], [4, 'b']), 3_000_000],
  ['other worlds', acts(), { ...acts(), seed: 2 }, 0],
])('where two recordings part: %s', (_what, a, b, atUs) => {
  expect(partsAt(a, b)).toBe(atUs);
  expect(partsAt(b, a)).toBe(atUs);
});

test('what was done at a moment is not what followed from it', () => {
  expect(deedAt([mark(1, 'worker-1 NotReady', 'failure'), mark(1, 'kill worker-1')], 1_000_000)).toBe('kill worker-1');
  expect(deedAt([mark(1, 'worker-1 NotReady', 'failure')], 1_000_000)).toBe('');
});
