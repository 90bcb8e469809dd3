/**
 * The Pods that wait for a node: active, backing off, unschedulable. Models pkg/scheduler/backend/queue/scheduling_queue.go, active_queue.go,
 * backoff_queue.go. A scheduling cycle is one step here, so nothing can happen while a Pod is in one, and no in-flight events are kept.
 */
import { PMap } from '../../simulation/collections/index.ts';
import type { SimTime } from '../../simulation/process/process.ts';
import type { ClusterEvent, PodInfo } from './framework.ts';
import { popHeap, pushHeap, type Heap } from './persistent-heap.ts';
import { pluginNamed } from './plugins/registry.ts';

const secondUs = 1_000_000;
const initialBackoffUs = 1 * secondUs;
const maxBackoffUs = 10 * secondUs;
const maxInUnschedulableUs = 5 * 60 * secondUs;
const flushEveryUs = 30 * secondUs;

export type Place = 'active' | 'backoff' | 'error-backoff' | 'unschedulable' | 'gated';

export interface QueuedPod {
  readonly info: PodInfo;
  readonly place: Place;
  /** When it came, or came back after its last attempt: PrioritySort's second criterion. */
  readonly timestampUs: SimTime;
  readonly attempts: number;
  /** Attempts that found no node, and attempts in a row that failed for another reason: each has its own back-off. */
  readonly unschedulableCount: number;
  readonly errorCount: number;
  /** The plugins that refused it; their hints say which events are worth another attempt. */
  readonly plugins: readonly string[];
  /** Tells a heap's entries that are still true from those that are not. */
  readonly ticket: number;
  /** The record that put it where it is: what an attempt names as its cause. */
  readonly cause: number;
}

interface Ticket { readonly key: string; readonly number: number; readonly priority: number; readonly timestampUs: SimTime; readonly window: number }

export interface SchedulingQueue {
  readonly pods: PMap<string, QueuedPod>;
  /** Those of `pods` that wait for an event. */
  readonly unschedulable: PMap<string, QueuedPod>;
  readonly active: Heap<Ticket>;
  readonly backoff: Heap<Ticket>;
  readonly errorBackoff: Heap<Ticket>;
  readonly tickets: number;
  readonly sizes: Readonly<Record<Place, number>>;
}

export const emptyQueue: SchedulingQueue = {
  pods: PMap(), unschedulable: PMap(), active: undefined, backoff: undefined, errorBackoff: undefined, tickets: 0,
  sizes: { active: 0, backoff: 0, 'error-backoff': 0, unschedulable: 0, gated: 0 },
};

/** Models plugins/queuesort/priority_sort.go: Less; of two that are equal the one that was queued first. */
function prioritySort(a: Ticket, b: Ticket): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  if (a.timestampUs !== b.timestampUs) return a.timestampUs < b.timestampUs;
  return a.number < b.number;
}

/** Back-offs that end in the same second are one: within it PrioritySort decides. */
const backoffSort = (a: Ticket, b: Ticket): boolean => (a.window !== b.window ? a.window < b.window : prioritySort(a, b));

/** How long a Pod is kept back after so many failed attempts: 1 s, 2, 4, 8, then 10. */
export function backoffUs(failures: number): number {
  if (failures === 0) return 0;
  return failures > 4 ? maxBackoffUs : Math.min(initialBackoffUs * 2 ** (failures - 1), maxBackoffUs);
}

const failuresOf = (pod: QueuedPod): number => (pod.errorCount > 0 ? pod.errorCount : pod.unschedulableCount);

/** The whole second in which the back-off ends; the Pod may go once that second has passed. */
const windowOf = (pod: QueuedPod): number => Math.floor((pod.timestampUs + backoffUs(failuresOf(pod))) / secondUs);
const isBackingOff = (pod: QueuedPod, nowUs: SimTime): boolean => failuresOf(pod) > 0 && windowOf(pod) >= Math.floor(nowUs / secondUs);

function resized(sizes: SchedulingQueue['sizes'], from: Place | undefined, to: Place | undefined): SchedulingQueue['sizes'] {
  if (from === to) return sizes;
  const next = { ...sizes };
  if (from !== undefined) next[from]--;
  if (to !== undefined) next[to]++;
  return next;
}

