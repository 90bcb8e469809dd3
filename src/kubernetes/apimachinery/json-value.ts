/** Plain JSON objects, as the patches see them. */

/** An object of plain JSON. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is an object, and neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object with one field set; the same object where it already is so. */
export function withField(object: JsonObject, key: string, value: unknown): JsonObject {
  return object[key] === value && key in object ? object : { ...object, [key]: value };
}

/** The object without one field; the same object where it was not there. */
export function withoutField(object: JsonObject, key: string): JsonObject {
  if (!(key in object)) return object;
  const { [key]: _dropped, ...rest } = object;
  return rest;
}

/** The list with one item replaced; the same list where it already is so. */
export function withItem<T>(list: readonly T[], index: number, item: T): readonly T[] {
  if (list[index] === item) return list;
  const copy = list.slice();
  copy[index] = item;
  return copy;
}
