import type { Box, Inventory, Pipe } from '../stage-plan.ts';

/** Where the tiles of many nodes are: square, in rows, in the order of the table. */
export interface TileGrid { readonly x: number; readonly y: number; readonly pitch: number; readonly columns: number; readonly count: number }

/** The largest square tiles of which so many fit into an area. */
export function layTiles(area: Box, count: number): TileGrid {
  let columns = Math.max(1, Math.ceil(Math.sqrt((count * area.width) / Math.max(1, area.height))));
  // Rounding up the columns may have left too little height for the rows.
  while ((area.width / columns) * Math.ceil(count / columns) > area.height && columns < count) columns += 1;
  return { x: area.x, y: area.y, pitch: Math.min(area.width / columns, area.height / Math.ceil(count / columns)), columns, count };
}

export const tileBox = ({ x, y, pitch, columns }: TileGrid, index: number): Box =>
  ({ x: x + (index % columns) * pitch, y: y + Math.floor(index / columns) * pitch, width: pitch, height: pitch });

/** The tile at a point of the stage; -1 beside them. */
export function tileAt({ x, y, pitch, columns, count }: TileGrid, atX: number, atY: number): number {
  const [column, row] = [Math.floor((atX - x) / pitch), Math.floor((atY - y) / pitch)];
  const index = row * columns + column;
  return column < 0 || column >= columns || row < 0 || index >= count ? -1 : index;
}

/** Which rows and columns a window shows, with `to` exclusive. */
export interface Shown { readonly fromColumn: number; readonly toColumn: number; readonly fromRow: number; readonly toRow: number }

export function shownTiles({ x, y, pitch, columns, count }: TileGrid, view: { readonly x: number; readonly y: number; readonly zoom: number; readonly width: number; readonly height: number }): Shown {
  const place = (screen: number, offset: number, start: number): number => ((screen - offset) / view.zoom - start) / pitch;
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    fromColumn: within(Math.floor(place(0, view.x, x)), columns), toColumn: within(Math.ceil(place(view.width, view.x, x)), columns),
    fromRow: within(Math.floor(place(0, view.y, y)), Math.ceil(count / columns)), toRow: within(Math.ceil(place(view.height, view.y, y)), Math.ceil(count / columns)),
  };
}

/** The next tile in an arrow key's direction; the same one at an edge. */
export function neighbourTile({ columns, count }: TileGrid, index: number, key: string): number {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const next = index + by;
  const wraps = (by === -1 && index % columns === 0) || (by === 1 && next % columns === 0);
  return next < 0 || next >= count || wraps ? index : next;
}

/** The ways of messages between the front door and the machines that are tiles: straight, and not drawn themselves. */
export function tileWays({ frontDoor, hosts }: Inventory, grid: TileGrid, nodeNames: readonly string[], spine: Box): Pipe[] {
  const places = new Map(nodeNames.map((name, index) => [name, index]));
  return hosts.flatMap(({ name, programs }) => {
    const index = places.get(name);
    if (index === undefined) return [];
    const tile = tileBox(grid, index);
    const [from, to] = [{ x: tile.x + tile.width / 2, y: tile.y + tile.height / 2 }, { x: tile.x + tile.width / 2, y: spine.y + spine.height }];
    return programs.filter((program) => program.dials.includes(frontDoor.address)).map(({ address }) => ({ id: `${address}|${frontDoor.address}`, from: address, to: frontDoor.address, points: [from, to], local: false }));
  });
}

/** The panel that tells the same in words stands beside the tiles, or above them where the stage is narrow. */
const [panelWidthPx, panelHeightPx, narrowPx] = [304, 208, 900];

/** The room for tiles: between the API server and what has been asked for, or all of it where there is neither. */
export function tileArea({ spine, strip, zoom }: { readonly spine: Box; readonly strip: Box; readonly zoom: number }, controlled: boolean, width: number, height: number): Box {
  const margin = 16 / zoom;
  const narrow = width < narrowPx;
  const left = margin + (narrow ? 0 : panelWidthPx / zoom);
  const top = (controlled ? spine.y + spine.height : 0) + margin + (narrow ? panelHeightPx / zoom : 0);
  const bottom = controlled ? strip.y : height / zoom;
  return { x: left, y: top, width: Math.max(50, width / zoom - margin - left), height: Math.max(50, bottom - margin - top) };
}
