import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Scene } from '../scenes/scene.ts';
import type { Recording } from '../session/port/protocol.ts';
import type { SessionConnection } from './connection.ts';
import { futuresOf } from './futures.ts';
import type { Futures } from './futures.ts';
import { quietUs } from './pace.ts';
import { Pilot } from './pilot.ts';
import { requestStage } from './request-stage.ts';
import type { Actions, AppState, FirstStep, Selection, SessionStore, Theme } from './state.ts';
import { Told } from './told.ts';

export type { SessionStore };

/** What the app kept from an earlier visit. */
export interface Kept { readonly recording?: Recording; readonly futures?: Futures; readonly playheadUs?: number; readonly manifestText?: string; readonly fileName?: string; readonly theme?: Theme; readonly learnt?: readonly FirstStep[]; readonly playing?: boolean; readonly scene?: Scene; /** The ready scene that was told, where what is kept can only name it. */ readonly sceneId?: string }

export const newRecording = (): Recording => ({ version: 1, seed: 1, topology: 'three-nodes', commands: [] });

const initialState = (kept: Kept, served: boolean): AppState => ({
  phase: 'opening', failure: '', recording: kept.recording ?? newRecording(), futures: futuresOf(kept.recording ?? newRecording(), kept.futures), besideId: null, served: served ? 'live' : null, scene: kept.scene ?? null,
  branch: -1, rows: {}, mass: null, log: [], logCount: 0, marks: [], horizonUs: 0, spans: [],
  playheadUs: 0, playing: false, speed: 2, loop: null, rate: 0, skipUs: 0, knownUs: 0, seenUs: 0, waiting: false,
  selection: null, inspecting: false,
  manifestText: kept.manifestText ?? '', fileName: kept.fileName ?? 'web.yaml', problems: [], notices: [], theme: kept.theme ?? 'system', hint: null, learnt: kept.learnt ?? [],
  view: { mode: 'explore', lens: false, chatter: true, legend: false, palette: false, help: false, finding: false, filter: '', logFilter: null, panel: 'stage', following: null, camera: null, focus: null, link: null, filming: null, spotlight: null, outlined: null },
});

/** Makes the store of one session: it talks to the world over `connection`, and lives by being ticked. */
export function createSessionStore(connection: SessionConnection, kept: Kept = {}): SessionStore {
  const store = createStore<AppState>(() => initialState(kept, connection.served === true));
  const pilot = new Pilot(store, connection, kept.playing ?? true);
  connection.listen((answer) => pilot.hear(answer));
  pilot.begin(store.getState().recording, kept.playheadUs);
  const told = new Told(store);
  return Object.assign(store, { told: told.store, act: actionsOf(store, pilot, told) });
}

function actionsOf(store: StoreApi<AppState>, pilot: Pilot, told: Told): Actions {
  const set = store.setState;
  return {
    play: () => pilot.play(),
    pause: () => pilot.pause(),
    toggle: () => (store.getState().playing ? pilot.pause() : pilot.play()),
    step: (what, direction) => pilot.step(what, direction),
    stepByCause: (direction) => pilot.searcher.stepByCause(direction),
    jumpOn: (what) => pilot.searcher.jumpOn(what),
    jumpBack: () => pilot.searcher.jumpBack(),
    scrub: (toUs) => pilot.goTo(toUs),
    toStart: () => {
      pilot.pause();
      pilot.goTo(0);
    },
    toEnd: () => pilot.toEnd(),
    setSpeed: (speed) => set({ speed }),
    setLoop: (loop) => set({ loop }),
    select: (selection: Selection | null, inspect) => set((state) => ({
      selection, inspecting: selection !== null && (inspect ?? state.inspecting),
      // Whoever has chosen something needs no hint at what to choose.
      notices: state.notices.some(offersThing) ? state.notices.filter((notice) => !offersThing(notice)) : state.notices,
    })),
    setInspecting: (inspecting) => set({ inspecting }),
    dispatch: (command) => pilot.dispatch(command),
    query: (query, of) => pilot.query(query, of),
    save: () => pilot.save(),
    setManifest: (manifestText, fileName) => set((state) => ({ manifestText, fileName: fileName ?? state.fileName, problems: [] })),
    setTheme: (theme) => set({ theme }),
    hint: (hint) => set({ hint }),
    learn: (...steps) => set((state) => ({ learnt: [...new Set([...state.learnt, ...steps])], hint: null })),
    look: (view) => set((state) => ({ view: { ...state.view, ...view } })),
    notify: (text, tone, offers) => pilot.notify(text, tone, offers),
    dismiss: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
    open: (recording, seekUs, scene) => pilot.open(recording, seekUs, scene),
    openChecked: (recording, seekUs) => pilot.openChecked(recording, seekUs),
    fork: () => { if (!pilot.heldByServer()) pilot.futures.fork(); },
    switchTo: (futureId) => pilot.futures.switchTo(futureId),
    forgetFuture: (futureId) => pilot.futures.forget(futureId),
    setBeside: (besideId) => set({ besideId }),
    lead: (other) => pilot.lead(other),
    follow: (toUs, nowMs) => told.pass(nowMs, () => pilot.follow(toUs, nowMs)),
    news: () => (store.getState().phase === 'ready' ? pilot.known : undefined),
    tick: (nowMs) => told.pass(nowMs, () => pilot.tick(nowMs)),
    messagesInFlight: () => pilot.known.inFlight(store.getState().playheadUs),
    lastArrival: () => pilot.known.messages.lastArrival(store.getState().playheadUs, quietUs),
    requestStage: (api) => requestStage(pilot.known.messages, api, store.getState().playheadUs),
  };
}

const offersThing = ({ offers }: AppState['notices'][number]): boolean => typeof offers === 'object' && offers.type !== 'future';
