import { PMap } from '../../../simulation/collections/index.ts';
import { findResource, objectKey, resourceOfKind, splitObjectKey, type KubeObject, type ModelledResource, type OwnerReference } from '../../../kubernetes/api/index.ts';
import { defineController, finished, type Answer, type Listers, type SyncContext, type SyncResult } from '../controller.ts';
import { patch, read, remove, update } from '../requests.ts';

/** Uids that were seen to be gone: their dependents need not ask again. Upstream's absentOwnerCache. */
type Absent = PMap<string, true>;
type Step =
  | { readonly at: 'reading' } | { readonly at: 'asking-owners'; readonly object: KubeObject; readonly asked: readonly OwnerReference[] }
  | { readonly at: 'orphaning'; readonly object: KubeObject } | { readonly at: 'acting' };
type Context = SyncContext<Absent, Step>;
type Result = SyncResult<Absent, Step>;

/** The kinds in the graph. */
const resources = ['pods', 'replicasets', 'deployments', 'services', 'endpointslices', 'configmaps', 'secrets', 'serviceaccounts'] as const satisfies readonly ModelledResource[];
const absentLimit = 500;

/**
 * Models pkg/controller/garbagecollector/garbagecollector.go and graph_builder.go; the graph is the informers' owner index. Keys: `<resource> <ns/name> <uid>`.
 * An object whose owners are all gone is deleted; one that is deleted in the foreground or orphaning waits for its dependents here.
 */
export const garbageCollectorController = defineController<Absent, Step>({
  name: 'garbage-collector-controller',
  serviceAccount: 'generic-garbage-collector',
  component: 'garbage-collector-controller',
  resources,
  concurrency: 20,
  limit: { qps: 40, burst: 60 },
  memory: () => PMap(),
  react(news, { list, memory }) {
    const { object, old } = news;
    const { uid = '', ownerReferences, deletionTimestamp } = object.metadata;
    if (news.type === 'deleted') {
      const keys = dependentsOf(list, uid).map(keyOf);
      for (const owner of ownerReferences ?? []) {
        const waiting = cached(list, owner, object.metadata.namespace);
        if (waiting !== undefined && isForeground(waiting)) keys.push(keyOf(waiting));
      }
      return keys.length === 0 ? undefined : { keys, memory: (memory.size >= absentLimit ? memory.clear() : memory).set(uid, true) };
    }
    if (deletionTimestamp !== undefined) return isForeground(object) || isOrphaning(object) ? { keys: [keyOf(object)] } : undefined;
    if (ownerReferences === undefined || ownerReferences === old?.metadata.ownerReferences) return undefined;
    return ownerReferences.some((owner) => cached(list, owner, object.metadata.namespace) === undefined) ? { keys: [keyOf(object)] } : undefined;
  },
  sync(context) {
    const { key, step, answers } = context;
    const [resource, name] = key.split(' ') as [string, string];
    const { namespace, name: bare } = splitObjectKey(name);
    switch (step?.at) {
      case undefined: return { requests: [read(findResource(resource)!, namespace, bare)], next: { at: 'reading' } };
      case 'reading': return answers[0]!.code === 404 ? finished : answers[0]!.ok ? attempt(context, answers[0]!.body as KubeObject) : { error: `could not read ${key}` };
      case 'asking-owners': return judge(context, step.object, step.asked, answers);
      case 'orphaning': return answers.every(({ ok, code }) => ok || code === 404) ? dropFinalizer(step.object, 'orphan') : { error: `could not orphan the dependents of ${key}` };
      case 'acting': return answers.every(({ ok, code }) => ok || code === 404) ? finished : { error: `could not collect ${key}` };
    }
  },
});

const infoOf = ({ kind, apiVersion }: Pick<OwnerReference, 'kind' | 'apiVersion'>) => resourceOfKind(kind, apiVersion);
const keyOf = (object: KubeObject): string => `${infoOf(object)?.resource ?? ''} ${objectKey(object)} ${object.metadata.uid ?? ''}`;
const isForeground = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes('foregroundDeletion') ?? false);
const isOrphaning = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes('orphan') ?? false);

function cached(list: Listers, owner: OwnerReference, namespace: string | undefined): KubeObject | undefined {
  const info = infoOf(owner);
  if (info === undefined || (info.resource !== 'nodes' && !(resources as readonly string[]).includes(info.resource))) return undefined;
  const object: KubeObject | undefined = list(info.resource as ModelledResource).get(info.namespaced ? namespace ?? '' : '', owner.name);
  return object?.metadata.uid === owner.uid ? object : undefined;
}

