import { PMap } from '../../../simulation/collections/index.ts';
import { objectKey, splitObjectKey, type KubeObject, type Pod } from '../../../kubernetes/api/index.ts';
import type { DaemonSet, DaemonSetStatus } from '../../../kubernetes/api/kept-specs.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { defineCode, finished, type ControllerEvent, type SyncContext, type SyncResult } from '../controller.ts';
import { adoptionPatch, releasePatch } from '../plans/claims.ts';
import { removeRevision, revisionsIn, surplusRevisions } from '../plans/controller-revisions.ts';
import { daemonStatus, isToldAlready, planDaemons, planRollingUpdate, type DaemonChanges, type DaemonView } from '../plans/daemon-plan.ts';
import { hashLabel, podsByNode, templateFor } from '../plans/daemon-placement.ts';
import { creationsObserved, deletionObserved, expectChanges, noExpectations, satisfied, type Expectations } from '../plans/expectations.ts';
import { createPodOf } from '../plans/pod-from-template.ts';
import { slowStartBatch } from '../plans/replica-plan.ts';
import { failureOf, isNamespaceGoing, messageOf, patch, read, remove, update } from '../requests.ts';
import { beginHistory, goOnWithHistory, mayAdopt, podsOfSet, type History, type HistoryStep } from './daemonset-history.ts';
import { daemonSetsResource, forgetSet, hear, isNodeKey, setsConcerned, setsIn, type DaemonMemory } from './daemonset-news.ts';

/** A sync under way: `adopted` are Pods that the cache may not show as its own yet, `seen` whether this sync does all that this generation asks for. */
interface Work extends History { readonly adopted: readonly Pod[]; readonly seen: boolean; readonly error?: string }

/** Pods that are being made and deleted, first for the nodes and then for the rollout: `nodes` are still to come. */
interface Changing { readonly work: Work; readonly rolling: boolean; readonly nodes: readonly string[]; readonly batch: number; readonly pods: readonly string[]; readonly error?: string }

type PodStep =
  | { readonly at: 'asking-for-pods' | 'claiming-pods'; readonly work: Work; readonly orphans: readonly Pod[]; readonly strays: readonly Pod[] }
  | { readonly at: 'making-pods' | 'deleting-pods'; readonly changing: Changing }
  | { readonly at: 'cleaning'; readonly work: Work }
  | { readonly at: 'telling' | 'telling-again' | 'reading-set-again'; readonly work: Work; readonly status: DaemonSetStatus };
type Step = HistoryStep | PodStep;
type Context = SyncContext<DaemonMemory, Step>;
type Result = SyncResult<DaemonMemory, Step>;

const burst = 250;
/** What upstream waits before it looks again whether its caches are filled. */
const fillUs = 100_000;
const strategic = 'application/strategic-merge-patch+json';

/** One Pod on each node that may have one. Models pkg/controller/daemon/daemon_controller.go: syncDaemonSet. Keys are DaemonSets, or the names of nodes that changed. */
export const daemonSetController = defineCode<DaemonMemory, Step>({
  memory: () => ({ expectations: noExpectations, backOffs: PMap(), written: PMap() }),
  react: hear,
  sync(context) {
    const { step, answers } = context;
    if (step === undefined) return begin(context);
    const wrong = failureOf(answers);
    switch (step.at) {
      case 'asking-for-pods': return wrong !== undefined ? { error: messageOf(wrong) } : mayAdopt(step.work.set, answers[0]!.body as DaemonSet) ? claim(step.work, step.orphans, step.strays) : { error: `DaemonSet ${context.key} has just been deleted` };
      case 'claiming-pods': return afterClaiming(context, step);
      case 'making-pods': return afterMaking(context, step.changing);
      case 'deleting-pods': return afterDeleting(context, step.changing);
      case 'cleaning': return tell(context, wrong === undefined ? step.work : { ...step.work, error: `failed to clean up revisions of DaemonSet: ${messageOf(wrong)}` });
      case 'telling': case 'telling-again': case 'reading-set-again': return afterTelling(context, step);
      default: return goOnWithHistory<Step>(context, step, claimPods);
    }
  },
});

