import type { MessageRow } from '../../session/port/rows.ts';
import type { Box, Pipe, Point, StageLayout } from './layout.ts';

export interface Colours { readonly kinds: Readonly<Record<MessageRow['kind'], string>>; readonly bad: string; readonly ink: string; readonly panel: string; readonly faint: string }

export interface Picture {
  readonly inFlight: readonly MessageRow[];
  /** Who works on what arrived last, while nothing travels. */
  readonly atWork: MessageRow | undefined;
  readonly atUs: number;
  readonly layout: StageLayout;
  readonly ways: ReadonlyMap<string, Pipe>;
  readonly colours: Colours;
  /** Screen pixels of the stage's origin, and the zoom. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  readonly selectedId: number;
  readonly showBackground: boolean;
}

/** Where a message was drawn, so that it can be clicked. */
export interface Drawn { readonly id: number; readonly x: number; readonly y: number }

const mostLabels = 10;
/** In a crowd there is soon no room for any: so many are tried, then the frame goes on. */
const mostTried = 40;

/** The way between two programs, whoever of them dialled. */
export const wayBetween = (ways: ReadonlyMap<string, Pipe>, a: string, b: string): Pipe | undefined => ways.get(`${a}|${b}`) ?? ways.get(`${b}|${a}`);

/** The point at a share of a line's length, and the direction there. */
export function pointAlong(points: readonly Point[], share: number): Point & { readonly angle: number } {
  const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index]!.x, point.y - points[index]!.y));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (let index = 0; index < lengths.length; index += 1) {
    const [a, b, length] = [points[index]!, points[index + 1]!, lengths[index]!];
    if (left <= length || index === lengths.length - 1) {
      const part = length === 0 ? 0 : Math.min(1, left / length);
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, angle: Math.atan2(b.y - a.y, b.x - a.x) };
    }
    left -= length;
  }
  return { ...(points[0] ?? { x: 0, y: 0 }), angle: 0 };
}

/** Draws the messages under way at one moment. The picture depends on nothing but its arguments. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): Drawn[] {
  const { inFlight, layout, ways, zoom, colours } = picture;
  context.clearRect(0, 0, picture.width, picture.height);
  const news = inFlight.filter((message) => !message.background);
  if (picture.showBackground) for (const message of inFlight) if (message.background) paintFaint(context, picture, message);
  if (news.length === 0 && picture.atWork !== undefined) {
    const box = layout.boxes.get(picture.atWork.to);
    if (box !== undefined) outline(context, picture, box, colours.kinds[picture.atWork.kind], 0.8);
  }
  for (const message of news.slice(-60)) paintEnds(context, picture, message);
  const drawn: (Drawn & { readonly message: MessageRow })[] = [];
  for (const message of news) {
    const way = wayBetween(ways, message.from, message.to);
    if (way === undefined) continue;
    const share = shareOf(message, picture.atUs);
    const there = pointAlong(way.from === message.from ? way.points : [...way.points].reverse(), message.lost ? Math.min(share, 0.75) : share);
    const at = { x: picture.x + there.x * zoom, y: picture.y + there.y * zoom };
    paintShape(context, message, at, there.angle, picture, message.lost && share > 0.75);
    drawn.push({ id: message.id, ...at, message });
  }
  paintLabels(context, picture, drawn);
  return drawn;
}

const shareOf = (message: MessageRow, at: number): number => Math.min(1, Math.max(0, (at - message.sentAtUs) / Math.max(1, message.arrivesAtUs - message.sentAtUs)));

function paintFaint(context: CanvasRenderingContext2D, picture: Picture, message: MessageRow): void {
  const way = wayBetween(picture.ways, message.from, message.to);
  if (way === undefined) return;
  const there = pointAlong(way.from === message.from ? way.points : [...way.points].reverse(), shareOf(message, picture.atUs));
  context.globalAlpha = 0.55;
  context.fillStyle = picture.colours.faint;
  context.beginPath();
  context.arc(picture.x + there.x * picture.zoom, picture.y + there.y * picture.zoom, 2.5, 0, 7);
  context.fill();
  context.globalAlpha = 1;
}

/** What acts now is loud: the pipe, and the edges of who speaks and who is spoken to. */
function paintEnds(context: CanvasRenderingContext2D, picture: Picture, message: MessageRow): void {
  const colour = message.ok && !message.lost ? picture.colours.kinds[message.kind] : picture.colours.bad;
  const way = wayBetween(picture.ways, message.from, message.to);
  if (way !== undefined) {
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.beginPath();
    way.points.forEach((point, index) => (index === 0 ? context.moveTo(picture.x + point.x * picture.zoom, picture.y + point.y * picture.zoom) : context.lineTo(picture.x + point.x * picture.zoom, picture.y + point.y * picture.zoom)));
    context.stroke();
  }
  for (const address of [message.from, message.to]) {
    const box = picture.layout.boxes.get(address);
    // The spine takes part in everything: only its partner is worth an edge.
    if (box !== undefined && box !== picture.layout.spine) outline(context, picture, box, colour, 1);
  }
}

