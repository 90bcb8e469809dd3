import { hashKey } from './hash.ts';

/** A key with its value. In a small map leaves lie in a list and their hash is not known. */
interface Leaf<K, V> { readonly kind: 0; readonly hash: number; readonly key: K; readonly value: V }
/** Up to 32 children by five bits of the hash; `bitmap` says which are there. */
interface Branch<K, V> { readonly kind: 1; readonly bitmap: number; readonly slots: readonly Tree<K, V>[] }
/** Keys that share all of their hash. */
interface Collision<K, V> { readonly kind: 2; readonly hash: number; readonly leaves: readonly Leaf<K, V>[] }
type Tree<K, V> = Leaf<K, V> | Branch<K, V> | Collision<K, V>;

const leafOf = <K, V>(hash: number, key: K, value: V): Leaf<K, V> => ({ kind: 0, hash, key, value });
const branchOf = <K, V>(bitmap: number, slots: readonly Tree<K, V>[]): Branch<K, V> => ({ kind: 1, bitmap, slots });
const collisionOf = <K, V>(hash: number, leaves: readonly Leaf<K, V>[]): Collision<K, V> => ({ kind: 2, hash, leaves });

const fewest = 8;

function countBits(bits: number): number {
  let n = bits - ((bits >> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >> 2) & 0x33333333);
  return Math.imul((n + (n >> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * A map that is never changed: `set` and `delete` give another one that shares most of its memory.
 * Up to eight entries are a list in the order in which they came; more are a trie, in the order of their hashes. Keys are strings or whole numbers.
 */
export class PersistentMap<K, V> {
  readonly size: number;
  private readonly few: readonly Leaf<K, V>[] | undefined;
  private readonly root: Tree<K, V> | undefined;

  constructor(size: number, few: readonly Leaf<K, V>[] | undefined, root: Tree<K, V> | undefined) {
    this.size = size;
    this.few = few;
    this.root = root;
  }

  private leafAt(key: K): Leaf<K, V> | undefined {
    const { few } = this;
    if (few !== undefined) {
      for (let i = 0; i < few.length; i += 1) if (few[i]!.key === key) return few[i];
      return undefined;
    }
    const hash = hashKey(key);
    let node = this.root!;
    for (let shift = 0; node.kind === 1; shift += 5) {
      const bit = 1 << ((hash >>> shift) & 31);
      if ((node.bitmap & bit) === 0) return undefined;
      node = node.slots[countBits(node.bitmap & (bit - 1))]!;
    }
    if (node.kind === 0) return node.hash === hash && node.key === key ? node : undefined;
    return node.hash === hash ? node.leaves.find((leaf) => leaf.key === key) : undefined;
  }

  get(key: K): V | undefined { return this.leafAt(key)?.value; }
  has(key: K): boolean { return this.leafAt(key) !== undefined; }

  set(key: K, value: V): PersistentMap<K, V> {
    const { few } = this;
    if (few === undefined) {
      const root = put(this.root!, 0, leafOf(hashKey(key), key, value));
      return root === this.root ? this : new PersistentMap(this.size + added, undefined, root);
    }
    for (let i = 0; i < few.length; i += 1) {
      if (few[i]!.key !== key) continue;
      return few[i]!.value === value ? this : new PersistentMap(this.size, replaced(few, i, leafOf(0, key, value)), undefined);
    }
    if (few.length < fewest) return new PersistentMap(this.size + 1, inserted(few, few.length, leafOf(0, key, value)), undefined);
    let root: Tree<K, V> = leafOf(hashKey(key), key, value);
    for (const one of few) root = put(root, 0, leafOf(hashKey(one.key), one.key, one.value));
    return new PersistentMap(this.size + 1, undefined, root);
  }

  delete(key: K): PersistentMap<K, V> {
    const { few } = this;
    if (few !== undefined) {
      for (let i = 0; i < few.length; i += 1) if (few[i]!.key === key) return few.length === 1 ? this.clear() : new PersistentMap(this.size - 1, without(few, i), undefined);
      return this;
    }
    const root = take(this.root!, 0, hashKey(key), key);
    return root === this.root ? this : root === undefined ? this.clear() : new PersistentMap(this.size - 1, undefined, root);
  }

  update(key: K, change: (value: V | undefined) => V): PersistentMap<K, V> { return this.set(key, change(this.get(key))); }
  clear(): PersistentMap<K, V> { return empty as unknown as PersistentMap<K, V>; }

  /** The map after several changes. */
  withMutations(change: (draft: Draft<K, V>) => unknown): PersistentMap<K, V> {
    const draft = new Draft<K, V>(this);
    change(draft);
    return draft.map;
  }

  private leaves(): readonly Leaf<K, V>[] {
    if (this.few !== undefined) return this.few;
    const found: Leaf<K, V>[] = [];
    gather(this.root!, found);
    return found;
  }

  forEach(each: (value: V, key: K) => unknown): void { for (const { value, key } of this.leaves()) each(value, key); }
  map<W>(change: (value: V, key: K) => W): PersistentMap<K, W> {
    let result = this as unknown as PersistentMap<K, W>;
    for (const { key, value } of this.leaves()) result = result.set(key, change(value, key));
    return result;
  }
  filter(keep: (value: V, key: K) => boolean): PersistentMap<K, V> {
    let result = this.clear();
    for (const { key, value } of this.leaves()) if (keep(value, key)) result = result.set(key, value);
    return result;
  }
  some(is: (value: V, key: K) => boolean): boolean { return this.leaves().some(({ value, key }) => is(value, key)); }
  every(is: (value: V, key: K) => boolean): boolean { return this.leaves().every(({ value, key }) => is(value, key)); }
  find(is: (value: V, key: K) => boolean): V | undefined { return this.leaves().find(({ value, key }) => is(value, key))?.value; }
  count(is: (value: V, key: K) => boolean): number { return this.reduce((sum, value, key) => (is(value, key) ? sum + 1 : sum), 0); }
  findKey(is: (value: V, key: K) => boolean): K | undefined { return this.leaves().find(({ value, key }) => is(value, key))?.key; }
  reduce<R>(add: (sum: R, value: V, key: K) => R, sum: R): R {
    for (const { value, key } of this.leaves()) sum = add(sum, value, key);
    return sum;
  }
  keys(): IterableIterator<K> { return this.leaves().map(({ key }) => key)[Symbol.iterator](); }
  values(): IterableIterator<V> { return this.leaves().map(({ value }) => value)[Symbol.iterator](); }
  entries(): IterableIterator<[K, V]> { return this.leaves().map(({ key, value }): [K, V] => [key, value])[Symbol.iterator](); }
  [Symbol.iterator](): IterableIterator<[K, V]> { return this.entries(); }
}

/** A map under several changes. */
export class Draft<K, V> {
  map: PersistentMap<K, V>;
  constructor(map: PersistentMap<K, V>) { this.map = map; }
  get size(): number { return this.map.size; }
  get(key: K): V | undefined { return this.map.get(key); }
  has(key: K): boolean { return this.map.has(key); }
  set(key: K, value: V): this { this.map = this.map.set(key, value); return this; }
  delete(key: K): this { this.map = this.map.delete(key); return this; }
  clear(): this { this.map = this.map.clear(); return this; }
}

const empty = new PersistentMap<never, never>(0, [], undefined);
export const emptyMap = <K, V>(): PersistentMap<K, V> => empty as unknown as PersistentMap<K, V>;

function replaced<T>(list: readonly T[], at: number, item: T): readonly T[] {
  const copy = list.slice();
  copy[at] = item;
  return copy;
}

/** Copies of just the right size: one that grew would keep room for more for as long as any checkpoint has it. */
function inserted<T>(list: readonly T[], at: number, item: T): readonly T[] {
  const copy = new Array<T>(list.length + 1);
  for (let i = 0; i < at; i += 1) copy[i] = list[i]!;
  copy[at] = item;
  for (let i = at; i < list.length; i += 1) copy[i + 1] = list[i]!;
  return copy;
}

function removed<T>(list: readonly T[], at: number): readonly T[] {
  const copy = new Array<T>(list.length - 1);
  for (let i = 0; i < at; i += 1) copy[i] = list[i]!;
  for (let i = at + 1; i < list.length; i += 1) copy[i - 1] = list[i]!;
  return copy;
}

/** The last one takes the place of the one that goes. */
function without<T>(list: readonly T[], at: number): readonly T[] {
  const copy = list.slice();
  const last = copy.pop()!;
  if (at < copy.length) copy[at] = last;
  return copy;
}

/** Whether the last `put` brought a key that was not there: 1, or 0 where it only changed a value. */
let added = 0;

function put<K, V>(node: Tree<K, V>, shift: number, leaf: Leaf<K, V>): Tree<K, V> {
  if (node.kind === 1) {
    const bit = 1 << ((leaf.hash >>> shift) & 31);
    const at = countBits(node.bitmap & (bit - 1));
    if ((node.bitmap & bit) === 0) {
      added = 1;
      return branchOf(node.bitmap | bit, inserted(node.slots, at, leaf));
    }
    const child = node.slots[at]!;
    const next = put(child, shift + 5, leaf);
    return next === child ? node : branchOf(node.bitmap, replaced(node.slots, at, next));
  }
  if (node.hash !== leaf.hash) {
    added = 1;
    return split(node, leaf, shift);
  }
  if (node.kind === 0) {
    if (node.key === leaf.key) {
      added = 0;
      return node.value === leaf.value ? node : leaf;
    }
    added = 1;
    return collisionOf(leaf.hash, [node, leaf]);
  }
  const at = node.leaves.findIndex(({ key }) => key === leaf.key);
  added = at < 0 ? 1 : 0;
  if (at < 0) return collisionOf(leaf.hash, [...node.leaves, leaf]);
  return node.leaves[at]!.value === leaf.value ? node : collisionOf(leaf.hash, replaced(node.leaves, at, leaf));
}

/** Two of different hashes in one place: as many branches as it takes to tell them apart. */
function split<K, V>(node: Leaf<K, V> | Collision<K, V>, leaf: Leaf<K, V>, shift: number): Tree<K, V> {
  const a = (node.hash >>> shift) & 31;
  const b = (leaf.hash >>> shift) & 31;
  if (a === b) return branchOf(1 << a, [split(node, leaf, shift + 5)]);
  return branchOf((1 << a) | (1 << b), a < b ? [node, leaf] : [leaf, node]);
}

function take<K, V>(node: Tree<K, V>, shift: number, hash: number, key: K): Tree<K, V> | undefined {
  if (node.kind === 1) {
    const bit = 1 << ((hash >>> shift) & 31);
    if ((node.bitmap & bit) === 0) return node;
    const at = countBits(node.bitmap & (bit - 1));
    const child = node.slots[at]!;
    const next = take(child, shift + 5, hash, key);
    if (next === child) return node;
    if (next !== undefined) return node.slots.length === 1 && next.kind !== 1 ? next : branchOf(node.bitmap, replaced(node.slots, at, next));
    if (node.slots.length === 1) return undefined;
    if (node.slots.length === 2 && node.slots[at ^ 1]!.kind !== 1) return node.slots[at ^ 1];
    return branchOf(node.bitmap ^ bit, removed(node.slots, at));
  }
  if (node.kind === 0) return node.key === key ? undefined : node;
  const at = node.leaves.findIndex((leaf) => leaf.key === key);
  if (at < 0) return node;
  return node.leaves.length === 2 ? node.leaves[at ^ 1] : collisionOf(node.hash, without(node.leaves, at));
}

function gather<K, V>(node: Tree<K, V>, found: Leaf<K, V>[]): void {
  if (node.kind === 0) found.push(node);
  else if (node.kind === 1) for (const child of node.slots) gather(child, found);
  else found.push(...node.leaves);
}
