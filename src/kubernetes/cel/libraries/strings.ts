/** Models cel-go's ext/strings.go (version 2) and apiserver/pkg/cel/library/regex.go; what the implementation has itself is not here. */
import { refused, type Declared } from '../library.ts';

/** RE2 and JavaScript agree on nearly all patterns; what only JavaScript knows (look-around, back-references) is refused. */
function pattern(source: string, flags = ''): RegExp {
  const notRe2 = /\(\?(?:[=!]|<[=!])|\\[1-9]/.test(source);
  const inline = /^\(\?([ims]+)\)/.exec(source);
  try {
    if (!notRe2) return new RegExp(inline === null ? source : source.slice(inline[0].length), `u${flags}${inline?.[1] ?? ''}`);
  } catch { /* said below */ }
  return refused(`error parsing regexp: \`${source}\``);
}

const findAll = (text: string, source: string, limit: number): readonly string[] =>
  [...text.matchAll(pattern(source, 'g'))].slice(0, limit < 0 ? undefined : limit).map(([found]) => found);

function charAt(text: string, at: bigint): string {
  const chars = [...text];
  return at < 0n || at > BigInt(chars.length) ? refused(`index out of range: ${at}`) : chars[Number(at)] ?? '';
}

function replace(text: string, from: string, to: string, limit: number): string {
  if (limit === 0) return text;
  const parts = text.split(from);
  const count = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  return parts.slice(0, count).map((part) => part + to).join('') + parts.slice(count).join(from);
}

const escapes: { readonly [char: string]: string | undefined } = { '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"' };
const quote = (text: string): string => `"${[...text].map((char) => escapes[char] ?? char).join('')}"`;

/** As `%s` writes a value. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${shown(key)}: ${shown(item)}`).sort().join(', ')}}`;
  return String(value);
}

function written(verb: string, precision: string | undefined, value: unknown): string {
  const whole = typeof value === 'bigint' || typeof value === 'number';
  switch (verb) {
    case 's': return shown(value);
    case 'd': return whole ? String(value) : refused('decimal clause can only be used on integers');
    case 'f': return whole ? Number(value).toFixed(precision === undefined ? 6 : Number(precision)) : refused('fixed-point clause can only be used on doubles');
    case 'e': return whole ? Number(value).toExponential(precision === undefined ? 6 : Number(precision)).replace(/e([+-])(\d)$/, 'e$10$2') : refused('scientific notation clause can only be used on doubles');
    case 'x': case 'X': {
      const hex = typeof value === 'bigint' ? value.toString(16) : typeof value === 'string' ? [...value].map((char) => char.codePointAt(0)!.toString(16)).join('') : refused('only integers, byte buffers, and strings can be formatted as hex');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    case 'o': return typeof value === 'bigint' ? value.toString(8) : refused('octal clause can only be used on integers');
    case 'b': return typeof value === 'bigint' ? value.toString(2) : typeof value === 'boolean' ? (value ? '1' : '0') : refused('only integers and bools can be formatted as binary');
    default: return refused(`unrecognized formatting clause "${verb}"`);
  }
}

function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%(%|(?:\.(\d+))?(.))/gs, (_, all: string, precision: string | undefined, verb: string) => {
    if (all === '%') return '%';
    if (next >= values.length) return refused(`index ${next} out of range`);
    return written(verb, precision, values[next++]);
  });
}

export const strings: readonly Declared[] = [
  ['string.find(string): string', (text: string, source: string) => pattern(source).exec(text)?.[0] ?? ''],
  ['string.findAll(string): list<string>', (text: string, source: string) => findAll(text, source, -1)],
  ['string.findAll(string, int): list<string>', (text: string, source: string, limit: bigint) => findAll(text, source, Number(limit))],
  ['string.charAt(int): string', charAt],
  ['string.replace(string, string): string', (text: string, from: string, to: string) => replace(text, from, to, -1)],
  ['string.replace(string, string, int): string', (text: string, from: string, to: string, limit: bigint) => replace(text, from, to, Number(limit))],
  ['string.reverse(): string', (text: string) => [...text].reverse().join('')],
  ['string.format(list): string', format],
];

/** As receivers of the namespace `strings`. */
export const stringsNamespace: readonly Declared[] = [['Strings.quote(string): string', (_: never, text: string) => quote(text)]];
