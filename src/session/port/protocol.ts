import type { ChartView } from '../../simulation/process/chart-view.ts';
import type { ApiResponse } from '../../kubernetes/protocols/api.ts';
import type { SessionCommand } from '../commands/index.ts';
import type { CausalityAnswer, CausalityQuery } from './causality.ts';
import type { LossesAnswer, LossesQuery } from './losses.ts';
import type { WhyAnswer, WhyQuery } from './why.ts';
import type { RecordKind } from './record-kind.ts';
import type { ActivityAnswer, ActivityQuery } from './activity.ts';
import type { EtcdAnswer, EtcdQuery } from './etcd-view.ts';
import type { ExchangeAnswer, ExchangeQuery } from './exchange.ts';
import type { FamilyAnswer, FamilyQuery } from './family.ts';
import type { HistoryAnswer, HistoryQuery } from './history.ts';
import type { MachineAnswer, MachineQuery } from './machine.ts';
import type { MassNews } from './mass-status.ts';
import type { ComponentRow, MessageRow, Row } from './rows.ts';
import type { SchedulingAnswer, SchedulingQuery } from './scheduling.ts';
import type { ServiceAnswer, ServiceQuery } from './service-view.ts';
import type { StateHashAnswer, StateHashQuery } from './state-hash.ts';

/**
 * The one door to a running world: requests go in, frames and answers come out. Plain data only, so that it can cross a Worker,
 * a MessagePort, a BroadcastChannel or a WebSocket unchanged.
 *
 * The page owns the playhead and plays from what it knows; the session keeps the page's knowledge ahead of the playhead.
 * Times are whole virtual microseconds. Everything the page shows at time t is the newest row of each key with `atUs <= t`
 * and the messages with `sentAtUs <= t < arrivesAtUs`.
 */
export type { ChartView };

export const portVersion = 1;

export type ToSession =
  /** Begin (or begin again) with a world. Answered by a whole frame at the end of its bootstrap, or by `failed`; then the world that was open stays so. */
  | {
    readonly type: 'open'; readonly recording: Recording; readonly seekUs?: number;
    /** Says by `checked` whether the world comes to the state that the recording's check names: another version may go another way. */
    readonly verify?: true;
  }
  /**
   * Make everything up to `throughUs` known; then, if `untilNews`, go on to the next moment with news, at most to `limitUs`.
   * Answered by one or more frames; the last has `complete: true`.
   */
  | { readonly type: 'know'; readonly throughUs: number; readonly untilNews: boolean; readonly limitUs: number }
  /** The playhead jumps. Answered by a frame with `whole: true` as of `toUs`. */
  | { readonly type: 'seek'; readonly toUs: number }
  /** The user acts at `atUs`. What was known after `atUs` is no longer true: a whole frame with a new `branch` follows, then `dispatched` or `refused`. */
  | { readonly type: 'dispatch'; readonly id: number; readonly atUs: number; readonly command: SessionCommand; /** Now, at the latest moment there is: nothing that is known becomes untrue, and the frame is no whole one. */ readonly live?: true }
  | { readonly type: 'query'; readonly id: number; readonly atUs: number; readonly query: Query }
  /** The recording as it stands, for saving and sharing; its check is as of `atUs`, or as of wherever the world is. */
  | { readonly type: 'export'; readonly id: number; readonly atUs?: number };

export type FromSession =
  | Frame
  /** `otherFuture`: where the user had acted after this moment before, the recording of what came of it, to open it again. */
  | { readonly type: 'dispatched'; readonly id: number; readonly otherFuture?: Recording }
  /** A command that could not even begin: a sentence, and the place in the text where it is about one. Nothing changed. */
  | { readonly type: 'refused'; readonly id: number; readonly problems: readonly Problem[] }
  | { readonly type: 'answer'; readonly id: number; readonly answer: QueryAnswer }
  | { readonly type: 'exported'; readonly id: number; readonly recording: Recording }
  /** What came back for a `send-request`. */
  | { readonly type: 'reply'; readonly atUs: number; readonly reply: Reply }
  | { readonly type: 'checked'; readonly same: boolean }
  /** The world itself failed: a defect of ours. The page says so and offers to start anew or step back. */
  | { readonly type: 'failed'; readonly message: string };

/** Seed + topology + commands is the whole world: save file, share link, bug report. */
export interface Recording {
  readonly version: 1;
  readonly seed: number;
  readonly topology: string;
  readonly commands: readonly { readonly atUs: number; readonly command: SessionCommand }[];
  /** State hash at `atUs`, where the recording was checked. */
  readonly check?: { readonly atUs: number; readonly hash: string };
}

