/** The code of the controllers that only manifests call for. */
import { daemonSetController } from './daemonset-controller.ts';
import { deploymentController } from './deployment-controller.ts';
import { disruptionController } from './disruption-controller.ts';
import { endpointSliceMirroringController } from './endpointslicemirroring-controller.ts';
import { addControllerCode } from './late.ts';
import { replicaSetController, replicationControllerController } from './replicaset-controller.ts';
import { statefulSetController } from './statefulset-controller.ts';

addControllerCode({
  deployment: deploymentController, replicaSet: replicaSetController, replicationController: replicationControllerController, disruption: disruptionController,
  endpointSliceMirroring: endpointSliceMirroringController, statefulSet: statefulSetController, daemonSet: daemonSetController,
});