/** The result of what comes next, with what was found out before it. */
const also = (result: Result, { memory, events = [], notes = [], keys = [] }: Pick<Result, 'memory' | 'events' | 'notes' | 'keys'>): Result => ({
  ...(memory !== undefined && { memory }), ...result, events: [...events, ...result.events ?? []], notes: [...notes, ...result.notes ?? []], keys: [...keys, ...result.keys ?? []],
});
const remembering = (context: Context, memory: DaemonMemory): Context => ({ ...context, memory });

function begin(context: Context): Result {
  const { key, list, memory } = context;
  if (isNodeKey(key)) return { keys: setsConcerned(list, key) };
  const { namespace, name } = splitObjectKey(key);
  if (!revisionsIn(list).synced || !setsIn(list).synced) return { requeueAfterUs: fillUs };
  const set = setsIn(list).get(namespace, name);
  if (set === undefined) return { memory: forgetSet(memory, { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { namespace, name, uid: '' } } as KubeObject) };
  // News of what was written will bring the key back.
  if (Number(set.metadata.resourceVersion ?? 0) < (memory.written.get(key) ?? 0)) return finished;
  if (compileLabelSelector(set.spec.selector ?? {}).empty) {
    return { events: [{ regarding: set, type: 'Warning', reason: 'SelectingAll', message: 'This daemon set is selecting all pods. A non-empty selector is required.' }] };
  }
  // Whether its revisions and Pods are still there cannot be known while the garbage collector is at them.
  return set.metadata.deletionTimestamp !== undefined ? finished : beginHistory<Step>(context, set, claimPods);
}

/** Models getDaemonPods: adopt what matches and belongs to nobody, let go what matches no more. */
function claimPods(context: SyncContext<DaemonMemory, unknown>, history: History): Result {
  const { set } = history;
  const { namespace = '', name, uid } = set.metadata;
  const selector = compileLabelSelector(set.spec.selector ?? {});
  const orphans: Pod[] = [];
  for (const pod of context.list('pods').byIndex('orphan', namespace)) if (pod.metadata.deletionTimestamp === undefined && selector.matches(pod.metadata.labels)) orphans.push(pod);
  const strays = [...podsOfSet(context.list, set)].filter((pod) => controllerOf(pod)?.uid === uid && !selector.matches(pod.metadata.labels));
  const work: Work = { ...history, adopted: [], seen: true };
  if (orphans.length > 0) return { requests: [read(daemonSetsResource, namespace, name)], next: { at: 'asking-for-pods', work, orphans, strays } };
  return strays.length > 0 ? claim(work, orphans, strays) : manage(context as Context, work);
}

const claim = (work: Work, orphans: readonly Pod[], strays: readonly Pod[]): Result => ({
  requests: [...orphans.map((pod) => patch(pod, adoptionPatch(pod, work.set), strategic)), ...strays.map((pod) => patch(pod, releasePatch(pod, work.set), strategic))],
  next: { at: 'claiming-pods', work, orphans, strays },
});

function afterClaiming(context: Context, { work, orphans }: Extract<PodStep, { at: 'claiming-pods' | 'asking-for-pods' }>): Result {
  const { answers } = context;
  const wrong = failureOf(answers.slice(0, orphans.length)) ?? failureOf(answers.slice(orphans.length), [404, 422]);
  if (wrong !== undefined) return { error: messageOf(wrong) };
  return manage(context, { ...work, adopted: answers.slice(0, orphans.length).map(({ body }) => body as Pod) });
}

/** The set's Pods as the cache has them, and those just adopted. */
function podsOf({ list }: Context, { set, adopted }: Work): readonly Pod[] {
  const selector = compileLabelSelector(set.spec.selector ?? {});
  const own = [...podsOfSet(list, set)].filter(({ metadata }) => selector.matches(metadata.labels));
  return adopted.length === 0 ? own : [...own, ...adopted.filter((pod) => !own.some(({ metadata }) => metadata.uid === pod.metadata.uid))];
}

