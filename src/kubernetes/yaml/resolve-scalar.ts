/**
 * What a plain YAML scalar means to Kubernetes.
 * Models sigs.k8s.io/yaml goyaml.v2/resolve.go: resolve. Dates stay text and base-60 numbers are not read, as there.
 */

/** A resolved scalar; `unsupported` is a value that YAML can say and JSON cannot. */
export type ResolvedScalar =
  | { readonly tag: '!!str' | '!!int' | '!!float' | '!!bool' | '!!null' | '!!timestamp'; readonly value: string | number | boolean | null }
  | { readonly tag: '!!merge'; readonly value: '<<' };

const words = new Map<string, ResolvedScalar>();
for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']) words.set(word, { tag: '!!bool', value: true });
for (const word of ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']) words.set(word, { tag: '!!bool', value: false });
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, { tag: '!!null', value: null });
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, { tag: '!!float', value: Number.NaN });
for (const word of ['.inf', '.Inf', '.INF']) {
  words.set(word, { tag: '!!float', value: Number.POSITIVE_INFINITY });
  words.set(`+${word}`, { tag: '!!float', value: Number.POSITIVE_INFINITY });
  words.set(`-${word}`, { tag: '!!float', value: Number.NEGATIVE_INFINITY });
}
words.set('<<', { tag: '!!merge', value: '<<' });

const yamlFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const dotFloat = /^\.[0-9]+([eE][-+]?[0-9]+)?$/;
const date = /^\d{4}-(\d{1,2})-(\d{1,2})(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;
const digitsOf: Readonly<Record<number, RegExp>> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-fA-F]+$/ };

/** Reads an integer as Go's strconv.ParseInt(text, 0, 64) does: 0x, 0o, 0b and the old leading zero for octal. */
function parseGoInteger(text: string): number | undefined {
  let at = 0;
  const negative = text.charCodeAt(0) === 45;
  if (negative || text.charCodeAt(0) === 43) at = 1;
  let base = 10;
  if (text.charCodeAt(at) === 48 && text.length > at + 1) {
    const mark = text.charCodeAt(at + 1) | 32;
    if (mark === 120) { base = 16; at += 2; }
    else if (mark === 111) { base = 8; at += 2; }
    else if (mark === 98) { base = 2; at += 2; }
    else { base = 8; at += 1; }
  }
  const digits = at === 0 ? text : text.slice(at);
  if (!digitsOf[base]!.test(digits)) return undefined;
  const value = base === 10 ? Number(digits) : Number.parseInt(digits, base);
  return negative && value !== 0 ? -value : value;
}

function isDate(text: string): boolean {
  const match = date.exec(text);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 12 && Number(match[2]) >= 1 && Number(match[2]) <= 31;
}

/** Resolves an untagged plain scalar by YAML 1.1 as Kubernetes reads it. */
export function resolvePlain(text: string): ResolvedScalar {
  const first = text.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  if (isDigit || first === 43 || first === 45) {
    const word = words.get(text);
    if (word !== undefined) return word;
    if (isDigit && isDate(text)) return { tag: '!!timestamp', value: text };
    const plain = text.includes('_') ? text.replaceAll('_', '') : text;
    const integer = parseGoInteger(plain);
    if (integer !== undefined) return { tag: '!!int', value: integer };
    if (yamlFloat.test(plain)) {
      const value = Number(plain);
      if (Number.isFinite(value)) return { tag: '!!float', value };
    }
    return { tag: '!!str', value: text };
  }
  if (first === 46) {
    const word = words.get(text);
    if (word !== undefined) return word;
    if (dotFloat.test(text)) return { tag: '!!float', value: Number(text) };
    return { tag: '!!str', value: text };
  }
  return words.get(text) ?? { tag: '!!str', value: text };
}

/** Writes a number the way the JSON conversion writes a float map key: the shortest form that single precision keeps. */
export function formatFloatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const single = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits += 1;
  const [mantissa = '', power = ''] = single.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  // Go's %g changes to the exponent form below 1e-4 and from 1e+06 on.
  if (exponent >= -4 && exponent < 6) return String(Number(`${mantissa}e${exponent}`));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
