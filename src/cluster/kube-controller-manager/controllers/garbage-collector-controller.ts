import { objectKey, splitObjectKey, type KubeObject, type OwnerReference } from '../../../kubernetes/api/index.ts';
import { kindsInUse } from '../../../kubernetes/protocols/api.ts';
import { defineController, finished, type Answer, type ControllerRequest, type Listers, type SyncContext, type SyncResult } from '../controller.ts';
import { discover, discoveredKinds } from '../discovered-kinds.ts';
import {
  dependentsOf, emptyGraph, isBuiltIn, isForeground, isOrphaning, isSettled, keyOf, kindNamed, kindOfOwner, memberOfNews, ownerIn, sharedKinds, withAbsent, withDiscovered, withNews,
  type Kind, type Member, type ObjectGraph,
} from '../plans/object-graph.ts';
import { patchAt, read, remove } from '../requests.ts';

type Step =
  | { readonly at: 'reading' } | { readonly at: 'discovering'; readonly object: KubeObject } | { readonly at: 'discovering-kind' }
  | { readonly at: 'asking-owners'; readonly object: KubeObject; readonly asked: readonly OwnerReference[] }
  | { readonly at: 'orphaning'; readonly object: KubeObject; readonly dependents: readonly Member[] }
  | { readonly at: 'dropping'; readonly object: KubeObject; readonly uids: readonly string[] } | { readonly at: 'acting' }
  | { readonly at: 'unblocking'; readonly object: KubeObject };
type Context = SyncContext<ObjectGraph, Step>;
type Result = SyncResult<ObjectGraph, Step>;

const kindKey = 'kind ';
const startKey = 'kinds in use';

/**
 * Models pkg/controller/garbagecollector/garbagecollector.go and graph_builder.go. Keys: `<resource> <ns/name> <uid>`, or `kind <resource>` where there is the first object of a kind.
 * An object whose owners are all gone is deleted; one that is deleted in the foreground or orphaning waits for its dependents here.
 */
export const garbageCollectorController = defineController<ObjectGraph, Step>({
  name: 'garbage-collector-controller',
  serviceAccount: 'generic-garbage-collector',
  component: 'garbage-collector-controller',
  resources: sharedKinds,
  followsMore: true,
  concurrency: 20,
  limit: { qps: 40, burst: 60 },
  startsWith: [startKey],
  memory: () => emptyGraph,
  react(news, { list, memory }) {
    if (news.resource === kindsInUse.resource) return { keys: [kindKey + news.object.metadata.name] };
    const { object, old } = news;
    const { uid = '', ownerReferences, deletionTimestamp, namespace } = object.metadata;
    const graph = withNews(memory, news);
    const told = graph === memory ? undefined : { memory: graph };
    if (news.type === 'deleted') {
      const keys = dependentsOf(list, graph, uid).map(keyOf);
      for (const reference of ownerReferences ?? []) {
        const owner = ownerIn(list, graph, reference, namespace);
        if (owner !== undefined && isForeground(owner.object)) keys.push(keyOf(owner));
      }
      return keys.length === 0 ? told : { keys, memory: withAbsent(graph, uid) };
    }
    if (deletionTimestamp !== undefined) return isForeground(object) || isOrphaning(object) ? { ...told, keys: [keyOf(memberOfNews(news))] } : told;
    if (ownerReferences === undefined || ownerReferences === old?.metadata.ownerReferences) return told;
    return ownerReferences.some((owner) => ownerIn(list, graph, owner, namespace) === undefined) ? { ...told, keys: [keyOf(memberOfNews(news))] } : told;
  },
  sync(context) {
    const { key, step, answers, memory } = context;
    if (key === startKey) return { follow: [kindsInUse] };
    if (key.startsWith(kindKey)) return followKind(context, key.slice(kindKey.length));
    const [resource = '', name = ''] = key.split(' ');
    const { namespace, name: bare } = splitObjectKey(name);
    switch (step?.at) {
      case 'reading': return answers[0]!.code === 404 ? finished : answers[0]!.ok ? attempt(context, memory, answers[0]!.body as KubeObject) : { error: `could not read ${key}` };
      case 'discovering': return answers[0]!.ok ? attempt(context, withDiscovered(memory, discoveredKinds(answers[0]!)), step.object, true) : { error: 'could not find out what is served' };
      case 'asking-owners': return judge(context, step.object, step.asked);
      case 'orphaning': return orphaned(context, step);
      case 'dropping': return answers[0]!.code === 415 ? { requests: [mergeAway(context, { resource, object: step.object }, step.uids)], next: { at: 'acting' } } : acted(context);
      case 'acting': return acted(context);
      case 'unblocking': return unblocked(context, { resource, object: step.object });
      default: return isSettled(context.list, memory, resource, namespace, bare) ? finished : { requests: [read(kindNamed(memory, resource)!, namespace, bare)], next: { at: 'reading' } };
    }
  },
});

