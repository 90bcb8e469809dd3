/** What is served, as clients ask for it before anything else. Models staging/src/k8s.io/apiserver/pkg/endpoints/discovery/aggregated. */
import type { DiscoveredResource, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { served, type Served } from './served.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const discover = ({ info, singular, shortNames, categories }: Served): DiscoveredResource => ({
  resource: info.resource, responseKind: { group: info.group, version: info.version, kind: info.kind }, scope: info.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: singular, shortNames, ...(categories.length > 0 && { categories }), verbs, subresources: info.subresources.map((subresource) => ({ subresource, verbs: ['get', 'patch', 'update'] })),
});

/** The answer to `discover`: every group with its version and resources. */
export const discovery: DiscoveryDocument = {
  apiVersion: 'apidiscovery.k8s.io/v2', kind: 'APIGroupDiscoveryList', metadata: {},
  items: [...new Set(served.map(({ info }) => info.group))].map((group) => ({
    metadata: { name: group },
    versions: [{ version: 'v1', resources: served.filter(({ info }) => info.group === group).map(discover) }],
  })),
};
