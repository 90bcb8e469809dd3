/** What is served, as clients ask for it before anything else. Models staging/src/k8s.io/apiserver/pkg/endpoints/discovery/aggregated. */
import type { ResourceInfo } from '../../kubernetes/api/index.ts';
import type { DiscoveredResource, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { served } from './served.ts';

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
  singularResource: info.singular, shortNames: info.shortNames, ...(info.categories.length > 0 && { categories: info.categories }), verbs: info.kind === 'Namespace' ? withoutCollection : verbs,
  subresources: info.subresources.map((name) => subresource(info, name)),
});

const infos = served.map(({ info }) => info);

/** The answer to `discover`: every group with its versions (the one to be preferred first) and resources. */
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