const viewOf = (context: Context, work: Work): DaemonView =>
  ({ set: work.set, hash: work.hash, nodes: [...context.list('nodes').all()], byNode: podsByNode(podsOf(context, work)), nowUs: context.nowUs });

/** Models updateDaemonSet and manage. */
function manage(context: Context, work: Work): Result {
  const { key, memory, nowUs } = context;
  if (!satisfied(memory.expectations, key, nowUs)) return tell(context, { ...work, seen: false });
  const plan = planDaemons(viewOf(context, work), memory.backOffs);
  const remembered = plan.backOffs === memory.backOffs ? memory : { ...memory, backOffs: plan.backOffs };
  return also(change(remembering(context, remembered), work, plan, false), {
    memory: remembered, events: plan.reports.map((report) => ({ regarding: work.set, ...report })), keys: plan.againUs === undefined ? [] : [{ key, afterUs: plan.againUs }],
  });
}

/** Models syncNodes: first the Pods are made, twice as many each time, then deleted. */
function change(context: Context, work: Work, changes: DaemonChanges, rolling: boolean): Result {
  const { key, memory, nowUs } = context;
  const nodes = changes.nodes.slice(0, burst);
  const pods = changes.pods.slice(0, burst);
  const expecting: DaemonMemory = { ...memory, expectations: expectChanges(memory.expectations, key, nodes.length, pods, nowUs) };
  if (nodes.length + pods.length === 0) return also(afterChanging(remembering(context, expecting), work, rolling), { memory: expecting });
  const many = (count: number, what: string): string => (count === 0 ? '' : `${what} ${count}`);
  const text = `DaemonSet ${key}: ${[many(nodes.length, 'creating'), many(pods.length, 'deleting')].filter((part) => part !== '').join(', ')} of its Pods${rolling ? ' for the rolling update' : ''}`;
  return also(makePods(context, { work, rolling, nodes, batch: 0, pods }), { memory: expecting, notes: [{ name: 'daemons', text }] });
}

function makePods(context: Context, changing: Changing): Result {
  const { work: { set, hash }, nodes } = changing;
  if (nodes.length === 0) return deletePods(context, changing);
  const batch = slowStartBatch(changing.batch, nodes.length);
  return { requests: nodes.slice(0, batch).map((node) => createPodOf(set, templateFor(set, hash, node))), next: { at: 'making-pods', changing: { ...changing, batch } } };
}

