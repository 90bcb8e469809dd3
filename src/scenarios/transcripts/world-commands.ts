import { parseDurationUs, formatSeconds } from '../../simulation/clock/duration.ts';
import type { Args, Command } from '../../simulation/testing/transcript.ts';
import type { WorldInput } from '../../simulation/recording/records.ts';
import { checkers } from '../checkers/registry.ts';
import { runUntilQuiet } from '../cluster-view.ts';
import { nodes, topology } from '../topologies/index.ts';
import type { Lab } from './lab.ts';
import { timeLabel } from './trace-lines.ts';
import { untilSo } from './until.ts';


/** The word at a place of a command line; throws where it is missing. */
export function wordAt({ words }: Args, index: number, what: string): string {
  const word = words[index];
  if (word === undefined) throw new Error(`say ${what}`);
  return word;
}

const cluster: Command<Lab> = ({ options }, _block, lab) => {
  const { topology: name = 'three-nodes', seed = '1', boot = 'yes', nodes: count, ...shape } = options;
  lab.start(count === undefined ? topology(name) : nodes(Number(count), shape), Number(seed), boot !== 'no');
  return '';
};

/** `run for 10s`, `run until 12s`, `run until quiet`, `run until pod/web Running`. */
const run: Command<Lab> = (args, _block, lab) => {
  const how = wordAt(args, 0, '`run for 10s` or `run until …`');
  const { world } = lab;
  const { limit = '10m', within = '1s' } = args.options;
  const what = wordAt(args, 1, 'how long, or until when');
  if (how === 'for') world.runUntil(world.nowUs + parseDurationUs(what));
  else if (what === 'quiet') {
    if (!runUntilQuiet(world, parseDurationUs(within), parseDurationUs(limit))) throw new Error(`not quiet after ${limit}`);
  } else if (/^\d/.test(what)) world.runUntil(lab.beganUs + parseDurationUs(what));
  else lab.runUntil(untilSo(world, what, args.words.slice(2).join(' ')), parseDurationUs(limit), args.words.slice(1).join(' '));
  return '';
};

function toHost(type: 'power-off' | 'power-on' | 'partition' | 'heal'): Command<Lab> {
  return (args, _block, lab) => {
    const host = wordAt(args, 0, 'which machine');
    if (!lab.topology.hosts.some((one) => one.name === host)) throw new Error(`no machine is called ${host}`);
    lab.dispatch({ type, host });
    return '';
  };
}

/** `worker-1/kubelet`, or the bare name of a program on the control plane. */
export function addressNamed(lab: Lab, word: string): string {
  const { processes } = lab.topology;
  const found = processes.find(({ address }) => address === word) ?? processes.find(({ address }) => address === `control-plane-1/${word}` || address === `outside/${word}`);
  if (found === undefined) throw new Error(`no program is at ${word}`);
  return found.address;
}

function toProcess(input: (address: string) => WorldInput): Command<Lab> {
  return (args, _block, lab) => {
    lab.dispatch(input(addressNamed(lab, wordAt(args, 0, 'which program'))));
    return '';
  };
}

/** `link worker-1 control-plane-1 delay=200ms jitter=50ms loss=5%`, in both directions. */
const link: Command<Lab> = (args, _block, lab) => {
  const { delay, jitter, loss } = args.options;
  const [a, b] = [wordAt(args, 0, 'from which machine'), wordAt(args, 1, 'to which machine')];
  const change = {
    ...(delay === undefined ? {} : { delayUs: parseDurationUs(delay) }), ...(jitter === undefined ? {} : { jitterUs: parseDurationUs(jitter) }),
    ...(loss === undefined ? {} : { lossPpm: Math.round(Number(loss.replace('%', '')) * 10_000) }),
  };
  lab.dispatch({ type: 'change-link', from: a, to: b, ...change }, { type: 'change-link', from: b, to: a, ...change });
  return '';
};

/** `state worker-1/kubelet` prints the chart's value. */
const state: Command<Lab> = (args, _block, lab) => {
  const process = lab.world.process(addressNamed(lab, wordAt(args, 0, 'which program')))!;
  if (!process.running) return 'not running';
  const value = process.snapshot?.value;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Every checker, as at a quiet end; those that look at each step are asked by the sweep. */
const check: Command<Lab> = (_args, _block, lab) => {
  const problems = checkers.flatMap((checker) => {
    const sentence = checker.begin(lab.world).atEnd?.();
    return sentence === undefined ? [] : [`${checker.name}: ${sentence}`];
  });
  return problems.join('\n') || 'all as asked for';
};

/** The commands that start a world, let its time pass and do things to it. */
export const worldCommands: Readonly<Record<string, Command<Lab>>> = {
  cluster, run, link, state, check,
  'power-off': toHost('power-off'), 'power-on': toHost('power-on'), partition: toHost('partition'), heal: toHost('heal'),
  stop: toProcess((address) => ({ type: 'stop-process', address })),
  crash: toProcess((address) => ({ type: 'stop-process', address, crash: true })),
  start: toProcess((address) => ({ type: 'start-process', address })),
  at: (_args, _block, lab) => timeLabel(lab.world.nowUs - lab.beganUs),
  hash: (_args, _block, lab) => `${lab.world.stateHash()} after ${lab.world.steps} steps at ${formatSeconds(lab.world.nowUs)}`,
};

