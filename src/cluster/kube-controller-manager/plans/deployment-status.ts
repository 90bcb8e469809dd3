import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../../kubernetes/api/index.ts';
import { findCondition } from '../../../kubernetes/apimachinery/conditions.ts';
import { formatTime, parseTime } from '../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import { maxUnavailable, sumReplicas, sumStatus, wantedBy } from './rollout-plan.ts';

const noDeadline = 2_147_483_647;

/** Whether the Deployment says by when it must make progress. Models deployment_util.go: HasProgressDeadline. */
export const hasProgressDeadline = ({ spec }: Deployment): boolean => spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline;

export function newCondition(type: string, status: DeploymentCondition['status'], reason: string, message: string, nowUs: SimTime): DeploymentCondition {
  const time = formatTime(nowUs);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** Put a condition last, unless one with the same status and reason is there. Models deployment_util.go: SetDeploymentCondition. */
export function withCondition(conditions: readonly DeploymentCondition[] | undefined, condition: DeploymentCondition): readonly DeploymentCondition[] {
  const known = findCondition(conditions, condition.type);
  if (known?.status === condition.status && known.reason === condition.reason) return conditions ?? [];
  const placed = known?.status === condition.status ? { ...condition, lastTransitionTime: known.lastTransitionTime } : condition;
  return [...without(conditions, condition.type), placed];
}

const without = (conditions: readonly DeploymentCondition[] | undefined, type: string): readonly DeploymentCondition[] => (conditions ?? []).filter((condition) => condition.type !== type);

/** Counts and the Available condition. Models sync.go: calculateStatus. Zeros are left out, as Go's omitempty does. */
export function calculateStatus(deployment: Deployment, newSet: ReplicaSet | undefined, allSets: readonly ReplicaSet[], nowUs: SimTime): DeploymentStatus {
  const { status } = deployment;
  const replicas = sumStatus(allSets, 'replicas');
  const updated = newSet?.status?.replicas ?? 0;
  const ready = sumStatus(allSets, 'readyReplicas');
  const available = sumStatus(allSets, 'availableReplicas');
  const unavailable = Math.max(0, sumReplicas(allSets) - available);
  const enough = available >= wantedBy(deployment) - maxUnavailable(deployment);
  const condition = enough
    ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', nowUs)
    : newCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', nowUs);
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...(replicas === 0 ? {} : { replicas }), ...(updated === 0 ? {} : { updatedReplicas: updated }), ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }), ...(unavailable === 0 ? {} : { unavailableReplicas: unavailable }),
    terminatingReplicas: sumStatus(allSets, 'terminatingReplicas'),
    ...(status?.collisionCount === undefined ? {} : { collisionCount: status.collisionCount }),
    conditions: withCondition(status?.conditions, condition),
  };
}

/** Models deployment_util.go: DeploymentComplete. */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wanted = wantedBy(deployment);
  return (status?.updatedReplicas ?? 0) === wanted && (status?.replicas ?? 0) === wanted && (status?.availableReplicas ?? 0) === wanted
    && (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
}

/** Models deployment_util.go: DeploymentProgressing. */
function isProgressing(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus | undefined) => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return (after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) || old(after) < old(before)
    || (after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) || (after.availableReplicas ?? 0) > (before?.availableReplicas ?? 0);
}

/** Models deployment_util.go: DeploymentTimedOut. */
function isTimedOut(deployment: Deployment, status: DeploymentStatus, nowUs: SimTime): boolean {
  const condition = findCondition(status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return (parseTime(condition.lastUpdateTime) ?? 0) + deployment.spec.progressDeadlineSeconds! * 1_000_000 < nowUs;
}

/** The whole status during a rollout, with its Progressing and ReplicaFailure conditions. Models progress.go: syncRolloutStatus. */
export function rolloutStatus(deployment: Deployment, newSet: ReplicaSet | undefined, allSets: readonly ReplicaSet[], nowUs: SimTime): DeploymentStatus {
  const status = calculateStatus(deployment, newSet, allSets, nowUs);
  let { conditions } = status;
  if (!hasProgressDeadline(deployment)) conditions = without(conditions, 'Progressing');
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  const wasComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !wasComplete) {
    const subject = newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
    if (isComplete(deployment, status)) {
      conditions = withCondition(conditions, newCondition('Progressing', 'True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`, nowUs));
    } else if (isProgressing(deployment.status, status)) {
      const fresh = newCondition('Progressing', 'True', 'ReplicaSetUpdated', `${subject} is progressing.`, nowUs);
      // Each step of progress starts the deadline anew, so the condition is replaced even where it says the same.
      conditions = [...without(conditions, 'Progressing'), current?.status === 'True' ? { ...fresh, lastTransitionTime: current.lastTransitionTime } : fresh];
    } else if (isTimedOut(deployment, { ...status, conditions }, nowUs)) {
      conditions = withCondition(conditions, newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`, nowUs));
    }
  }
  const failure = replicaFailure(newSet, allSets);
  conditions = failure === undefined ? without(conditions, 'ReplicaFailure') : withCondition(conditions, failure);
  return { ...status, conditions };
}

/** The failure of the new ReplicaSet, else of any. Models progress.go: getReplicaFailures. */
function replicaFailure(newSet: ReplicaSet | undefined, allSets: readonly ReplicaSet[]): DeploymentCondition | undefined {
  for (const set of newSet === undefined ? allSets : [newSet, ...allSets]) {
    const found = set.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (found !== undefined) return { ...found, lastUpdateTime: found.lastTransitionTime };
  }
  return undefined;
}

/** How long until it must be seen whether the deadline has passed; undefined where nothing is due. Models progress.go: requeueStuckDeployment. */
export function untilDeadlineUs(deployment: Deployment, status: DeploymentStatus, nowUs: SimTime): number | undefined {
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if (current === undefined || !hasProgressDeadline(deployment) || isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded') return undefined;
  const dueUs = (parseTime(current.lastUpdateTime) ?? 0) + deployment.spec.progressDeadlineSeconds! * 1_000_000;
  return Math.max(0, dueUs - nowUs) + 1_000_000;
}
