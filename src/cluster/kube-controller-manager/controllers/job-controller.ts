import { PMap, PSet } from '../../../simulation/collections/index.ts';
import { objectKey, type Pod } from '../../../kubernetes/api/index.ts';
import type { Job } from '../../../kubernetes/api/batch-v1.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf } from '../../../kubernetes/apimachinery/owner-references.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { defineCode, type Listers, type ObjectNews, type ReactContext, type Reaction, type Wanted } from '../controller.ts';
import { creationsObserved, deletionObserved, noExpectations } from '../plans/expectations.ts';
import { isFinished, isManagedElsewhere, jobsIn, jobsName } from '../plans/jobs/job-facts.ts';
import { isTracked, uidOf } from '../plans/jobs/job-pods.ts';
import { syncOrphan, orphanKey, orphansKey, isOrphanKey } from '../plans/jobs/orphan-pods.ts';
import type { Memory, Step } from '../plans/jobs/job-steps.ts';
import { syncJob } from '../plans/jobs/job-sync.ts';

/** News about Pods is gathered for so long: SyncJobBatchPeriod. */
const batchUs = 1_000_000;

const batched = (job: Job): Wanted => ({ key: objectKey(job), afterUs: batchUs });

/** Runs the Pods of Jobs and counts those that have ended. Models pkg/controller/job/job_controller.go. Keys are Jobs, and Pods that may have lost theirs. */
export const jobController = defineCode<Memory, Step>({
  memory: () => ({ filled: false, expectations: noExpectations, untracking: PMap(), backoffs: PMap(), over: PSet() }),
  react(news, context) {
    if (news.resource === jobsName) return context.memory.filled ? reactToJob(news, context) : fill(news, context);
    return news.resource === 'pods' && context.memory.filled ? reactToPod(news, context) : undefined;
  },
  sync: (context) => (isOrphanKey(context.key) ? syncOrphan(context) : syncJob(context)),
});

/** The first news of Jobs: its cache is filled. Pods whose Jobs went while nobody looked are found among all. */
function fill(news: ObjectNews, context: ReactContext<Memory>): Reaction<Memory> {
  const marked = ([...context.list('pods').all()] as readonly Pod[]).filter(isTracked);
  const { keys = [], memory = context.memory } = reactToJob(news, context);
  return { keys: [...keys, ...marked.map(orphanKey)], memory: { ...memory, filled: true } };
}

function reactToJob({ type, object, old }: ObjectNews, { memory, nowUs }: ReactContext<Memory>): Reaction<Memory> {
  const job = object as unknown as Job;
  const key = objectKey(job);
  if (type === 'deleted') return { keys: [key, orphansKey(job)], memory: { ...memory, over: memory.over.delete(job.metadata.uid ?? ''), backoffs: memory.backoffs.delete(key) } };
  if (type === 'added') return { keys: [key] };
  if (isFinished(job)) return { keys: [orphansKey(job), ...(memory.over.has(job.metadata.uid ?? '') ? [key] : [])] };
  const before = old as unknown as Job;
  const keys: Wanted[] = [job.metadata.generation === before.metadata.generation ? batched(job) : key];
  const { activeDeadlineSeconds } = job.spec;
  const startUs = parseTime(job.status?.startTime);
  if (startUs !== undefined && activeDeadlineSeconds !== undefined && activeDeadlineSeconds !== before.spec.activeDeadlineSeconds) keys.push({ key, afterUs: startUs + activeDeadlineSeconds * 1_000_000 - nowUs });
  return { keys };
}

/** The Job a Pod names as its controller, if the cache knows it under the same uid. */
function jobOf(list: Listers, pod: Pod): Job | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== 'Job') return undefined;
  const job = jobsIn(list).get(pod.metadata.namespace ?? '', reference.name);
  return job?.metadata.uid === reference.uid ? job : undefined;
}

/** Models addPod, updatePod and deletePod. */
function reactToPod(news: ObjectNews, context: ReactContext<Memory>): Reaction<Memory> | undefined {
  const pod = news.object as Pod;
  if (news.type === 'deleted' || pod.metadata.deletionTimestamp !== undefined) return reactToLeaving(news, pod, context);
  const { list, memory } = context;
  const old = news.old as Pod | undefined;
  const job = jobOf(list, pod);
  const before = old === undefined || old.metadata.ownerReferences === pod.metadata.ownerReferences ? job : jobOf(list, old);
  const keys: Wanted[] = before !== undefined && before !== job ? [batched(before)] : [];
  if (controllerOf(pod) !== undefined) {
    if (job === undefined) return keys.length > 0 ? { keys } : undefined;
    keys.push(batched(job));
    if (news.type === 'added') return { keys, memory: { ...memory, expectations: creationsObserved(memory.expectations, objectKey(job)) } };
    return { keys, memory: isTracked(pod) ? memory : untrackingObserved(memory, objectKey(job), pod) };
  }
  if (isTracked(pod)) keys.push(orphanKey(pod));
  if (news.type === 'added' || old!.metadata.labels !== pod.metadata.labels || controllerOf(old!) !== undefined) keys.push(...wouldAdopt(list, pod));
  return keys.length > 0 ? { keys } : undefined;
}

function reactToLeaving({ type }: ObjectNews, pod: Pod, { list, memory }: ReactContext<Memory>): Reaction<Memory> | undefined {
  const job = jobOf(list, pod);
  if (job === undefined || isFinished(job)) return isTracked(pod) && type !== 'deleted' ? { keys: [orphanKey(pod)] } : undefined;
  const key = objectKey(job);
  const next = type === 'deleted' || !isTracked(pod) ? untrackingObserved(memory, key, pod) : memory;
  return { keys: [batched(job)], memory: { ...next, expectations: deletionObserved(next.expectations, key, objectKey(pod)) } };
}

function untrackingObserved(memory: Memory, key: string, pod: Pod): Memory {
  const known = memory.untracking.get(key);
  return known === undefined || !known.has(uidOf(pod)) ? memory : { ...memory, untracking: memory.untracking.set(key, known.delete(uidOf(pod))) };
}

function wouldAdopt(list: Listers, pod: Pod): readonly Wanted[] {
  const found: Wanted[] = [];
  for (const job of jobsIn(list).all()) {
    if (job.metadata.namespace === pod.metadata.namespace && !isManagedElsewhere(job) && compileLabelSelector(job.spec.selector).matches(pod.metadata.labels)) found.push(batched(job));
  }
  return found;
}

