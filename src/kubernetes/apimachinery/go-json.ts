/** JSON as Go writes it, where its bytes matter. Models encoding/json: Marshal of a map. */
const escaped: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' };

/** Keys in order, and the characters escaped that mean something to HTML. */
export function goJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => escaped[char]!);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(goJson).join()}]`;
  const object = value as Readonly<Record<string, unknown>>;
  return `{${Object.keys(object).filter((key) => object[key] !== undefined).sort().map((key) => `${goJson(key)}:${goJson(object[key])}`).join()}}`;
}
