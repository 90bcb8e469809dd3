import { typeSchema } from './types.ts';
import type { FieldType, TypeSchema } from './types.ts';

/** What Go makes of `null`: a field that is not there, and in a list the zero value of its items. Where there is none, the same object. */
export function withoutNulls(value: Readonly<Record<string, unknown>>, schema: TypeSchema): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const field = schema.fields.get(key);
    const given = value[key];
    if (given === null && field !== undefined) {
      copy ??= { ...value };
      delete copy[key];
    } else if (field !== undefined) {
      const read = readValue(field.type, given);
      if (read !== given) (copy ??= { ...value })[key] = read;
    }
  }
  return copy ?? value;
}

function readValue(type: FieldType, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (type.kind === 'struct') return withoutNulls(value as Readonly<Record<string, unknown>>, typeSchema(type.name)!);
  if (type.kind === 'array') return mapped(value as readonly unknown[], (item) => (item === null ? zeroOf(type.of) : readValue(type.of, item)));
  if (type.kind !== 'map') return value;
  const entries = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(entries);
  const read = mapped(keys.map((key) => entries[key]), (item) => (item === null ? zeroOf(type.of) : readValue(type.of, item)));
  return keys.every((key, index) => read[index] === entries[key]) ? value : Object.fromEntries(keys.map((key, index) => [key, read[index]]));
}

function mapped(items: readonly unknown[], read: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = read(items[index]);
    if (item !== items[index]) (copy ??= items.slice())[index] = item;
  }
  return copy ?? items;
}

/** By the letters of `types.ts`. */
const zeros: { readonly [letter: string]: unknown } = { s: '', b: false, i: 0, l: 0, d: 0, q: '0', x: 0, y: '' };

function zeroOf(type: FieldType): unknown {
  if (type.kind === 'primitive') return zeros[type.letter] ?? null;
  return type.kind === 'array' ? [] : {};
}
