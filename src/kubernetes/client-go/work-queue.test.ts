import { expect, test } from 'vitest';
import { workQueue, type WorkQueue } from './index.ts';

const { add, addAfter, addRateLimited, cancel, createQueue, done, fire, forget, take } = workQueue;
const keys = (queue: WorkQueue) => [...queue.ready];

test('a key waits once, however often it is added, and keeps its first cause', () => {
  const queue = add(add(add(createQueue('q'), 'a', 1), 'b', 2), 'a', 3);
  expect(keys(queue)).toEqual(['a', 'b']);
  expect(take(queue)).toMatchObject({ key: 'a', cause: 1 });
});

test('a key added while it is worked on is ready when that work is done', () => {
  const taken = take(add(createQueue('q'), 'a', 1))!;
  const again = add(taken.queue, 'a', 5);
  expect(keys(again)).toEqual([]);
  expect(take(again)).toBeUndefined();
  expect(take(done(again, 'a'))).toMatchObject({ key: 'a', cause: 5 });
  expect(keys(done(taken.queue, 'a'))).toEqual([]);
});

test('of several delays of a key the earliest counts', () => {
  const [one, first] = addAfter(createQueue('q'), 'a', 500, 0, { cause: 1 });
  const [two, second] = addAfter(one, 'a', 700, 0, { cause: 2 });
  const [three, third] = addAfter(two, 'a', 200, 100, { cause: 3 });
  expect([first, second, third].map((effects) => effects.map((effect) => (effect.kind === 'set-timer' ? effect.afterUs : -1)))).toEqual([[500], [], [200]]);
  expect(keys(fire(three, 'a', 9))).toEqual(['a']);
  expect(keys(fire(fire(three, 'a', 9), 'a', 9))).toEqual(['a']);
  const [none, cleared] = cancel(three, 'a');
  expect(cleared.map(({ kind }) => kind)).toEqual(['clear-timer']);
  expect(keys(fire(none, 'a', 9))).toEqual([]);
});

test('failures wait 5 ms doubling to 1,000 s, until they are forgotten', () => {
  let queue = createQueue('q');
  const waits: number[] = [];
  for (let i = 0; i < 20; i++) {
    const [next, effects] = addRateLimited(queue, 'a', 0, 1);
    waits.push((effects[0] as { afterUs: number }).afterUs);
    queue = fire(next, 'a', 1);
    queue = done(take(queue)!.queue, 'a');
  }
  expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(waits[17]).toBe(655_360_000);
  expect(waits.slice(18)).toEqual([1_000_000_000, 1_000_000_000]);
  expect((addRateLimited(forget(queue, 'a'), 'a', 0, 1)[1][0] as { afterUs: number }).afterUs).toBe(5_000);
});
