/** Finds or makes the ControllerRevision of a DaemonSet's template. Models pkg/controller/daemon/update.go: constructHistory. */
import type { Pod } from '../../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../../kubernetes/api/kept-specs.ts';
import { semanticEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { newControllerReference, controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { podTemplateHash } from '../../../kubernetes/apimachinery/pod-template-hash.ts';
import type { Listers, SyncContext, SyncResult } from '../controller.ts';
import { adoptionPatch, releasePatch } from '../plans/claims.ts';
import {
  claimsOf, createRevision, nextNumber, numberOf, readRevision, removeRevision, renumber, revisionsIn, templatePatch, type Claims, type ControllerRevision,
} from '../plans/controller-revisions.ts';
import { hashLabel } from '../plans/daemon-placement.ts';
import { failureOf, messageOf, patch, read, update } from '../requests.ts';
import { daemonSetsResource, type DaemonMemory } from './daemonset-news.ts';

/** What is known of a set's templates: the name of the newest, as its Pods carry it, and the old ones. */
export interface History { readonly set: DaemonSet; readonly hash: string; readonly old: readonly ControllerRevision[] }

interface Making { readonly set: DaemonSet; readonly wanted: ControllerRevision; readonly old: readonly ControllerRevision[] }
interface Twins { readonly set: DaemonSet; readonly kept: ControllerRevision; readonly twins: readonly ControllerRevision[]; readonly old: readonly ControllerRevision[] }
export type HistoryStep =
  | { readonly at: 'asking-for-revisions' | 'claiming-revisions'; readonly set: DaemonSet; readonly claims: Claims }
  | { readonly at: 'labelling-revisions'; readonly set: DaemonSet; readonly labelled: readonly ControllerRevision[] }
  | { readonly at: 'making-revision'; readonly making: Making }
  | { readonly at: 'reading-revision' | 'reading-set'; readonly making: Making; readonly conflict: string }
  | { readonly at: 'counting-collision'; readonly conflict: string }
  | { readonly at: 'relabelling-pods' | 'removing-twins'; readonly twins: Twins }
  | { readonly at: 'renumbering'; readonly history: History };
type Context = SyncContext<DaemonMemory, unknown>;
type Result = SyncResult<DaemonMemory, HistoryStep>;
/** What comes next, when the history is known. */
type Onwards<Step> = (context: Context, history: History) => SyncResult<DaemonMemory, Step>;

const strategic = 'application/strategic-merge-patch+json';
const failed = (why: string): Result => ({ error: `failed to construct revisions of DaemonSet: ${why}` });

export function beginHistory<Step>(context: Context, set: DaemonSet, onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const claims = claimsOf(revisionsIn(context.list).all(), set, set.spec.selector ?? {});
  if (claims.orphans.length > 0) return { requests: [read(daemonSetsResource, set.metadata.namespace, set.metadata.name)], next: { at: 'asking-for-revisions', set, claims } };
  return claims.strays.length > 0 ? claim(set, claims) : label(context, set, claims.owned, onwards);
}

export function goOnWithHistory<Step>(context: Context, step: HistoryStep, onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const { answers } = context;
  const wrong = failureOf(answers);
  switch (step.at) {
    case 'asking-for-revisions': return wrong !== undefined ? failed(messageOf(wrong)) : mayAdopt(step.set, answers[0]!.body as DaemonSet) ? claim(step.set, step.claims) : failed(`DaemonSet ${context.key} has just been deleted`);
    case 'claiming-revisions': return claimed(context, step, onwards);
    case 'labelling-revisions': return wrong !== undefined ? failed(messageOf(wrong)) : compare(context, step.set, [...step.labelled, ...answers.map(({ body }) => body as ControllerRevision)], onwards);
    case 'making-revision': return made(context, step.making, onwards);
    case 'reading-revision': return wrong !== undefined ? failed(messageOf(wrong)) : judge(context, step, onwards);
    case 'reading-set': return wrong !== undefined ? failed(messageOf(wrong)) : countCollision(context, step);
    case 'counting-collision': return failed(wrong === undefined ? step.conflict : messageOf(wrong));
    case 'relabelling-pods': return wrong !== undefined ? failed(messageOf(wrong)) : { requests: step.twins.twins.map(removeRevision), next: { at: 'removing-twins', twins: step.twins } };
    case 'removing-twins': return wrong !== undefined ? failed(messageOf(wrong)) : number(context, step.twins.set, step.twins.kept, step.twins.old, onwards);
    case 'renumbering': return wrong !== undefined ? failed(messageOf(wrong)) : onwards(context, step.history);
  }
}

/** The live object, since the cache might not know yet that it is being deleted. Models RecheckDeletionTimestamp. */
export const mayAdopt = (set: DaemonSet, live: DaemonSet): boolean => live.metadata.uid === set.metadata.uid && live.metadata.deletionTimestamp === undefined;

const claim = (set: DaemonSet, claims: Claims): Result => ({
  requests: [...claims.orphans.map((one) => patch(one, adoptionPatch(one, set), strategic)), ...claims.strays.map((one) => patch(one, releasePatch(one, set), strategic))],
  next: { at: 'claiming-revisions', set, claims },
});

function claimed<Step>(context: Context, { set, claims }: { readonly set: DaemonSet; readonly claims: Claims }, onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const { answers } = context;
  const wrong = failureOf(answers.slice(0, claims.orphans.length)) ?? failureOf(answers.slice(claims.orphans.length), [404, 422]);
  return wrong !== undefined ? failed(messageOf(wrong)) : label(context, set, [...claims.owned, ...answers.slice(0, claims.orphans.length).map(({ body }) => body as ControllerRevision)], onwards);
}

/** One that somebody made by hand may have no hash: its name will do. */
function label<Step>(context: Context, set: DaemonSet, revisions: readonly ControllerRevision[], onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const bare = revisions.filter(({ metadata }) => metadata.labels?.[hashLabel] === undefined);
  if (bare.length === 0) return compare(context, set, revisions, onwards);
  return {
    requests: bare.map((one) => update({ ...one, metadata: { ...one.metadata, labels: { ...one.metadata.labels, [hashLabel]: one.metadata.name } } })),
    next: { at: 'labelling-revisions', set, labelled: revisions.filter((one) => !bare.includes(one)) },
  };
}

const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[hashLabel] ?? '';
/** Models Match. */
const matches = ({ spec }: DaemonSet, { data }: ControllerRevision): boolean => semanticEqual(data, templatePatch(spec.template));

function compare<Step>(context: Context, set: DaemonSet, revisions: readonly ControllerRevision[], onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const current = revisions.filter((one) => matches(set, one));
  const old = revisions.filter((one) => !current.includes(one));
  if (current.length === 0) return make(set, old);
  const kept = current.reduce((best, one) => (numberOf(one) >= numberOf(best) ? one : best));
  if (current.length === 1) return number(context, set, kept, old, onwards);
  const twins: Twins = { set, kept, twins: current.filter((one) => one !== kept), old };
  const others = [...podsOfSet(context.list, set)].filter(({ metadata }) => metadata.labels?.[hashLabel] !== hashOf(kept));
  if (others.length === 0) return { requests: twins.twins.map(removeRevision), next: { at: 'removing-twins', twins } };
  return { requests: others.map((pod) => patch(pod, { metadata: { labels: { [hashLabel]: hashOf(kept) } } }, 'application/merge-patch+json')), next: { at: 'relabelling-pods', twins } };
}

/** The Pods it controls, as the cache has them. */
export function* podsOfSet(list: Listers, { metadata: { uid = '' } }: DaemonSet): Iterable<Pod> {
  for (const pod of list('pods').byIndex('owner', uid)) if (controllerOf(pod)?.uid === uid) yield pod;
}

/** A template that comes back becomes the newest. */
function number<Step>(context: Context, set: DaemonSet, current: ControllerRevision, old: readonly ControllerRevision[], onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const history: History = { set, hash: hashOf(current), old };
  const next = nextNumber(old);
  return numberOf(current) < next ? { requests: [renumber(current, next)], next: { at: 'renumbering', history } } : onwards(context, history);
}

/** Models snapshot. */
function make(set: DaemonSet, old: readonly ControllerRevision[]): Result {
  const { metadata, spec } = set;
  const hash = podTemplateHash(spec.template, set.status?.collisionCount);
  const wanted: ControllerRevision = {
    apiVersion: 'apps/v1', kind: 'ControllerRevision',
    metadata: {
      name: `${metadata.name}-${hash}`, namespace: metadata.namespace, labels: { ...spec.template.metadata?.labels, [hashLabel]: hash },
      ...(metadata.annotations !== undefined && { annotations: metadata.annotations }), ownerReferences: [newControllerReference(set)],
    },
    data: templatePatch(spec.template), revision: nextNumber(old),
  };
  return { requests: [createRevision(wanted)], next: { at: 'making-revision', making: { set, wanted, old } } };
}

function made<Step>(context: Context, making: Making, onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const [answer] = context.answers;
  if (answer!.ok) return onwards(context, { set: making.set, hash: hashOf(answer!.body as ControllerRevision), old: making.old });
  return answer!.code === 409 ? { requests: [readRevision(making.wanted)], next: { at: 'reading-revision', making, conflict: messageOf(answer!) } } : failed(messageOf(answer!));
}

/** There is one of that name: ours, or another template's with the same hash. */
function judge<Step>(context: Context, { making, conflict }: { readonly making: Making; readonly conflict: string }, onwards: Onwards<Step>): SyncResult<DaemonMemory, Step | HistoryStep> {
  const { set, old } = making;
  const there = context.answers[0]!.body as ControllerRevision;
  if (matches(set, there)) return onwards(context, { set, hash: hashOf(there), old });
  return { requests: [read(daemonSetsResource, set.metadata.namespace, set.metadata.name)], next: { at: 'reading-set', making, conflict } };
}

/** The next try hashes differently; where another has counted already, it will be tried with that count. */
function countCollision({ answers }: Context, { making: { set }, conflict }: { readonly making: Making; readonly conflict: string }): Result {
  const live = answers[0]!.body as DaemonSet;
  const count = live.status?.collisionCount;
  if (count !== set.status?.collisionCount) return failed(`found a stale collision count (${set.status?.collisionCount ?? 0}, expected ${count ?? 0}) of DaemonSet "${set.metadata.name}" while processing; will retry until it is updated`);
  return { requests: [update({ ...live, status: { ...live.status, collisionCount: (count ?? 0) + 1 } } as DaemonSet, 'status')], next: { at: 'counting-collision', conflict } };
}
