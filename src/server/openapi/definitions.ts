/** The types of the API as OpenAPI says them, with Kubernetes' own words. Models staging/src/k8s.io/kube-openapi. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atomics, granular, listKeys, setLists } from '../../kubernetes/schema/list-types.ts';
import { mergeKeys, retainKeys } from '../../kubernetes/schema/merge-keys.ts';
import { typeSchema, type FieldType } from '../../kubernetes/schema/types.ts';

/** Makes a definition that no table has, given how others are referred to. */
export type Maker = (form: { readonly v2: boolean; readonly refer: (type: string) => { readonly $ref: string } }) => object;

interface Described { readonly name: string; readonly description?: string; readonly fields: Readonly<Record<string, string>> }
let known: Readonly<Record<string, Described>> | undefined;

/** Read when first asked for: most clients never do. */
const described = (type: string): Described | undefined => (known ??= JSON.parse(readFileSync(join(import.meta.dirname, 'definitions.gen.json'), 'utf8')) as Record<string, Described>)[type];

/** `io.k8s.api.apps.v1.Deployment`. */
export const definitionName = (type: string): string => described(type)?.name ?? type;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
/** Types that are texts or numbers on the wire. */
const simple: Readonly<Record<string, { readonly name: string; readonly schema: object }>> = {
  q: { name: 'io.k8s.apimachinery.pkg.api.resource.Quantity', schema: { description: 'Quantity is a fixed-point representation of a number: "100m", "1Gi".', type: 'string' } },
  x: { name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString', schema: { description: 'IntOrString is a type that can hold an int32 or a string.', type: 'string', format: 'int-or-string' } },
  t: { name: `${meta}Time`, schema: { description: 'Time is written as RFC 3339.', type: 'string', format: 'date-time' } },
  m: { name: `${meta}MicroTime`, schema: { description: 'MicroTime is Time with microseconds.', type: 'string', format: 'date-time' } },
};
const primitives: Readonly<Record<string, object>> = {
  s: { type: 'string' }, b: { type: 'boolean' }, i: { type: 'integer', format: 'int32' }, l: { type: 'integer', format: 'int64' }, d: { type: 'number', format: 'double' }, y: { type: 'string', format: 'byte' }, a: { type: 'object' },
};

export interface Kind { readonly group: string; readonly version: string; readonly kind: string }

/** Definitions in one of the two forms: where they lie, and whether a reference may have words beside it. */
export class Definitions {
  readonly schemas: Record<string, object> = {};
  private readonly waiting: string[] = [];
  private readonly place: string;
  private readonly kinds: ReadonlyMap<string, readonly Kind[]>;
  private readonly makers: ReadonlyMap<string, Maker>;

  constructor(place: '#/definitions/' | '#/components/schemas/', kinds: ReadonlyMap<string, readonly Kind[]>, makers: ReadonlyMap<string, Maker> = new Map()) {
    [this.place, this.kinds, this.makers] = [place, kinds, makers];
  }

  /** A reference to a type, which is thereby among the definitions. */
  refer(type: string): { readonly $ref: string } {
    const name = definitionName(type);
    if (this.schemas[name] === undefined) {
      this.schemas[name] = {};
      this.waiting.push(type);
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.schemas[definitionName(next)] = this.define(next);
    }
    return { $ref: this.place + name };
  }

  isCustom(type: string): boolean { return this.makers.has(type); }

  knows(type: string): boolean { return this.makers.has(type) || typeSchema(type) !== undefined; }

  private define(type: string): object {
    const make = this.makers.get(type);
    if (make !== undefined) return make({ v2: this.place === '#/definitions/', refer: (name) => this.refer(name) });
    const schema = typeSchema(type);
    const words = described(type);
    const fields = [...schema?.fields.values() ?? []];
    const bare = type.slice(type.indexOf('.') + 1);
    const properties = Object.fromEntries(fields.map((field) => [field.name, this.property(bare, field.name, field.type, words?.fields[field.name])]));
    const required = fields.filter((field) => field.required).map(({ name }) => name);
    const kinds = this.kinds.get(type);
    return {
      ...(words?.description === undefined ? {} : { description: words.description }), type: 'object', ...(fields.length === 0 ? {} : { properties }), ...(required.length === 0 ? {} : { required }),
      ...(kinds === undefined ? {} : { 'x-kubernetes-group-version-kind': kinds }), ...(atomics.has(type) || atomics.has(bare) ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  private property(owner: string, name: string, type: FieldType, description: string | undefined): object {
    const said = description === undefined ? {} : { description };
    const schema = this.schemaOf(type);
    const facts = factsOf(owner, name, type);
    return '$ref' in schema && this.place === '#/components/schemas/' ? { ...said, allOf: [schema], ...facts } : { ...said, ...schema, ...facts };
  }

  private schemaOf(type: FieldType): object {
    switch (type.kind) {
      case 'primitive': {
        const one = simple[type.letter];
        if (one === undefined) return primitives[type.letter]!;
        this.schemas[one.name] = one.schema;
        return { $ref: this.place + one.name };
      }
      case 'array': return { type: 'array', items: this.schemaOf(type.of) };
      case 'map': return { type: 'object', additionalProperties: this.schemaOf(type.of) };
      case 'struct': {
        const name = definitionName(type.name);
        if (this.schemas[name] === undefined) {
          this.schemas[name] = {};
          this.waiting.push(type.name);
        }
        return { $ref: this.place + name };
      }
    }
  }
}

/** How a field is merged, as far as it is known. */
function factsOf(owner: string, name: string, type: FieldType): object {
  const path = `${owner}.${name}`;
  const keys = listKeys[owner]?.[name];
  const mergeKey = mergeKeys[owner]?.[name];
  const strategies = [...(mergeKey === undefined ? [] : ['merge']), ...(retainKeys.has(path) ? ['retainKeys'] : [])];
  const listType = keys !== undefined ? 'map' : setLists.has(path) ? 'set' : type.kind === 'array' ? 'atomic' : undefined;
  const mapType = atomics.has(path) ? 'atomic' : granular.has(path) ? 'granular' : undefined;
  return {
    ...(keys === undefined ? {} : { 'x-kubernetes-list-map-keys': keys.split(',') }), ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType }),
    ...(mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType }),
    ...(mergeKey === undefined || mergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }), ...(strategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': strategies.join(',') }),
  };
}
