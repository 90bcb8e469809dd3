import type { SessionCommand } from '../session/commands/index.ts';
import type { LogLine, Mark, Problem, Query, QueryAnswer, Recording } from '../session/port/protocol.ts';
import type { MessageRow } from '../session/port/rows.ts';
import type { Rows } from './known-window.ts';
import type { Speed } from './pace.ts';
import type { RequestStage } from './request-stage.ts';
import type { Spans } from './ruler.ts';

/** What the user looks at: a thing on the stage, or a record of the log. */
export type Selection =
  | { readonly type: 'object'; readonly key: string; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }
  | { readonly type: 'component'; readonly address: string }
  /** `chainOf`: as one of the chain of causes and effects of that record. */
  | { readonly type: 'record'; readonly recordId: number; readonly chainOf?: number }
  /** All that is stored, as a list of doors. */
  | { readonly type: 'stored' };

export type Theme = 'system' | 'dark' | 'light';

/** What is lit on the stage while all else is dimmed: what was found, or what belongs to one chain of causes. */
export interface Spotlight {
  /** In words, for the bar that says why all else is dim: “what led to StartContainer nginx”. */
  readonly title: string;
  /** Keys of rows: `object/Pod/default/web-1`, `component/worker-1/kubelet`. */
  readonly keys: ReadonlySet<string>;
  /** Records whose messages are lit while they are under way. */
  readonly records: ReadonlySet<number>;
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
  readonly spotlight: Spotlight | null;
}

/** A short message over the stage; goes away by itself or when dismissed. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  /** What its button does, if it has one: `select` shows the thing it speaks of. */
  readonly offers?: 'play' | 'other-future' | Selection;
}

/** What would have come of it, had the user not acted in the past. */
export interface OtherFuture { readonly recording: Recording; /** Where the two part. */ readonly atUs: number; /** How much of it had been seen. */ readonly seenUs: number }

export interface AppState {
  readonly phase: 'opening' | 'ready' | 'seeking' | 'failed';
  /** What went wrong, in one sentence, when `phase` is `failed`. */
  readonly failure: string;
  readonly recording: Recording;
  /** The future that was left when the user last acted in the past. */
  readonly otherFuture: OtherFuture | null;

  readonly branch: number;
  readonly rows: Rows;
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
  readonly theme: Theme;
  readonly view: View;
}

export interface Actions {
  play(): void;
  pause(): void;
  toggle(): void;
  /** To the next or previous message on its way, or change of an object. */
  step(what: 'message' | 'change', direction: 1 | -1): void;
  scrub(toUs: number): void;
  toStart(): void;
  toEnd(): void;
  setSpeed(speed: Speed): void;
  select(selection: Selection | null, inspect?: boolean): void;
  setInspecting(inspecting: boolean): void;
  dispatch(command: SessionCommand): void;
  query(query: Query): Promise<QueryAnswer>;
  setManifest(text: string, fileName?: string): void;
  setTheme(theme: Theme): void;
  /** Looks at the world in another way. */
  look(view: Partial<View>): void;
  notify(text: string, tone?: Notice['tone'], offers?: Notice['offers']): void;
  dismiss(id: number): void;
  /** Begin again with the same world, or with another. */
  open(recording: Recording, seekUs?: number): void;
  /** To the other future, at the same moment; this one is then the other. */
  swapFutures(): void;
  /** Wall time passes: called once per frame. */
  tick(nowMs: number): void;
  /** What is under way at the playhead. */
  messagesInFlight(): readonly MessageRow[];
  /** The news that arrived last, while nothing else has been sent: whoever has it is at work on it. */
  lastArrival(): MessageRow | undefined;
  /** Which station inside the API server at that address works at the playhead. */
  requestStage(api: string): RequestStage | undefined;
}
