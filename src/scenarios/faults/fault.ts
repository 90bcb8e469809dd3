import type { TimedInput, WorldInput } from '../../simulation/recording/records.ts';
import type { Topology } from '../topologies/index.ts';

/** A whole number in [0, bound). */
export type Draw = (bound: number) => number;

/** Something that goes wrong and is mended again, drawn anew for each world. Times count from its own beginning. */
export interface Fault {
  readonly name: string;
  draw(draw: Draw, topology: Topology): FaultPlan;
}
export interface FaultPlan {
  /** What happens, for a reader: `worker-2 has no power for 80 s`. */
  readonly text: string;
  readonly inputs: readonly TimedInput[];
}

const secondUs = 1_000_000;

/** One of them. */
export const oneOf = <T>(draw: Draw, items: readonly T[]): T => items[draw(items.length)]!;

/** A duration whose order of magnitude is as uncertain as its length: short ones are as likely as long ones. */
export function drawSeconds(draw: Draw, shortest: number, longest: number): number {
  const doublings = Math.max(1, Math.ceil(Math.log2(longest / shortest)));
  const from = shortest * 2 ** draw(doublings);
  return Math.min(longest, Math.round(from + (draw(1_000) / 1_000) * from));
}

/** Something done, and undone so many seconds later. */
export const forSeconds = (seconds: number, begin: readonly WorldInput[], end: readonly WorldInput[]): readonly TimedInput[] =>
  [...begin.map((input) => ({ atUs: 0, input })), ...end.map((input) => ({ atUs: seconds * secondUs, input }))];

/** The machines that run a cluster's programs. */
export const machines = ({ hosts }: Topology): readonly string[] => hosts.filter(({ where }) => where !== 'outside').map(({ name }) => name);
/** The workers; on a cluster of one machine, that one. */
export function workers(topology: Topology): readonly string[] {
  const found = topology.hosts.filter(({ where }) => where === 'node').map(({ name }) => name);
  return found.length === 0 ? machines(topology) : found;
}
/** Two machines between which a link goes wrong: one with something of the control plane, and any other that speaks to it. */
export function linkOf(draw: Draw, topology: Topology): readonly [string, string] {
  const members = topology.processes.filter(({ program }) => program === 'etcd').map(({ address }) => address.slice(0, address.indexOf('/')));
  const server = members.length > 1 ? oneOf(draw, members) : 'control-plane-1';
  const others = [...(members.length > 1 ? machines(topology) : workers(topology)), 'outside'].filter((host) => members.length === 1 || host !== server);
  return [oneOf(draw, others), server];
}
/** Everything that runs but kubectl. */
export const programsOf = ({ processes }: Topology): readonly string[] => processes.filter(({ program }) => program !== 'kubectl').map(({ address }) => address);
