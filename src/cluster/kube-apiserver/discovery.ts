/** What is served, as clients ask for it before anything else. Models staging/src/k8s.io/apiserver/pkg/endpoints/discovery/aggregated. */
import { reviewResources, type ResourceInfo } from '../../kubernetes/api/index.ts';
import type { DiscoveredResource, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { latePart } from '../../kubernetes/late-parts.ts';
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import { servedIn } from './custom-resources/finding.ts';
import { definitionsKey, served } from './served.ts';
import { cacheOf, type ApiServerState } from './state.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const withoutCollection = verbs.filter((verb) => verb !== 'deletecollection');

interface SubresourceFacts { readonly verbs: readonly string[]; /** What it takes and answers where that is not the object itself. */ readonly kind?: string; readonly apiVersion?: string }

const connecting = ['create', 'get'];
const proxying = ['create', 'delete', 'get', 'patch', 'update'];
const changing = ['get', 'patch', 'update'];

/** Models the storages' New and GroupVersionKind in pkg/registry. */
const subresourceFacts: { readonly [name: string]: SubresourceFacts | undefined } = {
  attach: { verbs: connecting, kind: 'PodAttachOptions', apiVersion: 'v1' }, exec: { verbs: connecting, kind: 'PodExecOptions', apiVersion: 'v1' },
  portforward: { verbs: connecting, kind: 'PodPortForwardOptions', apiVersion: 'v1' },
  binding: { verbs: ['create'], kind: 'Binding', apiVersion: 'v1' }, eviction: { verbs: ['create'], kind: 'Eviction', apiVersion: 'policy/v1' },
  token: { verbs: ['create'], kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1' }, scale: { verbs: changing, kind: 'Scale', apiVersion: 'autoscaling/v1' },
  log: { verbs: ['get'] }, finalize: { verbs: ['update'] },
};

function subresource(info: ResourceInfo, name: string) {
  const { verbs: taken, kind = info.kind, apiVersion = info.apiVersion } = name === 'proxy' ? { verbs: proxying, kind: `${info.kind}ProxyOptions` } : subresourceFacts[name] ?? { verbs: changing };
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { subresource: name, responseKind: { group, version, kind }, verbs: taken };
}

const discover = (info: ResourceInfo): DiscoveredResource => ({
  resource: info.resource, responseKind: { group: info.group, version: info.version, kind: info.kind }, scope: info.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: info.singular, shortNames: info.shortNames, ...(info.categories.length > 0 && { categories: info.categories }), verbs: reviewResources.includes(info) ? ['create'] : info.kind === 'Namespace' ? withoutCollection : verbs,
  subresources: info.subresources.map((name) => subresource(info, name)),
});

const stored = served.map(({ info }) => info);
const behind = stored.findIndex(({ group }) => group === 'autoscaling');
const infos = [...stored.slice(0, behind), ...reviewResources, ...stored.slice(behind)];

/** Every built-in group with its versions (the one to be preferred first) and resources. */
export const discovery: DiscoveryDocument = {
  apiVersion: 'apidiscovery.k8s.io/v2', kind: 'APIGroupDiscoveryList', metadata: {},
  items: [...new Set(infos.map(({ group }) => group))].map((group) => {
    const members = infos.filter((info) => info.group === group);
    return {
      metadata: { name: group },
      versions: [...new Set(members.map(({ version }) => version))].map((version) => ({ version, resources: members.filter((info) => info.version === version).map(discover) })),
    };
  }),
};

type Group = DiscoveryDocument['items'][number];

/** What a custom kind is found by. Models apiextensions-apiserver/pkg/apiserver/customresource_discovery_controller.go: sync. */
function discoverCustom(definition: Definition, version: string): DiscoveredResource | undefined {
  const custom = servedIn(definition, version)?.custom;
  if (custom === undefined) return undefined;
  const { info, terminating, schema, selectable } = custom;
  const taken = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
  const { categories: _categories, shortNames: _shortNames, ...plain } = discover(info);
  return {
    ...plain, ...(info.shortNames.length > 0 && { shortNames: info.shortNames }), ...(info.categories.length > 0 && { categories: info.categories }),
    verbs: terminating ? taken.filter((verb) => !['patch', 'create', 'update'].includes(verb)) : taken, schema: schema ?? {}, ...(selectable.length > 0 && { selectable }),
  };
}

const isEstablished = ({ status }: Definition): boolean => status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true;
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function withCustom(definitions: readonly Definition[]): DiscoveryDocument {
  const part = latePart('customResources');
  const established = definitions.filter(isEstablished);
  const groups = [...new Set(established.map(({ spec }) => spec.group ?? ''))].sort(order).map((name): Group => {
    const members = established.filter(({ spec }) => spec.group === name);
    const versions = part.preferredFirst([...new Set(members.flatMap((definition) => part.servedVersions(definition)))]);
    return {
      metadata: { name },
      versions: versions.map((version) => ({
        version,
        resources: members.filter((definition) => part.servedVersions(definition).includes(version)).flatMap((definition) => discoverCustom(definition, version) ?? []).sort((a, b) => order(a.resource, b.resource)),
      })),
    };
  }).filter(({ versions }) => versions.length > 0);
  return { ...discovery, items: [...discovery.items, ...groups] };
}

/** Groups that other servers answer for; what they serve is stale while they do not say it. Models kube-aggregator/pkg/apiserver/handler_discovery.go. */
function withExtensions(document: DiscoveryDocument, { extensions }: ApiServerState): DiscoveryDocument {
  const more = new Map<string, Group['versions']>();
  for (const [name, { resources }] of extensions) {
    const [version, group] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
    more.set(group, [...more.get(group) ?? [], resources === undefined ? { version, resources: [], freshness: 'Stale' } : { version, resources, freshness: 'Current' }]);
  }
  const known = document.items.map((item) => (more.has(item.metadata.name) ? { ...item, versions: [...item.versions.filter(({ version }) => !more.get(item.metadata.name)!.some((one) => one.version === version)), ...more.get(item.metadata.name)!] } : item));
  const added = [...more].filter(([name]) => !document.items.some(({ metadata }) => metadata.name === name)).map(([name, versions]): Group => ({ metadata: { name }, versions }));
  return { ...document, items: [...known, ...added] };
}

const made = new WeakMap<object, DiscoveryDocument>();

/** The answer to `discover`; the same object until a definition changes. */
export function discoveryOf(state: ApiServerState): DiscoveryDocument {
  const { objects } = cacheOf(state, definitionsKey);
  let document = objects.size === 0 ? discovery : made.get(objects);
  if (document === undefined) made.set(objects, document = withCustom([...objects.values()] as readonly Definition[]));
  return state.extensions.size === 0 ? document : withExtensions(document, state);
}
