import type { Deployment, PodTemplateSpec, ReplicaSet, StringMap } from '../../../kubernetes/api/index.ts';
import { semanticEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import { podTemplateHash } from '../../../kubernetes/apimachinery/pod-template-hash.ts';
import { desiredAnnotation, maxAnnotation, maxSurge, oldestFirst, replicasOf, wantedBy } from './rollout-plan.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const hashLabel = 'pod-template-hash';
const skipped = new Set([
  'kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, historyAnnotation, desiredAnnotation, maxAnnotation, 'deprecated.deployment.rollback.to',
]);

/** Go's int64: who brings a ReplicaSet along may number it as high as that. */
const asRevision = (text = ''): bigint => (/^\d+$/.test(text) ? BigInt(text) : 0n);
/** The revision a ReplicaSet carries, 0 where it has none. */
export const revisionOf = ({ metadata }: ReplicaSet | Deployment): bigint => asRevision(metadata.annotations?.[revisionAnnotation]);
export const maxRevision = (sets: readonly ReplicaSet[]): bigint => sets.reduce((most, set) => { const own = revisionOf(set); return own > most ? own : most; }, 0n);

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  if (template.metadata?.labels?.[hashLabel] === undefined) return template;
  const { [hashLabel]: _hash, ...labels } = template.metadata.labels;
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Whether two templates would stamp the same Pods, hash label aside. Models deployment_util.go: EqualIgnoreHash. */
export const sameTemplate = (a: PodTemplateSpec, b: PodTemplateSpec): boolean => semanticEqual(withoutHash(a), withoutHash(b));

/** The ReplicaSet that has the Deployment's template; the oldest of several. Models deployment_util.go: FindNewReplicaSet. */
export const findNewReplicaSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  oldestFirst(sets).find((set) => sameTemplate(set.spec.template, deployment.spec.template));

/** The annotations of a Deployment's ReplicaSet, the same object where nothing changes. Models deployment_util.go: SetNewReplicaSetAnnotations. */
export function newSetAnnotations(deployment: Deployment, before: StringMap | undefined, revision: bigint, exists: boolean): StringMap {
  const after: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!skipped.has(key)) after[key] = value;
  const old = before?.[revisionAnnotation];
  if (asRevision(old) < revision) {
    after[revisionAnnotation] = String(revision);
    if (old !== undefined) after[historyAnnotation] = before?.[historyAnnotation] === undefined ? old : `${before[historyAnnotation]},${old}`;
  }
  if (!exists) Object.assign(after, sizeAnnotations(deployment));
  return before !== undefined && sameAnnotations(before, after) ? before : after;
}

/** What a ReplicaSet notes about its Deployment's size when it was last scaled. */
export const sizeAnnotations = (deployment: Deployment): StringMap =>
  ({ [desiredAnnotation]: String(wantedBy(deployment)), [maxAnnotation]: String(wantedBy(deployment) + maxSurge(deployment)) });

function sameAnnotations(a: StringMap, b: StringMap): boolean {
  const keys = Object.keys(b);
  return keys.length === Object.keys(a).length && keys.every((key) => a[key] === b[key]);
}

/** A ReplicaSet for a template that has none yet; its name and its selector carry the template's hash. Models sync.go: getNewReplicaSet. */
export function makeReplicaSet(deployment: Deployment, revision: bigint, replicas: number): ReplicaSet {
  const { metadata, spec } = deployment;
  const hash = podTemplateHash(spec.template, deployment.status?.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`, namespace: metadata.namespace, labels, annotations: newSetAnnotations(deployment, undefined, revision, false),
      ownerReferences: [newControllerReference(deployment)],
    },
    spec: {
      replicas, ...(spec.minReadySeconds === undefined || spec.minReadySeconds === 0 ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

/** Old, empty ReplicaSets beyond the history limit. Models sync.go: cleanupDeployment. */
export function surplusHistory(deployment: Deployment, oldSets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined || limit === 2_147_483_647) return [];
  const alive = oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return alive.slice().sort((a, b) => (revisionOf(a) < revisionOf(b) ? -1 : 1)).slice(0, Math.max(0, alive.length - limit))
    .filter((set) => (set.status?.replicas ?? 0) === 0 && replicasOf(set) === 0 && (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0));
}
