import { describe, expect, test } from 'vitest';
import { lineOf, neighbourOf, treeOf } from './span-walk.ts';
import { span, story } from './test-spans.ts';

describe('walking over spans', () => {
  test('the tree as a list: what was caused stands below what caused it', () => {
    expect(treeOf(story).map(({ span: { id }, level, children }) => [id, level, children])).toEqual([[10, 1, 1], [11, 2, 2], [12, 3, 0], [13, 3, 1], [14, 4, 2], [15, 5, 0], [16, 5, 0]]);
    expect(treeOf(Array.from({ length: 20_000 }, (_, id) => span(id, id - 1)))).toHaveLength(20_000);
  });

  test.each<[number, string, number | undefined]>([
    [13, 'ArrowLeft', 12], [13, 'ArrowRight', 14], [13, 'ArrowUp', 11], [11, 'ArrowDown', 12], [13, 'Home', 10], [13, 'End', 16], [10, 'ArrowLeft', undefined], [10, 'ArrowUp', undefined], [16, 'ArrowDown', undefined], [13, 'x', undefined],
  ])('from %i with %s to %s', (id, key, to) => expect(neighbourOf(story, id, key)?.id).toBe(to));

  test('the line back', () => expect([...lineOf(story, 16)]).toEqual([16, 14, 13, 11, 10]));
});