const acted = ({ answers, key }: Context): Result => (answers.every(({ ok, code }) => ok || code === 404) ? finished : { error: `could not collect ${key}` });

/** There is the first object of a kind, or a kind is gone. Models garbagecollector.go: resyncMonitors, which looks at what is discovered each 30 s. */
function followKind({ list, memory, step, answers }: Context, name: string): Result {
  if (list(kindsInUse.resource as Parameters<Listers>[0]).get('', name) === undefined) return { unfollow: [name], memory: { ...memory, followed: memory.followed.delete(name) } };
  const graph = step?.at === 'discovering-kind' && answers[0]!.ok ? withDiscovered(memory, discoveredKinds(answers[0]!)) : memory;
  const kind = kindNamed(graph, name);
  // A definition may have come anew, with another version.
  if (step === undefined && !isBuiltIn(name)) return { requests: [discover], next: { at: 'discovering-kind' } };
  if (kind === undefined) return { error: `${name} is not served` };
  return { follow: [kind], memory: { ...graph, followed: graph.followed.set(name, kind) } };
}

/** Models garbagecollector.go: attemptToDeleteItem, processDeletingDependentsItem and orphanDependents. */
function attempt(context: Context, graph: ObjectGraph, object: KubeObject, discovered = false): Result {
  const { key, list } = context;
  const { metadata } = object;
  const [resource = '', , uid = ''] = key.split(' ');
  if (metadata.uid !== uid) return finished;
  const kind = kindNamed(graph, resource)!;
  if (isOrphaning(object)) {
    const dependents = dependentsOf(list, graph, uid);
    if (dependents.length === 0) return dropFinalizer(kind, object, 'orphan');
    return { requests: dependents.map((dependent) => withoutOwners(graph, dependent, [uid])), next: { at: 'orphaning', object, dependents } };
  }
  if (isForeground(object)) {
    const blocking = dependentsOf(list, graph, uid).filter(({ object: dependent }) => dependent.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true));
    if (blocking.length === 0) return dropFinalizer(kind, object, 'foregroundDeletion');
    return { keys: blocking.filter((dependent) => dependent.object.metadata.deletionTimestamp === undefined).map(keyOf) };
  }
  const owners = metadata.ownerReferences ?? [];
  if (metadata.deletionTimestamp !== undefined || owners.length === 0) return finished;
  const asked = owners.filter((owner) => !graph.absent.has(owner.uid));
  if (asked.length === 0) return judge(context, object, asked);
  const kinds = asked.map((owner) => kindOfOwner(graph, owner));
  if (kinds.includes(undefined)) {
    return discovered ? { memory: graph, error: `no resource matches the owners of ${key}` } : { requests: [discover], next: { at: 'discovering', object } };
  }
  // An object of no namespace cannot have an owner in one: nothing will ever change that.
  if ((metadata.namespace ?? '') === '' && kinds.some((one) => one!.namespaced)) return { memory: graph };
  return { memory: graph, requests: asked.map((owner, index) => read(kinds[index]!, metadata.namespace, owner.name)), next: { at: 'asking-owners', object, asked } };
}

