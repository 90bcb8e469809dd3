import { expect, test } from 'vitest';
import { cellAt, gapOf, podCells } from './pod-cells.ts';

const cellsOf = (pagePx: number, count: number) => {
  const edge = pagePx - gapOf(pagePx, 1);
  return podCells({ left: 0, top: 0, right: edge, bottom: edge }, count, pagePx, 1);
};

test.each([[210, 30], [480, 110], [100, 12], [160, 1]])('in a tile of %d pixels each of %d Pods is at its own cell, and inside the tile', (pagePx, count) => {
  const cells = cellsOf(pagePx, count)!;
  const middles = Array.from({ length: count }, (_, index) => [cells.x + ((index % cells.columns) + 0.5) * cells.size, cells.y + (Math.floor(index / cells.columns) + 0.5) * cells.size] as const);
  expect(middles.map(([x, y]) => cellAt(cells, count, x, y))).toEqual(Array.from({ length: count }, (_, index) => index));
  for (const [x, y] of middles) expect(Math.max(x, y) + cells.size / 2).toBeLessThanOrEqual(pagePx);
  expect(cellAt(cells, count, cells.x - 1, cells.y)).toBe(-1);
  expect(cellAt(cells, count, cells.x, cells.y + Math.ceil(count / cells.columns) * cells.size + 1)).toBe(-1);
});

test('where cells are too small to be meant, none is; where there is no room for any, there are none', () => {
  const small = cellsOf(30, 110)!;
  expect(cellAt(small, 110, small.x + 1, small.y + 1)).toBe(-1);
  expect([cellsOf(20, 30), cellsOf(210, 0)]).toEqual([undefined, undefined]);
});
