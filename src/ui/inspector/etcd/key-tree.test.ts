import { expect, test } from 'vitest';
import { keyTree } from './key-tree.ts';
import type { KeyNode } from './key-tree.ts';

const written = (nodes: readonly KeyNode[], depth = 0): readonly string[] =>
  nodes.flatMap(({ segment, count, key, children }) => [`${' '.repeat(depth)}${segment}${children.length > 0 ? `/ ${count}` : ''}${key === undefined ? '' : ' *'}`, ...written(children, depth + 1)]);

test.each<[string, readonly string[], readonly string[]]>([
  ['folders with counts', ['/registry/pods/a/x', '/registry/pods/a/y', '/registry/pods/b/z', '/registry/minions/n'], ['registry/ 4', ' pods/ 3', '  a/ 2', '   x *', '   y *', '  b/ 1', '   z *', ' minions/ 1', '  n *']],
  ['what holds only one other is told with it', ['/registry/services/specs/default/a', '/registry/services/specs/default/b'], ['registry/services/specs/default/ 2', ' a *', ' b *']],
  ['a key that is also a folder', ['/a', '/a/b'], ['a/ 2 *', ' b *']],
  ['nothing', [], []],
])('%s', (_, keys, lines) => expect(written(keyTree(keys.map((key) => ({ key, createRevision: 1, modRevision: 1, version: 1, lease: 0 }))))).toEqual(lines));
