/** Sums over lists of resources. Models staging/src/k8s.io/apiserver/pkg/quota/v1/resources.go. */
import type { ResourceList } from '../../api/index.ts';
import { addQuantities, compareQuantities, subtractQuantities } from '../../apimachinery/quantity.ts';

export function add(a: ResourceList, b: ResourceList): ResourceList {
  const sum: Record<string, string> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = sum[name] === undefined ? amount : addQuantities(sum[name], amount);
  return sum;
}

/** What the first has more than the second, nothing below zero. */
export function lessBy(a: ResourceList, b: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(a).map(([name, amount]) => {
    const rest = b[name] === undefined ? amount : subtractQuantities(amount, b[name]);
    return [name, compareQuantities(rest, '0') < 0 ? '0' : rest];
  }));
}

export const mask = (list: ResourceList, names: readonly string[]): ResourceList => Object.fromEntries(Object.entries(list).filter(([name]) => names.includes(name)));
export const withoutZeros = (list: ResourceList): ResourceList => Object.fromEntries(Object.entries(list).filter(([, amount]) => compareQuantities(amount, '0') !== 0));

/** The names whose amounts are above the other's. */
export const exceeding = (a: ResourceList, b: ResourceList): readonly string[] => Object.keys(a).filter((name) => b[name] !== undefined && compareQuantities(a[name]!, b[name]) > 0).sort();

export const same = (a: ResourceList, b: ResourceList): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => b[name] !== undefined && compareQuantities(a[name]!, b[name]) === 0);
};

/** `cpu=2,memory=1Gi`. */
export const written = (list: ResourceList): string => Object.keys(list).sort().map((name) => `${name}=${list[name]}`).join(',');
