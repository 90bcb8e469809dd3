import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type Pod, type PodTemplateSpec, type ReplicaSet } from '../../../kubernetes/api/index.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { defineCode, finished, type Answer, type ControllerCode, type ControllerEvent, type Listers, type ObjectNews, type ReactContext, type Reaction, type SyncContext, type SyncResult } from '../controller.ts';
import { creationsObserved, deletionObserved, expectCreations, expectDeletions, noExpectations, satisfied, type Expectations } from '../plans/expectations.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../plans/pod-state.ts';
import { podsToDelete } from '../plans/pods-to-delete.ts';
import { replicaSetKind, replicationControllerKind, type ReplicaKind } from '../plans/replica-kinds.ts';
import { countPod, replicaDifference, replicaSetStatus, sameStatus, slowStartBatch, tallyPods, type PodTally } from '../plans/replica-plan.ts';
import { adoptionPatch, releasePatch } from '../plans/claims.ts';
import { createPodOf } from '../plans/pod-from-template.ts';
import { isNamespaceGoing, messageOf, patch, read, remove, update } from '../requests.ts';

/** Where a sync stands between its calls. */
type Step =
  | { readonly at: 'adopting'; readonly orphans: readonly Pod[] }
  | { readonly at: 'claimed' }
  | { readonly at: 'creating'; readonly replicaSet: ReplicaSet; readonly tally: PodTally; readonly batch: number; readonly remaining: number }
  | { readonly at: 'deleting'; readonly replicaSet: ReplicaSet; readonly tally: PodTally; readonly victims: readonly Pod[] }
  | { readonly at: 'writing-status'; readonly error?: string; readonly replicaSet: ReplicaSet };
type Context = SyncContext<Memory, Step>;
type Result = SyncResult<Memory, Step>;

/** The count of a ReplicaSet's Pods, kept up to date by the news about them so that a sync need not go through them all. */
interface Kept { readonly uid: string; readonly template: PodTemplateSpec; readonly tally: PodTally }
interface Memory { readonly expectations: Expectations; readonly kept: PMap<string, Kept> }
const expecting = (memory: Memory, expectations: Expectations): Memory => (expectations === memory.expectations ? memory : { ...memory, expectations });
const without = (memory: Memory, key: string): Memory => ({ ...memory, expectations: memory.expectations.delete(key), kept: memory.kept.delete(key) });

/** Models pkg/controller/replicaset/replica_set.go: syncReplicaSet, manageReplicas and the event handlers. */
const replicaController = (kind: ReplicaKind): ControllerCode => defineCode<Memory, Step>({
  memory: () => ({ expectations: noExpectations, kept: PMap() }),
  react(news, context) {
    if (news.resource === kind.resource.resource) return reactToReplicaSet(news, context);
    return news.resource === 'pods' ? reactToPod(kind, news, context) : undefined;
  },
  sync(context) {
    const { step, answers } = context;
    if (step === undefined) return begin(kind, context);
    switch (step.at) {
      case 'adopting': return adopt(kind, context, step.orphans, answers[0]!);
      case 'claimed': return answers.every(({ ok, code }) => ok || code === 404) ? manage(kind, context) : { error: 'could not claim Pods' };
      case 'creating': return afterCreating(kind, context, step);
      case 'deleting': return afterDeleting(kind, context, step);
      case 'writing-status': return afterStatus(context, step);
    }
  },
});

export const replicaSetController = replicaController(replicaSetKind);
export const replicationControllerController = replicaController(replicationControllerKind);

function reactToReplicaSet(news: ObjectNews, { memory }: ReactContext<Memory>): Reaction<Memory> {
  const key = objectKey(news.object);
  if (news.type === 'deleted') return { keys: [key], memory: without(memory, key) };
  // Only our own status write comes back so: nothing to do about it, and `pods` tell of everything else.
  return { keys: [key] };
}

/** The ReplicaSet a Pod names as its controller, if the cache knows it under the same uid. */
function ownerOf(kind: ReplicaKind, pod: Pod, list: Listers): ReplicaSet | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== kind.kind) return undefined;
  const replicaSet = kind.get(list, pod.metadata.namespace ?? '', reference.name);
  return replicaSet?.metadata.uid === reference.uid ? replicaSet : undefined;
}

