import fc from 'fast-check';
import * as Immutable from 'immutable';
import { describe, expect, test } from 'vitest';
import { hashKey } from './hash.ts';
import { isCollection, List, PMap, PSet } from './index.ts';

// Immutable.js is the model: the same operations give the same contents, in the same order.
// 'Aa' and 'BB' have the same hash, so do all words made of them.
const colliding = fc.array(fc.constantFrom('Aa', 'BB'), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const key = fc.oneof(colliding, fc.integer({ min: 0, max: 2_000 }).map((n) => `/registry/pods/default/web-${n}`), fc.string({ maxLength: 3 }));
const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set' as const), key, value: fc.integer({ min: 0, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key, value: fc.constant(0) }) },
);

describe('map', () => {
  test('words of Aa and BB collide', () => expect(hashKey('AaBB')).toBe(hashKey('BBAa')));

  test('does what the model does, and leaves all earlier maps as they were', () => {
    fc.assert(fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      let map = PMap<string, number>();
      let model = Immutable.Map<string, number>();
      const past: [typeof map, typeof model][] = [];
      for (const one of changes) {
        const before = map;
        map = one.do === 'set' ? map.set(one.key, one.value) : map.delete(one.key);
        const next = one.do === 'set' ? model.set(one.key, one.value) : model.delete(one.key);
        expect(map === before).toBe(next === model);
        model = next;
        past.push([map, model]);
        expect(map.get(one.key)).toBe(model.get(one.key));
        expect(map.has(one.key)).toBe(model.has(one.key));
      }
      for (const [mine, theirs] of past) {
        expect(mine.size).toBe(theirs.size);
        expect([...mine]).toEqual([...theirs]);
      }
    }), { numRuns: 300 });
  });

  test('many keys come and go', () => {
    const keys = Array.from({ length: 3_000 }, (_, n) => `default/web-6d4cf56db6-${n.toString(36)}`);
    let map = PMap<string, number>();
    let model = Immutable.Map<string, number>();
    keys.forEach((one, n) => { map = map.set(one, n); model = model.set(one, n); });
    expect([...map.entries()]).toEqual([...model.entries()]);
    keys.forEach((one, n) => { if (n % 3 !== 0) { map = map.delete(one); model = model.delete(one); } });
    expect([...map.entries()]).toEqual([...model.entries()]);
    for (const one of keys) { map = map.delete(one); model = model.delete(one); }
    expect([map.size, model.size]).toEqual([0, 0]);
    expect(map).toBe(PMap());
  });

  test('whole numbers as keys', () => {
    const numbers = [...Array(100).keys(), 30_000, 2 ** 31, 2 ** 40 + 1, -5];
    const map = PMap(numbers.map((n) => [n, String(n)] as const));
    for (const n of numbers) expect(map.get(n)).toBe(String(n));
    expect(map.get(101)).toBe(undefined);
  });

  test('a key that is no string and no whole number is an error', () => {
    const map = PMap<unknown, number>(Array.from({ length: 9 }, (_, n) => [n, n] as const));
    expect(() => map.set({}, 1)).toThrow('cannot be the key');
  });

  test('questions and bulk changes agree with the model', () => {
    fc.assert(fc.property(fc.array(fc.tuple(key, fc.integer({ min: 0, max: 9 })), { maxLength: 40 }), (entries) => {
      const map = PMap(entries);
      const model = Immutable.Map(entries);
      const odd = (value: number): boolean => value % 2 === 1;
      expect([...map.map((value) => value + 1)]).toEqual([...model.map((value) => value + 1)]);
      expect([...map.filter(odd)]).toEqual([...model.filter(odd)]);
      expect([...map.keys()]).toEqual([...model.keys()]);
      expect([...map.values()]).toEqual([...model.values()]);
      expect([map.some(odd), map.every(odd), map.count(odd), map.findKey(odd), map.find(odd)]).toEqual([model.some(odd), model.every(odd), model.count(odd), model.findKey(odd), model.find(odd)]);
      expect(map.reduce((sum, value) => sum + value, 0)).toBe(model.reduce((sum, value) => sum + value, 0));
      expect([...map.withMutations((draft) => draft.delete(entries[0]?.[0] ?? '').set('new', 1))]).toEqual([...model.withMutations((draft) => draft.delete(entries[0]?.[0] ?? '').set('new', 1))]);
      expect([...map.update('a', (value) => (value ?? 0) + 1)]).toEqual([...model.update('a', (value) => (value ?? 0) + 1)]);
      const told: [string, number][] = [];
      map.forEach((value, name) => told.push([name, value]));
      expect(told).toEqual([...map]);
    }));
  });
});

