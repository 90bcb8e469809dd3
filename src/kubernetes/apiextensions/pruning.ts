/** What a schema does not know is taken out. Models apiextensions-apiserver/pkg/apiserver/schema/{pruning/algorithm,defaulting/prunenulls,unknownfields}.go. */
import { isJson, itemsOf, valuesOf, type Schema } from './definition.ts';

const metaFields = ['apiVersion', 'kind', 'metadata'];

/** The object with what is known, and the paths of what was not; the same object where all of it was. */
export function pruned(object: unknown, schema: Schema | undefined, root: boolean): { readonly value: unknown; readonly unknown: readonly string[] } {
  const found: string[] = [];
  const value = prune(object, root ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, '', found);
  return { value, unknown: found.sort() };
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function prune(value: unknown, schema: Schema | undefined, path: string, unknown: string[]): unknown {
  const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) return mapped(value, (item, index) => (keeps ? keep : prune)(item, schema === undefined ? undefined : itemsOf(schema), `${path}[${index}]`, unknown));
  if (!isJson(value)) return value;
  return keeps ? keep(value, schema, path, unknown) : fields(value, schema, path, unknown, (name) => {
    if (!metaFields.includes(name) || path !== '') unknown.push(join(path, name));
    return true;
  });
}

/** Where unknown fields are kept, what is declared below them is still pruned. */
function keep(value: unknown, schema: Schema | undefined, path: string, unknown: string[]): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return mapped(value, (item, index) => keep(item, itemsOf(schema), `${path}[${index}]`, unknown));
  return isJson(value) ? fields(value, schema, path, unknown, () => false) : value;
}

function fields(value: Readonly<Record<string, unknown>>, schema: Schema | undefined, path: string, unknown: string[], drops: (name: string) => boolean): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    if (schema?.['x-kubernetes-embedded-resource'] === true && metaFields.includes(name)) continue;
    const declared = schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
    if (!declared && schema?.additionalProperties === undefined) {
      if (drops(name)) delete (copy ??= { ...value })[name];
      continue;
    }
    // `additionalProperties: true` lets any name in, but says nothing of what is below it: that goes.
    const next = prune(value[name], declared ? schema.properties[name] : valuesOf(schema), join(path, name), unknown);
    if (next !== value[name]) (copy ??= { ...value })[name] = next;
  }
  return copy ?? value;
}

function mapped(items: readonly unknown[], each: (item: unknown, index: number) => unknown): readonly unknown[] {
  const next = items.map(each);
  return next.some((item, index) => item !== items[index]) ? next : items;
}

/** A null where none may be counts as not said, unless a default takes its place. Models prunenulls.go. */
export function withoutNulls(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return mapped(value, (item) => withoutNulls(item, itemsOf(schema)));
  if (!isJson(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    const inner = schema.properties?.[name] ?? valuesOf(schema);
    if (inner === undefined) continue;
    if (value[name] === null && inner.nullable !== true && inner.default === undefined) delete (copy ??= { ...value })[name];
    else {
      const next = withoutNulls(value[name], inner);
      if (next !== value[name]) (copy ??= { ...value })[name] = next;
    }
  }
  return copy ?? value;
}
