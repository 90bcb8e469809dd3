import type { Spans } from './ruler.ts';

/** A step back to before what is known: what is sought, before when, and from how far back it is being looked for. */
export interface LookBack { readonly what: 'message' | 'change'; readonly beforeUs: number; readonly fromUs: number }

/** So long before the end of the last news known of one begins to look. */
const firstUs = 1_000_000;

/** Where to begin to look: a little before the last news that the page has ever heard of, or before the moment itself. */
export function lookBackFrom(what: LookBack['what'], beforeUs: number, spans: Spans): LookBack {
  const last = spans.findLast(([from]) => from < beforeUs);
  return { what, beforeUs, fromUs: Math.max(0, Math.floor(Math.min(beforeUs, last?.[1] ?? beforeUs)) - firstUs) };
}

/** Four times as far back as before; undefined where the beginning has been reached. */
export const lookFurther = ({ what, beforeUs, fromUs }: LookBack): LookBack | undefined =>
  fromUs === 0 ? undefined : { what, beforeUs, fromUs: Math.max(0, Math.floor(beforeUs - 4 * (beforeUs - fromUs))) };
