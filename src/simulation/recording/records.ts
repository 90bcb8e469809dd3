import type { Address, FailureReason, Note, SimTime } from '../process/process.ts';

/**
 * The trace: everything that happened, in the order in which it was decided. A record's id is its place in the trace, and
 * `causeId` is the record that led to it (-1 for the world's own beginnings), so "why?" is a walk over ids.
 */
export type TraceRecord = MessageRecord | TimerRecord | NoteRecord | InputRecord | LifeRecord;

interface RecordFields { readonly id: number; readonly atUs: SimTime; readonly causeId: number; readonly background: boolean }

export interface MessageRecord extends RecordFields {
  readonly what: 'message';
  readonly kind: 'request' | 'response' | 'open' | 'data' | 'close' | 'failure';
  readonly from: Address;
  readonly to: Address;
  readonly type: string;
  readonly body: unknown;
  /** `atUs` is when the step decided it; it leaves after the sender's work. */
  readonly sentAtUs: SimTime;
  readonly arrivesAtUs: SimTime;
  /** The request or stream it belongs to: the record that opened the conversation (its own id there). */
  readonly conversation: number;
  readonly reason: FailureReason | undefined;
  /** As it left, nobody could receive it: the process was not running, the host had no power, the link was cut. */
  readonly lost: boolean;
}
export interface TimerRecord extends RecordFields { readonly what: 'timer'; readonly address: Address; readonly name: string }
export interface NoteRecord extends RecordFields { readonly what: 'note'; readonly address: Address; readonly note: Note }
/** Something the user or a test did to the world. */
export interface InputRecord extends RecordFields { readonly what: 'input'; readonly input: WorldInput; /** Its place in the world's input log. */ readonly number: number }
/** A process started or ended. */
export interface LifeRecord extends RecordFields { readonly what: 'started' | 'ended'; readonly address: Address; readonly how: string }

/** What can be done to a world from outside. The list of inputs with their times, the seed and the topology are the world. */
export type WorldInput =
  | { readonly type: 'tell'; readonly to: Address; readonly event: string; readonly body: unknown }
  | { readonly type: 'stop-process'; readonly address: Address; readonly crash?: boolean }
  | { readonly type: 'start-process'; readonly address: Address }
  | { readonly type: 'power-off'; readonly host: string }
  | { readonly type: 'power-on'; readonly host: string }
  /** Cut the host off from every other host, or join it again. */
  | { readonly type: 'partition'; readonly host: string }
  | { readonly type: 'heal'; readonly host: string }
  /** `*` for one of both is every other machine: what it says comes on top of what the single links do. */
  | { readonly type: 'change-link'; readonly from: string; readonly to: string; readonly delayUs?: number; readonly jitterUs?: number; readonly lossPpm?: number }
  | { readonly type: 'add-process'; readonly process: ProcessSpec };

export interface ProcessSpec {
  readonly address: Address;
  /** Which program runs there: a name that the world's `programs` know. */
  readonly program: string;
  /** Plain JSON for its start. */
  readonly input: unknown;
}

/** Seed, processes: what a world is before anything was done to it. Plain JSON. */
export interface WorldSpec { readonly seed: number; readonly processes: readonly ProcessSpec[] }

export interface TimedInput { readonly atUs: SimTime; readonly input: WorldInput }
