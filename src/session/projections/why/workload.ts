import type { Deployment, KubeObject, Pod, ReplicaSet } from '../../../kubernetes/api/index.ts';
import { objectRowKey } from '../object-rows.ts';
import { controllerManager, hindranceOf } from './ability.ts';
import { whyPod } from './pod.ts';
import { controllerOf, plural, quoted, verdict, type Scene, type StoredEvent, type Verdict } from './scene.ts';

const setsOf = (scene: Scene, deployment: Deployment): readonly ReplicaSet[] => scene.all<ReplicaSet>('ReplicaSet', deployment.metadata.namespace ?? '').filter((set) => controllerOf(set)?.uid === deployment.metadata.uid);

/** Of a StatefulSet those below the partition stay as they are, and on delete all do. */
function updatedOf({ spec, status }: KubeObject, available: number): number {
  const { type, rollingUpdate } = (spec as { readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } } } | undefined)?.updateStrategy ?? {};
  if (type === 'OnDelete') return available;
  return ((status as { readonly updatedReplicas?: number } | undefined)?.updatedReplicas ?? 0) + (rollingUpdate?.partition ?? 0);
}

/** On delete old Pods stay as they are. */
const daemonsUpdated = ({ spec, status }: KubeObject, available: number): number =>
  ((spec as { readonly updateStrategy?: { readonly type?: string } }).updateStrategy?.type === 'OnDelete' ? available : (status as { readonly updatedReplicas?: number }).updatedReplicas ?? 0);

/** Why is this Deployment, ReplicaSet, StatefulSet or DaemonSet not available, or why is it? */
export function whyWorkload(scene: Scene, workload: Deployment | ReplicaSet): Verdict {
  const { name, namespace = 'default', generation = 0 } = workload.metadata;
  const { replicas: desired = 1 } = workload.spec ?? {};
  const { availableReplicas: available = 0, observedGeneration = 0 } = workload.status ?? {};
  const sets = workload.kind === 'Deployment' ? setsOf(scene, workload as Deployment) : [workload as ReplicaSet];
  const uids = new Set(sets.map(({ metadata }) => metadata.uid));
  const pods = scene.all<Pod>('Pod', namespace).filter((pod) => uids.has(controllerOf(pod)?.uid));
  const kind: string = workload.kind;
  const daemons = kind === 'DaemonSet';
  const updated = daemons ? daemonsUpdated(workload, available) : kind === 'Deployment' ? (workload as Deployment).status?.updatedReplicas ?? 0 : kind === 'StatefulSet' ? updatedOf(workload, available) : available;
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length;
  // A daemon Pod stays on a node that would get none now.
  const upToDate = observedGeneration >= generation && updated >= desired && (staying === desired || (daemons && staying > desired));
  const troubled = pods.filter((pod) => isDoubtful(scene, pod)).slice(0, mostAsked).map((pod) => ({ pod, why: whyPod(scene, pod) })).filter(({ why }) => why.tone !== 'good').sort((a, b) => rank(a.why) - rank(b.why))[0];
  const figures = scene.said(workload, `${daemons ? 'status.desiredNumberScheduled' : 'spec.replicas'} ${desired}, status.${daemons ? 'numberAvailable' : 'availableReplicas'} ${available}, ${plural(pods.length, 'Pod')} stored`);
  const stuck = hindranceOf(scene, controllerManager);
  if (stuck !== undefined && !upToDate) return verdict('bad', `${name} has ${available} of ${desired} replicas, and nobody changes that: ${stuck.text}.`, [figures, ...stuck.evidence], stuck.remedies);
  if (available >= desired && upToDate && troubled === undefined) return verdict('good', desired === 0 ? (daemons ? `There is no node for ${name}: it is to have no Pods.` : `${name} is scaled to 0: it is to have no Pods.`) : `${name} has all it asks for: ${plural(available, 'replica')} of ${desired} available.`, [figures, ...progress(scene, workload)]);
  const failure = failedCreate(scene, sets);
  if (failure !== undefined && pods.length < desired) return verdict('bad', `${name} has ${available} of ${desired} replicas because Pods can not be made: ${quoted(failure.message)}.`, [figures, scene.eventSaid(failure)]);
  if (workload.kind === 'Deployment' && (workload as Deployment).spec?.paused === true && updated < desired) return verdict('bad', `${name} is not rolled out further: spec.paused is true.`, [figures]);
  if (troubled === undefined) return verdict('waiting', `${name} has ${available} of ${desired} replicas available: its controller is still at work.`, [figures, ...progress(scene, workload)]);
  const { pod, why } = troubled;
  return verdict(why.tone, `${name} has ${available} of ${desired} replicas available. Pod ${pod.metadata.name}: ${why.verdict}`, [figures, scene.backed(`Pod ${pod.metadata.name}`, undefined, objectRowKey(pod)), ...why.evidence, ...progress(scene, workload)], why.remedies);
}

/** Of thousands of Pods in one trouble the first ones say enough. */
const mostAsked = 20;

const isDoubtful = (scene: Scene, { metadata, spec, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') !== true || hindranceOf(scene, `${spec.nodeName}/kubelet`) !== undefined;

/** What does not go on by itself is told before what does. */
const rank = ({ tone }: Verdict): number => (tone === 'bad' ? 0 : 1);

/** The newest word of the ReplicaSets is that a Pod could not be created. */
function failedCreate(scene: Scene, sets: readonly ReplicaSet[]): StoredEvent | undefined {
  return sets.map((set) => scene.events(set)[0]).find((event) => event?.reason === 'FailedCreate');
}

function progress(scene: Scene, workload: Deployment | ReplicaSet) {
  const condition = (workload.status?.conditions ?? []).find(({ type }) => type === 'Progressing');
  return condition === undefined ? [] : [scene.said(workload, `Progressing is ${condition.status}, ${condition.reason ?? ''}: ${condition.message ?? ''}`)];
}
