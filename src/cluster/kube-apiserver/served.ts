/** What this server serves, and what it must know of each resource to store and watch it. */
import { servedResources, type KubeObject, type ResourceInfo } from '../../kubernetes/api/index.ts';

/** One served resource: its address, its place in etcd and the habits of its storage. */
export interface Served {
  readonly info: ResourceInfo;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Where its objects lie in etcd: `/registry/pods/`. */
  readonly prefix: string;
  /** The field whose value finds the watchers of an object without asking each. Models the TriggerFuncs of pkg/registry. */
  readonly trigger?: 'spec.nodeName' | 'metadata.name';
  /** Whether a watch cache is kept of it. Models pkg/kubeapiserver/default_storage_factory_builder.go: DefaultWatchCacheSizes, which has none for Events. */
  readonly watchCache: boolean;
  /** Whether DELETE answers with the object that is gone, instead of a Status. */
  readonly returnsDeleted: boolean;
  /** Whether an update without resourceVersion overwrites what is there. */
  readonly unconditionalUpdate: boolean;
}

/** Upstream keeps the first names it ever gave: nodes are minions, services lie beside their endpoints. */
const unusualPrefixes: { readonly [resource: string]: string } = { nodes: '/registry/minions/', services: '/registry/services/specs/' };
const shortNames: { readonly [resource: string]: readonly string[] } = {
  configmaps: ['cm'], events: ['ev'], namespaces: ['ns'], nodes: ['no'], pods: ['po'], serviceaccounts: ['sa'], services: ['svc'],
  deployments: ['deploy'], replicasets: ['rs'],
};
const inAll = new Set(['pods', 'services', 'deployments', 'replicasets']);
const returnDeleted = new Set(['pods', 'services', 'serviceaccounts']);
const triggers: { readonly [resource: string]: Served['trigger'] } = {
  pods: 'spec.nodeName', nodes: 'metadata.name', secrets: 'metadata.name', configmaps: 'metadata.name',
};

function serve(info: ResourceInfo): Served {
  const { resource } = info;
  return {
    info,
    singular: info.kind.toLowerCase(),
    shortNames: shortNames[resource] ?? [],
    categories: inAll.has(resource) ? ['all'] : [],
    prefix: unusualPrefixes[resource] ?? `/registry/${resource}/`,
    trigger: triggers[resource],
    watchCache: resource !== 'events',
    returnsDeleted: returnDeleted.has(resource),
    unconditionalUpdate: resource !== 'leases',
  };
}

/** Every served resource, in the order of discovery. */
export const served: readonly Served[] = servedResources.map(serve);

const byResource = new Map<string, Served>(served.map((one) => [one.info.resource, one]));

/** How the resource of a request is served, or undefined. */
export function findServed(group: string, version: string, resource: string): Served | undefined {
  const one = byResource.get(resource);
  return one !== undefined && one.info.group === group && one.info.version === version ? one : undefined;
}

/** How a resource named in our own code is served. */
export function servedAs(resource: string): Served {
  const one = byResource.get(resource);
  if (one === undefined) throw new Error(`${resource} is not served`);
  return one;
}

/** The key of an object in etcd. */
export const storageKey = ({ prefix, info }: Served, namespace: string | undefined, name: string): string =>
  info.namespaced ? `${prefix}${namespace ?? ''}/${name}` : prefix + name;

/** The keys of a resource in etcd: of one namespace, or ('') of all. */
export function scopeOf({ prefix, info }: Served, namespace: string): { readonly key: string; readonly rangeEnd: string } {
  const key = info.namespaced && namespace !== '' ? `${prefix}${namespace}/` : prefix;
  return { key, rangeEnd: `${key.slice(0, -1)}0` };
}

/** The key of an object in the watch cache, which is its key in etcd without the prefix. */
export const cacheKey = ({ info }: Served, namespace: string | undefined, name: string): string =>
  info.namespaced ? `${namespace ?? ''}/${name}` : name;

/** The value the trigger index is built on. */
export function triggerValue({ trigger }: Served, object: KubeObject): string {
  if (trigger === 'metadata.name') return object.metadata.name;
  return (object.spec as { readonly nodeName?: string } | undefined)?.nodeName ?? '';
}
