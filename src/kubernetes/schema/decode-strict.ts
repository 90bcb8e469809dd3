import { base64Problem, quantityProblem, timeProblem } from './decode-values.ts';
import { bareName, goTypeName, inlinedStruct } from './go-names.ts';
import { schemaOfKind, typeSchema } from './types.ts';
import type { FieldType, TypeSchema } from './types.ts';

/** One thing wrong with a body: the server's words, and the field, for placing it in the text. */
export interface DecodeError {
  readonly kind: 'type' | 'value' | 'unknown-field';
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** What decoding a body answers. */
export interface DecodeResult {
  /** What makes the request fail: one wrong type or value, or else all unknown fields. Empty when the body decodes. */
  readonly errors: readonly DecodeError[];
  /** Under `Warn`, the unknown fields: the texts of `Warning` headers. */
  readonly warnings: readonly DecodeError[];
  /** The message of the 400 answer, or undefined. */
  readonly message: string | undefined;
  /** Whether there are nulls in it, which Go reads in its own way (`nulls.ts`). */
  readonly nulls?: true;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

const accepted: DecodeResult = { errors: [], warnings: [], message: undefined };
const acceptedNulls: DecodeResult = { ...accepted, nulls: true };
/** Go's decoder keeps no more unknown fields than this. */
const mostUnknownFields = 100;

/**
 * Decodes a request body as kube-apiserver does: types first, then unknown fields, in the real words and order (the keys of a
 * body from kubectl are sorted). Models sigs.k8s.io/json and apiserver pkg/endpoints/handlers: transformDecodeError. A kind that the
 * table does not have is accepted as it is.
 */
export function decodeStrict(
  value: unknown, gvk: { readonly apiVersion: string; readonly kind: string }, fieldValidation: FieldValidation = 'Strict',
): DecodeResult {
  const schema = schemaOfKind(gvk.apiVersion, gvk.kind);
  if (schema === undefined) return accepted;
  // Almost every body is right: look once without sorting keys, and again in order only where something was found.
  const quick = new Decoder(false);
  quick.decode(schema, value);
  if (!quick.foundAnything) return quick.nulls ? acceptedNulls : accepted;
  const decoder = new Decoder(true);
  decoder.decode(schema, value);
  const fatal = decoder.valueError ?? decoder.typeError;
  const version = gvk.apiVersion.slice(gvk.apiVersion.indexOf('/') + 1);
  const answer = (words: string): string => `${gvk.kind} in version ${JSON.stringify(version)} cannot be handled as a ${gvk.kind}: ${words}`;
  if (fatal !== undefined) return { errors: [fatal], warnings: [], message: answer(fatal.message) };
  const unknown = decoder.unknownFields;
  if (fieldValidation === 'Ignore') return quick.nulls ? acceptedNulls : accepted;
  if (fieldValidation === 'Warn') return { errors: [], warnings: unknown, message: undefined, ...(quick.nulls ? { nulls: true } : {}) };
  return { errors: unknown, warnings: [], message: answer(`strict decoding error: ${unknown.map(({ message }) => message).join(', ')}`) };
}

/** The largest number that JavaScript can hold and an int64 too. */
const largestInt64 = 2 ** 63 - 1_024;

class Stop extends Error {}

class Decoder {
  readonly unknownFields: DecodeError[] = [];
  typeError: DecodeError | undefined;
  valueError: DecodeError | undefined;
  nulls = false;
  private readonly sorted: boolean;
  private readonly path: (string | number)[] = [];
  /** Go's own stack: names of struct fields, without list positions and map keys. */
  private readonly fieldStack: string[] = [];
  private structName = '';

  constructor(sorted: boolean) {
    this.sorted = sorted;
  }

  get foundAnything(): boolean {
    return this.typeError !== undefined || this.valueError !== undefined || this.unknownFields.length > 0;
  }