/** Owners are solid, dangling (gone), or waiting for this object's own end. */
function judge(context: Context, object: KubeObject, asked: readonly OwnerReference[]): Result {
  const answers: readonly Answer[] = asked.length === 0 ? [] : context.answers;
  if (answers.some(({ ok, code }) => !ok && code !== 404)) return { error: `could not read the owners of ${context.key}` };
  let { memory } = context;
  const goners: string[] = [];
  let waiting = 0; let solid = 0;
  for (const owner of object.metadata.ownerReferences ?? []) {
    const index = asked.indexOf(owner);
    const live = index < 0 || !answers[index]!.ok ? undefined : answers[index]!.body as KubeObject;
    if (live?.metadata.uid !== owner.uid) { goners.push(owner.uid); memory = withAbsent(memory, owner.uid); } else if (isForeground(live)) { waiting += 1; goners.push(owner.uid); } else solid += 1;
  }
  if (goners.length === 0) return { memory };
  const resource = context.key.split(' ')[0]!;
  if (solid > 0) return { memory, requests: [withoutOwners(memory, { resource, object }, goners)], next: { at: 'dropping', object, uids: goners } };
  const { finalizers = [], uid, resourceVersion, namespace, name } = object.metadata;
  const hasDependents = waiting > 0 && dependentsOf(context.list, memory, uid ?? '').length > 0;
  if (hasDependents && dependentsOf(context.list, memory, uid ?? '').some((dependent) => isForeground(dependent.object))) return { memory, ...unblocking(memory, { resource, object }) };
  const propagationPolicy = hasDependents || finalizers.includes('foregroundDeletion') ? 'Foreground' : finalizers.includes('orphan') ? 'Orphan' : 'Background';
  return {
    memory, requests: [remove(kindNamed(memory, resource)!, namespace, name, { propagationPolicy, preconditions: { uid, resourceVersion } })], next: { at: 'acting' },
    notes: [{ name: 'garbage', text: `${object.kind} ${objectKey(object)} has lost its owner: deleting it` }],
  };
}

/** Its owners and its dependents wait for each other, perhaps in a circle: its owners are not to wait for it. Models unblockOwnerReferencesStrategicMergePatch. */
function unblocking(graph: ObjectGraph, { resource, object }: Member, merging = false): Result {
  const { uid, resourceVersion, namespace, name, ownerReferences = [] } = object.metadata;
  const free = ownerReferences.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  const body = merging ? { metadata: { resourceVersion, ownerReferences: free } } : { metadata: { uid, ownerReferences: free } };
  return { requests: [patchAt(kindNamed(graph, resource)!, namespace, name, body, merging ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json')], next: { at: 'unblocking', object } };
}

function unblocked(context: Context, { resource, object }: Member): Result {
  const [answer] = context.answers;
  if (answer!.code === 415) return unblocking(context.memory, { resource, object }, true);
  if (!answer!.ok) return acted(context);
  const { uid, resourceVersion, namespace, name } = (answer!.body as KubeObject).metadata;
  return { requests: [remove(kindNamed(context.memory, resource)!, namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid, resourceVersion } })], next: { at: 'acting' } };
}

/** Dependents of kinds without merge keys are asked once more, in a form that they take. */
function orphaned(context: Context, { object, dependents }: Extract<Step, { at: 'orphaning' }>): Result {
  const { answers, key, memory } = context;
  const unfit = dependents.filter((_, index) => answers[index]!.code === 415);
  if (unfit.length > 0) return { requests: unfit.map((dependent) => mergeAway(context, dependent, [object.metadata.uid ?? ''])), next: { at: 'orphaning', object, dependents: unfit } };
  if (!answers.every(({ ok, code }) => ok || code === 404)) return { error: `could not orphan the dependents of ${key}` };
  return dropFinalizer(kindNamed(memory, key.split(' ')[0]!)!, object, 'orphan');
}

function withoutOwners(graph: ObjectGraph, { resource, object }: Member, uids: readonly string[]): ControllerRequest {
  const { uid, namespace, name } = object.metadata;
  return patchAt(kindNamed(graph, resource)!, namespace, name, { metadata: { uid, ownerReferences: uids.map((one) => ({ $patch: 'delete', uid: one })) } }, 'application/strategic-merge-patch+json');
}

/** Models patch.go: deleteOwnerRefJSONMergePatch. */
function mergeAway({ memory }: Context, { resource, object }: Member, uids: readonly string[]): ControllerRequest {
  const { resourceVersion, namespace, name, ownerReferences = [] } = object.metadata;
  const kept = ownerReferences.filter(({ uid }) => !uids.includes(uid));
  return patchAt(kindNamed(memory, resource)!, namespace, name, { metadata: { resourceVersion, ownerReferences: kept } }, 'application/merge-patch+json');
}

/** Models operations.go: removeFinalizer. */
function dropFinalizer(kind: Kind, { metadata }: KubeObject, finalizer: string): Result {
  const finalizers = (metadata.finalizers ?? []).filter((other) => other !== finalizer);
  return { requests: [patchAt(kind, metadata.namespace, metadata.name, { metadata: { resourceVersion: metadata.resourceVersion, finalizers } }, 'application/merge-patch+json')], next: { at: 'acting' } };
}
