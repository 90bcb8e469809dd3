import { NewsWithin } from './pace.ts';
import type { NewsView } from './pace.ts';

/** A stretch of time that is played again and again; without an end while only its beginning has been set. */
export interface Loop { readonly fromUs: number; readonly toUs: number | undefined }

/** A loop that has both its ends. */
export interface WholeLoop extends Loop { readonly toUs: number }

export const isWhole = (loop: Loop | null): loop is WholeLoop => loop?.toUs !== undefined;

/** One key does it all: first the beginning, then the end, then none. The two ends may be given in either order; a loop of nothing is none. */
export function nextLoop(loop: Loop | null, atUs: number): Loop | null {
  if (loop === null) return { fromUs: atUs, toUs: undefined };
  return loop.toUs === undefined ? loopBetween(loop.fromUs, atUs) : null;
}

export const loopBetween = (aUs: number, bUs: number): WholeLoop | null => (aUs === bUs ? null : { fromUs: Math.min(aUs, bUs), toUs: Math.max(aUs, bUs) });

/** True where playing has to go back to the loop's beginning. */
export const isOutside = (loop: WholeLoop, atUs: number): boolean => atUs < loop.fromUs || atUs >= loop.toUs;

/** As much of the news as lies before the loop's end. */
export const newsInLoop = (view: NewsView, loop: Loop | null): NewsView => (isWhole(loop) && loop.toUs < view.toUs ? new NewsWithin(view, loop.toUs) : view);
