/** What makes a schema structural. Models staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{validation,complete}.go. */
import { deepEqual } from '../apimachinery/equality.ts';
import { forbidden, formatFieldError, invalid, required, type FieldError } from '../apimachinery/field-errors.ts';
import { itemsOf, valuesOf, type Schema } from './definition.ts';
import { goPattern } from './go-pattern.ts';

type Level = 'root' | 'item' | 'field';
type Errors = FieldError[];

const key = (path: string, name: string): string => `${path}.properties[${name}]`;
const intOrString = [{ type: 'integer' }, { type: 'string' }];

/** What is wrong, in the order of the words. */
export function structuralProblems(path: string, schema: Schema): readonly FieldError[] {
  const errors: Errors = [];
  invariants(errors, schema, 'root', path);
  completeness(errors, schema, schema, path, path);
  return errors.sort((a, b) => (formatFieldError(a) < formatFieldError(b) ? -1 : 1));
}

function invariants(errors: Errors, schema: Schema, level: Level, path: string): void {
  const { properties = {}, additionalProperties, type = '' } = schema;
  const items = itemsOf(schema);
  if (type === 'array' && items === undefined) errors.push(required(`${path}.items`, 'must be specified'));
  if (items !== undefined) invariants(errors, items, 'item', `${path}.items`);
  for (const name in properties) invariants(errors, properties[name]!, 'field', key(path, name));
  if (additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
    const values = valuesOf(schema);
    if (values !== undefined) invariants(errors, values, 'field', `${path}.additionalProperties`);
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    for (const extension of ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const) {
      if (schema[extension] === true) errors.push(invalid(`${path}.${extension}`, true, 'must be false if x-kubernetes-int-or-string is true'));
    }
  }
  valueRules(errors, schema, deepEqual(schema.anyOf, intOrString), deepEqual(schema.allOf?.[0]?.anyOf, intOrString), path);
  ownType(errors, schema, level, path);
  meta(errors, schema, level, path);
}

const emptyType: Readonly<Record<Level, string>> = { root: 'must not be empty at the root', item: 'must not be empty for specified array items', field: 'must not be empty for specified object fields' };

function ownType(errors: Errors, schema: Schema, level: Level, path: string): void {
  const { type = '' } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (embedded && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(`${path}.type`, detail) : invalid(`${path}.type`, type, detail));
  } else if (type === '' && schema['x-kubernetes-int-or-string'] !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) errors.push(required(`${path}.type`, emptyType[level]));
  if (embedded && schema.additionalProperties !== undefined) errors.push(forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
}

/** apiVersion, kind and metadata are what they are everywhere. */
function meta(errors: Errors, schema: Schema, level: Level, path: string): void {
  const { properties = {} } = schema;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const checks = level === 'root' || embedded;
  for (const name of ['kind', 'apiVersion']) {
    const type = properties[name]?.type ?? '';
    if (checks && properties[name] !== undefined && type !== 'string') errors.push(invalid(`${key(path, name)}.type`, type, 'must be string'));
  }
  const { metadata } = properties;
  if (metadata !== undefined) {
    const at = key(path, 'metadata');
    if (checks && metadata.type !== 'object') errors.push(invalid(`${at}.type`, metadata.type ?? '', 'must be object'));
    if (level === 'root') {
      const { type: _type, default: _default, properties: named = {}, ...rest } = metadata;
      const others = Object.keys(named).filter((name) => name !== 'name' && name !== 'generateName');
      if (others.length > 0 || Object.values(rest).some((value) => value !== undefined)) errors.push(forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
    }
  }
  if (embedded && schema['x-kubernetes-preserve-unknown-fields'] !== true && Object.keys(properties).length === 0) {
    errors.push(required(`${path}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'));
  }
}

function valueRules(errors: Errors, { anyOf = [], allOf = [], oneOf = [], not, pattern = '' }: Schema, skipAnyOf: boolean, skipFirst: boolean, path: string): void {
  if (!skipAnyOf) anyOf.forEach((one, index) => nested(errors, one, false, `${path}.anyOf[${index}]`));
  allOf.forEach((one, index) => nested(errors, one, skipFirst && index === 0, `${path}.allOf[${index}]`));
  oneOf.forEach((one, index) => nested(errors, one, false, `${path}.oneOf[${index}]`));
  if (not !== undefined) nested(errors, not, false, `${path}.not`);
  const wrong = pattern === '' ? undefined : goPattern(pattern);
  if (typeof wrong === 'string') errors.push(invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${wrong}`));
}

const mustBeUnset: readonly (readonly [keyof Schema, string])[] = [
  ['type', 'must be empty to be structural'], ['additionalProperties', 'must be undefined to be structural'], ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'], ['description', 'must be empty to be structural'], ['nullable', 'must be false to be structural'], ['externalDocs', 'must be undefined to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'], ['x-kubernetes-embedded-resource', 'must be false to be structural'], ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'], ['x-kubernetes-list-type', 'must be undefined to be structural'], ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** Below anyOf and its like only values may be judged: what there is has been said outside. */
function nested(errors: Errors, schema: Schema, skipAnyOf: boolean, path: string): void {
  valueRules(errors, schema, skipAnyOf, false, path);
  const items = itemsOf(schema);
  if (items !== undefined) nested(errors, items, false, `${path}.items`);
  const { properties = {} } = schema;
  for (const name in properties) nested(errors, properties[name]!, false, key(path, name));
  for (const [field, detail] of mustBeUnset) {
    const value = schema[field];
    const unset = value === undefined || value === '' || (value === false && field !== 'additionalProperties' && field !== 'default') || (field !== 'default' && Array.isArray(value) && value.length === 0);
    if (!unset) errors.push(forbidden(`${path}.${field}`, detail));
  }
  if (properties['metadata'] !== undefined) errors.push(forbidden(key(path, 'metadata'), 'must not be specified in a nested context'));
}

/** Every field that is judged must be declared. */
function completeness(errors: Errors, judged: Schema, declared: Schema, at: string, from: string): void {
  const look = (one: Schema, path: string): void => nestedCompleteness(errors, one, declared, at, path);
  if (judged.not !== undefined) look(judged.not, `${from}.not`);
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) judged[junctor]?.forEach((one, index) => look(one, `${from}.${junctor}[${index}]`));
}

function nestedCompleteness(errors: Errors, judged: Schema, declared: Schema | undefined, at: string, from: string): void {
  if (declared === undefined) return void errors.push(required(at, `because it is defined in ${from}`));
  completeness(errors, judged, declared, at, from);
  const items = itemsOf(judged);
  if (items !== undefined) nestedCompleteness(errors, items, itemsOf(declared), `${at}.items`, `${from}.items`);
  const { properties = {} } = judged;
  for (const name in properties) nestedCompleteness(errors, properties[name]!, declared.properties?.[name], key(at, name), key(from, name));
}
