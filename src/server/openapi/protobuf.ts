/**
 * The older OpenAPI document as kubectl reads it where the server cannot check a body for it: a `kind: List`, a review. Models google/gnostic-models/openapiv2:
 * OpenAPIv2.proto, of which clients read the definitions; the paths are left out.
 */
interface Schema { readonly [key: string]: unknown }
type Named = Readonly<Record<string, Schema>>;

const utf8 = new TextEncoder();

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return [...bytes, left];
}

/** A field that holds bytes: a text or a message. */
const field = (number: number, content: Uint8Array): readonly Uint8Array[] => [Uint8Array.from([...varint(number * 8 + 2), ...varint(content.length)]), content];
const text = (number: number, value: unknown): readonly Uint8Array[] => (typeof value === 'string' && value !== '' ? field(number, utf8.encode(value)) : []);
const flag = (number: number, value: unknown): readonly Uint8Array[] => (value === true ? [Uint8Array.from([...varint(number * 8), 1])] : []);
const message = (...fields: readonly (readonly Uint8Array[])[]): Uint8Array => Buffer.concat(fields.flat());
/** Any, whose value is told as YAML, of which JSON is a part. */
const any = (value: unknown): Uint8Array => message(text(2, JSON.stringify(value)));

const each = <T>(values: unknown, write: (value: T) => readonly Uint8Array[]): readonly Uint8Array[] => (Array.isArray(values) ? (values as readonly T[]).flatMap(write) : []);
const named = (schemas: Named): Uint8Array => message(Object.entries(schemas).flatMap(([name, value]) => field(1, message(text(1, name), field(2, schemaOf(value))))));
const one = (number: number, value: unknown, write: (value: Schema) => Uint8Array): readonly Uint8Array[] => (typeof value === 'object' && value !== null ? field(number, write(value as Schema)) : []);

function schemaOf(schema: Schema): Uint8Array {
  const { additionalProperties: more } = schema;
  return message(
    text(1, schema['$ref']), text(2, schema['format']), text(3, schema['title']), text(4, schema['description']),
    schema['default'] === undefined ? [] : field(5, any(schema['default'])), each<string>(schema['required'], (name) => text(19, name)), each(schema['enum'], (value) => field(20, any(value))),
    typeof more === 'boolean' ? field(21, message(flag(2, more))) : one(21, more, (value) => message(field(1, schemaOf(value)))),
    typeof schema['type'] === 'string' ? field(22, message(text(1, schema['type']))) : [], one(23, schema['items'], (value) => message(field(1, schemaOf(value)))),
    each<Schema>(schema['allOf'], (value) => field(24, schemaOf(value))), one(25, schema['properties'], (value) => named(value as Named)),
    Object.entries(schema).filter(([key]) => key.startsWith('x-')).flatMap(([key, value]) => field(31, message(text(1, key), field(2, any(value))))),
  );
}

export interface Swagger { readonly swagger: string; readonly info: { readonly title: string; readonly version: string }; readonly definitions: Named }

export const swaggerBytes = ({ swagger, info, definitions }: Swagger): Uint8Array =>
  message(text(1, swagger), field(2, message(text(1, info.title), text(2, info.version))), field(9, named(definitions)));
