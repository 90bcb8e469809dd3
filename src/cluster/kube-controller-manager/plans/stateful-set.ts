/** StatefulSets: the Pods' ordinals, names and identity. Models pkg/controller/statefulset/stateful_set_utils.go. */
import type { KubeObject, Pod, PodTemplateSpec, Volume } from '../../../kubernetes/api/index.ts';
import type { ClaimSpec, Of, StatefulSetSpec } from '../../../kubernetes/api/kept-specs.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { isPodAvailable, isPodReady } from './pod-state.ts';

export interface StatefulSetStatus {
  readonly observedGeneration?: number; readonly replicas: number; readonly readyReplicas?: number; readonly currentReplicas?: number; readonly updatedReplicas?: number;
  readonly currentRevision?: string; readonly updateRevision?: string; readonly collisionCount?: number; readonly availableReplicas: number;
}
export type StatefulSet = Omit<Of<StatefulSetSpec>, 'status'> & { readonly status?: StatefulSetStatus };
export type Claim = Of<ClaimSpec>;

/** A Pod that is there, or one that is to be made and has no status. */
export type Replica = Pod | (Omit<Pod, 'status'> & { readonly status?: undefined });

export const asObject = (set: StatefulSet | Claim): KubeObject => set as unknown as KubeObject;

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
export const podIndexLabel = 'apps.kubernetes.io/pod-index';
export const revisionLabel = 'controller-revision-hash';

const numbered = /^(.*)-([0-9]+)$/;
const largestOrdinal = 2 ** 31 - 1;

/** The set a Pod's name speaks of, '' where of none, and its place in it, -1 where it has none. */
export function parentAndOrdinal(name: string): { readonly parent: string; readonly ordinal: number } {
  const [, parent, digits] = numbered.exec(name) ?? [];
  if (parent === undefined) return { parent: '', ordinal: -1 };
  return { parent, ordinal: Number(digits) <= largestOrdinal ? Number(digits) : -1 };
}

export const ordinalOf = ({ metadata: { name } }: Replica): number => parentAndOrdinal(name).ordinal;
export const isMemberOf = (set: StatefulSet, { metadata: { name } }: Replica): boolean => parentAndOrdinal(name).parent === set.metadata.name;
export const startOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const wantedReplicas = ({ spec }: StatefulSet): number => spec.replicas ?? 1;
export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;
export const claimName = (set: StatefulSet, template: string, ordinal: number): string => `${template}-${podName(set, ordinal)}`;
export const claimTemplates = ({ spec }: StatefulSet) => spec.volumeClaimTemplates ?? [];
export const partitionOf = ({ spec }: StatefulSet): number => spec.updateStrategy?.rollingUpdate?.partition ?? 0;
export const isOrdered = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy !== 'Parallel';

export function isInRange(set: StatefulSet, pod: Replica): boolean {
  const ordinal = ordinalOf(pod);
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + wantedReplicas(set);
}

export const revisionOf = ({ metadata }: Replica): string => metadata.labels?.[revisionLabel] ?? '';
export const isCreated = ({ status }: Replica): boolean => status?.phase !== undefined;
export const isTerminating = ({ metadata }: Replica): boolean => metadata.deletionTimestamp !== undefined;
export const hasEnded = ({ status }: Replica): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';
export const isRunningAndReady = (pod: Replica): boolean => pod.status?.phase === 'Running' && isPodReady(pod);
export const isAvailable = (set: StatefulSet, pod: Replica, nowUs: SimTime): boolean => pod.status !== undefined && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, nowUs);
export const isUnavailable = (set: StatefulSet, pod: Replica, nowUs: SimTime): boolean => !isAvailable(set, pod, nowUs) || isTerminating(pod);

/** Models initIdentity, updateIdentity and identityMatches. */
const identityLabels = (name: string, ordinal: number) => ({ [podNameLabel]: name, [podIndexLabel]: String(ordinal) });

export function identityMatches(set: StatefulSet, { metadata }: Replica): boolean {
  const { parent, ordinal } = parentAndOrdinal(metadata.name);
  return ordinal >= 0 && parent === set.metadata.name && metadata.name === podName(set, ordinal) && metadata.labels?.[podNameLabel] === metadata.name;
}

export function withIdentity<P extends Replica>(pod: P): P {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...identityLabels(pod.metadata.name, ordinalOf(pod)) } } };
}

export function storageMatches(set: StatefulSet, pod: Replica): boolean {
  const ordinal = ordinalOf(pod);
  return ordinal >= 0 && claimTemplates(set).every(({ metadata: { name = '' } = {} }) =>
    pod.spec.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName === claimName(set, name, ordinal));
}

/** The claims' volumes before the template's own; one of the template's that is called as a claim gives way. Models updateStorage. */
export function withStorage(set: StatefulSet, ordinal: number, spec: Pod['spec']): Pod['spec'] {
  const claimed = claimTemplates(set).map(({ metadata: { name = '' } = {} }): Volume => ({ name, persistentVolumeClaim: { claimName: claimName(set, name, ordinal) } }));
  const volumes = [...claimed, ...(spec.volumes ?? []).filter(({ name }) => !claimed.some((volume) => volume.name === name))];
  return volumes.length === 0 ? spec : { ...spec, volumes };
}

/** A Pod as the template stamps it, with the identity of this ordinal. Models newStatefulSetPod and setPodRevision. */
export function newReplica(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Replica {
  const name = podName(set, ordinal);
  const { metadata: { labels, annotations, finalizers } = {} } = template;
  const { subdomain: _given, ...spec } = template.spec;
  const { serviceName = '' } = set.spec;
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: `${set.metadata.name}-`, name, namespace: set.metadata.namespace, labels: { ...labels, ...identityLabels(name, ordinal), [revisionLabel]: revision },
      ...(annotations !== undefined && { annotations }), ...(finalizers !== undefined && { finalizers }), ownerReferences: [newControllerReference(asObject(set))],
    },
    spec: withStorage(set, ordinal, { ...spec, hostname: name, ...(serviceName !== '' && { subdomain: serviceName }) }),
  } as Replica;
}

/** A revision of the set's template, by the name that its Pods are labelled with. */
export interface Revision { readonly name: string; readonly template: PodTemplateSpec }

/** Below the partition Pods are of the current revision. Models newVersionedStatefulSetPod. */
export function newVersionedReplica(set: StatefulSet, current: Revision, update: Revision, ordinal: number): Replica {
  const { updateStrategy } = set.spec;
  const kept = updateStrategy?.rollingUpdate !== undefined ? partitionOf(set) : updateStrategy?.type === 'RollingUpdate' ? set.status?.currentReplicas ?? 0 : 0;
  const { name, template } = ordinal < startOrdinal(set) + kept ? current : update;
  return newReplica(set, template, name, ordinal);
}
