import type { SimTime } from '../process/process.ts';

export interface Entry { readonly atUs: SimTime; readonly sequence: number }

/** What is to happen, ordered by (time, sequence): a binary heap, so that equal times keep the order in which they were put in. */
export class Agenda<T extends Entry> {
  private heap: T[] = [];

  static from<T extends Entry>(entries: readonly T[]): Agenda<T> {
    const agenda = new Agenda<T>();
    agenda.heap = entries.slice().sort((a, b) => a.atUs - b.atUs || a.sequence - b.sequence);
    return agenda;
  }

  get size(): number { return this.heap.length; }
  peek(): T | undefined { return this.heap[0]; }
  /** The entries in heap order, which is no particular order to a reader. */
  entries(): readonly T[] { return this.heap; }

  put(entry: T): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent]!;
      if (above.atUs < entry.atUs || (above.atUs === entry.atUs && above.sequence < entry.sequence)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  take(): T | undefined {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const left = heap[child]!;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && (right.atUs < left.atUs || (right.atUs === left.atUs && right.sequence < left.sequence))) {
        least = right;
        child += 1;
      }
      if (last.atUs < least.atUs || (last.atUs === least.atUs && last.sequence < least.sequence)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
