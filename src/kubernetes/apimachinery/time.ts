/**
 * Moments and durations as text, from virtual microseconds since the world's epoch, 2026-01-01T00:00:00Z.
 * Models metav1.Time, metav1.MicroTime, Go's time.Duration and apimachinery/pkg/util/duration: HumanDuration.
 */
import type { MicroTime, Time } from '../api/meta-v1.ts';
import { civilFromDays, daysFromCivil } from './calendar.ts';

export const secondUs = 1_000_000;
export const millisecondUs = 1_000;
const daySeconds = 86_400;
/** Days from 1970-01-01 to the world's epoch. */
export const epochDay = daysFromCivil(2026, 1, 1);

function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

let lastDay = NaN;
let lastDate = '';
let lastSecond = NaN;
let lastText = '';

/** Date and time of day without the zone; moments come in order, so the last answer is often the next one. */
function dateTime(second: number): string {
  if (second === lastSecond) return lastText;
  const dayOffset = Math.floor(second / daySeconds);
  if (dayOffset !== lastDay) {
    lastDay = dayOffset;
    lastDate = dateText(epochDay + dayOffset);
  }
  const ofDay = second - dayOffset * daySeconds;
  lastSecond = second;
  lastText = `${lastDate}T${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`;
  return lastText;
}

/** The moment as metav1.Time prints it, cut to whole seconds: `2026-01-01T00:00:12Z`. */
export function formatTime(virtualUs: number): Time {
  return `${dateTime(Math.floor(virtualUs / secondUs))}Z`;
}

/** The moment as metav1.MicroTime prints it: `2026-01-01T00:00:12.345678Z`. */
export function formatMicroTime(virtualUs: number): MicroTime {
  const second = Math.floor(virtualUs / secondUs);
  return `${dateTime(second)}.${String(Math.floor(virtualUs - second * secondUs)).padStart(6, '0')}Z`;
}

const timeShape = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Virtual microseconds of an RFC 3339 text, or undefined where it is none. */
export function parseTime(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const match = timeShape.exec(text);
  if (match === null) return undefined;
  const days = daysFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) - epochDay;
  const zone = match[8] === undefined ? 0 : (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 3600 + Number(match[10]) * 60);
  const seconds = days * daySeconds + Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6]) - zone;
  return seconds * secondUs + Math.floor(Number((match[7] ?? '').padEnd(6, '0').slice(0, 6)));
}

const unitUs: { readonly [unit: string]: number } = { ns: 0.001, us: 1, 'µs': 1, 'μs': 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** Microseconds of a Go duration (`1m30s`, `-1.5h`, `250ms`, `0`), or undefined where it is none. */
export function parseGoDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text);
  if (match === null) return text === '0' || text === '+0' || text === '-0' ? 0 : undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) total += Number(amount) * unitUs[unit!]!;
  return match[1] === '-' ? -Math.round(total) : Math.round(total);
}

/** Microseconds as Go's Duration.String prints them: `1m30s`, `1h0m0s`, `2.5ms`, `10s`, `0s`. */
export function formatGoDuration(durationUs: number): string {
  if (durationUs === 0) return '0s';
  const sign = durationUs < 0 ? '-' : '';
  const us = Math.abs(durationUs);
  if (us < millisecondUs) return `${sign}${us}µs`;
  if (us < secondUs) return `${sign}${trimmed(us / millisecondUs, 3)}ms`;
  const totalMinutes = Math.floor(us / (60 * secondUs));
  const seconds = trimmed((us - totalMinutes * 60 * secondUs) / secondUs, 6);
  if (totalMinutes === 0) return `${sign}${seconds}s`;
  const hours = Math.floor(totalMinutes / 60);
  return hours === 0 ? `${sign}${totalMinutes}m${seconds}s` : `${sign}${hours}h${totalMinutes % 60}m${seconds}s`;
}

const trimmed = (value: number, digits: number): string => value.toFixed(digits).replace(/\.?0+$/, '');

/** An age as kubectl prints it: `12s`, `5m12s`, `3h5m`, `2d4h`, `400d`. Models duration.HumanDuration. */
export function humanDuration(durationUs: number): string {
  const seconds = Math.trunc(durationUs / secondUs);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(durationUs / (60 * secondUs));
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(hours / 24 / 365);
  if (hours < 24 * 365 * 8) return days % 365 === 0 ? `${years}y` : `${years}y${days % 365}d`;
  return `${years}y`;
}
