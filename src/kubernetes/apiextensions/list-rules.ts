/** Items of sets and maps are there once. Models apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go. */
import { duplicate, invalid, type FieldError } from '../apimachinery/field-errors.ts';
import { isJson, itemsOf, valuesOf, type Schema } from './definition.ts';

const text = (value: unknown): string => JSON.stringify(isJson(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value) ?? '';

/** Each value that is there again, once, with its place. */
function repeated(values: readonly unknown[]): readonly number[] {
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const times = seen.get(text(value)) ?? 0;
    seen.set(text(value), times + 1);
    return times === 1 ? [index] : [];
  });
}

export function listProblems(schema: Schema | undefined, value: unknown, path = ''): readonly FieldError[] {
  if (schema === undefined) return [];
  if (isJson(value)) {
    return Object.entries(value).flatMap(([name, one]) => {
      const declared = schema.properties?.[name];
      return declared === undefined ? listProblems(valuesOf(schema), one, `${path}[${name}]`) : listProblems(declared, one, path === '' ? name : `${path}.${name}`);
    });
  }
  if (!Array.isArray(value)) return [];
  const items = itemsOf(schema);
  return [...own(schema, value, path), ...value.flatMap((item, index) => listProblems(items, item, `${path}[${index}]`))];
}

function own({ 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] }: Schema, list: readonly unknown[], path: string): readonly FieldError[] {
  if (type === 'set') return repeated(list).map((index) => duplicate(`${path}[${index}]`, list[index]));
  if (type !== 'map') return [];
  const odd = list.findIndex((item) => item !== null && !isJson(item));
  if (odd >= 0) return [invalid(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')];
  const keysOf = list.map((item) => Object.fromEntries(keys.filter((name) => isJson(item) && Object.hasOwn(item, name)).map((name) => [name, (item as Readonly<Record<string, unknown>>)[name]])));
  return repeated(keysOf).map((index) => duplicate(`${path}[${index}]`, keysOf[index]));
}
