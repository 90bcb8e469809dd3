import type { StoreApi } from 'zustand/vanilla';
import type { Scene } from '../scenes/scene.ts';
import type { SessionCommand } from '../session/commands/index.ts';
import type { Frame, FromSession, Problem, Query, QueryAnswer, Recording } from '../session/port/protocol.ts';
import type { SessionConnection } from './connection.ts';
import { FutureDesk } from './future-desk.ts';
import { currentFuture, onlyFuture } from './futures.ts';
import { KnownWindow } from './known-window.ts';
import { lookBackFrom, lookFurther } from './look-back.ts';
import type { LookBack } from './look-back.ts';
import { isOutside, isWhole, newsInLoop } from './loop.ts';
import { advance, JointNews, NewsWithin, paceAt, quietUs, wallAhead } from './pace.ts';
import type { NewsView } from './pace.ts';
import { mergeSpans, spansOf } from './ruler.ts';
import { Searcher } from './searcher.ts';
import { closeQuiet, hurry, notForServed } from './served.ts';
import type { AppState, Notice, SessionStore } from './state.ts';

/** How far beyond the playhead the world is asked for news. */
const lookFarUs = 900_000_000;
/** So far only while the page is being built, for so long: it needs the machine for itself. */
const [lookFirstUs, buildingMs] = [20_000_000, 1_500];
/** How much is asked for at once beyond what is known. */
const lookNearUs = 250_000;
/** Of whom one follows one is at most so far behind without jumping. */
const behindUs = 2_000_000;
/** So close to the end of a served world is its present. */
const presentUs = 1_000_000;
/** Knowledge is renewed when less than so much of it is left to play. */
const aheadMs = 1_500;
const glideMs = 320;
/** Without a sign from the world for so long, it is asked once more. */
const patienceMs = 10_000;
/** While time flies the log is told so often; sentences that change with every frame can not be read, and cost it its time. */
const logEveryMs = 180;

/** What is given back where something else could not be opened. */
interface Before { readonly state: AppState; readonly opened: (did: boolean) => void }

interface Glide { readonly fromUs: number; readonly toUs: number; beganMs: number }

/** Flies the playhead through what is known, and keeps it from running out. */
export class Pilot {
  readonly known = new KnownWindow();
  readonly #store: StoreApi<AppState>;
  readonly #connection: SessionConnection;
  #lastMs = -1;
  #asking = false;
  #askedMs = 0;
  #openedMs = -Infinity;
  /** Where a whole frame that has been asked for is to put the playhead; only the last one asked for counts. */
  #landing: { readonly atUs: number; /** A future seen before was seen up to here. */ readonly seenUs?: number } | undefined;
  /** How much had been seen when the user last acted. */
  #leftSeenUs = 0;
  #lookBack: LookBack | undefined;
  #wholesDue = 0;
  #glide: Glide | undefined;
  #nextId = 1;
  #leftMarks: AppState['marks'] = [];
  /** What was there before something was opened that may turn out not to open. */
  #before: Before | undefined;
  #saves = new Map<number, (recording: Recording) => void>();
  #led: SessionStore | null = null;
  #commands = new Map<number, SessionCommand>();
  #queries = new Map<number, (answer: QueryAnswer) => void>();
  #starvedMs = 0;
  #logToldMs = -Infinity;
  /** A session is found again as it was left; each one opened later begins running. */
  #playAtOpening: boolean;

  readonly searcher: Searcher;
  readonly futures: FutureDesk;

  constructor(store: StoreApi<AppState>, connection: SessionConnection, playing: boolean) {
    this.#playAtOpening = playing;
    this.#store = store;
    this.#connection = connection;
    const hands = {
      known: this.known,
      get state() { return store.getState(); },
      set: (part: Partial<AppState>) => store.setState(part),
      pause: () => this.pause(), goTo: (toUs: number) => this.goTo(toUs),
      notify: (text: string, tone?: Notice['tone'], offers?: Notice['offers']) => this.notify(text, tone, offers),
      query: (query: Query, of: 'all') => this.query(query, of),
      askThrough: (throughUs: number) => this.#askThrough(throughUs), heldByLoop: () => this.#heldByLoop(),
      reopen: (recording: Recording, commonUs: number, seenUs: number) => this.#reopen(recording, commonUs, seenUs),
    };
    this.searcher = new Searcher(hands);
    this.futures = new FutureDesk(hands);
  }

