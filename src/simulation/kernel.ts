import { Agenda, type Entry } from './clock/agenda.ts';
import { Links } from './network/links.ts';
import type { Address, FailureReason, ProcessDefinition, SimTime, Snapshot } from './process/process.ts';
import { RandomStreams } from './random/random-streams.ts';
import type { MessageRecord, ProcessSpec, TraceRecord } from './recording/records.ts';

/** One place where a program runs, and what it is doing there. */
export interface Slot {
  readonly index: number;
  readonly address: Address;
  readonly host: string;
  readonly spec: ProcessSpec;
  readonly definition: ProcessDefinition;
  running: boolean;
  incarnation: number;
  snapshot: Snapshot | undefined;
  disk: unknown;
  endedAtUs: SimTime;
  /** Live timers: our name for each, and the agenda entry that is its newest setting. */
  timers: Map<string, number>;
  /** Requests and streams this process began: its own name for each, and the conversation. */
  conversations: Map<string, number>;
  readonly random: (stream: string, bound: number) => number;
  /** The program that this one has been found to be allowed to dial with a message of this type; most types go to one program only. */
  readonly mayDial: Map<string, string>;
}

export interface RequestRow { readonly id: number; readonly from: number; readonly ownId: string; readonly to: number; readonly background: boolean; /** Who was dialled, where no machine has that name; `to` is the caller itself then. */ readonly nobody?: { readonly address: string; readonly stream: boolean } }

export interface StreamRow {
  readonly id: number;
  readonly dialer: number;
  readonly ownId: string;
  readonly acceptor: number;
  dialerOpen: boolean;
  acceptorOpen: boolean;
  /** The acceptor has heard of it. */
  accepted: boolean;
  /** Latest arrivals in each direction: a stream keeps its order. */
  toAcceptorUs: SimTime;
  toDialerUs: SimTime;
}

export type AgendaEntry = Entry & (
  | { readonly what: 'deliver'; readonly record: MessageRecord; readonly fromIncarnation: number }
  | { readonly what: 'timer'; readonly slot: number; readonly id: string; readonly name: string; readonly body: unknown; readonly causeId: number; readonly background: boolean }
  | { readonly what: 'deadline'; readonly conversation: number; readonly causeId: number; readonly background: boolean }
  /** A stream whose other end cannot be reached is given up, unless it can be by then. */
  | { readonly what: 'break'; readonly conversation: number; readonly causeId: number }
  | { readonly what: 'start'; readonly slot: number; readonly causeId: number }
);

/** Everything that changes while a world runs. One object, handed to the parts of the kernel that act on it. */
export interface Kernel {
  nowUs: SimTime;
  sequence: number;
  steps: number;
  hashHigh: number;
  hashLow: number;
  agenda: Agenda<AgendaEntry>;
  readonly slots: Slot[];
  readonly byAddress: Map<Address, Slot>;
  requests: Map<number, RequestRow>;
  streams: Map<number, StreamRow>;
  random: RandomStreams;
  links: Links;
  /** Hosts without power, and hosts cut off from all others with the time since when. */
  poweredOff: Set<string>;
  cutOff: Set<string>;
  /** Messages that wait in retransmission for a cut link. */
  held: { readonly record: MessageRecord; readonly fromIncarnation: number }[];
  /** The trace. What lies at and after `recorded` was reached before time went back; it stays known until the past is changed. */
  trace: TraceRecord[];
  recorded: number;
  readonly definitions: Readonly<Record<string, ProcessDefinition>>;
  readonly permits: (fromProgram: string, toProgram: string, protocol: string) => boolean;
  onStep: ((slot: Slot, eventId: number) => void) | undefined;
}

/** After so long without an answer an HTTP/2 connection is given up (30 s of silence, then 15 s for a ping). */
export const connectionLossUs = 45_000_000;
/** Dialling a host that has no power: the neighbour gives no ARP answer. */
export const noRouteUs = 3_000_000;

