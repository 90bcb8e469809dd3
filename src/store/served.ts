/**
 * A served world has its own clock, and others act in it: a page can look back in it and act at its present, but neither move it nor
 * make another future of it. `live`: the page follows the present, a little behind so that what travels can be seen; `behind`: it is
 * looked at as of another moment, at the page's own pace.
 */
export type Served = 'live' | 'behind' | null;

export const notForServed = 'This page shows a served cluster, whose world goes on for everyone: it can not be exchanged or made to go another way. Open Orrery by itself for that.';

/** So far behind the present one sees what travels at its own pace; from further the page hurries after it. */
const comfortableUs = 2_000_000;
const hurryUs = 5_000_000;
const mostHurry = 40;
const quietWallMs = 150;

/** How much faster time passes for who follows the present from so far behind. */
export const hurry = (behindUs: number): number => Math.min(mostHurry, 1 + Math.max(0, behindUs - comfortableUs) / hurryUs);

/** Where nothing more is known to travel, what is known is gone through at once, not to fall behind. */
export const closeQuiet = (at: number, knownUs: number, wallMs: number): number => at + (knownUs - at) * Math.min(1, wallMs / quietWallMs);
