/** What is wrong with a schedule, in the words of the library that reads it. Models github.com/robfig/cron/v3 parser.go: ParseStandard. */
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Bounds { readonly min: number; readonly max: number; readonly names?: readonly string[] }

const bounds: readonly Bounds[] = [{ min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: months }, { min: 0, max: 6, names: days }];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

function numberOf(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

function placeOf(text: string, { names, min }: Bounds): number | string {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 ? index + min : numberOf(text);
}

function rangeProblem(text: string, within: Bounds): string | undefined {
  const steps = text.split('/');
  const ends = steps[0]!.split('-');
  let start: number | string = within.min;
  let end: number | string = within.max;
  if (ends[0] !== '*' && ends[0] !== '?') {
    start = placeOf(ends[0]!, within);
    if (typeof start === 'string') return start;
    if (ends.length > 2) return `too many hyphens: ${text}`;
    end = ends.length === 1 ? start : placeOf(ends[1]!, within);
    if (typeof end === 'string') return end;
  }
  if (steps.length > 2) return `too many slashes: ${text}`;
  if (steps.length === 2) {
    const step = numberOf(steps[1]!);
    if (typeof step === 'string') return step;
    if (ends.length === 1) end = within.max;
    if (step === 0) return `step of range should be a positive number: ${text}`;
  }
  if (start < within.min) return `beginning of range (${start}) below minimum (${within.min}): ${text}`;
  if (end > within.max) return `end of range (${end}) above maximum (${within.max}): ${text}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${text}` : undefined;
}

/** The parser's error, or undefined for a schedule it can read. */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    if (descriptors.includes(schedule)) return undefined;
    const every = '@every ';
    if (!schedule.startsWith(every)) return `unrecognized descriptor: ${schedule}`;
    const duration = schedule.slice(every.length);
    return /^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(duration) ? undefined : `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(duration)}`;
  }
  const fields = schedule.trim().split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, field] of fields.entries()) {
    for (const part of field.split(',').filter((one) => one !== '')) {
      const problem = rangeProblem(part, bounds[index]!);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
