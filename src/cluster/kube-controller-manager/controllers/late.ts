import type { ControllerAbout, ControllerCode } from '../controller.ts';

/**
 * The controllers of what only manifests bring, as the process knows them from the start. Their code is fetched with the reader of manifests
 * (`late-code.ts`); no news reaches them in a world without.
 */
export const late = {
  deployment: { name: 'deployment-controller', serviceAccount: 'deployment-controller', component: 'deployment-controller', resources: ['deployments', 'replicasets', 'pods'], concurrency: 5 },
  replicaSet: { name: 'replicaset-controller', serviceAccount: 'replicaset-controller', component: 'replicaset-controller', resources: ['replicasets', 'pods'], concurrency: 5 },
  replicationController: {
    name: 'replicationcontroller-controller', serviceAccount: 'replication-controller', component: 'replication-controller', resources: ['pods'], followsMore: true,
    awakenedBy: [{ group: '', version: 'v1', resource: 'replicationcontrollers' }], concurrency: 5,
  },
  disruption: {
    name: 'disruption-controller', serviceAccount: 'disruption-controller', component: 'controllermanager', resources: ['pods'], followsMore: true,
    awakenedBy: [{ group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' }],
    alsoFollows: [{ group: '', version: 'v1', resource: 'replicationcontrollers' }, { group: 'apps', version: 'v1', resource: 'statefulsets' }], concurrency: 1,
  },
  endpointSliceMirroring: {
    name: 'endpointslice-mirroring-controller', serviceAccount: 'endpointslicemirroring-controller', component: 'endpoint-slice-mirroring-controller', resources: ['services', 'endpointslices'],
    followsMore: true, awakenedBy: [{ group: '', version: 'v1', resource: 'endpoints' }], concurrency: 5,
  },
  statefulSet: {
    name: 'statefulset-controller', serviceAccount: 'statefulset-controller', component: 'statefulset-controller', resources: ['pods'], followsMore: true,
    awakenedBy: [{ group: 'apps', version: 'v1', resource: 'statefulsets' }],
    alsoFollows: [{ group: '', version: 'v1', resource: 'persistentvolumeclaims' }, { group: 'apps', version: 'v1', resource: 'controllerrevisions' }], concurrency: 5,
  },
  daemonSet: {
    name: 'daemonset-controller', serviceAccount: 'daemon-set-controller', component: 'daemonset-controller', resources: ['pods', 'nodes'], followsMore: true,
    awakenedBy: [{ group: 'apps', version: 'v1', resource: 'daemonsets' }], alsoFollows: [{ group: 'apps', version: 'v1', resource: 'controllerrevisions' }], concurrency: 2,
  },
  job: {
    name: 'job-controller', serviceAccount: 'job-controller', component: 'job-controller', resources: ['pods'], followsMore: true, awakenedBy: [{ group: 'batch', version: 'v1', resource: 'jobs' }],
    concurrency: 5, backOff: { baseUs: 1_000_000, maxUs: 60_000_000 },
  },
  cronJob: {
    name: 'cronjob-controller', serviceAccount: 'cronjob-controller', component: 'cronjob-controller', resources: [], followsMore: true, awakenedBy: [{ group: 'batch', version: 'v1', resource: 'cronjobs' }],
    alsoFollows: [{ group: 'batch', version: 'v1', resource: 'jobs' }], concurrency: 5,
  },
  ttlAfterFinished: {
    name: 'ttl-after-finished-controller', serviceAccount: 'ttl-after-finished-controller', component: 'ttl-after-finished-controller', resources: [], followsMore: true,
    awakenedBy: [{ group: 'batch', version: 'v1', resource: 'jobs' }], concurrency: 5,
  },
  persistentVolumeBinder: {
    name: 'persistentvolume-binder-controller', serviceAccount: 'persistent-volume-binder', component: 'persistentvolume-controller', resources: [], followsMore: true,
    awakenedBy: [{ group: '', version: 'v1', resource: 'persistentvolumeclaims' }, { group: '', version: 'v1', resource: 'persistentvolumes' }],
    alsoFollows: [{ group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' }], concurrency: 1,
  },
  claimProtection: {
    name: 'persistentvolumeclaim-protection-controller', serviceAccount: 'pvc-protection-controller', component: 'persistentvolumeclaim-protection-controller', resources: ['pods'], followsMore: true,
    awakenedBy: [{ group: '', version: 'v1', resource: 'persistentvolumeclaims' }], concurrency: 1,
  },
  volumeProtection: {
    name: 'persistentvolume-protection-controller', serviceAccount: 'pv-protection-controller', component: 'persistentvolume-protection-controller', resources: [], followsMore: true,
    awakenedBy: [{ group: '', version: 'v1', resource: 'persistentvolumes' }], concurrency: 1,
  },
} as const satisfies Record<string, ControllerAbout>;

const codes = new Map<string, ControllerCode>();

export function addControllerCode(code: { readonly [Name in keyof typeof late]: ControllerCode }): void {
  for (const key of Object.keys(late) as (keyof typeof late)[]) codes.set(late[key].name, code[key]);
}

/** What a controller does. Throws where its code has not been fetched. */
export function codeOf(controller: ControllerAbout): ControllerCode {
  const code = 'react' in controller ? (controller as unknown as ControllerCode) : codes.get(controller.name);
  if (code === undefined) throw new Error(`the code of ${controller.name} is not loaded: who lets manifests in must import cluster/with-manifests`);
  return code;
}