function outline(context: CanvasRenderingContext2D, { x, y, zoom }: Picture, box: Box, colour: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(x + box.x * zoom, y + box.y * zoom, box.width * zoom, box.height * zoom, 10 * zoom);
  context.stroke();
  context.globalAlpha = 1;
}

function paintShape(context: CanvasRenderingContext2D, message: MessageRow, at: Point, angle: number, picture: Picture, ended: boolean): void {
  const colour = message.ok && !message.lost ? picture.colours.kinds[message.kind] : picture.colours.bad;
  const size = Math.max(5, 8 * Math.min(1, picture.zoom + 0.15));
  context.save();
  context.translate(at.x, at.y);
  context.fillStyle = colour;
  context.globalAlpha = message.id === picture.selectedId ? 0.4 : 0.2;
  context.beginPath();
  context.arc(0, 0, size * 2, 0, 7);
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  if (ended) {
    context.strokeStyle = colour;
    context.lineWidth = 3;
    context.moveTo(-size, -size); context.lineTo(size, size); context.moveTo(size, -size); context.lineTo(-size, size);
    context.stroke();
  } else if (message.kind === 'watch') context.arc(0, 0, size * 0.85, 0, 7);
  else if (message.kind === 'cri' || message.kind === 'cni') context.rect(-size * 0.8, -size * 0.8, size * 1.6, size * 1.6);
  else if (message.kind === 'etcd') { context.moveTo(0, -size); context.lineTo(size, 0); context.lineTo(0, size); context.lineTo(-size, 0); context.closePath(); }
  else {
    context.rotate(angle);
    context.moveTo(size, 0); context.lineTo(-size * 0.75, -size * 0.85); context.lineTo(-size * 0.75, size * 0.85); context.closePath();
  }
  context.fill();
  context.restore();
}

const overlaps = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Labels stand beside their pipe, where nothing else is written; one that finds no room is left out. */
function paintLabels(context: CanvasRenderingContext2D, picture: Picture, drawn: readonly (Drawn & { readonly message: MessageRow })[]): void {
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
  for (const { message, x, y } of drawn.slice(0, mostTried)) {
    if (labels >= mostLabels) return;
    const text = message.lost ? `${message.label} · lost` : message.label;
    for (const short of [text, cut(text, 24), cut(text, 14)]) {
      const width = widthOf(context, short) + 16;
      const place = [{ x: x + 18, y: y - 12 }, { x: x - 18 - width, y: y - 12 }].map((corner) => ({ ...corner, width, height: 24 }))
        .flatMap((box) => [box, ...[-10, 10, -20, 20].map((shift) => ({ ...box, y: box.y + shift }))])
        .find((box) => box.x > 4 && box.x + box.width < picture.width - 4 && !taken.some((other) => overlaps(box, other)));
      if (place === undefined) continue;
      paintLabel(context, picture, place, short, message);
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

function paintLabel(context: CanvasRenderingContext2D, { colours }: Picture, box: Box, text: string, message: MessageRow): void {
  context.fillStyle = colours.panel;
  context.strokeStyle = message.ok && !message.lost ? colours.kinds[message.kind] : colours.bad;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, 5);
  context.fill();
  context.stroke();
  context.fillStyle = colours.ink;
  context.fillText(text, box.x + 8, box.y + box.height / 2 + 1);
}
