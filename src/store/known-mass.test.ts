import { describe, expect, it } from 'vitest';
import type { Frame } from '../session/port/protocol.ts';
import { KnownMass } from './known-mass.ts';

/** What the session of statuses answers is tested beside it; here it is only a list of changes. */
const changes = (): NonNullable<Frame['mass']> => ({
  table: { origin: 'synthetic', nodeNames: ['a', 'b'], nodes: new Uint8Array([0, 0]), requested: new Uint8Array(2), podStart: new Uint32Array([0, 2, 4]), pods: new Uint8Array(4) },
  changes: [
    { atUs: 10, nodes: { at: new Uint32Array([1]), to: new Uint8Array([2]) }, pods: { at: new Uint32Array([2, 3]), to: new Uint8Array([1, 1]) } },
    { atUs: 20, nodes: { at: new Uint32Array([]), to: new Uint8Array([]) }, pods: { at: new Uint32Array([3]), to: new Uint8Array([5]) } },
    { atUs: 30, nodes: { at: new Uint32Array([1]), to: new Uint8Array([0]) }, pods: { at: new Uint32Array([3]), to: new Uint8Array([0]) } },
  ],
});

const at = (mass: KnownMass): string => `${[...mass.view!.table.nodes].join('')} ${[...mass.view!.table.pods].join('')}`;

describe('the statuses at one moment', () => {
  it('are the same whichever way one came to it', () => {
    const mass = new KnownMass();
    mass.take(true, changes());
    const seen = new Map<number, string>();
    for (const moment of [0, 10, 15, 20, 30, 99]) {
      mass.moveTo(moment);
      seen.set(moment, at(mass));
    }
    expect([...seen.values()]).toEqual(['00 0000', '02 0011', '02 0011', '02 0015', '00 0010', '00 0010']);
    for (const moment of [20, 99, 10, 0, 30, 15, 0]) {
      mass.moveTo(moment);
      expect([moment, at(mass)]).toEqual([moment, seen.get(moment)]);
    }
  });

  it('are another object when they have changed, and the same when not', () => {
    const mass = new KnownMass();
    mass.take(true, changes());
    const before = mass.view;
    mass.moveTo(9);
    expect(mass.view).toBe(before);
    mass.moveTo(10);
    expect(mass.view).not.toBe(before);
  });

  it('are gone when a world comes that has rows', () => {
    const mass = new KnownMass();
    mass.take(true, changes());
    mass.take(true, undefined);
    expect(mass.view).toBeNull();
  });
});
