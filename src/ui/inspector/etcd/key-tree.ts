import type { EtcdKey } from '../../../session/port/etcd-view.ts';

/** A part of the key space: a segment between slashes, with all that lies below it. */
export interface KeyNode {
  readonly segment: string;
  /** Everything up to and with this segment. */
  readonly path: string;
  /** Keys in it and below it. */
  readonly count: number;
  readonly key: EtcdKey | undefined;
  readonly children: readonly KeyNode[];
}

interface Growing { readonly segment: string; readonly path: string; count: number; key: EtcdKey | undefined; readonly children: Map<string, Growing> }

/** Sorted keys as a tree of their segments; a segment that holds nothing but another one is told with it. */
export function keyTree(keys: readonly EtcdKey[]): readonly KeyNode[] {
  const root: Growing = { segment: '', path: '', count: 0, key: undefined, children: new Map() };
  for (const key of keys) {
    let at = root;
    for (const segment of key.key.split('/').slice(1)) {
      let next = at.children.get(segment);
      if (next === undefined) at.children.set(segment, next = { segment, path: `${at.path}/${segment}`, count: 0, key: undefined, children: new Map() });
      next.count += 1;
      at = next;
    }
    at.key = key;
  }
  return [...root.children.values()].map(finished);
}

function finished(node: Growing): KeyNode {
  let [at, segment] = [node, node.segment];
  while (at.key === undefined && at.children.size === 1) {
    const [only] = at.children.values();
    // A key stays a line of its own, below the folder it lies in.
    if (only!.children.size === 0) break;
    at = only!;
    segment = `${segment}/${at.segment}`;
  }
  return { segment, path: at.path, count: at.count, key: at.key, children: [...at.children.values()].map(finished) };
}
