import { Agenda } from './clock/agenda.ts';
import { addSlot, append, nextSequence, type Kernel, type Slot } from './kernel.ts';
import { resetOldStreams, watchCutStreams } from './network/conversations.ts';
import { breakConnection, deliver, passDeadline } from './network/delivery.ts';
import { Links } from './network/links.ts';
import { endProcess, fireTimer, startProcess, step } from './process/host.ts';
import type { Address, ProcessDefinition, ProcessEvent, SimTime, Snapshot } from './process/process.ts';
import { RandomStreams } from './random/random-streams.ts';
import { restoreCheckpoint, stateHash, takeCheckpoint, type Checkpoint } from './recording/checkpoint.ts';
import type { ProcessSpec, TimedInput, TraceRecord, WorldInput, WorldSpec } from './recording/records.ts';
import { printHash } from './recording/state-hash.ts';

/** The code a world runs: every program by name, and who may dial whom with which protocol. */
export interface Programs {
  readonly definitions: Readonly<Record<string, ProcessDefinition>>;
  readonly permits: (fromProgram: string, toProgram: string, protocol: string) => boolean;
}

export interface ProcessView { readonly address: Address; readonly program: string; readonly host: string; readonly running: boolean; readonly incarnation: number; readonly snapshot: Snapshot | undefined; readonly disk: unknown; readonly spec: ProcessSpec }

const stepsBetweenCheckpoints = 1_500;
const checkpointsKept = 400;

/**
 * A running, recorded world. The same spec and the same inputs at the same times give the same trace and the same hashes, bit for bit.
 * Going back is `seek`; another future is `fork`.
 */
export class World {
  readonly spec: WorldSpec;
  private readonly programs: Programs;
  private readonly kernel: Kernel;
  private inputs: TimedInput[] = [];
  private nextInput = 0;
  private checkpoints: Checkpoint[] = [];
  private lastCheckpointSteps = 0;
  private onInput: (() => void) | undefined;

  constructor(spec: WorldSpec, programs: Programs) {
    this.spec = spec;
    this.programs = programs;
    this.kernel = {
      nowUs: 0, sequence: 0, steps: 0, hashHigh: spec.seed | 0, hashLow: 0x9e3779b9 | 0, agenda: new Agenda(), slots: [], byAddress: new Map(), requests: new Map(), streams: new Map(),
      random: new RandomStreams(spec.seed), links: new Links(), poweredOff: new Set(), cutOff: new Set(), held: [], trace: [], recorded: 0, definitions: programs.definitions, permits: programs.permits, onStep: undefined,
    };
    for (const process of spec.processes) this.addProcess(process, -1);
    this.checkpoints.push(takeCheckpoint(this.kernel, 0));
  }

  get nowUs(): SimTime { return this.kernel.nowUs; }
  get steps(): number { return this.kernel.steps; }
  /** How many records there are up to now; their ids are 0 … recorded - 1. */
  get recorded(): number { return this.kernel.recorded; }
  record(id: number): TraceRecord | undefined { return id < this.kernel.recorded ? this.kernel.trace[id] : undefined; }
  /** The records [from, to) of what happened so far. */
  recordsBetween(from: number, to = this.kernel.recorded): readonly TraceRecord[] { return this.kernel.trace.slice(Math.max(0, from), Math.min(to, this.kernel.recorded)); }
  get inputLog(): readonly TimedInput[] { return this.inputs; }
  /** When the next thing will happen, or undefined if nothing ever will. */
  get nextUs(): SimTime | undefined {
    const input = this.inputs[this.nextInput]?.atUs;
    const entry = this.kernel.agenda.peek()?.atUs;
    return input === undefined ? entry : entry === undefined ? input : Math.min(input, entry);
  }
  /** A cheap hash of everything that happened so far. */
  get hash(): string { return printHash(this.kernel.hashHigh, this.kernel.hashLow); }
  /** The running hash and everything all processes know. */
  stateHash(): string { return stateHash(this.kernel); }

  process(address: Address): ProcessView | undefined {
    const slot = this.kernel.byAddress.get(address);
    return slot && view(slot);
  }
  processes(): readonly ProcessView[] { return this.kernel.slots.map(view); }
  isPowered(host: string): boolean { return !this.kernel.poweredOff.has(host); }
  isCutOff(host: string): boolean { return this.kernel.cutOff.has(host); }
  /** By how much each message from this host takes longer than usual. */
  slownessUs(host: string): number { return this.kernel.links.slownessUs(host); }
  /** Open streams as (dialler, acceptor) addresses. */
  streams(): readonly { readonly dialer: Address; readonly acceptor: Address }[] {
    return [...this.kernel.streams.values()].filter((row) => row.dialerOpen && row.acceptorOpen)
      .map((row) => ({ dialer: this.kernel.slots[row.dialer]!.address, acceptor: this.kernel.slots[row.acceptor]!.address }));
  }
  /** Calls `eachStep` after each step and each end of a process, with its address and the record that led to it, and `eachInput` after each input. */
  observe(eachStep: ((address: Address, eventId: number) => void) | undefined, eachInput?: () => void): void {
    this.kernel.onStep = eachStep && ((slot, eventId) => eachStep(slot.address, eventId));
    this.onInput = eachInput;
  }

