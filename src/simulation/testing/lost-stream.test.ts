import { expect, test } from 'vitest';
import { World } from '../world.ts';
import { toyPrograms, toySpec } from './toy-processes.ts';

const secondUs = 1_000_000;

test('a stream dialled a moment before its host has power again is given up and dialled anew', () => {
  const world = new World(toySpec(1, 1), toyPrograms);
  const client = () => world.process('a0/client')!.snapshot!.state as { readonly heard: readonly string[]; readonly dials: number };
  world.runUntil(5 * secondUs);
  world.dispatch({ type: 'power-off', host: 'b' });
  world.runUntil(120 * secondUs, () => world.streams().some(({ dialer }) => dialer === 'a0/client') && client().dials > 0);
  expect(client().heard.at(-1)).toBe('timed out');
  // What it said on dialling is lost by now.
  world.runUntil(world.nowUs + secondUs / 10);
  world.dispatch({ type: 'power-on', host: 'b' });
  const heardBefore = client().heard.length;
  world.runUntil(world.nowUs + 20 * secondUs);
  expect(client().heard.length).toBeGreaterThan(heardBefore + 5);
});
