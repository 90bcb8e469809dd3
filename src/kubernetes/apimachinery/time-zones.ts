/**
 * The IANA time zones by the rules they follow from now on: how far each is ahead of UTC at a moment. Models Go's time.LoadLocation and tzset rules
 * (time/zoneinfo.go). Changes that are listed one by one instead of following a rule (Ramadan in Morocco, Gaza) are not known.
 */
import { daysFromCivil, civilFromDays, weekdayOf } from './calendar.ts';
import { timeZoneTable } from './time-zones.gen.ts';

/** Seconds east of UTC at a moment, in seconds since 1970. */
export type Zone = (unixSeconds: number) => number;

export const utc: Zone = () => 0;

let rules: ReadonlyMap<string, string> | undefined;
const zones = new Map<string, Zone>();

/** The zone of that name, or undefined where there is none. */
export function zoneOf(name: string): Zone | undefined {
  if (name === '' || name === 'UTC') return utc;
  rules ??= new Map(timeZoneTable.trim().split('\n').flatMap((line) => { const [rule = '', ...names] = line.split(' '); return names.map((each) => [each, rule] as const); }));
  const rule = rules.get(name);
  if (rule === undefined) return undefined;
  let zone = zones.get(rule);
  if (zone === undefined) zones.set(rule, zone = parseRule(rule));
  return zone;
}

/** When a change comes: the nth (5: the last) such weekday of a month, so many seconds after midnight. */
interface Change { readonly month: number; readonly week: number; readonly weekday: number; readonly second: number }

const clock = (text: string): number => {
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/^[+-]/, '').split(':');
  return (text.startsWith('-') ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
};

function changeOf(text: string): Change {
  const [date = '', time = '2'] = text.split('/');
  const [month = 0, week = 0, weekday = 0] = date.slice(1).split('.').map(Number);
  return { month, week, weekday, second: clock(time) };
}

/** `CET-1CEST,M3.5.0,M10.5.0/3`: names and hours west of UTC, then when the second begins and ends. */
function parseRule(rule: string): Zone {
  const match = /^(?:<[^>]+>|[A-Za-z]+)([-+\d:]+)(?:(?:<[^>]+>|[A-Za-z]+)([-+\d:]+)?,([^,]+),([^,]+))?$/.exec(rule)!;
  const standard = -clock(match[1]!);
  if (match[3] === undefined) return () => standard;
  const summer = match[2] === undefined ? standard + 3600 : -clock(match[2]);
  const [begins, ends] = [changeOf(match[3]), changeOf(match[4]!)];
  return (at) => {
    const { year } = civilFromDays(Math.floor((at + standard) / 86_400));
    const [from, to] = [momentOf(begins, year) - standard, momentOf(ends, year) - summer];
    return (from < to ? from <= at && at < to : at < to || from <= at) ? summer : standard;
  };
}

function momentOf({ month, week, weekday, second }: Change, year: number): number {
  const first = daysFromCivil(year, month, 1);
  const days = daysFromCivil(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - first;
  let day = (weekday - weekdayOf(first) + 7) % 7 + (week - 1) * 7;
  while (day >= days) day -= 7;
  return (first + day) * 86_400 + second;
}