function afterMaking(context: Context, changing: Changing): Result {
  const { answers, key, memory } = context;
  const { work: { set }, batch } = changing;
  const events: ControllerEvent[] = [];
  let { expectations } = memory;
  let { error } = changing;
  for (const answer of answers) {
    if (answer.ok) { events.push({ regarding: set, type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${(answer.body as Pod).metadata.name}` }); continue; }
    if (isNamespaceGoing(answer)) continue;
    expectations = creationsObserved(expectations, key);
    error ??= messageOf(answer);
    events.push({ regarding: set, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${messageOf(answer)}` });
  }
  const rest = changing.nodes.slice(batch);
  // After one that failed no more are tried, nor expected.
  const nodes = error === undefined ? rest : [];
  if (error !== undefined && rest.length > 0) expectations = creationsObserved(expectations, key, rest.length);
  const remembered = withExpectations(memory, expectations);
  return also(makePods(remembering(context, remembered), { ...changing, nodes, ...(error !== undefined && { error }) }), { memory: remembered, events });
}

const withExpectations = (memory: DaemonMemory, expectations: Expectations): DaemonMemory => (expectations === memory.expectations ? memory : { ...memory, expectations });

function deletePods(context: Context, changing: Changing): Result {
  const { work, pods, rolling, error } = changing;
  if (pods.length === 0) return error === undefined ? afterChanging(context, work, rolling) : tell(context, { ...work, error });
  return { requests: pods.map((name) => remove('pods', work.set.metadata.namespace, name)), next: { at: 'deleting-pods', changing } };
}

function afterDeleting(context: Context, changing: Changing): Result {
  const { answers, key, memory } = context;
  const { work, pods, rolling } = changing;
  let { expectations } = memory;
  let { error } = changing;
  const events = answers.flatMap((answer, index): ControllerEvent[] => {
    const name = pods[index]!;
    if (answer.ok) return [{ regarding: work.set, type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` }];
    expectations = deletionObserved(expectations, key, name);
    if (answer.code === 404) return [];
    error ??= `unable to delete pods: ${messageOf(answer)}`;
    return [{ regarding: work.set, type: 'Warning', reason: 'FailedDelete', message: `Error deleting: ${messageOf(answer)}` }];
  });
  const remembered = withExpectations(memory, expectations);
  const known = remembering(context, remembered);
  return also(error === undefined ? afterChanging(known, work, rolling) : tell(known, { ...work, error }), { memory: remembered, events });
}

function afterChanging(context: Context, work: Work, rolling: boolean): Result {
  const { key, memory, nowUs } = context;
  if (rolling || work.set.spec.updateStrategy?.type !== 'RollingUpdate' || !satisfied(memory.expectations, key, nowUs)) return cleanUp(context, work);
  return change(context, work, planRollingUpdate(viewOf(context, work)), true);
}

/** Models cleanupHistory: templates of which there still are Pods stay. */
function cleanUp(context: Context, work: Work): Result {
  const live = new Set<string | undefined>();
  for (const pods of podsByNode(podsOf(context, work), true).values()) for (const { metadata } of pods) live.add(metadata.labels?.[hashLabel]);
  const surplus = surplusRevisions(work.old, ({ metadata }) => live.has(metadata.labels?.[hashLabel]), work.set.spec.revisionHistoryLimit ?? 10, 'all');
  return surplus.length === 0 ? tell(context, work) : { requests: surplus.map(removeRevision), next: { at: 'cleaning', work } };
}

/** Models updateDaemonSetStatus and storeDaemonSetStatus. */
function tell(context: Context, work: Work): Result {
  const status = daemonStatus(viewOf(context, work), work.seen);
  return isToldAlready(work.set, status) ? end(work, status) : { requests: [update({ ...work.set, status } as DaemonSet, 'status')], next: { at: 'telling', work, status } };
}

/** A status that was refused is written once more, over what there is now. */
function afterTelling(context: Context, { at, work, status }: Extract<PodStep, { status: DaemonSetStatus }>): Result {
  const [answer] = context.answers;
  const { key, memory } = context;
  if (answer!.ok && at !== 'reading-set-again') return { memory: { ...memory, written: memory.written.set(key, Number((answer!.body as DaemonSet).metadata.resourceVersion)) }, ...end(work, status) };
  if (answer!.ok) {
    const live = answer!.body as DaemonSet;
    return { requests: [update({ ...live, status: { ...live.status, ...status } } as DaemonSet, 'status')], next: { at: 'telling-again', work, status } };
  }
  if (at === 'telling') return { requests: [read(daemonSetsResource, work.set.metadata.namespace, work.set.metadata.name)], next: { at: 'reading-set-again', work, status } };
  return { error: work.error ?? `error storing status for daemon set ${objectKey(work.set)}: ${messageOf(answer!)}` };
}

/** Ready Pods will become available with nobody telling. */
function end({ set, error }: Work, { numberReady = 0, numberAvailable = 0 }: DaemonSetStatus): Result {
  const { minReadySeconds = 0 } = set.spec;
  return { ...(error !== undefined && { error }), ...(minReadySeconds > 0 && numberReady !== numberAvailable && { requeueAfterUs: minReadySeconds * 1_000_000 }) };
}
