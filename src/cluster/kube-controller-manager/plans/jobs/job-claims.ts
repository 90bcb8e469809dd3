/** Which Pods are a Job's: its own, and orphans that its selector finds; those it finds no more are let go. Models pkg/controller/controller_ref_manager.go with the Job's finalizer. */
import { splitObjectKey, type Pod } from '../../../../kubernetes/api/index.ts';
import type { Job } from '../../../../kubernetes/api/batch-v1.ts';
import { compileLabelSelector } from '../../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf, newControllerReference } from '../../../../kubernetes/apimachinery/owner-references.ts';
import { patch, read } from '../../requests.ts';
import { satisfied } from '../expectations.ts';
import { jobsResource } from './job-facts.ts';
import { isTracked, trackingFinalizer } from './job-pods.ts';
import type { Claims, ClaimStep, Context, Result } from './job-steps.ts';
import { messageOf } from './pod-work.ts';

type Proceed = (context: Context, job: Job, pods: readonly Pod[], trusted: boolean) => Result;

const strategic = 'application/strategic-merge-patch+json';
const adopt = (pod: Pod, job: Job) => patch(pod, { metadata: { uid: pod.metadata.uid, ownerReferences: [newControllerReference(job)], finalizers: [trackingFinalizer] } }, strategic);
const release = (pod: Pod, job: Job) =>
  patch(pod, { metadata: { uid: pod.metadata.uid, ownerReferences: [{ $patch: 'delete', uid: job.metadata.uid }], '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } }, strategic);

export function claim(context: Context, job: Job, proceed: Proceed): Result {
  const { key, list, memory, nowUs } = context;
  const { uid = '', namespace = '', name, deletionTimestamp } = job.metadata;
  const trusted = satisfied(memory.expectations, key, nowUs);
  const selector = compileLabelSelector(job.spec.selector);
  const [own, strays, orphans]: Pod[][] = [[], [], []];
  for (const pod of list('pods').byIndex('owner', uid)) {
    if (controllerOf(pod)?.uid !== uid) continue;
    (selector.matches(pod.metadata.labels) ? own! : strays!).push(pod);
  }
  if (deletionTimestamp === undefined) for (const pod of list('pods').byIndex('orphan', namespace)) if (pod.metadata.deletionTimestamp === undefined && selector.matches(pod.metadata.labels)) orphans!.push(pod);
  const claims: Claims = { job, own: own!, orphans: orphans!, strays: deletionTimestamp === undefined ? strays! : [], trusted };
  // Adoption is decided on the live object: the cache might not know yet that it is being deleted.
  if (claims.orphans.length > 0) return { requests: [read(jobsResource, namespace, name)], next: { at: 'rechecking', ...claims } };
  return claims.strays.length > 0 ? patchAll(claims) : proceed(context, job, claims.own, trusted);
}

const patchAll = (claims: Claims): Result =>
  ({ requests: [...claims.orphans.map((pod) => adopt(pod, claims.job)), ...claims.strays.map((pod) => release(pod, claims.job))], next: { ...claims, at: 'claiming' } });

export function recheck(context: Context, step: ClaimStep & { at: 'rechecking' }, _proceed: Proceed): Result {
  const answer = context.answers[0]!;
  const { namespace, name } = splitObjectKey(context.key);
  const live = answer.body as unknown as Job;
  if (!answer.ok) return { error: `can't adopt Pods of ${context.key}: ${messageOf(answer)}` };
  if (live.metadata.uid !== step.job.metadata.uid) return { error: `original Job ${namespace}/${name} is gone: got uid ${live.metadata.uid}, wanted ${step.job.metadata.uid}` };
  if (live.metadata.deletionTimestamp !== undefined) return { error: `${namespace}/${name} has just been deleted at ${live.metadata.deletionTimestamp}` };
  return patchAll(step);
}

export function claimed(context: Context, { job, own, orphans, strays, trusted }: ClaimStep & { at: 'claiming' }, proceed: Proceed): Result {
  const failed = context.answers.findIndex(({ ok, code }, index) => !ok && !(index >= orphans.length && (code === 404 || code === 422)));
  if (failed >= 0) return { error: `could not claim Pod ${[...orphans, ...strays][failed]!.metadata.name}: ${messageOf(context.answers[failed]!)}` };
  const adopted = orphans.map((pod): Pod => (isTracked(pod) ? pod : { ...pod, metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] } }));
  return proceed(context, job, [...own, ...adopted], trusted);
}