function wouldAdopt(kind: ReplicaKind, pod: Pod, list: Listers): readonly string[] {
  const keys: string[] = [];
  for (const replicaSet of kind.all(list)) {
    if (replicaSet.metadata.namespace === pod.metadata.namespace && compileLabelSelector(replicaSet.spec.selector).matches(pod.metadata.labels)) keys.push(objectKey(replicaSet));
  }
  return keys;
}

function reactToPod(kind: ReplicaKind, news: ObjectNews, context: ReactContext<Memory>): Reaction<Memory> | undefined {
  const { list } = context;
  const pod = news.object as Pod;
  const old = news.old as Pod | undefined;
  if (news.type === 'updated' && old !== undefined && sameForReplicaSets(old, pod)) return undefined;
  const replicaSet = ownerOf(kind, pod, list);
  const key = replicaSet === undefined ? '' : objectKey(replicaSet);
  const before = old === undefined || old.metadata.ownerReferences === pod.metadata.ownerReferences ? replicaSet : ownerOf(kind, old, list);
  const memory = recount(context, news, replicaSet, before);
  const leaving = news.type === 'deleted' || (pod.metadata.deletionTimestamp !== undefined && old?.metadata.deletionTimestamp === undefined);
  if (leaving) return replicaSet === undefined ? { memory } : { keys: [key], memory: expecting(memory, deletionObserved(memory.expectations, key, objectKey(pod))) };
  if (replicaSet === undefined) return { keys: [...(before === undefined ? [] : [objectKey(before)]), ...(controllerOf(pod) === undefined ? wouldAdopt(kind, pod, list) : [])], memory };
  if (news.type === 'added') return { keys: [key], memory: expecting(memory, creationsObserved(memory.expectations, key)) };
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0;
  const keys = before !== undefined && before !== replicaSet ? [objectKey(before), key] : [key];
  // A Pod that has just become ready will be available later, with nobody telling; a second more allows for rounding.
  if (minReadySeconds > 0 && isPodReady(pod) && !isPodReady(old!)) return { keys: [...keys, { key, afterUs: (minReadySeconds + 1) * 1_000_000 }], memory };
  return { keys, memory };
}

/** Count a Pod anew; where it changes hands, both sides are counted from the start by their next sync. */
function recount({ memory, nowUs }: ReactContext<Memory>, news: ObjectNews, now: ReplicaSet | undefined, before: ReplicaSet | undefined): Memory {
  if (now !== before) {
    const kept = [now, before].reduce((rest, replicaSet) => (replicaSet === undefined ? rest : rest.delete(objectKey(replicaSet))), memory.kept);
    return { ...memory, kept };
  }
  const key = now === undefined ? '' : objectKey(now);
  const known = memory.kept.get(key);
  if (now === undefined || known === undefined) return memory;
  let { tally } = known;
  if (news.old !== undefined) tally = countPod(tally, now, news.old as Pod, -1, nowUs);
  if (news.type !== 'deleted') tally = countPod(tally, now, news.object as Pod, 1, nowUs);
  return { ...memory, kept: memory.kept.set(key, { ...known, tally }) };
}

/** The Pods it controls: one that names it as an owner beside its controller is not its own. */
function* podsOf(list: Listers, uid: string): Iterable<Pod> {
  for (const pod of list('pods').byIndex('owner', uid)) if (controllerOf(pod)?.uid === uid) yield pod;
}

/** The count as kept, or made now. Availability that depends on the time of day is not kept. */
function tallyOf({ key, list, memory, nowUs }: Context, replicaSet: ReplicaSet): { readonly tally: PodTally; readonly memory: Memory } {
  const { uid = '' } = replicaSet.metadata;
  const { template } = replicaSet.spec;
  const pods = podsOf(list, uid);
  if ((replicaSet.spec.minReadySeconds ?? 0) > 0) return { tally: tallyPods(replicaSet, pods, nowUs), memory: memory.kept.has(key) ? { ...memory, kept: memory.kept.delete(key) } : memory };
  const known = memory.kept.get(key);
  if (known?.uid === uid && known.template === template) return { tally: known.tally, memory };
  const tally = tallyPods(replicaSet, pods, nowUs);
  return { tally, memory: { ...memory, kept: memory.kept.set(key, { uid, template, tally }) } };
}

