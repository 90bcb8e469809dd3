import type { ControllerAbout } from '../controller.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation-controller.ts';
import { endpointSliceController } from './endpointslice-controller.ts';
import { endpointsController } from './endpoints-controller.ts';
import { garbageCollectorController } from './garbage-collector-controller.ts';
import { late } from './late.ts';
import { namespaceController } from './namespace-controller.ts';
import { nodeLifecycleController } from './node-lifecycle-controller.ts';
import { podGarbageCollectorController } from './pod-garbage-collector-controller.ts';
import { resourceQuotaController } from './resourcequota-controller.ts';
import { rootCaCertificatePublisherController } from './root-ca-certificate-publisher-controller.ts';
import { serviceAccountController } from './serviceaccount-controller.ts';
import { taintEvictionController } from './taint-eviction-controller.ts';

/** Every controller of the process, in the order in which they hear news. */
export const controllers: readonly ControllerAbout[] = [
  late.deployment,
  late.replicaSet,
  late.daemonSet,
  endpointSliceController,
  nodeLifecycleController,
  taintEvictionController,
  podGarbageCollectorController,
  garbageCollectorController,
  namespaceController,
  serviceAccountController,
  rootCaCertificatePublisherController,
  resourceQuotaController,
  clusterRoleAggregationController,
  late.disruption,
  late.replicationController,
  endpointsController,
  late.endpointSliceMirroring,
  late.statefulSet,
  late.job,
  late.cronJob,
  late.ttlAfterFinished,
  late.persistentVolumeBinder,
  late.claimProtection,
  late.volumeProtection,
];
