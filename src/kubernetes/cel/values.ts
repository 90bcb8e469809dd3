/** JSON as CEL sees it, and back. Models staging/src/k8s.io/apiserver/pkg/cel/{values,types,escaping}.go and the unstructured converter. */
import { bytesOfBase64 } from '../apimachinery/base64.ts';
import { Duration, Optional, readDuration, readTimestamp, refused, UnsignedInt } from './library.ts';
import type { CelSchema } from './cel.ts';

/** Values that already are what the language reads. */
const ready = new WeakSet<object>();

export function asItIs<T extends object>(value: T): T {
  ready.add(value);
  return value;
}

/** A map whose entries are worked out once each, when they are first asked for. */
export function lazyMap(entries: { readonly [name: string]: () => unknown }): object {
  const map = asItIs({});
  for (const [name, make] of Object.entries(entries)) {
    let value: unknown;
    Object.defineProperty(map, name, { enumerable: true, get: () => (value ??= make()) });
  }
  return map;
}

type Json = { readonly [key: string]: unknown };
const known = new WeakMap<object, unknown>();

/** Whole numbers are ints, as in Kubernetes' decoder; objects are shared and frozen, so each is converted once. */
export function toCel(value: unknown, schema?: CelSchema): unknown {
  if (typeof value === 'number') return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string') return schema?.format === undefined ? value : formatted(value, schema);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (ready.has(value)) return value;
  if (schema !== undefined) return converted(value, schema);
  const before = known.get(value);
  if (before !== undefined) return before;
  const made = converted(value, undefined);
  known.set(value, made);
  return made;
}

function converted(value: object, schema: CelSchema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => toCel(item, schema?.items));
  const map = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const property = schema?.properties?.[key];
    const others = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    // Only the names of properties are written as identifiers; the keys of a map stay as they are.
    map.set(property === undefined ? key : escapeName(key), toCel(item, property ?? others));
  }
  return map;
}

function formatted(text: string, { format }: CelSchema): unknown {
  if (format === 'date-time') return readTimestamp(text);
  if (format === 'date') return readTimestamp(`${text}T00:00:00Z`);
  if (format === 'duration') return readDuration(text);
  if (format === 'byte') return bytesOfBase64(text) ?? refused(`Invalid byte formatted string ${text}: illegal base64 data`);
  return text;
}

/** The words CEL keeps for itself. */
const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);

/** Models apiserver/pkg/cel/escaping.go: Escape. */
export function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  if (!/__|[.\-/]/.test(name)) return name;
  return name.replace(/__|[.\-/]/g, (found) => (found === '__' ? '__underscores__' : found === '.' ? '__dot__' : found === '-' ? '__dash__' : '__slash__'));
}

/** What an expression gave, as JSON. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item)]));
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof UnsignedInt) return Number(value.valueOf());
  if (value instanceof Optional) return value.hasValue() ? fromCel(value.value()) : null;
  if (value instanceof Duration || value instanceof Uint8Array) return String(value);
  const { constructor } = value as object;
  if (constructor !== Object && constructor !== undefined) return String(value);
  return Object.fromEntries(Object.entries(value as Json).map(([key, item]) => [key, fromCel(item)]));
}
