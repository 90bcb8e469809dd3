import type { Deployment, IntOrString, ReplicaSet } from '../../../kubernetes/api/index.ts';

/** The size a ReplicaSet should have. */
export interface Scale { readonly replicaSet: ReplicaSet; readonly replicas: number }

export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

export const replicasOf = (replicaSet: ReplicaSet): number => replicaSet.spec.replicas ?? 1;
export const wantedBy = (deployment: Deployment): number => deployment.spec.replicas ?? 1;
export const sumReplicas = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + replicasOf(set), 0);
export const sumStatus = (sets: readonly ReplicaSet[], field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas'): number =>
  sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);
export const isActive = (set: ReplicaSet): boolean => replicasOf(set) > 0;

function scaled(value: IntOrString | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const part = (Number(value.slice(0, -1)) * total) / 100;
  return roundUp ? Math.ceil(part) : Math.floor(part);
}

/** maxSurge rounds up, maxUnavailable down; both zero would stand still, so then one may be missing. Models util/deployment_util.go: ResolveFenceposts. */
export function fenceposts(maxSurge: IntOrString | undefined, maxUnavailable: IntOrString | undefined, desired: number): { readonly surge: number; readonly unavailable: number } {
  const surge = scaled(maxSurge, desired, true);
  const unavailable = scaled(maxUnavailable, desired, false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec.strategy?.type !== 'Recreate';

/** How many Pods beyond the desired number there may be. Models deployment_util.go: MaxSurge. */
export function maxSurge(deployment: Deployment): number {
  if (!isRollingUpdate(deployment)) return 0;
  const { rollingUpdate } = deployment.spec.strategy ?? {};
  return fenceposts(rollingUpdate?.maxSurge, rollingUpdate?.maxUnavailable, wantedBy(deployment)).surge;
}

/** How many Pods may be missing. Models deployment_util.go: MaxUnavailable. */
export function maxUnavailable(deployment: Deployment): number {
  const wanted = wantedBy(deployment);
  if (!isRollingUpdate(deployment) || wanted === 0) return 0;
  const { rollingUpdate } = deployment.spec.strategy ?? {};
  return Math.min(fenceposts(rollingUpdate?.maxSurge, rollingUpdate?.maxUnavailable, wanted).unavailable, wanted);
}

/** The size of the new ReplicaSet, given what there is in all. Models deployment_util.go: NewRSNewReplicas. */
export function newReplicaSetSize(deployment: Deployment, allReplicas: number, newReplicas: number): number {
  const wanted = wantedBy(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const most = wanted + maxSurge(deployment);
  return allReplicas >= most ? newReplicas : newReplicas + Math.min(most - allReplicas, wanted - newReplicas);
}

const byAge = (a: ReplicaSet, b: ReplicaSet): number =>
  compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || compareText(a.metadata.name, b.metadata.name);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Oldest first, equal ages by name. */
export const oldestFirst = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] => sets.slice().sort(byAge);

/**
 * How far the old ReplicaSets may shrink now: first their unhealthy Pods go (they serve nobody), then as many healthy ones as availability allows.
 * Models rolling.go: reconcileOldReplicaSets, cleanupUnhealthyReplicas and scaleDownOldReplicaSetsForRollingUpdate; both in one write per ReplicaSet.
 */
export function shrinkOld(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): readonly Scale[] {
  if (sumReplicas(oldSets) === 0) return [];
  const all = [...oldSets, newSet];
  const minAvailable = wantedBy(deployment) - maxUnavailable(deployment);
  const newUnavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const mayGo = sumReplicas(all) - minAvailable - newUnavailable;
  if (mayGo <= 0) return [];
  const target = new Map<ReplicaSet, number>();
  let cleaned = 0;
  const sorted = oldestFirst(oldSets);
  for (const set of sorted) {
    if (cleaned >= mayGo) break;
    const size = replicasOf(set);
    const available = set.status?.availableReplicas ?? 0;
    if (size === 0 || size === available) continue;
    const count = Math.min(mayGo - cleaned, size - available);
    if (count <= 0) continue;
    target.set(set, size - count);
    cleaned += count;
  }
  let surplus = sumStatus(all, 'availableReplicas') - minAvailable;
  for (const set of sorted) {
    if (surplus <= 0) break;
    const size = target.get(set) ?? replicasOf(set);
    if (size === 0) continue;
    const count = Math.min(size, surplus);
    target.set(set, size - count);
    surplus -= count;
  }
  return sorted.filter((set) => target.has(set) && target.get(set) !== replicasOf(set)).map((replicaSet) => ({ replicaSet, replicas: target.get(replicaSet)! }));
}

/** The one ReplicaSet that has Pods, or the newest where none has; undefined while several have. Models deployment_util.go: FindActiveOrLatest. */
export function activeOrLatest(newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  if (newSet === undefined && oldSets.length === 0) return undefined;
  const all = newSet === undefined ? oldSets : [...oldSets, newSet];
  const active = all.filter(isActive);
  if (active.length === 0) return newSet ?? oldestFirst(oldSets).at(-1);
  return active.length === 1 ? active[0] : undefined;
}

/** Whether the new ReplicaSet carries the Deployment alone. Models deployment_util.go: IsSaturated. */
export function isSaturated(deployment: Deployment, newSet: ReplicaSet | undefined): boolean {
  if (newSet === undefined) return false;
  const wanted = wantedBy(deployment);
  return replicasOf(newSet) === wanted && Number(newSet.metadata.annotations?.[desiredAnnotation]) === wanted && (newSet.status?.availableReplicas ?? 0) === wanted;
}

/** A ReplicaSet's fair part of a change of size. Models deployment_util.go: GetReplicaSetProportion and getReplicaSetFraction. */
function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  const size = replicasOf(set);
  if (size === 0 || toAdd === 0 || toAdd === added) return 0;
  const allowed = toAdd - added;
  const fraction = fairShare(set, deployment);
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

function fairShare(set: ReplicaSet, deployment: Deployment): number {
  const wanted = wantedBy(deployment);
  const size = replicasOf(set);
  if (wanted === 0) return -size;
  const most = wanted + maxSurge(deployment);
  const noted = Number(set.metadata.annotations?.[maxAnnotation] ?? NaN);
  const before = Number.isNaN(noted) ? deployment.status?.replicas ?? 0 : noted;
  return before === 0 ? 0 : Math.round((size * most) / before) - size;
}

/** How a change of `spec.replicas` is shared out in the middle of a rollout. Models sync.go: scale. */
export function scaleProportionally(deployment: Deployment, newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): readonly Scale[] {
  const wanted = wantedBy(deployment);
  const only = activeOrLatest(newSet, oldSets);
  if (only !== undefined) return replicasOf(only) === wanted ? [] : [{ replicaSet: only, replicas: wanted }];
  if (isSaturated(deployment, newSet)) return oldSets.filter(isActive).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  if (!isRollingUpdate(deployment)) return [];
  const active = (newSet === undefined ? oldSets : [...oldSets, newSet]).filter(isActive);
  const toAdd = (wanted > 0 ? wanted + maxSurge(deployment) : 0) - sumReplicas(active);
  // Growing favours the newer, shrinking takes from the older, the largest first.
  const age = toAdd > 0 ? (a: ReplicaSet, b: ReplicaSet) => byAge(b, a) : byAge;
  const sorted = active.slice().sort((a, b) => replicasOf(b) - replicasOf(a) || age(a, b));
  let added = 0;
  const sizes = sorted.map((set) => {
    const part = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added);
    added += part;
    return replicasOf(set) + part;
  });
  return sorted.map((replicaSet, index) => ({ replicaSet, replicas: Math.max(0, sizes[index]! + (index === 0 && toAdd !== 0 ? toAdd - added : 0)) }));
}
