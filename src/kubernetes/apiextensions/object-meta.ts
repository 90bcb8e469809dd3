/** Metadata of objects without a type of their own, at the root and in embedded resources. Models apiextensions-apiserver/pkg/apiserver/schema/objectmeta. */
import { pathSegmentName, validateMetadata } from '../api/validation/metadata.ts';
import type { PartialObjectMeta } from '../api/meta-v1.ts';
import { invalid, required, type FieldError } from '../apimachinery/field-errors.ts';
import { dns1035LabelErrors } from '../apimachinery/names.ts';
import { decodeStrict } from '../schema/decode-strict.ts';
import { isJson, itemsOf, valuesOf, type Json, type Schema } from './definition.ts';

/** Any kind's metadata is ObjectMeta: one that has a type is asked. */
const bearer = { apiVersion: 'v1', kind: 'ConfigMap' };

export interface ReadMeta { readonly wrong?: string; readonly unknown: readonly string[]; readonly metadata: unknown }

/** Metadata as Go's ObjectMeta holds it: without unknown fields; or what cannot be read. */
export function readMeta(metadata: unknown, path = 'metadata'): ReadMeta {
  const { errors } = decodeStrict({ ...bearer, metadata }, bearer);
  const fatal = errors.find(({ kind }) => kind !== 'unknown-field');
  if (fatal !== undefined) return { wrong: fatal.message.replace('ObjectMeta.metadata.', 'ObjectMeta.').replace('ConfigMap.metadata', 'ObjectMeta'), unknown: [], metadata };
  const names = errors.map((one) => one.path.slice(1).join('.'));
  return { unknown: names.map((name) => `${path}.${name}`), metadata: names.length === 0 ? metadata : without(metadata as Json, names) };
}

const without = (metadata: Json, names: readonly string[]): Json => Object.fromEntries(Object.entries(metadata).filter(([name]) => !names.includes(name)));

/** What is found while embedded resources are gone through. */
export interface Coerced { readonly value: unknown; readonly unknown: readonly string[]; readonly wrong?: FieldError }

/** Embedded resources with metadata that can be read. Models coerce.go. */
export function coerced(value: unknown, schema: Schema | undefined, path = '', root = true): Coerced {
  const unknown: string[] = [];
  let wrong: FieldError | undefined;
  const walk = (given: unknown, one: Schema | undefined, at: string, isRoot: boolean): unknown => {
    if (one === undefined) return given;
    if (Array.isArray(given)) return given.map((item, index) => walk(item, itemsOf(one), `${at}[${index}]`, false));
    if (!isJson(given)) return given;
    const embedded = !isRoot && one['x-kubernetes-embedded-resource'] === true;
    let copy: Record<string, unknown> | undefined;
    for (const name of Object.keys(given)) {
      const below = at === '' ? name : `${at}.${name}`;
      let next: unknown;
      if (embedded && name === 'metadata') {
        const read = readMeta(given[name], below);
        if (read.wrong !== undefined) wrong ??= invalid(below, given[name], read.wrong);
        unknown.push(...read.unknown);
        next = read.metadata;
      } else next = walk(given[name], one.properties?.[name] ?? valuesOf(one), below, false);
      if (next !== given[name]) (copy ??= { ...given })[name] = next;
    }
    return copy ?? given;
  };
  const next = holdsEmbedded(schema) ? walk(value, schema, path, root) : value;
  return wrong === undefined ? { value: next, unknown } : { value: next, unknown, wrong };
}

const holding = new WeakMap<Schema, boolean>();

/** Whether a schema has an embedded resource anywhere: few have. */
function holdsEmbedded(schema: Schema | undefined): boolean {
  if (schema === undefined) return false;
  let known = holding.get(schema);
  if (known === undefined) {
    known = schema['x-kubernetes-embedded-resource'] === true || [...Object.values(schema.properties ?? {}), itemsOf(schema), valuesOf(schema)].some(holdsEmbedded);
    holding.set(schema, known);
  }
  return known;
}

/** What is wrong with embedded resources. Models validation.go. */
export function embeddedProblems(schema: Schema | undefined, value: unknown, path = ''): readonly FieldError[] {
  if (!holdsEmbedded(schema)) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => embeddedProblems(itemsOf(schema!), item, `${path}[${index}]`));
  if (!isJson(value)) return [];
  const own = schema!['x-kubernetes-embedded-resource'] === true ? embedded(value, path) : [];
  return [...own, ...Object.entries(value).flatMap(([name, one]) => {
    const declared = schema!.properties?.[name];
    return declared === undefined ? embeddedProblems(valuesOf(schema!), one, `${path}[${name}]`) : embeddedProblems(declared, one, path === '' ? name : `${path}.${name}`);
  })];
}

function embedded(value: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const child = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of ['apiVersion', 'kind']) {
    const said = value[name];
    if (!(name in value)) errors.push(required(child(name)));
    else if (typeof said !== 'string') errors.push(invalid(child(name), said, 'must be a string'));
    else if (said === '') errors.push(invalid(child(name), said, 'must not be empty'));
    else if (name === 'apiVersion' && said.split('/').length > 2) errors.push(invalid(child(name), said, `unexpected GroupVersion string: ${said}`));
    else if (name === 'kind' && dns1035LabelErrors(said.toLowerCase()).length > 0) errors.push(invalid(child(name), said, `may have mixed case, but should otherwise match: ${dns1035LabelErrors(said.toLowerCase()).join(',')}`));
  }
  const { metadata } = value;
  if (metadata === undefined) return errors;
  const { wrong } = readMeta(metadata);
  if (wrong !== undefined) errors.push(invalid(child('metadata'), metadata, wrong));
  else {
    const meta = (metadata ?? {}) as PartialObjectMeta;
    validateMetadata(errors, { ...meta, name: meta.name || 'fakename' }, (meta.namespace ?? '') !== '', pathSegmentName, child('metadata'));
  }
  return errors;
}
