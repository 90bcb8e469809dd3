/** Where the Pods of a tile are in it: the same for who draws them and for who is pointed at. All in pixels of one kind; `density` of them are one of the page. */

/** From this size on, in pixels of the page, a tile shows its Pods, and a tile is a card. */
export const podsPx = 26;
export const cardPx = 156;
/** So much of a card is words. */
const cardHeadPx = 88;
const largestPx = 22;
/** Smaller cells are not pointed at. */
export const leastCellPx = 6;

export interface Edges { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
/** Square cells, row by row. */
export interface PodCells { readonly x: number; readonly y: number; readonly size: number; readonly columns: number }

/** What is left free between tiles. */
export const gapOf = (pitch: number, density: number): number => (pitch < 4 * density ? 0 : Math.max(1, Math.round(pitch * (pitch > cardPx * density ? 0.04 : 0.12))));

/** The words of a card, or the line that says what is requested, and how high each is. */
export const headOf = (pagePx: number, density: number): number => (pagePx >= cardPx ? Math.round(cardHeadPx * density) : 0);

/** The cells of so many Pods in a tile; undefined where there is no room for any. */
export function podCells({ left, top, right, bottom }: Edges, count: number, pagePx: number, density: number): PodCells | undefined {
  const head = headOf(pagePx, density);
  const foot = head === 0 ? Math.round((bottom - top) * 0.1) : 0;
  const inset = Math.max(1, Math.round((right - left) * 0.06));
  const [wide, high] = [right - left - 2 * inset, bottom - foot - top - head - 2 * inset];
  if (count === 0 || pagePx < podsPx || wide < 2 || high < 2) return undefined;
  const columns = Math.max(1, Math.ceil(Math.sqrt((count * wide) / high)));
  return { x: left + inset, y: top + head + inset, columns, size: Math.min(wide / columns, high / Math.ceil(count / columns), largestPx * density) };
}

/** The cell at a point; -1 beside them, and where they are too small to be meant. */
export function cellAt({ x, y, size, columns }: PodCells, count: number, atX: number, atY: number): number {
  const [column, row] = [Math.floor((atX - x) / size), Math.floor((atY - y) / size)];
  const cell = row * columns + column;
  return size < leastCellPx || column < 0 || column >= columns || row < 0 || cell >= count ? -1 : cell;
}
