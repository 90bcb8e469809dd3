/** JSONPath as far as definitions use it. Models client-go/util/jsonpath/{parser,jsonpath}.go. */
import { isJson } from './definition.ts';

/** The names of a path with nothing but names (`.spec.replicas`), or undefined. */
export function simplePath(path: string): readonly string[] | undefined {
  const steps = parsePath(path);
  return steps?.every((step): step is { readonly field: string } => 'field' in step) === true ? steps.map((step) => step.field) : undefined;
}

/** What a path of plain names leads to. */
export const valueAt = (object: unknown, path: readonly string[]): unknown => path.reduce<unknown>((value, name) => (isJson(value) ? value[name] : undefined), object);

/** The object with another value at a path of plain names. */
export function withValueAt(object: Readonly<Record<string, unknown>>, [name, ...rest]: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  if (name === undefined) return object;
  const inner = object[name];
  return { ...object, [name]: rest.length === 0 ? value : withValueAt(isJson(inner) ? inner : {}, rest, value) };
}

type Step = { readonly field: string } | { readonly every: true } | { readonly index: number } | { readonly slice: readonly [number | undefined, number | undefined, number] } | { readonly filter: Filter } | { readonly deep: true };
interface Filter { readonly path: readonly Step[]; readonly operator: string; readonly value?: unknown }

const parsed = new Map<string, readonly Step[] | undefined>();

/** The steps of a path, or undefined where it cannot be read. */
function parsePath(path: string): readonly Step[] | undefined {
  if (!parsed.has(path)) {
    if (parsed.size >= 10_000) parsed.clear();
    parsed.set(path, parse(path));
  }
  return parsed.get(path);
}

function parse(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.startsWith('$') || path.startsWith('@') ? path.slice(1) : path;
  while (rest !== '') {
    const name = /^\.((?:\\.|[^.[\]\\\s])+)/.exec(rest);
    const bracket = /^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(\*)|(-?\d+)|(-?\d*):(-?\d*)(?::(\d+))?|\?\(((?:"[^"]*"|'[^']*'|[^()"'])*)\))\]/.exec(rest);
    if (name !== null) steps.push(name[1] === '*' ? { every: true } : { field: name[1]!.replace(/\\(.)/g, '$1') });
    else if (rest.startsWith('..')) steps.push({ deep: true });
    else if (bracket === null) return rest === '.' && steps.length === 0 ? [] : undefined;
    else {
      const step = bracketed(bracket);
      if (step === undefined) return undefined;
      steps.push(step);
    }
    rest = rest.slice(name?.[0].length ?? bracket?.[0].length ?? 1);
  }
  return steps;
}

const number = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));

function bracketed([, single, double, star, index, from, to, by, condition]: RegExpExecArray): Step | undefined {
  if (single !== undefined || double !== undefined) return { field: (single ?? double)!.replace(/\\(.)/g, '$1') };
  if (star !== undefined) return { every: true };
  if (index !== undefined) return { index: Number(index) };
  if (condition === undefined) return { slice: [number(from), number(to), number(by) ?? 1] };
  const found = /^\s*(@[^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*$/.exec(condition);
  const path = found === null ? undefined : parse(found[1]!);
  if (path === undefined) return undefined;
  return { filter: { path, operator: found![2] ?? '', value: found![3] === undefined ? undefined : literal(found![3]) } };
}

function literal(text: string): unknown {
  if (/^(['"]).*\1$/.test(text)) return text.slice(1, -1);
  return text === 'true' ? true : text === 'false' ? false : Number.isNaN(Number(text)) ? text : Number(text);
}

/** All that a path leads to; undefined where the path cannot be read. */
export function findAll(object: unknown, path: string): readonly unknown[] | undefined {
  const steps = parsePath(path);
  return steps === undefined ? undefined : walk([object], steps);
}

const walk = (values: readonly unknown[], steps: readonly Step[]): readonly unknown[] => steps.reduce<readonly unknown[]>((found, step) => found.flatMap((value) => take(value, step)), values);

function take(value: unknown, step: Step): readonly unknown[] {
  if ('field' in step) return isJson(value) && Object.hasOwn(value, step.field) ? [value[step.field]] : [];
  if ('deep' in step) return [value, ...below(value).flatMap((one) => take(one, step))];
  if ('every' in step) return below(value);
  if (!Array.isArray(value)) return [];
  const list = value as readonly unknown[];
  if ('index' in step) return list.slice(step.index, step.index === -1 ? undefined : step.index + 1);
  if ('filter' in step) return list.filter((item) => holds(item, step.filter));
  const [from, to, by] = step.slice;
  return list.slice(from, to).filter((_, index) => index % by === 0);
}

const below = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : isJson(value) ? Object.values(value) : []);

function holds(item: unknown, { path, operator, value }: Filter): boolean {
  const [found] = walk([item], path);
  switch (operator) {
    case '': return found !== undefined;
    case '==': return found === value;
    case '!=': return found !== undefined && found !== value;
    default: {
      if (typeof found !== typeof value || (typeof found !== 'number' && typeof found !== 'string')) return false;
      const [a, b] = [found, value as typeof found];
      return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b;
    }
  }
}
