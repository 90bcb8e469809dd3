/** Order and equality of values, for functions that look into lists. */
import { compareQuantities } from '../../apimachinery/quantity.ts';
import { UnsignedInt } from '../library.ts';
import { Quantity } from './quantity.ts';

const plain = (value: unknown): unknown => (value instanceof UnsignedInt ? value.valueOf() : value);

export function compare(a: unknown, b: unknown): number {
  const left = plain(a) as number;
  const right = plain(b) as number;
  return left < right ? -1 : left > right ? 1 : 0;
}

export function equal(a: unknown, b: unknown): boolean {
  const left = plain(a);
  const right = plain(b);
  if (left === right) return true;
  if (typeof left === 'bigint' && typeof right === 'number') return Number(left) === right;
  if (typeof left === 'number' && typeof right === 'bigint') return left === Number(right);
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((one, index) => equal(one, right[index]));
  if (left instanceof Quantity && right instanceof Quantity) return compareQuantities(left.text, right.text) === 0;
  const [ours, theirs] = [entriesOf(left), entriesOf(right)];
  return ours.size === theirs.size && [...ours].every(([key, value]) => theirs.has(key) && equal(value, theirs.get(key)));
}

const entriesOf = (value: object): ReadonlyMap<unknown, unknown> => (value instanceof Map ? value : new Map(Object.entries(value)));
