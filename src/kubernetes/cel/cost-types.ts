/** How large values may be, by their schema. Models staging/src/k8s.io/apiserver/pkg/cel/common/schemas.go: SchemaDeclType, and pkg/cel/{types,limits}.go. */
import type { SizedSchema } from './cel.ts';
import { escapeName } from './values.ts';

/** A type as far as costs depend on it. */
export interface CostType {
  readonly kind: 'dyn' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'duration' | 'timestamp' | 'type' | 'list' | 'map' | 'object' | 'optional' | 'opaque';
  readonly key?: CostType;
  readonly element?: CostType;
  readonly fields?: { readonly [name: string]: CostType };
  /** The most elements (characters, items, entries) that a value may have. */
  readonly most: number;
  /** The least bytes of it in JSON. */
  readonly leastBytes: number;
}

export const simple = (kind: CostType['kind'], most = 0, leastBytes = 2): CostType => ({ kind, most, leastBytes });
export const listOf = (element: CostType, most = Number.MAX_SAFE_INTEGER): CostType => ({ kind: 'list', element, most, leastBytes: 2 });
const text = simple('string');

export const mostBytes = 3 * 1024 * 1024;
const notBelow = (value: number): number => Math.max(0, value);

/** The type of what a schema describes; undefined where it says nothing of it. */
export function typeOf(schema: SizedSchema, isResource: boolean): CostType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return simple('dyn', schema.maxLength === undefined ? mostBytes - 2 : notBelow(schema.maxLength) * 4, 1);
  switch (schema.type) {
    case 'array': return listType(schema);
    case 'object': return typeof schema.additionalProperties === 'object' ? mapType(schema, schema.additionalProperties) : objectType(isResource ? withMetadata(schema) : schema);
    case 'string': return textType(schema);
    case 'boolean': return simple('bool', 0, 4);
    case 'integer': return simple('int', 0, 1);
    case 'number': return simple('double', 0, 1);
    default: return undefined;
  }
}

const below = (schema: SizedSchema): CostType | undefined => typeOf(schema, schema['x-kubernetes-embedded-resource'] === true);

function listType({ items, maxItems }: SizedSchema): CostType | undefined {
  const element = items === undefined || Array.isArray(items) ? undefined : below(items as SizedSchema);
  return element === undefined ? undefined : listOf(element, maxItems === undefined ? Math.floor((mostBytes - 2) / (element.leastBytes + 1)) : notBelow(maxItems));
}

function mapType({ maxProperties }: SizedSchema, values: SizedSchema): CostType | undefined {
  const element = below(values);
  return element === undefined ? undefined : { kind: 'map', key: text, element, most: maxProperties === undefined ? Math.floor((mostBytes - 2) / (element.leastBytes + 6)) : notBelow(maxProperties), leastBytes: 2 };
}

function objectType({ properties = {}, required = [] }: SizedSchema): CostType {
  const fields: { [name: string]: CostType } = {};
  let leastBytes = 2;
  for (const [name, property] of Object.entries(properties)) {
    const field = below(property);
    if (field === undefined) continue;
    fields[escapeName(name)] = field;
    if (required.includes(name) && property.default === undefined) leastBytes += name.length + field.leastBytes + 4;
  }
  return { kind: 'object', fields, most: 0, leastBytes };
}

const named = { type: 'string' } as const;
/** Kind, version and name can always be read at the root of a resource. */
const withMetadata = (schema: SizedSchema): SizedSchema =>
  ({ ...schema, properties: { ...schema.properties, kind: named, apiVersion: named, metadata: { type: 'object', properties: { name: named, generateName: named } } } });

function textType({ format, maxLength, enum: choices }: SizedSchema): CostType {
  if (format === 'byte') return simple('bytes', maxLength === undefined ? mostBytes - 2 : notBelow(maxLength));
  if (format === 'duration') return simple('duration', 32, 3);
  if (format === 'date') return simple('timestamp', 12, 12);
  if (format === 'date-time') return simple('timestamp', 32, 21);
  if (maxLength !== undefined) return simple('string', notBelow(maxLength) * 4);
  if (choices !== undefined && choices.length > 0) return simple('string', Math.max(0, ...choices.map((one) => (typeof one === 'string' ? one.length : 0))));
  return simple('string', mostBytes - 2);
}
