import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { seenLines, yamlLines } from './yaml-lines.ts';

const write = (value: unknown): string => stringify(value, { lineWidth: 0 });
const textOf = (object: unknown): string => yamlLines(object, write).map(({ depth, lead, text }) => `${'  '.repeat(depth)}${lead}${lead === '' || text === '' ? '' : ' '}${text}`).join('\n');

const fields = (...paths: readonly string[][]) => {
  const root: Record<string, unknown> = {};
  for (const path of paths) path.reduce((at, key) => (at[key] ??= {}) as Record<string, unknown>, root);
  return root;
};
const object = {
  kind: 'Deployment',
  metadata: {
    name: 'web', labels: { app: 'web' },
    managedFields: [
      { manager: 'kubectl', operation: 'Update', time: '2026-01-01T00:00:09Z', fieldsV1: fields(['f:spec', 'f:replicas'], ['f:spec', 'f:template']) },
      { manager: 'kubelet', operation: 'Update', subresource: 'status', fieldsV1: fields(['f:status', 'f:conditions', 'k:{"type":"Ready"}', '.'], ['f:status', 'f:conditions', 'k:{"type":"Ready"}', 'f:status']) },
      { manager: 'scheduler', operation: 'Update', subresource: 'status', fieldsV1: fields(['f:status', 'f:conditions', 'k:{"type":"PodScheduled"}']) },
    ],
  },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'a', image: 'x' }] } } },
  status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'PodScheduled', status: 'True' }] },
};

describe('as YAML', () => {
  test.each<[string, unknown]>([
    ['maps in lists in maps', object],
    ['strings that need quotes', { a: 'true', b: '1', c: '', d: ' x', 'e.f/g': ':' }],
    ['many lines of text', { data: { 'x.conf': 'a: 1\n  b\n\nc\n', y: 'z' } }],
    ['empty things', { a: {}, b: [], c: null, d: [[], {}, null] }],
    ['lists in lists', { a: [[1, 2], [3]] }],
    ['items whose first field holds more', { a: [{ b: { c: 1 }, d: [1] }, { b: { c: 2 }, d: [] }] }],
  ])('%s are read as what they are', (_, value) => expect(parse(textOf(value))).toEqual(JSON.parse(JSON.stringify(value))));
});

test('what is folded is not seen, nor counted as anything else', () => {
  const lines = yamlLines(object, write);
  const at = lines.findIndex(({ path }) => path === 'metadata.managedFields');
  expect(lines[at]).toMatchObject({ foldedAtFirst: true, holds: '3 items' });
  const seen = seenLines(lines, new Set([at])).map((each) => lines[each]!.path);
  expect(seen.slice(seen.indexOf('metadata.managedFields'), seen.indexOf('metadata.managedFields') + 2)).toEqual(['metadata.managedFields', 'spec']);
  expect(seenLines(lines, new Set())).toHaveLength(lines.length);
});

test.each<[string, string | undefined]>([
  ['kind', undefined],
  ['spec.replicas', 'kubectl'],
  // Claimed whole, and with it all that is in it.
  ['spec.template.spec.containers[0].image', 'kubectl'],
  ['metadata.labels.app', undefined],
  // Two set parts of the list: the parts have an owner each.
  ['status.conditions', undefined],
  ['status.conditions[0].status', 'kubelet'],
  ['status.conditions[1].status', 'scheduler'],
])('%s was set by %s', (path, manager) => expect(yamlLines(object, write).find((line) => line.path === path)!.owner?.manager).toBe(manager));