export const conversationOf = (id: string): number => (id.charCodeAt(0) === 35 ? Number(id.slice(1)) : -1);

export const reachable = (kernel: Kernel, from: string, to: string): boolean =>
  kernel.cutOff.size === 0 || from === to || (!kernel.cutOff.has(from) && !kernel.cutOff.has(to));

/** The next place in the agenda: what is put in earlier happens earlier at equal times. */
export const nextSequence = (kernel: Kernel): number => (kernel.sequence += 1);

export function travelUs(kernel: Kernel, from: Slot, to: Slot): number {
  const link = kernel.links.between(from.host, to.host);
  return kernel.links.delayUs(link, kernel.random);
}

export interface Sending {
  readonly type: string;
  readonly body: unknown;
  readonly causeId: number;
  readonly background: boolean;
  readonly workUs: number;
  readonly reason?: FailureReason;
}

/** Puts a message on its link and into the trace. `conversation` is -1 where it begins one; on a stream, nothing overtakes what arrives `notBeforeUs`. */
export function send(kernel: Kernel, kind: MessageRecord['kind'], from: Slot, to: Slot, s: Sending, conversation: number, notBeforeUs: SimTime): MessageRecord {
  return put(kernel, kind, from, to, s.type, s.body, s.causeId, s.background, s.workUs, s.reason, conversation, notBeforeUs);
}

/** As `send`, field by field: most messages need no object of their own on the way. */
export function put(kernel: Kernel, kind: MessageRecord['kind'], from: Slot, to: Slot, type: string, body: unknown, causeId: number, background: boolean, workUs: number, reason: FailureReason | undefined, conversation: number, notBeforeUs: SimTime): MessageRecord {
  const sentAtUs = kernel.nowUs + workUs;
  const arrivesAtUs = Math.max(sentAtUs + travelUs(kernel, from, to), notBeforeUs);
  const id = kernel.recorded;
  const record: MessageRecord = {
    what: 'message', id, atUs: kernel.nowUs, causeId, background, kind, from: from.address, to: to.address, type, body,
    sentAtUs, arrivesAtUs, conversation: conversation < 0 ? id : conversation, reason, lost: !to.running || !reachable(kernel, from.host, to.host),
  };
  append(kernel, record);
  kernel.agenda.put({ what: 'deliver', atUs: arrivesAtUs, sequence: nextSequence(kernel), record, fromIncarnation: from.incarnation });
  return record;
}

/** Adds to the trace; a record's id is `kernel.recorded` at that moment. */
export function append(kernel: Kernel, record: TraceRecord): void {
  kernel.trace[kernel.recorded] = record;
  kernel.recorded += 1;
}

/** Makes the place where a program will run. */
export function addSlot(kernel: Kernel, spec: ProcessSpec): Slot {
  const definition = kernel.definitions[spec.program];
  if (definition === undefined) throw new Error(`no program is called ${spec.program}`);
  if (kernel.byAddress.has(spec.address)) throw new Error(`there is a process at ${spec.address} already`);
  const streams = new Map<string, string>();
  const slot: Slot = {
    index: kernel.slots.length, address: spec.address, host: spec.address.slice(0, spec.address.indexOf('/')), spec, definition,
    running: false, incarnation: 0, snapshot: undefined, disk: undefined, endedAtUs: -1, timers: new Map(), conversations: new Map(), mayDial: new Map(),
    random: (stream, bound) => {
      let name = streams.get(stream);
      if (name === undefined) streams.set(stream, name = `${spec.address}/${stream}`);
      return kernel.random.draw(name, bound);
    },
  };
  kernel.slots.push(slot);
  kernel.byAddress.set(spec.address, slot);
  return slot;
}

/** The background flag of what caused something: inherited along the chain. */
export const inherited = (kernel: Kernel, causeId: number): boolean => kernel.trace[causeId]?.background ?? false;