function dependentsOf(list: Listers, uid: string): KubeObject[] {
  const dependents: KubeObject[] = [];
  for (const resource of resources) if (list(resource).countByIndex('owner', uid) > 0) dependents.push(...list(resource).byIndex('owner', uid));
  return dependents;
}

/** Models garbagecollector.go: attemptToDeleteItem, processDeletingDependentsItem and orphanDependents. */
function attempt(context: Context, object: KubeObject): Result {
  const { key, list, memory } = context;
  const { metadata } = object;
  if (metadata.uid !== key.split(' ')[2]) return finished;
  if (isOrphaning(object)) {
    const dependents = dependentsOf(list, metadata.uid ?? '');
    if (dependents.length === 0) return dropFinalizer(object, 'orphan');
    return { requests: dependents.map((dependent) => withoutOwners(dependent, [metadata.uid ?? ''])), next: { at: 'orphaning', object } };
  }
  if (isForeground(object)) {
    const blocking = dependentsOf(list, metadata.uid ?? '').filter((dependent) => dependent.metadata.ownerReferences?.some(({ uid, blockOwnerDeletion }) => uid === metadata.uid && blockOwnerDeletion === true));
    if (blocking.length === 0) return dropFinalizer(object, 'foregroundDeletion');
    return { keys: blocking.filter((dependent) => dependent.metadata.deletionTimestamp === undefined).map(keyOf) };
  }
  const owners = metadata.ownerReferences ?? [];
  if (metadata.deletionTimestamp !== undefined || owners.length === 0) return finished;
  const asked = owners.filter((owner) => !memory.has(owner.uid) && infoOf(owner) !== undefined);
  if (asked.length === 0) return judge(context, object, asked, []);
  return { requests: asked.map((owner) => read(infoOf(owner)!, metadata.namespace, owner.name)), next: { at: 'asking-owners', object, asked } };
}

/** Owners are solid, dangling (gone), or waiting for this object's own end. */
function judge(context: Context, object: KubeObject, asked: readonly OwnerReference[], answers: readonly Answer[]): Result {
  if (answers.some(({ ok, code }) => !ok && code !== 404)) return { error: `could not read the owners of ${context.key}` };
  let { memory } = context;
  const goners: string[] = [];
  let waiting = 0; let solid = 0;
  for (const owner of object.metadata.ownerReferences ?? []) {
    const index = asked.indexOf(owner);
    const live = index < 0 ? undefined : answers[index]!.body as KubeObject;
    const there = index >= 0 && answers[index]!.ok && live!.metadata.uid === owner.uid;
    if (!there && index < 0 && !memory.has(owner.uid)) { solid += 1; continue; }
    if (!there) { goners.push(owner.uid); memory = (memory.size >= absentLimit ? memory.clear() : memory).set(owner.uid, true); } else if (isForeground(live!) && owner.blockOwnerDeletion === true) { waiting += 1; goners.push(owner.uid); } else solid += 1;
  }
  if (goners.length === 0) return { memory };
  if (solid > 0) return { memory, requests: [withoutOwners(object, goners)], next: { at: 'acting' } };
  const { finalizers = [], uid, resourceVersion, namespace, name } = object.metadata;
  const hasDependents = waiting > 0 && dependentsOf(context.list, uid ?? '').length > 0;
  const propagationPolicy = hasDependents || finalizers.includes('foregroundDeletion') ? 'Foreground' : finalizers.includes('orphan') ? 'Orphan' : 'Background';
  return {
    memory, requests: [remove(infoOf(object)!, namespace, name, { propagationPolicy, preconditions: { uid, resourceVersion } })], next: { at: 'acting' },
    notes: [{ name: 'garbage', text: `${object.kind} ${objectKey(object)} has lost its owner: deleting it` }],
  };
}

function withoutOwners(object: KubeObject, uids: readonly string[]) {
  const body = { metadata: { uid: object.metadata.uid, ownerReferences: uids.map((uid) => ({ $patch: 'delete', uid })) } };
  return patch(object, body, 'application/strategic-merge-patch+json');
}

function dropFinalizer(object: KubeObject, finalizer: string): Result {
  const finalizers = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  return { requests: [update({ ...object, metadata: { ...object.metadata, finalizers } })], next: { at: 'acting' } };
}