  get #state(): AppState {
    return this.#store.getState();
  }

  /** The session as it was kept. */
  begin(recording: Recording, seekUs?: number): void {
    this.#begin(recording, seekUs);
    if (seekUs !== undefined) this.#landing = { atUs: seekUs, seenUs: currentFuture(this.#state.futures).seenUs };
  }

  open(recording: Recording, seekUs?: number, scene: Scene | null = null): void {
    if (this.heldByServer()) return;
    this.#begin(recording, seekUs);
    this.#store.setState({ futures: onlyFuture(recording), besideId: null, loop: null, scene });
  }

  /** True once it is open; false where it can not be opened, which it says. */
  openChecked(recording: Recording, seekUs?: number): Promise<boolean> {
    if (this.heldByServer()) return Promise.resolve(false);
    const before = this.#state;
    if (before.phase !== 'ready') {
      this.notify('The world is still being computed; try again in a moment.');
      return Promise.resolve(false);
    }
    this.#playAtOpening = false;
    this.#begin(recording, seekUs, true);
    this.#store.setState({ futures: onlyFuture(recording), besideId: null, loop: null, scene: null });
    return new Promise((opened) => { this.#before = { state: before, opened }; });
  }

  /** True, and said, where the world is another's to move. */
  heldByServer(): boolean {
    if (this.#state.served === null) return false;
    this.notify(notForServed);
    return true;
  }

  /** To the latest moment there is. */
  toEnd(): void {
    const { served, seenUs, horizonUs, phase } = this.#state;
    if (served === null) return this.goTo(seenUs);
    this.searcher.end();
    this.#glide = undefined;
    if (phase !== 'ready' && phase !== 'seeking') return undefined;
    this.#seek(horizonUs);
    return this.#store.setState({ served: 'live', playing: true });
  }

  #begin(recording: Recording, seekUs?: number, verify = false): void {
    this.#before = undefined;
    this.searcher.forget();
    this.#asking = false;
    this.#glide = undefined;
    this.#lookBack = undefined;
    this.#wholesDue = 1;
    this.#landing = seekUs === undefined ? undefined : { atUs: seekUs };
    this.#store.setState({ phase: 'opening', failure: '', recording, playing: false, selection: null, inspecting: false, problems: [], spans: [], marks: [], seenUs: 0, rate: 0, skipUs: 0, branch: -1 });
    this.#connection.send({ type: 'open', recording, ...(seekUs !== undefined && { seekUs }), ...(verify && { verify }) });
  }

  /** What was there is there again; the world has kept it, because what was to take its place never opened. */
  #giveBack({ state: before, opened }: Before, why: string): void {
    this.#before = undefined;
    this.#landing = undefined;
    this.#wholesDue = 0;
    this.#playAtOpening = true;
    this.#store.setState({ ...before, notices: this.#state.notices });
    this.notify(`It can not be opened, and nothing was changed. ${why}`, 'bad');
    opened(false);
  }

  /** Another recording with the same past up to a moment: what the two have in common stays on the screen. */
  #reopen(recording: Recording, commonUs: number, seenUs: number): void {
    const { playing, playheadUs, spans, branch, loop } = this.#state;
    const atUs = Math.floor(playheadUs);
    this.#playAtOpening = playing;
    this.#begin(recording, atUs);
    this.#landing = { atUs, seenUs };
    this.#store.setState({ branch, loop, spans: spans.filter(([, to]) => to <= commonUs) });
  }

  hear(answer: FromSession): void {
    switch (answer.type) {
      case 'frame': return this.#hearFrame(answer);
      case 'dispatched': return this.#hearDispatched(answer.id, answer.otherFuture);
      case 'refused': return this.#hearRefused(answer.id, answer.problems);
      case 'exported': return this.#hearExported(answer.id, answer.recording);
      case 'checked':
        if (!answer.same) this.notify('This recording was made by another version of Orrery: played here, it goes another way than its author saw.', 'bad');
        return undefined;
      case 'answer':
        this.#queries.get(answer.id)?.(answer.answer);
        this.#queries.delete(answer.id);
        return undefined;
      case 'failed':
        if (this.#before !== undefined) return this.#giveBack(this.#before, answer.message);
        return this.#store.setState({ phase: 'failed', failure: answer.message, playing: false, rate: 0 });
    }
  }

  #hearFrame(frame: Frame): void {
    if (frame.complete) this.#asking = false;
    this.#askedMs = this.#lastMs;
    if (frame.whole && this.#wholesDue > 0) this.#wholesDue -= 1;
    // Of several jumps asked for in a row only the last one is shown.
    if (this.#wholesDue > 0) return;
    if (frame.whole) {
      this.#before?.opened(true);
      this.#before = undefined;
    }
    if (!this.known.take(frame)) {
      // Something between was lost: what is known is asked for as a whole.
      if (frame.branch === this.known.branch && frame.fromUs > this.known.toUs) this.#seek(this.#state.playheadUs);
      return;
    }
    this.known.trim(Math.min(this.#state.playheadUs, this.#state.loop?.fromUs ?? Infinity));
    const state = this.#state;
    const opened = state.phase === 'opening';
    if (opened) this.#openedMs = this.#lastMs;
    const spans = mergeSpans(frame.whole && frame.branch !== state.branch ? state.spans.filter(([, to]) => to <= frame.fromUs) : state.spans,
      spansOf(frame.messages.filter((message) => !message.background).map((message) => message.sentAtUs)));
    const news: Partial<AppState> = { horizonUs: frame.horizonUs, knownUs: this.known.toUs, branch: frame.branch, spans, log: this.known.log, ...(frame.marks === undefined ? {} : { marks: frame.marks }) };
    if (this.#lookBack !== undefined) {
      this.#store.setState(news);
      return this.#lookOn(this.#lookBack);
    }
    if (this.searcher.busy && !frame.whole) {
      this.#store.setState(news);
      return frame.complete ? this.searcher.goOn() : undefined;
    }
    // Lines that were forgotten are no longer counted.
    if (!frame.whole) return this.#store.setState(news.log === state.log ? news : { ...news, logCount: this.known.logCount(state.playheadUs) });
    const landing = this.#landing;
    this.#landing = undefined;
    const at = Math.min(Math.max(landing?.atUs ?? frame.fromUs, this.known.fromUs), this.known.toUs);
    const seenUs = Math.max(landing?.seenUs ?? 0, frame.branch === state.branch ? state.seenUs : 0, at);
    this.#store.setState({ ...news, phase: 'ready', seenUs, ...(opened ? { playing: this.#playAtOpening } : {}) });
    if (opened) this.#playAtOpening = true;
    this.#show(at);
    this.searcher.arrived();
  }

  #hearDispatched(id: number, otherFuture: Recording | undefined): void {
    const command = this.#commands.get(id);
    this.#commands.delete(id);
    this.#connection.send({ type: 'export', id: this.#nextId++ });
    this.futures.acted(otherFuture === undefined ? undefined : { recording: otherFuture, seenUs: this.#leftSeenUs, marks: this.#leftMarks });
    if (otherFuture !== undefined) return;
    if (command !== undefined && !this.#state.playing) this.notify('Time is paused: play to see what happens, or step to the next message.', 'plain', 'play');
  }

  #hearRefused(id: number, problems: readonly Problem[]): void {
    const command = this.#commands.get(id);
    this.#commands.delete(id);
    const fromEditor = command?.type === 'apply-manifest' || command?.type === 'delete-manifest';
    if (fromEditor) this.#store.setState({ problems });
    this.notify(fromEditor ? `Refused; nothing was changed. ${problems[0]?.text ?? ''}` : (problems[0]?.text ?? 'Refused.'), 'bad');
    // The whole frame that comes before a dispatch's answer may not come for one that could not begin.
    if (this.#state.phase === 'seeking') {
      this.#wholesDue = 0;
      this.#store.setState({ phase: 'ready' });
    }
  }

  #hearExported(id: number, recording: Recording): void {
    const save = this.#saves.get(id);
    this.#saves.delete(id);
    if (save !== undefined) return save(recording);
    // One that comes while another is being opened is of the one before.
    if (this.#state.phase !== 'opening') this.#store.setState({ recording });
  }

  save(): Promise<Recording> {
    const id = this.#nextId++;
    this.#connection.send({ type: 'export', id, atUs: Math.floor(this.#state.playheadUs) });
    return new Promise((resolve) => this.#saves.set(id, resolve));
  }

  notify(text: string, tone: Notice['tone'] = 'plain', offers?: Notice['offers']): void {
    const notice: Notice = { id: this.#nextId++, text, tone, ...(offers !== undefined && { offers }) };
    this.#store.setState((state) => ({ notices: [...state.notices.slice(-2), notice] }));
  }

  dispatch(command: SessionCommand): void {
    const state = this.#state;
    if (state.phase !== 'ready') return this.notify('The world is still being computed; try again in a moment.');
    const id = this.#nextId++;
    this.#glide = undefined;
    this.#commands.set(id, command);
    if (command.type === 'apply-manifest' || command.type === 'delete-manifest') this.#store.setState({ problems: [] });
    const atUs = Math.floor(state.playheadUs);
    this.#landing = { atUs };
    this.#leftSeenUs = state.seenUs;
    this.#leftMarks = state.marks;
    this.#connection.send({ type: 'dispatch', id, atUs, command });
  }

  query(query: Query, of: 'playhead' | 'all' = 'playhead'): Promise<QueryAnswer> {
    const id = this.#nextId++;
    this.#connection.send({ type: 'query', id, atUs: of === 'all' ? Number.MAX_SAFE_INTEGER : Math.floor(this.#state.playheadUs), query });
    return new Promise((resolve) => this.#queries.set(id, resolve));
  }

  play(): void {
    this.#glide = undefined;
    this.searcher.end();
    if (this.#state.phase !== 'failed') this.#store.setState({ playing: true, notices: this.#state.notices.filter((notice) => notice.offers !== 'play') });
  }

  pause(): void {
    this.#glide = undefined;
    this.searcher.end();
    this.#leaveLive();
    this.#store.setState({ playing: false, rate: 0, skipUs: 0, logCount: this.known.logCount(this.#state.playheadUs) });
  }

  #leaveLive(): void {
    if (this.#state.served === 'live') this.#store.setState({ served: 'behind' });
  }

  step(what: 'message' | 'change', direction: 1 | -1): void {
    if (this.#state.phase !== 'ready') return;
    // A step asked for during a step ends the first one at once.
    const from = this.#glide?.toUs ?? this.#state.playheadUs;
    this.pause();
    this.#show(from);
    const toUs = this.known.neighbour(what, direction, from);
    if (toUs === undefined) return direction === 1 ? this.#stepUnknown() : this.#beginLookBack(lookBackFrom(what, from, this.#state.spans));
    // Of messages a little more is known than of anything else.
    if (toUs < this.known.fromUs) return this.goTo(toUs);
    if (Math.abs(toUs - from) > quietUs) return this.#show(toUs);
    this.#glide = { fromUs: from, toUs, beganMs: -1 };
  }

  /** What lies outside of a loop is not asked for while there is one. */
  #heldByLoop(): boolean {
    if (!isWhole(this.#state.loop)) return false;
    this.notify('Only the loop is played. Press O to let go of it.');
    return true;
  }

  #stepUnknown(): void {
    if (this.#heldByLoop()) return;
    if (this.#asking) return this.notify('Still looking for what comes next…');
    this.#ask(lookFarUs);
    this.notify('Nothing more is known to happen: the cluster is quiet.', 'plain', 'play');
  }

  /** Before what is known: the world goes back a little further, and what happened from there on is looked through. */
  #beginLookBack(lookBack: LookBack): void {
    if (lookBack.beforeUs <= 0 || this.#heldByLoop()) return;
    this.#lookBack = lookBack;
    this.#landing = undefined;
    this.#wholesDue += 1;
    this.#store.setState({ phase: 'seeking', rate: 0, skipUs: 0 });
    this.#connection.send({ type: 'seek', toUs: lookBack.fromUs });
    this.#connection.send({ type: 'know', throughUs: Math.ceil(lookBack.beforeUs), untilNews: false, limitUs: Math.ceil(lookBack.beforeUs) });
  }

  #lookOn(lookBack: LookBack): void {
    const { what, beforeUs } = lookBack;
    if (this.known.toUs < beforeUs) return;
    const found = this.known.neighbour(what, -1, beforeUs);
    const further = found === undefined ? lookFurther(lookBack) : undefined;
    if (further !== undefined) return this.#beginLookBack(further);
    this.#lookBack = undefined;
    this.#store.setState({ phase: 'ready' });
    if (found === undefined) this.notify(`There is no ${what} before this one.`);
    this.goTo(found ?? beforeUs);
  }

  #askThrough(throughUs: number): void {
    const { loop } = this.#state;
    const endUs = Math.ceil(isWhole(loop) ? Math.min(throughUs, Math.max(loop.toUs, this.known.toUs)) : throughUs);
    this.#asking = true;
    this.#askedMs = this.#lastMs;
    this.#connection.send({ type: 'know', throughUs: endUs, untilNews: false, limitUs: endUs });
  }

  /** What a loop holds is known already, or will be. */
  #heldByEnd(): boolean {
    const { loop } = this.#state;
    return isWhole(loop) && this.known.toUs >= loop.toUs;
  }

  lead(other: SessionStore | null): void {
    this.#led = other;
  }

  follow(toUs: number, nowMs: number): void {
    const { phase, playheadUs } = this.#state;
    if (phase === 'ready' && toUs !== playheadUs) {
      if (this.known.holds(toUs)) this.#show(toUs);
      // A little beyond what is known it waits for the world; from afar it is better to jump.
      else if (toUs > this.known.toUs && toUs < this.known.toUs + behindUs) this.#show(this.known.toUs);
      else this.#seek(toUs);
    } else if (phase === 'seeking' && Math.floor(toUs) !== this.#landing?.atUs) this.#seek(toUs);
    this.#pass(nowMs);
  }

  /** What the pace of playing depends on. */
  #news(): NewsView {
    const { loop, playheadUs } = this.#state;
    const other = this.#led === null ? this.known : this.#led.act.news();
    const joint = other === this.known ? this.known : other === undefined ? new NewsWithin(this.known, playheadUs) : new JointNews(this.known, other);
    return newsInLoop(joint, loop);
  }

  goTo(toUs: number): void {
    this.searcher.end();
    const state = this.#state;
    if (state.phase !== 'ready' && state.phase !== 'seeking') return;
    this.#glide = undefined;
    this.#leaveLive();
    const at = Math.max(0, Math.floor(toUs));
    if (state.phase === 'ready' && this.known.holds(at)) return this.#show(at);
    this.#seek(at);
  }

  #seek(toUs: number): void {
    const at = Math.floor(toUs);
    this.#lookBack = undefined;
    this.#landing = { atUs: at };
    this.#wholesDue += 1;
    this.#store.setState({ phase: 'seeking', playheadUs: at, rate: 0, skipUs: 0 });
    this.#connection.send({ type: 'seek', toUs: at });
  }

  tick(nowMs: number): void {
    this.#pass(nowMs);
    this.#led?.act.follow(this.#state.playheadUs, nowMs);
  }

  #pass(nowMs: number): void {
    const wallMs = this.#lastMs < 0 ? 0 : Math.min(100, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const state = this.#state;
    if (state.phase !== 'ready') return;
    if (this.#glide !== undefined) this.#glideOn(this.#glide, nowMs);
    else if (state.playing && wallMs > 0) this.#playOn(state, wallMs);
    this.#keepAhead();
  }

  #glideOn(glide: Glide, nowMs: number): void {
    if (glide.beganMs < 0) glide.beganMs = nowMs;
    const share = Math.min(1, (nowMs - glide.beganMs) / glideMs);
    if (share === 1) this.#glide = undefined;
    this.#show(glide.fromUs + (glide.toUs - glide.fromUs) * share);
  }

  #playOn(state: AppState, wallMs: number): void {
    if (isWhole(state.loop) && isOutside(state.loop, state.playheadUs)) return this.goTo(state.loop.fromUs);
    const following = state.served === 'live';
    const { at: reached, pace } = advance(this.#news(), state.playheadUs, following ? wallMs * hurry(state.horizonUs - state.playheadUs) : wallMs, state.speed);
    const at = following && this.known.instantAfter(reached) === undefined ? closeQuiet(reached, this.known.toUs, wallMs) : reached;
    const endUs = state.scene?.stopUs;
    // A scene has an end; whoever plays on from there goes on.
    if (endUs !== undefined && state.playheadUs < endUs && at >= endUs) {
      this.pause();
      return this.#show(endUs);
    }
    this.#starvedMs = at > state.playheadUs ? 0 : this.#starvedMs + wallMs;
    // Nothing is computed for the page where time passes elsewhere; who has come to its present follows it.
    const waiting = state.served === null && this.#starvedMs > 300;
    if (state.served === 'behind' && at >= this.known.toUs && at >= state.horizonUs - presentUs) this.#store.setState({ served: 'live' });
    if (at === state.playheadUs) {
      const logCount = this.known.logCount(at);
      if (waiting !== state.waiting || logCount !== state.logCount) this.#store.setState({ waiting, rate: 0, skipUs: 0, logCount });
      return;
    }
    const logCount = this.#lastMs - this.#logToldMs < logEveryMs ? { logCount: state.logCount } : {};
    if (logCount.logCount === undefined) this.#logToldMs = this.#lastMs;
    this.#show(at, { rate: pace.rate, skipUs: pace.skipUs, waiting, ...logCount });
  }

  #show(at: number, more: Partial<AppState> = {}): void {
    this.known.moveTo(at);
    this.#store.setState({ playheadUs: at, rows: this.known.rows, mass: this.known.mass.view, logCount: this.known.logCount(at), seenUs: Math.max(this.#state.seenUs, at), ...more });
  }

  #keepAhead(): void {
    if (this.#asking && this.#lastMs - this.#askedMs < patienceMs) return;
    const state = this.#state;
    if (state.phase !== 'ready') return;
    if (this.#heldByEnd()) return;
    const quiet = paceAt(this.known, state.playheadUs, state.speed).untilUs >= this.known.toUs;
    const farUs = this.#lastMs - this.#openedMs < buildingMs ? lookFirstUs : lookFarUs;
    if (quiet && this.known.toUs - state.playheadUs > farUs / 2) return;
    if (!quiet && wallAhead(this.known, state.playheadUs, state.speed, aheadMs) >= aheadMs) return;
    this.#ask(farUs);
  }

  #ask(farUs: number): void {
    this.#asking = true;
    this.#askedMs = this.#lastMs;
    const at = Math.floor(this.#state.playheadUs);
    const { loop } = this.#state;
    const endUs = isWhole(loop) && loop.toUs > this.known.toUs ? Math.ceil(loop.toUs) : Infinity;
    const throughUs = Math.min(endUs, this.known.toUs + lookNearUs);
    this.#connection.send({ type: 'know', throughUs, untilNews: throughUs < endUs, limitUs: Math.min(endUs, Math.max(throughUs, at + farUs)) });
  }
}
