import { formatBytes, formatMillis } from '../../../kubernetes/apimachinery/quantity.ts';
import type { Usage } from '../../../session/port/machine.ts';

const mebibyte = 1024 * 1024;

/** An amount as one reads it: quantities, memory in whole MiB. */
export function amountText(resource: Usage['resource'], amount: number): string {
  if (resource === 'pods') return String(amount);
  return resource === 'cpu' ? formatMillis(amount) : formatBytes(Math.round(amount / mebibyte) * mebibyte);
}

/** How far bars reach, in per cent; what exceeds the machine ends at its edge. */
export function shares({ used, requested, limits, allocatable }: Usage): { readonly used: number; readonly fill: number; readonly limit: number } {
  const share = (amount: number): number => (allocatable === 0 ? 0 : Math.min(100, (amount / allocatable) * 100));
  return { used: share(used), fill: share(requested), limit: share(limits) };
}
