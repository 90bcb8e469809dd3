/** What `date`, `ls -l` and HTTP headers need of the calendar. */

export const months: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days since Saturday, 1 January 2000. */
export function daysSince2000(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let y = 2000; y < year; y++) days += y % 4 === 0 ? 366 : 365;
  for (let m = 1; m < month; m++) days += monthDays[m - 1]! + (m === 2 && year % 4 === 0 ? 1 : 0);
  return days;
}

export const weekdays: readonly string[] = ['Sat', 'Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri'];

/** `2026-01-01T00:00:12Z` as HTTP writes it: `Thu, 01 Jan 2026 00:00:12 GMT`. */
export function httpDate(text: string): string {
  const [year, month, day] = text.slice(0, 10).split('-') as [string, string, string];
  return `${weekdays[daysSince2000(Number(year), Number(month), Number(day)) % 7]}, ${day} ${months[Number(month) - 1]} ${year} ${text.slice(11, 19)} GMT`;
}
