/** What is served, in the older form, document by document. Models staging/src/k8s.io/apiserver/pkg/endpoints/discovery. */
import type { DiscoveredResource, DiscoveryDocument } from '../kubernetes/protocols/api.ts';

const groupVersion = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`);
const core = { group: '', version: 'v1' };
const address = (host: string) => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }] });

/** The document at a path below `/api` or `/apis`, or undefined. */
export function discoveryDocument(path: string, { items }: DiscoveryDocument, host: string): unknown {
  const parts = path.split('/').filter((part) => part !== '');
  if (path === '/api' || path === '/api/') return address(host);
  if (path === '/apis' || path === '/apis/') return { kind: 'APIGroupList', apiVersion: 'v1', groups: items.filter(({ metadata }) => metadata.name !== '').map(groupOf) };
  const { group, version } = parts[0] === 'api' ? { ...core, version: parts[1]! } : { group: parts[1]!, version: parts[2] };
  const found = items.find(({ metadata }) => metadata.name === group);
  if (found === undefined) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) };
  const resources = found.versions.find((one) => one.version === version)?.resources;
  if (resources === undefined || parts.length > 3) return undefined;
  return {
    kind: 'APIResourceList', apiVersion: 'v1', groupVersion: groupVersion(group, version),
    resources: resources.flatMap(({ resource, singularResource, scope, responseKind, verbs, shortNames, categories, subresources = [] }) => [
      { name: resource, singularName: singularResource ?? '', namespaced: scope === 'Namespaced', kind: responseKind.kind, verbs, ...(shortNames === undefined || shortNames.length === 0 ? {} : { shortNames }), ...(categories === undefined ? {} : { categories }) },
      ...subresources.map((sub) => ({ name: `${resource}/${sub.subresource}`, singularName: '', namespaced: scope === 'Namespaced', ...kindOf(sub.responseKind ?? responseKind, group, version), verbs: sub.verbs })),
    ]),
  };
}

/** The group and the version of a kind are said only where they are not the list's own. */
const kindOf = (kind: DiscoveredResource['responseKind'], group: string, version: string) => (kind.group === group && kind.version === version ? { kind: kind.kind } : kind);

function groupOf({ metadata: { name }, versions }: DiscoveryDocument['items'][number]) {
  const list = versions.map(({ version }) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: list, preferredVersion: list[0] };
}
