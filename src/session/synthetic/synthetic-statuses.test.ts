import { describe, expect, it } from 'vitest';
import { failing, notReady } from '../port/mass-status.ts';
import type { FromSession } from '../port/protocol.ts';
import { createSession } from '../session.ts';
import { syntheticSize, SyntheticStatuses } from './synthetic-statuses.ts';

const size = { nodes: 500, pods: 15_000 };
const after = (seed: number, seconds: number): SyntheticStatuses => {
  const statuses = new SyntheticStatuses(seed, size);
  for (let second = 0; second < seconds; second += 1) statuses.step();
  return statuses;
};
const count = (states: Uint8Array, state: number): number => states.reduce((sum, each) => sum + Number(each === state), 0);

describe('statuses from a seed', () => {
  it.each([['synthetic-5000x150000', { nodes: 5_000, pods: 150_000 }], ['synthetic-1x0', { nodes: 1, pods: 0 }], ['synthetic-0x5', undefined], ['synthetic-100000x1', undefined], ['nodes-20', undefined]])('%s', (name, asked) => expect(syntheticSize(name)).toEqual(asked));

  it('the same seed makes the same world, another seed another', () => {
    expect(after(1, 60).table()).toEqual(after(1, 60).table());
    expect(after(1, 60).table().pods).not.toEqual(after(2, 60).table().pods);
  });

  it('every Pod is on a node; most run, a few fail, some nodes are lost, and it stays so', () => {
    for (const seconds of [0, 300, 1_200]) {
      const { nodes, pods, podStart } = after(3, seconds).table();
      expect(podStart[size.nodes]).toBe(size.pods);
      expect(podStart.every((start, node) => node === 0 || start >= podStart[node - 1]!)).toBe(true);
      expect(count(pods, 0) / size.pods).toBeGreaterThan(0.9);
      expect(count(pods, failing)).toBeGreaterThan(0);
      expect(count(pods, failing) / size.pods).toBeLessThan(0.02);
      expect(count(nodes, notReady) / size.nodes).toBeLessThan(0.03);
    }
  });

  it('no Pod of a lost node is called ready, and they are again when it is back', () => {
    const statuses = new SyntheticStatuses(4, size);
    let lost = 0;
    for (let second = 0; second < 1_500; second += 1) {
      statuses.step();
      const { nodes, pods, podStart } = statuses.table();
      nodes.forEach((state, node) => {
        if (state !== notReady) return;
        lost += 1;
        expect(pods.subarray(podStart[node], podStart[node + 1])).not.toContain(0);
      });
    }
    expect(lost).toBeGreaterThan(100);
    const { nodes, pods, podStart } = statuses.table();
    nodes.forEach((state, node) => { if (state !== notReady) expect(pods.subarray(podStart[node], podStart[node + 1])).not.toContain(1); });
  });
});

describe('a session of them', () => {
  it('knows on from a moment what it would have known from the beginning, and refuses to act', () => {
    const heard: FromSession[] = [];
    const session = createSession({ emit: (message) => heard.push(message), readManifests: () => { throw new Error('not asked for'); } });
    session.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'synthetic-500x15000', commands: [] } });
    session.receive({ type: 'know', throughUs: 30_500_000, untilNews: false, limitUs: 30_500_000 });
    session.receive({ type: 'seek', toUs: 12_000_000 });
    session.receive({ type: 'know', throughUs: 30_500_000, untilNews: false, limitUs: 30_500_000 });
    session.receive({ type: 'dispatch', id: 7, atUs: 12_000_000, command: { type: 'power-off-node', node: 'node-001' } });
    const frames = heard.flatMap((message) => (message.type === 'frame' ? [message] : []));
    expect(frames.map(({ whole, fromUs, toUs, mass }) => [whole, fromUs, toUs, mass!.changes.length])).toEqual([[true, 0, 0, 0], [false, 0, 30_500_000, 30], [true, 12_000_000, 12_000_000, 0], [false, 12_000_000, 30_500_000, 18]]);
    expect(frames[3]!.mass!.changes).toEqual(frames[1]!.mass!.changes.slice(12));
    expect(frames[2]!.mass!.table).toEqual(expect.objectContaining({ origin: 'synthetic' }));
    expect(heard.at(-1)).toMatchObject({ type: 'refused', id: 7 });
  });
});
