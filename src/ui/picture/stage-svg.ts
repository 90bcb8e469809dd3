import { paint } from '../canvas/message-painter.ts';
import { pictures } from '../canvas/pictures.ts';

/** Words around the picture. */
export interface PictureWords { readonly title: string; readonly says: string; readonly clock: string }

export interface StageSvg { readonly text: string; readonly width: number; readonly height: number }

/** So much above the stage is for words. */
export const headPx = 64;
const foot = 36;
const density = 2;
/** Nothing of the world: buttons, and who made the parts. */
const leftOut = '.react-flow__panel, .react-flow__handle, [role="toolbar"], canvas, script, style';
const shapes = 'path, circle, polygon, rect, line, polyline, ellipse, text';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);
const round = (value: number): string => String(Math.round(value * 100) / 100);

/** Draws the stage as it stands on the page, element by element, as a picture of its own: no screenshot, and nothing that is not there. */
export function stageSvg(stage: HTMLElement, words: PictureWords, { messages = true } = {}): StageSvg {
  const home = stage.getBoundingClientRect();
  const [width, height] = [Math.round(home.width), Math.round(home.height) + headPx + foot];
  const token = (name: string): string => plainColour(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  const parts: string[] = [];
  draw(stage, { home, parts, opacity: 1, clip: home });
  if (messages) parts.push(messageLayer(stage, home));
  return {
    width, height,
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${words.title}, at ${words.clock}: ${words.says}`)}">
<title>${escaped(words.title)}</title>
<rect width="100%" height="100%" fill="${token('--bg')}"/>
<g font-family="Inter, system-ui, 'Segoe UI', sans-serif" fill="${token('--ink')}">
<text x="20" y="28" font-size="20" font-weight="700">${escaped(words.title)}</text>
<text x="20" y="51" font-size="15" font-weight="500" fill="${token('--ink-2')}">${escaped(fitted(words.says, width - 40, 7.6))}</text>
<text x="${width - 20}" y="28" font-size="18" font-weight="700" text-anchor="end" font-family="'JetBrains Mono', ui-monospace, monospace">${escaped(words.clock)}</text>
</g>
<svg y="${headPx}" width="${width}" height="${Math.round(home.height)}" overflow="hidden">
${parts.join('\n')}
</svg>
${mark(width, height, token)}
</svg>`,
  };
}

const fitted = (text: string, room: number, letterPx: number): string => (text.length * letterPx <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / letterPx) - 1))}…`);

/** Orrery's own sign and name, at the foot. */
const mark = (width: number, height: number, token: (name: string) => string): string => `<g transform="translate(${width - 96} ${height - 30})">
<g transform="scale(.75)"><g fill="none" stroke="${token('--line-strong')}" stroke-width="1.5"><circle cx="16" cy="16" r="6.5"/><circle cx="16" cy="16" r="12"/></g>
<circle cx="16" cy="16" r="3.2" fill="${token('--accent')}"/><circle cx="20.6" cy="11.4" r="2.2" fill="${token('--watch')}"/><circle cx="5.6" cy="22" r="2.6" fill="${token('--good')}"/></g>
<text x="30" y="17" font-family="Inter, system-ui, sans-serif" font-size="14" font-weight="700" fill="${token('--ink-2')}">Orrery</text></g>`;

interface Drawing { readonly home: DOMRect; readonly parts: string[]; readonly opacity: number; readonly clip: DOMRect }

/** One element, what is written in it, and all within it, in the order in which the page paints them. */
function draw(element: Element, drawing: Drawing): void {
  if (element.matches(leftOut)) return;
  const style = getComputedStyle(element);
  const opacity = drawing.opacity * Number(style.opacity);
  if (style.display === 'none' || style.visibility === 'hidden' || opacity < 0.05) return;
  if (element instanceof SVGElement && element.matches(shapes)) return drawShape(element as SVGGraphicsElement, style, { ...drawing, opacity });
  const box = element.getBoundingClientRect();
  if (element instanceof HTMLElement) drawBox(element, box, style, { ...drawing, opacity });
  const clip = style.overflow === 'visible' || !(element instanceof HTMLElement) ? drawing.clip : within(drawing.clip, box);
  // Pipes end on top of the cards.
  const children = element.matches('.react-flow__viewport') ? [...element.children].sort((a, b) => Number(a.matches('.react-flow__edges')) - Number(b.matches('.react-flow__edges'))) : element.childNodes;
  for (const child of children) {
    if (child instanceof Element) draw(child, { ...drawing, opacity, clip });
    else if (child.nodeType === Node.TEXT_NODE && child.textContent!.trim() !== '' && element instanceof HTMLElement) drawText(child as Text, element, style, { ...drawing, opacity, clip });
  }
}

function within(a: DOMRect, b: DOMRect): DOMRect {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  return new DOMRect(left, top, Math.max(0, Math.min(a.right, b.right) - left), Math.max(0, Math.min(a.bottom, b.bottom) - top));
}

/** How much larger an element is shown than it was laid out. */
const scaleOf = (element: HTMLElement): number => (element.offsetWidth === 0 ? 1 : element.getBoundingClientRect().width / element.offsetWidth);
const alpha = (opacity: number): string => (opacity > 0.99 ? '' : ` opacity="${round(opacity)}"`);

function drawBox(element: HTMLElement, box: DOMRect, style: CSSStyleDeclaration, { home, parts, opacity, clip }: Drawing): void {
  const seen = within(clip, box);
  if (seen.width <= 0 || seen.height <= 0) return;
  const fill = plainColour(style.backgroundColor);
  const edge = style.borderTopStyle === 'none' || style.borderTopStyle === 'hidden' ? 0 : Number.parseFloat(style.borderTopWidth) * scaleOf(element);
  if (fill === 'none' && edge === 0) return;
  const radius = Math.min(Number.parseFloat(style.borderTopLeftRadius) * (style.borderTopLeftRadius.endsWith('%') ? box.width / 100 : scaleOf(element)), box.width / 2, box.height / 2);
  const dashes = style.borderTopStyle === 'dashed' ? ` stroke-dasharray="${round(edge * 3)}"` : style.borderTopStyle === 'dotted' ? ` stroke-dasharray="${round(edge)} ${round(edge * 1.5)}"` : '';
  const shown = edge > 0 ? box : seen;
  parts.push(`<rect x="${round(shown.left - home.left + edge / 2)}" y="${round(shown.top - home.top + edge / 2)}" width="${round(Math.max(0, shown.width - edge))}" height="${round(Math.max(0, shown.height - edge))}" rx="${round(radius)}" fill="${fill}"${edge > 0 ? ` stroke="${plainColour(style.borderTopColor)}" stroke-width="${round(edge)}"${dashes}` : ''}${alpha(opacity)}/>`);
}

/** What is written, line by line where the page broke it; what the page cuts off is cut off. */
function drawText(node: Text, parent: HTMLElement, style: CSSStyleDeclaration, { home, parts, opacity, clip }: Drawing): void {
  const size = Number.parseFloat(style.fontSize) * scaleOf(parent.offsetWidth === 0 ? (parent.parentElement ?? parent) : parent);
  const family = style.fontFamily.includes('Mono') ? "'JetBrains Mono', ui-monospace, monospace" : "Inter, system-ui, 'Segoe UI', sans-serif";
  for (const { text, box } of linesOf(node)) {
    const middle = box.top + box.height / 2;
    if (middle < clip.top || middle > clip.bottom || box.left >= clip.right - 2 || box.right <= clip.left) continue;
    const share = Math.min(1, (clip.right - box.left) / box.width);
    const shown = share >= 0.995 ? text : `${text.slice(0, Math.max(0, Math.floor(text.length * share) - 1))}…`;
    // Where the reader's machine has not got the font, the words still keep their width.
    parts.push(`<text x="${round(box.left - home.left)}" y="${round(middle - home.top + size * 0.36)}" font-size="${round(size)}" font-weight="${style.fontWeight}" font-family="${family}" fill="${plainColour(style.color)}"${shown.length < 3 ? '' : ` textLength="${round(box.width * Math.min(1, share))}" lengthAdjust="spacingAndGlyphs"`}${alpha(opacity)}>${escaped(shown)}</text>`);
  }
}

function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const range = document.createRange();
  const lines: { text: string; box: DOMRect }[] = [];
  for (const word of node.data.matchAll(/\S+\s*/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].trimEnd().length);
    for (const box of range.getClientRects()) {
      const last = lines[lines.length - 1];
      if (last !== undefined && Math.abs(last.box.top - box.top) < 3) {
        if (last.box.right < box.right) last.text += ` ${word[0].trimEnd()}`;
        last.box = new DOMRect(last.box.left, last.box.top, Math.max(last.box.right, box.right) - last.box.left, last.box.height);
      } else if (box.width > 0) lines.push({ text: word[0].trimEnd(), box });
    }
  }
  return lines;
}

const geometry = ['d', 'cx', 'cy', 'r', 'rx', 'ry', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'width', 'height', 'points'];

function drawShape(shape: SVGGraphicsElement, style: CSSStyleDeclaration, { home, parts, opacity }: Drawing): void {
  const matrix = shape.getScreenCTM();
  if (matrix === null) return;
  const { a, b, c, d, e, f } = matrix;
  const places = geometry.flatMap((name) => (shape.hasAttribute(name) ? [`${name}="${escaped(shape.getAttribute(name)!)}"`] : [])).join(' ');
  const stroke = plainColour(style.stroke);
  const written = shape.tagName === 'text' ? ` font-size="${Number.parseFloat(style.fontSize)}" font-weight="${style.fontWeight}" font-family="Inter, system-ui, sans-serif" text-anchor="${style.textAnchor}"` : '';
  parts.push(`<${shape.tagName} ${places} transform="matrix(${[a, b, c, d, e - home.left, f - home.top].map(round).join(' ')})" fill="${plainColour(style.fill)}" stroke="${stroke}"${stroke === 'none' ? '' : ` stroke-width="${Number.parseFloat(style.strokeWidth)}" stroke-linecap="${style.strokeLinecap}" stroke-linejoin="${style.strokeLinejoin}"${style.strokeDasharray === 'none' ? '' : ` stroke-dasharray="${style.strokeDasharray.replace(/px/g, '')}"`}`}${written}${alpha(opacity * Number(style.strokeOpacity))}>${escaped(shape.tagName === 'text' ? (shape.textContent ?? '') : '')}</${shape.tagName}>`);
}

/** The messages as they are painted over the stage, at twice their size. */
function messageLayer(stage: HTMLElement, home: DOMRect): string {
  const picture = pictures.get(stage.querySelector('canvas')!);
  if (picture === undefined) return '';
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [home.width * density, home.height * density];
  const context = canvas.getContext('2d')!;
  context.scale(density, density);
  paint(context, picture);
  return `<image width="${round(home.width)}" height="${round(home.height)}" href="${canvas.toDataURL('image/png')}"/>`;
}

const known = new Map<string, string>();
let tester: CanvasRenderingContext2D | undefined;

/** A colour as every program that shows pictures understands it: pages may mix theirs. */
function plainColour(colour: string): string {
  if (colour === 'none' || colour === '' || colour === 'transparent') return 'none';
  let plain = known.get(colour);
  if (plain !== undefined) return plain;
  tester ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as unknown as CanvasRenderingContext2D;
  tester.clearRect(0, 0, 1, 1);
  tester.fillStyle = colour;
  tester.fillRect(0, 0, 1, 1);
  const [red, green, blue, opacity] = tester.getImageData(0, 0, 1, 1).data as unknown as [number, number, number, number];
  plain = opacity === 0 ? 'none' : opacity === 255 ? `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}` : `rgba(${red},${green},${blue},${round(opacity / 255)})`;
  known.set(colour, plain);
  return plain;
}
