/** A session whose time passes with the wall's, for clients that speak to it over a network. */
import { readManifests } from '../cluster/with-manifests.ts';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import type { SessionCommand } from '../session/commands/index.ts';
import { answerQuery } from '../session/answer-query.ts';
import type { Frame, FromSession, Mark, Problem, Recording, Reply, ToSession } from '../session/port/protocol.ts';
import { createSession, type Session } from '../session/session.ts';

/** Virtual seconds per second of the wall; `max`: as fast as it can be computed; `paused`: only as far as a request needs, or as asked. */
export type LiveSpeed = number | 'max' | 'paused';

type Hear = (reply: Reply, atUs: number) => void;

const tickMs = 10;
/** `max` computes so much of a tick and leaves the rest to the clients. */
const maxStepUs = 1_000_000;
/** How far a request that nobody answers may move a paused world. */
const longestWaitUs = 70_000_000;
/** How far something said to a container does: nobody knows whether it will answer. */
const pausedAnswerUs = 500_000;

export class LiveSession {
  nowUs = 0;
  private readonly session: Session;
  private readonly speed: LiveSpeed;
  private readonly hearers = new Map<string, Hear>();
  private problems: readonly Problem[] | undefined;
  private nextId = 0;
  private readonly replies: [Reply, number][] = [];
  private timer: ReturnType<typeof setInterval> | undefined;
  private hash = '';
  private failure: string | undefined;
  /** All that is marked on the timeline; a frame carries it only when it changed. */
  marks: readonly Mark[] = [];
  private readonly watchers = new Set<(frame: Frame) => void>();
  /** What came while somebody looked at the world, for nobody else. */
  private looked: FromSession[] | undefined;

  constructor(recording: Recording, speed: LiveSpeed) {
    this.speed = speed;
    this.session = createSession({
      readManifests: (text, fileName) => readManifests(text, { fileName }),
      answerQuery,
      emit: (message) => { if (this.looked === undefined) this.hear(message); else this.looked.push(message); },
    });
    this.session.receive({ type: 'open', recording });
    if (this.failure !== undefined) throw new Error(this.failure);
    this.dispatch({ type: 'open-proxy' });
    this.advance(1_000);
  }

  get state(): { readonly nowMs: number; readonly hash: string } { return { nowMs: Math.floor(this.nowUs / 1_000), hash: this.hash }; }

  /** Answers are told when the session has done its work: who hears one may ask the next thing at once. */
  private tellReplies(): void {
    for (let next = this.replies.shift(); next !== undefined; next = this.replies.shift()) this.tell(...next);
  }

  private hear(message: FromSession): void {
    switch (message.type) {
      case 'frame':
        [this.nowUs, this.hash, this.marks] = [message.toUs, message.hash, message.marks ?? this.marks];
        for (const watcher of this.watchers) watcher(message);
        break;
      case 'refused': this.problems = message.problems; break;
      case 'failed': this.failure = message.message; break;
      case 'reply': this.replies.push([message.reply, message.atUs]); break;
      default: break;
    }
  }

  /** What a client does with its answer is no matter of the world: a client that stumbles over it is let go, and the world goes on. */
  private tell(reply: Reply, atUs: number): void {
    const hear = this.hearers.get(reply.id);
    try {
      hear?.(reply, atUs);
    } catch (error) {
      console.error(`An answer could not be given: ${(error as Error).stack ?? String(error)}`);
      this.hearers.delete(reply.id);
    }
  }

  /** Tells each frame of what happens, until what is returned is called. */
  watch(watcher: (frame: Frame) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /**
   * Asks the session without the world's going on being touched: it may be looked at as of any moment that has been, and is then put back
   * to where it was. Nothing that comes meanwhile reaches a client a second time.
   */
  look(...messages: readonly ToSession[]): readonly FromSession[] {
    // What has happened since the last frame is told first, to everyone.
    this.advance(0);
    const here = this.nowUs;
    const seen: FromSession[] = this.looked = [];
    for (const message of messages) this.session.receive(message);
    this.looked = [];
    this.session.receive({ type: 'seek', toUs: here });
    const told = this.looked.find((message) => message.type === 'frame' && message.marks !== undefined) as Frame | undefined;
    this.marks = told?.marks ?? this.marks;
    this.looked = undefined;
    for (const message of seen) if (message.type === 'frame' && message.marks !== undefined) this.marks = message.marks;
    return seen;
  }

  /** Lets time pass until `stop`. */
  run(): void {
    if (this.speed === 'paused') return;
    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      // A machine that fell asleep does not have the world catch up on hours.
      const wallMs = Math.min(now - last, 1_000);
      last = now;
      if (this.speed !== 'max') return this.advance(Math.round(wallMs * 1_000 * (this.speed as number)));
      for (const start = performance.now(); performance.now() - start < tickMs;) this.advance(maxStepUs);
    }, tickMs);
  }

  stop(): void { clearInterval(this.timer); }

  advance(byUs: number): void {
    const throughUs = this.nowUs + byUs;
    this.session.receive({ type: 'know', throughUs, untilNews: false, limitUs: throughUs });
    this.tellReplies();
    if (this.failure !== undefined) throw new Error(this.failure);
  }

  /** Does something to the world; what stands in its way, if anything does. */
  dispatch(command: SessionCommand): readonly Problem[] | undefined {
    this.problems = undefined;
    this.session.receive({ type: 'dispatch', id: 0, atUs: this.nowUs, command, live: true });
    const { problems } = this;
    this.tellReplies();
    return problems;
  }

  /** Sends a request; `hear` is called with each thing that comes back, until it has ended. Returns what hangs up. */
  send(request: ApiRequest, hear: Hear): () => void {
    const id = `client-${this.nextId += 1}`;
    let open = true;
    this.hearers.set(id, (reply, atUs) => {
      if (reply.what !== 'frame' && reply.what !== 'said') {
        open = false;
        this.hearers.delete(id);
      }
      hear(reply, atUs);
    });
    this.dispatch({ type: 'send-request', id, request });
    if (this.speed === 'paused') this.waitFor(() => !open || request.verb === 'watch');
    return () => {
      if (!this.hearers.delete(id)) return;
      if (request.verb === 'watch') this.dispatch({ type: 'hang-up', id });
    };
  }

  /** Opens a conversation with a container: what is said to it, and what ends it. */
  converse(request: ApiRequest, hear: Hear): { readonly say: (frame: string, body: unknown) => void; readonly hangUp: () => void } {
    const id = `client-${this.nextId += 1}`;
    let open = true;
    this.hearers.set(id, (reply, atUs) => {
      if (reply.what === 'ended') open = false;
      hear(reply, atUs);
      if (!open) this.hearers.delete(id);
    });
    const speak = (command: SessionCommand): void => {
      this.dispatch(command);
      // A paused world moves as far as an answer may take, once the client listens.
      if (this.speed === 'paused') setImmediate(() => this.waitFor(() => !open, pausedAnswerUs));
    };
    speak({ type: 'send-request', id, request });
    return {
      say: (frame, body) => { if (open) speak({ type: 'say', id, frame, body }); },
      hangUp: () => {
        if (!open) return;
        open = false;
        this.hearers.delete(id);
        this.dispatch({ type: 'hang-up', id });
      },
    };
  }

  /** A paused world moves as far as an answer takes, and no further. */
  private waitFor(answered: () => boolean, longestUs = longestWaitUs): void {
    const limitUs = this.nowUs + longestUs;
    do this.advance(1_000); while (!answered() && this.nowUs < limitUs);
  }
}
