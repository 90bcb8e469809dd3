const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** A moment on the clock: `12.007 s`, `6 m 02.500 s`, `1 h 02 m 03.000 s`. */
export function clockText(us: number): string {
  const ms = Math.floor(us / 1000);
  const [seconds, minutes, hours] = [Math.floor(ms / 1000) % 60, Math.floor(ms / 60_000) % 60, Math.floor(ms / 3_600_000)];
  const fraction = pad(ms % 1000, 3);
  if (hours > 0) return `${hours} h ${pad(minutes, 2)} m ${pad(seconds, 2)}.${fraction} s`;
  if (minutes > 0) return `${minutes} m ${pad(seconds, 2)}.${fraction} s`;
  return `${seconds}.${fraction} s`;
}

/** A stretch of time in words, as exact as is useful: `350 µs`, `1.5 ms`, `12 s`, `5 m 50 s`. */
export function durationText(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${roundTo(us / 1000, us < 10_000 ? 1 : 0)} ms`;
  const seconds = Math.round(us / 1_000_000);
  if (us < 10_000_000) return `${roundTo(us / 1_000_000, 1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return seconds % 60 === 0 ? `${Math.floor(seconds / 60)} m` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} m`;
}

/** Of a machine to which and from which everything takes so much longer. */
export const slowText = (us: number): string => `slow, ${durationText(us)}`;

const roundTo = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** The pace in words: `slow motion ×1/80`, `real time`, `fast ×12`. `rate` is virtual time per wall time. */
export function paceText(rate: number): string {
  if (rate > 0.8 && rate < 1.25) return 'real time';
  return rate < 1 ? `slow motion ×1/${roundish(1 / rate)}` : `fast ×${roundish(rate)}`;
}

/** Two leading digits, so that the number can be read while it changes. */
function roundish(value: number): string {
  if (value < 10) return roundTo(value, value < 3 ? 1 : 0);
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return String(Math.round(value / unit) * unit);
}
