import { describe, expect, test } from 'vitest';
import type { CronJob, CronJobSpec, CronJobStatus, Job } from '../../../../kubernetes/api/batch-v1.ts';
import { formatTime, parseTime } from '../../../../kubernetes/apimachinery/time.ts';
import { observed, surplusJobs } from './cron-job-plan.ts';
import { dueAt, jobNameAt, longTime, scheduleOf, untilNextUs, zonedTime } from './schedule-times.ts';

const at = (text: string): number => parseTime(`2026-01-01T${text}Z`)!;
const cronJob = (spec: Partial<CronJobSpec> = {}, status: CronJobStatus = {}): CronJob => ({
  apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick', namespace: 'default', uid: 'c1', creationTimestamp: formatTime(at('10:00:30')) },
  spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: { containers: [] } } } }, ...spec }, status,
});
const nextOf = (one: CronJob) => { const parsed = scheduleOf(one); if ('problem' in parsed) throw new Error(parsed.problem); return parsed.next; };

describe('what is due', () => {
  test.each<[what: string, one: CronJob, now: string, due: string, later: string]>([
    ['nothing yet', cronJob(), '10:03:00', '', '10:05:00'],
    ['the first', cronJob(), '10:05:00', '10:05:00', '10:10:00'],
    ['since the last', cronJob({}, { lastScheduleTime: formatTime(at('10:05:00')) }), '10:09:59', '', '10:10:00'],
    ['the last of several that were missed', cronJob({}, { lastScheduleTime: formatTime(at('10:05:00')) }), '11:22:10', '11:20:00', '11:25:00'],
    ['of an uneven schedule too', cronJob({ schedule: '0,50 * * * *' }), '13:55:00', '13:50:00', '14:00:00'],
    ['none older than the deadline', cronJob({ startingDeadlineSeconds: 60 }), '10:08:00', '', '10:10:00'],
    ['in its own zone', cronJob({ schedule: '45 15 * * *', timeZone: 'Asia/Kolkata' }), '10:16:00', '10:15:00', ''],
  ])('%s', (_, one, now, due, later) => {
    const found = dueAt(one, at(now), nextOf(one));
    expect('problem' in found ? found.problem : found.at).toBe(due === '' ? undefined : at(due));
    if (later !== '') expect(formatTime(at(now) + untilNextUs(one, at(now), nextOf(one)))).toBe(formatTime(at(later)));
  });
  test('so many were missed that it is said', () => {
    const one = cronJob({ schedule: '* * * * *' });
    expect([dueAt(one, at('11:40:00'), nextOf(one)), dueAt(one, at('11:41:30'), nextOf(one))]).toEqual([{ at: at('11:40:00'), tooMany: false }, { at: at('11:41:00'), tooMany: true }]);
  });
  test('a day that never comes', () => {
    const one = cronJob({ schedule: '0 0 31 2 *' });
    expect(dueAt(one, at('12:00:00'), nextOf(one))).toEqual({ problem: 'time difference between two schedules is less than 1 second' });
  });
});

test('moments are told in three ways', () => {
  const zoned = (timeZone: string | null) => zonedTime(cronJob({ timeZone }), at('10:05:00'));
  expect([jobNameAt(cronJob(), at('10:05:00')), zoned(null), zoned('Asia/Kolkata'), zoned('America/St_Johns'), longTime(at('10:05:00'))])
    .toEqual(['tick-29454365', '2026-01-01T10:05:00Z', '2026-01-01T15:35:00+05:30', '2026-01-01T06:35:00-03:30', 'Thu, 01 Jan 2026 10:05:00 +0000']);
});

const job = (name: string, type?: 'Complete' | 'Failed', start = '10:05:00'): Job => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'default', uid: name }, spec: { template: { spec: { containers: [] } } },
  status: { startTime: formatTime(at(start)), ...(type === undefined ? {} : { conditions: [{ type, status: 'True' }], ...(type === 'Complete' ? { completionTime: formatTime(at(start) + 60_000_000) } : {}) }) },
});

test('of finished Jobs the oldest go', () => {
  const jobs = [job('a', 'Complete', '10:20:00'), job('b', 'Complete', '10:05:00'), job('c', 'Failed', '10:10:00'), job('d', 'Failed', '10:15:00'), job('e')];
  expect(surplusJobs(cronJob({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }), jobs).map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'd']);
  expect(surplusJobs(cronJob(), jobs)).toEqual([]);
});

test('what has ended leaves the list of those at work, and what it does not know is told', () => {
  const before = cronJob({}, { active: [{ name: 'a', uid: 'a' }, { name: 'b', uid: 'b' }] });
  const { cronJob: after, events } = observed(before, [job('a', 'Complete'), job('b', 'Failed'), job('c')]);
  expect([after.status, events.map(({ reason, message }) => `${reason}: ${message}`)]).toEqual([
    { lastSuccessfulTime: '2026-01-01T10:06:00Z' },
    ['SawCompletedJob: Saw completed job: a, condition: Complete', 'SawCompletedJob: Saw completed job: b, condition: Failed', 'UnexpectedJob: Saw a job that the controller did not create or forgot: c'],
  ]);
});
