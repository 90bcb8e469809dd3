import type { LogLine, Mark } from '../session/port/protocol.ts';
import { firstAfter } from './message-index.ts';

/** What one can ask time to run on to: anything at all after a silence, something that fails, a mark. */
export type Happening = 'news' | 'failure' | 'mark';

/** What is known of a stretch of time, as far as it tells of happenings. */
export interface Chronicle {
  /** Ascending moments at which a piece of news is sent. */
  readonly newsSentAt: readonly number[];
  readonly log: readonly LogLine[];
  readonly marks: readonly Mark[];
  /** Up to here everything is known. */
  readonly toUs: number;
}

export interface Found { readonly atUs: number; /** What it is that happens, where it is one thing. */ readonly recordId?: number }

/** After so long without news, the next piece of it is something that happens. */
const silenceUs = 1_000_000;

/** The first thing of the kind after `fromUs`, as far as all is known; undefined where more has to be known. */
export function nextHappening(what: Happening, known: Chronicle, fromUs: number): Found | undefined {
  const found: Found[] = [];
  // The start is where one goes back to; from before it one wants to see what was done.
  const mark = known.marks.find(({ atUs, kind }) => atUs > fromUs && kind !== 'start' && (what !== 'failure' || kind === 'failure' || kind === 'fault'));
  if (mark !== undefined) found.push({ atUs: mark.atUs });
  if (what !== 'mark') {
    const line = known.log.find(({ atUs, ok }) => !ok && atUs > fromUs);
    if (line !== undefined) found.push({ atUs: line.atUs, recordId: line.recordId });
  }
  const afterSilence = what === 'news' ? firstAfterSilence(known.newsSentAt, fromUs) : undefined;
  if (afterSilence !== undefined) found.push({ atUs: afterSilence });
  const first = found.reduce<Found | undefined>((best, each) => (best === undefined || each.atUs < best.atUs ? each : best), undefined);
  return first !== undefined && first.atUs <= known.toUs ? first : undefined;
}

function firstAfterSilence(sentAt: readonly number[], fromUs: number): number | undefined {
  for (let index = firstAfter(sentAt, fromUs); index < sentAt.length; index += 1) {
    if (sentAt[index]! - (sentAt[index - 1] ?? fromUs) >= silenceUs) return sentAt[index];
  }
  return undefined;
}

/** The mark before `fromUs`. */
export const markBefore = (marks: readonly Mark[], fromUs: number): Mark | undefined => marks.findLast(({ atUs }) => atUs < fromUs);

/** What was sought and not found, for a sentence. */
export const nothingFound: Readonly<Record<Happening, string>> = {
  news: 'Nothing happens within the next hour.', failure: 'Nothing fails within the next hour.', mark: 'There is no mark within the next hour.',
};
