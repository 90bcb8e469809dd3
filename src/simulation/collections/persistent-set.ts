import { emptyMap, type PersistentMap } from './persistent-map.ts';

/** A set that is never changed; ordered as a `PersistentMap` of its items. */
export class PersistentSet<T> {
  private readonly items: PersistentMap<T, true>;
  constructor(items: PersistentMap<T, true> = emptyMap()) { this.items = items; }

  get size(): number { return this.items.size; }
  has(item: T): boolean { return this.items.has(item); }
  add(item: T): PersistentSet<T> { return this.with(this.items.set(item, true)); }
  delete(item: T): PersistentSet<T> { return this.with(this.items.delete(item)); }
  clear(): PersistentSet<T> { return this.with(this.items.clear()); }
  forEach(each: (item: T, key: T) => unknown): void { this.items.forEach((_, item) => each(item, item)); }
  [Symbol.iterator](): IterableIterator<T> { return this.items.keys(); }
  private with(items: PersistentMap<T, true>): PersistentSet<T> { return items === this.items ? this : new PersistentSet(items); }
}
