/** Models staging/src/k8s.io/apiserver/pkg/cel/library/lists.go and cel-go's ext/sets.go. */
import { refused, type Declared } from '../library.ts';
import { equal, compare } from './compare.ts';

type Values = readonly unknown[];

function extreme(list: Values, name: string, wanted: number): unknown {
  if (list.length === 0) return refused(`${name} called on empty list`);
  return list.reduce((best, one) => (Math.sign(compare(one, best)) === wanted ? one : best));
}

const sum = (list: Values): unknown => {
  if (list.length === 0) return 0n;
  return list.reduce((total, one) => (total as number) + (one as number));
};
const holds = (list: Values, one: unknown): boolean => list.some((other) => equal(one, other));

function lastIndex(list: Values, wanted: unknown): number {
  for (let at = list.length - 1; at >= 0; at--) if (equal(list[at], wanted)) return at;
  return -1;
}

export const lists: readonly Declared[] = [
  ['list.isSorted(): bool', (list: Values) => list.every((one, index) => index === 0 || compare(list[index - 1], one) <= 0)],
  ['list.sum(): dyn', sum],
  ['list.min(): dyn', (list: Values) => extreme(list, 'min', -1)],
  ['list.max(): dyn', (list: Values) => extreme(list, 'max', 1)],
  ['list.indexOf(dyn): int', (list: Values, wanted: unknown) => BigInt(list.findIndex((one) => equal(one, wanted)))],
  ['list.lastIndexOf(dyn): int', (list: Values, wanted: unknown) => BigInt(lastIndex(list, wanted))],
];

/** As receivers of the namespace `sets`. */
export const sets: readonly Declared[] = [
  ['Sets.contains(list, list): bool', (_: never, list: Values, part: Values) => part.every((one) => holds(list, one))],
  ['Sets.equivalent(list, list): bool', (_: never, a: Values, b: Values) => a.every((one) => holds(b, one)) && b.every((one) => holds(a, one))],
  ['Sets.intersects(list, list): bool', (_: never, a: Values, b: Values) => a.some((one) => holds(b, one))],
];
