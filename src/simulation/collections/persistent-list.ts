type Node<T> = readonly (Node<T> | T)[];

const width = 32;

/**
 * A list that is never changed: a trie of 32 children a node, and the last items apart. What is shifted off stays in
 * memory until it is as much as what is left; then the list is laid out anew.
 */
export class PersistentList<T> {
  readonly size: number;
  /** How many places at the beginning of the trie are no longer part of the list. */
  private readonly origin: number;
  private readonly root: Node<T>;
  /** Bits of an index above the lowest node of the trie. */
  private readonly level: number;
  private readonly tail: readonly T[];

  constructor(size: number, origin: number, root: Node<T>, level: number, tail: readonly T[]) {
    this.size = size;
    this.origin = origin;
    this.root = root;
    this.level = level;
    this.tail = tail;
  }

  get(index: number): T | undefined {
    const at = index < 0 ? this.size + index : index;
    return at < 0 || at >= this.size ? undefined : this.at(at + this.origin);
  }
  first(): T | undefined { return this.get(0); }
  last(): T | undefined { return this.get(-1); }

  private get tailStart(): number { return this.origin + this.size - this.tail.length; }
  private at(place: number): T {
    const start = this.tailStart;
    if (place >= start) return this.tail[place - start]!;
    let node = this.root;
    for (let shift = this.level; shift > 0; shift -= 5) node = node[(place >>> shift) & 31] as Node<T>;
    return node[place & 31] as T;
  }

  push(item: T): PersistentList<T> {
    if (this.tail.length < width) return new PersistentList(this.size + 1, this.origin, this.root, this.level, longer(this.tail, item));
    const start = this.tailStart;
    const fits = start < width << this.level;
    const root = fits ? append(this.root, this.level, start, this.tail as Node<T>) : [this.root, pathTo(this.level, this.tail as Node<T>)];
    return new PersistentList(this.size + 1, this.origin, root, fits ? this.level : this.level + 5, [item]);
  }

  set(index: number, item: T): PersistentList<T> {
    if (index < 0 || index >= this.size) throw new Error(`the list has no place ${index}`);
    const place = index + this.origin;
    const start = this.tailStart;
    if (place >= start) return new PersistentList(this.size, this.origin, this.root, this.level, replaced(this.tail, place - start, item));
    return new PersistentList(this.size, this.origin, putAt(this.root, this.level, place, item), this.level, this.tail);
  }

  shift(): PersistentList<T> { return this.drop(1); }
  /** The list without its first items. */
  private drop(count: number): PersistentList<T> {
    if (count <= 0) return this;
    if (count >= this.size) return this.clear();
    const size = this.size - count;
    const origin = this.origin + count;
    // What lies in the tail alone needs no trie; and what is gone must not outweigh what is left.
    if (size <= this.tail.length) return new PersistentList<T>(size, 0, none as Node<T>, 0, size === this.tail.length ? this.tail : this.tail.slice(this.tail.length - size));
    const moved = new PersistentList(size, origin, this.root, this.level, this.tail);
    return origin > size + width ? listOf(moved.toArray()) : moved;
  }

  slice(from: number, to: number = this.size): PersistentList<T> {
    return to >= this.size ? this.drop(from) : listOf(this.toArray().slice(from, to));
  }
  delete(index: number): PersistentList<T> { return listOf(this.toArray().filter((_, at) => at !== index)); }
  clear(): PersistentList<T> { return empty as unknown as PersistentList<T>; }

  toArray(): T[] {
    const items: T[] = [];
    const end = this.tailStart;
    for (let place = this.origin; place < end;) {
      let node = this.root;
      for (let shift = this.level; shift > 0; shift -= 5) node = node[(place >>> shift) & 31] as Node<T>;
      const stop = Math.min(end, (place | 31) + 1);
      for (; place < stop; place += 1) items.push(node[place & 31] as T);
    }
    for (let i = Math.max(0, this.tail.length - this.size); i < this.tail.length; i += 1) items.push(this.tail[i]!);
    return items;
  }
  map<R>(change: (item: T, index: number) => R): PersistentList<R> { return listOf(this.toArray().map((item, index) => change(item, index))); }
  reduce<R>(add: (sum: R, item: T) => R, sum: R): R { return this.toArray().reduce(add, sum); }
  forEach(each: (item: T, index: number) => unknown): void { this.toArray().forEach((item, index) => each(item, index)); }
  [Symbol.iterator](): IterableIterator<T> { return this.toArray()[Symbol.iterator](); }
}

const none: readonly never[] = [];
const empty = new PersistentList<never>(0, 0, none, 0, none);
export const emptyList = <T>(): PersistentList<T> => empty as unknown as PersistentList<T>;

export function listOf<T>(items: Iterable<T>): PersistentList<T> {
  let list = emptyList<T>();
  for (const item of items) list = list.push(item);
  return list;
}

/** A copy of just the right size. */
function longer<T>(list: readonly T[], item: T): readonly T[] {
  const copy = new Array<T>(list.length + 1);
  for (let i = 0; i < list.length; i += 1) copy[i] = list[i]!;
  copy[list.length] = item;
  return copy;
}

function replaced<T>(list: readonly T[], at: number, item: T): readonly T[] {
  const copy = list.slice();
  copy[at] = item;
  return copy;
}

const pathTo = <T>(shift: number, leaf: Node<T>): Node<T> => (shift === 0 ? leaf : [pathTo(shift - 5, leaf)]);

/** The trie with a full node of 32 items at the end. */
function append<T>(node: Node<T>, shift: number, start: number, leaf: Node<T>): Node<T> {
  if (shift === 0) return leaf;
  const at = (start >>> shift) & 31;
  const child = node[at] as Node<T> | undefined;
  return replaced(node, at, shift === 5 ? leaf : child === undefined ? pathTo(shift - 5, leaf) : append(child, shift - 5, start, leaf));
}

function putAt<T>(node: Node<T>, shift: number, place: number, item: T): Node<T> {
  const at = (place >>> shift) & 31;
  return replaced(node, at, shift === 0 ? item : putAt(node[at] as Node<T>, shift - 5, place, item));
}
