import { List, PMap } from '../../simulation/collections/index.ts';
import { clearTimer, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Outcome, SimTime } from '../../simulation/process/process.ts';

/**
 * A queue of keys in which each key waits at most once, and a key that is being worked on is queued again only when
 * that work is done. Models client-go/util/workqueue: queue.go, delaying_queue.go, default_rate_limiters.go.
 */
export interface WorkQueue {
  readonly name: string;
  readonly ready: List<string>;
  /** Keys that need work, and the record that said so. */
  readonly dirty: PMap<string, number>;
  readonly processing: PMap<string, true>;
  readonly failures: PMap<string, number>;
  /** Keys that will be added later, and when. */
  readonly waiting: PMap<string, SimTime>;
}

const usualBackOff = { baseUs: 5_000, maxUs: 1_000_000_000 };
const none: readonly Effect[] = [];

export function createQueue(name: string): WorkQueue {
  return { name, ready: List(), dirty: PMap(), processing: PMap(), failures: PMap(), waiting: PMap() };
}

/** Add a key now, because of the record `cause`. */
export function add(queue: WorkQueue, key: string, cause: number): WorkQueue {
  if (queue.dirty.has(key)) return queue;
  const dirty = queue.dirty.set(key, cause);
  return queue.processing.has(key) ? { ...queue, dirty } : { ...queue, dirty, ready: queue.ready.push(key) };
}

/** Take the key that has waited longest; it counts as being processed until `done`. */
export function take(queue: WorkQueue): { readonly queue: WorkQueue; readonly key: string; readonly cause: number } | undefined {
  const key = queue.ready.first();
  if (key === undefined) return undefined;
  const cause = queue.dirty.get(key)!;
  return { key, cause, queue: { ...queue, ready: queue.ready.shift(), dirty: queue.dirty.delete(key), processing: queue.processing.set(key, true) } };
}

/** The work on a key is over; if it was added meanwhile, it is ready again. */
export function done(queue: WorkQueue, key: string): WorkQueue {
  const processing = queue.processing.delete(key);
  return queue.dirty.has(key) ? { ...queue, processing, ready: queue.ready.push(key) } : { ...queue, processing };
}

/** The work on a key succeeded: its next failure waits the shortest time again. */
export function forget(queue: WorkQueue, key: string): WorkQueue {
  return queue.failures.has(key) ? { ...queue, failures: queue.failures.delete(key) } : queue;
}

/** Add a key after a while; of several such wishes the earliest counts. The component routes `timer.queue` to `fire`. */
export function addAfter(queue: WorkQueue, key: string, afterUs: number, nowUs: SimTime, options: { readonly cause: number; readonly background?: boolean }): Outcome<WorkQueue> {
  if (afterUs <= 0) return [add(queue, key, options.cause), none];
  const dueUs = nowUs + afterUs;
  const waiting = queue.waiting.get(key);
  if (waiting !== undefined && waiting <= dueUs) return [queue, none];
  const timer = setTimer(timerId(queue, key), afterUs, { name: 'queue', body: { queue: queue.name, key }, background: options.background ?? false });
  return [{ ...queue, waiting: queue.waiting.set(key, dueUs) }, [timer]];
}

/** Add a key after its back-off: 5 ms doubling with each failure to 1,000 s, if nothing else is said. */
export function addRateLimited(queue: WorkQueue, key: string, nowUs: SimTime, cause: number, { baseUs, maxUs } = usualBackOff): Outcome<WorkQueue> {
  const failures = queue.failures.get(key) ?? 0;
  const delayUs = Math.min(baseUs * 2 ** failures, maxUs);
  return addAfter({ ...queue, failures: queue.failures.set(key, failures + 1) }, key, delayUs, nowUs, { cause, background: failures > 8 });
}

/** The timer of a waiting key has fired. */
export function fire(queue: WorkQueue, key: string, cause: number): WorkQueue {
  return queue.waiting.has(key) ? add({ ...queue, waiting: queue.waiting.delete(key) }, key, cause) : queue;
}

/** Forget a key that waits for later: there is nothing to do any more. */
export function cancel(queue: WorkQueue, key: string): Outcome<WorkQueue> {
  return queue.waiting.has(key) ? [{ ...queue, waiting: queue.waiting.delete(key) }, [clearTimer(timerId(queue, key))]] : [queue, none];
}

/** How often the work on a key has failed in a row. */
export const failuresOf = (queue: WorkQueue, key: string): number => queue.failures.get(key) ?? 0;

const timerId = (queue: WorkQueue, key: string) => `queue/${queue.name}/${key}`;

/** The body of a `timer.queue`. */
export interface QueueTimer { readonly queue: string; readonly key: string }