/** Upstream syncs on each update of a Pod; these would find nothing to do. */
function sameForReplicaSets(old: Pod, pod: Pod): boolean {
  return old.metadata.labels === pod.metadata.labels && old.metadata.ownerReferences === pod.metadata.ownerReferences
    ? isPodActive(old) === isPodActive(pod) && isPodReady(old) === isPodReady(pod) && isPodTerminating(old) === isPodTerminating(pod)
    : false;
}

function begin(kind: ReplicaKind, context: Context): Result {
  const { namespace, name } = splitObjectKey(context.key);
  const replicaSet = kind.get(context.list, namespace, name);
  if (replicaSet === undefined) return { memory: without(context.memory, context.key) };
  const selector = compileLabelSelector(replicaSet.spec.selector);
  const strays: Pod[] = [];
  const { uid = '' } = replicaSet.metadata;
  for (const pod of context.list('pods').byIndex('owner', uid)) {
    if (!selector.matches(pod.metadata.labels) && pod.metadata.deletionTimestamp === undefined && controllerOf(pod)?.uid === uid) strays.push(pod);
  }
  const orphans: Pod[] = [];
  if (replicaSet.metadata.deletionTimestamp === undefined && context.list('pods').countByIndex('orphan', namespace) > 0) {
    for (const pod of context.list('pods').byIndex('orphan', namespace)) if (isPodActive(pod) && selector.matches(pod.metadata.labels)) orphans.push(pod);
  }
  // Adoption is decided on the live object: the cache might not know yet that it is being deleted.
  if (orphans.length > 0) return { requests: [read(kind.resource, namespace, name)], next: { at: 'adopting', orphans } };
  if (strays.length > 0) return { requests: strays.map((pod) => patch(pod, releasePatch(pod, replicaSet), 'application/strategic-merge-patch+json')), next: { at: 'claimed' } };
  return manage(kind, context);
}

function adopt(kind: ReplicaKind, context: Context, orphans: readonly Pod[], answer: Answer): Result {
  const { namespace, name } = splitObjectKey(context.key);
  const replicaSet = kind.get(context.list, namespace, name);
  const live = answer.body as ReplicaSet;
  if (!answer.ok || replicaSet === undefined || live.metadata.uid !== replicaSet.metadata.uid || live.metadata.deletionTimestamp !== undefined) return manage(kind, context);
  return { requests: orphans.map((pod) => patch(pod, adoptionPatch(pod, replicaSet), 'application/strategic-merge-patch+json')), next: { at: 'claimed' } };
}

/** The Pods of all ReplicaSets of the same Deployment: their nodes count as taken when Pods are chosen for deletion. */
function* relatedPods(kind: ReplicaKind, context: Context, replicaSet: ReplicaSet): Iterable<Pod> {
  const owner = controllerOf(replicaSet)?.uid;
  const siblings = owner === undefined ? [replicaSet] : kind.siblings(context.list, owner);
  for (const sibling of siblings) yield* podsOf(context.list, sibling.metadata.uid ?? '');
}

function manage(kind: ReplicaKind, context: Context): Result {
  const { key, list, nowUs } = context;
  const { namespace, name } = splitObjectKey(key);
  const replicaSet = kind.get(list, namespace, name);
  if (replicaSet === undefined) return { memory: without(context.memory, key) };
  const { tally, memory } = tallyOf(context, replicaSet);
  const { expectations } = memory;
  const { active } = tally;
  const wanted = replicaSet.spec.replicas ?? 1;
  const difference = replicaDifference(wanted, active);
  if (difference === 0 || replicaSet.metadata.deletionTimestamp !== undefined || !satisfied(expectations, key, nowUs)) return { ...writeStatus(kind, context, { replicaSet, tally }, undefined), memory };
  if (difference > 0) {
    return {
      requests: [createPodOf(replicaSet, replicaSet.spec.template)], next: { at: 'creating', replicaSet, tally, batch: 1, remaining: difference - 1 }, memory: expecting(memory, expectCreations(expectations, key, difference, nowUs)),
      notes: [{ name: 'replicas', text: `${kind.kind} ${key} wants ${wanted}, has ${active}: creating ${difference}` }],
    };
  }
  const victims = podsToDelete([...podsOf(list, replicaSet.metadata.uid ?? '')].filter(isPodActive), relatedPods(kind, context, replicaSet), -difference, nowUs);
  return {
    requests: victims.map((pod) => remove('pods', namespace, pod.metadata.name)), next: { at: 'deleting', replicaSet, tally, victims }, memory: expecting(memory, expectDeletions(expectations, key, victims.map(objectKey), nowUs)),
    notes: [{ name: 'replicas', text: `${kind.kind} ${key} wants ${wanted}, has ${active}: deleting ${victims.length}` }],
  };
}

