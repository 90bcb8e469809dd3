/** What is wrong with one field, in upstream's words. Models staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go. */

/** Machine-readable kind of a field error; it becomes `details.causes[].reason`. */
export type FieldErrorType =
  | 'FieldValueNotFound' | 'FieldValueRequired' | 'FieldValueDuplicate' | 'FieldValueInvalid' | 'FieldValueNotSupported'
  | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'InternalError' | 'FieldValueTypeInvalid';

/** One complaint about one field; `field: body` is what the user reads. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.template.spec.containers[0].image`. */
  readonly field: string;
  /** `Required value: …`, `Invalid value: "x": …`, without the field. */
  readonly body: string;
}

const withDetail = (text: string, detail: string): string => (detail === '' ? text : `${text}: ${detail}`);

/** The value has the wrong form. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, body: withDetail(`Invalid value: ${printValue(value)}`, detail) };
}

/** Something is wrong with the whole, which is not printed. Models OmitValueType. */
export const omitted = (field: string, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, body: withDetail('Invalid value', detail) });

/** The value is of the wrong type for the field. */
export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, body: withDetail(`Invalid value: ${printValue(value)}`, detail) };
}

/** The value is missing or empty. */
export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, body: withDetail('Required value', detail) };
}

/** The value is not one of those known; they are listed in the order given. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(quoteGo).join(', ')}`;
  return { type: 'FieldValueNotSupported', field, body: withDetail(`Unsupported value: ${printValue(value)}`, detail) };
}

/** The value would be fine elsewhere, but not here. */
export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, body: withDetail('Forbidden', detail) };
}

/** The value is already used by a sibling. */
export function duplicate(field: string, value: unknown, detail = ''): FieldError {
  return { type: 'FieldValueDuplicate', field, body: withDetail(`Duplicate value: ${printValue(value)}`, detail) };
}

/** The value names something that is not there. */
export function notFound(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, body: `Not found: ${printValue(value)}` };
}

/** The value is longer than allowed; it is not printed. */
export function tooLong(field: string, maxBytes: number): FieldError {
  return { type: 'FieldValueTooLong', field, body: `Too long: ${maxBytes < 0 ? 'value is too long' : `may not be more than ${maxBytes} bytes`}` };
}

/** The list has more items than allowed. */
export function tooMany(field: string, actual: number, max: number): FieldError {
  return { type: 'FieldValueTooMany', field, body: `Too many: ${actual}: must have at most ${max} items` };
}

/** Something broke that the user did not cause. */
export function internalError(field: string, message: string): FieldError {
  return { type: 'InternalError', field, body: `Internal error: ${message}` };
}

/** `field: body`, as a user reads one error. */
export const formatFieldError = (error: FieldError): string => `${error.field}: ${error.body}`;

/** All errors as one text: one alone, several in brackets, repeated ones once. Models ErrorList.ToAggregate. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

/** How Go prints a bad value: text quoted, numbers and booleans plain, everything else as JSON, nothing as `null`. */
export function printValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return quoteGo(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return goJson(value);
}

const shortEscapes: { readonly [char: string]: string } = {
  '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '"': '\\"', '\\': '\\\\',
};

/** Text as Go's `%q` prints it. */
export function quoteGo(text: string): string {
  const escaped = text.replace(/["\\\u0000-\u001f\u007f-\u00a0\u2028\u2029\ufeff]/g, (char) => {
    const short = shortEscapes[char];
    if (short !== undefined) return short;
    const code = char.charCodeAt(0);
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** JSON as Go's encoding/json writes it: `<`, `>` and `&` escaped. Key order is the object's own. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

/** The same map with its keys in order, since Go prints maps sorted. */
export function sortedMap<T>(map: { readonly [key: string]: T } | undefined): { readonly [key: string]: T } | null {
  if (map === undefined) return null;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
