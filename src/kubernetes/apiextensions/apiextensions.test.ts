import { describe, expect, test } from 'vitest';
import '../kept-kinds.ts';
import { validateCreate, validateUpdate } from '../api/validation/index.ts';
import type { KubeObject } from '../api/meta-v1.ts';
import { formatFieldError } from '../apimachinery/field-errors.ts';
import { brokenRules, ruleProblems } from './cel-rules.ts';
import { defaulted } from './defaulting.ts';
import { preferredFirst, type Definition, type Schema } from './definition.ts';
import { listProblems } from './list-rules.ts';
import { named } from './naming.ts';
import { coerced, embeddedProblems } from './object-meta.ts';
import { objectProblems } from './object-rules.ts';
import { pruned, withoutNulls } from './pruning.ts';
import { defaultDefinition } from './rules.ts';
import { findAll, simplePath, withValueAt } from './simple-path.ts';
import { structuralProblems } from './structural-rules.ts';

const texts = (errors: readonly Parameters<typeof formatFieldError>[0][]): readonly string[] => errors.map(formatFieldError);
const object = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
const string: Schema = { type: 'string' };

describe('a structural schema', () => {
  const any = { 'x-kubernetes-preserve-unknown-fields': true };
  test.each<[string, Schema, readonly string[]]>([
    ['with a type everywhere', object({ a: string, b: { type: 'array', items: object({ c: any }) } }), []],
    ['without a type at the root', { properties: {} }, ['s.type: Required value: must not be empty at the root']],
    ['of a list at the root', { type: 'array', items: string }, ['s.type: Invalid value: "array": must be object at the root']],
    ['without a type of a field', object({ a: {} }), ['s.properties[a].type: Required value: must not be empty for specified object fields']],
    ['of a list of nothing', object({ a: { type: 'array' } }), ['s.properties[a].items: Required value: must be specified']],
    ['with any field at the root', object({}, { additionalProperties: string }), ['s.additionalProperties: Forbidden: must not be used at the root']],
    ['with a type among alternatives', object({ a: { type: 'string', anyOf: [{ type: 'string' }] } }), ['s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural']],
    ['of a number or a text', object({ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }), []],
    ['that judges what it does not declare', object({ a: string }, { anyOf: [{ properties: { b: { pattern: 'x' } } }] }), ['s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]']],
    ['that says more of metadata than names', object({ metadata: object({ labels: { type: 'object' } }) }), ['s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified']],
    ['with an embedded resource of no type', object({ a: { 'x-kubernetes-embedded-resource': true, ...any } }), ['s.properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true']],
    ['with a pattern that is none', object({ a: { type: 'string', pattern: '(' } }), ["s.properties[a].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`"]],
    ['with a pattern that only Perl reads', object({ a: { type: 'string', pattern: 'a(?=b)' } }), ["s.properties[a].pattern: Invalid value: \"a(?=b)\": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"]],
  ])('%s', (_what, schema, expected) => expect(texts(structuralProblems('s', schema))).toEqual(expected));
});

