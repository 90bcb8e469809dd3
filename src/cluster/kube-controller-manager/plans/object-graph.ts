/** What the garbage collector knows beyond the shared informers' owner indices: custom kinds, and who of the kinds it follows depends on whom. Models pkg/controller/garbagecollector/graph.go. */
import { PMap } from '../../../simulation/collections/index.ts';
import { groupResource, objectKey, resourceOfKind, servedResources, type KubeObject, type OwnerReference, type ResourceInfo } from '../../../kubernetes/api/index.ts';
import type { Listers, ObjectNews } from '../controller.ts';
import type { DiscoveredKind } from '../discovered-kinds.ts';
import { sharedInformers } from '../informers.ts';

export type Kind = Pick<ResourceInfo, 'group' | 'version' | 'resource' | 'namespaced' | 'kind'>;

/** An object, and what errors would call its resource. */
export interface Member { readonly resource: string; readonly object: KubeObject }

export interface ObjectGraph {
  /** Uids that were seen to be gone: their dependents need not ask again. Upstream's absentOwnerCache. */
  readonly absent: PMap<string, true>;
  /** Kinds that users have defined, as last discovered, by `widgets.example.com`. */
  readonly custom: PMap<string, Kind>;
  /** The kinds that are followed because there is something of them. */
  readonly followed: PMap<string, Kind>;
  /** Objects of kinds that have no shared informer, by the uid of an owner and their own. */
  readonly dependents: PMap<string, PMap<string, Member>>;
}

export const emptyGraph: ObjectGraph = { absent: PMap(), custom: PMap(), followed: PMap(), dependents: PMap() };
const absentLimit = 500;
const none: PMap<string, Member> = PMap();

const shared = sharedInformers.filter(({ indices }) => indices?.owner !== undefined);
/** The resources whose shared informers know owners, and what errors call them. */
export const sharedKinds = shared.map(({ resource }) => resource) as readonly Parameters<Listers>[0][];
const nameOfShared = new Map<string, string>(shared.map((spec) => [spec.resource, groupResource(spec)]));
const sharedByName = new Map<string, string>(shared.map((spec) => [groupResource(spec), spec.resource]));
const builtIn = new Map<string, Kind>();
for (const info of servedResources) if (!builtIn.has(groupResource(info))) builtIn.set(groupResource(info), info);

export const memberOfNews = ({ resource, object }: ObjectNews): Member => ({ resource: nameOfShared.get(resource) ?? resource, object });
export const keyOf = ({ resource, object }: Member): string => `${resource} ${objectKey(object)} ${object.metadata.uid ?? ''}`;

export const kindNamed = ({ custom }: ObjectGraph, name: string): Kind | undefined => builtIn.get(name) ?? custom.get(name);
export const isBuiltIn = (name: string): boolean => builtIn.has(name);

/** Models meta.RESTMapper over what was discovered. */
export function kindOfOwner({ custom }: ObjectGraph, { apiVersion, kind }: Pick<OwnerReference, 'kind' | 'apiVersion'>): Kind | undefined {
  const known = resourceOfKind(kind, apiVersion);
  if (known !== undefined) return known;
  const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
  for (const one of custom.values()) if (one.kind === kind && one.group === group) return one;
  return undefined;
}

export const isForeground = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes('foregroundDeletion') ?? false);
export const isOrphaning = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes('orphan') ?? false);

export const withAbsent = (graph: ObjectGraph, uid: string): ObjectGraph => ({ ...graph, absent: (graph.absent.size >= absentLimit ? graph.absent.clear() : graph.absent).set(uid, true) });

export function withDiscovered(graph: ObjectGraph, kinds: readonly DiscoveredKind[]): ObjectGraph {
  return { ...graph, custom: PMap(kinds.filter((kind) => !builtIn.has(groupResource(kind))).map((kind) => [groupResource(kind), kind])) };
}

/** Keeps who depends on whom; the shared informers do so for theirs. */
export function withNews(graph: ObjectGraph, { type, resource, object, old }: ObjectNews): ObjectGraph {
  if (nameOfShared.has(resource)) return graph;
  const before = old?.metadata.ownerReferences ?? [];
  const after = type === 'deleted' ? [] : object.metadata.ownerReferences ?? [];
  if (before.length + after.length === 0) return graph;
  const uid = object.metadata.uid ?? '';
  let { dependents } = graph;
  for (const owner of before) {
    const rest = (dependents.get(owner.uid) ?? none).delete(uid);
    dependents = rest.size === 0 ? dependents.delete(owner.uid) : dependents.set(owner.uid, rest);
  }
  for (const owner of after) dependents = dependents.set(owner.uid, (dependents.get(owner.uid) ?? none).set(uid, { resource, object }));
  return { ...graph, dependents };
}

export function dependentsOf(list: Listers, graph: ObjectGraph, uid: string): Member[] {
  const members: Member[] = [];
  for (const resource of sharedKinds) {
    const lister = list(resource);
    if (lister.countByIndex('owner', uid) > 0) for (const object of lister.byIndex('owner', uid) as Iterable<KubeObject>) members.push({ resource: nameOfShared.get(resource)!, object });
  }
  graph.dependents.get(uid)?.forEach((member) => { members.push(member); });
  return members;
}

/** An object, where an informer has it. */
function observed(list: Listers, { followed }: ObjectGraph, resource: string, namespace: string, name: string): KubeObject | undefined {
  const informer = sharedByName.get(resource) ?? (followed.has(resource) ? resource : undefined);
  return informer === undefined ? undefined : list(informer as Parameters<Listers>[0]).get(namespace, name) as KubeObject | undefined;
}

/** The owner, where an informer has it. */
export function ownerIn(list: Listers, graph: ObjectGraph, owner: OwnerReference, namespace: string | undefined): Member | undefined {
  const kind = kindOfOwner(graph, owner);
  if (kind === undefined) return undefined;
  const resource = groupResource(kind);
  const object = observed(list, graph, resource, kind.namespaced ? namespace ?? '' : '', owner.name);
  return object?.metadata.uid === owner.uid ? { resource, object } : undefined;
}

/** Whether every owner has come in sight meanwhile, so that there is nothing to ask. Models attemptToDeleteWorker, which forgets virtual nodes that were observed since. */
export function isSettled(list: Listers, graph: ObjectGraph, resource: string, namespace: string, name: string): boolean {
  const object = observed(list, graph, resource, namespace, name);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return false;
  return (object.metadata.ownerReferences ?? []).every((reference) => {
    const owner = ownerIn(list, graph, reference, object.metadata.namespace);
    return owner !== undefined && !isForeground(owner.object);
  });
}
