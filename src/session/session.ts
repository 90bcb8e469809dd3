import { components, programs } from '../cluster/registry.ts';
import type { Status } from '../kubernetes/api/index.ts';
import type { ManifestReading } from '../kubernetes/yaml/index.ts';
import { topology, worldSpec, type Topology } from '../scenarios/topologies/index.ts';
import type { TimedInput } from '../simulation/recording/records.ts';
import { World } from '../simulation/world.ts';
import type { CommandTools } from './commands/command.ts';
import type { SessionCommand } from './commands/index.ts';
import { definitionOf } from './commands/registry.ts';
import type { answerQuery } from './answer-query.ts';
import { placeOf } from './manifest-places.ts';
import type { FromSession, LogLine, Problem, Recording, Reply, RowChange, ToSession } from './port/protocol.ts';
import type { MessageRow } from './port/rows.ts';
import { leaderMark, markOf, Marks } from './projections/marks.ts';
import { messageRow } from './projections/message-rows.ts';
import { RowsTracker } from './projections/rows-tracker.ts';
import { storyLine } from './projections/story.ts';
import { SyntheticSession } from './synthetic/synthetic-session.ts';
import { syntheticSize } from './synthetic/synthetic-statuses.ts';

/** What a session is given by whoever hosts it: the outside world it can not reach by itself. */
export interface SessionHost {
  emit(message: FromSession): void;
  /** kubectl's reading of YAML; handed in, so that a page can load it when it is first needed. */
  readManifests(text: string, fileName: string): ManifestReading;
  /** What answers questions; handed in for the same reason, and left out where none are asked. */
  readonly answerQuery?: typeof answerQuery;
}

export interface Session { receive(message: ToSession): void }

/** Frames are cut so that none keeps the page waiting. */
const recordsPerFrame = 3_000;
/** Background messages of a long stretch are not worth sending: the page draws only those near its playhead. */
const backgroundShownUs = 3_000_000;
/** How much of the past a whole frame tells. */
const recordsLookedBack = 6_000;
const linesLookedBack = 300;
/** The longest a cluster may take to come up before it is shown as it is. */
const bootstrapLimitUs = 120_000_000;
/** Leader election retries every 2 s or so: a shorter silence may only be a wait for it. */
const quietUs = 5_000_000;

interface Logged { readonly atUs: number; readonly command: SessionCommand; readonly inputs: number }