test('set does what the model does', () => {
  fc.assert(fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
    let set = PSet<string>();
    let model = Immutable.Set<string>();
    for (const one of changes) {
      set = one.do === 'set' ? set.add(one.key) : set.delete(one.key);
      model = one.do === 'set' ? model.add(one.key) : model.delete(one.key);
      expect([set.size, set.has(one.key)]).toEqual([model.size, model.has(one.key)]);
    }
    expect([...set]).toEqual([...model]);
    expect([...PSet([...set])]).toEqual([...Immutable.Set([...model])]);
  }));
});

const listChange = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('push' as const), n: fc.integer({ min: 1, max: 90 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('shift' as const), n: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('slice' as const, 'set' as const, 'delete' as const), n: fc.nat({ max: 100 }) }) },
);

describe('list', () => {
  test('does what the model does, and leaves all earlier lists as they were', () => {
    fc.assert(fc.property(fc.array(listChange, { maxLength: 60 }), (changes) => {
      let list = List<number>();
      let model: readonly number[] = [];
      let next = 0;
      const past: [typeof list, typeof model][] = [];
      for (const { do: what, n } of changes) {
        if (what === 'push') for (let i = 0; i < n; i += 1) { list = list.push(next); model = [...model, next]; next += 1; }
        else if (what === 'shift') for (let i = 0; i < n; i += 1) { list = list.shift(); model = model.slice(1); }
        else if (what === 'slice') { list = list.slice(n); model = model.slice(n); }
        else if (n < model.length) {
          list = what === 'set' ? list.set(n, -n) : list.delete(n);
          model = what === 'set' ? model.map((item, at) => (at === n ? -n : item)) : model.filter((_, at) => at !== n);
        }
        past.push([list, model]);
        expect([list.size, list.first(), list.last(), list.get(n), list.get(model.length)]).toEqual([model.length, model[0], model.at(-1), model[n], undefined]);
      }
      for (const [mine, theirs] of past) expect([...mine]).toEqual(theirs);
    }), { numRuns: 300 });
  });

  test('three levels deep', () => {
    let list = List<number>();
    for (let n = 0; n < 40_000; n += 1) list = list.push(n);
    for (const n of [0, 31, 32, 1_023, 1_024, 32_767, 32_768, 39_999]) expect(list.get(n)).toBe(n);
    expect(list.set(33_000, -1).get(33_000)).toBe(-1);
    const rest = list.slice(10_000);
    expect([rest.size, rest.get(0), rest.get(29_999), rest.push(5).last()]).toEqual([30_000, 10_000, 39_999, 5]);
    expect(list.toArray()).toEqual([...Array(40_000).keys()]);
  });

  test('a queue does not keep all that ever went through it', () => {
    let queue = List<number>();
    for (let n = 0; n < 10_000; n += 1) queue = n < 50 ? queue.push(n) : queue.push(n).shift();
    expect([...queue]).toEqual(Array.from({ length: 50 }, (_, n) => 9_950 + n));
    expect(JSON.stringify(queue).length).toBeLessThan(2_000);
  });

  test('outside the list there is nothing, and nothing can be put', () => {
    expect([List([1]).get(1), List([1]).get(-2), List().first()]).toEqual([undefined, undefined, undefined]);
    expect(() => List([1]).set(1, 2)).toThrow('no place 1');
  });
});

test('collections know themselves', () => expect([PMap(), PSet(), List(), new Map(), [1]].map(isCollection)).toEqual([true, true, true, false, false]));
