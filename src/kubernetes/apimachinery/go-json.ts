/** JSON as Go's encoding/json writes it: keys in order, and `<`, `>`, `&` escaped. The last-applied annotation is compared as text. */
export function goJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return goString(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const fields: string[] = [];
  for (const key of Object.keys(object).sort()) if (object[key] !== undefined) fields.push(`${goString(key)}:${goJson(object[key])}`);
  return `{${fields.join(',')}}`;
}

const escaped = /[<>&\u2028\u2029]/g;
const goString = (text: string): string =>
  JSON.stringify(text).replace(escaped, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same value with all keys in order: what Go decodes and writes again. */
export function inGoOrder<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inGoOrder) as T;
  const object = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(object).filter((key) => object[key] !== undefined).sort().map((key) => [key, inGoOrder(object[key])])) as T;
}
