/** Amounts as they are stored. Models pkg/apis/core/v1/defaults.go: SetDefaults_ResourceList, and how a Quantity prints itself. */
import type { ResourceList } from '../meta-v1.ts';
import { canonicalQuantity, cpuMillis, formatMillis, isPlainlyCanonical, isQuantity } from '../../apimachinery/quantity.ts';

/** One amount in canonical form, not finer than thousandths. */
export function storedQuantity(value: string | number): string {
  if (typeof value === 'string' && isPlainlyCanonical(value)) return value;
  if (!isQuantity(value)) return String(value);
  const text = canonicalQuantity(value);
  return text.endsWith('n') || text.endsWith('u') ? formatMillis(cpuMillis(text)) : text;
}

/** All amounts in canonical form; the same list where they were. */
export function storedResources(list: ResourceList): ResourceList {
  for (const name in list) {
    if (storedQuantity(list[name]!) !== list[name]) {
      return Object.fromEntries(Object.entries(list).map(([key, value]) => [key, storedQuantity(value)]));
    }
  }
  return list;
}
