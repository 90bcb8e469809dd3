/** The OpenAPI documents of what is served. Models staging/src/k8s.io/apiserver/pkg/server/routes/openapi.go, kube-openapi/pkg/{handler,handler3}. */
import { createHash } from 'node:crypto';
import type { DiscoveredResource, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import type { Schema } from '../../kubernetes/apiextensions/definition.ts';
import { schemaOfKind } from '../../kubernetes/schema/types.ts';
import { customDefinition, customList, customName } from './custom-definitions.ts';
import { Definitions, type Kind, type Maker } from './definitions.ts';

const info = { title: 'Kubernetes', version: 'v1.36.0' };
const groupPath = (group: string, version: string): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);
const apiVersionOf = ({ group, version }: Kind): string => (group === '' ? version : `${group}/${version}`);
const typeOf = (kind: Kind): string => schemaOfKind(apiVersionOf(kind), kind.kind)?.name ?? customName(kind);

/** One method at one path. */
interface Operation { readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'; readonly action: string; readonly kind: Kind; readonly parameters: readonly string[]; readonly answer: string; readonly body?: string }
interface Place { readonly path: string; readonly operations: readonly Operation[] }

const reading = ['pretty'];
const listing = ['pretty', 'allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'timeoutSeconds', 'watch'];
const writing = ['pretty', 'dryRun', 'fieldManager', 'fieldValidation'];
const deleting = ['pretty', 'dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];

function operationsOf(verbs: readonly string[], kind: Kind, named: boolean): readonly Operation[] {
  const type = typeOf(kind);
  const all: readonly (Operation & { readonly verb: string; readonly named: boolean })[] = [
    { verb: 'list', named: false, method: 'get', action: 'list', kind, parameters: listing, answer: `${type}List` },
    { verb: 'create', named: false, method: 'post', action: 'post', kind, parameters: writing, answer: type, body: type },
    { verb: 'deletecollection', named: false, method: 'delete', action: 'deletecollection', kind, parameters: [...deleting, ...listing.slice(1)], answer: 'Status', body: 'DeleteOptions' },
    { verb: 'get', named: true, method: 'get', action: 'get', kind, parameters: reading, answer: type },
    { verb: 'update', named: true, method: 'put', action: 'put', kind, parameters: writing, answer: type, body: type },
    { verb: 'patch', named: true, method: 'patch', action: 'patch', kind, parameters: [...writing, 'force'], answer: type, body: '' },
    { verb: 'delete', named: true, method: 'delete', action: 'delete', kind, parameters: deleting, answer: 'Status', body: 'DeleteOptions' },
  ];
  return all.filter((one) => one.named === named && verbs.includes(one.verb));
}

function placesOf(prefix: string, { resource, scope, responseKind, verbs, subresources = [] }: DiscoveredResource): readonly Place[] {
  const all = scope === 'Namespaced' ? `${prefix}/namespaces/{namespace}/${resource}` : `${prefix}/${resource}`;
  return [
    ...(scope === 'Namespaced' ? [{ path: `${prefix}/${resource}`, operations: operationsOf(verbs.filter((verb) => verb === 'list'), responseKind, false) }] : []),
    { path: all, operations: operationsOf(verbs, responseKind, false) },
    { path: `${all}/{name}`, operations: operationsOf(verbs, responseKind, true) },
    ...subresources.map((sub) => {
      const kind = subresourceKind(sub.subresource, responseKind);
      const made = operationsOf(sub.verbs, kind, false).filter(({ method }) => method === 'post');
      return { path: `${all}/{name}/${sub.subresource}`, operations: [...made, ...operationsOf(sub.verbs, kind, true)] };
    }),
  ];
}

/** What is read and written at a subresource: the object itself for most. */
function subresourceKind(subresource: string, kind: Kind): Kind {
  switch (subresource) {
    case 'scale': return { group: 'autoscaling', version: 'v1', kind: 'Scale' };
    case 'eviction': return { group: 'policy', version: 'v1', kind: 'Eviction' };
    case 'token': return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
    case 'binding': return { group: '', version: 'v1', kind: 'Binding' };
    default: return kind;
  }
}

const flags = new Set(['allowWatchBookmarks', 'force', 'orphanDependents', 'sendInitialEvents', 'watch']);
const numbers = new Set(['gracePeriodSeconds', 'limit', 'timeoutSeconds']);
const typeOfParameter = (name: string): string => (flags.has(name) ? 'boolean' : numbers.has(name) ? 'integer' : 'string');
/** Nothing says how custom resources are merged strategically. */
const patchTypesOf = (kind: Kind, definitions: Definitions): readonly string[] => (definitions.isCustom(typeOf(kind)) ? patchTypes.filter((type) => !type.includes('strategic')) : patchTypes);
const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];

function operation3({ action, kind, parameters, answer, body }: Operation, definitions: Definitions): object {
  const content = (type: string): object => ({ schema: definitions.knows(type) ? definitions.refer(type) : { type: 'object' } });
  return {
    'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': kind,
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: typeOfParameter(name), uniqueItems: true } })),
    ...(body === undefined ? {} : { requestBody: { content: body === '' ? Object.fromEntries(patchTypesOf(kind, definitions).map((type) => [type, { schema: { type: 'object' } }])) : { '*/*': content(body) } } }),
    responses: { 200: { description: 'OK', content: { 'application/json': content(answer) } }, 401: { description: 'Unauthorized' } },
  };
}

