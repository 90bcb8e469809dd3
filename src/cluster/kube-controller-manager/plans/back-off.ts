import type { PMap } from '../../../simulation/collections/index.ts';
import type { SimTime } from '../../../simulation/process/process.ts';

/** How long each of many things is to be left alone: the longer the more often it went wrong. Models staging/src/k8s.io/client-go/util/flowcontrol/backoff.go. */
export type BackOffs = PMap<string, { readonly delayUs: number; readonly sinceUs: SimTime }>;
export interface BackOffLimits { readonly initialUs: number; readonly maxUs: number }

/** How long the delay of `key` is if it is still going on. Models IsInBackOffSinceUpdate and Get. */
export function backOffOf(all: BackOffs, key: string, { maxUs }: BackOffLimits, nowUs: SimTime): number | undefined {
  const known = all.get(key);
  if (known === undefined || nowUs - known.sinceUs > 2 * maxUs) return undefined;
  return nowUs - known.sinceUs < known.delayUs ? known.delayUs : undefined;
}

/** It went wrong once more; what has been quiet for long is forgotten. Models Next and GC. */
export function backOffMore(all: BackOffs, key: string, { initialUs, maxUs }: BackOffLimits, nowUs: SimTime): BackOffs {
  const alive = all.filter(({ sinceUs }) => nowUs - sinceUs <= 2 * maxUs);
  const known = alive.get(key);
  return alive.set(key, { delayUs: known === undefined ? initialUs : Math.min(known.delayUs * 2, maxUs), sinceUs: nowUs });
}
