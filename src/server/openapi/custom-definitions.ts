/** Custom kinds as OpenAPI says them. Models apiextensions-apiserver/pkg/controller/openapi/builder/builder.go and openapi/v2/conversion.go. */
import type { Schema } from '../../kubernetes/apiextensions/definition.ts';
import type { Kind } from './definitions.ts';

/** `com.example.stable.v1.CronTab`. */
export const customName = ({ group, version, kind }: Kind): string => `${group.split('.').reverse().join('.')}.${version}.${kind}`;

/** Words that the metadata of every kind has. */
const words = {
  apiVersion: 'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  metadata: 'Standard object\'s metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  listMetadata: 'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
};
const typed = { apiVersion: { description: words.apiVersion, type: 'string' }, kind: { description: words.kind, type: 'string' } };

type Refer = (type: string) => { readonly $ref: string };
interface Form { readonly v2: boolean; readonly refer: Refer }
type Made = { [field: string]: unknown };

const reference = ({ v2, refer }: Form, type: string, description: string): object => (v2 ? { description, ...refer(type) } : { description, allOf: [refer(type)] });

/** Models buildSelectableFields. */
const selectableIn = (paths: readonly string[]): object => (paths.length === 0 ? {} : { 'x-kubernetes-selectable-fields': paths.map((fieldPath) => ({ fieldPath })) });

/** A kind's definition. */
export function customDefinition(kind: Kind, schema: Schema, selectable: readonly string[], form: Form): object {
  // Where anything goes nothing is named, or kubectl would take it for all there is.
  const bare = Object.keys(schema).length === 0 || (form.v2 && schema['x-kubernetes-preserve-unknown-fields'] === true);
  const said = bare ? { type: 'object' } : convert(schema, form) as Made;
  return { ...said, ...(bare ? {} : { properties: { ...(said as Made)['properties'] as object | undefined, ...typed, metadata: reference(form, 'ObjectMeta', words.metadata) } }), 'x-kubernetes-group-version-kind': [kind], ...selectableIn(selectable) };
}

/** The definition of a kind's list. */
export function customList(kind: Kind, plural: string, selectable: readonly string[], form: Form): object {
  return {
    description: `${kind.kind}List is a list of ${kind.kind}`, type: 'object', required: ['items'],
    properties: {
      ...typed, items: { description: `List of ${plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`, type: 'array', items: form.refer(customName(kind)) },
      metadata: reference(form, 'ListMeta', words.listMetadata),
    },
    'x-kubernetes-group-version-kind': [{ ...kind, kind: `${kind.kind}List` }], ...selectableIn(selectable),
  };
}

function convert(given: Schema, form: Form): object {
  const schema = form.v2 ? plainer(given) : given;
  const { properties, items, additionalProperties } = schema;
  const embedded = given['x-kubernetes-embedded-resource'] === true && !(form.v2 && given['x-kubernetes-preserve-unknown-fields'] === true);
  const below = (one: Schema): object => convert(one, form);
  const named = { ...Object.fromEntries(Object.entries(properties ?? {}).map(([name, one]) => [name, below(one)])), ...(embedded ? { ...typed, metadata: reference(form, 'ObjectMeta', words.metadata) } : {}) };
  return {
    ...schema, ...(Object.keys(named).length > 0 ? { properties: named } : {}), ...(items === undefined || Array.isArray(items) ? {} : { items: below(items as Schema) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: below(additionalProperties) } : {}),
    ...(embedded ? { required: [...new Set([...schema.required ?? [], 'kind', 'apiVersion'])] } : {}),
  };
}

/** What version 2 cannot say is left out, so that its clients let more in. */
function plainer({ allOf: _all, oneOf: _one, anyOf: _any, not: _not, ...schema }: Schema): Schema {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const { type, items, properties, nullable, required, ...rest } = schema;
  const kept = nullable === true || open ? {} : { ...(items === undefined ? {} : { items }), ...(properties === undefined ? {} : { properties }) };
  const untyped = nullable === true || (type === 'array' && !('items' in kept)) || (type === 'object' && open);
  const needed = required?.filter((name) => properties?.[name]?.nullable !== true) ?? [];
  return { ...rest, ...kept, ...(untyped || type === undefined ? {} : { type }), ...(needed.length > 0 ? { required: needed } : {}) };
}
