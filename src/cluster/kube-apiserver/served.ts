/** What this server serves, and what it must know of each resource to store and watch it. */
import type { CustomKind } from '../../kubernetes/apiextensions/custom-kind.ts';
import { groupResource, reviewResources, servedResources, type KubeObject, type ResourceInfo } from '../../kubernetes/api/index.ts';
import { kindsInUse as addressOfKindsInUse } from '../../kubernetes/protocols/api.ts';
import { views, type View } from './views.ts';

/** One served resource: its address, its place in etcd and the habits of its storage. */
export interface Served {
  readonly info: ResourceInfo;
  /** What this server calls it among its own: `pods`, `deployments.apps`. All versions in which one stored object is served share it. */
  readonly key: string;
  /** How its objects are shown where they are stored in another version. */
  readonly view?: View;
  /** Where its objects lie in etcd: `/registry/pods/`. */
  readonly prefix: string;
  /** Of what is made of several kinds: where these lie. */
  readonly prefixes?: readonly string[];
  /** The field whose value finds the watchers of an object without asking each. Models the TriggerFuncs of pkg/registry. */
  readonly trigger?: 'spec.nodeName' | 'metadata.name';
  /**
   * Whether a watch cache is kept of it. Models pkg/kubeapiserver/default_storage_factory_builder.go: DefaultWatchCacheSizes, which has none for Events.
   * Kinds that neither a component nor admission watches have none here either: an etcd watch for each would be opened at every start for nothing.
   */
  readonly watchCache: boolean;
  /** Whether who writes it must be known to hold what it gives, which takes the roles and bindings of the cluster: these themselves, and certificates. */
  readonly policy: boolean;
  /** Whether it is a question that is answered, and kept nowhere. */
  readonly review: boolean;
  /** Whether DELETE answers with the object that is gone, instead of a Status. */
  readonly returnsDeleted: boolean;
  /** Whether an update without resourceVersion overwrites what is there. */
  readonly unconditionalUpdate: boolean;
  /** What a definition says of it, where it is a custom kind: inside the server its objects are of the request's version. */
  readonly custom?: CustomKind;
}

/** What CustomResourceDefinitions are called: the server follows them itself. */
export const definitionsKey = 'customresourcedefinitions.apiextensions.k8s.io';

/** Upstream keeps the first names it ever gave: nodes are minions, services lie beside their endpoints. */
const unusualPrefixes: { readonly [key: string]: string } = {
  nodes: '/registry/minions/', services: '/registry/services/specs/', endpoints: '/registry/services/endpoints/', replicationcontrollers: '/registry/controllers/',
  'ingresses.networking.k8s.io': '/registry/ingress/', 'apiservices.apiregistration.k8s.io': '/registry/apiregistration.k8s.io/apiservices/',
  [definitionsKey]: '/registry/apiextensions.k8s.io/customresourcedefinitions/',
};
const returnDeleted = new Set([
  'pods', 'services', 'serviceaccounts', 'persistentvolumes', 'persistentvolumeclaims', 'podtemplates', 'resourcequotas',
  ...['storageclasses', 'csidrivers', 'csinodes', 'csistoragecapacities', 'volumeattachments', 'volumeattributesclasses'].map((resource) => `${resource}.storage.k8s.io`),
]);
/** The kinds whose strategies say no in AllowUnconditionalUpdate, by resource. */
const neverUnconditional = new Set([
  'leases', 'apiservices', 'customresourcedefinitions', 'poddisruptionbudgets', 'runtimeclasses', 'csidrivers', 'csinodes', 'csistoragecapacities', 'volumeattachments', 'flowschemas',
  'prioritylevelconfigurations', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings', 'ipaddresses', 'servicecidrs',
]);
const triggers: { readonly [key: string]: Served['trigger'] } = {
  pods: 'spec.nodeName', nodes: 'metadata.name', secrets: 'metadata.name', configmaps: 'metadata.name',
};
/** What the default of all Pods is found among: each new Pod may be given it. */
export const priorityClassesKey = 'priorityclasses.scheduling.k8s.io';
/** Acted on, but followed by no component. */
const unfollowed = new Set(['events', priorityClassesKey]);

/** What admission must know of at each request: as soon as there is one of them, requests are held against it. */
export const heldAgainst: ReadonlySet<string> = new Set(['limitranges', 'resourcequotas', ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map((kind) => `${kind}.admissionregistration.k8s.io`)]);

function serve(info: ResourceInfo): Served {
  const view = views[`${info.apiVersion} ${info.resource}`];
  const key = view?.key ?? groupResource(info);
  return {
    info, key, view,
    prefix: unusualPrefixes[key] ?? `/registry/${info.resource}/`,
    trigger: triggers[key],
    watchCache: (info.actedOn && key !== 'events' && !reviewResources.includes(info)) || heldAgainst.has(key),
    policy: ['rbac.authorization.k8s.io', 'certificates.k8s.io'].includes(info.group),
    review: reviewResources.includes(info),
    returnsDeleted: returnDeleted.has(key),
    unconditionalUpdate: !neverUnconditional.has(info.resource),
  };
}

/** Every resource that is stored, in the order of discovery. */
export const served: readonly Served[] = servedResources.map(serve);

/** The kinds that no component watches, each once, by where they lie. */
export const unwatchedKinds: ReadonlyMap<string, string> = new Map(served
  .filter(({ info, key }) => (!info.actedOn || unfollowed.has(key)) && info.kind !== 'Event').map(({ prefix, key }) => [prefix, key]));
/** Which of them there are objects of: see kinds-in-use.ts. */
export const kindsInUse: Served = {
  info: { ...addressOfKindsInUse, apiVersion: '', kind: 'KindInUse', namespaced: false, subresources: [], singular: 'kindinuse', shortNames: [], categories: [], actedOn: true },
  key: addressOfKindsInUse.resource, prefix: '/registry/', prefixes: [...unwatchedKinds.keys()], watchCache: true, policy: false, review: false, returnsDeleted: false, unconditionalUpdate: false,
};

const byKey = new Map<string, Served>(served.filter(({ view }) => view === undefined).map((one) => [one.key, one]));
const byStored = new Map<string, readonly Served[]>();
for (const one of served) byStored.set(one.key, [...byStored.get(one.key) ?? [], one]);

/** All versions (and groups) in which what is stored under a key is served. */
export const servedVersions = (key: string): readonly Served[] => byStored.get(key) ?? [];

const byResource = new Map<string, readonly Served[]>();
for (const one of [...served, ...reviewResources.map(serve), kindsInUse]) byResource.set(one.info.resource, [...byResource.get(one.info.resource) ?? [], one]);

/** How the resource of a request is served, or undefined. */
export function findServed(group: string, version: string, resource: string): Served | undefined {
  // Almost every name is one group's and one version's: no search for these.
  const all = byResource.get(resource) ?? [];
  for (const one of all) if (one.info.group === group && one.info.version === version) return one;
  return undefined;
}

/** How a resource named in our own code is served, in the version in which it is stored. */
export function servedAs(key: string): Served {
  const one = byKey.get(key);
  if (one === undefined) throw new Error(`${key} is not served`);
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