  /** Lets everything up to and including `untilUs` happen. With `stop`, ends early after the first event for which it says so. */
  runUntil(untilUs: SimTime, stop?: () => boolean): void {
    const { kernel } = this;
    for (;;) {
      const entryUs = kernel.agenda.peek()?.atUs ?? Infinity;
      const input = this.inputs[this.nextInput];
      if (input !== undefined && input.atUs < entryUs) {
        if (input.atUs > untilUs) break;
        kernel.nowUs = input.atUs;
        this.nextInput += 1;
        this.apply(input.input);
      } else {
        if (entryUs > untilUs || entryUs === Infinity) break;
        if (entryUs > kernel.nowUs && kernel.steps - this.lastCheckpointSteps >= stepsBetweenCheckpoints) this.checkpoint();
        this.happen();
      }
      if (stop?.() === true) return;
    }
    if (untilUs > kernel.nowUs && untilUs !== Infinity) kernel.nowUs = untilUs;
  }

  /** Does something to the world now, after everything that happens up to now. A future that was known is no longer true. */
  dispatch(input: WorldInput): void {
    this.inputs.length = this.nextInput;
    this.forgetFuture();
    this.runUntil(this.kernel.nowUs);
    this.inputs.push({ atUs: this.kernel.nowUs, input });
    this.nextInput += 1;
    this.apply(input);
  }

  /** Plans inputs that lie ahead: a recording to be played again. */
  plan(inputs: readonly TimedInput[]): void {
    this.forgetFuture();
    this.inputs = [...this.inputs.slice(0, this.nextInput), ...inputs];
  }

  /** Goes to a moment, back or ahead, by the nearest checkpoint before it. Inputs already given stay given. */
  seek(toUs: SimTime): void {
    const checkpoint = this.latestCheckpoint(toUs);
    if (toUs < this.kernel.nowUs || checkpoint.steps > this.kernel.steps) this.restore(checkpoint);
    this.runUntil(toUs);
  }

  /** Another world with the same past up to `atUs` and a future of its own. */
  fork(atUs: SimTime): World {
    return this.replayed(atUs, this.latestCheckpoint(atUs), this.programs);
  }

  /** The last step that a process took at that moment: what it knew before, and the event. The stretch before it is gone through again, beside this world. */
  stepAt(address: Address, atUs: SimTime): { readonly before: Snapshot; readonly event: ProcessEvent } | undefined {
    const { program } = this.slot(address).spec;
    const definition = this.programs.definitions[program]!;
    let last: { readonly before: Snapshot; readonly event: ProcessEvent } | undefined;
    const noted: ProcessDefinition = { ...definition, step: (before, event) => { if (event.env.self === address && event.env.nowUs === atUs) last = { before, event }; return definition.step(before, event); } };
    this.replayed(atUs, this.latestCheckpoint(atUs - 1), { ...this.programs, definitions: { ...this.programs.definitions, [program]: noted } });
    return last;
  }

  /** Until when the request of this record is waited for; undefined once it is answered or given up. */
  waitedForUntilUs(recordId: number): SimTime | undefined {
    if (!this.kernel.requests.has(recordId)) return undefined;
    return this.kernel.agenda.entries().find((entry) => entry.what === 'deadline' && entry.conversation === recordId)?.atUs;
  }
  isOpenStream(recordId: number): boolean { return this.kernel.streams.has(recordId); }

  private replayed(atUs: SimTime, checkpoint: Checkpoint, programs: Programs): World {
    const world = new World(this.spec, programs);
    world.inputs = this.inputs.filter((input) => input.atUs <= atUs);
    world.kernel.trace = this.kernel.trace.slice(0, checkpoint.records);
    world.checkpoints = this.checkpoints.filter((kept) => kept.steps <= checkpoint.steps);
    world.restore(checkpoint);
    world.runUntil(atUs);
    return world;
  }

  private restore(checkpoint: Checkpoint): void {
    restoreCheckpoint(this.kernel, checkpoint, this.spec.seed);
    this.nextInput = checkpoint.inputs;
    this.lastCheckpointSteps = checkpoint.steps;
  }

