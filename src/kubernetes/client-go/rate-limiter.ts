import { List } from '../../simulation/collections/index.ts';
import type { SimTime } from '../../simulation/process/process.ts';
import type { Limiter, PendingCall } from './client-state.ts';

/** A token bucket of `burst` tokens that gains `qps` tokens a second. Models client-go/util/flowcontrol/throttle.go, in whole microseconds. */
export function createLimiter(name: string, qps: number, burst: number): Limiter {
  return { name, intervalUs: Math.round(1_000_000 / qps), burst, fullAtUs: 0, waiting: List() };
}

/** How long until a token is there; 0 if one is there now. */
export function untilTokenUs(limiter: Limiter, nowUs: SimTime): number {
  return Math.max(0, limiter.fullAtUs - (limiter.burst - 1) * limiter.intervalUs - nowUs);
}

/** The bucket with one token less. */
export function takeToken(limiter: Limiter, nowUs: SimTime): Limiter {
  return { ...limiter, fullAtUs: Math.max(limiter.fullAtUs, nowUs) + limiter.intervalUs };
}

/** The calls that may leave now, in the order in which they were made. */
export function releaseCalls(limiter: Limiter, nowUs: SimTime): { readonly limiter: Limiter; readonly calls: readonly PendingCall[] } {
  let next = limiter;
  const calls: PendingCall[] = [];
  while (next.waiting.size > 0 && untilTokenUs(next, nowUs) === 0) {
    calls.push(next.waiting.first()!);
    next = { ...takeToken(next, nowUs), waiting: next.waiting.shift() };
  }
  return { limiter: next, calls };
}
