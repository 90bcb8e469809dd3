/** The kinds this cluster models, with the facts every client needs to address them. */
import type { KubeObject } from './meta-v1.ts';
import type { Binding, ConfigMap, Event, Namespace, Node, Pod, Secret, Service, ServiceAccount } from './core-v1.ts';
import type { Deployment, ReplicaSet } from './apps-v1.ts';
import type { EndpointSlice } from './discovery-v1.ts';
import type { Lease } from './coordination-v1.ts';

/** How a kind is served: what a URL needs. */
export interface ResourceInfo {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly kind: ModelledKind;
  /** Plural, lower case, as in the URL. */
  readonly resource: ModelledResource;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
}

/** The modelled kinds and their TypeScript shapes. */
export interface ObjectByKind {
  readonly Namespace: Namespace;
  readonly Node: Node;
  readonly Pod: Pod;
  readonly Service: Service;
  readonly ConfigMap: ConfigMap;
  readonly Secret: Secret;
  readonly ServiceAccount: ServiceAccount;
  readonly Event: Event;
  readonly Deployment: Deployment;
  readonly ReplicaSet: ReplicaSet;
  readonly EndpointSlice: EndpointSlice;
  readonly Lease: Lease;
}

/** The modelled resources and the shapes of their objects. */
export interface ObjectByResource {
  readonly namespaces: Namespace;
  readonly nodes: Node;
  readonly pods: Pod;
  readonly services: Service;
  readonly configmaps: ConfigMap;
  readonly secrets: Secret;
  readonly serviceaccounts: ServiceAccount;
  readonly events: Event;
  readonly deployments: Deployment;
  readonly replicasets: ReplicaSet;
  readonly endpointslices: EndpointSlice;
  readonly leases: Lease;
}

export type ModelledKind = keyof ObjectByKind;
export type ModelledResource = keyof ObjectByResource;
/** Any object of a modelled kind; `kind` tells which. */
export type ModelledObject = ObjectByKind[ModelledKind];
/** A body that is posted but never stored. */
export type PostedOnly = Binding;

const row = (group: string, kind: ModelledKind, resource: ModelledResource, namespaced: boolean, ...subresources: string[]): ResourceInfo => ({
  group, version: 'v1', apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, resource, namespaced, subresources,
});

/** Every modelled kind, core group first, each group in alphabetical order. */
export const servedResources: readonly ResourceInfo[] = [
  row('', 'ConfigMap', 'configmaps', true),
  row('', 'Event', 'events', true),
  row('', 'Namespace', 'namespaces', false, 'finalize', 'status'),
  row('', 'Node', 'nodes', false, 'proxy', 'status'),
  row('', 'Pod', 'pods', true, 'attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize', 'status'),
  row('', 'Secret', 'secrets', true),
  row('', 'ServiceAccount', 'serviceaccounts', true, 'token'),
  row('', 'Service', 'services', true, 'proxy', 'status'),
  row('apps', 'Deployment', 'deployments', true, 'scale', 'status'),
  row('apps', 'ReplicaSet', 'replicasets', true, 'scale', 'status'),
  row('coordination.k8s.io', 'Lease', 'leases', true),
  row('discovery.k8s.io', 'EndpointSlice', 'endpointslices', true),
];

const byResource = new Map<string, ResourceInfo>(servedResources.map((info) => [info.resource, info]));
const byKind = new Map<string, ResourceInfo>(servedResources.map((info) => [info.kind, info]));

/** How a modelled resource is served; throws on a name that is not modelled, since callers name it in code. */
export function resourceOf(resource: ModelledResource): ResourceInfo {
  const info = byResource.get(resource);
  if (info === undefined) throw new Error(`no modelled resource is called ${resource}`);
  return info;
}

/** How a resource named by a user is served, or undefined. */
export function findResource(resource: string): ResourceInfo | undefined {
  return byResource.get(resource);
}

/** How a kind is served, or undefined where it is not modelled. */
export function resourceOfKind(kind: string): ResourceInfo | undefined {
  return byKind.get(kind);
}

/** `group/resource` in the form errors print it: `pods`, `deployments.apps`. */
export function groupResource(info: Pick<ResourceInfo, 'group' | 'resource'>): string {
  return info.group === '' ? info.resource : `${info.resource}.${info.group}`;
}

/** `namespace/name`, or `name` for a cluster-scoped object: the key of caches and work queues. */
export function objectKey(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The two halves of an object key; a cluster-scoped one has the namespace ''. */
export function splitObjectKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The uid of a stored object, '' for one that was not stored yet (Go's zero value). */
export function uidOf(object: KubeObject): string {
  return object.metadata.uid ?? '';
}
