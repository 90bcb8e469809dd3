/** Persistent collections: what grows with the world is kept in them, so that a checkpoint is a reference. */
import { emptyList, listOf, PersistentList } from './persistent-list.ts';
import { emptyMap, PersistentMap } from './persistent-map.ts';
import { PersistentSet } from './persistent-set.ts';

export type PMap<K, V> = PersistentMap<K, V>;
export type PSet<T> = PersistentSet<T>;
export type List<T> = PersistentList<T>;

/** A persistent map of these entries. */
export function PMap<K, V>(entries?: Iterable<readonly [K, V]>): PMap<K, V> {
  let map = emptyMap<K, V>();
  if (entries !== undefined) for (const [key, value] of entries) map = map.set(key, value);
  return map;
}

/** A persistent set of these items. */
export function PSet<T>(items?: Iterable<T>): PSet<T> {
  let set = new PersistentSet<T>();
  if (items !== undefined) for (const item of items) set = set.add(item);
  return set;
}

/** A persistent list of these items. */
export const List = <T>(items?: Iterable<T>): List<T> => (items === undefined ? emptyList() : listOf(items));

/** Whether something is one of these collections: it has `size`, is iterable, and `forEach` tells value and key. */
export const isCollection = (value: object): boolean => value instanceof PersistentMap || value instanceof PersistentSet || value instanceof PersistentList;
