/** What is not said takes its default. Models apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go. */
import { isJson, itemsOf, valuesOf, type Schema } from './definition.ts';

const plain = new WeakMap<Schema, boolean>();

/** Whether there is no default anywhere in a schema: most have none, and need no walk. */
function hasNone(schema: Schema): boolean {
  let known = plain.get(schema);
  if (known === undefined) {
    const below = [...Object.values(schema.properties ?? {}), itemsOf(schema), valuesOf(schema)];
    plain.set(schema, known = schema.default === undefined && below.every((one) => one === undefined || hasNone(one)));
  }
  return known;
}

const isMissing = (value: unknown, schema: Schema | undefined): boolean => value === null && schema !== undefined && schema.nullable !== true;

/** The value with its defaults; the same value where nothing was missing. */
export function defaulted(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined || hasNone(schema)) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const next = value.map((item) => defaulted(isMissing(item, items) && items!.default !== undefined ? items!.default : item, items));
    return next.some((item, index) => item !== value[index]) ? next : value;
  }
  if (!isJson(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, { default: given, nullable }] of Object.entries(schema.properties ?? {})) {
    if (given !== undefined && (!(name in value) || value[name] === undefined || (value[name] === null && nullable !== true))) (copy ??= { ...value })[name] = given;
  }
  for (const [name, given] of Object.entries(copy ?? value)) {
    const declared = schema.properties?.[name];
    const values = declared === undefined ? valuesOf(schema) : undefined;
    const next = defaulted(values !== undefined && isMissing(given, values) && values.default !== undefined ? values.default : given, declared ?? values);
    if (next !== given) (copy ??= { ...value })[name] = next;
  }
  return copy ?? value;
}
