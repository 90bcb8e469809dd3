import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { MassView } from '../../../store/known-mass.ts';
import css from './mass.module.css';
import { paintMass } from './mass-painter.ts';
import type { MassColours, MassPicture, Pixels } from './mass-painter.ts';
import type { TileGrid } from './tile-grid.ts';

/** `#rrggbb` as a number that lies in memory as red, green, blue, alpha. */
const inMemory = (hex: string): number => {
  const value = Number.parseInt(hex.slice(1), 16);
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
};

/** So much of the first, the rest of the second. */
const mixed = (a: number, b: number, share: number): number =>
  [0, 8, 16, 24].reduce((sum, shift) => sum + Math.round(((a >>> shift) & 255) * share + ((b >>> shift) & 255) * (1 - share)) * 2 ** shift, 0);

function readColours(): { readonly colours: MassColours; readonly dim: MassColours } {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): number => inMemory(style.getPropertyValue(name).trim());
  const [ground, good, watch] = [of('--bg'), of('--good'), of('--watch')];
  // What is free of a tile has to differ from the ground in each theme.
  const card = mixed(of('--line'), ground, 0.45);
  const colours = {
    ground, card, ready: mixed(good, card, 0.55), cordoned: mixed(watch, card, 0.7), bad: of('--bad'),
    pods: [good, mixed(watch, card, 0.75), watch, of('--cri'), of('--ink-3'), of('--bad')],
  };
  const dimmed = (colour: number): number => mixed(colour, ground, 0.24);
  const dim = { ...colours, card: mixed(card, ground, 0.5), ready: dimmed(colours.ready), cordoned: dimmed(colours.cordoned), pods: colours.pods.map(dimmed) };
  return { colours, dim };
}

/** More pixels than this are not worth the time they take: beyond it the picture is a little softer. */
const mostPixels = 3_000_000;

/** The picture of all nodes: drawn anew when the camera moves or a status changes, and at no other time. */
export function MassCanvas({ view, grid, light }: { readonly view: MassView; readonly grid: TileGrid; readonly light: MassPicture['light'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const ground = useRef({ view, grid, light });
  useEffect(() => { ground.current = { view, grid, light }; }, [view, grid, light]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (context === null || context === undefined) return undefined;
    let [frame, lastKey, lastGround, colours] = [0, '', ground.current, readColours()];
    let image: ImageData | undefined;
    let pixels: Pixels | undefined;
    const themes = new MutationObserver(() => { colours = readColours(); lastKey = ''; });
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const draw = (): void => {
      frame = requestAnimationFrame(draw);
      const { transform: [x, y, zoom], width, height } = flow.getState();
      const key = [x, y, zoom, width, height, window.devicePixelRatio].join();
      if (width === 0 || (key === lastKey && lastGround === ground.current)) return;
      [lastKey, lastGround] = [key, ground.current];
      const density = Math.min(window.devicePixelRatio, Math.sqrt(mostPixels / (width * height)));
      const [wide, high] = [Math.round(width * density), Math.round(height * density)];
      if (image === undefined || image.width !== wide || image.height !== high) {
        [context.canvas.width, context.canvas.height] = [wide, high];
        image = context.createImageData(wide, high);
        pixels = { data: new Uint32Array(image.data.buffer), width: wide, height: high };
      }
      const { view: { table }, grid: tiles, light: lit } = lastGround;
      paintMass(pixels!, { table, grid: tiles, ...colours, ...(lit !== undefined && { light: lit }), x: x * density, y: y * density, zoom: zoom * density, density });
      context.putImageData(image, 0, 0);
      if (performance.getEntriesByName('orrery:first-mass').length === 0) performance.mark('orrery:first-mass');
    };
    draw();
    return () => { cancelAnimationFrame(frame); themes.disconnect(); };
  }, [flow]);
  return <canvas ref={canvas} className={css.canvas} aria-hidden="true" />;
}
