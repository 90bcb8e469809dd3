import type { Box } from './stage-plan.ts';
import type { Drawn, Picture } from './picture.ts';

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Something that has a label, where it was drawn. */
export interface Labelled { readonly x: number; readonly y: number; readonly text: string; readonly colour: string }

const font = '500 13px "JetBrains Mono Variable", ui-monospace, monospace';
const height = 24;

/** In a crowd there is soon no room for any: so many are tried, then the frame goes on. */
const mostTried = 40;

/** Labels stand beside their pipe, where nothing else is written; one that finds no room is left out. */
export function paintLabels(context: CanvasRenderingContext2D, picture: Picture, labelled: readonly Labelled[], drawn: readonly Drawn[], budget: number): void {
  if (budget === 0) return;
  const { layout, zoom } = picture;
  const taken: Box[] = [...layout.boxes.values()].map((box) => ({ x: picture.x + box.x * zoom - 2, y: picture.y + box.y * zoom - 2, width: box.width * zoom + 4, height: box.height * zoom + 4 }));
  for (const { x, y } of drawn) taken.push({ x: x - 10, y: y - 10, width: 20, height: 20 });
  // They grow with a stage that is shown larger than it was laid out, and never shrink with it.
  const grown = Math.min(2.5, Math.max(1, zoom));
  const high = height * grown;
  let labels = 0;
  for (const { text, colour, x, y } of labelled.slice(0, mostTried)) {
    if (labels >= budget) return;
    for (const short of [text, cut(text, 24), cut(text, 14)]) {
      const width = (widthOf(short) + 16) * grown;
      const place = [{ x: x + 18, y: y - high / 2 }, { x: x - 18 - width, y: y - high / 2 }].map((corner) => ({ ...corner, width, height: high }))
        .flatMap((box) => [box, ...[-10, 10, -20, 20].map((shift) => ({ ...box, y: box.y + shift }))])
        .find((box) => box.x > 4 && box.x + box.width < picture.width - 4 && !taken.some((other) => overlaps(box, other)));
      if (place === undefined) continue;
      const image = imageOf(short, width / grown, colour, picture.colours, window.devicePixelRatio * grown);
      context.drawImage(image, Math.round(place.x) - edge, Math.round(place.y) - edge, image.width / window.devicePixelRatio, image.height / window.devicePixelRatio);
      taken.push(place);
      labels += 1;
      break;
    }
  }
}

let letterPx = 0;

/** All letters of the labels' font are of one width: one of them is measured, and again when the font has been loaded. */
function widthOf(text: string): number {
  if (letterPx === 0) {
    const context = new OffscreenCanvas(1, 1).getContext('2d')!;
    context.font = font;
    letterPx = context.measureText('M').width;
  }
  return letterPx * text.length;
}

export function forgetLetterWidth(): void {
  letterPx = 0;
  images.clear();
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** Room for the stroke, which stands half outside of the box. */
const edge = 1;
const keptImages = 200;
/** A label is drawn once and copied as long as it travels: writing on the page's own canvas styles the whole page, each time. */
const images = new Map<string, OffscreenCanvas>();

function imageOf(text: string, width: number, colour: string, { panel, ink }: Picture['colours'], density: number): OffscreenCanvas {
  const key = [text, colour, panel, ink, density].join('|');
  let image = images.get(key);
  if (image !== undefined) return image;
  if (images.size >= keptImages) images.clear();
  images.set(key, image = new OffscreenCanvas(Math.ceil((width + 2 * edge) * density), Math.ceil((height + 2 * edge) * density)));
  const context = image.getContext('2d')!;
  context.scale(density, density);
  context.fillStyle = panel;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(edge, edge, width, height, 5);
  context.fill();
  context.stroke();
  context.fillStyle = ink;
  context.font = font;
  context.textBaseline = 'middle';
  context.fillText(text, edge + 8, edge + height / 2 + 1);
  return image;
}
