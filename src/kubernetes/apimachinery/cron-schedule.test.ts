import { describe, expect, test } from 'vitest';
import { parseSchedule } from './cron-schedule.ts';
import { formatTime, parseTime } from './time.ts';
import { zoneOf } from './time-zones.ts';

/** Made with github.com/robfig/cron/v3 3.0.1 on Go 1.24: a schedule, a moment, and the four that follow. */
const truth: readonly (readonly [schedule: string, after: string, next: readonly string[]])[] = [
  ['*/1 * * * ?', '2026-01-01T00:00:00Z', ['2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z', '2026-01-01T00:03:00Z', '2026-01-01T00:04:00Z']],
  ['30 6-16/4 * * 1-5', '2026-01-01T00:00:00Z', ['2026-01-01T06:30:00Z', '2026-01-01T10:30:00Z', '2026-01-01T14:30:00Z', '2026-01-02T06:30:00Z']],
  ['0 0 1,15 * 3', '2026-01-01T00:00:00Z', ['2026-01-07T00:00:00Z', '2026-01-14T00:00:00Z', '2026-01-15T00:00:00Z', '2026-01-21T00:00:00Z']],
  ['@weekly', '2026-03-28T23:59:30Z', ['2026-03-29T00:00:00Z', '2026-04-05T00:00:00Z', '2026-04-12T00:00:00Z', '2026-04-19T00:00:00Z']],
  ['15 2 * * *', '2027-12-31T23:59:59Z', ['2028-01-01T02:15:00Z', '2028-01-02T02:15:00Z', '2028-01-03T02:15:00Z', '2028-01-04T02:15:00Z']],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z', '2040-02-29T00:00:00Z']],
  ['TZ=Europe/Berlin 30 2 * * *', '2026-03-28T23:59:30Z', ['2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z', '2026-04-01T00:30:00Z', '2026-04-02T00:30:00Z']],
  ['TZ=Europe/Berlin 30 2 * * *', '2026-10-24T20:00:01Z', ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-26T01:30:00Z', '2026-10-27T01:30:00Z']],
  ['TZ=America/New_York 30 1 * * 0', '2026-10-24T20:00:01Z', ['2026-10-25T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z', '2026-11-08T06:30:00Z']],
  ['TZ=America/Sao_Paulo 0 0 * * *', '2026-01-01T00:00:00Z', ['2026-01-01T03:00:00Z', '2026-01-02T03:00:00Z', '2026-01-03T03:00:00Z', '2026-01-04T03:00:00Z']],
  ['TZ=Asia/Kolkata 5 4 * * sun', '2026-01-01T00:00:00Z', ['2026-01-03T22:35:00Z', '2026-01-10T22:35:00Z', '2026-01-17T22:35:00Z', '2026-01-24T22:35:00Z']],
  ['TZ=Australia/Lord_Howe 45 1 * * *', '2026-04-03T00:00:00Z', ['2026-04-03T14:45:00Z', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z', '2026-04-05T15:15:00Z']],
  ['59 23 31 2 *', '2026-01-01T00:00:00Z', []],
  ['@every 1h30m', '2026-03-28T23:59:30Z', ['2026-03-29T01:29:30Z', '2026-03-29T02:59:30Z', '2026-03-29T04:29:30Z', '2026-03-29T05:59:30Z']],
  ['TZ=Pacific/Chatham 0 3 * 4,9 *', '2026-04-03T00:00:00Z', ['2026-04-03T13:15:00Z', '2026-04-04T13:15:00Z', '2026-04-04T14:15:00Z', '2026-04-05T14:15:00Z']],
  ['TZ=Africa/Cairo 0 0 * * *', '2026-10-24T20:00:01Z', ['2026-10-24T21:00:00Z', '2026-10-25T21:00:00Z', '2026-10-26T21:00:00Z', '2026-10-27T21:00:00Z']],
  ['TZ=Asia/Beirut 0 0 * * *', '2026-03-28T23:59:30Z', ['2026-03-29T21:00:00Z', '2026-03-30T21:00:00Z', '2026-03-31T21:00:00Z', '2026-04-01T21:00:00Z']],
  ['TZ=America/Santiago 0 0 * * *', '2026-04-03T00:00:00Z', ['2026-04-03T03:00:00Z', '2026-04-04T03:00:00Z', '2026-04-05T04:00:00Z', '2026-04-06T04:00:00Z']],
  ['*/7 3 */5 * *', '2026-01-01T00:00:00Z', ['2026-01-01T03:00:00Z', '2026-01-01T03:07:00Z', '2026-01-01T03:14:00Z', '2026-01-01T03:21:00Z']],
];

test.each(truth)('%s after %s', (text, after, expected) => {
  const parsed = parseSchedule(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const found: string[] = [];
  for (let at = parsed.next(parseTime(after)!); at !== undefined && found.length < 4; at = parsed.next(at)) found.push(formatTime(at));
  expect(found).toEqual(expected);
});

describe('what cannot be read', () => {
  test.each([
    ['', 'empty spec string'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-2 * * * *', 'beginning of range (5) beyond end of range (2): 5-2'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['* * * foo *', 'failed to parse int from foo: strconv.Atoi: parsing "foo": invalid syntax'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['@never', 'unrecognized descriptor: @never'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
    ['TZ=Mars/Base 0 * * * *', 'provided bad location Mars/Base: unknown time zone Mars/Base'],
  ])('%s', (text, problem) => expect(parseSchedule(text)).toEqual({ problem }));
});

test('zones are known by their names, old ones too', () => {
  const at = parseTime('2026-07-01T00:00:00Z')! / 1_000_000 + 1_767_225_600;
  expect(['UTC', 'Etc/GMT+5', 'Europe/Dublin', 'US/Pacific', 'Asia/Kathmandu', 'Europe/berlin', 'Local'].map((name) => zoneOf(name)?.(at))).toEqual([0, -18_000, 3_600, -25_200, 20_700, undefined, undefined]);
});