function operation2({ action, kind, parameters, answer, body }: Operation, definitions: Definitions): object {
  const schema = (type: string): object => (definitions.knows(type) ? definitions.refer(type) : { type: 'object' });
  return {
    'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': kind, consumes: body === '' ? patchTypesOf(kind, definitions) : ['*/*'], produces: ['application/json'], schemes: ['https'],
    parameters: [...parameters.map((name) => ({ name, in: 'query', type: typeOfParameter(name), uniqueItems: true })), ...(body === undefined ? [] : [{ name: 'body', in: 'body', required: true, schema: body === '' ? { type: 'object' } : schema(body) }])],
    responses: { 200: { description: 'OK', schema: schema(answer) }, 401: { description: 'Unauthorized' } },
  };
}

function pathsOf(places: readonly Place[], text: object, write: (operation: Operation) => object): object {
  return Object.fromEntries(places.filter(({ operations }) => operations.length > 0).map(({ path, operations }) => [path, {
    ...Object.fromEntries(operations.map((one) => [one.method, write(one)])),
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, ...text })),
  }]));
}

/** The kinds that a type stands for, by the type's name: its own, and its list. */
function kindsOf(resources: readonly DiscoveredResource[]): Map<string, readonly Kind[]> {
  const kinds = new Map<string, readonly Kind[]>();
  for (const { responseKind, subresources = [] } of resources) {
    for (const kind of [responseKind, ...subresources.map((sub) => subresourceKind(sub.subresource, responseKind))]) kinds.set(typeOf(kind), [kind]);
    kinds.set(`${typeOf(responseKind)}List`, [{ ...responseKind, kind: `${responseKind.kind}List` }]);
  }
  return kinds;
}

/** What the definitions of custom kinds are made from, by their names. */
function makersOf(resources: readonly DiscoveredResource[]): ReadonlyMap<string, Maker> {
  return new Map(resources.flatMap(({ responseKind, resource, schema, selectable = [] }): (readonly [string, Maker])[] => (schema === undefined ? [] : [
    [customName(responseKind), (form) => customDefinition(responseKind, schema as Schema, selectable, form)], [`${customName(responseKind)}List`, (form) => customList(responseKind, resource, selectable, form)],
  ])));
}

/** Every group's document, and the older one of all together, as text with its hash; made when first asked for. */
export interface OpenApiText { readonly text: string; readonly hash: string }
const made = new WeakMap<DiscoveryDocument, Map<string, OpenApiText | undefined>>();

/** The document at `/openapi/v2`, `/openapi/v3` or below it, or undefined. */
export function openApiDocument(path: string, all: DiscoveryDocument): OpenApiText | undefined {
  let texts = made.get(all);
  if (texts === undefined) made.set(all, texts = new Map());
  if (!texts.has(path)) {
    const document = path === '/openapi/v2' ? everything(all) : path === '/openapi/v3' ? index(all) : ofGroup(path.slice('/openapi/v3/'.length), all);
    const text = document === undefined ? '' : JSON.stringify(document);
    texts.set(path, document === undefined ? undefined : { text, hash: createHash('sha512').update(text).digest('hex').toUpperCase() });
  }
  return texts.get(path);
}

function index(all: DiscoveryDocument): object {
  const paths = all.items.flatMap(({ metadata, versions }) => versions.map(({ version }) => groupPath(metadata.name, version)));
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${openApiDocument(`/openapi/v3/${path}`, all)!.hash}` }])) };
}

function ofGroup(path: string, { items }: DiscoveryDocument): object | undefined {
  for (const { metadata: { name: group }, versions } of items) {
    const found = versions.find(({ version }) => groupPath(group, version) === path);
    if (found === undefined) continue;
    const definitions = new Definitions('#/components/schemas/', kindsOf(found.resources), makersOf(found.resources));
    const paths = pathsOf(found.resources.flatMap((resource) => placesOf(`/${path}`, resource)), { schema: { type: 'string', uniqueItems: true } }, (one) => operation3(one, definitions));
    return { openapi: '3.0.0', info, paths, components: { schemas: definitions.schemas, securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header', description: 'Bearer Token authentication' } } } };
  }
  return undefined;
}

function everything({ items }: DiscoveryDocument): object {
  const groups = items.flatMap(({ metadata: { name }, versions }) => versions.map(({ version, resources }) => ({ path: groupPath(name, version), resources })));
  const definitions = new Definitions('#/definitions/', kindsOf(groups.flatMap(({ resources }) => resources)), makersOf(groups.flatMap(({ resources }) => resources)));
  const paths = pathsOf(groups.flatMap(({ path, resources }) => resources.flatMap((resource) => placesOf(`/${path}`, resource))), { type: 'string', uniqueItems: true }, (one) => operation2(one, definitions));
  return { swagger: '2.0', info, paths, definitions: definitions.schemas, securityDefinitions: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header', description: 'Bearer Token authentication' } } };
}
