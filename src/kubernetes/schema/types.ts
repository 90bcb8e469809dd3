import { servedResources } from '../api/served-resources.ts';
import { typeTable } from './schema.gen.ts';

/**
 * What a field holds. Primitives are letters: `s` text, `b` boolean, `i` int32, `l` int64, `d` float, `q` quantity, `x` int or string,
 * `t` time, `m` time with microseconds, `y` bytes in base64, `a` anything.
 */
export type FieldType =
  | { readonly kind: 'primitive'; readonly letter: string }
  | { readonly kind: 'array' | 'map'; readonly of: FieldType }
  | { readonly kind: 'struct'; readonly name: string };

/** One field of a type. */
export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
}

/** A type: its fields by name. */
export interface TypeSchema {
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

const lines = new Map<string, string>();
const parsed = new Map<string, TypeSchema>();

/** Takes in the types of a table. */
export function addTypes(table: string): void {
  for (const line of table.trim().split('\n')) lines.set(line.slice(0, line.indexOf(' ')), line);
}
addTypes(typeTable);

function parseType(shorthand: string): FieldType {
  if (shorthand[0] === '[') return { kind: 'array', of: parseType(shorthand.slice(1)) };
  if (shorthand[0] === '{') return { kind: 'map', of: parseType(shorthand.slice(1)) };
  return shorthand.length === 1 ? { kind: 'primitive', letter: shorthand } : { kind: 'struct', name: shorthand };
}

/** The type of that name in the table (`Container`, `events.Event`); lists of a kind are made up from it. */
export function typeSchema(name: string): TypeSchema | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const line = lines.get(name);
  const schema = line === undefined ? listSchema(name) : readLine(name, line);
  if (schema !== undefined) parsed.set(name, schema);
  return schema;
}

function readLine(name: string, line: string): TypeSchema {
  const fields = new Map<string, FieldSchema>();
  for (const field of line.split(' ').slice(1)) {
    const colon = field.indexOf(':');
    const required = field[colon - 1] === '!';
    const fieldName = field.slice(0, required ? colon - 1 : colon);
    fields.set(fieldName, { name: fieldName, type: parseType(field.slice(colon + 1)), required });
  }
  return { name, fields };
}

function listSchema(name: string): TypeSchema | undefined {
  const item = name.endsWith('List') ? name.slice(0, -4) : '';
  if (!lines.has(item)) return undefined;
  return readLine(name, `${name} apiVersion:s items!:[${item} kind:s metadata:ListMeta`);
}

/** The name of a kind's type in the table: kinds that are called as another group's are have a prefix. */
function typeNameOf(apiVersion: string, kind: string): string {
  const [group = '', version] = apiVersion.split('/');
  const prefix = version === 'v2' ? version : group.slice(0, group.includes('.') ? group.indexOf('.') : undefined);
  const prefixed = `${prefix}.${kind}`;
  return lines.has(prefixed) || lines.has(prefixed.replace(/List$/, '')) ? prefixed : kind;
}

/** These have types of their own but are in no table of kinds. */
const otherVersions = ['meta.k8s.io/v1', 'policy/v1', 'autoscaling/v1', 'authentication.k8s.io/v1', 'authorization.k8s.io/v1'];
const versions = new Set([...servedResources.map(({ apiVersion }) => apiVersion), ...otherVersions]);

/** The type of an object of a kind, or undefined where the table does not have it. */
export function schemaOfKind(apiVersion: string, kind: string): TypeSchema | undefined {
  if (!versions.has(apiVersion)) return undefined;
  const schema = typeSchema(typeNameOf(apiVersion, kind));
  return schema?.fields.has('kind') === true ? schema : undefined;
}

/** The schema of the field at a path of an object of a kind, for hover and completion; list positions are numbers. */
export function fieldAt(apiVersion: string, kind: string, path: readonly (string | number)[]): FieldType | undefined {
  let type: FieldType | undefined = schemaOfKind(apiVersion, kind) === undefined ? undefined : { kind: 'struct', name: typeNameOf(apiVersion, kind) };
  for (const step of path) {
    if (type === undefined || type.kind === 'primitive') return undefined;
    type = type.kind === 'struct' ? typeSchema(type.name)?.fields.get(String(step))?.type : type.of;
  }
  return type;
}
