/** Exponential back-off as the kubelet keeps it. Models staging/src/k8s.io/client-go/util/flowcontrol/backoff.go. */
import type { BackOff } from './kubelet-state.ts';

export const firstBackOffUs = 10_000_000;
export const longestBackOffUs = 300_000_000;

/** An entry is forgotten when nothing happened for twice the longest delay: ten good minutes. */
const expired = (entry: BackOff, atUs: number): boolean => atUs - entry.lastUpdateUs > 2 * longestBackOffUs;

/** When the back-off that counts from `sinceUs` ends, if it has not: IsInBackOffSince. */
export function backOffEnd(entry: BackOff | undefined, sinceUs: number, nowUs: number): number | undefined {
  if (entry === undefined || expired(entry, sinceUs)) return undefined;
  const end = sinceUs + entry.delayUs;
  return nowUs < end ? end : undefined;
}

/** The entry after one more attempt: 10 s at first, doubled each time up to 5 min. */
export function nextBackOff(entry: BackOff | undefined, sinceUs: number, nowUs: number): BackOff {
  if (entry === undefined || expired(entry, sinceUs)) return { delayUs: firstBackOffUs, lastUpdateUs: nowUs };
  return { delayUs: Math.min(entry.delayUs * 2, longestBackOffUs), lastUpdateUs: nowUs };
}
