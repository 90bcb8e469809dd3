/** What the pace depends on: a stretch of known time and the news in it. */
export interface NewsView {
  /** The next moment after `at` at which a piece of news is sent or arrives, and the last one up to it. */
  instantAfter(at: number): number | undefined;
  instantUntil(at: number): number | undefined;
  /** From when to when everything is known. */
  readonly fromUs: number;
  readonly toUs: number;
  /** The length of the shortest hop of a piece of news under way at `at`; Infinity where none is. */
  shortestHop(at: number): number;
  /** Pieces of news sent in (from, to]. */
  newsBetween(from: number, to: number): number;
}

/** A factor on the pace that suits an eye, one second for one second whatever happens, or no waiting: whenever nothing is under way, on to what comes next. */
export type Speed = number | 'real time' | 'no waiting';

/** Slower and faster, in the order of the menu. */
export const speeds: readonly Speed[] = [0.02, 0.1, 0.25, 0.5, 1, 2, 4, 8, 'no waiting', 'real time'];
/** What `no waiting` is while something moves, and how long it takes over any stretch in which nothing does. */
const unwaitingSpeed = 2;
const unwaitingWallMs = 60;

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
export function paceAt(view: NewsView, at: number, wanted: Speed): Pace {
  if (wanted === 'real time') return { rate: 1, untilUs: view.toUs, skipUs: 0 };
  const speed = wanted === 'no waiting' ? unwaitingSpeed : wanted;
  const nextUs = view.instantAfter(at);
  if (nextUs === undefined) return { rate: Math.max(1, speed), untilUs: view.toUs, skipUs: 0 };
  // A message known to arrive after the end of what is known keeps its pace up to there.
  const untilUs = Math.min(nextUs, view.toUs);
  const crowd = Math.max(1, view.newsBetween(at - crowdUs, at) / crowdSize) ** 1.25;
  const shortestUs = view.shortestHop(at);
  if (shortestUs < Infinity) return { rate: (shortestUs / (hopWallMs(shortestUs) * 1000)) * speed * crowd, untilUs, skipUs: 0 };
  const gapUs = Math.max(1, nextUs - Math.max(view.fromUs, view.instantUntil(at) ?? view.fromUs));
  if (wanted === 'no waiting') return { rate: gapUs / (unwaitingWallMs * 1000), untilUs, skipUs: gapUs > quietUs ? gapUs : 0 };
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

/** As much of the news as lies before a moment. */
export class NewsWithin implements NewsView {
  readonly fromUs: number;
  readonly toUs: number;
  readonly #view: NewsView;

  constructor(view: NewsView, toUs: number) {
    this.#view = view;
    this.fromUs = view.fromUs;
    this.toUs = Math.min(view.toUs, toUs);
  }

  instantAfter(at: number): number | undefined { return this.#view.instantAfter(at); }
  instantUntil(at: number): number | undefined { return this.#view.instantUntil(at); }
  shortestHop(at: number): number { return this.#view.shortestHop(at); }
  newsBetween(from: number, to: number): number { return this.#view.newsBetween(from, to); }
}

/** The news of two worlds that are looked at side by side: one clock, slow enough for both, never beyond what is known of either. */
export class JointNews implements NewsView {
  readonly fromUs: number;
  readonly toUs: number;
  readonly #one: NewsView;
  readonly #other: NewsView;

  constructor(one: NewsView, other: NewsView) {
    this.#one = one;
    this.#other = other;
    this.fromUs = Math.max(one.fromUs, other.fromUs);
    this.toUs = Math.min(one.toUs, other.toUs);
  }

  instantAfter(at: number): number | undefined {
    const soonest = Math.min(this.#one.instantAfter(at) ?? Infinity, this.#other.instantAfter(at) ?? Infinity);
    return soonest === Infinity ? undefined : soonest;
  }

  instantUntil(at: number): number | undefined {
    const latest = Math.max(this.#one.instantUntil(at) ?? -Infinity, this.#other.instantUntil(at) ?? -Infinity);
    return latest === -Infinity ? undefined : latest;
  }

  shortestHop(at: number): number { return Math.min(this.#one.shortestHop(at), this.#other.shortestHop(at)); }
  newsBetween(from: number, to: number): number { return Math.max(this.#one.newsBetween(from, to), this.#other.newsBetween(from, to)); }
}
