/** Defaults of Deployments and ReplicaSets. Models pkg/apis/apps/v1/defaults.go. */
import type { Deployment, DeploymentSpec, DeploymentStrategy, ReplicaSet, ReplicaSetSpec, RollingUpdateDeployment } from '../apps-v1.ts';
import { change, fill } from './fill.ts';
import { defaultPodTemplate } from './core-v1-pod.ts';

const rolling: RollingUpdateDeployment = { maxUnavailable: '25%', maxSurge: '25%' };
const rollingUpdate = (given: RollingUpdateDeployment): RollingUpdateDeployment => fill(given, rolling);

function strategy(given: DeploymentStrategy): DeploymentStrategy {
  const typed = fill(given, { type: 'RollingUpdate' });
  if (typed.type !== 'RollingUpdate') return typed;
  return change(fill(typed, { rollingUpdate: rolling }), 'rollingUpdate', rollingUpdate);
}

const deploymentDefaults: Partial<DeploymentSpec> = {
  replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600,
};

/** Defaults of a Deployment. */
export const defaultDeployment = (deployment: Deployment): Deployment => fill(change(deployment, 'spec', (spec) =>
  change(change(fill(spec, deploymentDefaults), 'strategy', strategy), 'template', defaultPodTemplate)), { status: {} });

const replicaSetDefaults: Partial<ReplicaSetSpec> = { replicas: 1 };

/** Defaults of a ReplicaSet. */
export const defaultReplicaSet = (replicaSet: ReplicaSet): ReplicaSet => fill(change(replicaSet, 'spec', (spec) =>
  change(fill(spec, replicaSetDefaults), 'template', defaultPodTemplate)), { status: { replicas: 0 } });
