import { Agenda } from '../clock/agenda.ts';
import { addSlot, type AgendaEntry, type Kernel, type RequestRow, type StreamRow } from '../kernel.ts';
import { Links, type LinkOptions } from '../network/links.ts';
import type { SimTime, Snapshot } from '../process/process.ts';
import type { ProcessSpec } from './records.ts';
import { RandomStreams } from '../random/random-streams.ts';
import { hashValue, mix, printHash } from './state-hash.ts';

/** A moment of a world, kept so that time can go back to it. Processes' snapshots are immutable, so keeping one is keeping a reference. */
export interface Checkpoint {
  readonly atUs: SimTime;
  readonly steps: number;
  readonly sequence: number;
  readonly hash: readonly [number, number];
  /** How much of the trace and of the inputs lies before this moment. */
  readonly records: number;
  readonly inputs: number;
  readonly agenda: readonly AgendaEntry[];
  readonly slots: readonly SlotMoment[];
  readonly requests: readonly RequestRow[];
  readonly streams: readonly StreamRow[];
  readonly random: ReturnType<RandomStreams['save']>;
  readonly links: readonly (readonly [string, LinkOptions])[];
  readonly poweredOff: readonly string[];
  readonly cutOff: readonly string[];
  readonly held: Kernel['held'];
}
interface SlotMoment { readonly spec: ProcessSpec; readonly running: boolean; readonly incarnation: number; readonly snapshot: Snapshot | undefined; readonly disk: unknown; readonly endedAtUs: SimTime }

/** Is there still a reason for this entry? Answered requests' deadlines and replaced timers only take up room. */
function isLive(kernel: Kernel, entry: AgendaEntry): boolean {
  if (entry.what === 'timer') return kernel.slots[entry.slot]!.timers.get(entry.id) === entry.sequence;
  if (entry.what === 'deadline') return kernel.requests.has(entry.conversation);
  if (entry.what === 'break') return kernel.streams.has(entry.conversation);
  return true;
}

export function takeCheckpoint(kernel: Kernel, inputs: number): Checkpoint {
  const agenda = kernel.agenda.entries().filter((entry) => isLive(kernel, entry));
  if (agenda.length * 2 < kernel.agenda.size) kernel.agenda = Agenda.from(agenda);
  return {
    atUs: kernel.nowUs, steps: kernel.steps, sequence: kernel.sequence, hash: [kernel.hashHigh, kernel.hashLow], records: kernel.recorded, inputs, agenda,
    slots: kernel.slots.map(({ spec, running, incarnation, snapshot, disk, endedAtUs }) => ({ spec, running, incarnation, snapshot, disk, endedAtUs })),
    requests: [...kernel.requests.values()], streams: [...kernel.streams.values()].map((row) => ({ ...row })),
    random: kernel.random.save(), links: kernel.links.save(), poweredOff: [...kernel.poweredOff], cutOff: [...kernel.cutOff], held: kernel.held.slice(),
  };
}

/** Puts a kernel back to a moment. Slots that came into the world later are taken out again. */
export function restoreCheckpoint(kernel: Kernel, checkpoint: Checkpoint, seed: number): void {
  Object.assign(kernel, { nowUs: checkpoint.atUs, steps: checkpoint.steps, sequence: checkpoint.sequence, hashHigh: checkpoint.hash[0], hashLow: checkpoint.hash[1] });
  kernel.recorded = checkpoint.records;
  for (const slot of kernel.slots.splice(checkpoint.slots.length)) kernel.byAddress.delete(slot.address);
  for (const { spec } of checkpoint.slots.slice(kernel.slots.length)) addSlot(kernel, spec);
  checkpoint.slots.forEach((moment, index) => Object.assign(kernel.slots[index]!, moment, { timers: new Map<string, number>(), conversations: new Map<string, number>() }));
  kernel.agenda = Agenda.from(checkpoint.agenda);
  for (const entry of checkpoint.agenda) if (entry.what === 'timer') kernel.slots[entry.slot]!.timers.set(entry.id, entry.sequence);
  kernel.requests = new Map(checkpoint.requests.map((row) => [row.id, row]));
  kernel.streams = new Map(checkpoint.streams.map((row) => [row.id, { ...row }]));
  for (const row of kernel.requests.values()) kernel.slots[row.from]!.conversations.set(row.ownId, row.id);
  for (const row of kernel.streams.values()) if (row.dialerOpen) kernel.slots[row.dialer]!.conversations.set(row.ownId, row.id);
  kernel.random = new RandomStreams(seed, checkpoint.random);
  kernel.links = new Links(checkpoint.links);
  kernel.poweredOff = new Set(checkpoint.poweredOff);
  kernel.cutOff = new Set(checkpoint.cutOff);
  kernel.held = checkpoint.held.slice();
}

/** A hash of everything the processes know, beside the running hash of everything that happened. */
export function stateHash(kernel: Kernel): string {
  let state = 0;
  for (const slot of kernel.slots) state = mix(mix(state, slot.running ? 1 : 2), mix(hashValue(slot.snapshot?.value), hashValue(slot.snapshot?.state)));
  return printHash(mix(kernel.hashHigh, kernel.steps), mix(kernel.hashLow, state));
}
