/** The code of the controllers that only manifests call for. */
import { claimProtectionController } from './persistentvolumeclaim-protection-controller.ts';
import { cronJobController } from './cronjob-controller.ts';
import { daemonSetController } from './daemonset-controller.ts';
import { deploymentController } from './deployment-controller.ts';
import { disruptionController } from './disruption-controller.ts';
import { endpointSliceMirroringController } from './endpointslicemirroring-controller.ts';
import { jobController } from './job-controller.ts';
import { addControllerCode } from './late.ts';
import { persistentVolumeBinderController } from './persistentvolume-binder-controller.ts';
import { replicaSetController, replicationControllerController } from './replicaset-controller.ts';
import { statefulSetController } from './statefulset-controller.ts';
import { ttlAfterFinishedController } from './ttlafterfinished-controller.ts';
import { volumeProtectionController } from './persistentvolume-protection-controller.ts';

addControllerCode({
  deployment: deploymentController, replicaSet: replicaSetController, replicationController: replicationControllerController, disruption: disruptionController,
  endpointSliceMirroring: endpointSliceMirroringController, statefulSet: statefulSetController, daemonSet: daemonSetController,
  job: jobController, cronJob: cronJobController, ttlAfterFinished: ttlAfterFinishedController, persistentVolumeBinder: persistentVolumeBinderController,
  claimProtection: claimProtectionController, volumeProtection: volumeProtectionController,
});
