import type { MappingNode, YamlNode } from './compose.ts';
import { isMergeKey, keyOf } from './convert.ts';
import type { FieldPath } from './field-path.ts';

/** Where a field, or the nearest part of its path that exists, begins in the document's text. */
export function offsetOfPath(root: YamlNode, path: FieldPath): number {
  let node: YamlNode = root;
  let offset = root.offset;
  for (const step of path) {
    const inside: YamlNode = node.kind === 'alias' ? node.target : node;
    if (inside.kind === 'sequence') {
      const item = typeof step === 'number' ? inside.children[step] : undefined;
      if (item === undefined) return offset;
      node = item;
      offset = item.offset;
    } else if (inside.kind === 'mapping') {
      const pair = findPair(inside, String(step));
      if (pair === undefined) return offset;
      [offset, node] = pair;
    } else {
      return offset;
    }
  }
  return offset;
}

/** The offset of a key and its value; of several the last one counts, as when reading. */
function findPair(map: MappingNode, key: string): [number, YamlNode] | undefined {
  for (let index = map.children.length - 2; index >= 0; index -= 2) {
    const keyNode = map.children[index]!;
    const value = map.children[index + 1]!;
    if (isMergeKey(keyNode)) {
      const merged = findInMerge(value, key);
      if (merged !== undefined) return merged;
    } else if (keyOf(keyNode) === key) {
      return [keyNode.offset, value];
    }
  }
  return undefined;
}

function findInMerge(source: YamlNode, key: string): [number, YamlNode] | undefined {
  const node = source.kind === 'alias' ? source.target : source;
  if (node.kind === 'mapping') return findPair(node, key);
  if (node.kind !== 'sequence') return undefined;
  for (const item of node.children) {
    const found = findInMerge(item, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
