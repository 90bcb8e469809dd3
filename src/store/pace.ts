import { firstAfter } from './message-index.ts';

/** What the pace depends on: a stretch of known time and the news in it. */
export interface NewsView {
  /** Ascending moments at which a piece of news is sent or arrives. */
  readonly instants: readonly number[];
  /** From when to when everything is known. */
  readonly fromUs: number;
  readonly toUs: number;
  /** The length of the shortest hop of a piece of news under way at `at`; Infinity where none is. */
  shortestHop(at: number): number;
  /** Pieces of news sent in (from, to]. */
  newsBetween(from: number, to: number): number;
}

/** A factor on the pace that suits an eye, or one second for one second whatever happens. */
export type Speed = number | 'real time';

/** Slower and faster, in the order of the menu. */
export const speeds: readonly Speed[] = [0.25, 0.5, 1, 2, 4, 8, 'real time'];

export interface Pace {
  /** Virtual time per wall time. */
  readonly rate: number;
  /** How long this pace holds. */
  readonly untilUs: number;
  /** Set while a quiet stretch is skipped: its length. */
  readonly skipUs: number;
}

/** A stretch without news that is longer than this is skipped. */
export const quietUs = 5_000_000;
const skipWallMs = 1_000;
/** So many pieces of news within `crowdUs` can be followed one by one; of more, the eye takes in the stream. */
const crowdSize = 100;
const crowdUs = 5_000_000;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** How long one hop is shown: 1 ms takes 450 ms, longer ones a little longer, and the tenth of a millisecond to one's own disk less. */
export const hopWallMs = (hopUs: number): number => clamp(450 + 110 * Math.log10(Math.max(1, hopUs) / 1000), 280, 900);

/** How long a stretch in which nothing travels (somebody computes, pulls, waits) is shown. */
export const gapWallMs = (gapUs: number): number => clamp(90 + 170 * Math.log10(Math.max(1, gapUs) / 1000), 30, 800);

/** How fast virtual time passes at `at`. */
export function paceAt(view: NewsView, at: number, speed: Speed): Pace {
  if (speed === 'real time') return { rate: 1, untilUs: view.toUs, skipUs: 0 };
  const next = firstAfter(view.instants, at);
  const nextUs = view.instants[next];
  if (nextUs === undefined) return { rate: Math.max(1, speed), untilUs: view.toUs, skipUs: 0 };
  // A message known to arrive after the end of what is known keeps its pace up to there.
  const untilUs = Math.min(nextUs, view.toUs);
  const crowd = Math.max(1, view.newsBetween(at - crowdUs, at) / crowdSize) ** 1.25;
  const shortestUs = view.shortestHop(at);
  if (shortestUs < Infinity) return { rate: (shortestUs / (hopWallMs(shortestUs) * 1000)) * speed * crowd, untilUs, skipUs: 0 };
  const gapUs = Math.max(1, nextUs - Math.max(view.fromUs, view.instants[next - 1] ?? view.fromUs));
  if (gapUs > quietUs) return { rate: gapUs / ((skipWallMs * 1000) / Math.max(1, speed)), untilUs, skipUs: gapUs };
  return { rate: (gapUs / (gapWallMs(gapUs) * 1000)) * speed * crowd, untilUs, skipUs: 0 };
}

/** Where the playhead is after `wallMs` more of wall time, never beyond what is known. */
export function advance(view: NewsView, from: number, wallMs: number, speed: Speed): { readonly at: number; readonly pace: Pace } {
  let [at, leftUs] = [from, wallMs * 1000];
  let pace = paceAt(view, at, speed);
  // In a crowd one frame passes many instants; the bound keeps a frame a frame.
  for (let turns = 0; turns < 4_000 && leftUs > 0 && at < view.toUs; turns += 1) {
    pace = paceAt(view, at, speed);
    const wholeUs = (pace.untilUs - at) / pace.rate;
    if (wholeUs > leftUs) return { at: at + leftUs * pace.rate, pace };
    leftUs -= wholeUs;
    at = pace.untilUs;
  }
  return { at: Math.min(at, view.toUs), pace };
}

/** Wall milliseconds from `from` until all that is known has been played, at most `most`. Tells when to ask for more. */
export function wallAhead(view: NewsView, from: number, speed: Speed, most: number): number {
  let [at, wallMs] = [from, 0];
  for (let turns = 0; turns < 200 && at < view.toUs && wallMs < most; turns += 1) {
    const pace = paceAt(view, at, speed);
    wallMs += (pace.untilUs - at) / pace.rate / 1000;
    at = pace.untilUs;
  }
  return at >= view.toUs ? wallMs : Math.max(wallMs, most);
}