  private forgetFuture(): void {
    this.kernel.trace.length = this.kernel.recorded;
    this.checkpoints = this.checkpoints.filter((kept) => kept.steps <= this.kernel.steps && kept.records <= this.kernel.recorded);
  }

  private latestCheckpoint(atUs: SimTime): Checkpoint {
    let found = this.checkpoints[0]!;
    for (const checkpoint of this.checkpoints) if (checkpoint.atUs <= atUs) found = checkpoint; else break;
    return found;
  }

  private checkpoint(): void {
    this.lastCheckpointSteps = this.kernel.steps;
    if (this.checkpoints.at(-1)!.steps >= this.kernel.steps) return;
    this.checkpoints.push(takeCheckpoint(this.kernel, this.nextInput));
    // A long recording keeps its recent past at full density and every second moment of what lies further back.
    if (this.checkpoints.length > checkpointsKept) this.checkpoints = this.checkpoints.filter((_, i) => i === 0 || i % 2 === 0 || i > checkpointsKept / 2);
  }

  private addProcess(process: ProcessSpec, causeId: number): void {
    const slot = addSlot(this.kernel, process);
    this.kernel.agenda.put({ what: 'start', atUs: this.kernel.nowUs, sequence: nextSequence(this.kernel), slot: slot.index, causeId });
  }

  private happen(): void {
    const { kernel } = this;
    const entry = kernel.agenda.take()!;
    kernel.nowUs = entry.atUs;
    switch (entry.what) {
      case 'deliver': deliver(kernel, entry); break;
      case 'timer': fireTimer(kernel, entry); break;
      case 'deadline': passDeadline(kernel, entry); break;
      case 'break': breakConnection(kernel, entry); break;
      case 'start': startProcess(kernel, kernel.slots[entry.slot]!, entry.causeId); break;
    }
  }

  private apply(input: WorldInput): void {
    const { kernel } = this;
    const id = kernel.recorded;
    append(kernel, { what: 'input', id, atUs: kernel.nowUs, causeId: -1, background: false, input, number: this.nextInput - 1 });
    switch (input.type) {
      case 'tell': {
        const slot = this.slot(input.to);
        if (slot.running) step(kernel, slot, 'command', input.event, '', '', input.body, id);
        break;
      }
      case 'stop-process': endProcess(kernel, this.slot(input.address), input.crash === true ? 'crashed' : 'stopped', id); break;
      case 'start-process': startProcess(kernel, this.slot(input.address), id); break;
      case 'power-off':
        if (kernel.poweredOff.has(input.host)) break;
        kernel.poweredOff.add(input.host);
        for (const slot of kernel.slots) if (slot.host === input.host) endProcess(kernel, slot, 'power-loss', id);
        break;
      case 'power-on':
        if (!kernel.poweredOff.delete(input.host)) break;
        resetOldStreams(kernel, input.host, id);
        for (const slot of kernel.slots) if (slot.host === input.host) startProcess(kernel, slot, id);
        break;
      case 'partition':
        if (kernel.cutOff.has(input.host)) break;
        kernel.cutOff.add(input.host);
        watchCutStreams(kernel, input.host, id);
        break;
      case 'heal': this.heal(input.host); break;
      case 'change-link': kernel.links.change(input.from, input.to, Object.fromEntries(Object.entries(input).filter(([key, value]) => value !== undefined && /Us$|^lossPpm$/.test(key)))); break;
      case 'add-process': this.addProcess(input.process, id); break;
    }
    this.onInput?.();
  }

  /** What waited for the link is sent again, in its old order. */
  private heal(host: string): void {
    const { kernel } = this;
    if (!kernel.cutOff.delete(host)) return;
    const held = kernel.held;
    kernel.held = [];
    let atUs = kernel.nowUs;
    for (const { record, fromIncarnation } of held) {
      atUs += 200;
      kernel.agenda.put({ what: 'deliver', atUs, sequence: nextSequence(kernel), record, fromIncarnation });
    }
    for (const row of kernel.streams.values()) {
      row.toAcceptorUs = Math.max(row.toAcceptorUs, atUs);
      row.toDialerUs = Math.max(row.toDialerUs, atUs);
    }
  }

  private slot(address: Address): Slot {
    const slot = this.kernel.byAddress.get(address);
    if (slot === undefined) throw new Error(`there is no process at ${address}`);
    return slot;
  }
}

const view = (slot: Slot): ProcessView => ({ address: slot.address, program: slot.spec.program, host: slot.host, running: slot.running, incarnation: slot.incarnation, snapshot: slot.snapshot, disk: slot.disk, spec: slot.spec });
