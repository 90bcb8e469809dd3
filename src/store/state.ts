import type { Camera } from '../session/port/camera.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { Scene } from '../scenes/scene.ts';
import type { SessionCommand } from '../session/commands/index.ts';
import type { LogLine, Mark, Problem, Query, QueryAnswer, Recording } from '../session/port/protocol.ts';
import type { MessageRow } from '../session/port/rows.ts';
import type { Futures } from './futures.ts';
import type { Happening } from './happenings.ts';
import type { MassView } from './known-mass.ts';
import type { Rows } from './known-window.ts';
import type { Loop } from './loop.ts';
import type { NewsView, Speed } from './pace.ts';
import type { RequestStage } from './request-stage.ts';
import type { Spans } from './ruler.ts';
import type { Served } from './served.ts';

/** What the user looks at: a thing on the stage, or a record of the log. */
export type Selection =
  | { readonly type: 'object'; readonly key: string; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }
  | { readonly type: 'component'; readonly address: string }
  /** `chainOf`: as one of the chain of causes and effects of that record. */
  | { readonly type: 'record'; readonly recordId: number; readonly chainOf?: number }
  /** All that is stored, as a list of doors. */
  | { readonly type: 'stored' };

export type Theme = 'system' | 'dark' | 'light' | 'projector-light' | 'projector-dark' | 'contrast';

/** Which nodes and Pods of a table are lit: 1, all else 0. */
export interface MassLight { readonly nodes: Uint8Array; readonly pods: Uint8Array }

/** What is lit on the stage while all else is dimmed: what was found, or what belongs to one chain of causes. */
export interface Spotlight {
  /** In words, for the bar that says why all else is dim: “what led to StartContainer nginx”. */
  readonly title: string;
  /** Keys of rows: `object/Pod/default/web-1`, `component/worker-1/kubelet`. */
  readonly keys: ReadonlySet<string>;
  /** Records whose messages are lit while they are under way. */
  readonly records: ReadonlySet<number>;
  /** The same for things that are tiles and have no rows. */
  readonly mass?: MassLight;
  /** Where it was lit: the way back, and the moment at which what is lit begins. */
  readonly of?: { readonly selection: Selection; readonly fromUs: number };
}

export type Panel = 'stage' | 'manifest' | 'log';

/** How one looks at the world: no part of it, and kept for no other visit. */
export interface View {
  readonly mode: 'explore' | 'present' | 'embed';
  /** The lens for two truths: what etcd believes beside what is so on the node. */
  readonly lens: boolean;
  /** Heartbeats and polls are drawn. */
  readonly chatter: boolean;
  readonly legend: boolean;
  readonly palette: boolean;
  /** The sheet of all keys. */
  readonly help: boolean;
  /** The bar in which one writes what to light. */
  readonly finding: boolean;
  /** What is lit of all things and told of the log, as it was written: `kind:pod app=web`; '' for all. */
  readonly filter: string;
  /** Which lines of the log that leaves; null for all. */
  readonly logFilter: ((line: LogLine) => boolean) | null;
  /** Which panel is shown where there is room for one. */
  readonly panel: Panel;
  /** The row of the Pod that the picture stays with. */
  readonly following: string | null;
  /** Null while all of the stage is shown. */
  readonly camera: Camera | null;
  /** The row of the thing that the camera is on, whatever becomes of the layout. */
  readonly focus: string | null;
  /** A link that is shown to be copied by hand, because the clipboard is not ours to write to. */
  readonly link: string | null;
  /** How much of a film of the stage has been recorded, 0 to 1; null while none is. */
  readonly filming: number | null;
  readonly spotlight: Spotlight | null;
  /** Keys of rows that are otherwise in the future beside this one. */
  readonly outlined: ReadonlySet<string> | null;
}

/** A step of a first visit: send something, break something, ask why. */
export type FirstStep = 'apply' | 'break' | 'ask';

/** An invitation to the next of them. */
export interface Hint {
  readonly step: FirstStep;
  readonly text: string;
  /** What its button says. */
  readonly button: string;
  /** The thing it is about. */
  readonly about: Extract<Selection, { readonly type: 'object' }>;
}

/** A short message over the stage; goes away by itself or when dismissed. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  /** What its button does, if it has one: `select` shows the thing it speaks of. */
  readonly offers?: 'play' | { readonly type: 'future'; readonly id: number } | Selection;
}

export interface AppState {
  readonly phase: 'opening' | 'ready' | 'seeking' | 'failed';
  /** What went wrong, in one sentence, when `phase` is `failed`. */
  readonly failure: string;
  readonly recording: Recording;
  /** All the ways this world was made to go, and which of them is shown. */
  readonly futures: Futures;
  /** The one that runs beside it, if one does. */
  readonly besideId: number | null;
  /** Whether the world is served to others too, and the page follows its present. */
  readonly served: Served;

