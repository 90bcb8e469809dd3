const unitsUs: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

/** Reads `2ms`, `1.5s`, `5m30s` as whole microseconds; throws on anything else. */
export function parseDurationUs(text: string): number {
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) throw new Error(`not a duration: "${text}" (write 300ms, 2s, 5m30s)`);
  let totalUs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)) totalUs += Number(amount) * unitsUs[unit!]!;
  return Math.round(totalUs);
}

/** Prints virtual time in seconds with as many of six decimals as it needs, at least three: `12.007s`. */
export function formatSeconds(us: number): string {
  const whole = Math.floor(us / 1_000_000);
  const digits = String(us % 1_000_000).padStart(6, '0');
  return `${whole}.${digits.slice(0, 3)}${digits.slice(3).replace(/0+$/, '')}s`;
}
