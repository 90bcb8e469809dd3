/** One sync of a StatefulSet from its start to its end. Models pkg/controller/statefulset/stateful_set.go: sync, and stateful_set_control.go: UpdateStatefulSet, performUpdate, truncateHistory. */
import type { KubeObject, Pod } from '../../../kubernetes/api/index.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { isAlreadyThere, messageOf, patch, read, update, type Resource } from '../requests.ts';
import { adoptionPatch, releasePatch } from './claims.ts';
import { claimsOf, createRevision, equalData, equalRevisions, newRevision, nextNumber, numberOf, readRevision, removeRevision, renamed, renumber, sortedRevisions, surplusRevisions, type ControllerRevision } from './controller-revisions.ts';
import { isPodReady, readyCondition } from './pod-state.ts';
import { ask, type Procedure } from './procedure.ts';
import { bringForward, completed, isInconsistent, printed } from './stateful-order.ts';
import { aggregate, type Sync } from './stateful-pods.ts';
import { asObject, isAvailable, isMemberOf, revisionOf, type Claim, type Revision, type StatefulSet, type StatefulSetStatus } from './stateful-set.ts';

/** What the caches showed when the sync began. `candidates` are its own Pods and those that nobody manages, `revisions` all of the namespace. */
export interface Known { readonly set: StatefulSet; readonly candidates: readonly Pod[]; readonly revisions: readonly ControllerRevision[]; readonly claims: ReadonlyMap<string, Claim>; readonly nowUs: number }

/** How it ended, and when to look again. */
export interface Outcome { readonly error?: string; readonly again?: number }

const setResource: Resource = { group: 'apps', version: 'v1', resource: 'statefulsets', namespaced: true };
const strategic = 'application/strategic-merge-patch+json';

/** An adoption is decided on the live object: the cache might not know yet that it is being deleted. Models RecheckDeletionTimestamp. */
function* refusalToAdopt({ metadata: { namespace, name, uid } }: StatefulSet): Procedure<string | undefined> {
  const answer = yield* ask(read(setResource, namespace, name));
  if (!answer.ok) return messageOf(answer);
  const live = (answer.body as unknown as StatefulSet).metadata;
  if (live.uid !== uid) return `original StatefulSet ${namespace}/${name} is gone: got uid ${live.uid}, wanted ${uid}`;
  return live.deletionTimestamp === undefined ? undefined : `${namespace}/${name} has just been deleted at ${live.deletionTimestamp}`;
}

/** The Pods that are the set's: strangers of its own are let go, orphans that match are taken in. Models PodControllerRefManager.ClaimPods. */
function* claimPods({ set, candidates }: Known): Procedure<{ readonly pods: readonly Pod[]; readonly error?: string }> {
  const selector = compileLabelSelector(set.spec.selector);
  const leaving = set.metadata.deletionTimestamp !== undefined;
  const pods: Pod[] = [];
  const errors: string[] = [];
  let refusal: { readonly words: string | undefined } | undefined;
  for (const pod of candidates) {
    const matches = selector.matches(pod.metadata.labels) && isMemberOf(set, pod);
    const owned = controllerOf(pod) !== undefined;
    if (owned && matches) pods.push(pod);
    if (leaving || owned === matches || (!owned && pod.metadata.deletionTimestamp !== undefined)) continue;
    if (!owned) refusal ??= { words: yield* refusalToAdopt(set) };
    if (refusal?.words !== undefined && !owned) {
      errors.push(`can't adopt Pod ${pod.metadata.namespace}/${pod.metadata.name} (${pod.metadata.uid}): ${refusal.words}`);
      continue;
    }
    const answer = yield* ask(patch(pod, owned ? releasePatch(pod, asObject(set)) : adoptionPatch(pod, asObject(set)), strategic));
    if (answer.ok && !owned) pods.push(pod);
    else if (!answer.ok && answer.code !== 404 && !(owned && answer.code === 422)) errors.push(messageOf(answer));
  }
  return errors.length === 0 ? { pods } : { pods, error: aggregate(errors) };
}

/** The set's Pod template as a revision keeps it. Models ApplyRevision. */
function templateIn({ metadata: { name }, data }: ControllerRevision): Revision {
  const { $patch: _replace, ...template } = (data as { readonly spec: { readonly template: StatefulSet['spec']['template'] & { readonly $patch?: string } } }).spec.template;
  return { name, template };
}

interface Revisions { readonly current: ControllerRevision; readonly update: ControllerRevision; readonly collisionCount: number }

/** The revision that the Pods were of and the one that they are to be of; a new template makes a new one, one that was there before counts again. Models getStatefulSetRevisions. */
function* findRevisions({ set }: Known, revisions: readonly ControllerRevision[]): Procedure<Revisions | { readonly error: string }> {
  let collisionCount = set.status?.collisionCount ?? 0;
  const wanted = newRevision(asObject(set), set.spec.template, nextNumber(revisions), collisionCount);
  let found = equalRevisions(revisions, wanted).at(-1);
  if (found !== undefined && found !== revisions.at(-1)) {
    const answer = yield* ask(renumber(found, numberOf(wanted)));
    if (!answer.ok) return { error: messageOf(answer) };
    found = answer.body as ControllerRevision;
  } else if (found === undefined) {
    const made = yield* makeRevision(asObject(set), wanted, collisionCount);
    if ('error' in made) return made;
    ({ found, collisionCount } = made);
  }
  return { current: revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? found, update: found, collisionCount };
}

