import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WorldInput } from './recording/records.ts';
import { toyPrograms, toySpec } from './testing/toy-processes.ts';
import { World } from './world.ts';

const second = 1_000_000;
const client = (world: World, i = 0) => world.process(`a${i}/client`)!.snapshot!.state as { answers: string[]; heard: string[]; dials: number; asked: number };
const server = (world: World) => world.process('b/server')!.snapshot!.state as { count: number; listeners: string[] };
const born = (seed = 1, clients = 2) => new World(toySpec(seed, clients), toyPrograms);

const anyInput: fc.Arbitrary<WorldInput> = fc.oneof(
  fc.constantFrom<WorldInput>(
    { type: 'stop-process', address: 'b/server' }, { type: 'stop-process', address: 'b/server', crash: true }, { type: 'start-process', address: 'b/server' }, { type: 'stop-process', address: 'a0/client' }, { type: 'start-process', address: 'a0/client' },
    { type: 'power-off', host: 'b' }, { type: 'power-on', host: 'b' }, { type: 'power-off', host: 'a0' }, { type: 'power-on', host: 'a0' }, { type: 'partition', host: 'b' }, { type: 'heal', host: 'b' },
    { type: 'tell', to: 'b/server', event: 'toy.hang-up', body: {} }, { type: 'change-link', from: 'a0', to: 'b', lossPpm: 300_000 }, { type: 'change-link', from: 'b', to: 'a0', delayUs: 90_000 },
  ),
);
const anyScript = fc.array(fc.record({ afterUs: fc.integer({ min: 0, max: 8 * second }), input: anyInput }), { maxLength: 12 });

function play(world: World, script: readonly { afterUs: number; input: WorldInput }[]): void {
  for (const { afterUs, input } of script) {
    world.runUntil(world.nowUs + afterUs);
    world.dispatch(input);
  }
  world.runUntil(120 * second);
}

describe('requests and streams', () => {
  test('who dials a machine that there never was finds no way to it', () => {
    const world = new World({ seed: 1, processes: [...toySpec(1, 1).processes.slice(0, 1), { address: 'a0/client', program: 'client', input: { server: 'nowhere/server' } }] }, toyPrograms);
    world.runUntil(20 * second);
    expect(client(world).answers.slice(0, 1)).toEqual(['ask-0: no route to host']);
    expect(client(world).heard).toContain('no route to host');
    expect(() => new World({ seed: 1, processes: [{ address: 'a0/client', program: 'client', input: { server: 'a0/server' } }] }, toyPrograms).runUntil(20 * second)).toThrow('dials a0/server, which does not exist');
  });

  test('a request is answered after both links and the server\'s work, and the trace says what caused what', () => {
    const world = born(1, 1);
    world.runUntil(1_500_000);
    expect(client(world).answers).toEqual(['ask-0=1']);
    const records = world.recordsBetween(0);
    const answer = records.find((r) => r.what === 'message' && r.type === 'toy.answer')!;
    const ask = world.record(answer.causeId)!;
    expect(ask).toMatchObject({ what: 'message', type: 'toy.ask', from: 'a0/client', to: 'b/server' });
    expect(world.record(ask.causeId)).toMatchObject({ what: 'timer', name: 'ask' });
    if (answer.what !== 'message' || ask.what !== 'message') throw new Error('not messages');
    expect(answer.sentAtUs - ask.arrivesAtUs).toBe(1_500);
  });

  test('nobody listens: refused within one round trip; no power: no route; cut off: timed out', () => {
    for (const [input, reason] of [[{ type: 'stop-process', address: 'b/server' }, 'connection refused'], [{ type: 'power-off', host: 'b' }, 'no route to host'], [{ type: 'partition', host: 'b' }, 'timed out']] as const) {
      const world = born(3, 1);
      world.runUntil(900_000);
      world.dispatch(input);
      world.runUntil(6 * second);
      expect(client(world).answers[0]).toBe(`ask-0: ${reason}`);
    }
  });

  test('a stream breaks at both ends when one dies, and can be dialled again', () => {
    const world = born(1, 1);
    world.runUntil(2_500_000);
    expect(server(world).listeners).toHaveLength(1);
    world.dispatch({ type: 'stop-process', address: 'a0/client', crash: true });
    world.runUntil(2_600_000);
    expect(server(world).listeners).toHaveLength(0);
    world.dispatch({ type: 'start-process', address: 'a0/client' });
    world.dispatch({ type: 'stop-process', address: 'b/server', crash: true });
    world.runUntil(2_700_000);
    expect(client(world).heard).toEqual(['connection reset']);
    world.dispatch({ type: 'start-process', address: 'b/server' });
    world.runUntil(10 * second);
    expect(server(world).listeners).toHaveLength(1);
  });

  test('what is said into a cut link arrives in order if it heals before patience ends, and the stream breaks at both ends if it does not', () => {
    const world = born(1, 2);
    world.runUntil(1_500_000);
    world.dispatch({ type: 'partition', host: 'a1' });
    world.runUntil(10 * second);
    const before = client(world, 1).heard.length;
    world.dispatch({ type: 'heal', host: 'a1' });
    world.runUntil(11 * second);
    const heard = client(world, 1).heard.map(Number);
    expect(heard.length).toBeGreaterThan(before + 5);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    world.dispatch({ type: 'partition', host: 'a1' });
    world.runUntil(60 * second);
    expect(client(world, 1).heard.at(-1)).toBe('timed out');
    expect(server(world).listeners).toHaveLength(1);
  });

  test('a crash loses everything but the disk', () => {
    const world = born(1, 1);
    world.runUntil(5 * second);
    const { count } = server(world);
    world.dispatch({ type: 'power-off', host: 'b' });
    expect(world.process('b/server')!.snapshot).toBeUndefined();
    world.dispatch({ type: 'power-on', host: 'b' });
    expect(server(world)).toEqual({ count, listeners: [] });
  });

  test('a process may only dial whom it is permitted to', () => {
    expect(() => new World(toySpec(1), { ...toyPrograms, permits: () => false }).runUntil(second)).toThrow('client may not dial server with toy');
  });
});

