import { isCollection } from '../../simulation/collections/index.ts';

const longestList = 30;
const deepest = 5;

/** What a process knows as plain data of a readable size: long lists and deep trees are cut, and say so. */
export function readable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isCollection(value)) {
    const { size } = value as unknown as { size: number };
    if (depth >= deepest) return `… (${size})`;
    const entries = [...(value as unknown as Iterable<unknown>)].slice(0, longestList);
    const keyed = entries.length > 0 && Array.isArray(entries[0]) && entries[0].length === 2;
    const shown = keyed ? Object.fromEntries((entries as [unknown, unknown][]).map(([key, item]) => [String(key), readable(item, depth + 1)])) : entries.map((item) => readable(item, depth + 1));
    return size > longestList ? { shown, of: size } : shown;
  }
  if (Array.isArray(value)) {
    if (depth >= deepest) return `… (${value.length})`;
    const shown = value.slice(0, longestList).map((item) => readable(item, depth + 1));
    return value.length > longestList ? [...shown, `… ${value.length - longestList} more`] : shown;
  }
  const keys = Object.keys(value);
  if (depth >= deepest) return `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }`;
  return Object.fromEntries(keys.slice(0, 60).map((key) => [key, readable((value as Record<string, unknown>)[key], depth + 1)]));
}
