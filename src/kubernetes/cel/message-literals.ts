/**
 * `Object.spec{replicas: 3}` and `JSONPatch{op: "add"}`: literals of the types that mutations know, which the implementation of the language does not.
 * They are written as calls with a map; a name before a brace can be nothing else. Models staging/src/k8s.io/apiserver/pkg/cel/mutation.
 */
import { Optional, refused, type Declared } from './library.ts';

const call = 'k8s_message';
const knownType = /^(Object(\.[A-Za-z_]\w*)*|JSONPatch)$/;
const patchFields = ['op', 'path', 'from', 'value'];

/** Why a literal is none, and where in the expression. */
export interface LiteralFault { readonly message: string; readonly start: number }

const tokens = /\s+|\/\/[^\n]*|[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|`[^`]*`|\.?[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*|\d[\w.]*|[\s\S]/g;
const isName = (token: string): boolean => /^(\.?[A-Za-z_]|`)/.test(token) && !/["']/.test(token);
const isBlank = (token: string): boolean => /^(\s|\/\/)/.test(token);

/** The expression with its literals as calls; the same text where there are none. */
export function withoutLiterals(expression: string): string | LiteralFault {
  if (!expression.includes('{')) return expression;
  const parts = [...expression.matchAll(tokens)].map((match) => ({ text: match[0], start: match.index }));
  const open: string[] = [];
  let written = '';
  let expectsField = false;
  let optional = '';
  for (const [index, { text, start }] of parts.entries()) {
    if (isBlank(text)) { written += text; continue; }
    const type = open.at(-1) ?? '';
    if (expectsField && text === '?') { optional = '?'; continue; }
    if (expectsField && isName(text)) {
      const name = text.replaceAll('`', '');
      if (type === 'JSONPatch' && !patchFields.includes(name)) return { message: `undefined field '${name}'`, start };
      written += `'${optional}${name}'`;
      [expectsField, optional] = [false, ''];
      continue;
    }
    expectsField = false;
    const literal = isName(text) && parts.slice(index + 1).find((part) => !isBlank(part.text))?.text === '{' ? text.replace(/\s/g, '').replace(/^\./, '') : undefined;
    if (literal !== undefined && literal !== 'in') {
      if (!knownType.test(literal)) return { message: `undeclared reference to '${literal}' (in container '')`, start };
      written += `${call}('${literal}', `;
      open.push(`${literal} {`);
      continue;
    }
    if (text === '{' && type.endsWith(' {')) {
      open[open.length - 1] = type.slice(0, -2);
      expectsField = true;
    } else if (text === '{' || text === '(' || text === '[') open.push('');
    else if (text === ',') expectsField = type !== '';
    const closes = text === '}' || text === ')' || text === ']' ? open.pop() : '';
    written += closes === '' || closes === undefined ? text : `${text})`;
  }
  return written;
}

/** Which type a map was written as. */
const types = new WeakMap<object, string>();

/** Every object in an object is of the type that its field's path says. Models mutation/dynamic/objects.go: CheckTypeNamesMatchFieldPathNames. */
function checkTypes(value: unknown, expected: string): void {
  if (Array.isArray(value)) return value.forEach((item) => { checkTypes(item, expected); });
  if (typeof value !== 'object' || value === null) return undefined;
  const type = types.get(value);
  if (type !== undefined && type !== expected) refused(`type mismatch: unexpected type name ${JSON.stringify(type)}, expected ${JSON.stringify(expected)}, which matches field name path from root Object type`);
  if (type === undefined && value instanceof Map) for (const item of value.values()) checkTypes(item, expected);
  return undefined;
}

function message(type: string, fields: unknown): unknown {
  const made = new Map<string, unknown>();
  for (const [name, value] of fields instanceof Map ? fields : Object.entries(fields as object)) {
    if (!(name as string).startsWith('?')) made.set(name as string, value);
    else if (!(value instanceof Optional)) refused('optional field of a literal is no optional value');
    else if (value.hasValue()) made.set((name as string).slice(1), value.value());
  }
  if (type !== 'JSONPatch') for (const [name, value] of made) checkTypes(value, `${type}.${name}`);
  types.set(made, type);
  return made;
}

export class JsonPatchNamespace {}

export const literals: readonly Declared[] = [
  [`${call}(string, map): dyn`, message],
  ['JsonPatchNamespace.escapeKey(string): string', (_: never, key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')],
];
