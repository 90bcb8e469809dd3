import { failing, nodeStates, notReady, podStates } from '../../../session/port/mass-status.ts';
import type { MassTable } from '../../../session/port/mass-status.ts';
import type { MassLight } from '../../../store/state.ts';
import { gapOf, headOf, podCells, podsPx } from './pod-cells.ts';
import { shownTiles } from './tile-grid.ts';
import type { TileGrid } from './tile-grid.ts';

/** Colours as the picture's memory wants them: alpha, blue, green, red. */
export interface MassColours { readonly ground: number; readonly card: number; readonly ready: number; readonly cordoned: number; readonly bad: number; readonly pods: readonly number[] }

export interface MassPicture {
  readonly table: MassTable;
  readonly grid: TileGrid;
  readonly colours: MassColours;
  /** What is lit, and the colours of all else; problems keep theirs. */
  readonly light?: MassLight & { readonly tiles: Uint8Array };
  readonly dim: MassColours;
  /** Where the stage's origin is and how large, in the picture's own pixels; `density` of them are one pixel of the page. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly density: number;
}

/** Pixels in memory: a stage of 150,000 things has no time for a call to the canvas for each of them. */
export interface Pixels { readonly data: Uint32Array; readonly width: number; readonly height: number }

/** What is wrong is never drawn smaller than this. */
const leastPx = 4;

const cordoned = nodeStates.indexOf('Ready,SchedulingDisabled');

/** How much of a Pod's cell is left open, from its top or within walls, where it is large enough: states differ by shape too. */
const openings: Readonly<Record<(typeof podStates)[number], { readonly top: number } | { readonly wall: number } | undefined>> = {
  Running: undefined, 'Running, not ready': { top: 0.5 }, Pending: { wall: 0.25 }, Terminating: { wall: 0.12 }, Succeeded: { top: 0.7 }, failing: undefined,
};

function fill({ data, width, height }: Pixels, left: number, top: number, right: number, bottom: number, colour: number): void {
  const [x0, x1, y1] = [Math.max(0, left), Math.min(width, right), Math.min(height, bottom)];
  if (x1 <= x0) return;
  for (let y = Math.max(0, top); y < y1; y += 1) data.fill(colour, y * width + x0, y * width + x1);
}

/** Diagonal stripes: what is wrong is told by its pattern too. */
function hatch({ data, width, height }: Pixels, left: number, top: number, right: number, bottom: number, colours: readonly [number, number], stripe: number): void {
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1) {
    for (let x = Math.max(0, left); x < Math.min(width, right); x += 1) data[y * width + x] = colours[Math.floor((x + y) / stripe) % 3 === 0 ? 1 : 0];
  }
}

/** Draws all tiles that can be seen; those with problems last. Says how many that were. */
export function paintMass(pixels: Pixels, picture: MassPicture): number {
  const { grid, colours, zoom, density } = picture;
  pixels.data.fill(colours.ground);
  const shown = shownTiles(grid, { x: picture.x, y: picture.y, zoom, width: pixels.width, height: pixels.height });
  const pitchPx = grid.pitch * zoom;
  const gap = gapOf(pitchPx, density);
  const troubled: number[] = [];
  let count = 0;
  for (let row = shown.fromRow; row < shown.toRow; row += 1) {
    const top = Math.round(picture.y + (grid.y + row * grid.pitch) * zoom);
    const bottom = Math.max(top + 1, Math.round(picture.y + (grid.y + (row + 1) * grid.pitch) * zoom) - gap);
    for (let column = shown.fromColumn; column < shown.toColumn; column += 1) {
      const index = row * grid.columns + column;
      if (index >= grid.count) break;
      const left = Math.round(picture.x + (grid.x + column * grid.pitch) * zoom);
      const right = Math.max(left + 1, Math.round(picture.x + (grid.x + (column + 1) * grid.pitch) * zoom) - gap);
      count += 1;
      const tile = { index, left, top, right, bottom };
      if (paintTile(pixels, picture, tile, pitchPx / density)) troubled.push(index, left, top, right, bottom);
    }
  }
  // Where tiles are smaller than their marks, a lost node is not to be hidden by a failing Pod of its neighbour.
  for (const lost of [false, true]) {
    for (let at = 0; at < troubled.length; at += 5) if ((picture.table.nodes[troubled[at]!] === notReady) === lost) paintTrouble(pixels, picture, troubled, at, pitchPx / density);
  }
  return count;
}

