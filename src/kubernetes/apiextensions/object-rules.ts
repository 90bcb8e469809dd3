/** Whether a value is what its schema says, in the words of kube-openapi/pkg/validation/{validate,errors} and as apiextensions-apiserver/pkg/apiserver/validation/validation.go turns them into field errors. */
import { deepEqual } from '../apimachinery/equality.ts';
import { invalid, notSupported, quoteGo, required, tooLong, tooMany, typeInvalid, type FieldError } from '../apimachinery/field-errors.ts';
import { isJson, itemsOf, valuesOf, type Schema } from './definition.ts';
import { hasFormat, isKnownFormat } from './formats.ts';
import { goPattern } from './go-pattern.ts';

/** A value with the one it takes the place of: what was wrong before and is the same may stay so (CRDValidationRatcheting). */
export interface Change { readonly old: unknown }

/** What was found, and how many judgements were made: of alternatives that fail the one that got furthest is told. Models validate/result.go. */
class Result {
  readonly errors: FieldError[] = [];
  matched = 0;
  add(error: FieldError): void {
    if (!this.errors.some((one) => one.field === error.field && one.body === error.body)) this.errors.push(error);
  }
  merge(other: Result): void {
    other.errors.forEach((error) => this.add(error));
    this.matched += other.matched;
  }
}

/** What is wrong with a value at a path (`` for the object itself). */
export const objectProblems = (schema: Schema, value: unknown, path = '', change?: Change): readonly FieldError[] => judge(schema, value, '', path, change).errors;

const typesOf = ({ type = '', 'x-kubernetes-int-or-string': either }: Schema): readonly string[] => (either === true ? ['integer', 'string'] : type === '' ? [] : [type]);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

/** Each part of a value is a judgement, whatever comes of it. */
const judgement = 10;

/** `path` is where the words say that it is, `prefix` where the whole value lies: a default is judged at its own place. */
function judge(schema: Schema, value: unknown, path: string, prefix: string, change: Change | undefined): Result {
  const result = new Result();
  result.matched = judgement;
  if (change?.old !== undefined && deepEqual(value, change.old)) return result;
  const at: At = { path, prefix, field: fieldAt(prefix, path), change, result };
  ownType(schema, value, at);
  if (value === null) {
    common(schema, value, at);
    return result;
  }
  if (result.errors.length === 0) result.matched += 1;
  junctors(schema, value, at);
  if (typeof value === 'string') ofText(schema, value, at);
  else if (typeof value === 'number') ofNumber(schema, value, at);
  else if (Array.isArray(value)) ofList(schema, value, at);
  common(schema, value, at);
  if (isJson(value)) ofObject(schema, value, at);
  return result;
}

interface At { readonly path: string; readonly prefix: string; readonly field: string; readonly change: Change | undefined; readonly result: Result }

const withoutDot = (path: string): string => path.replace(/^\./, '');
/** Go writes a path that is not there as `<nil>`. */
const fieldAt = (prefix: string, path: string): string => (withoutDot(path) === '' ? (prefix === '' ? '<nil>' : prefix) : prefix === '' ? withoutDot(path) : `${prefix}.${withoutDot(path)}`);

function say({ result, field, path }: At, words: string, shown: unknown): void {
  result.add(invalid(field, shown, `${path} in body ${words}`));
}

/** Models validate/type.go. */
function ownType(schema: Schema, value: unknown, { path, field, result }: At): void {
  const types = typesOf(schema);
  if (types.length === 0) return;
  const given = typeOf(value);
  const wrong = (wanted: string, shown: string): void => result.add(typeInvalid(field, shown, `${path} in body must be of type ${wanted}: ${quoteGo(shown)}`));
  if (value === null) {
    if (schema.nullable !== true) wrong(types.join(','), 'null');
    return;
  }
  if (types.includes(given) || (given === 'integer' && types.includes('number'))) return;
  const { format = '', type = '' } = schema;
  if (format !== '' && isKnownFormat(format, type)) {
    // What a text with a format holds is the format's to say.
    if (given !== 'string' && given !== 'array') return wrong(format, given === 'integer' ? 'int64' : given === 'number' ? 'float64' : '');
    if (!types.includes('integer') && !types.includes('number')) return;
  }
  wrong(types.join(','), given);
}

function common({ enum: allowed }: Schema, value: unknown, { field, result }: At): void {
  if (allowed === undefined || allowed.length === 0 || (value !== null && allowed.some((one) => deepEqual(one, value)))) return;
  result.add(notSupported(field, value, allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))));
}

