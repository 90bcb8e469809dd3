import { expect, test } from 'vitest';
import type { LogLine, Mark } from '../session/port/protocol.ts';
import { markBefore, nextHappening } from './happenings.ts';
import type { Chronicle, Happening } from './happenings.ts';

const marks: readonly Mark[] = [{ atUs: 1_000_000, kind: 'start', text: 'start', recordId: -1 }, { atUs: 2_000_000, kind: 'command', text: 'apply', recordId: 1 }, { atUs: 50_000_000, kind: 'failure', text: 'worker-1 NotReady', recordId: 2 }, { atUs: 90_000_000, kind: 'healed', text: 'web 3/3', recordId: 3 }];
const line = (atUs: number, ok: boolean, recordId: number): LogLine => ({ id: recordId, atUs, kind: 'request', text: '', recordId, ok });
const known: Chronicle = { newsSentAt: [2_000_000, 2_100_000, 2_900_000, 4_000_000, 4_010_000], log: [line(2_100_000, true, 10), line(20_000_000, false, 11)], marks, toUs: 60_000_000 };

test.each<[Happening, number, unknown]>([
  ['news', 0, { atUs: 2_000_000 }],
  ['news', 2_000_000, { atUs: 4_000_000 }],
  ['news', 4_005_000, { atUs: 20_000_000, recordId: 11 }],
  ['news', 20_000_000, { atUs: 50_000_000 }],
  ['failure', 0, { atUs: 20_000_000, recordId: 11 }],
  ['failure', 20_000_000, { atUs: 50_000_000 }],
  ['mark', 0, { atUs: 2_000_000 }],
  ['mark', 2_000_000, { atUs: 50_000_000 }],
  // The next mark lies beyond what is known: something else may come before it.
  ['mark', 50_000_000, undefined],
  ['failure', 50_000_000, undefined],
])('the next %s after %d', (what, fromUs, found) => expect(nextHappening(what, known, fromUs)).toEqual(found));

test('the mark before', () => {
  expect(markBefore(marks, 50_000_000)?.atUs).toBe(2_000_000);
  expect(markBefore(marks, 2_000_000)?.kind).toBe('start');
  expect(markBefore(marks, 1_000_000)).toBeUndefined();
});
