import type { MessageRow } from '../../session/port/rows.ts';
import { burstsOf, labelBudget, shareOf } from './bursts.ts';
import type { Flow } from './bursts.ts';
import type { Box, Point } from './stage-plan.ts';
import { loudnessOf } from './loudness.ts';
import { messageKinds, outlines } from './message-kinds.ts';
import { paintLabels } from './message-labels.ts';
import type { Labelled } from './message-labels.ts';
import type { Colours, Drawn, Picture } from './picture.ts';
import { wayBetween } from './way-between.ts';

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
  const { inFlight, layout, colours, listening } = picture;
  context.clearRect(0, 0, picture.width, picture.height);
  const loud: MessageRow[] = [];
  for (const message of inFlight) {
    const loudness = loudnessOf(message, listening);
    if (loudness === 'loud') loud.push(message);
    else if (loudness === 'faint') paintFaint(context, picture, message);
  }
  const { atWork } = picture;
  const workplace = inFlight.every((message) => message.background) && atWork !== undefined && loudnessOf(atWork, listening) === 'loud' ? layout.boxes.get(atWork.to) : undefined;
  if (workplace !== undefined) outline(context, picture, workplace, colours.kinds[atWork!.kind], 0.8);
  for (const message of loud.slice(-60)) paintEnds(context, picture, message);
  const { singles, flows } = burstsOf(loud, picture.atUs, listening.rate);
  const drawn: Drawn[] = [];
  const labelled: Labelled[] = [];
  for (const flow of flows) paintFlow(context, picture, flow, drawn, labelled);
  for (const message of singles) {
    const there = placeOf(picture, message, message.lost ? Math.min(shareOf(message, picture.atUs), 0.75) : shareOf(message, picture.atUs));
    if (there === undefined) continue;
    paintShape(context, message, there, picture, message.lost && shareOf(message, picture.atUs) > 0.75);
    drawn.push({ id: message.id, x: there.x, y: there.y });
    labelled.push({ x: there.x, y: there.y, text: message.lost ? `${message.label} · lost` : message.label, colour: colourOf(message, colours) });
  }
  paintLabels(context, picture, labelled, drawn, labelBudget(loud, listening.rate));
  return drawn;
}

const colourOf = (message: MessageRow, colours: Colours): string => (message.ok && !message.lost ? colours.kinds[message.kind] : colours.bad);

/** The way of a message in the direction in which it goes. */
function wayOf({ ways }: Picture, { from, to }: MessageRow): readonly Point[] | undefined {
  const way = wayBetween(ways, from, to);
  return way === undefined ? undefined : way.from === from ? way.points : [...way.points].reverse();
}

type Place = Point & { readonly angle: number };

/** Where on the screen a message is at a share of its way. */
function placeOf(picture: Picture, message: MessageRow, share: number): Place | undefined {
  const way = wayOf(picture, message);
  if (way === undefined) return undefined;
  const { x, y, angle } = pointAlong(way, share);
  return { x: picture.x + x * picture.zoom, y: picture.y + y * picture.zoom, angle };
}

/** One thick line with a head, as long as the stretch that its messages have between them; each can still be clicked where it is. */
function paintFlow(context: CanvasRenderingContext2D, picture: Picture, flow: Flow, drawn: Drawn[], labelled: Labelled[]): void {
  const { fromShare, toShare, messages } = flow;
  const first = messages[0]!;
  const head = placeOf(picture, first, toShare);
  if (head === undefined) return;
  context.strokeStyle = colourOf(first, picture.colours);
  context.lineCap = 'round';
  context.lineWidth = Math.min(14, 5 + Math.log2(messages.length) * 1.5);
  context.globalAlpha = 0.45;
  context.beginPath();
  const steps = Math.max(1, Math.ceil((toShare - fromShare) * 40));
  for (let step = 0; step <= steps; step += 1) {
    const { x, y } = placeOf(picture, first, fromShare + ((toShare - fromShare) * step) / steps)!;
    if (step === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.globalAlpha = 1;
  context.lineCap = 'butt';
  paintShape(context, first, head, picture, false);
  labelled.push({ x: head.x, y: head.y, text: flow.label, colour: colourOf(first, picture.colours) });
  for (const message of messages) {
    const { x, y } = placeOf(picture, message, shareOf(message, picture.atUs))!;
    drawn.push({ id: message.id, x, y });
  }
}

function paintFaint(context: CanvasRenderingContext2D, picture: Picture, message: MessageRow): void {
  const there = placeOf(picture, message, shareOf(message, picture.atUs));
  if (there === undefined) return;
  context.globalAlpha = 0.55;
  context.fillStyle = picture.colours.faint;
  context.beginPath();
  context.arc(there.x, there.y, 2.5, 0, 7);
  context.fill();
  context.globalAlpha = 1;
}

/** What acts now is loud: the pipe, and the edges of who speaks and who is spoken to. */
function paintEnds(context: CanvasRenderingContext2D, picture: Picture, message: MessageRow): void {
  const colour = colourOf(message, picture.colours);
  const way = wayBetween(picture.ways, message.from, message.to);
  if (way !== undefined) {
    context.strokeStyle = colour;
    context.lineWidth = picture.colours.loudPx;
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

function outline(context: CanvasRenderingContext2D, { x, y, zoom, colours }: Picture, box: Box, colour: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.lineWidth = colours.loudPx;
  context.beginPath();
  context.roundRect(x + box.x * zoom, y + box.y * zoom, box.width * zoom, box.height * zoom, 10 * zoom);
  context.stroke();
  context.globalAlpha = 1;
}

const paths = new Map<string, Path2D>();

/** A shape of the list as the canvas wants it; made when first drawn. */
function pathOf(outline: string): Path2D {
  let path = paths.get(outline);
  if (path === undefined) paths.set(outline, path = new Path2D(outline));
  return path;
}

function paintShape(context: CanvasRenderingContext2D, message: MessageRow, at: Place, picture: Picture, ended: boolean): void {
  const size = Math.max(5, 8 * Math.min(1, picture.zoom + 0.15));
  const { shape } = messageKinds[message.kind];
  context.save();
  context.translate(at.x, at.y);
  context.scale(size, size);
  context.fillStyle = context.strokeStyle = colourOf(message, picture.colours);
  context.globalAlpha = message.id === picture.selectedId ? 0.4 : 0.2;
  context.beginPath();
  context.arc(0, 0, 2, 0, 7);
  context.fill();
  context.globalAlpha = 1;
  if (ended) {
    context.lineWidth = 3 / size;
    context.beginPath();
    context.moveTo(-1, -1); context.lineTo(1, 1); context.moveTo(1, -1); context.lineTo(-1, 1);
    context.stroke();
  } else {
    if (shape === 'triangle') context.rotate(at.angle);
    context.fill(pathOf(outlines[shape]), 'evenodd');
  }
  context.restore();
}