describe('a definition', () => {
  const version = (schema: Schema = object({}), more: object = {}) => ({ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more });
  const definition = (spec: object = {}, names: object = {}, name = 'tabs.example.com'): Definition => defaultDefinition({
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name }, status: { storedVersions: ['v1'] },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'tabs', kind: 'Tab', ...names }, versions: [version()], ...spec },
  } as Definition);
  const problems = (one: Definition): readonly string[] => texts(validateCreate('CustomResourceDefinition', one));
  const columns = (column: object) => ({ versions: [version(undefined, { additionalPrinterColumns: [column] })] });
  const list = (items: Schema, more: Schema) => ({ versions: [version(object({ l: { type: 'array', items, ...more } }))] });
  test('that is right', () => expect(problems(definition())).toEqual([]));
  test.each<[string, Definition, readonly string[]]>([
    ['that is called otherwise', definition({}, {}, 'other.example.com'), ['metadata.name: Invalid value: "other.example.com": must be spec.names.plural+"."+spec.group']],
    ['of a group without a dot', definition({ group: 'example' }, {}, 'tabs.example'), ['spec.group: Invalid value: "example": should be a domain with at least one dot']],
    ['of no scope', definition({ scope: 'Everywhere' }), ['spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"']],
    ['whose kind is its list', definition({}, { listKind: 'Tab' }), ['spec.names.listKind: Invalid value: "Tab": kind and listKind may not be the same']],
    ['without a schema', definition({ versions: [{ name: 'v1', served: true, storage: true }] }), ['spec.versions[0].schema.openAPIV3Schema: Required value']],
    ['of the community without its approval', definition({ group: 'x.k8s.io' }, {}, 'tabs.x.k8s.io'), ['metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111']],
    ['that keeps everything, the old way', definition({ preserveUnknownFields: true }), ['spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead']],
    ['with a default of another type', definition({ versions: [version(object({ a: { type: 'integer', default: 'x' } }))] }), ['spec.validation.openAPIV3Schema.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"']],
    ['with a default in top-level metadata', definition({ versions: [version(object({ metadata: { type: 'object', default: {} } }))] }), ['spec.validation.openAPIV3Schema.properties[metadata].default: Forbidden: must not be set in top-level metadata']],
    ['with a column of no type', definition(columns({ name: 'A', type: 'text', jsonPath: '.a' })), ['spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string']],
    ['with a column from nowhere', definition(columns({ name: 'A', type: 'string', jsonPath: 'a' })), ['spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .']],
    ['that scales its status', definition({ versions: [version(undefined, { subresources: { scale: { specReplicasPath: '.status.r', statusReplicasPath: '.status.r' } } })] }), ['spec.subresources.scale.specReplicasPath: Invalid value: ".status.r": should be a json path under .spec']],
    ['with a map whose keys may be missing', definition(list(object({ k: string }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] })), ['spec.validation.openAPIV3Schema.properties[l].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property']],
    ['with unique items', definition(list(string, { uniqueItems: true })), ['spec.validation.openAPIV3Schema.properties[l].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic']],
    ['selected by what is not there', definition({ versions: [version(undefined, { selectableFields: [{ jsonPath: '.spec.color' }] })] }), ['spec.selectableFields[0].jsonPath: Invalid value: ".spec.color": is an invalid path: does not refer to a valid field']],
    ['with a rule that is none', definition({ versions: [version(object({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self.' }] } }))] }), [expect.stringMatching(/^spec\.validation\.openAPIV3Schema\.properties\[a\]\.x-kubernetes-validations\[0\]\.rule: Invalid value: \{"Rule":"self\.","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null\}: compilation failed: /) as unknown as string]],
  ])('%s', (_what, one, expected) => expect(problems(one)).toEqual(expected));
  test('stores exactly one version', () => expect(problems(definition({ versions: [version(), { ...version(), name: 'v2' }] }))[0]).toMatch(/^spec\.versions: Invalid value: .*: must have exactly one version marked as storage version$/));
  test('names the version whose schema is wrong, where they differ', () =>
    expect(problems(definition({ versions: [version(), { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: object({ a: {} }) } }] }))).toEqual(['spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields']));
  test('keeps its group, its plural, and once established its scope', () => {
    const old = { ...definition(), metadata: { name: 'tabs.example.com', resourceVersion: '1' }, status: { storedVersions: ['v1'], conditions: [{ type: 'Established', status: 'True' as const }] } };
    expect(texts(validateUpdate('CustomResourceDefinition', { ...old, spec: { ...old.spec, scope: 'Cluster' } } as KubeObject, old))).toEqual(['spec.scope: Invalid value: "Cluster": field is immutable']);
  });
  test('keeps the versions that objects may be stored in', () => {
    const one = { ...definition(), status: { storedVersions: ['v0', 'v1'] } };
    expect(problems(one)[0]).toMatch(/^status\.storedVersions\[0\]: Invalid value: "v0": missing from spec\.versions; v0 was previously a storage version/);
  });
  test('takes the names that are free', () => {
    const first = named(definition(), [], 0)!;
    expect(named(first, [], 0)).toBe(undefined);
    const rival = named(definition({}, { plural: 'others', kind: 'Tab', singular: 'other' }, 'others.example.com'), [first], 0)!;
    expect(rival.status).toMatchObject({ acceptedNames: { plural: 'others', singular: 'other' }, conditions: [{ type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"TabList" is already in use' }, { type: 'Established', status: 'False', reason: 'NotAccepted' }] });
  });
});

describe('pruning', () => {
  const open: Schema = { 'x-kubernetes-preserve-unknown-fields': true };
  test.each<[string, Schema, object, object, readonly string[]]>([
    ['takes out what is not declared', object({ spec: object({ a: string }) }), { spec: { a: 'x', b: 1 }, c: 2 }, { spec: { a: 'x' } }, ['c', 'spec.b']],
    ['looks into lists', object({ l: { type: 'array', items: object({ a: string }) } }), { l: [{ a: 'x' }, { b: 1 }] }, { l: [{ a: 'x' }, {}] }, ['l[1].b']],
    ['keeps what it is told to keep, but not below a declared field', object({ spec: { type: 'object', ...open, properties: { a: object({ b: string }) } } }), { spec: { x: { y: 1 }, a: { b: 'k', c: 1 } } }, { spec: { x: { y: 1 }, a: { b: 'k' } } }, ['spec.a.c']],
    ['keeps the entries of maps', object({ m: { type: 'object', additionalProperties: object({ a: string }) } }), { m: { one: { a: 'x', b: 1 } } }, { m: { one: { a: 'x' } } }, ['m.one.b']],
    ['leaves metadata alone at the root', object({}), { apiVersion: 'v', kind: 'K', metadata: { name: 'x' } }, { apiVersion: 'v', kind: 'K', metadata: { name: 'x' } }, []],
    ['and in embedded resources', object({ e: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: string } } }), { e: { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: 's', status: 1 } }, { e: { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: 's' } }, ['e.status']],
  ])('%s', (_what, schema, given, expected, unknown) => expect(pruned(given, schema, true)).toEqual({ value: expected, unknown }));
  test('is nothing where all is known', () => {
    const given = { spec: { a: 'x' } };
    expect(pruned(given, object({ spec: object({ a: string }) }), true).value).toBe(given);
  });
  test('takes nulls for absent where none may be', () => expect(withoutNulls({ a: null, b: null, c: null }, object({ a: string, b: { type: 'string', nullable: true }, c: { type: 'string', default: 'x' } }))).toEqual({ b: null, c: null }));
  test('reads the metadata of embedded resources', () => {
    const schema = object({ e: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true } });
    expect(coerced({ e: { metadata: { name: 'x', colour: 'red' } } }, schema)).toEqual({ value: { e: { metadata: { name: 'x' } } }, unknown: ['e.metadata.colour'] });
    expect(texts(embeddedProblems(schema, { e: { kind: 'Pod', metadata: { name: 'a/b' } } }))).toEqual(['e.apiVersion: Required value', 'e.metadata.name: Invalid value: "a/b": may not contain \'/\'']);
  });
});

test('defaults are put in where something is missing, or null that may not be', () => {
  const schema = object({ spec: object({ a: { type: 'integer', default: 1 }, b: { type: 'string', nullable: true, default: 'x' }, l: { type: 'array', items: object({ c: { type: 'string', default: 'y' } }) } }, { default: {} }) });
  expect(defaulted({}, schema)).toEqual({ spec: { a: 1, b: 'x' } });
  expect(defaulted({ spec: { a: null, b: null, l: [{}, { c: 'z' }] } }, schema)).toEqual({ spec: { a: 1, b: null, l: [{ c: 'y' }, { c: 'z' }] } });
  const whole = { spec: { a: 1, b: 'x' } };
  expect(defaulted(whole, schema)).toBe(whole);
});

describe('an object', () => {
  const at = (schema: Schema): Schema => object({ spec: object({ x: schema }) });
  test.each<[string, Schema, unknown, readonly string[]]>([
    ['of the wrong type', string, 5, ['spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"']],
    ['that is null', string, null, ['spec.x: Invalid value: "null": spec.x in body must be of type string: "null"']],
    ['that may be null', { type: 'string', nullable: true }, null, []],
    ['that is a whole number', { type: 'number' }, 5, []],
    ['that is none', { type: 'integer' }, 5.5, ['spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"']],
    ['a number or a text', { 'x-kubernetes-int-or-string': true }, true, ['spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"']],
    ['too large', { type: 'integer', maximum: 10 }, 11, ['spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10']],
    ['not small enough', { type: 'integer', maximum: 10, exclusiveMaximum: true }, 10, ['spec.x: Invalid value: 10: spec.x in body should be less than 10']],
    ['too small', { type: 'integer', minimum: 1 }, 0, ['spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1']],
    ['no multiple', { type: 'number', multipleOf: 0.5 }, 1.2, ['spec.x: Invalid value: 1.2: spec.x in body should be a multiple of 0.5']],
    ['that does not match', { type: 'string', pattern: '^a+$' }, 'b', ["spec.x: Invalid value: \"b\": spec.x in body should match '^a+$'"]],
    ['too long', { type: 'string', maxLength: 2 }, 'abc', ['spec.x: Too long: may not be more than 2 bytes']],
    ['too short', { type: 'string', minLength: 2 }, 'a', ['spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long']],
    ['that is none of those', { type: 'string', enum: ['a', 'b'] }, 'c', ['spec.x: Unsupported value: "c": supported values: "a", "b"']],
    ['of another form', { type: 'string', format: 'date-time' }, 'today', ['spec.x: Invalid value: "today": spec.x in body must be of type date-time: "today"']],
    ['of the form', { type: 'string', format: 'ipv4' }, '10.0.0.1', []],
    ['of a form that nobody knows', { type: 'string', format: 'shoe-size' }, 'XL', []],
    ['with too many items', { type: 'array', items: string, maxItems: 1 }, ['a', 'b'], ['spec.x: Too many: 2: must have at most 1 items']],
    ['with too few', { type: 'array', items: string, minItems: 1 }, [], ['spec.x: Invalid value: 0: spec.x in body should have at least 1 items']],
    ['with a wrong item', { type: 'array', items: string }, ['a', 1], ['spec.x[1]: Invalid value: "integer": spec.x[1] in body must be of type string: "integer"']],
    ['without what it needs', object({ a: string }, { required: ['a', 'b'] }), { b: 1 }, ['spec.x.a: Required value']],
    ['with a wrong entry', { type: 'object', additionalProperties: { type: 'integer' } }, { a: 'b' }, ['spec.x.a: Invalid value: "string": spec.x.a in body must be of type integer: "string"']],
    ['that is none of the alternatives', { type: 'string', anyOf: [{ pattern: '^a' }, { pattern: '^b' }] }, 'c', ['<nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf)', "spec.x: Invalid value: \"c\": spec.x in body should match '^a'"]],
    ['that is two of them', { type: 'string', oneOf: [{ pattern: 'a' }, { pattern: 'b' }] }, 'ab', ['<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
    ['that must not be', { type: 'string', not: { enum: ['a'] } }, 'a', ['<nil>: Invalid value: "": "spec.x" must not validate the schema (not)']],
  ])('%s', (_what, schema, x, expected) => expect(texts(objectProblems(at(schema), { spec: { x } }))).toEqual(expected));
  test('may stay as wrong as it was', () => {
    const schema = object({ spec: object({ x: { type: 'integer', maximum: 1 }, y: { type: 'integer', maximum: 1 } }) });
    expect(texts(objectProblems(schema, { spec: { x: 5, y: 6 } }, '', { old: { spec: { x: 5, y: 1 } } }))).toEqual(['spec.y: Invalid value: 6: spec.y in body should be less than or equal to 1']);
  });
  test('has each item of a set and of a map once', () => {
    const schema = object({ s: { type: 'array', items: string, 'x-kubernetes-list-type': 'set' }, m: { type: 'array', items: object({ k: string }), 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] } });
    expect(texts(listProblems(schema, { s: ['a', 'b', 'a'], m: [{ k: 'x' }, { k: 'x', v: 1 }] }))).toEqual(['s[2]: Duplicate value: "a"', 'm[1]: Duplicate value: {"k":"x"}']);
  });
});

describe('rules in CEL', () => {
  const ruled = (rules: NonNullable<Schema['x-kubernetes-validations']>): Schema => object({ spec: object({ min: { type: 'integer' }, max: { type: 'integer' } }, { 'x-kubernetes-validations': rules }) });
  const broken = (rule: object, spec: object, old?: object): readonly string[] => texts(brokenRules(ruled([rule]), { spec }, old === undefined ? undefined : { spec: old }));
  test.each<[string, object, object, object | undefined, readonly string[]]>([
    ['that hold', { rule: 'self.min <= self.max' }, { min: 1, max: 2 }, undefined, []],
    ['that are broken', { rule: 'self.min <= self.max' }, { min: 3, max: 2 }, undefined, ['spec: Invalid value: failed rule: self.min <= self.max']],
    ['with words', { rule: 'self.min <= self.max', message: 'turn it round' }, { min: 3, max: 2 }, undefined, ['spec: Invalid value: turn it round']],
    ['with words of their own', { rule: 'self.min <= self.max', messageExpression: '"at most " + string(self.max)' }, { min: 3, max: 2 }, undefined, ['spec: Invalid value: at most 2']],
    ['with a reason and a place', { rule: 'self.min <= self.max', reason: 'FieldValueForbidden', fieldPath: '.min', message: 'no' }, { min: 3, max: 2 }, undefined, ['spec.min: Forbidden: no']],
    ['about a change', { rule: 'self.min >= oldSelf.min', message: 'only up' }, { min: 1 }, { min: 2 }, ['spec: Invalid value: only up']],
    ['about a change, of a new object', { rule: 'self.min >= oldSelf.min' }, { min: 1 }, undefined, []],
    ['that look for what is not there', { rule: 'self.none == 1' }, { min: 1 }, undefined, ['spec: Invalid value: "object": no such key: none evaluating rule: self.none == 1']],
  ])('%s', (_what, rule, spec, old, expected) => expect(broken(rule, spec, old)).toEqual(expected));
  const all = (rule: string, more: object = {}) => ({ ...more, 'x-kubernetes-validations': [{ rule }] });
  const names = 's.properties[names].x-kubernetes-validations[0].rule';
  const advice = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';
  test.each<[string, object, readonly string[]]>([
    ['too much where nothing is limited', { type: 'array', items: { type: 'string' }, ...all('self.all(x, self.exists(y, x == y))') }, [
      `${names}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${advice}`, `${names}: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${advice}`,
    ]],
    ['no more than they may where items are counted', { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 63 }, ...all('self.all(x, self.exists(y, x == y))') }, []],
    ['a little too much', { type: 'string', ...all(`self.contains("${'a'.repeat(400)}")`) }, [`${names}: Forbidden: estimated rule cost exceeds budget by factor of 1.258292x ${advice}`]],
  ])('cost %s', (_, schema, expected) => {
    const errors: Parameters<typeof ruleProblems>[0] = [];
    ruleProblems(errors, object({ names: schema as Schema }), 's');
    expect(texts(errors)).toEqual(expected);
    const unchanged: Parameters<typeof ruleProblems>[0] = [];
    ruleProblems(unchanged, object({ names: schema as Schema }), 's', false);
    expect(texts(unchanged)).toEqual(expected.filter((one) => !one.includes('estimated rule cost exceeds')));
  });
  test('about a change cannot be where an item is not known again', () => {
    const errors: Parameters<typeof ruleProblems>[0] = [];
    ruleProblems(errors, object({ l: { type: 'array', maxItems: 9, items: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } } }), 's');
    expect(texts(errors)).toEqual(['s.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[l]']);
  });
});

describe('paths', () => {
  const status = { status: { conditions: [{ type: 'A', status: 'False' }, { type: 'Ready', status: 'True' }] }, metadata: { labels: { 'a.b/c': 'x' } } };
  test.each<[string, readonly unknown[] | undefined]>([
    ['.status.conditions[0].type', ['A']], ['.status.conditions[-1].type', ['Ready']], ['.status.conditions[?(@.type=="Ready")].status', ['True']], ['.status.conditions[*].status', ['False', 'True']],
    ['.metadata.labels.a\\.b/c', ['x']], ["['metadata']['labels']['a.b/c']", ['x']], ['.none.at.all', []], ['.status[', undefined],
  ])('%s', (path, expected) => expect(findAll(status, path)).toEqual(expected));
  test('of names alone can be written through', () => {
    expect(simplePath('.spec.replicas')).toEqual(['spec', 'replicas']);
    expect(simplePath('.spec.list[0]')).toBe(undefined);
    expect(withValueAt({ spec: { a: 1 } }, ['spec', 'replicas'], 3)).toEqual({ spec: { a: 1, replicas: 3 } });
  });
});

test('the version to be preferred comes first', () => expect(preferredFirst(['v1alpha1', 'foo', 'v2beta1', 'v1', 'v10', 'v2', 'bar'])).toEqual(['v10', 'v2', 'v1', 'v2beta1', 'v1alpha1', 'bar', 'foo']));