/** The queue with this Pod in this place, wherever it was. */
function put(queue: SchedulingQueue, pod: Omit<QueuedPod, 'ticket'>): SchedulingQueue {
  const { key } = pod.info;
  const placed: QueuedPod = { ...pod, ticket: queue.tickets };
  const ticket: Ticket = { key, number: queue.tickets, priority: pod.info.priority, timestampUs: pod.timestampUs, window: windowOf(placed) };
  const old = queue.pods.get(key);
  const waits = pod.place === 'unschedulable' || pod.place === 'gated';
  return {
    pods: queue.pods.set(key, placed),
    unschedulable: waits ? queue.unschedulable.set(key, placed) : old === undefined ? queue.unschedulable : queue.unschedulable.delete(key),
    active: pod.place === 'active' ? pushHeap(queue.active, ticket, prioritySort) : queue.active,
    backoff: pod.place === 'backoff' ? pushHeap(queue.backoff, ticket, backoffSort) : queue.backoff,
    errorBackoff: pod.place === 'error-backoff' ? pushHeap(queue.errorBackoff, ticket, backoffSort) : queue.errorBackoff,
    tickets: queue.tickets + 1,
    sizes: resized(queue.sizes, old?.place, pod.place),
  };
}

/** Takes the Pod out, wherever it waits. */
export function removeFromQueue(queue: SchedulingQueue, key: string): SchedulingQueue {
  const old = queue.pods.get(key);
  if (old === undefined) return queue;
  return { ...queue, pods: queue.pods.delete(key), unschedulable: queue.unschedulable.delete(key), sizes: resized(queue.sizes, old.place, undefined) };
}

/** Add: a Pod that has no node yet; `gatedBy` is the PreEnqueue plugin that holds it back. */
export function addToQueue(queue: SchedulingQueue, info: PodInfo, nowUs: SimTime, cause: number, gatedBy?: string): SchedulingQueue {
  return put(queue, {
    info, place: gatedBy === undefined ? 'active' : 'gated', timestampUs: nowUs, attempts: 0, unschedulableCount: 0, errorCount: 0,
    plugins: gatedBy === undefined ? [] : [gatedBy], cause,
  });
}

/** Update: the Pod changed while it waited. Its place stays; whether the change may help is for `moveOne` to say. */
export function updateInQueue(queue: SchedulingQueue, info: PodInfo): SchedulingQueue {
  const old = queue.pods.get(info.key);
  if (old === undefined) return queue;
  const next = { ...old, info };
  return {
    ...queue, pods: queue.pods.set(info.key, next),
    unschedulable: queue.unschedulable.has(info.key) ? queue.unschedulable.set(info.key, next) : queue.unschedulable,
  };
}

/** The first entry of a heap that is still true, and the heap from there. */
function firstOf(queue: SchedulingQueue, heap: Heap<Ticket>, before: (a: Ticket, b: Ticket) => boolean): Heap<Ticket> {
  let rest = heap;
  while (rest !== undefined && queue.pods.get(rest.item.key)?.ticket !== rest.item.number) rest = popHeap(rest, before);
  return rest;
}

/** Moves the Pods whose back-off is over to the active queue. */
function flushBackoff(queue: SchedulingQueue, nowUs: SimTime): SchedulingQueue {
  const thisSecond = Math.floor(nowUs / secondUs);
  let next = queue;
  for (const lane of ['backoff', 'errorBackoff'] as const) {
    let heap = firstOf(next, next[lane], backoffSort);
    while (heap !== undefined && heap.item.window < thisSecond) {
      const { key } = heap.item;
      heap = popHeap(heap, backoffSort);
      next = put({ ...next, [lane]: heap }, { ...next.pods.get(key)!, place: 'active' });
      heap = firstOf(next, heap, backoffSort);
    }
    if (heap !== next[lane]) next = { ...next, [lane]: heap };
  }
  return next;
}

/**
 * Pop: the next Pod to try. With nothing active it takes one that is backing off after finding no node (SchedulerPopFromBackoffQ, on since 1.33);
 * one that backs off after an error waits to the end.
 */
