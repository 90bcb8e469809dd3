import type { KubeObject, Pod } from '../../../kubernetes/api/index.ts';
import type { Job } from '../../../kubernetes/api/batch-v1.ts';
import { completionsOf } from '../../../kubernetes/printers/job-status.ts';
import { objectRowKey } from '../object-rows.ts';
import { controllerManager, hindranceOf } from './ability.ts';
import { whyPod } from './pod.ts';
import { controllerOf, quoted, verdict, type Scene, type Verdict } from './scene.ts';

/** Why is this Job not complete, or how did it end? */
export function whyJob(scene: Scene, job: Job): Verdict {
  const { name, namespace = 'default' } = job.metadata;
  const object = job as unknown as KubeObject;
  const { active = 0, succeeded = 0, failed = 0, conditions = [] } = job.status ?? {};
  const wanted = completionsOf(job);
  const figures = scene.said(object, `spec.completions ${wanted}, status.succeeded ${succeeded}, status.failed ${failed}, status.active ${active}`);
  const says = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
  const end = says('Failed') ?? says('FailureTarget');
  if (end !== undefined) return verdict('bad', `${name} has failed (${end.reason}): ${quoted(end.message)}.`, [figures]);
  if (says('Complete') !== undefined) return verdict('good', `${name} is complete: ${succeeded} of ${wanted} succeeded.`, [figures]);
  if (job.spec.suspend === true) return verdict('waiting', `${name} is suspended: spec.suspend is true, so no Pods of it run.`, [figures]);
  if (job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller') return verdict('waiting', `${name} is left to ${job.spec.managedBy}: spec.managedBy says so, and the job controller does nothing about it.`, [figures]);
  const stuck = hindranceOf(scene, controllerManager);
  if (stuck !== undefined) return verdict('bad', `${name} has ${succeeded} of ${wanted} done, and nobody goes on with it: ${stuck.text}.`, [figures, ...stuck.evidence], stuck.remedies);
  const pods = scene.all<Pod>('Pod', namespace).filter((pod) => controllerOf(pod)?.uid === job.metadata.uid && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
  const troubled = pods.map((pod) => ({ pod, why: whyPod(scene, pod) })).find(({ why }) => why.tone === 'bad');
  if (troubled !== undefined) return verdict('bad', `${name} has ${succeeded} of ${wanted} done. Pod ${troubled.pod.metadata.name}: ${troubled.why.verdict}`, [figures, scene.backed(`Pod ${troubled.pod.metadata.name}`, undefined, objectRowKey(troubled.pod)), ...troubled.why.evidence], troubled.why.remedies);
  const failure = scene.events(object)[0];
  if (pods.length === 0 && failure?.reason === 'FailedCreate') return verdict('bad', `${name} has ${succeeded} of ${wanted} done because Pods can not be made: ${quoted(failure.message)}.`, [figures, scene.eventSaid(failure)]);
  if (pods.length === 0 && failed > 0) return verdict('waiting', `${name} has ${succeeded} of ${wanted} done. After a failure the job controller waits before it makes another Pod: 10 s, doubled with each failure, up to 10 min.`, [figures]);
  return verdict('waiting', `${name} has ${succeeded} of ${wanted} done, and ${active} at work.`, [figures]);
}