  /** The ready scene that is being told; its recording may since have been acted in. */
  readonly scene: Scene | null;

  readonly branch: number;
  readonly rows: Rows;
  /** Statuses of a stage of so many that they have no rows. */
  readonly mass: MassView | null;
  /** All known lines; those written at the playhead are the first `logCount`. */
  readonly log: readonly LogLine[];
  readonly logCount: number;
  readonly marks: readonly Mark[];
  readonly horizonUs: number;
  /** Where on the timeline there was news, as far as this page has learnt. */
  readonly spans: Spans;

  readonly playheadUs: number;
  readonly playing: boolean;
  readonly speed: Speed;
  /** The stretch that is played again and again. */
  readonly loop: Loop | null;
  /** Virtual time per wall time right now; 0 while nothing moves. */
  readonly rate: number;
  /** The length of the quiet stretch that is being skipped, else 0. */
  readonly skipUs: number;
  /** Up to when all is known, and the latest moment the user has seen on this branch. */
  readonly knownUs: number;
  readonly seenUs: number;
  /** True while the page waits for the world to be computed. */
  readonly waiting: boolean;

  readonly selection: Selection | null;
  readonly inspecting: boolean;

  readonly manifestText: string;
  readonly fileName: string;
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
  /** The next thing to try, while it is offered. */
  readonly hint: Hint | null;
  /** Steps of a first visit that were done or put away: never offered again. */
  readonly learnt: readonly FirstStep[];
  readonly theme: Theme;
  readonly view: View;
}

export interface Actions {
  play(): void;
  pause(): void;
  toggle(): void;
  /** To the next or previous message on its way, or change of an object. */
  step(what: 'message' | 'change', direction: 1 | -1): void;
  /** Along the chain of causes: to what the selected message led to, or to what led to it. */
  stepByCause(direction: 1 | -1): void;
  /** On to the next thing of a kind, however long nothing happens until then; and back to the mark before. */
  jumpOn(what: Happening): void;
  jumpBack(): void;
  scrub(toUs: number): void;
  toStart(): void;
  toEnd(): void;
  setSpeed(speed: Speed): void;
  setLoop(loop: Loop | null): void;
  select(selection: Selection | null, inspect?: boolean): void;
  setInspecting(inspecting: boolean): void;
  dispatch(command: SessionCommand): void;
  /** Asks the world as it is at the playhead, or at all that is known of it. */
  query(query: Query, of?: 'playhead' | 'all'): Promise<QueryAnswer>;
  /** The recording with the check of the moment shown. */
  save(): Promise<Recording>;
  setManifest(text: string, fileName?: string): void;
  setTheme(theme: Theme): void;
  /** Looks at the world in another way. */
  look(view: Partial<View>): void;
  notify(text: string, tone?: Notice['tone'], offers?: Notice['offers']): void;
  dismiss(id: number): void;
  hint(hint: Hint | null): void;
  learn(...steps: readonly FirstStep[]): void;
  /** Begin again with the same world, or with another. */
  open(recording: Recording, seekUs?: number, scene?: Scene): void;
  /** A world from elsewhere: checked against what its author saw, and given back where it can not be opened. */
  openChecked(recording: Recording, seekUs?: number): Promise<boolean>;
  /** From here on another future begins; the one that was shown is kept. */
  fork(): void;
  /** To another future, at the same moment. */
  switchTo(futureId: number): void;
  forgetFuture(futureId: number): void;
  /** Shows another future beside this one. */
  setBeside(futureId: number | null): void;
  /** From now on the other store's playhead is this one's, and time passes only as fast as both can show it. */
  lead(other: SessionStore | null): void;
  /** The playhead is where another store's is. */
  follow(toUs: number, nowMs: number): void;
  /** What is known, for a clock that drives two; nothing while the world is not ready. */
  news(): NewsView | undefined;
  /** Wall time passes: called once per frame. */
  tick(nowMs: number): void;
  /** What is under way at the playhead. */
  messagesInFlight(): readonly MessageRow[];
  /** The news that arrived last, while nothing else has been sent: whoever has it is at work on it. */
  lastArrival(): MessageRow | undefined;
  /** Which station inside the API server at that address works at the playhead. */
  requestStage(api: string): RequestStage | undefined;
}

export interface SessionStore extends StoreApi<AppState> {
  /** The same state, no more often than it can be read: what React draws from. */
  readonly told: StoreApi<AppState>;
  readonly act: Actions;
}
