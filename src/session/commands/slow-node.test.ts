import { expect, test } from 'vitest';
import type { HostRow } from '../port/rows.ts';
import { SmallWorld, second, web } from '../testing/small-world.ts';

const hostRow = (world: SmallWorld, name: string): HostRow => world.rows.get(`host/${name}`) as HostRow;

/** How long those messages took that left the machine, and those that came to it, since a moment: at least and at most, in ms. */
function tookMs(world: SmallWorld, host: string, sinceUs: number): readonly number[] {
  const took = [...world.messages.values()].filter(({ from, to, sentAtUs }) => sentAtUs >= sinceUs && (from.startsWith(`${host}/`) !== to.startsWith(`${host}/`))).map(({ sentAtUs, arrivesAtUs }) => (arrivesAtUs - sentAtUs) / 1_000);
  expect(took.length).toBeGreaterThan(5);
  return [Math.min(...took), Math.max(...took)];
}

/** Every machine gets something to do. */
function busy(world: SmallWorld, replicas: number): number {
  const beganUs = world.nowUs;
  world.apply(web(replicas), 25 * second);
  return beganUs;
}

test('messages to a slow machine and from it take longer, those of the others do not; healed, all is as before', () => {
  const world = new SmallWorld();
  world.pass(20 * second);
  world.do({ type: 'slow-node', node: 'worker-1', delayMs: 200 });
  world.do({ type: 'slow-node', node: 'worker-2', delayMs: 1_000 });
  world.do({ type: 'partition-node', node: 'worker-1' });
  let sinceUs = busy(world, 9);
  expect([hostRow(world, 'worker-1'), hostRow(world, 'worker-2').slowUs, hostRow(world, 'worker-3').slowUs]).toEqual([{ type: 'host', name: 'worker-1', where: 'node', powered: true, partitioned: true, slowUs: 200_000 }, 1_000_000, 0]);
  const [least, most] = tookMs(world, 'worker-2', sinceUs);
  expect(least).toBeGreaterThan(1_000);
  expect(most).toBeLessThan(1_502);
  expect(tookMs(world, 'worker-3', sinceUs)[1]).toBeLessThan(1);
  world.do({ type: 'heal-node', node: 'worker-1' });
  world.pass(5 * second);
  sinceUs = busy(world, 18);
  expect(hostRow(world, 'worker-1')).toMatchObject({ partitioned: false, slowUs: 0 });
  expect(hostRow(world, 'worker-2').slowUs).toBe(1_000_000);
  expect(tookMs(world, 'worker-1', sinceUs)[1]).toBeLessThan(1);
  expect(tookMs(world, 'worker-2', sinceUs)[0]).toBeGreaterThan(1_000);
});

test.each<[string, number, string]>([
  ['moon', 200, 'There is no node called "moon".'],
  ['worker-1', 0, 'A delay is a whole number of milliseconds from 1 to 10000, not 0.'],
  ['worker-1', 10_001, 'A delay is a whole number of milliseconds from 1 to 10000, not 10001.'],
  ['worker-1', 1.5, 'A delay is a whole number of milliseconds from 1 to 10000, not 1.5.'],
  ['worker-1', '200' as unknown as number, 'A delay is a whole number of milliseconds from 1 to 10000, not 200.'],
])('%s by %s ms is refused', (node, delayMs, text) => {
  const world = new SmallWorld();
  expect(() => world.do({ type: 'slow-node', node, delayMs })).toThrow(text.replaceAll('"', '\\"'));
  expect(hostRow(world, 'worker-1').slowUs).toBe(0);
});
