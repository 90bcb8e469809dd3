/**
 * A body in Kubernetes' protobuf envelope, as the JSON that Go would write of it. Models staging/src/k8s.io/apimachinery/pkg/runtime/serializer/protobuf: Serializer.Decode:
 * on the wire is every field that is no pointer, zero or not; in JSON only those without `omitempty`.
 */
import { messageTable } from './messages.gen.ts';
import { readFields, type WireField } from './wire.ts';

interface Field { readonly name: string; readonly list: boolean; readonly map: boolean; readonly pointer: boolean; readonly always: boolean; readonly type: string }

const lines = new Map(messageTable.trim().split('\n').map((line) => [line.slice(0, line.includes(' ') ? line.indexOf(' ') : undefined), line]));
const parsed = new Map<string, ReadonlyMap<number, Field>>();

function fieldsOf(message: string): ReadonlyMap<number, Field> {
  let fields = parsed.get(message);
  if (fields === undefined) {
    const line = lines.get(message);
    if (line === undefined) throw new Error(`no kind is known by the message ${message}`);
    fields = new Map(line.split(' ').slice(1).map((field) => {
      const [, name = '', number = '', shape = '', type = ''] = /^([^=]*)=(\d+):([[{*!]*)(.+)$/.exec(field)!;
      return [Number(number), { name, list: shape.startsWith('['), map: shape.startsWith('{'), pointer: shape === '*', always: shape === '!', type }];
    }));
    parsed.set(message, fields);
  }
  return fields;
}

/** Messages whose JSON is something else than an object. */
const special: Readonly<Record<string, (fields: readonly WireField[]) => unknown>> = {
  'api.resource.Quantity': (fields) => textOf(fields[0]),
  'util.intstr.IntOrString': (fields) => (Number(find(fields, 1)?.value ?? 0n) === 1 ? textOf(find(fields, 3)) : int(find(fields, 2)?.value ?? 0n)),
  'meta.Time': (fields) => (fields.length === 0 ? undefined : new Date(Number(BigInt.asIntN(64, find(fields, 1)?.value ?? 0n)) * 1_000).toISOString().replace('.000Z', 'Z')),
  'meta.MicroTime': (fields) => {
    const microseconds = Math.floor(Number(find(fields, 2)?.value ?? 0n) / 1_000);
    return new Date(Number(BigInt.asIntN(64, find(fields, 1)?.value ?? 0n)) * 1_000).toISOString().replace('.000Z', `.${String(microseconds).padStart(6, '0')}Z`);
  },
  'meta.FieldsV1': (fields) => JSON.parse(textOf(fields[0]) || '{}') as unknown,
  'apiextensions.v1.JSON': (fields) => JSON.parse(textOf(fields[0]) || 'null') as unknown,
  'apiextensions.v1.JSONSchemaPropsOrBool': (fields) => schemaOr(fields, 2) ?? find(fields, 1)?.value !== 0n,
  'apiextensions.v1.JSONSchemaPropsOrArray': (fields) => schemaOr(fields, 1) ?? fields.filter(({ number }) => number === 2).map((field) => valueOf(schemaMessage, field)),
  'apiextensions.v1.JSONSchemaPropsOrStringArray': (fields) => schemaOr(fields, 1) ?? fields.filter(({ number }) => number === 2).map(textOf),
  'runtime.RawExtension': (fields) => JSON.parse(textOf(fields[0]) || 'null') as unknown,
};
/** Messages that only wrap a list: ExtraValue, Verbs. */
const isWrapped = (message: string): boolean => { const fields = [...fieldsOf(message).values()]; return fields.length === 1 && fields[0]!.name === 'items' && fields[0]!.list && fields[0]!.type === 's'; };

const find = (fields: readonly WireField[], number: number): WireField | undefined => fields.find((field) => field.number === number);
const schemaMessage = 'apiextensions.v1.JSONSchemaProps';
const schemaOr = (fields: readonly WireField[], number: number): unknown => { const schema = find(fields, number); return schema === undefined ? undefined : valueOf(schemaMessage, schema); };
const textOf = (field: WireField | undefined): string => (field === undefined ? '' : Buffer.from(field.bytes).toString('utf8'));
const int = (value: bigint): number => Number(BigInt.asIntN(64, value));

function valueOf(type: string, { value, bytes }: WireField): unknown {
  switch (type) {
    case 's': return Buffer.from(bytes).toString('utf8');
    case 'y': return Buffer.from(bytes).toString('base64');
    case 'b': return value !== 0n;
    case 'i': case 'l': return int(value);
    case 'd': return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
    default: return messageOf(type, readFields(bytes));
  }
}

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false || value === undefined;
const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

function messageOf(message: string, wire: readonly WireField[]): unknown {
  const odd = special[message];
  if (odd !== undefined) return odd(wire);
  const known = fieldsOf(message);
  if (isWrapped(message)) return wire.map((field) => valueOf([...known.values()][0]!.type, field));
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const field of wire) {
    const about = known.get(field.number);
    // A newer client may say more than is known here, as in Go.
    if (about === undefined) continue;
    const { name, list, map, type } = about;
    if (map) {
      const entry = readFields(field.bytes);
      const found = (object[name] ??= Object.create(null)) as Record<string, unknown>;
      const value = find(entry, 2);
      found[textOf(find(entry, 1))] = value === undefined ? '' : valueOf(type, value);
    } else if (list) ((object[name] ??= []) as unknown[]).push(valueOf(type, field));
    else {
      const value = valueOf(type, field);
      if (name === '') Object.assign(object, value);
      else if (isTold(about, value)) object[name] = value;
    }
  }
  return object;
}

/** Whether Go writes it as JSON; of structs it writes those with `omitempty` too, and reads their absence as the same. */
const isTold = ({ pointer, always }: Field, value: unknown): boolean => value !== undefined && (pointer || always || !(isZero(value) || isEmpty(value)));

const magic = 'k8s\u0000';

/** Throws where the bytes are not what they claim to be. */
export function decodeProtobuf(body: Uint8Array): unknown {
  if (Buffer.from(body.subarray(0, 4)).toString('latin1') !== magic) throw new Error('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  const unknown = readFields(body.subarray(4));
  const typeMeta = readFields(find(unknown, 1)?.bytes ?? new Uint8Array(0));
  const [apiVersion, kind] = [textOf(find(typeMeta, 1)), textOf(find(typeMeta, 2))];
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')).split('.')[0] : 'core';
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const names = [`${group === 'core' && (kind === 'DeleteOptions' || kind === 'Status') ? 'meta' : `${group}.${version}`}.${kind}`, `meta.${kind}`];
  const message = names.find((name) => lines.has(name));
  if (message === undefined) throw new Error(`no kind "${kind}" is registered for version "${apiVersion}"`);
  const object = messageOf(message, readFields(find(unknown, 2)?.bytes ?? new Uint8Array(0)));
  // Built without prototypes; as JSON it is what any other body is.
  return JSON.parse(JSON.stringify({ apiVersion, kind, ...(object as object) }));
}