/** Models CreateControllerRevision: under another name where that of another is taken. */
function* makeRevision(set: KubeObject, wanted: ControllerRevision, before: number): Procedure<{ readonly found: ControllerRevision; readonly collisionCount: number } | { readonly error: string }> {
  for (let collisionCount = before; ; collisionCount += 1) {
    const named = renamed(wanted, set, collisionCount);
    const answer = yield* ask(createRevision(named));
    if (answer.ok) return { found: answer.body as ControllerRevision, collisionCount };
    if (!isAlreadyThere(answer)) return { error: messageOf(answer) };
    const there = yield* ask(readRevision(named));
    if (!there.ok) return { error: messageOf(there) };
    if (equalData(there.body as ControllerRevision, wanted)) return { found: there.body as ControllerRevision, collisionCount };
  }
}

/** Orphans of the history become the set's. Models adoptOrphanRevisions. */
function* adoptRevisions({ set }: Known, orphans: readonly ControllerRevision[]): Procedure<string | undefined> {
  if (orphans.length === 0) return undefined;
  const refusal = yield* refusalToAdopt(set);
  if (refusal !== undefined) return `can't adopt ControllerRevisions: ${refusal}`;
  for (const revision of orphans) {
    const answer = yield* ask(patch(revision, adoptionPatch(revision, asObject(set)), strategic));
    if (!answer.ok) return messageOf(answer);
  }
  return undefined;
}

/** Of revisions that nothing is of any more only the newest are kept. Models truncateHistory. */
function* truncateHistory({ set }: Known, pods: readonly Pod[], revisions: readonly ControllerRevision[], live: readonly ControllerRevision[]): Procedure<string | undefined> {
  const names = new Set([...live.map(({ metadata }) => metadata.name), ...pods.map(revisionOf)]);
  const limit = set.spec.revisionHistoryLimit ?? 10;
  if (limit < 0) return undefined;
  for (const revision of surplusRevisions(revisions, ({ metadata }) => names.has(metadata.name), limit, 'unused')) {
    const answer = yield* ask(removeRevision(revision));
    if (!answer.ok) return messageOf(answer);
  }
  return undefined;
}

function* writeStatus({ set }: Known, status: StatefulSetStatus): Procedure<string | undefined> {
  if (!isInconsistent(set, status)) return undefined;
  const answer = yield* ask(update({ ...asObject(set), status: printed(status) }, 'status'));
  return answer.ok ? undefined : messageOf(answer);
}

/** When the next of the ready Pods will have been ready for long enough. Models FindMinNextPodAvailabilityCheck and the end of syncStatefulSet. */
function nextCheck({ set, nowUs }: Known, pods: readonly Pod[], { readyReplicas = 0, availableReplicas }: StatefulSetStatus): Outcome {
  const minReadyUs = (set.spec.minReadySeconds ?? 0) * 1_000_000;
  if (minReadyUs === 0 || readyReplicas === availableReplicas) return {};
  const waits = pods.filter((pod) => isPodReady(pod) && !isAvailable(set, pod, nowUs)).map((pod) => (parseTime(readyCondition(pod)?.lastTransitionTime) ?? nowUs) + minReadyUs - nowUs);
  return { again: waits.length === 0 ? minReadyUs : Math.min(...waits) };
}

export function* syncSet(sync: Sync, known: Known): Procedure<Outcome> {
  const { set } = known;
  const { owned, orphans } = claimsOf(known.revisions, asObject(set), set.spec.selector ?? {});
  const revisions = sortedRevisions([...owned, ...orphans]);
  const unadopted = yield* adoptRevisions(known, orphans);
  if (unadopted !== undefined) return { error: unadopted };
  const { pods, error: unclaimed } = yield* claimPods(known);
  if (unclaimed !== undefined) return { error: unclaimed };
  const found = yield* findRevisions(known, revisions);
  if ('error' in found) {
    const left = yield* truncateHistory(known, pods, revisions, []);
    return { error: aggregate([found.error, ...(left === undefined ? [] : [left])]) };
  }
  const { current, update: wanted, collisionCount } = found;
  const { status, error } = yield* bringForward(sync, pods, { current: templateIn(current), update: templateIn(wanted), collisionCount });
  const final = completed(set, status);
  const unwritten = yield* writeStatus(known, final);
  const failed = error ?? unwritten;
  const left = yield* truncateHistory(known, pods, revisions, [current, wanted]);
  const errors = [failed, left].filter((one) => one !== undefined);
  return errors.length > 0 ? { error: aggregate(errors) } : nextCheck(known, pods, final);
}
