/** How each part of a kind is merged, from its type and the facts about its lists. Models sigs.k8s.io/structured-merge-diff/schema. */
import { alwaysWritten, atomics, granular, keyDefaults, listKeys, setLists } from '../schema/list-types.ts';
import { schemaOfKind, typeSchema, type FieldType, type TypeSchema } from '../schema/types.ts';

/** `any` is what no type is known of: maps are granular, lists are atomic. */
export interface Shape {
  readonly kind: 'scalar' | 'atomic' | 'struct' | 'map' | 'keyed' | 'set' | 'any';
  /** Of a struct its fields; of a map the entries met so far. */
  readonly fields?: ReadonlyMap<string, FieldShape>;
  /** What is in each entry of a map or a keyed list. */
  readonly of?: Shape;
  readonly keys?: readonly string[];
  /** Of a keyed list: what a key that is left out is, where its type says so. */
  readonly defaults?: Json;
  /** Of a struct: how fields are merged that it does not declare but lets in. */
  readonly others?: Shape;
  /** How the items met so far are written, by the value of their only key. */
  readonly elements?: Map<string, string>;
  /** Whether many objects share one of it, so that remembering what is in it pays. */
  readonly shared?: true;
}
export interface FieldShape { readonly element: string; readonly shape: Shape; readonly always: boolean }

const scalar: Shape = { kind: 'scalar' };
const atomic: Shape = { kind: 'atomic' };
const any: Shape = { kind: 'any' };

const structs = new Map<string, Shape>();

function structOf(name: string): Shape {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const shape = { kind: 'struct' as const, fields: new Map<string, FieldShape>(), ...(name === 'PodSpec' ? { shared: true as const } : {}) };
  // Types may hold themselves: the shape is known before its fields are.
  structs.set(name, shape);
  const schema = typeSchema(name);
  for (const field of schema?.fields.values() ?? []) shape.fields.set(field.name, fieldOf(schema!, field.name, field.type));
  return shape;
}

const bare = (type: string): string => type.slice(type.indexOf('.') + 1);

function fieldOf({ name: owner }: TypeSchema, name: string, type: FieldType): FieldShape {
  const path = `${bare(owner)}.${name}`;
  return { element: fieldElement(name), shape: shapeOf(path, type), always: alwaysWritten.has(path) };
}

function shapeOf(path: string, type: FieldType): Shape {
  if (atomics.has(path)) return atomic;
  switch (type.kind) {
    case 'primitive': return type.letter === 'a' ? any : scalar;
    case 'struct': return (atomics.has(type.name) || atomics.has(bare(type.name))) && !granular.has(path) ? atomic : structOf(type.name);
    case 'map': return { kind: 'map', of: shapeOf('', type.of), fields: new Map() };
    case 'array': {
      if (setLists.has(path)) return { kind: 'set' };
      const [owner, name] = path.split('.') as [string, string];
      const keys = Object.hasOwn(listKeys, owner) ? listKeys[owner]![name] : undefined;
      return keys === undefined ? atomic : { kind: 'keyed', keys: keys.split(',').sort(), of: shapeOf('', type.of), elements: new Map() };
    }
  }
}

/** Metadata that only the server sets: nobody owns it. Models managedfields/internal/stripmeta.go. */
const ownerless = new Set(['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion']);
/** A configuration without what nobody can own: names and the like are taken as they are. */
export function withoutOwnerless({ apiVersion: _version, kind: _kind, ...config }: Json): Json {
  if (!isJson(config['metadata'])) return config;
  return { ...config, metadata: Object.fromEntries(Object.entries(config['metadata']).filter(([name]) => !ownerless.has(name))) };
}

const kinds = new Map<string, Shape>();

let ownedMetadata: FieldShape | undefined;
/** Metadata without what nobody owns. */
export function metadataShape(): FieldShape {
  const metadata = structOf('ObjectMeta');
  return ownedMetadata ??= always('metadata', { ...metadata, fields: new Map([...metadata.fields!].filter(([name]) => !ownerless.has(name))) });
}

/** The shape of an object of a kind, without the fields that nobody can own. */
export function shapeOfKind(apiVersion: string, kind: string): Shape {
  const id = `${apiVersion} ${kind}`;
  let shape = kinds.get(id);
  if (shape === undefined) {
    const schema = schemaOfKind(apiVersion, kind);
    const fields = new Map(schema === undefined ? [['spec', always('spec', any)], ['status', always('status', any)]] : structOf(schema.name).fields);
    fields.delete('apiVersion');
    fields.delete('kind');
    fields.set('metadata', metadataShape());
    for (const name of ['spec', 'status']) if (fields.has(name)) fields.set(name, { ...fields.get(name)!, always: true });
    kinds.set(id, shape = { kind: 'struct', fields });
  }
  return shape;
}

const always = (name: string, shape: Shape): FieldShape => ({ element: fieldElement(name), shape, always: true });

const elements = new Map<string, string>();

/** `f:` and the name: one string for each name, made once. */
export function fieldElement(name: string): string {
  let element = elements.get(name);
  if (element === undefined) {
    element = `f:${name}`;
    if (elements.size < 10_000) elements.set(name, element);
  }
  return element;
}

/** What is below a name, or undefined where the type has no such field. The entries of a map are made once. */
export function below(shape: Shape, name: string): FieldShape | undefined {
  const known = shape.fields!.get(name);
  if (known !== undefined) return known;
  if (shape.kind === 'struct') return shape.others === undefined ? undefined : { element: fieldElement(name), shape: shape.others, always: false };
  const entry = { element: fieldElement(name), shape: shape.of!, always: false };
  if (shape.fields!.size < mostKnown) (shape.fields as Map<string, FieldShape>).set(name, entry);
  return entry;
}
const mostKnown = 1_000;

/** What is in a value of which no type is known. */
export const deduced = (shape: Shape, value: unknown): Shape => (shape.kind !== 'any' ? shape : typeof value !== 'object' ? scalar : Array.isArray(value) ? atomic : anyMap);
const anyMap: Shape = { kind: 'map', of: any, fields: new Map() };

export type Json = Readonly<Record<string, unknown>>;
export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a key, which may be left out where the server knows what it then is. */
export const keyValue = ({ defaults = keyDefaults }: Shape, item: Json, key: string): unknown => item[key] ?? defaults[key];

/** `k:{"name":"web"}`, or `v:"x"` in a set. */
export function itemElement(shape: Shape, item: unknown): string {
  const { kind, keys, elements: known } = shape;
  if (kind === 'set') return `v:${JSON.stringify(item)}`;
  if (keys!.length > 1) {
    const found: Record<string, unknown> = {};
    for (const key of keys!) if (keyValue(shape, item as Json, key) !== undefined) found[key] = keyValue(shape, item as Json, key);
    return `k:${JSON.stringify(found)}`;
  }
  const value = keyValue(shape, item as Json, keys![0]!);
  let element = typeof value === 'string' ? known!.get(value) : undefined;
  if (element === undefined) {
    element = `k:${JSON.stringify({ [keys![0]!]: value })}`;
    if (typeof value === 'string' && known!.size < mostKnown) known!.set(value, element);
  }
  return element;
}

/** Whether two items of a list are the same one. */
export function sameItem(shape: Shape, a: unknown, b: unknown): boolean {
  if (shape.kind === 'set' || !isJson(a) || !isJson(b)) return a === b;
  for (const key of shape.keys!) if (keyValue(shape, a, key) !== keyValue(shape, b, key)) return false;
  return true;
}
