/** The implementation's errors in cel-go's words, which the server passes on. Models cel-go common/{error,errors}.go, checker/errors.go and common/types. */

/** What an error of the implementation tells. */
export interface Fault { readonly code?: string; readonly summary?: string; readonly message?: string; readonly range?: { readonly start: number } }

const operators: { readonly [sign: string]: string } = {
  '==': '_==_', '!=': '_!=_', '<': '_<_', '<=': '_<=_', '>': '_>_', '>=': '_>=_', '+': '_+_', '-': '_-_', '*': '_*_', '/': '_/_', '%': '_%_', in: '@in', '[]': '_[_]',
};

/** Words of the checker; null_type and so on are told as cel-go tells them. */
function checked({ code = '', summary = '' }: Fault, known: (name: string) => boolean): string {
  const unknown = (name: string): string => `undeclared reference to '${name}' (in container '')`;
  if (code === 'unknown_variable') return unknown(/: (.+)$/.exec(summary)?.[1] ?? '');
  if (code === 'no_such_key') return `undefined field '${/: (.+)$/.exec(summary)?.[1] ?? ''}'`;
  if (code === 'no_matching_overload') {
    const [, receiver, name = '', args = ''] = /'(?:(.+)\.)?(\w+)\((.*)\)'/s.exec(summary) ?? [];
    if (!known(name)) return unknown(name);
    return `found no matching overload for '${name}' applied to '${receiver === undefined ? '' : `${receiver}.`}(${args})'`;
  }
  if (code === 'no_such_overload') {
    const [, left = '', sign = '', right = ''] = /: (.+) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/.exec(summary) ?? [];
    if (sign !== '') return `found no matching overload for '${operators[sign]}' applied to '(${left}, ${right})'`;
    const [, unary = '', operand = ''] = /: ([!-])(.+)$/.exec(summary) ?? [];
    return `found no matching overload for '${unary}_' applied to '(${operand})'`;
  }
  if (code === 'cannot_index_type') return `type ${/'.*'$/.exec(summary)?.[0] ?? ''} does not support field selection`;
  return summary;
}

const isSyntax = new Set(['unexpected_token', 'expected_token', 'unexpected_character', 'newline_in_string', 'unterminated_string', 'unterminated_triple_quoted_string', 'invalid_integer', 'invalid_hex_integer', 'invalid_number', 'invalid_exponent']);

/** What stands behind `compilation failed: `: the message, the line and an arrow to the place. */
export function compileMessage(fault: Fault, source: string, known: (name: string) => boolean): string {
  const { code = '', summary = fault.message ?? '' } = fault;
  const text = isSyntax.has(code) ? `Syntax error: ${summary}` : checked({ code, summary }, known);
  const start = Math.min(fault.range?.start ?? 0, source.length);
  const before = source.slice(0, start).split('\n');
  const column = before.at(-1)!.length;
  const line = source.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${text}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

/** What an evaluation that failed says. */
export function runMessage({ code = '', summary, message = '' }: Fault): string {
  const text = summary ?? message;
  switch (code) {
    case 'no_such_key': return `no such key: ${/: (.+)$/s.exec(text)?.[1] ?? ''}`;
    case 'index_out_of_bounds': return `index out of bounds: ${/index (-?\d+)/.exec(text)?.[1] ?? ''}`;
    case 'no_such_overload': case 'no_matching_overload': case 'cannot_index_type': case 'unsupported_type': case 'invalid_logical_operand': case 'invalid_condition_type': case 'invalid_comprehension_range': return 'no such overload';
    case 'division_by_zero': return 'division by zero';
    case 'modulo_by_zero': return 'modulus by zero';
    case 'numeric_overflow': return 'integer overflow';
    case 'optional_value_missing': return 'optional.none() dereference';
    default: return text;
  }
}
