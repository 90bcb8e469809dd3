/** A leftist heap that shares what it can with its older versions: a checkpoint of a queue is a reference. */
export interface HeapNode<T> { readonly item: T; readonly rank: number; readonly left: Heap<T>; readonly right: Heap<T> }
export type Heap<T> = HeapNode<T> | undefined;

function join<T>(item: T, a: Heap<T>, b: Heap<T>): HeapNode<T> {
  const rankA = a === undefined ? 0 : a.rank;
  const rankB = b === undefined ? 0 : b.rank;
  return rankA >= rankB ? { item, rank: rankB + 1, left: a, right: b } : { item, rank: rankA + 1, left: b, right: a };
}

/** Both heaps in one; `before` says which of two items comes out first. */
export function mergeHeaps<T>(a: Heap<T>, b: Heap<T>, before: (a: T, b: T) => boolean): Heap<T> {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return before(b.item, a.item) ? join(b.item, b.left, mergeHeaps(a, b.right, before)) : join(a.item, a.left, mergeHeaps(a.right, b, before));
}

/** The heap with one more item. */
export function pushHeap<T>(heap: Heap<T>, item: T, before: (a: T, b: T) => boolean): Heap<T> {
  return mergeHeaps(heap, { item, rank: 1, left: undefined, right: undefined }, before);
}

/** The heap without its first item. */
export function popHeap<T>(heap: HeapNode<T>, before: (a: T, b: T) => boolean): Heap<T> {
  return mergeHeaps(heap.left, heap.right, before);
}