export function popFromQueue(queue: SchedulingQueue, nowUs: SimTime): { readonly queue: SchedulingQueue; readonly pod: QueuedPod | undefined } {
  const flushed = flushBackoff(queue, nowUs);
  const active = firstOf(flushed, flushed.active, prioritySort);
  if (active !== undefined) return take({ ...flushed, active: popHeap(active, prioritySort) }, active.item.key);
  const backoff = firstOf(flushed, flushed.backoff, backoffSort);
  if (backoff !== undefined) return take({ ...flushed, active: undefined, backoff: popHeap(backoff, backoffSort) }, backoff.item.key);
  return { queue: { ...flushed, active: undefined, backoff: undefined }, pod: undefined };
}

function take(queue: SchedulingQueue, key: string): { queue: SchedulingQueue; pod: QueuedPod } {
  const pod = queue.pods.get(key)!;
  return { queue: removeFromQueue(queue, key), pod: { ...pod, attempts: pod.attempts + 1 } };
}

/** Whether a Pod could be popped now. */
export function hasPodToTry(queue: SchedulingQueue, nowUs: SimTime): boolean {
  if (queue.sizes.active > 0 || queue.sizes.backoff > 0) return true;
  const first = firstOf(queue, queue.errorBackoff, backoffSort);
  return first !== undefined && first.item.window < Math.floor(nowUs / secondUs);
}

/** AddUnschedulableIfNotPresent: the attempt failed. Refused by plugins it waits for an event; failed otherwise, it is tried again after its back-off. */
export function putBack(queue: SchedulingQueue, pod: QueuedPod, plugins: readonly string[], nowUs: SimTime): SchedulingQueue {
  if (queue.pods.has(pod.info.key)) return queue;
  if (plugins.length === 0) return put(queue, { ...pod, plugins, errorCount: pod.errorCount + 1, timestampUs: nowUs, place: 'error-backoff' });
  return put(queue, { ...pod, plugins, errorCount: 0, unschedulableCount: pod.unschedulableCount + 1, timestampUs: nowUs, place: 'unschedulable' });
}

function mayHelp(pod: QueuedPod, event: ClusterEvent): boolean {
  for (const name of pod.plugins) if (pluginNamed(name).mayHelp?.(event, pod.info) === true) return true;
  return false;
}

function requeue(queue: SchedulingQueue, pod: QueuedPod, nowUs: SimTime, cause: number): SchedulingQueue {
  return put(queue, { ...pod, place: isBackingOff(pod, nowUs) ? 'backoff' : 'active', cause });
}

/** MoveAllToActiveOrBackoffQueue: those whose refusing plugins say that this event may help are tried again. */
export function moveAll(queue: SchedulingQueue, event: ClusterEvent, nowUs: SimTime, cause: number): SchedulingQueue {
  let next = queue;
  for (const pod of queue.unschedulable.values()) if (pod.place === 'unschedulable' && mayHelp(pod, event)) next = requeue(next, pod, nowUs, cause);
  return next;
}

/** The same for one Pod that itself was changed; a gated one leaves when its last gate has gone. */
export function moveOne(queue: SchedulingQueue, key: string, event: ClusterEvent, nowUs: SimTime, cause: number): SchedulingQueue {
  const pod = queue.unschedulable.get(key);
  return pod === undefined || !mayHelp(pod, event) ? queue : requeue(queue, { ...pod, plugins: pod.place === 'gated' ? [] : pod.plugins }, nowUs, cause);
}

/** flushUnschedulablePodsLeftover: whoever waited five minutes is tried again, event or not. */
export function flushLeftover(queue: SchedulingQueue, nowUs: SimTime, cause: number): SchedulingQueue {
  let next = queue;
  for (const pod of queue.unschedulable.values()) {
    if (pod.place === 'unschedulable' && nowUs - pod.timestampUs > maxInUnschedulableUs) next = requeue(next, pod, nowUs, cause);
  }
  return next;
}

/** When the queue next moves by itself: the end of the first back-off after an error, and the next round that looks for leftovers. */
export function nextWake(queue: SchedulingQueue, nowUs: SimTime): { readonly backoffUs?: number; readonly flushUs?: number } {
  const first = firstOf(queue, queue.errorBackoff, backoffSort);
  return {
    // One whose back-off is over needs no waking: it is taken by the next cycle.
    ...(first === undefined || first.item.window < Math.floor(nowUs / secondUs) ? {} : { backoffUs: (first.item.window + 1) * secondUs - nowUs }),
    ...(queue.sizes.unschedulable === 0 ? {} : { flushUs: flushEveryUs - (nowUs % flushEveryUs) }),
  };
}
