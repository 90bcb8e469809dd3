/** What a DaemonSet's controller makes of what it hears. Models pkg/controller/daemon/daemon_controller.go: the event handlers and syncNodeUpdate. */
import type { PMap } from '../../../simulation/collections/index.ts';
import { groupResource, objectKey, type KubeObject, type Node, type OwnerReference, type Pod } from '../../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { Listers, ObjectNews, ReactContext, Reaction } from '../controller.ts';
import type { BackOffs } from '../plans/back-off.ts';
import { revisionsResource } from '../plans/controller-revisions.ts';
import { placementOn } from '../plans/daemon-placement.ts';
import { creationsObserved, deletionObserved, type Expectations } from '../plans/expectations.ts';
import { isPodReady } from '../plans/pod-state.ts';

/** `written`: by key, the version of a status that was written, until the cache shows it. Models consistencyutil.ConsistencyStore. */
export interface DaemonMemory { readonly expectations: Expectations; readonly backOffs: BackOffs; readonly written: PMap<string, number> }
type Heard = Reaction<DaemonMemory> | undefined;
type Context = ReactContext<DaemonMemory>;

export const daemonSetsResource = { group: 'apps', version: 'v1', resource: 'daemonsets', namespaced: true } as const;
const sets = groupResource(daemonSetsResource);
const revisions = groupResource(revisionsResource);
export const setsIn = (list: Listers): Lister<DaemonSet> => list(sets as Parameters<Listers>[0]) as unknown as Lister<DaemonSet>;

export function hear(news: ObjectNews, context: Context): Heard {
  switch (news.resource as string) {
    case 'pods': return hearOfPod(news, context);
    case 'nodes': return hearOfNode(news);
    case sets: return news.type === 'deleted' ? { keys: [objectKey(news.object)], memory: forgetSet(context.memory, news.object) } : { keys: [objectKey(news.object)] };
    case revisions: return hearOfRevision(news, context);
    default: return undefined;
  }
}

/** One that comes anew under the same name begins afresh. */
export const forgetSet = (memory: DaemonMemory, { metadata, ...object }: KubeObject): DaemonMemory => {
  const key = objectKey({ ...object, metadata });
  return { expectations: memory.expectations.delete(key), backOffs: memory.backOffs.filter((_, one) => !one.startsWith(`${metadata.uid}/`)), written: memory.written.delete(key) };
};

/** Models resolveControllerRef. */
function setOf(list: Listers, namespace: string | undefined, reference: OwnerReference | undefined): DaemonSet | undefined {
  if (reference?.kind !== 'DaemonSet') return undefined;
  const set = setsIn(list).get(namespace ?? '', reference.name);
  return set?.metadata.uid === reference.uid ? set : undefined;
}

/** The sets whose selector matches. Models GetPodDaemonSets and GetHistoryDaemonSets. */
const suitors = (list: Listers, { metadata }: KubeObject): readonly string[] =>
  [...setsIn(list).all()].filter((set) => set.metadata.namespace === metadata.namespace && compileLabelSelector(set.spec.selector).matches(metadata.labels)).map(objectKey);

function hearOfRevision({ type, object, old }: ObjectNews, { list }: Context): Heard {
  const { namespace, deletionTimestamp } = object.metadata;
  const owner = controllerOf(object);
  const set = setOf(list, namespace, owner);
  if (type === 'deleted' || (type === 'added' && deletionTimestamp !== undefined)) return set === undefined ? undefined : { keys: [objectKey(set)] };
  if (type === 'added') return owner === undefined ? { keys: suitors(list, object) } : undefined;
  const before = controllerOf(old!);
  const changed = !deepEqual(before, owner);
  const former = changed ? setOf(list, namespace, before) : undefined;
  const keys = former === undefined ? [] : [objectKey(former)];
  if (owner !== undefined) return { keys: set === undefined ? keys : [...keys, objectKey(set)] };
  return { keys: changed || !deepEqual(object.metadata.labels, old!.metadata.labels) ? [...keys, ...suitors(list, object)] : keys };
}

function hearOfPod({ type, object, old: before }: ObjectNews, { list, memory }: Context): Heard {
  const pod = object as Pod;
  const { namespace, deletionTimestamp, labels } = pod.metadata;
  const owner = controllerOf(pod);
  const set = setOf(list, namespace, owner);
  const key = set === undefined ? '' : objectKey(set);
  if (type === 'deleted' || deletionTimestamp !== undefined) {
    return set === undefined ? undefined : { keys: [key], memory: { ...memory, expectations: deletionObserved(memory.expectations, key, pod.metadata.name) } };
  }
  if (type === 'added') {
    if (owner === undefined) return { keys: suitors(list, pod) };
    return set === undefined ? undefined : { keys: [key], memory: { ...memory, expectations: creationsObserved(memory.expectations, key) } };
  }
  const old = before as Pod;
  const changed = !deepEqual(controllerOf(old), owner);
  const former = changed ? setOf(list, namespace, controllerOf(old)) : undefined;
  const keys = former === undefined ? [] : [objectKey(former)];
  if (owner === undefined) return { keys: changed || !deepEqual(labels, old.metadata.labels) ? [...keys, ...suitors(list, pod)] : keys };
  if (set === undefined) return keys.length === 0 ? undefined : { keys };
  const { minReadySeconds = 0 } = set.spec;
  // One that has just become ready will be available later, with nobody telling; a second more allows for rounding.
  const later = minReadySeconds > 0 && isPodReady(pod) && !isPodReady(old) ? [{ key, afterUs: (minReadySeconds + 1) * 1_000_000 }] : [];
  return { keys: [...keys, key, ...later] };
}

/** Only labels and taints decide where daemons run. Models shouldIgnoreNodeUpdate. */
function hearOfNode({ type, object, old }: ObjectNews): Heard {
  if (type === 'deleted') return undefined;
  const [node, before] = [object as Node, old as Node | undefined];
  if (before !== undefined && deepEqual(node.metadata.labels, before.metadata.labels) && deepEqual(node.spec.taints, before.spec.taints)) return undefined;
  return { keys: [node.metadata.name] };
}

/** Keys of nodes have no slash. */
export const isNodeKey = (key: string): boolean => !key.includes('/');

/** The sets that a change of this node concerns. Models syncNodeUpdate. */
export function setsConcerned(list: Listers, name: string): readonly string[] {
  const node = list('nodes').get('', name);
  if (node === undefined) return [];
  const here = new Set<string>();
  for (const pod of list('pods').byIndex('node', name)) {
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet') here.add(`${pod.metadata.namespace}/${owner.name}`);
  }
  return [...setsIn(list).all()].filter((set) => {
    const { shouldRun, mayStay } = placementOn(node, set);
    return here.has(objectKey(set)) ? !mayStay || (set.status?.numberMisscheduled ?? 0) > 0 : shouldRun;
  }).map(objectKey);
}
