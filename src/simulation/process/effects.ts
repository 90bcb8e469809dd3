import type { Address, Effect, FailureReason, Message, Note } from './process.ts';

/** The time a process works on something before the effect leaves it, and how long it waits for an answer. */
export interface RequestOptions { readonly workUs?: number; readonly timeoutUs?: number }

const thirtySecondsUs = 30_000_000;

/** Ask `to` and expect one answer (`response`) or a `failure`, both under our own `id`. */
export const request = (id: string, to: Address, message: Message, options: RequestOptions = {}): Effect =>
  ({ kind: 'request', id, to, message, timeoutUs: options.timeoutUs ?? thirtySecondsUs, workUs: options.workUs ?? 0 });

/** Answer the request event whose `id` this is. */
export const respond = (id: string, message: Message, workUs = 0): Effect => ({ kind: 'respond', id, message, workUs });

/** Break off the connection on which the request event with this `id` came: who asked hears a `failure`. */
export const refuse = (id: string, reason: FailureReason): Effect => ({ kind: 'refuse', id, reason });

/** Dial `to`; it hears `stream-open`. Data then flows both ways in order until either end closes or dies. */
export const openStream = (id: string, to: Address, message: Message, workUs = 0): Effect => ({ kind: 'open-stream', id, to, message, workUs });

/** Send on a stream that we opened, or that a peer opened towards us. */
export const write = (id: string, message: Message, workUs = 0): Effect => ({ kind: 'write', id, message, workUs });

export const closeStream = (id: string, reason: FailureReason = 'closed'): Effect => ({ kind: 'close-stream', id, reason });

/** Wake us with `timer.<name>` and this `id` after so many microseconds. Setting an id again replaces it. */
export const setTimer = (id: string, afterUs: number, options: { name?: string; body?: unknown; background?: boolean } = {}): Effect =>
  ({ kind: 'set-timer', id, name: options.name ?? id, afterUs, body: options.body, background: options.background ?? false });

export const clearTimer = (id: string): Effect => ({ kind: 'clear-timer', id });

export const note = (note: Note): Effect => ({ kind: 'note', note });
