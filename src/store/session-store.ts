import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { SessionCommand } from '../session/commands/index.ts';
import type { Frame, FromSession, Problem, QueryAnswer, Recording } from '../session/port/protocol.ts';
import type { SessionConnection } from './connection.ts';
import { KnownWindow } from './known-window.ts';
import { lookBackFrom, lookFurther } from './look-back.ts';
import type { LookBack } from './look-back.ts';
import { advance, paceAt, quietUs, wallAhead } from './pace.ts';
import { requestStage } from './request-stage.ts';
import { mergeSpans, spansOf } from './ruler.ts';
import type { Actions, AppState, Notice, Selection, Theme } from './state.ts';
import { clockText } from './words.ts';

export interface SessionStore extends StoreApi<AppState> {
  readonly act: Actions;
}

/** What the app kept from an earlier visit. */
export interface Kept { readonly recording?: Recording; readonly playheadUs?: number; readonly manifestText?: string; readonly fileName?: string; readonly theme?: Theme; readonly playing?: boolean }

export const newRecording = (): Recording => ({ version: 1, seed: 1, topology: 'three-nodes', commands: [] });

/** How far beyond the playhead the world is asked for news. */
const lookFarUs = 900_000_000;
/** How much is asked for at once beyond what is known. */
const lookNearUs = 250_000;
/** Knowledge is renewed when less than so much of it is left to play. */
const aheadMs = 1_500;
const glideMs = 320;
/** Without a sign from the world for so long, it is asked once more. */
const patienceMs = 10_000;
/** While time flies the log is told so often; sentences that change with every frame can not be read, and cost it its time. */
const logEveryMs = 180;

const initialState = (kept: Kept): AppState => ({
  phase: 'opening', failure: '', recording: kept.recording ?? newRecording(), otherFuture: null,
  branch: -1, rows: {}, log: [], logCount: 0, marks: [], horizonUs: 0, spans: [],
  playheadUs: 0, playing: false, speed: 2, rate: 0, skipUs: 0, knownUs: 0, seenUs: 0, waiting: false,
  selection: null, inspecting: false,
  manifestText: kept.manifestText ?? '', fileName: kept.fileName ?? 'web.yaml', problems: [], notices: [], theme: kept.theme ?? 'system',
  view: { mode: 'explore', lens: false, chatter: true, legend: false, palette: false, help: false, finding: false, filter: '', logFilter: null, panel: 'stage', following: null, spotlight: null },
});

/** Makes the store of one session: it talks to the world over `connection`, and lives by being ticked. */
export function createSessionStore(connection: SessionConnection, kept: Kept = {}): SessionStore {
  const store = createStore<AppState>(() => initialState(kept));
  const pilot = new Pilot(store, connection, kept.playing ?? true);
  connection.listen((answer) => pilot.hear(answer));
  pilot.open(store.getState().recording, kept.playheadUs);
  return Object.assign(store, { act: actionsOf(store, pilot) });
}

function actionsOf(store: StoreApi<AppState>, pilot: Pilot): Actions {
  const set = store.setState;
  return {
    play: () => pilot.play(),
    pause: () => pilot.pause(),
    toggle: () => (store.getState().playing ? pilot.pause() : pilot.play()),
    step: (what, direction) => pilot.step(what, direction),
    scrub: (toUs) => pilot.goTo(toUs),
    toStart: () => {
      pilot.pause();
      pilot.goTo(0);
    },
    toEnd: () => pilot.goTo(store.getState().seenUs),
    setSpeed: (speed) => set({ speed }),
    select: (selection: Selection | null, inspect) => set((state) => ({
      selection, inspecting: selection !== null && (inspect ?? state.inspecting),
      // Whoever has chosen something needs no hint at what to choose.
      notices: state.notices.some((notice) => typeof notice.offers === 'object') ? state.notices.filter((notice) => typeof notice.offers !== 'object') : state.notices,
    })),
    setInspecting: (inspecting) => set({ inspecting }),
    dispatch: (command) => pilot.dispatch(command),
    query: (query) => pilot.query(query),
    setManifest: (manifestText, fileName) => set((state) => ({ manifestText, fileName: fileName ?? state.fileName, problems: [] })),
    setTheme: (theme) => set({ theme }),
    look: (view) => set((state) => ({ view: { ...state.view, ...view } })),
    notify: (text, tone, offers) => pilot.notify(text, tone, offers),
    dismiss: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
    open: (recording, seekUs) => pilot.open(recording, seekUs),
    swapFutures: () => pilot.swapFutures(),
    tick: (nowMs) => pilot.tick(nowMs),
    messagesInFlight: () => pilot.known.inFlight(store.getState().playheadUs),
    lastArrival: () => pilot.known.messages.lastArrival(store.getState().playheadUs, quietUs),
    requestStage: (api) => requestStage(pilot.known.messages, api, store.getState().playheadUs),
  };
}

