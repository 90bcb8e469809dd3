/** What is served, as clients ask for it before anything else. Models APIResourceList, all groups in one answer. */
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { served } from './served.ts';

/** One line of discovery: what kubectl needs to turn a word into a URL. */
export interface DiscoveredResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Every served resource. */
export const discovered: readonly DiscoveredResource[] = served.map(({ info, singular, shortNames, categories }) => ({
  name: info.resource, singularName: singular, namespaced: info.namespaced, kind: info.kind, group: info.group, version: info.version,
  verbs, shortNames, categories, subresources: info.subresources,
}));

/** The answer to `discover`. */
export const discovery: ObjectList = {
  apiVersion: 'v1', kind: 'APIResourceList', metadata: { resourceVersion: '' }, items: discovered as unknown as readonly KubeObject[],
};
