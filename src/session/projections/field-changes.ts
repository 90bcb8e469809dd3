import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import type { FieldChange } from '../port/history.ts';

type Json = Readonly<Record<string, unknown>>;

/** What lists of the API are told apart by (their `listMapKey`s), the likeliest first. */
const listKeys = ['name', 'type', 'uid', 'containerPort', 'port', 'key', 'ip', 'manager'] as const;
/** Bookkeeping that changes with every write and says nothing by itself. */
const bookkeeping = new Set(['metadata.managedFields', 'metadata.resourceVersion']);
const plainName = /^[A-Za-z_$][\w$]*$/;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field's path as people write it: names with dots or slashes in brackets. */
export const fieldPath = (path: string, name: string): string => (plainName.test(name) ? (path === '' ? name : `${path}.${name}`) : `${path}[${name}]`);

/** The fields that differ between two objects, in the order of the newer one; lists are compared by their items' names where they have some. */
export function fieldChanges(before: unknown, after: unknown, path = ''): readonly FieldChange[] {
  if (before === after || bookkeeping.has(path) || deepEqual(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...Object.keys(after), ...Object.keys(before).filter((name) => !(name in after))];
    return names.flatMap((name) => fieldChanges(before[name], after[name], fieldPath(path, name)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const key = listKeys.find((name) => tells(before, name) && tells(after, name));
    if (key !== undefined) return byKey(before as readonly Json[], after as readonly Json[], key, path);
    if (before.length === after.length) return after.flatMap((item, index) => fieldChanges(before[index], item, `${path}[${index}]`));
  }
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

function byKey(before: readonly Json[], after: readonly Json[], key: string, path: string): readonly FieldChange[] {
  const find = (list: readonly Json[], value: unknown): Json | undefined => list.find((item) => item[key] === value);
  const values = [...after, ...before.filter((item) => find(after, item[key]) === undefined)].map((item) => item[key]);
  return values.flatMap((value) => fieldChanges(find(before, value), find(after, value), `${path}[${String(value)}]`));
}

/** Whether the items of a list are objects that this field tells apart. */
function tells(list: readonly unknown[], key: string): boolean {
  const values = new Set<unknown>();
  for (const item of list) {
    if (!isObject(item) || item[key] === undefined) return false;
    values.add(item[key]);
  }
  return values.size === list.length;
}
