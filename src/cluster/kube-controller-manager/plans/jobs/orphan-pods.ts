/** Pods that still bear a Job's finalizer though none will count them. Models pkg/controller/job/job_controller.go: syncOrphanPod. */
import { splitObjectKey, objectKey, type Pod } from '../../../../kubernetes/api/index.ts';
import type { Job } from '../../../../kubernetes/api/batch-v1.ts';
import { controllerOf } from '../../../../kubernetes/apimachinery/owner-references.ts';
import { compileLabelSelector } from '../../../../kubernetes/apimachinery/label-selector.ts';
import { finished, type Listers } from '../../controller.ts';
import { patch } from '../../requests.ts';
import { isFinished, isManagedElsewhere, jobsIn } from './job-facts.ts';
import { isTracked, trackingFinalizer } from './job-pods.ts';
import type { Context, Result } from './job-steps.ts';

const onePrefix = 'orphan ';
const manyPrefix = 'orphans of ';
export const orphanKey = (pod: Pod): string => onePrefix + objectKey(pod);
/** All Pods that the Job's selector finds. */
export const orphansKey = (job: Job): string => `${manyPrefix}${job.metadata.namespace}/${JSON.stringify(job.spec.selector ?? {})}`;
export const isOrphanKey = (key: string): boolean => key.startsWith(onePrefix) || key.startsWith(manyPrefix);

/** The patch that lets a Pod go, for what a Job's controller is concerned. Models removeTrackingFinalizerPatch. */
export const untrack = (pod: Pod) => patch(pod, { metadata: { '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } }, 'application/strategic-merge-patch+json');

export function syncOrphan({ key, list, step, answers }: Context): Result {
  if (step !== undefined) return key.startsWith(manyPrefix) || answers.every(({ ok, code }) => ok || code === 404) ? finished : { error: `could not remove the finalizer of ${key}` };
  const pods = podsMeant(key, list).filter((pod) => isTracked(pod) && isOrphan(pod, list));
  return pods.length === 0 ? finished : { requests: pods.map(untrack), next: { at: 'freeing' } };
}

function podsMeant(key: string, list: Listers): readonly Pod[] {
  if (key.startsWith(manyPrefix)) {
    const { namespace, name: selector } = splitAtSlash(key.slice(manyPrefix.length));
    const compiled = compileLabelSelector(JSON.parse(selector) as Job['spec']['selector']);
    return ([...list('pods').byIndex('namespace', namespace)] as readonly Pod[]).filter(({ metadata }) => compiled.matches(metadata.labels));
  }
  const { namespace, name } = splitObjectKey(key.slice(onePrefix.length));
  const pod = list('pods').get(namespace, name);
  return pod === undefined ? [] : [pod];
}

function splitAtSlash(text: string): { readonly namespace: string; readonly name: string } {
  const at = text.indexOf('/');
  return { namespace: text.slice(0, at), name: text.slice(at + 1) };
}

/** Models handleSingleOrphanPod. */
function isOrphan(pod: Pod, list: Listers): boolean {
  const reference = controllerOf(pod);
  if (reference === undefined) return true;
  if (reference.kind !== 'Job' || reference.apiVersion !== 'batch/v1') return false;
  const named = jobsIn(list).get(pod.metadata.namespace ?? '', reference.name);
  const job = named?.metadata.uid === reference.uid ? named : undefined;
  return job === undefined || (!isManagedElsewhere(job) && isFinished(job));
}
