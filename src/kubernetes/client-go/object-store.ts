import { PMap } from '../../simulation/collections/index.ts';
import { objectKey, type KubeObject } from '../api/index.ts';

/** Gives the values under which an object is found in an index; bivariant, so that a Pod function indexes Pods. */
export type IndexFunction = { bivarianceHack(object: KubeObject): readonly string[] }['bivarianceHack'];

type Bucket = PMap<string, KubeObject>;

export interface StoreIndex { readonly name: string; readonly of: IndexFunction; readonly buckets: PMap<string, Bucket> }

/** The objects of one informer by key, and the same objects by index value. Models client-go/tools/cache/thread_safe_store.go. */
export interface ObjectStore { readonly objects: PMap<string, KubeObject>; readonly indices: readonly StoreIndex[] }

const noValues: readonly string[] = [];
const emptyBucket: Bucket = PMap();

export function createStore(indices: Readonly<Record<string, IndexFunction>> = {}): ObjectStore {
  return { objects: PMap(), indices: Object.entries(indices).map(([name, of]) => ({ name, of, buckets: PMap() })) };
}

function sameValues(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function withoutKey(buckets: PMap<string, Bucket>, value: string, key: string): PMap<string, Bucket> {
  const bucket = buckets.get(value);
  if (bucket === undefined) return buckets;
  const rest = bucket.delete(key);
  return rest.size === 0 ? buckets.delete(value) : buckets.set(value, rest);
}

function reindex(index: StoreIndex, key: string, old: KubeObject | undefined, object: KubeObject | undefined): StoreIndex {
  const before = old === undefined ? noValues : index.of(old);
  const after = object === undefined ? noValues : index.of(object);
  if (before.length === 0 && after.length === 0) return index;
  let { buckets } = index;
  if (!sameValues(before, after)) for (const value of before) if (!after.includes(value)) buckets = withoutKey(buckets, value, key);
  if (object !== undefined) for (const value of after) buckets = buckets.set(value, (buckets.get(value) ?? emptyBucket).set(key, object));
  return { name: index.name, of: index.of, buckets };
}

function reindexAll(indices: readonly StoreIndex[], key: string, old: KubeObject | undefined, object: KubeObject | undefined): readonly StoreIndex[] {
  return indices.length === 0 ? indices : indices.map((index) => reindex(index, key, old, object));
}

/** The store with `object` in the place of whatever had its key. */
export function putObject(store: ObjectStore, key: string, old: KubeObject | undefined, object: KubeObject): ObjectStore {
  return { objects: store.objects.set(key, object), indices: reindexAll(store.indices, key, old, object) };
}

/** The store without the object of this key. */
export function removeObject(store: ObjectStore, key: string, old: KubeObject): ObjectStore {
  return { objects: store.objects.delete(key), indices: reindexAll(store.indices, key, old, undefined) };
}

/** A store made from a whole list at once. */
export function replaceObjects(store: ObjectStore, items: readonly KubeObject[]): ObjectStore {
  const objects = PMap<string, KubeObject>().withMutations((map) => { for (const item of items) map.set(objectKey(item), item); });
  const indices = store.indices.map((index) => {
    const groups = new Map<string, [string, KubeObject][]>();
    for (const item of items) for (const value of index.of(item)) {
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [[objectKey(item), item]]); else group.push([objectKey(item), item]);
    }
    const buckets = PMap<string, Bucket>().withMutations((map) => { for (const [value, group] of groups) map.set(value, PMap(group)); });
    return { name: index.name, of: index.of, buckets };
  });
  return { objects, indices };
}

/** The objects with this value in this index. */
export function indexed(store: ObjectStore, index: string, value: string): Bucket {
  for (const candidate of store.indices) if (candidate.name === index) return candidate.buckets.get(value) ?? emptyBucket;
  throw new Error(`the informer has no index called ${index}`);
}
