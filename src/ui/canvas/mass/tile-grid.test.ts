import { describe, expect, it } from 'vitest';
import { layTiles, neighbourTile, shownTiles, tileAt, tileBox } from './tile-grid.ts';

describe('the tiles of many nodes', () => {
  it.each([[5_000, 1_500, 800], [301, 358, 500], [1, 900, 40], [7, 40, 900], [12_345, 1_200, 700]])('%d of them fit into %d × %d, each at its own place', (count, width, height) => {
    const grid = layTiles({ x: 10, y: 20, width, height }, count);
    const last = tileBox(grid, count - 1);
    expect(last.x + last.width).toBeLessThanOrEqual(10 + width + 0.01);
    expect(last.y + last.height).toBeLessThanOrEqual(20 + height + 0.01);
    for (const index of [0, Math.floor(count / 2), count - 1]) {
      const { x, y, width: edge } = tileBox(grid, index);
      expect(tileAt(grid, x + edge / 2, y + edge / 2)).toBe(index);
    }
  });

  it('beside them there is none', () => {
    const grid = layTiles({ x: 0, y: 0, width: 100, height: 100 }, 10);
    expect([tileAt(grid, -1, 5), tileAt(grid, 101, 5), tileAt(grid, 5, -1), tileAt(grid, 95, 95)]).toEqual([-1, -1, -1, -1]);
  });

  it('arrows move by one, and stop at the edges', () => {
    const grid = { x: 0, y: 0, pitch: 10, columns: 4, count: 10 };
    const moves: [number, string, number][] = [[0, 'ArrowLeft', 0], [0, 'ArrowRight', 1], [3, 'ArrowRight', 3], [4, 'ArrowLeft', 4], [1, 'ArrowDown', 5], [7, 'ArrowDown', 7], [9, 'ArrowUp', 5], [2, 'ArrowUp', 2], [9, 'ArrowRight', 9]];
    for (const [from, key, to] of moves) expect([from, key, neighbourTile(grid, from, key)]).toEqual([from, key, to]);
  });

  it('only what a window shows is looked at', () => {
    const grid = { x: 0, y: 0, pitch: 10, columns: 100, count: 10_000 };
    expect(shownTiles(grid, { x: -200, y: -100, zoom: 2, width: 40, height: 60 })).toEqual({ fromColumn: 10, toColumn: 12, fromRow: 5, toRow: 8 });
  });
});
