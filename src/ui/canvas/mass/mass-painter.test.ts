import { describe, expect, it } from 'vitest';
import { failing, notReady } from '../../../session/port/mass-status.ts';
import type { MassTable } from '../../../session/port/mass-status.ts';
import { paintMass } from './mass-painter.ts';
import type { MassPicture } from './mass-painter.ts';

const colours = { ground: 1, card: 2, ready: 4, cordoned: 5, bad: 6, pods: [10, 11, 12, 13, 14, 15] };

/** 100 × 100 nodes with three Pods each; one is lost, on one other a Pod fails. */
function table(): MassTable {
  const count = 10_000;
  const nodes = new Uint8Array(count);
  const pods = new Uint8Array(count * 3);
  nodes[4_242] = notReady;
  pods[3 * 777 + 1] = failing;
  return { origin: 'synthetic', nodeNames: [], nodes, requested: new Uint8Array(count).fill(50), podStart: Uint32Array.from({ length: count + 1 }, (_, index) => index * 3), pods };
}

const dim = { ...colours, card: 22, ready: 24, pods: colours.pods.map((colour) => colour + 90) };

function paintAt(zoom: number, x = 0, y = 0, light?: MassPicture['light']): { readonly data: Uint32Array; readonly painted: number } {
  const data = new Uint32Array(200 * 200);
  const grid = { x: 0, y: 0, pitch: 10, columns: 100, count: 10_000 };
  return { data, painted: paintMass({ data, width: 200, height: 200 }, { table: table(), grid, colours, dim, ...(light !== undefined && { light }), x, y, zoom, density: 1 }) };
}

const many = (data: Uint32Array, colour: number): number => data.reduce((sum, pixel) => sum + Number(pixel === colour), 0);

describe('the picture of many nodes', () => {
  it.each([0.2, 0.1, 0.02])('at zoom %d problems are drawn, and not too small to see', (zoom) => {
    const { data } = paintAt(zoom);
    // Stripes: two pixels of three at least, of 4 × 4; and the corner of the other node.
    expect(many(data, colours.bad)).toBeGreaterThanOrEqual(8 + 16);
  });

  it('a healthy picture has nothing of that colour', () => {
    const { data } = paintAt(2, -1_000, 0);
    expect(many(data, colours.bad)).toBe(0);
    expect(many(data, colours.ready)).toBeGreaterThan(1_000);
  });

  it('a failing Pod is drawn as itself when there is room for Pods', () => {
    const { data } = paintAt(4, -77 * 40 + 40, -7 * 40 + 40);
    expect(many(data, colours.pods[failing]!)).toBeGreaterThanOrEqual(16);
    expect(many(data, colours.pods[0]!)).toBeGreaterThan(100);
  });

  it('what is out of view costs nothing', () => {
    expect(paintAt(4).painted).toBe(25);
    expect(paintAt(0.2).painted).toBe(10_000);
  });

  it('what is not lit is dim, and problems never are', () => {
    const [nodes, pods, tiles] = [new Uint8Array(10_000), new Uint8Array(30_000), new Uint8Array(10_000)];
    nodes[0] = tiles[0] = pods[1] = 1;
    const far = paintAt(2, 0, 0, { nodes, pods, tiles }).data;
    expect(many(far, colours.ready)).toBeGreaterThan(0);
    expect(many(far, colours.ready)).toBeLessThan(400);
    expect(many(far, dim.ready)).toBeGreaterThan(10_000);
    const near = paintAt(4, -77 * 40 + 40, -7 * 40 + 40, { nodes, pods, tiles }).data;
    expect(many(near, colours.pods[0]!)).toBe(0);
    expect(many(near, dim.pods[0]!)).toBeGreaterThan(100);
    expect(many(near, colours.pods[failing]!)).toBeGreaterThanOrEqual(16);
  });
});
