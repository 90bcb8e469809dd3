/**
 * The contract between a process and the world: an event goes in, the next state and a list of effects come out.
 *
 * A process never waits, sends or reads a clock by itself. Whatever is not in `Effect` cannot happen, and whatever
 * a process may know about time and chance comes with the event, in `env`.
 */

/** Whole microseconds of virtual time since the world began. */
export type SimTime = number;

/** Where a process lives, as `host/process`: `worker-1/kubelet`. */
export type Address = string;

/** Something said over a link. `body` is immutable plain JSON, shared by reference and never changed after sending. */
export interface Message {
  /** `protocol.factOrRequest`, upstream's own spelling after the dot: `etcd.Txn`, `cri.RunPodSandbox`, `watch.added`. */
  readonly type: string;
  readonly body: unknown;
  /**
   * Heartbeats and polls that are no news: drawn faintly, not counted when quiet time is skipped. Where it is left out,
   * it is inherited from what caused the message (a heartbeat timer's whole chain is background): say `false` where news begins.
   */
  readonly background?: boolean;
  /** The record that led to this message, where that is not the event being handled (work that waited in a queue). */
  readonly cause?: number;
}

/** Time and chance, handed in with every event. */
export interface Env {
  readonly nowUs: SimTime;
  /** The address of the process that is being stepped. */
  readonly self: Address;
  /** The record of this event: what messages and notes of this step name as their cause. Keep it with queued work, see `Message.cause`. */
  readonly eventId: number;
  /** Whether this event is background: for work that is handed on and done later. */
  readonly background?: boolean;
  /** A whole number in [0, bound) from the named stream of this process. Drawing from one stream never shifts another's luck. */
  random(stream: string, bound: number): number;
}

export type EventKind =
  | 'start'          // the process begins: `body` is a ProcessStart
  | 'request'        // a peer asks; answer with `respond` and this event's `id`
  | 'response'       // the answer to our request `id`
  | 'failure'        // our request `id` will never be answered: `body` is a Failure
  | 'stream-open'    // a peer opened stream `id` towards us with `body`
  | 'stream-data'    // a message on stream `id`
  | 'stream-closed'  // stream `id` ended, whoever ended it: `body` is a Failure
  | 'timer'          // our timer `id` fired; `type` is `timer.<name>`
  | 'command';       // the user (or a test) acts on this process directly

/** What reaches a process. `type` is what the chart's `on` matches. */
export interface ProcessEvent<Body = unknown> {
  /** The message's own type; or `process.started`, `request.failed`, `stream.closed`, `timer.<name>`. */
  readonly type: string;
  readonly kind: EventKind;
  /** The request, stream or timer this is about; our own name for it where we made it, the kernel's where a peer did. */
  readonly id: string;
  /** The peer's address; '' for timers, starts and commands. */
  readonly from: Address;
  readonly body: Body;
  readonly env: Env;
}

export interface ProcessStart {
  /** What the topology gave this process; the same after each restart. */
  readonly input: unknown;
  /** What survived the last stop (see `ProcessDefinition.survives`), or undefined at the first start. */
  readonly disk: unknown;
  /** 0 at the first start, counted up at each later one. */
  readonly incarnation: number;
}

export type FailureReason = 'timed out' | 'connection refused' | 'connection reset' | 'no route to host' | 'closed';
export interface Failure { readonly reason: FailureReason; readonly to: Address }

/** What a process may ask of the world. Whatever is not here cannot happen. Make them with the functions of `effects.ts`. */
export type Effect =
  | { readonly kind: 'request'; readonly id: string; readonly to: Address; readonly message: Message; readonly timeoutUs: number; readonly workUs: number }
  | { readonly kind: 'respond'; readonly id: string; readonly message: Message; readonly workUs: number }
  | { readonly kind: 'refuse'; readonly id: string; readonly reason: FailureReason }
  | { readonly kind: 'open-stream'; readonly id: string; readonly to: Address; readonly message: Message; readonly workUs: number }
  | { readonly kind: 'write'; readonly id: string; readonly message: Message; readonly workUs: number }
  | { readonly kind: 'close-stream'; readonly id: string; readonly reason: FailureReason }
  | { readonly kind: 'set-timer'; readonly id: string; readonly name: string; readonly afterUs: number; readonly body: unknown; readonly background: boolean }
  | { readonly kind: 'clear-timer'; readonly id: string }
  | { readonly kind: 'note'; readonly note: Note };

/** A remark for the timeline: what a process decided, in words and with its evidence. Changes nothing. */
export interface Note {
  /** Short id, kebab-case: `filter`, `score`, `authorization`, `election`. */
  readonly name: string;
  /** One sentence a reader understands. */
  readonly text: string;
  /** Plain JSON behind the sentence (a plugin × node table, say). */
  readonly detail?: unknown;
  /** Microseconds after the step at which this stage is reached, for stages inside one step. */
  readonly afterUs?: number;
  readonly background?: boolean;
}

/** The outcome of one piece of work: what the process now knows, and what it asks for. */
export type Outcome<State> = readonly [state: State, effects: readonly Effect[]];

/** How a process ends: its own program stops (memory is lost), or its host loses power. */
export type StopCause = 'stopped' | 'crashed' | 'power-loss';

/** A snapshot is plain immutable data: the chart's state value and everything the process knows. */
export interface Snapshot<State = unknown> {
  readonly value: StateValue;
  readonly state: State;
}
export type StateValue = string | { readonly [region: string]: StateValue };

/** What the kernel runs. Made from an XState machine by `chartProcess` (chart-process.ts). */
export interface ProcessDefinition<State = unknown> {
  readonly name: string;
  start(event: ProcessEvent<ProcessStart>): { snapshot: Snapshot<State>; effects: readonly Effect[] };
  step(snapshot: Snapshot<State>, event: ProcessEvent): { snapshot: Snapshot<State>; effects: readonly Effect[] };
  /** What a stop leaves on the disk; undefined if nothing. */
  survives?(state: State, cause: StopCause): unknown;
}