interface Glide { readonly fromUs: number; readonly toUs: number; beganMs: number }

/** Flies the playhead through what is known, and keeps it from running out. */
class Pilot {
  readonly known = new KnownWindow();
  readonly #store: StoreApi<AppState>;
  readonly #connection: SessionConnection;
  #lastMs = -1;
  #asking = false;
  #askedMs = 0;
  /** Where a whole frame that has been asked for is to put the playhead; only the last one asked for counts. */
  #landing: { readonly atUs: number; /** A future seen before was seen up to here. */ readonly seenUs?: number } | undefined;
  /** How much had been seen when the user last acted. */
  #leftSeenUs = 0;
  #lookBack: LookBack | undefined;
  #wholesDue = 0;
  #glide: Glide | undefined;
  #nextId = 1;
  #commands = new Map<number, SessionCommand>();
  #queries = new Map<number, (answer: QueryAnswer) => void>();
  #starvedMs = 0;
  #logToldMs = -Infinity;
  /** A session is found again as it was left; each one opened later begins running. */
  #playAtOpening: boolean;

  constructor(store: StoreApi<AppState>, connection: SessionConnection, playing: boolean) {
    this.#playAtOpening = playing;
    this.#store = store;
    this.#connection = connection;
  }

  get #state(): AppState {
    return this.#store.getState();
  }

  open(recording: Recording, seekUs?: number): void {
    this.#asking = false;
    this.#glide = undefined;
    this.#lookBack = undefined;
    this.#wholesDue = 1;
    this.#landing = seekUs === undefined ? undefined : { atUs: seekUs };
    this.#store.setState({ phase: 'opening', failure: '', recording, playing: false, otherFuture: null, selection: null, inspecting: false, problems: [], spans: [], marks: [], seenUs: 0, rate: 0, skipUs: 0, branch: -1 });
    this.#connection.send(seekUs === undefined ? { type: 'open', recording } : { type: 'open', recording, seekUs });
  }

  /** The future shown and the one left change places. What is on the screen is found again at the same moment. */
  swapFutures(): void {
    const { otherFuture, recording, playing, playheadUs, phase, seenUs, spans, branch } = this.#state;
    if (otherFuture === null || phase !== 'ready') return;
    const { atUs } = otherFuture;
    this.#playAtOpening = playing;
    this.open(otherFuture.recording, Math.floor(playheadUs));
    this.#landing = { atUs: Math.floor(playheadUs), seenUs: otherFuture.seenUs };
    // What the two have in common stays on the screen.
    this.#store.setState({ otherFuture: { recording, atUs, seenUs }, branch, spans: spans.filter(([, to]) => to <= atUs) });
  }

  hear(answer: FromSession): void {
    switch (answer.type) {
      case 'frame': return this.#hearFrame(answer);
      case 'dispatched': return this.#hearDispatched(answer.id, answer.otherFuture);
      case 'refused': return this.#hearRefused(answer.id, answer.problems);
      case 'exported': return this.#store.setState({ recording: answer.recording });
      case 'answer':
        this.#queries.get(answer.id)?.(answer.answer);
        this.#queries.delete(answer.id);
        return undefined;
      case 'failed': return this.#store.setState({ phase: 'failed', failure: answer.message, playing: false, rate: 0 });
    }
  }

  #hearFrame(frame: Frame): void {
    if (frame.complete) this.#asking = false;
    this.#askedMs = this.#lastMs;
    if (frame.whole && this.#wholesDue > 0) this.#wholesDue -= 1;
    // Of several jumps asked for in a row only the last one is shown.
    if (this.#wholesDue > 0) return;
    if (!this.known.take(frame)) {
      // Something between was lost: what is known is asked for as a whole.
      if (frame.branch === this.known.branch && frame.fromUs > this.known.toUs) this.#seek(this.#state.playheadUs);
      return;
    }
    this.known.trim(this.#state.playheadUs);
    const state = this.#state;
    const opened = state.phase === 'opening';
    const spans = mergeSpans(frame.whole && frame.branch !== state.branch ? state.spans.filter(([, to]) => to <= frame.fromUs) : state.spans,
      spansOf(frame.messages.filter((message) => !message.background).map((message) => message.sentAtUs)));
    const news: Partial<AppState> = { horizonUs: frame.horizonUs, knownUs: this.known.toUs, branch: frame.branch, spans, log: this.known.log, ...(frame.marks === undefined ? {} : { marks: frame.marks }) };
    if (this.#lookBack !== undefined) {
      this.#store.setState(news);
      return this.#lookOn(this.#lookBack);
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
  }

  #hearDispatched(id: number, otherFuture: Recording | undefined): void {
    const command = this.#commands.get(id);
    this.#commands.delete(id);
    this.#connection.send({ type: 'export', id: this.#nextId++ });
    if (otherFuture !== undefined) {
      const atUs = Math.floor(this.#state.playheadUs);
      this.#store.setState({ otherFuture: { recording: otherFuture, atUs, seenUs: this.#leftSeenUs } });
      return this.notify(`New future from ${clockText(atUs)}. The other one is kept until you act in the past again.`, 'plain', 'other-future');
    }
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
    this.#connection.send({ type: 'dispatch', id, atUs, command });
  }

  query(query: Parameters<Actions['query']>[0]): Promise<QueryAnswer> {
    const id = this.#nextId++;
    this.#connection.send({ type: 'query', id, atUs: Math.floor(this.#state.playheadUs), query });
    return new Promise((resolve) => this.#queries.set(id, resolve));
  }

  play(): void {
    this.#glide = undefined;
    if (this.#state.phase !== 'failed') this.#store.setState({ playing: true, notices: this.#state.notices.filter((notice) => notice.offers !== 'play') });
  }

  pause(): void {
    this.#glide = undefined;
    this.#store.setState({ playing: false, rate: 0, skipUs: 0, logCount: this.known.logCount(this.#state.playheadUs) });
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

  #stepUnknown(): void {
    if (this.#asking) return this.notify('Still looking for what comes next…');
    this.#ask(lookFarUs);
    this.notify('Nothing more is known to happen: the cluster is quiet.', 'plain', 'play');
  }

  /** Before what is known: the world goes back a little further, and what happened from there on is looked through. */
  #beginLookBack(lookBack: LookBack): void {
    if (lookBack.beforeUs <= 0) return;
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

  goTo(toUs: number): void {
    const state = this.#state;
    if (state.phase !== 'ready' && state.phase !== 'seeking') return;
    this.#glide = undefined;
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
    const { at, pace } = advance(this.known, state.playheadUs, wallMs, state.speed);
    this.#starvedMs = at > state.playheadUs ? 0 : this.#starvedMs + wallMs;
    const waiting = this.#starvedMs > 300;
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
    this.#store.setState({ playheadUs: at, rows: this.known.rows, logCount: this.known.logCount(at), seenUs: Math.max(this.#state.seenUs, at), ...more });
  }

  #keepAhead(): void {
    if (this.#asking && this.#lastMs - this.#askedMs < patienceMs) return;
    const state = this.#state;
    if (state.phase !== 'ready') return;
    const quiet = paceAt(this.known, state.playheadUs, state.speed).untilUs >= this.known.toUs;
    if (quiet && this.known.toUs - state.playheadUs > lookFarUs / 2) return;
    if (!quiet && wallAhead(this.known, state.playheadUs, state.speed, aheadMs) >= aheadMs) return;
    this.#ask(lookFarUs);
  }

  #ask(farUs: number): void {
    this.#asking = true;
    this.#askedMs = this.#lastMs;
    const at = Math.floor(this.#state.playheadUs);
    const throughUs = this.known.toUs + lookNearUs;
    this.#connection.send({ type: 'know', throughUs, untilNews: true, limitUs: Math.max(throughUs, at + farUs) });
  }
}
