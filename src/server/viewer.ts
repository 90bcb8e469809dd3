/** One page that looks at the served world: it may look back and ask, follows what happens, and acts at the present; it never moves the world. */
import type { SessionCommand } from '../session/commands/index.ts';
import type { Frame, FromSession, LogLine, ToSession } from '../session/port/protocol.ts';
import type { MessageRow } from '../session/port/rows.ts';
import type { LiveSession } from './live-session.ts';

/** A page is told of what is new at most so often. */
const newsEveryMs = 40;
/** What is kept for pages that are a little behind; who is further behind has the world looked at again. */
const keptFrames = 4_000;
const keptMessages = 20_000;
/** How much of the past is told at once. */
const chunkUs = 20_000_000;
const mostMessages = 3_000;

const notFromHere = new Set<string>(['open-proxy', 'send-request', 'say', 'hang-up']);

/** The last frames of the world, numbered. */
export class RecentFrames {
  /** The number of the first that is kept, and of the next that will come. */
  first = 0;
  get next(): number { return this.first + this.frames.length; }
  private frames: Frame[] = [];
  private messages = 0;

  add(frame: Frame): void {
    this.frames.push(frame);
    this.messages += frame.messages.length;
    let gone = 0;
    while (this.frames.length - gone > 1 && (this.frames.length - gone > keptFrames || this.messages > keptMessages)) this.messages -= this.frames[gone++]!.messages.length;
    if (gone > 0) {
      this.frames.splice(0, gone);
      this.first += gone;
    }
  }

  get(number: number): Frame | undefined { return this.frames[number - this.first]; }
  /** The number of the first kept frame that begins no earlier than that; where there is none, of the next to come. */
  firstFrom(fromUs: number): number {
    const index = this.frames.findIndex((frame) => frame.fromUs >= fromUs);
    return index < 0 ? this.next : this.first + index;
  }
}

export class Viewer {
  private readonly live: LiveSession;
  private readonly recent: RecentFrames;
  private readonly send: (message: FromSession) => void;
  private opened = false;
  /** All up to here is known to the page; what comes next is a kept frame, or has to be looked up. */
  private toUs = 0;
  private nextFrame: number | undefined;
  private lastRecord = -1;
  private lastLine = -1;
  private asked = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: LiveSession, recent: RecentFrames, send: (message: FromSession) => void) {
    this.live = live;
    this.recent = recent;
    this.send = send;
  }

  receive(message: ToSession): void {
    switch (message.type) {
      case 'open':
        if (this.opened) return this.send({ type: 'failed', message: 'The served world goes on for everyone: a page can not exchange it for another.' });
        this.opened = true;
        return this.tellWhole(Infinity);
      case 'seek': return this.tellWhole(whole(message.toUs));
      case 'know': this.asked = true; return this.news();
      case 'dispatch': return this.act(message.id, message.command);
      case 'query': case 'export': {
        const atUs = Math.min(whole(message.atUs ?? this.live.nowUs), this.live.nowUs);
        for (const answer of this.live.look({ ...message, atUs } as ToSession)) if (answer.type !== 'frame') this.send(answer);
        return undefined;
      }
      default: throw new Error('There is no such message.');
    }
  }

  close(): void { clearTimeout(this.timer); }

  /** Something happened: whoever has asked for it is told, soon. */
  news(): void {
    if (this.asked && this.timer === undefined) this.timer = setTimeout(() => { this.timer = undefined; this.tellNews(); }, newsEveryMs);
  }

  private act(id: number, command: SessionCommand): void {
    const problems = notFromHere.has(command?.type) ? [{ text: `A page can not send “${command.type}”.` }] : this.live.dispatch(command);
    if (problems !== undefined) return this.send({ type: 'refused', id, problems });
    this.tellWhole(Infinity);
    return this.send({ type: 'dispatched', id });
  }

  /** Everything as of a moment that has been, or as of now. */
  private tellWhole(toUs: number): void {
    const past = toUs < this.live.nowUs;
    const frame = this.live.look({ type: 'seek', toUs: Math.min(toUs, this.live.nowUs) }).find((each) => each.type === 'frame') as Frame;
    this.nextFrame = past ? undefined : this.recent.next;
    [this.lastRecord, this.lastLine] = [-1, -1];
    this.tell({ ...frame, marks: this.live.marks });
  }

  private tellNews(): void {
    if (!this.asked) return;
    if (this.nextFrame === undefined || this.nextFrame < this.recent.first) return this.tellPast();
    const frames: Frame[] = [];
    for (let messages = 0; messages < mostMessages;) {
      const frame = this.recent.get(this.nextFrame);
      if (frame === undefined) break;
      frames.push(frame);
      messages += frame.messages.length;
      this.nextFrame += 1;
    }
    if (frames.length > 0) this.tell(joined(frames));
  }

  /** From where the page is to where the kept frames begin, or a good piece of it. */
  private tellPast(): void {
    const meet = this.recent.firstFrom(this.toUs);
    const joinUs = this.recent.get(meet)?.fromUs ?? this.live.nowUs;
    const throughUs = Math.min(joinUs, this.toUs + chunkUs);
    const [, ...frames] = this.live.look({ type: 'seek', toUs: this.toUs }, { type: 'know', throughUs, untilNews: false, limitUs: throughUs }).filter((each): each is Frame => each.type === 'frame');
    this.nextFrame = throughUs === joinUs ? meet : undefined;
    this.tell(joined(frames));
  }

  /** Where the looked-up past meets the kept frames, both may tell of the same moment: each thing is told once. */
  private tell(frame: Frame): void {
    this.asked = false;
    this.toUs = frame.toUs;
    const messages = frame.messages.filter(({ id }: MessageRow) => id > this.lastRecord);
    const log = frame.log.filter(({ id }: LogLine) => id > this.lastLine);
    this.lastRecord = messages.at(-1)?.id ?? this.lastRecord;
    this.lastLine = log.reduce((most, { id }) => Math.max(most, id), this.lastLine);
    this.send({ ...frame, branch: 1, complete: true, messages, log });
  }
}

/** A time as the world counts it. */
function whole(us: unknown): number {
  if (typeof us !== 'number' || !(us >= 0)) throw new Error('A time is a number of microseconds from 0.');
  return Math.floor(Math.min(us, Number.MAX_SAFE_INTEGER));
}

function joined(frames: readonly Frame[]): Frame {
  const [first, last] = [frames[0]!, frames.at(-1)!];
  const marks = frames.findLast((frame) => frame.marks !== undefined)?.marks;
  return {
    ...last, fromUs: first.fromUs, whole: first.whole, ...(marks !== undefined && { marks }),
    rows: frames.flatMap(({ rows }) => rows), messages: frames.flatMap(({ messages }) => messages), log: frames.flatMap(({ log }) => log),
  };
}
