/** Schedules in cron's notation, and when they come next. Models github.com/robfig/cron/v3: parser.go (ParseStandard), spec.go and constantdelay.go, with their words. */
import { civilFromDays, daysFromCivil, weekdayOf } from './calendar.ts';
import { epochDay, parseGoDuration } from './time.ts';
import { utc, zoneOf, type Zone } from './time-zones.ts';

/** The next moment after one, in virtual microseconds; undefined where none comes in five years. */
export type Schedule = (afterUs: number) => number | undefined;
/** A schedule, or what is wrong with it. */
export type Parsed = { readonly next: Schedule } | { readonly problem: string };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
interface Bounds { readonly min: number; readonly max: number; readonly names?: readonly string[] }
const bounds: readonly Bounds[] = [{ min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: months }, { min: 0, max: 6, names: days }];
const descriptors: { readonly [name: string]: string } = { '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *' };

/** The values of a field, and whether it was left open. */
interface Field { readonly values: ReadonlySet<number>; readonly star: boolean }
interface Fields { readonly minute: Field; readonly hour: Field; readonly dayOfMonth: Field; readonly month: Field; readonly dayOfWeek: Field }

class Problem extends Error {}

function numberOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Problem(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (value < 0) throw new Problem(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function placeOf(text: string, { names, min }: Bounds): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 ? index + min : numberOf(text);
}

function range(text: string, within: Bounds): { readonly values: readonly number[]; readonly star: boolean } {
  const steps = text.split('/');
  const ends = steps[0]!.split('-');
  let [start, end, step] = [within.min, within.max, 1];
  let star = ends[0] === '*' || ends[0] === '?';
  if (!star) {
    start = placeOf(ends[0]!, within);
    if (ends.length > 2) throw new Problem(`too many hyphens: ${text}`);
    end = ends.length === 1 ? start : placeOf(ends[1]!, within);
  }
  if (steps.length > 2) throw new Problem(`too many slashes: ${text}`);
  if (steps.length === 2) {
    step = numberOf(steps[1]!);
    if (ends.length === 1) end = within.max;
    star &&= step <= 1;
  }
  if (start < within.min) throw new Problem(`beginning of range (${start}) below minimum (${within.min}): ${text}`);
  if (end > within.max) throw new Problem(`end of range (${end}) above maximum (${within.max}): ${text}`);
  if (start > end) throw new Problem(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Problem(`step of range should be a positive number: ${text}`);
  return { values: Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step), star };
}

function fieldOf(text: string, within: Bounds): Field {
  const ranges = text.split(',').filter((part) => part !== '').map((part) => range(part, within));
  return { values: new Set(ranges.flatMap(({ values }) => values)), star: ranges.some(({ star }) => star) };
}

/** Reads a schedule, with `TZ=` or `CRON_TZ=` in front of it where it has a zone of its own. */
export function parseSchedule(text: string): Parsed {
  try {
    if (text === '') throw new Problem('empty spec string');
    const prefix = /^(?:CRON_)?TZ=(\S*) ?/.exec(text);
    const zone = prefix === null ? utc : zoneOf(prefix[1]!);
    if (zone === undefined) throw new Problem(`provided bad location ${prefix![1]}: unknown time zone ${prefix![1]}`);
    return { next: scheduleOf(prefix === null ? text : text.slice(prefix[0].length).trim(), zone) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

function scheduleOf(text: string, zone: Zone): Schedule {
  if (text.startsWith('@') && !Object.hasOwn(descriptors, text)) {
    const every = '@every ';
    if (!text.startsWith(every)) throw new Problem(`unrecognized descriptor: ${text}`);
    const duration = text.slice(every.length);
    const durationUs = parseGoDuration(duration);
    if (durationUs === undefined) throw new Problem(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`);
    const delaySeconds = Math.max(1, Math.floor(durationUs / 1_000_000));
    return (afterUs) => (Math.floor(afterUs / 1_000_000) + delaySeconds) * 1_000_000;
  }
  const fields = (descriptors[text] ?? text).trim().split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) throw new Problem(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields.map((field, index) => fieldOf(field, bounds[index]!)) as [Field, Field, Field, Field, Field];
  const epochSeconds = epochDay * 86_400;
  return (afterUs) => {
    const found = search({ minute, hour, dayOfMonth, month, dayOfWeek }, zone, Math.floor(afterUs / 1_000_000) + 1 + epochSeconds);
    return found === undefined ? undefined : (found - epochSeconds) * 1_000_000;
  };
}

/** A moment as clocks in the zone show it. */
function shown(at: number, zone: Zone) {
  const local = at + zone(at);
  const day = Math.floor(local / 86_400);
  const ofDay = local - day * 86_400;
  return { ...civilFromDays(day), weekday: weekdayOf(day), hour: Math.floor(ofDay / 3600), minute: Math.floor(ofDay / 60) % 60, second: ofDay % 60 };
}

/** The moment of a date and an hour in the zone, as Go's time.Date finds it where clocks jump. */
function momentOf(year: number, month: number, day: number, hour: number, zone: Zone): number {
  const local = (daysFromCivil(year + Math.floor((month - 1) / 12), ((month - 1) % 12) + 1, 1) + day - 1) * 86_400 + hour * 3600;
  const offset = zone(local);
  const guess = local - offset;
  return zone(guess) === offset ? guess : local - zone(guess);
}

function matchesDay({ dayOfMonth, dayOfWeek }: Fields, day: number, weekday: number): boolean {
  const [byDate, byWeekday] = [dayOfMonth.values.has(day), dayOfWeek.values.has(weekday)];
  return dayOfMonth.star || dayOfWeek.star ? byDate && byWeekday : byDate || byWeekday;
}

/** Goes on field by field, the greatest first, and begins again where one has come round. Models SpecSchedule.Next. */
function search(fields: Fields, zone: Zone, from: number): number | undefined {
  let at = from;
  let added = false;
  const limit = shown(from, zone).year + 5;
  const cut = (to: number): void => { if (!added) { added = true; at = to; } };
  wrap: for (;;) {
    let now = shown(at, zone);
    if (now.year > limit) return undefined;
    while (!fields.month.values.has(now.month)) {
      cut(momentOf(now.year, now.month, 1, 0, zone));
      const { day } = shown(at, zone);
      at = momentOf(now.year, now.month + 1, day, 0, zone);
      now = shown(at, zone);
      if (now.month === 1) continue wrap;
    }
    while (!matchesDay(fields, now.day, now.weekday)) {
      cut(momentOf(now.year, now.month, now.day, 0, zone));
      at = momentOf(now.year, now.month, now.day + 1, 0, zone);
      now = shown(at, zone);
      if (now.hour !== 0) {
        at += (now.hour > 12 ? 24 - now.hour : -now.hour) * 3600;
        now = shown(at, zone);
      }
      if (now.day === 1) continue wrap;
    }
    while (!fields.hour.values.has(now.hour)) {
      cut(momentOf(now.year, now.month, now.day, now.hour, zone));
      at += 3600;
      now = shown(at, zone);
      if (now.hour === 0) continue wrap;
    }
    while (!fields.minute.values.has(now.minute)) {
      cut(at - now.second);
      at += 60;
      now = shown(at, zone);
      if (now.minute === 0) continue wrap;
    }
    while (now.second !== 0) {
      added = true;
      at += 1;
      now = shown(at, zone);
      if (now.second === 0) continue wrap;
    }
    return at;
  }
}
