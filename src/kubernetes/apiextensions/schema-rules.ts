/** What a version's schema may say. Models apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go: ValidateCustomResourceDefinitionOpenAPISchema. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../apimachinery/field-errors.ts';
import { itemsOf, valuesOf, type Schema } from './definition.ts';

type Errors = FieldError[];
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metaFields = ['metadata', 'kind', 'apiVersion'];
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** Where in the schema one is: inside metadata, and why no default may be there. */
interface Place { readonly root: boolean; readonly inMeta: boolean; readonly noDefaults?: string }

export function schemaProblems(errors: Errors, schema: Schema, path: string, place: Place = { root: true, inMeta: false }): void {
  standard(errors, schema, path, place);
  if (schema.uniqueItems === true) errors.push(forbidden(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  below(errors, schema, path, { ...place, root: false }, place.root);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  mapType(errors, schema, path);
  listType(errors, schema, path);
  mapKeys(errors, schema, path);
  ruleTexts(errors, schema, path);
}

function standard(errors: Errors, schema: Schema, path: string, { noDefaults, inMeta }: Place): void {
  const { type = '', items } = schema;
  if (type !== '' && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (schema.default !== undefined && noDefaults !== undefined) errors.push(forbidden(`${path}.default`, `must not be set ${noDefaults}`));
  for (const field of ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const) {
    if (schema[field] !== undefined && schema[field] !== '') errors.push(forbidden(`${path}.${field}`, `${field} is not supported`));
  }
  if (type === 'null') errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (Array.isArray(items) && items.length > 0) errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  if (inMeta && schema['x-kubernetes-embedded-resource'] === true) errors.push(forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'));
}

function below(errors: Errors, schema: Schema, path: string, place: Place, isRoot: boolean): void {
  const { properties = {}, additionalProperties } = schema;
  if (additionalProperties !== undefined) {
    if (Object.keys(properties).length > 0 && additionalProperties !== true) errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
    const values = valuesOf(schema);
    if (values !== undefined) schemaProblems(errors, values, `${path}.additionalProperties`, place.inMeta ? { ...place, noDefaults: 'inside additionalProperties applying to object metadata' } : place);
  }
  for (const name in properties) {
    const meta = (isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.includes(name);
    schemaProblems(errors, properties[name]!, `${path}.properties[${name}]`, meta ? { ...place, inMeta: true, ...(isRoot ? { noDefaults: `in top-level ${name}` } : {}) } : place);
  }
  if (schema.not !== undefined) schemaProblems(errors, schema.not, `${path}.not`, place);
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) schema[junctor]?.forEach((one, index) => schemaProblems(errors, one, `${path}.${junctor}[${index}]`, place));
  const items = itemsOf(schema);
  if (items !== undefined) schemaProblems(errors, items, `${path}.items`, place);
}

function mapType(errors: Errors, { type = '', 'x-kubernetes-map-type': mapped }: Schema, path: string): void {
  if (mapped === undefined) return;
  const detail = 'must be object if x-kubernetes-map-type is specified';
  if (type !== 'object') errors.push(type === '' ? required(`${path}.type`, detail) : invalid(`${path}.type`, type, detail));
  if (mapped !== 'atomic' && mapped !== 'granular') errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapped, ['atomic', 'granular']));
}

function listType(errors: Errors, schema: Schema, path: string): void {
  const { type = '', 'x-kubernetes-list-type': listed } = schema;
  if (listed === undefined) return;
  const detail = 'must be array if x-kubernetes-list-type is specified';
  const items = itemsOf(schema);
  if (type !== 'array') errors.push(type === '' ? required(`${path}.type`, detail) : invalid(`${path}.type`, type, detail));
  else if (listed === 'set' && items !== undefined) {
    const atomic = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const { 'x-kubernetes-list-type': inner, 'x-kubernetes-map-type': mapped } = items;
    if (items.type === 'array' && inner !== undefined && inner !== 'atomic') errors.push(invalid(`${path}.items.x-kubernetes-list-type`, inner, atomic));
    if (items.type === 'object' && mapped !== 'atomic') errors.push(invalid(`${path}.items.x-kubernetes-map-type`, inner ?? null, atomic));
  }
  if (!['atomic', 'set', 'map'].includes(listed)) errors.push(notSupported(`${path}.x-kubernetes-list-type`, listed, ['atomic', 'set', 'map']));
}

function mapKeys(errors: Errors, schema: Schema, path: string): void {
  const { 'x-kubernetes-list-map-keys': keys = [], 'x-kubernetes-list-type': listed } = schema;
  const at = `${path}.x-kubernetes-list-map-keys`;
  const items = itemsOf(schema);
  const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
  if (keys.length > 0 && listed !== 'map') errors.push(listed === undefined ? required(`${path}.x-kubernetes-list-type`, detail) : invalid(`${path}.x-kubernetes-list-type`, listed, detail));
  if (listed === 'map') {
    if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'));
    if (items === undefined) errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    else if (items.type !== 'object') errors.push(invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"));
    else keys.forEach((name, index) => {
      const type = items.properties?.[name]?.type;
      if (items.properties?.[name] === undefined) errors.push(invalid(at, keys, 'entries must all be names of item properties'));
      else if (type === 'array' || type === 'object') errors.push(invalid(`${path}.items.properties[${name}].type`, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map"));
      if (keys.indexOf(name) < index) errors.push(invalid(at, keys, 'must not contain duplicate entries'));
    });
  }
  if (items === undefined || (listed !== 'set' && listed !== 'map')) return;
  if (items.nullable === true) errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listed}`));
  if (listed !== 'map') return;
  for (const name of keys) {
    const one = items.properties?.[name];
    if (one === undefined) continue;
    if (items.required?.includes(name) !== true && one.default === undefined) errors.push(required(`${path}.items.properties[${name}].default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'));
    if (one.nullable === true) errors.push(forbidden(`${path}.items.properties[${name}].nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
  }
}

const hasNewlines = (text: string): boolean => /[\n\r]/.test(text);

/** What a rule of x-kubernetes-validations must say of itself, before its CEL is looked at. */
function ruleTexts(errors: Errors, schema: Schema, path: string): void {
  schema['x-kubernetes-validations']?.forEach(({ rule = '', message = '', messageExpression = '', reason, fieldPath = '' }, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    const said = message.trim();
    if (rule.trim() === '') errors.push(required(`${at}.rule`, 'rule is not specified'));
    else if (message !== '' && said === '') errors.push(invalid(`${at}.message`, message, 'must be non-empty if specified'));
    else if (hasNewlines(said)) errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'));
    else if (hasNewlines(rule.trim()) && said === '') errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'));
    if (messageExpression !== '' && messageExpression.trim() === '') errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'));
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
    if (fieldPath !== '' && fieldPath.trim() === '') errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'));
    if (hasNewlines(fieldPath)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'));
  });
}