/** Twice as many after a batch that went well; none after one that did not. */
function afterCreating(kind: ReplicaKind, context: Context, step: Step & { at: 'creating' }): Result {
  const { answers, key, memory } = context;
  const { replicaSet } = step;
  const events: ControllerEvent[] = [];
  let failed = 0; let error: string | undefined;
  for (const answer of answers) {
    if (answer.ok) { events.push({ regarding: replicaSet, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${(answer.body as Pod).metadata.name}` }); continue; }
    failed += 1;
    if (isNamespaceGoing(answer)) continue;
    error ??= messageOf(answer);
    events.push({ regarding: replicaSet, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${messageOf(answer)}` });
  }
  if (error === undefined && failed === 0 && step.remaining > 0) {
    const batch = slowStartBatch(step.batch, step.remaining);
    const requests = Array.from({ length: batch }, () => createPodOf(replicaSet, replicaSet.spec.template));
    return { requests, events, next: { ...step, batch, remaining: step.remaining - batch } };
  }
  const expectations = failed === 0 ? memory : expecting(memory, creationsObserved(memory.expectations, key, failed + step.remaining));
  return withExtra(writeStatus(kind, context, step, error), events, expectations);
}

function afterDeleting(kind: ReplicaKind, context: Context, step: Step & { at: 'deleting' }): Result {
  let { expectations } = context.memory;
  let error: string | undefined;
  const events = context.answers.flatMap((answer, index): ControllerEvent[] => {
    const pod = step.victims[index]!;
    if (answer.ok) return [{ regarding: step.replicaSet, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` }];
    expectations = deletionObserved(expectations, context.key, objectKey(pod));
    if (answer.code === 404) return [];
    error ??= messageOf(answer);
    return [{ regarding: step.replicaSet, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${messageOf(answer)}` }];
  });
  return withExtra(writeStatus(kind, context, step, error), events, expecting(context.memory, expectations));
}

const withExtra = (result: Result, events: readonly ControllerEvent[], memory: Memory): Result => ({ ...result, events, memory });

/** As upstream, the status tells of the Pods there were when the sync began; those made meanwhile come with the next one. */
function writeStatus(kind: ReplicaKind, { nowUs }: Context, { replicaSet, tally }: { readonly replicaSet: ReplicaSet; readonly tally: PodTally }, error: string | undefined): Result {
  const status = replicaSetStatus(replicaSet, tally, error, nowUs);
  const after: Step = { at: 'writing-status', replicaSet, ...(error === undefined ? {} : { error }) };
  if (sameStatus(replicaSet.status, status)) return end(after, replicaSet);
  return { requests: [update(kind.stored({ ...replicaSet, status } as ReplicaSet), 'status')], next: after };
}

function afterStatus(context: Context, step: Step & { at: 'writing-status' }): Result {
  const [answer] = context.answers;
  if (answer!.ok) return end(step, answer!.body as ReplicaSet);
  if (answer!.code === 404) return finished;
  return { error: messageOf(answer!) };
}

/** Models replica_set.go: syncReplicaSet's last lines: come back when the ready Pods will have become available. */
function end(step: Step & { at: 'writing-status' }, { spec, status }: ReplicaSet): Result {
  if (step.error !== undefined) return { error: step.error };
  const minReadySeconds = spec.minReadySeconds ?? 0;
  const waits = minReadySeconds > 0 && status?.readyReplicas === spec.replicas && status?.availableReplicas !== spec.replicas;
  return waits ? { requeueAfterUs: minReadySeconds * 1_000_000 } : finished;
}
