import { objectKey, splitObjectKey, type Deployment, type KubeObject, type Pod, type ReplicaSet } from '../../../kubernetes/api/index.ts';
import { findCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { defineCode, finished, type Answer, type ControllerEvent, type Listers, type ObjectNews, type ReactContext, type SyncContext, type SyncResult } from '../controller.ts';
import { adoptionPatch, releasePatch } from '../plans/claims.ts';
import { calculateStatus, hasProgressDeadline, isComplete, newCondition, rolloutStatus, untilDeadlineUs, withCondition } from '../plans/deployment-status.ts';
import { findNewReplicaSet, makeReplicaSet, maxRevision, newSetAnnotations, revisionAnnotation, revisionOf, sameTemplate, sizeAnnotations, surplusHistory } from '../plans/revisions.ts';
import { desiredAnnotation, isActive, newReplicaSetSize, replicasOf, scaleProportionally, shrinkOld, sumReplicas, wantedBy, type Scale } from '../plans/rollout-plan.ts';
import { create, messageOf, patch, read, remove, update } from '../requests.ts';

/** What a sync is after: to follow a change of size (or rest, paused), to roll out, or only to tell the status. */
type Aim = 'size' | 'rolling-update' | 'recreate' | 'recreate-now' | 'status';

/** The Deployment as this sync sees it, and its ReplicaSets; carried from step to step, as upstream's local variables are. */
interface Rollout { readonly aim: Aim; readonly deployment: Deployment; readonly newSet: ReplicaSet | undefined; readonly oldSets: readonly ReplicaSet[] }

type Step =
  | { readonly at: 'adopting'; readonly deployment: Deployment; readonly orphans: readonly ReplicaSet[] }
  | { readonly at: 'claimed' }
  | { readonly at: 'pausing' }
  | { readonly at: 'annotating'; readonly rollout: Rollout }
  | { readonly at: 'creating'; readonly rollout: Rollout; readonly wanted: ReplicaSet }
  | { readonly at: 'noting'; readonly rollout: Rollout }
  | { readonly at: 'scaling'; readonly rollout: Rollout; readonly scales: readonly Scale[] }
  | { readonly at: 'cleaning'; readonly rollout: Rollout }
  | { readonly at: 'ending'; readonly error?: string };
type Context = SyncContext<null, Step>;
type Result = SyncResult<null, Step>;

/** Models pkg/controller/deployment: deployment_controller.go, sync.go, rolling.go, recreate.go, progress.go. */
export const deploymentController = defineCode<null, Step>({
  memory: () => null,
  react: (news, context) => {
    const keys = news.resource === 'deployments' ? [objectKey(news.object)] : news.resource === 'replicasets' ? reactToReplicaSet(news, context) : reactToPod(news, context);
    return keys.length === 0 ? undefined : { keys };
  },
  sync(context) {
    const { step, answers } = context;
    if (step === undefined) return begin(context);
    const failed = answers.find(({ ok }) => !ok);
    switch (step.at) {
      case 'adopting': return failed === undefined && answers[0]!.body!.metadata !== undefined ? adopt(context, step) : { error: messageOf(answers[0]!) };
      case 'claimed': return failed === undefined ? choose(context, deploymentOf(context)!) : { error: messageOf(failed) };
      case 'pausing': return failed === undefined ? choose(context, answers[0]!.body as Deployment) : { error: messageOf(failed) };
      case 'annotating': return failed === undefined ? pursue(context, { ...step.rollout, newSet: answers[0]!.body as ReplicaSet }) : { error: messageOf(failed) };
      case 'creating': return afterCreating(context, step);
      case 'noting': return failed === undefined ? pursue(context, step.rollout) : { error: messageOf(failed) };
      case 'scaling': return afterScaling(context, step, failed);
      case 'cleaning': return failed === undefined || failed.code === 404 ? writeStatus(context, step.rollout) : { error: messageOf(failed) };
      case 'ending': return step.error !== undefined ? { error: step.error } : failed === undefined || failed.code === 404 ? finished : { error: messageOf(failed) };
    }
  },
});

function deploymentOf(context: Context): Deployment | undefined {
  const { namespace, name } = splitObjectKey(context.key);
  return context.list('deployments').get(namespace, name);
}

function ownerKey(object: KubeObject | undefined, list: Listers): readonly string[] {
  const reference = object === undefined ? undefined : controllerOf(object);
  if (reference?.kind !== 'Deployment') return [];
  const deployment = list('deployments').get(object!.metadata.namespace ?? '', reference.name);
  return deployment?.metadata.uid === reference.uid ? [objectKey(deployment!)] : [];
}

function reactToReplicaSet(news: ObjectNews, { list }: ReactContext<null>): readonly string[] {
  if (news.type !== 'deleted' && controllerOf(news.object) === undefined) {
    const keys: string[] = [];
    for (const deployment of list('deployments').all()) {
      if (deployment.metadata.namespace === news.object.metadata.namespace && compileLabelSelector(deployment.spec.selector).matches(news.object.metadata.labels)) keys.push(objectKey(deployment));
    }
    return [...keys, ...ownerKey(news.old, list)];
  }
  return ownerKey(news.object, list);
}

/** A Recreate rollout waits until the last old Pod is gone. */
function reactToPod(news: ObjectNews, { list }: ReactContext<null>): readonly string[] {
  if (news.type !== 'deleted') return [];
  const reference = controllerOf(news.object);
  if (reference?.kind !== 'ReplicaSet') return [];
  const namespace = news.object.metadata.namespace ?? '';
  const keys = ownerKey(list('replicasets').get(namespace, reference.name), list);
  const deployment = keys.length === 0 ? undefined : list('deployments').get(namespace, splitObjectKey(keys[0]!).name);
  if (deployment?.spec.strategy?.type !== 'Recreate') return [];
  for (const set of list('replicasets').byIndex('owner', deployment.metadata.uid ?? '')) if (list('pods').countByIndex('owner', set.metadata.uid ?? '') > 0) return [];
  return keys;
}

function begin(context: Context): Result {
  const deployment = deploymentOf(context);
  if (deployment === undefined) return finished;
  const { namespace = '' } = deployment.metadata;
  const selector = compileLabelSelector(deployment.spec.selector);
  if (selector.empty) {
    return { events: [{ regarding: deployment, type: 'Warning', reason: 'SelectingAll', message: 'This deployment is selecting all pods. A non-empty selector is required.' }] };
  }
  const strays = [...context.list('replicasets').byIndex('owner', deployment.metadata.uid ?? '')].filter((set) => controllerOf(set)?.uid === deployment.metadata.uid).filter((set) => !selector.matches(set.metadata.labels));
  if (strays.length > 0) return { requests: strays.map((set) => patch(set, releasePatch(set, deployment), 'application/strategic-merge-patch+json')), next: { at: 'claimed' } };
  const orphans = deployment.metadata.deletionTimestamp === undefined
    ? [...context.list('replicasets').byIndex('orphan', namespace)].filter((set) => set.metadata.deletionTimestamp === undefined && selector.matches(set.metadata.labels)) : [];
  if (orphans.length > 0) return { requests: [read('deployments', namespace, deployment.metadata.name)], next: { at: 'adopting', deployment, orphans } };
  return choose(context, deployment);
}

function adopt(context: Context, { deployment, orphans }: Step & { at: 'adopting' }): Result {
  const live = context.answers[0]!.body as Deployment;
  if (live.metadata.uid !== deployment.metadata.uid || live.metadata.deletionTimestamp !== undefined) return choose(context, deployment);
  return { requests: orphans.map((set) => patch(set, adoptionPatch(set, deployment), 'application/strategic-merge-patch+json')), next: { at: 'claimed' } };
}

/** What this sync is after. Models deployment_controller.go: syncDeployment. */
function choose(context: Context, deployment: Deployment): Result {
  const sets = [...context.list('replicasets').byIndex('owner', deployment.metadata.uid ?? '')].filter((set) => controllerOf(set)?.uid === deployment.metadata.uid);
  if (deployment.metadata.deletionTimestamp !== undefined) return revise(context, deployment, sets, 'status');
  const pause = pauseCondition(deployment, context.nowUs);
  if (pause !== undefined) {
    return { requests: [update({ ...deployment, status: { ...deployment.status, conditions: withCondition(deployment.status?.conditions, pause) } } as Deployment, 'status')], next: { at: 'pausing' } };
  }
  const wanted = wantedBy(deployment);
  const resized = sets.some((set) => isActive(set) && set.metadata.annotations?.[desiredAnnotation] !== undefined && Number(set.metadata.annotations[desiredAnnotation]) !== wanted);
  if (deployment.spec.paused === true || resized) return revise(context, deployment, sets, 'size');
  return revise(context, deployment, sets, deployment.spec.strategy?.type === 'Recreate' ? 'recreate' : 'rolling-update');
}

/** Models sync.go: checkPausedConditions: the clock of the progress deadline stands still while paused. */
function pauseCondition(deployment: Deployment, nowUs: number) {
  if (!hasProgressDeadline(deployment)) return undefined;
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if (current?.reason === 'ProgressDeadlineExceeded') return undefined;
  const noted = current?.reason === 'DeploymentPaused';
  if (deployment.spec.paused === true && !noted) return newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', nowUs);
  return deployment.spec.paused !== true && noted ? newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', nowUs) : undefined;
}

/** Find the ReplicaSet of the current template, keep its revision right, or make it. Models sync.go: getAllReplicaSetsAndSyncRevision. */
function revise(context: Context, deployment: Deployment, sets: readonly ReplicaSet[], aim: Aim): Result {
  const found = findNewReplicaSet(deployment, sets);
  const oldSets = sets.filter((set) => set !== found);
  const rollout: Rollout = { aim, deployment, newSet: found, oldSets };
  if (aim === 'status') return pursue(context, rollout);
  const revision = maxRevision(oldSets) + 1n;
  if (found === undefined) return aim === 'rolling-update' || aim === 'recreate-now' ? createSet(rollout, revision) : pursue(context, rollout);
  const annotations = newSetAnnotations(deployment, found.metadata.annotations, revision, true);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  if (annotations !== found.metadata.annotations || (found.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const next: ReplicaSet = { ...found, metadata: { ...found.metadata, annotations }, spec: { ...found.spec, minReadySeconds } };
    return { requests: [update(next)], next: { at: 'annotating', rollout } };
  }
  const noted = noteRevision(deployment, revisionOf(found));
  const unseen = hasProgressDeadline(deployment) && findCondition(deployment.status?.conditions, 'Progressing') === undefined;
  if (noted === deployment && !unseen) return pursue(context, rollout);
  const next = unseen ? withProgress(noted, 'True', 'FoundNewReplicaSet', `Found new replica set "${found.metadata.name}"`, context.nowUs) : noted;
  return { requests: [update(next, 'status')], next: { at: 'noting', rollout: { ...rollout, deployment: next } } };
}

function noteRevision(deployment: Deployment, revision: bigint): Deployment {
  if (deployment.metadata.annotations?.[revisionAnnotation] === String(revision)) return deployment;
  return { ...deployment, metadata: { ...deployment.metadata, annotations: { ...deployment.metadata.annotations, [revisionAnnotation]: String(revision) } } };
}

const withProgress = (deployment: Deployment, status: 'True' | 'False', reason: string, message: string, nowUs: number): Deployment =>
  ({ ...deployment, status: { ...deployment.status, conditions: withCondition(deployment.status?.conditions, newCondition('Progressing', status, reason, message, nowUs)) } });

function createSet(rollout: Rollout, revision: bigint): Result {
  const { deployment, oldSets } = rollout;
  const wanted = makeReplicaSet(deployment, revision, newReplicaSetSize(deployment, sumReplicas(oldSets), 0));
  return {
    requests: [create('replicasets', deployment.metadata.namespace, wanted)], next: { at: 'creating', rollout, wanted },
    notes: [{ name: 'rollout', text: `Deployment ${objectKey(deployment)} has no ReplicaSet for its template: creating ${wanted.metadata.name} with ${replicasOf(wanted)} replicas` }],
  };
}

function afterCreating(context: Context, { rollout, wanted }: Step & { at: 'creating' }): Result {
  const { deployment } = rollout;
  const [answer] = context.answers;
  const { nowUs } = context;
  const revision = revisionOf(wanted);
  if (answer!.ok) {
    const made = answer!.body as ReplicaSet;
    const noted = noteRevision(deployment, revision);
    const next = hasProgressDeadline(deployment) ? withProgress(noted, 'True', 'NewReplicaSetCreated', `Created new replica set "${made.metadata.name}"`, nowUs) : noted;
    // The rollout goes on with the Deployment as it was read, not as this write leaves it; so does upstream, and its next write then meets a conflict.
    return { requests: [update(next, 'status')], next: { at: 'noting', rollout: { ...rollout, deployment: next, newSet: made } }, events: scaledEvents(deployment, made, 0, replicasOf(made)) };
  }
  if (answer!.code === 409) {
    const there = context.list('replicasets').get(deployment.metadata.namespace ?? '', wanted.metadata.name);
    if (there !== undefined && controllerOf(there)?.uid === deployment.metadata.uid && sameTemplate(there.spec.template, deployment.spec.template)) {
      const next = noteRevision(deployment, revision);
      return next === deployment ? pursue(context, { ...rollout, newSet: there }) : { requests: [update(next, 'status')], next: { at: 'noting', rollout: { ...rollout, deployment: next, newSet: there } } };
    }
    // Another template has the same hash: count up, and the next try hashes differently.
    const collided = { ...deployment, status: { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 } } as Deployment;
    return { requests: [update(collided, 'status')], next: { at: 'ending', error: messageOf(answer!) } };
  }
  const message = `Failed to create new replica set "${wanted.metadata.name}": ${messageOf(answer!)}`;
  const events: ControllerEvent[] = [{ regarding: deployment, type: 'Warning', reason: 'ReplicaSetCreateError', message }];
  if (!hasProgressDeadline(deployment)) return { error: messageOf(answer!), events };
  return { requests: [update(withProgress(deployment, 'False', 'ReplicaSetCreateError', message, nowUs), 'status')], next: { at: 'ending', error: messageOf(answer!) }, events };
}

/** The ReplicaSets are known: do the next thing the strategy asks for. */
function pursue(context: Context, rollout: Rollout): Result {
  const { aim, deployment, newSet, oldSets } = rollout;
  switch (aim) {
    case 'status': return writeStatus(context, rollout);
    case 'size': {
      const scales = scaleProportionally(deployment, newSet, oldSets);
      return scales.length > 0 ? scale(context, rollout, scales) : cleanUp(context, rollout, deployment.spec.paused === true);
    }
    case 'recreate': {
      const active = oldSets.filter(isActive);
      if (active.length > 0) return scale(context, rollout, active.map((replicaSet) => ({ replicaSet, replicas: 0 })));
      if (oldPodsRunning(context.list, oldSets)) return writeStatus(context, rollout);
      if (newSet === undefined) return revise(context, deployment, oldSets, 'recreate-now');
      break;
    }
    case 'rolling-update': case 'recreate-now': break;
  }
  const size = newReplicaSetSize(deployment, sumReplicas(oldSets) + replicasOf(newSet!), replicasOf(newSet!));
  const target = replicasOf(newSet!) > wantedBy(deployment) ? wantedBy(deployment) : size;
  if (target !== replicasOf(newSet!)) return scale(context, rollout, [{ replicaSet: newSet!, replicas: target }]);
  const shrinking = aim === 'rolling-update' ? shrinkOld(deployment, newSet!, oldSets) : [];
  if (shrinking.length > 0) return scale(context, rollout, shrinking);
  return cleanUp(context, rollout, isComplete(deployment, deployment.status));
}

/** Models recreate.go: oldPodsRunning. A terminating Pod still runs. */
function oldPodsRunning(list: Listers, oldSets: readonly ReplicaSet[]): boolean {
  for (const set of oldSets) {
    for (const pod of list('pods').byIndex('owner', set.metadata.uid ?? '') as Iterable<Pod>) if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') return true;
  }
  return false;
}

/** Models sync.go: scaleReplicaSet. */
function scale(context: Context, rollout: Rollout, all: readonly Scale[]): Result {
  const annotations = sizeAnnotations(rollout.deployment);
  const scales = all.filter(({ replicaSet, replicas }) => replicasOf(replicaSet) !== replicas || Object.entries(annotations).some(([key, value]) => replicaSet.metadata.annotations?.[key] !== value));
  if (scales.length === 0) return writeStatus(context, rollout);
  const requests = scales.map(({ replicaSet, replicas }) =>
    update({ ...replicaSet, metadata: { ...replicaSet.metadata, annotations: { ...replicaSet.metadata.annotations, ...annotations } }, spec: { ...replicaSet.spec, replicas } } as ReplicaSet));
  const text = scales.map(({ replicaSet, replicas }) => `${replicaSet.metadata.name} ${replicasOf(replicaSet)} → ${replicas}`).join(', ');
  return { requests, next: { at: 'scaling', rollout, scales }, notes: [{ name: 'rollout', text: `Deployment ${objectKey(rollout.deployment)} wants ${wantedBy(rollout.deployment)}: ${text}` }] };
}

function scaledEvents(deployment: Deployment, set: ReplicaSet, from: number, to: number): readonly ControllerEvent[] {
  if (from === to) return [];
  return [{ regarding: deployment, type: 'Normal', reason: 'ScalingReplicaSet', message: `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}` }];
}

function afterScaling(context: Context, { rollout, scales }: Step & { at: 'scaling' }, failed: Answer | undefined): Result {
  const written = new Map<string, ReplicaSet>();
  const events = scales.flatMap(({ replicaSet, replicas }, index) => {
    const answer = context.answers[index]!;
    if (!answer.ok) return [];
    written.set(replicaSet.metadata.name, answer.body as ReplicaSet);
    return scaledEvents(rollout.deployment, replicaSet, replicasOf(replicaSet), replicas);
  });
  if (failed !== undefined) return { error: messageOf(failed), events };
  const fresh = (set: ReplicaSet): ReplicaSet => written.get(set.metadata.name) ?? set;
  const next: Rollout = { ...rollout, newSet: rollout.newSet === undefined ? undefined : fresh(rollout.newSet), oldSets: rollout.oldSets.map(fresh) };
  const result = rollout.aim === 'size' ? cleanUp(context, next, rollout.deployment.spec.paused === true) : writeStatus(context, next);
  return { ...result, events };
}

function cleanUp(context: Context, rollout: Rollout, due: boolean): Result {
  const surplus = due ? surplusHistory(rollout.deployment, rollout.oldSets) : [];
  if (surplus.length === 0) return writeStatus(context, rollout);
  return { requests: surplus.map(({ metadata }) => remove('replicasets', metadata.namespace, metadata.name)), next: { at: 'cleaning', rollout } };
}

function writeStatus({ nowUs }: Context, { aim, deployment, newSet, oldSets }: Rollout): Result {
  const sets = newSet === undefined ? oldSets : [...oldSets, newSet];
  const rolling = aim !== 'size' && aim !== 'status';
  const status = rolling ? rolloutStatus(deployment, newSet, sets, nowUs) : calculateStatus(deployment, newSet, sets, nowUs);
  if (!deepEqual(deployment.status, status)) return { requests: [update({ ...deployment, status } as Deployment, 'status')], next: { at: 'ending' } };
  const requeueAfterUs = rolling ? untilDeadlineUs(deployment, status, nowUs) : undefined;
  return requeueAfterUs === undefined ? finished : { requeueAfterUs, requeueInBackground: true };
}