export function createSession(host: SessionHost): Session {
  let running: RunningSession | SyntheticSession | undefined;
  let branch = 0;
  const receive = (message: ToSession): void => {
    if (message.type === 'open') {
      branch += 1;
      const size = syntheticSize(message.recording.topology);
      const next = size === undefined ? new RunningSession(host, message.recording, branch) : new SyntheticSession(host, message.recording, size, branch);
      next.open(message.seekUs, message.verify === true);
      running = next;
      return;
    }
    if (running === undefined) return host.emit({ type: 'failed', message: 'No world is open yet.' });
    if (message.type === 'dispatch' && message.live !== true) branch += 1;
    running.receive(message, branch);
  };
  return {
    receive(message) {
      try {
        receive(message);
      } catch (error) {
        host.emit({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

class RunningSession {
  private readonly host: SessionHost;
  private readonly topology: Topology;
  private readonly recording: Recording;
  private readonly world: World;
  private readonly tracker: RowsTracker;
  private readonly marks = new Marks();
  private branch: number;
  private commands: Logged[] = [];
  /** What has happened since the last frame. */
  private changes: RowChange[] = [];
  private results: LogLine[] = [];
  private fromUs = 0;
  private fromRecord = 0;
  private horizonUs = 0;
  /** The cluster has come up: from here on, what happens is news. */
  private up = false;
  private readonly readings = new Map<string, ManifestReading>();

  constructor(host: SessionHost, recording: Recording, branch: number) {
    this.host = host;
    this.recording = recording;
    this.branch = branch;
    this.topology = topology(recording.topology);
    this.world = new World(worldSpec(this.topology, recording.seed), programs);
    this.tracker = new RowsTracker(this.world, components, this.topology.hosts, {
      row: (change, before) => {
        this.changes.push(change);
        const mark = markOf(change, before, this.world.recorded - 1);
        if (mark !== undefined && this.up) this.marks.add(mark);
      },
      reply: (reply) => this.host.emit({ type: 'reply', atUs: this.world.nowUs, reply: reply as Reply }),
      lease: (before, lease) => {
        const mark = leaderMark(before, lease, this.world.nowUs, this.world.recorded - 1);
        if (mark !== undefined && this.up) this.marks.add(mark);
      },
      result: (fact, eventId) => {
        const place = fact.ok ? undefined : this.place(fact.commandId, fact.documentIndex, fact.text, fact.status as Status | undefined);
        this.results.push({ id: eventId * 16 + 1 + (this.results.length % 15), atUs: this.world.nowUs, kind: 'result', text: fact.text, recordId: eventId, ok: fact.ok, ...(place !== undefined && { place }) });
      },
    });
  }

  open(seekUs: number | undefined, verify: boolean): void {
    const inputs: TimedInput[] = [];
    for (const { atUs, command } of this.recording.commands) {
      const plan = this.plan(command, this.commands.length);
      if ('problems' in plan) throw new Error(`The recording can not be played: ${plan.problems[0]?.text ?? command.type}`);
      inputs.push(...plan.inputs.map((input) => ({ atUs, input })));
      this.commands.push({ atUs, command, inputs: plan.inputs.length });
      this.markCommand(command, atUs, -1);
    }
    this.world.plan(inputs);
    this.watch();
    this.bootstrap();
    this.up = true;
    const startUs = this.world.nowUs;
    this.marks.add({ atUs: startUs, kind: 'start', text: 'start', recordId: -1 });
    if (verify) this.verify();
    const toUs = seekUs ?? startUs;
    if (toUs !== this.world.nowUs) this.world.seek(toUs);
    this.emitWhole();
  }

  /** A recording of another version may be played, but then it is not what its author saw. */
  private verify(): void {
    const { check } = this.recording;
    if (check === undefined) return;
    this.world.seek(check.atUs);
    this.host.emit({ type: 'checked', same: this.world.stateHash() === check.hash });
  }

  receive(message: Exclude<ToSession, { type: 'open' }>, branch: number): void {
    switch (message.type) {
      case 'know': this.know(message.throughUs, message.untilNews, message.limitUs); break;
      case 'seek': this.quietly(() => this.world.seek(message.toUs)); this.emitWhole(); break;
      case 'dispatch':
        if (message.live === true) this.dispatchLive(message.id, message.command);
        else this.dispatch(message.id, message.atUs, message.command, branch);
        break;
      case 'query': {
        const answer = this.asOf(message.atUs, () => {
          this.tracker.lookAfresh();
          if (this.host.answerQuery === undefined) throw new Error('A question came where none is answered.');
          return this.host.answerQuery(this.world, components, this.tracker, message.query, (number) => this.titleOfInput(number));
        });
        this.host.emit({ type: 'answer', id: message.id, answer });
        break;
      }
      case 'export': this.host.emit({ type: 'exported', id: message.id, recording: this.asOf(message.atUs ?? this.world.nowUs, () => this.export()) }); break;
    }
  }

  /** Looks at the world as it was at a moment, and leaves it where it is. */
  private asOf<T>(atUs: number, look: () => T): T {
    const back = this.world.nowUs;
    this.quietly(() => { if (atUs < back) this.world.seek(atUs); });
    const seen = look();
    this.quietly(() => { if (atUs < back) this.world.seek(back); });
    if (atUs < back) this.tracker.lookAfresh();
    this.changes = [];
    return seen;
  }

  /** From nothing to a cluster at rest with all its nodes Ready. */
  private bootstrap(): void {
    const nodes = this.topology.hosts.filter((each) => each.where === 'control-plane' || each.where === 'node').length;
    const firstCommandUs = this.commands[0]?.atUs ?? Infinity;
    let lastNewsUs = 0;
    let seen = 0;
    const atRest = (): boolean => {
      for (; seen < this.world.recorded; seen += 1) {
        const record = this.world.record(seen)!;
        if (record.what === 'message' && !record.background) lastNewsUs = record.arrivesAtUs;
      }
      if (this.world.nowUs < lastNewsUs + quietUs) return false;
      let ready = 0;
      for (const row of this.tracker.current.values()) if (row.type === 'node' && row.ready === 'True') ready += 1;
      return ready === nodes;
    };
    this.world.runUntil(Math.min(bootstrapLimitUs, firstCommandUs - 1), atRest);
  }

  private know(throughUs: number, untilNews: boolean, limitUs: number): void {
    let seen = this.world.recorded;
    let news = false;
    const frameFull = (): boolean => this.world.recorded - this.fromRecord >= recordsPerFrame;
    const runTo = (untilUs: number, stopAtNews: boolean): void => {
      while (this.world.nowUs < untilUs && !(stopAtNews && news)) {
        this.world.runUntil(untilUs, () => {
          for (; seen < this.world.recorded; seen += 1) {
            const record = this.world.record(seen)!;
            if (record.what === 'message' && !record.background) news = true;
          }
          return (stopAtNews && news) || frameFull();
        });
        if (frameFull() && this.world.nowUs < untilUs) this.emit(false, false);
      }
    };
    runTo(throughUs, false);
    news = false;
    if (untilNews) runTo(limitUs, true);
    this.emit(false, true);
  }

  private dispatch(id: number, atUs: number, command: SessionCommand, branch: number): void {
    const kept = this.commands.filter((logged) => logged.atUs <= atUs);
    const plan = this.plan(command, kept.length);
    if ('problems' in plan) {
      this.host.emit({ type: 'refused', id, problems: plan.problems });
      return;
    }
    // What is refused changes nothing: time goes on in the future that was there.
    this.branch = branch;
    const otherFuture = kept.length < this.commands.length ? this.export() : undefined;
    this.quietly(() => this.world.seek(atUs));
    this.commands = kept;
    this.commands.push({ atUs, command, inputs: plan.inputs.length });
    this.marks.forgetAfter(atUs);
    this.horizonUs = atUs;
    const recordId = this.world.recorded;
    // What is printed at once is told; everything else is in the whole frame.
    this.tracker.lookAfresh();
    this.results = [];
    for (const input of plan.inputs) this.world.dispatch(input);
    this.markCommand(command, atUs, recordId);
    this.emitWhole();
    this.host.emit({ type: 'dispatched', id, ...(otherFuture !== undefined && { otherFuture }) });
  }

  /** At the latest moment there is: what is known stays true. */
  private dispatchLive(id: number, command: SessionCommand): void {
    const plan = this.plan(command, this.commands.length);
    if ('problems' in plan) return this.host.emit({ type: 'refused', id, problems: plan.problems });
    const atUs = this.world.nowUs;
    this.commands.push({ atUs, command, inputs: plan.inputs.length });
    const recordId = this.world.recorded;
    for (const input of plan.inputs) this.world.dispatch(input);
    this.markCommand(command, atUs, recordId);
    this.host.emit({ type: 'dispatched', id });
    return undefined;
  }

  private plan(command: SessionCommand, index: number) {
    const definition = definitionOf(command);
    if (definition === undefined) return { problems: [{ text: `There is no command “${String((command as { type: unknown }).type)}”.` }] as readonly Problem[] };
    const commandId = `command-${index}`;
    const tools: CommandTools = {
      commandId, hosts: new Set(this.topology.hosts.map((each) => each.name)), addresses: new Set(this.topology.processes.map((each) => each.address)),
      readManifests: (text, fileName) => {
        const reading = this.host.readManifests(text, fileName);
        this.readings.set(commandId, reading);
        return reading;
      },
    };
    return definition.plan(command, tools);
  }

  private place(commandId: string, documentIndex: number, text: string, status: Status | undefined) {
    const reading = this.readings.get(commandId);
    const place = reading && placeOf(reading, documentIndex, text, status);
    return place?.line === undefined ? undefined : { line: place.line, column: place.column ?? 1 };
  }

  private markCommand(command: SessionCommand, atUs: number, recordId: number): void {
    const definition = definitionOf(command)!;
    if (definition.unmarked?.(command) === true) return;
    this.marks.add({ atUs, kind: definition.mark, text: definition.title(command), recordId });
  }

  private export(): Recording {
    return {
      version: 1, seed: this.recording.seed, topology: this.recording.topology,
      commands: this.commands.map(({ atUs, command }) => ({ atUs, command })), check: { atUs: this.world.nowUs, hash: this.world.stateHash() },
    };
  }

  private watch(): void { this.world.observe((address, eventId) => this.tracker.look(address, eventId), () => this.tracker.lookAtHosts()); }
  /** Moves the world without telling each step: the page is told the whole afterwards. */
  private quietly(move: () => void): void {
    this.world.observe(undefined);
    move();
    this.watch();
  }

  private emitWhole(): void {
    this.fromUs = this.world.nowUs;
    this.fromRecord = Math.max(0, this.world.recorded - recordsLookedBack);
    this.changes = [];
    this.tracker.lookAfresh();
    this.emit(true, true);
  }

  private emit(whole: boolean, complete: boolean): void {
    const { world } = this;
    if (!whole) this.tracker.lookAround();
    this.horizonUs = Math.max(this.horizonUs, world.nowUs);
    const messages: MessageRow[] = [];
    const lines: LogLine[] = [];
    const find = (id: number) => world.record(id);
    for (const record of world.recordsBetween(this.fromRecord)) {
      if (record.what === 'message') {
        if (!record.background || record.arrivesAtUs >= world.nowUs - backgroundShownUs) messages.push(messageRow(record, record.lost, find));
      } else if (record.what === 'input') {
        const command = this.commandOfInput(record.number);
        const definition = command && definitionOf(command);
        if (definition !== undefined && definition.unmarked?.(command!) !== true) lines.push({ id: record.id * 16, atUs: record.atUs, kind: 'command', text: `You: ${definition.title(command!)}`, recordId: record.id, ok: true });
      }
      const line = storyLine(record, find);
      if (line !== undefined) lines.push({ ...line, id: record.id * 16 });
    }
    const log = [...lines, ...this.results].sort((a, b) => a.atUs - b.atUs || a.id - b.id);
    const marks = this.marks.news();
    this.host.emit({
      type: 'frame', branch: this.branch, whole, fromUs: this.fromUs, toUs: world.nowUs, complete, rows: this.changes, messages, log: whole ? log.slice(-linesLookedBack) : log,
      ...(marks !== undefined && { marks }), horizonUs: this.horizonUs, steps: world.steps, hash: world.hash,
    });
    this.changes = [];
    this.results = [];
    this.fromUs = world.nowUs;
    this.fromRecord = world.recorded;
  }

  private titleOfInput(number: number): string | undefined {
    const command = this.commandOfInput(number);
    return command && definitionOf(command)!.title(command);
  }

  private commandOfInput(number: number): SessionCommand | undefined {
    let first = 0;
    for (const logged of this.commands) {
      if (number === first) return logged.command;
      first += logged.inputs;
    }
    return undefined;
  }
}
