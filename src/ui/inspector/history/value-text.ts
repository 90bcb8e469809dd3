const longest = 160;

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A field's value on one line, an object as its fields; what is absent is nothing. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const text = isObject ? Object.entries(value).map(([name, inner]) => `${name}: ${wordOf(inner)}`).join(', ') || '{}' : wordOf(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