  decode(schema: TypeSchema, value: unknown): void {
    try {
      this.struct(schema, value, '');
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
  }

  private value(type: FieldType, value: unknown, owner: string): void {
    if (value === null) this.nulls = true;
    if (value === null || value === undefined) return;
    switch (type.kind) {
      case 'primitive': return this.primitive(type, value, owner);
      case 'struct': return this.struct(typeSchema(type.name)!, value, owner);
      case 'array': return this.array(type, type.of, value, owner);
      case 'map': return this.map(type, type.of, value, owner);
    }
  }

  private struct(schema: TypeSchema, value: unknown, owner: string): void {
    if (!isObject(value)) return this.mismatch({ kind: 'struct', name: schema.name }, value, owner);
    const outer = this.structName;
    for (const key of this.keysOf(value)) {
      const field = schema.fields.get(key);
      this.path.push(key);
      if (field === undefined) {
        this.unknownField();
      } else {
        this.structName = bareName(schema.name);
        const inline = inlinedStruct(schema.name, key);
        if (inline !== undefined) this.fieldStack.push(inline);
        this.fieldStack.push(key);
        this.value(field.type, value[key], `${schema.name}.${key}`);
        this.fieldStack.length -= inline === undefined ? 1 : 2;
      }
      this.path.pop();
    }
    this.structName = outer;
  }

  private keysOf(value: object): string[] {
    const keys = Object.keys(value);
    return this.sorted ? keys.sort() : keys;
  }

  private array(type: FieldType, of: FieldType, value: unknown, owner: string): void {
    if (!Array.isArray(value)) return this.mismatch(type, value, owner);
    for (let index = 0; index < value.length; index += 1) {
      this.path.push(index);
      this.value(of, value[index], owner);
      this.path.pop();
    }
  }

  private map(type: FieldType, of: FieldType, value: unknown, owner: string): void {
    if (!isObject(value)) return this.mismatch(type, value, owner);
    for (const key of this.keysOf(value)) {
      this.path.push(key);
      this.value(of, value[key], owner);
      this.path.pop();
    }
  }

  private primitive(type: FieldType & { readonly kind: 'primitive' }, value: unknown, owner: string): void {
    switch (type.letter) {
      case 's': return typeof value === 'string' ? undefined : this.mismatch(type, value, owner);
      case 'b': return typeof value === 'boolean' ? undefined : this.mismatch(type, value, owner);
      case 'i': return isInteger(value, 2_147_483_647) ? undefined : this.mismatch(type, value, owner);
      case 'l': return isInteger(value, largestInt64) ? undefined : this.mismatch(type, value, owner);
      case 'd': return typeof value === 'number' ? undefined : this.mismatch(type, value, owner);
      case 'x':
        if (typeof value === 'string' || isInteger(value, 2_147_483_647)) return undefined;
        return this.stop('type', this.mismatchText(type, value, owner));
      case 'q': return this.stopAt(quantityProblem(value));
      case 't': case 'm':
        if (typeof value !== 'string') return this.stop('type', this.mismatchText(type, value, owner));
        return this.stopAt(timeProblem(value, type.letter === 'm'));
      case 'y': return this.bytes(type, value, owner);
      default: return undefined;
    }
  }

  private bytes(type: FieldType, value: unknown, owner: string): void {
    if (typeof value === 'string') {
      const problem = base64Problem(value);
      if (problem !== undefined) this.note('value', problem);
    } else if (Array.isArray(value)) {
      const wrong: unknown = value.find((item) => !(isInteger(item, 255) && item >= 0) && item !== null);
      if (wrong !== undefined) this.note('type', this.mismatchText(type, wrong, owner).replace(/\[\]uint8$/, 'uint8'));
    } else {
      this.mismatch(type, value, owner);
    }
  }

  private mismatch(type: FieldType, value: unknown, owner: string): void {
    this.note('type', this.mismatchText(type, value, owner));
  }

  private mismatchText(type: FieldType, value: unknown, owner: string): string {
    const showsNumber = type.kind === 'primitive' && 'ilx'.includes(type.letter);
    const described = typeof value === 'number' && showsNumber ? `number ${value}` : describe(value);
    const where = this.fieldStack.length === 0 ? 'Go value' : `Go struct field ${this.structName}.${this.fieldStack.join('.')}`;
    return `json: cannot unmarshal ${described} into ${where} of type ${goTypeName(type, owner)}`;
  }

  /** A mistake after which Go's decoder goes on; it reports the first one. */
  private note(kind: 'type' | 'value', message: string): void {
    this.typeError ??= { kind, message, path: [...this.path] };
  }

  private stopAt(problem: string | undefined): void {
    if (problem !== undefined) this.stop('value', problem);
  }

  /** A mistake noticed by a type's own decoder ends everything and outdoes what was noted before. */
  private stop(kind: 'type' | 'value', message: string): never {
    this.valueError = { kind, message, path: [...this.path] };
    throw new Stop();
  }

  private unknownField(): void {
    if (this.unknownFields.length >= mostUnknownFields) return;
    let text = '';
    for (const step of this.path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    this.unknownFields.push({ kind: 'unknown-field', message: `unknown field "${text}"`, path: [...this.path] });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value <= most && value >= -most - 1;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
