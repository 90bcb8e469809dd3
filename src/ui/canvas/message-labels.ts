import type { Box } from './layout.ts';
import type { Drawn, Picture } from './picture.ts';

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Something that has a label, where it was drawn. */
export interface Labelled { readonly x: number; readonly y: number; readonly text: string; readonly colour: string }

/** In a crowd there is soon no room for any: so many are tried, then the frame goes on. */
const mostTried = 40;

/** Labels stand beside their pipe, where nothing else is written; one that finds no room is left out. */
export function paintLabels(context: CanvasRenderingContext2D, picture: Picture, labelled: readonly Labelled[], drawn: readonly Drawn[], budget: number): void {
  if (budget === 0) return;
  const { layout, zoom } = picture;
  const taken: Box[] = [...layout.boxes.values()].map((box) => ({ x: picture.x + box.x * zoom - 2, y: picture.y + box.y * zoom - 2, width: box.width * zoom + 4, height: box.height * zoom + 4 }));
  for (const { x, y } of drawn) taken.push({ x: x - 10, y: y - 10, width: 20, height: 20 });
  // Setting a font or asking for the inherited direction styles the page: once is enough, until the canvas changes its size and forgets.
  if (context.textBaseline !== 'middle') {
    context.font = `500 13px "JetBrains Mono Variable", ui-monospace, monospace`;
    context.direction = 'ltr';
    context.textBaseline = 'middle';
  }
  let labels = 0;
  for (const { text, colour, x, y } of labelled.slice(0, mostTried)) {
    if (labels >= budget) return;
    for (const short of [text, cut(text, 24), cut(text, 14)]) {
      const width = widthOf(context, short) + 16;
      const place = [{ x: x + 18, y: y - 12 }, { x: x - 18 - width, y: y - 12 }].map((corner) => ({ ...corner, width, height: 24 }))
        .flatMap((box) => [box, ...[-10, 10, -20, 20].map((shift) => ({ ...box, y: box.y + shift }))])
        .find((box) => box.x > 4 && box.x + box.width < picture.width - 4 && !taken.some((other) => overlaps(box, other)));
      if (place === undefined) continue;
      paintLabel(context, picture, place, short, colour);
      taken.push(place);
      labels += 1;
      break;
    }
  }
}

let letterPx = 0;

/** All letters of the labels' font are of one width. Measuring styles the page, so it is done once, and again when the font has been loaded. */
function widthOf(context: CanvasRenderingContext2D, text: string): number {
  if (letterPx === 0) letterPx = context.measureText('M').width;
  return letterPx * text.length;
}

export function forgetLetterWidth(): void { letterPx = 0; }

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

function paintLabel(context: CanvasRenderingContext2D, { colours }: Picture, box: Box, text: string, colour: string): void {
  context.fillStyle = colours.panel;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 5);
  context.fill();
  context.stroke();
  context.fillStyle = colours.ink;
  context.fillText(text, box.x + 8, box.y + box.height / 2 + 1);
}
