/** How the parts of a custom resource are merged. Models apiextensions-apiserver/pkg/controller/openapi/builder and apimachinery/pkg/util/managedfields/gvkparser.go: what x-kubernetes-* extensions become. */
import { fieldElement, metadataShape, type FieldShape, type Shape } from '../structured-merge/shapes.ts';
import { itemsOf, valuesOf, type Schema } from './definition.ts';

const scalar: Shape = { kind: 'scalar' };
const atomic: Shape = { kind: 'atomic' };
const any: Shape = { kind: 'any' };
const field = (name: string, shape: Shape): FieldShape => ({ element: fieldElement(name), shape, always: false });

/** The shape of an object whose version has this schema. */
export function shapeOfSchema(schema: Schema | undefined): Shape {
  const fields = new Map<string, FieldShape>([['metadata', metadataShape()]]);
  for (const [name, one] of Object.entries(schema?.properties ?? {})) if (!['apiVersion', 'kind', 'metadata'].includes(name)) fields.set(name, field(name, shapeOf(one)));
  return { kind: 'struct', fields, ...(schema === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true ? { others: any } : {}) };
}

function shapeOf(schema: Schema): Shape {
  const { type, 'x-kubernetes-list-type': listed, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  const items = itemsOf(schema);
  if (type === 'array') {
    if (listed === 'set') return { kind: 'set' };
    if (listed !== 'map' || items === undefined) return atomic;
    const defaults = Object.fromEntries(keys.flatMap((name) => (items.properties?.[name]?.default === undefined ? [] : [[name, items.properties[name].default] as const])));
    return { kind: 'keyed', keys: [...keys].sort(), of: shapeOf(items), elements: new Map(), defaults };
  }
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type !== 'object') return open ? any : scalar;
  if (schema['x-kubernetes-map-type'] === 'atomic') return atomic;
  const { properties } = schema;
  if (properties === undefined) {
    const values = valuesOf(schema);
    return values !== undefined ? { kind: 'map', of: shapeOf(values), fields: new Map() } : open || schema.additionalProperties === true ? any : { kind: 'struct', fields: new Map() };
  }
  const embedded = schema['x-kubernetes-embedded-resource'] === true ? { apiVersion: scalar, kind: scalar, metadata: any } : {};
  return { kind: 'struct', fields: new Map([...Object.entries(embedded), ...Object.entries(properties).map(([name, one]) => [name, shapeOf(one)] as const)].map(([name, shape]) => [name, field(name, shape)])), ...(open ? { others: any } : {}) };
}