describe('time', () => {
  test('replayed from its inputs, a world gives the same hash at every second, twice in one process', () => {
    fc.assert(fc.property(fc.integer(), anyScript, (seed, script) => {
      const first = born(seed, 3);
      play(first, script);
      for (let round = 0; round < 2; round += 1) {
        const again = born(seed, 3);
        again.plan(first.inputLog);
        const hashes: string[] = [];
        for (let t = 0; t <= 120; t += 10) { again.runUntil(t * second); hashes.push(again.stateHash()); }
        expect(hashes.at(-1)).toBe(first.stateHash());
      }
    }), { numRuns: 60 });
  });

  test('seeking anywhere and back comes to the same moment', () => {
    fc.assert(fc.property(fc.integer(), anyScript, fc.array(fc.integer({ min: 0, max: 120 * second }), { maxLength: 6 }), (seed, script, stops) => {
      const world = born(seed, 3);
      play(world, script);
      const end = world.stateHash();
      const seen = new Map<number, string>();
      for (const stop of [...stops, ...stops]) {
        world.seek(stop);
        if (seen.has(stop)) expect(world.stateHash()).toBe(seen.get(stop));
        seen.set(stop, world.stateHash());
      }
      world.seek(120 * second);
      expect(world.stateHash()).toBe(end);
    }), { numRuns: 60 });
  });

  test('a fork has the same past and its own future; the first world does not notice', () => {
    const world = born(5, 3);
    play(world, [{ afterUs: 4 * second, input: { type: 'power-off', host: 'a0' } }]);
    const end = world.stateHash();
    const fork = world.fork(3 * second);
    world.seek(3 * second);
    expect(fork.stateHash()).toBe(world.stateHash());
    fork.dispatch({ type: 'stop-process', address: 'b/server' });
    fork.runUntil(120 * second);
    world.seek(120 * second);
    expect(world.stateHash()).toBe(end);
    expect(fork.stateHash()).not.toBe(end);
  });

  test('doing something in the past drops the future that was known', () => {
    const world = born(5, 1);
    play(world, [{ afterUs: 50 * second, input: { type: 'power-off', host: 'b' } }]);
    world.seek(10 * second);
    world.dispatch({ type: 'stop-process', address: 'a0/client' });
    world.runUntil(120 * second);
    expect(world.isPowered('b')).toBe(true);
    expect(world.inputLog).toHaveLength(1);
  });

  test('another seed is another world', () => {
    const [one, two] = [born(1), born(2)];
    one.runUntil(20 * second);
    two.runUntil(20 * second);
    expect(one.hash).not.toBe(two.hash);
  });
});
