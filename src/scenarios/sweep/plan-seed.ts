import { RandomStreams } from '../../simulation/random/random-streams.ts';
import type { TimedInput } from '../../simulation/recording/records.ts';
import type { Draw } from '../faults/fault.ts';
import { faults } from '../faults/registry.ts';
import { nodes, topology, type Topology } from '../topologies/index.ts';
import { randomWorkload } from '../workloads/random-workload.ts';

/** What one seed stands for: a cluster, what its users do, and what goes wrong. Times count from the end of the bootstrap. */
export interface SeedPlan {
  readonly seed: number;
  readonly topology: Topology;
  readonly inputs: readonly TimedInput[];
  readonly faults: readonly string[];
  /** When the last input has happened. */
  readonly endsUs: number;
}

const minuteUs = 60_000_000;

function drawTopology(draw: Draw): Topology {
  switch (draw(5)) {
    case 0: return topology('single-node');
    case 1: return nodes(2, { cpu: '1', memory: '2Gi' });
    case 2: return nodes(1 + draw(4), { cpu: String(1 + draw(4)), memory: `${1 + draw(8)}Gi`, pods: String(4 + draw(30)) });
    default: return topology('three-nodes');
  }
}

/** Draws a world from a seed. `spanUs` is how long users act. */
export function planSeed(seed: number, spanUs = 5 * minuteUs): SeedPlan {
  const streams = new RandomStreams(seed);
  const drawFrom = (name: string): Draw => (bound) => streams.draw(`sweep/${name}`, bound);
  const several = drawFrom('members')(12);
  const shape = several < 2 ? topology('ha') : several === 2 ? topology('three-etcd') : drawTopology(drawFrom('topology'));
  const draw = drawFrom('faults');
  // Every fifth world is a stormy one: three times as much is done to it, and goes wrong.
  const storm = draw(5) === 0 ? 3 : 1;
  const inputs = [...randomWorkload(drawFrom('workload'), spanUs, (3 + draw(10)) * storm)];
  const texts: string[] = [];
  // Every fourth world or so is left in peace, so that what breaks without any fault is seen to.
  const count = draw(4) === 0 ? 0 : (1 + draw(4)) * storm;
  for (let i = 0; i < count; i += 1) {
    const fault = faults[draw(faults.length)]!;
    const atUs = draw(spanUs);
    const plan = fault.draw(draw, shape);
    texts.push(`${fault.name} at ${Math.round(atUs / 1_000_000)} s: ${plan.text}`);
    inputs.push(...plan.inputs.map((timed) => ({ atUs: timed.atUs + atUs, input: timed.input })));
  }
  return { seed, topology: shape, inputs: mended(inputs, shape), faults: texts, endsUs: inputs.reduce((latest, { atUs }) => Math.max(latest, atUs), 0) };
}

/** Two faults may overlap on one program, and the second's end come before the first's: at the end everything is put right. */
function mended(inputs: readonly TimedInput[], shape: Topology): readonly TimedInput[] {
  const ordered = inputs.map((timed, index) => ({ timed, index })).sort((a, b) => a.timed.atUs - b.timed.atUs || a.index - b.index).map(({ timed }) => timed);
  const atUs = (ordered.at(-1)?.atUs ?? 0) + 1_000_000;
  const stopped = new Set(ordered.flatMap(({ input }) => (input.type === 'stop-process' ? [input.address] : [])));
  const links = ordered.flatMap(({ input }) => (input.type === 'change-link' ? [{ from: input.from, to: input.to }] : []));
  const hosts = shape.hosts.filter(({ where }) => where !== 'outside').map(({ name }) => name);
  return [
    ...ordered,
    ...hosts.flatMap((host) => [{ atUs, input: { type: 'power-on', host } as const }, { atUs, input: { type: 'heal', host } as const }]),
    ...links.map((link) => ({ atUs, input: { type: 'change-link', ...link, delayUs: 400, jitterUs: 200, lossPpm: 0 } as const })),
    ...[...stopped].map((address) => ({ atUs, input: { type: 'start-process', address } as const })),
  ];
}