/** An answer, a frame of a watch, or the end of either, under the id of its `send-request`. */
export type Reply =
  | { readonly id: string; readonly what: 'response'; readonly response: ApiResponse }
  | { readonly id: string; readonly what: 'frame'; readonly type: string; readonly object: unknown; readonly columns?: ApiResponse['columns'] }
  | { readonly id: string; readonly what: 'said'; readonly type: string; readonly body: unknown }
  | { readonly id: string; readonly what: 'ended'; readonly reason: string };

export interface Frame {
  readonly type: 'frame';
  /** Counts up whenever what was known after some moment is replaced (open, dispatch in the past). Frames of older branches are dropped. */
  readonly branch: number;
  /** True: forget all rows and messages; `rows` is everything as of `fromUs` (their `atUs` may be earlier) and what follows up to `toUs`. */
  readonly whole: boolean;
  /** This frame makes (fromUs, toUs] known. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly complete: boolean;
  readonly rows: readonly RowChange[];
  /** Messages sent in (fromUs, toUs]; for a whole frame also those in flight at `fromUs` and the last few hundred before it. Ordered by id. */
  readonly messages: readonly MessageRow[];
  readonly log: readonly LogLine[];
  /** Marks of the whole timeline as now known; present only when they changed. */
  readonly marks?: readonly Mark[];
  /** The furthest moment simulated on this branch, for the ruler. */
  readonly horizonUs: number;
  /** Statuses too many for rows. */
  readonly mass?: MassNews;
  /** Figures of the engine for the curious: steps so far, state hash as of `toUs`. */
  readonly steps: number;
  readonly hash: string;
}

export interface RowChange { readonly atUs: number; readonly key: string; readonly row: Row | null }

export interface Mark {
  readonly atUs: number;
  readonly kind: 'start' | 'command' | 'fault' | 'failure' | 'healed' | 'leader';
  readonly text: string;
  readonly recordId: number;
}

/** One sentence of the story beside the picture, each a door to its message and its cause. */
export interface LogLine {
  readonly id: number;
  readonly atUs: number;
  /** What kind of thing speaks: colours the line as the message on the stage. */
  readonly kind: RecordKind;
  readonly text: string;
  /** The record to inspect. */
  readonly recordId: number;
  readonly ok: boolean;
  /** For what kubectl printed about a document: the place in the manifest it is about, 1-based. */
  readonly place?: { readonly line: number; readonly column: number };
}

export interface Problem {
  readonly text: string;
  /** 1-based place in the manifest text, where the problem has one. */
  readonly line?: number;
  readonly column?: number;
}

export type Query =
  | { readonly type: 'object'; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }
  /** One record (message, note, timer, command) with its chain of causes back to the command. */
  | { readonly type: 'record'; readonly recordId: number }
  | { readonly type: 'component'; readonly address: string }
  | CausalityQuery
  | WhyQuery
  | ActivityQuery
  | EtcdQuery
  | ExchangeQuery
  | FamilyQuery
  | HistoryQuery
  | MachineQuery
  | SchedulingQuery
  | ServiceQuery
  | LossesQuery
  | StateHashQuery;

export type QueryAnswer =
  | { readonly type: 'object'; readonly object: unknown; /** Paths that are stored and shown, but not yet acted on. */ readonly notActedOn: readonly string[]; readonly events: readonly unknown[] }
  | { readonly type: 'record'; readonly record: RecordView; readonly causes: readonly RecordView[]; /** The answer to a request, or the request of an answer. */ readonly counterpart?: RecordView }
  | { readonly type: 'component'; readonly row: ComponentRow; readonly chart: ChartView; /** What the process knows, cut to a readable size. */ readonly knows: unknown; readonly duty: string; readonly upstream: string }
  | CausalityAnswer
  | WhyAnswer
  | ActivityAnswer
  | EtcdAnswer
  | ExchangeAnswer
  | FamilyAnswer
  | HistoryAnswer
  | MachineAnswer
  | SchedulingAnswer
  | ServiceAnswer
  | LossesAnswer
  | StateHashAnswer
  | { readonly type: 'nothing'; readonly text: string };

/** A record in words and in full. */
export interface RecordView {
  readonly id: number;
  readonly atUs: number;
  readonly arrivesAtUs?: number;
  readonly what: 'message' | 'note' | 'timer' | 'command';
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly sentence: string;
  readonly kind: LogLine['kind'];
  /** Only in the record asked for, not in its causes. */
  readonly body?: unknown;
}

