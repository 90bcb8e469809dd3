/** When a CronJob's next Job is due. Models pkg/controller/cronjob/utils.go. */
import type { CronJob } from '../../../../kubernetes/api/batch-v1.ts';
import { parseSchedule, type Parsed, type Schedule } from '../../../../kubernetes/apimachinery/cron-schedule.ts';
import { formatTime, parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import { zoneOf } from '../../../../kubernetes/apimachinery/time-zones.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';

/** Its schedule in its zone. Models formatSchedule. */
export function scheduleOf({ spec: { schedule = '', timeZone } }: CronJob): Parsed {
  return parseSchedule(schedule.includes('TZ') || timeZone === undefined || timeZone === null || zoneOf(timeZone) === undefined ? schedule : `TZ=${timeZone} ${schedule}`);
}

/** `at`: the last moment at which a Job was due and none was made. `earliestUs`: from when on it was looked for. */
interface Recent { readonly earliestUs: SimTime; readonly at: SimTime | undefined; readonly missed: 'none' | 'few' | 'many' }

const senseless = 'time difference between two schedules is less than 1 second';

/** Models mostRecentScheduleTime; a text is an error. */
function mostRecent({ metadata, status, spec }: CronJob, nowUs: SimTime, next: Schedule, withDeadline: boolean): Recent | string {
  let earliestUs = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp) ?? 0;
  if (withDeadline && spec.startingDeadlineSeconds !== undefined) earliestUs = Math.max(earliestUs, nowUs - spec.startingDeadlineSeconds * 1_000_000);
  const first = next(earliestUs);
  const second = first === undefined ? undefined : next(first);
  if (first === undefined || second === undefined) return senseless;
  if (nowUs < first) return { earliestUs, at: undefined, missed: 'none' };
  if (nowUs < second) return { earliestUs, at: first, missed: 'none' };
  const betweenSeconds = Math.round((second - first) / 1_000_000);
  const count = Math.floor((nowUs - first) / 1_000_000 / betweenSeconds) + 1;
  let at: SimTime | undefined;
  for (let each = next(first + (count - 2) * betweenSeconds * 1_000_000); each !== undefined && each <= nowUs; each = next(each)) at = each;
  return { earliestUs, at, missed: count > 100 ? 'many' : 'few' };
}

/** How long until it is to be looked at again: its next moment, and a little more for clocks that are not alike. Models nextScheduleTimeDuration. */
export function untilNextUs(cronJob: CronJob, nowUs: SimTime, next: Schedule): number {
  const recent = mostRecent(cronJob, nowUs, next, false);
  const from = typeof recent === 'string' ? nowUs : recent.at ?? (recent.missed === 'none' ? recent.earliestUs : nowUs);
  return Math.max(0, (next(from) ?? nowUs) + 100_000 - nowUs);
}

/** The moment for which a Job is to be made now, if any. Models nextScheduleTime. */
export function dueAt(cronJob: CronJob, nowUs: SimTime, next: Schedule): { readonly at: SimTime | undefined; readonly tooMany: boolean } | { readonly problem: string } {
  const recent = mostRecent(cronJob, nowUs, next, true);
  return typeof recent === 'string' ? { problem: recent } : { at: recent.at, tooMany: recent.at !== undefined && recent.missed === 'many' };
}

const unixMinutesAtEpoch = 1_767_225_600 / 60;
/** Named after the minute, so that no two are made for one. Models getJobName. */
export const jobNameAt = ({ metadata }: CronJob, at: SimTime): string => `${metadata.name}-${Math.floor(at / 60_000_000) + unixMinutesAtEpoch}`;

const two = (value: number): string => String(value).padStart(2, '0');

/** The moment as clocks in the CronJob's zone show it, in RFC 3339. */
export function zonedTime({ spec: { timeZone } }: CronJob, at: SimTime): string {
  const offset = zoneOf(timeZone ?? '')?.(at / 1_000_000 + unixMinutesAtEpoch * 60) ?? 0;
  const minutes = Math.abs(Math.round(offset / 60));
  return offset === 0 ? formatTime(at) : `${formatTime(at + offset * 1_000_000).slice(0, -1)}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Go's time.RFC1123Z, of UTC; the world began on a Thursday. */
export function longTime(at: SimTime): string {
  const text = formatTime(at);
  return `${weekdays[Math.floor(at / 86_400_000_000) % 7]}, ${text.slice(8, 10)} ${months[Number(text.slice(5, 7)) - 1]} ${text.slice(0, 4)} ${text.slice(11, 19)} +0000`;
}
