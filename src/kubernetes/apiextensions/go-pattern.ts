/** Regular expressions as Go reads them (regexp/syntax, RE2), so far as JavaScript's can say the same. */
const known = new Map<string, RegExp | string>();
const classes: Readonly<Record<string, string>> = { alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7F', blank: '\\t ', cntrl: '\\x00-\\x1F\\x7F', digit: '0-9', graph: '!-~', lower: 'a-z', print: ' -~', punct: '!-/:-@[-`{-~', space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: '0-9A-Za-z_', xdigit: '0-9A-Fa-f' };

/** The expression, or Go's complaint. */
export function goPattern(text: string): RegExp | string {
  let pattern = known.get(text);
  if (pattern === undefined) {
    if (known.size >= 10_000) known.clear();
    known.set(text, pattern = compile(text));
  }
  return pattern;
}

function compile(text: string): RegExp | string {
  const perl = /\(\?(?:<?[=!])/.exec(text.replace(/\\./g, '  '));
  if (perl !== null) return `error parsing regexp: invalid or unsupported Perl syntax: \`${perl[0].slice(0, 3)}\``;
  const back = /(?:^|[^\\])(?:\\\\)*(\\[1-9])/.exec(text);
  if (back !== null) return `error parsing regexp: invalid escape sequence: \`${back[1]}\``;
  const flags = /^\(\?([ims]+)\)/.exec(text);
  const rest = (flags === null ? text : text.slice(flags[0].length))
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole).replaceAll('(?P<', '(?<').replaceAll('\\z', '(?![\\s\\S])').replaceAll('\\A', '(?<![\\s\\S])');
  try {
    return new RegExp(rest, flags?.[1] ?? '');
  } catch {
    return `error parsing regexp: ${/^[*+?]/.test(rest) ? `missing argument to repetition operator: \`${rest[0]}\`` : /\[[^\]]*$/.test(rest) ? `missing closing ]: \`${rest.slice(rest.lastIndexOf('['))}\`` : `missing closing ): \`${text}\``}`;
  }
}
