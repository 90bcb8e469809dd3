/** The OpenAPI v3 documents of what is served, made from the table of types. Models staging/src/k8s.io/apiserver/pkg/server/routes/openapi.go and kube-openapi/pkg/handler3. */
import type { DiscoveredResource, DiscoveryDocument } from '../kubernetes/protocols/api.ts';
import { typeSchema, type FieldType } from '../kubernetes/schema/types.ts';

const reference = (name: string): string => `#/components/schemas/${name}`;

const primitives: Readonly<Record<string, object>> = {
  s: { type: 'string' }, b: { type: 'boolean' }, i: { type: 'integer', format: 'int32' }, l: { type: 'integer', format: 'int64' }, d: { type: 'number', format: 'double' },
  q: { type: 'string' }, x: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }, t: { type: 'string', format: 'date-time' }, m: { type: 'string', format: 'date-time' },
  y: { type: 'string', format: 'byte' }, a: { type: 'object' },
};

function schemaOf(type: FieldType, seen: Set<string>): object {
  switch (type.kind) {
    case 'primitive': return primitives[type.letter]!;
    case 'array': return { type: 'array', items: schemaOf(type.of, seen) };
    case 'map': return { type: 'object', additionalProperties: schemaOf(type.of, seen) };
    case 'struct': seen.add(type.name); return { allOf: [{ $ref: reference(type.name) }] };
  }
}

function schemasFrom(names: ReadonlySet<string>, kinds: ReadonlyMap<string, object>): Record<string, object> {
  const schemas: Record<string, object> = {};
  const wanted = new Set(names);
  for (const name of wanted) {
    const type = typeSchema(name);
    const properties: Record<string, object> = {};
    for (const field of type?.fields.values() ?? []) properties[field.name] = schemaOf(field.type, wanted);
    const required = [...type?.fields.values() ?? []].filter((field) => field.required).map((field) => field.name);
    const kind = kinds.get(name);
    schemas[name] = { type: 'object', properties, ...(required.length > 0 ? { required } : {}), ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': [kind] }) };
  }
  return schemas;
}

const inQuery = (name: string): object => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
const writing = ['dryRun', 'fieldManager', 'fieldValidation'].map(inQuery);

function pathsOf(prefix: string, { resource, scope, responseKind }: DiscoveredResource): Record<string, object> {
  const all = scope === 'Namespaced' ? `${prefix}/namespaces/{namespace}/${resource}` : `${prefix}/${resource}`;
  const kind = { 'x-kubernetes-group-version-kind': responseKind };
  const answers = { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: reference(responseKind.kind) } } } } };
  const operation = (action: string, parameters: readonly object[] = []) => ({ 'x-kubernetes-action': action, ...kind, parameters, responses: answers });
  return {
    [all]: { get: operation('list'), post: operation('post', writing) },
    [`${all}/{name}`]: { get: operation('get'), put: operation('put', writing), patch: operation('patch', [...writing, inQuery('force')]), delete: operation('delete', [inQuery('dryRun')]) },
  };
}

const groupPath = (group: string, version: string): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

/** `/openapi/v3`: where each group's document lies. */
export function openApiIndex({ items }: DiscoveryDocument): object {
  const paths = items.flatMap(({ metadata, versions }) => versions.map(({ version }) => groupPath(metadata.name, version)));
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${path.length}` }])) };
}

/** One group's document, or undefined. */
export function openApiDocument(path: string, { items }: DiscoveryDocument): object | undefined {
  for (const { metadata: { name: group }, versions } of items) {
    const found = versions.find(({ version }) => groupPath(group, version) === path);
    if (found === undefined) continue;
    const kinds = new Map(found.resources.map(({ responseKind }) => [responseKind.kind, responseKind as object]));
    return {
      openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.0' },
      paths: Object.assign({}, ...found.resources.map((resource) => pathsOf(`/${path}`, resource))) as object,
      components: { schemas: schemasFrom(new Set(kinds.keys()), kinds) },
    };
  }
  return undefined;
}
