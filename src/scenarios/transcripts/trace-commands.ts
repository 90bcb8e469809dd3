import { parseDurationUs } from '../../simulation/clock/duration.ts';
import type { Args, Command } from '../../simulation/testing/transcript.ts';
import type { TraceRecord } from '../../simulation/recording/records.ts';
import { parseRef } from '../cluster-view.ts';
import type { Lab } from './lab.ts';
import { isAbout, recordLine, shortAddress, shownAtUs, timeLabel } from './trace-lines.ts';
import { wordAt } from './world-commands.ts';

const line = (lab: Lab, record: TraceRecord, times: boolean): string => `${times ? `${timeLabel(shownAtUs(record) - lab.beganUs)} ` : ''}${recordLine(record)}`;

/** Records from the moment that `since=` says: a time, `apply`, `start`, or (as left out) the file's latest change. */
function recordsSince(lab: Lab, since: string | undefined): readonly TraceRecord[] {
  const { world } = lab;
  if (since === undefined) return world.recordsBetween(lab.changedAt);
  if (since === 'apply') return world.recordsBetween(lab.appliedAt);
  if (since === 'start') return world.recordsBetween(0);
  const fromUs = lab.beganUs + parseDurationUs(since);
  return world.recordsBetween(0).filter((record) => shownAtUs(record) >= fromUs);
}

/** `kubelet`, `worker-1/kubelet` or `worker-1/*`; several with commas. */
function addressMatches(pattern: string | undefined, address: string): boolean {
  if (pattern === undefined) return true;
  return pattern.split(',').some((one) => one === address || one === shortAddress(address) || address.endsWith(`/${one}`) || (one.endsWith('*') && address.startsWith(one.slice(0, -1))));
}

/** `api.create`, `api.*`, `-api.response`; several with commas. */
function typeMatches(pattern: string | undefined, type: string): boolean {
  if (pattern === undefined) return true;
  const is = (one: string): boolean => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : one === type);
  const all = pattern.split(',');
  const refused = all.filter((one) => one.startsWith('-')).map((one) => one.slice(1));
  const wanted = all.filter((one) => !one.startsWith('-'));
  return !refused.some(is) && (wanted.length === 0 || wanted.some(is));
}

function printed(lab: Lab, records: readonly TraceRecord[], { options }: Args): string {
  const { about, background = 'no', times = 'on', limit } = options;
  const ref = about === undefined ? undefined : parseRef(about);
  const shown = records.filter((record) => (background === 'yes' || !record.background) && (ref === undefined || isAbout(record, { resource: ref.info.resource, kind: ref.info.kind, namespace: ref.namespace, name: ref.name })));
  const ordered = shown.slice().sort((a, b) => shownAtUs(a) - shownAtUs(b) || a.id - b.id);
  const cut = limit === undefined ? ordered : ordered.slice(0, Number(limit));
  return cut.map((record) => line(lab, record, times !== 'off')).join('\n') || 'none';
}

const messages: Command<Lab> = (args, _block, lab) => {
  const { from, to, type, since } = args.options;
  return printed(lab, recordsSince(lab, since).filter((record) => record.what === 'message' && addressMatches(from, record.from) && addressMatches(to, record.to) && typeMatches(type, record.type)), args);
};

const notes: Command<Lab> = (args, _block, lab) => {
  const { from, name, since } = args.options;
  return printed(lab, recordsSince(lab, since).filter((record) => record.what === 'note' && addressMatches(from, record.address) && typeMatches(name, record.note.name)), args);
};

/** The chain from the latest news about an object back to whoever began it, told forwards. */
const why: Command<Lab> = (args, _block, lab) => {
  const ref = parseRef(wordAt(args, 0, 'about what: pod/web'));
  const about = { resource: ref.info.resource, kind: ref.info.kind, namespace: ref.namespace, name: ref.name };
  const { world } = lab;
  const written = (record: TraceRecord): boolean => record.what === 'message' && record.type === 'etcd.Txn' && isAbout(record, about);
  let id = world.recorded - 1;
  while (id >= 0 && !written(world.record(id)!)) id -= 1;
  if (id < 0) return 'nothing was ever written about it';
  const chain: TraceRecord[] = [];
  for (; id >= 0; id = world.record(id)!.causeId) chain.push(world.record(id)!);
  return chain.reverse().map((record) => line(lab, record, args.options['times'] !== 'off')).join('\n');
};

/** The commands that print the trace. */
export const traceCommands: Readonly<Record<string, Command<Lab>>> = { messages, notes, why };