interface Tile { readonly index: number; readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

/** One node; true when something is wrong with it that is drawn last. */
function paintTile(pixels: Pixels, picture: MassPicture, tile: Tile, pagePx: number): boolean {
  const { table, density, light, dim } = picture;
  const { index, left, top, right, bottom } = tile;
  const state = table.nodes[index]!;
  const colours = light === undefined || (pagePx >= podsPx ? light.nodes : light.tiles)[index] === 1 ? picture.colours : dim;
  fill(pixels, left, top, right, bottom, colours.card);
  const tone = state === cordoned ? colours.cordoned : colours.ready;
  const height = bottom - top;
  if (pagePx >= podsPx) {
    if (headOf(pagePx, density) === 0) fill(pixels, left, bottom - Math.max(2, Math.round(height * 0.06)), left + Math.round(((right - left) * table.requested[index]!) / 100), bottom, tone);
    paintPods(pixels, picture, tile, pagePx, colours.card);
    return state === notReady;
  }
  fill(pixels, left, bottom - Math.max(1, Math.round((height * table.requested[index]!) / 100)), right, bottom, tone);
  return state === notReady || hasFailing(table, index);
}

function hasFailing({ pods, podStart }: MassTable, node: number): boolean {
  for (let pod = podStart[node]!; pod < podStart[node + 1]!; pod += 1) if (pods[pod] === failing) return true;
  return false;
}

/** The Pods of one node as cells: what runs is full, what waits or goes is hollow, what is not ready or done is part of a cell, what fails is hatched and drawn last. */
function paintPods(pixels: Pixels, { table, colours, density, light, dim }: MassPicture, tile: Tile, pagePx: number, card: number): void {
  const [from, to] = [table.podStart[tile.index]!, table.podStart[tile.index + 1]!];
  const cells = podCells(tile, to - from, pagePx, density);
  if (cells === undefined) return;
  const { size, columns } = cells;
  const cell = (pod: number, least: number, state: number): void => {
    const x = cells.x + Math.floor(((pod - from) % columns) * size);
    const y = cells.y + Math.floor(Math.floor((pod - from) / columns) * size);
    const edge = Math.max(least, Math.floor(size - Math.max(1, size * 0.18)));
    if (state === failing && edge >= 7) return hatch(pixels, x, y, x + edge, y + edge, [colours.pods[failing]!, colours.ground], Math.max(1, Math.round(edge / 7)));
    fill(pixels, x, y, x + edge, y + edge, (light === undefined || light.pods[pod] === 1 ? colours : dim).pods[state]!);
    const open = openings[podStates[state]!];
    if (open === undefined || edge < 5) return undefined;
    if ('top' in open) return fill(pixels, x, y, x + edge, y + Math.round(edge * open.top), card);
    const wall = Math.max(1, Math.round(edge * open.wall));
    return fill(pixels, x + wall, y + wall, x + edge - wall, y + edge - wall, card);
  };
  for (let pod = from; pod < to; pod += 1) {
    const state = table.pods[pod]!;
    if (state !== failing) cell(pod, 1, state);
  }
  for (let pod = from; pod < to; pod += 1) if (table.pods[pod] === failing) cell(pod, Math.ceil(leastPx * density), failing);
}

function paintTrouble(pixels: Pixels, { table, colours, density }: MassPicture, tiles: readonly number[], at: number, pagePx: number): void {
  const [index, left, top, right, bottom] = [tiles[at]!, tiles[at + 1]!, tiles[at + 2]!, tiles[at + 3]!, tiles[at + 4]!];
  const least = Math.ceil(leastPx * density);
  if (table.nodes[index] !== notReady) {
    // The corner of a node on which Pods fail.
    const size = Math.max(least, Math.round((right - left) * 0.3));
    return fill(pixels, right - size, top, right, top + size, colours.bad);
  }
  if (pagePx >= podsPx) {
    // A hatched edge leaves its Pods to be seen.
    const edge = Math.max(2, Math.round(3 * density));
    const colour: readonly [number, number] = [colours.bad, colours.card];
    const stripe = Math.max(2, Math.round(2 * density));
    hatch(pixels, left, top, right, top + edge, colour, stripe);
    hatch(pixels, left, bottom - edge, right, bottom, colour, stripe);
    hatch(pixels, left, top, left + edge, bottom, colour, stripe);
    return hatch(pixels, right - edge, top, right, bottom, colour, stripe);
  }
  return hatch(pixels, left, top, Math.max(right, left + least), Math.max(bottom, top + least), [colours.bad, colours.ground], Math.max(1, Math.round(1.5 * density)));
}