/** Models validate/schema_props.go. */
function junctors({ anyOf = [], oneOf = [], allOf = [], not }: Schema, value: unknown, { path, prefix, result }: At): void {
  const look = (one: Schema): Result => judge(one, value, path, prefix, undefined);
  const whole = (words: string): void => result.add(invalid(fieldAt(prefix, ''), '', `${quoteGo(path)} ${words}`));
  const furthest = (results: readonly Result[]): Result => results.reduce((a, b) => (b.matched > a.matched ? b : a));
  const isValid = ({ errors }: Result): boolean => errors.length === 0;
  if (anyOf.length > 0) {
    const results = anyOf.map(look);
    const first = results.find(isValid);
    if (first === undefined) whole('must validate at least one schema (anyOf)');
    result.merge(first ?? furthest(results));
  }
  if (oneOf.length > 0) {
    const results = oneOf.map(look);
    const valid = results.filter(isValid);
    if (valid.length !== 1) whole(`must validate one and only one schema (oneOf). ${valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`}`);
    if (valid.length < 2) result.merge(valid[0] ?? furthest(results));
  }
  if (allOf.length > 0) {
    const results = allOf.map(look);
    for (const one of results) result.merge(one);
    const valid = results.filter(isValid).length;
    if (valid < allOf.length) whole(`must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`);
  }
  if (not !== undefined && isValid(look(not))) whole('must not validate the schema (not)');
}

function ofText({ maxLength, minLength, pattern = '', format, type = '' }: Schema, value: string, at: At): void {
  const length = [...value].length;
  const compiled = pattern === '' ? undefined : goPattern(pattern);
  if (maxLength !== undefined && length > maxLength) at.result.add(tooLong(at.field, maxLength));
  else if (minLength !== undefined && length < minLength) say(at, `should be at least ${minLength} chars long`, value);
  else if (typeof compiled === 'string') say(at, `should match '${pattern}, but pattern is invalid: ${compiled}'`, value);
  else if (compiled?.test(value) === false) say(at, `should match '${pattern}'`, value);
  if (format !== undefined && (type === '' || type === 'string') && isKnownFormat(format, type) && !hasFormat(format, value)) at.result.add(typeInvalid(at.field, value, `${at.path} in body must be of type ${format}: ${quoteGo(value)}`));
}

const ranges: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

function ofNumber({ multipleOf, maximum, exclusiveMaximum = false, minimum, exclusiveMinimum = false, format = '', type }: Schema, value: number, at: At): void {
  const range = type === 'integer' ? ranges[format] : undefined;
  if (range !== undefined && (value >= range || value < -range)) at.result.add(invalid(fieldAt(at.prefix, ''), '', `Checked value must be of type integer with format ${format} in ${at.path}`));
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) say(at, `should be a multiple of ${multipleOf}`, value);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) say(at, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`, value);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) say(at, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`, value);
}

function isMultiple(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9;
}

/** Models validate/slice_validator.go; only the items of a list with keys are known again in what was there before. */
function ofList(schema: Schema, value: readonly unknown[], at: At): void {
  const { path, prefix, field, change, result } = at;
  const items = itemsOf(schema);
  const { minItems, maxItems, 'x-kubernetes-list-type': listed, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  const old = listed === 'map' && Array.isArray(change?.old) ? change.old as readonly unknown[] : [];
  if (items !== undefined) {
    value.forEach((item, index) => {
      const same = old.find((one) => isJson(one) && isJson(item) && keys.every((name) => one[name] === item[name]));
      result.merge(judge(items, item, `${path}[${index}]`, prefix, same === undefined ? undefined : { old: same }));
    });
  }
  if (minItems !== undefined && value.length < minItems) say(at, `should have at least ${minItems} items`, value.length);
  if (maxItems !== undefined && value.length > maxItems) result.add(tooMany(field, value.length, maxItems));
}

/** Models validate/object_validator.go. */
function ofObject(schema: Schema, value: Readonly<Record<string, unknown>>, at: At): void {
  const { path, prefix, field, change, result } = at;
  const { minProperties, maxProperties, properties = {}, additionalProperties, required: needed = [] } = schema;
  const names = Object.keys(value);
  const before = schema['x-kubernetes-map-type'] !== 'atomic' && isJson(change?.old) ? change.old : undefined;
  const below = (name: string): Change | undefined => (before === undefined ? undefined : { old: before[name] });
  if (minProperties !== undefined && names.length < minProperties) say(at, `should have at least ${minProperties} properties`, names.length);
  if (maxProperties !== undefined && names.length > maxProperties) result.add(tooMany(field, names.length, maxProperties));
  const values = valuesOf(schema);
  for (const name of names) {
    if (Object.hasOwn(properties, name)) continue;
    if (additionalProperties === false) say({ ...at, path: `${path}.${name}` }, 'is a forbidden property', name);
    else if (values !== undefined) result.merge(judge(values, value[name], `${path}.${name}`, prefix, below(name)));
  }
  for (const name of Object.keys(properties)) {
    if (Object.hasOwn(value, name) && value[name] !== undefined) result.merge(judge(properties[name]!, value[name], path === '' ? name : `${path}.${name}`, prefix, below(name)));
  }
  for (const name of needed) if (!Object.hasOwn(value, name) || value[name] === undefined) result.add(required(fieldAt(prefix, `${path}.${name}`)));
}
