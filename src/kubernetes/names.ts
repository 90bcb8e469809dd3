/**
 * Names that are ids, letter for letter as upstream writes them, each written once. They are for logs, events, users and pictures;
 * changing one changes what a user can look up.
 */

/** The one version of Kubernetes that is modelled. */
export const kubernetesVersion = 'v1.36.0';

/** The real binaries. */
export const binaries = {
  etcd: 'etcd',
  kubeApiserver: 'kube-apiserver',
  kubeScheduler: 'kube-scheduler',
  kubeControllerManager: 'kube-controller-manager',
  cloudControllerManager: 'cloud-controller-manager',
  kubelet: 'kubelet',
  kubeProxy: 'kube-proxy',
  containerd: 'containerd',
  crio: 'cri-o',
  dockerd: 'dockerd',
  criDockerd: 'cri-dockerd',
  runc: 'runc',
  cni: 'cni',
  coredns: 'coredns',
  kubectl: 'kubectl',
  etcdctl: 'etcdctl',
  crictl: 'crictl',
} as const;
export type BinaryName = (typeof binaries)[keyof typeof binaries];

/** Models cmd/kube-controller-manager/names/controller_names.go. */
export const controllers = {
  deployment: 'deployment-controller',
  replicaSet: 'replicaset-controller',
  nodeLifecycle: 'node-lifecycle-controller',
  taintEviction: 'taint-eviction-controller',
  nodeIpam: 'node-ipam-controller',
  endpointSlice: 'endpointslice-controller',
  endpointSliceMirroring: 'endpointslice-mirroring-controller',
  endpoints: 'endpoints-controller',
  garbageCollector: 'garbage-collector-controller',
  podGarbageCollector: 'pod-garbage-collector-controller',
  namespace: 'namespace-controller',
  serviceAccount: 'serviceaccount-controller',
  serviceAccountToken: 'serviceaccount-token-controller',
  rootCaCertificatePublisher: 'root-ca-certificate-publisher-controller',
  daemonSet: 'daemonset-controller',
  statefulSet: 'statefulset-controller',
  job: 'job-controller',
  cronJob: 'cronjob-controller',
  horizontalPodAutoscaler: 'horizontal-pod-autoscaler-controller',
  disruption: 'disruption-controller',
  resourceQuota: 'resourcequota-controller',
  replicationController: 'replicationcontroller-controller',
  clusterRoleAggregation: 'clusterrole-aggregation-controller',
  ttlAfterFinished: 'ttl-after-finished-controller',
  persistentVolumeBinder: 'persistentvolume-binder-controller',
} as const;
export type ControllerName = (typeof controllers)[keyof typeof controllers];

/**
 * The service account each controller acts as (`--use-service-account-credentials`), where old ones keep their old names.
 * Models plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go.
 */
const controllerAccounts: { readonly [name in ControllerName]?: string } = {
  'node-lifecycle-controller': 'node-controller',
  'taint-eviction-controller': 'node-controller',
  'node-ipam-controller': 'node-controller',
  'endpoints-controller': 'endpoint-controller',
  'endpointslice-mirroring-controller': 'endpointslicemirroring-controller',
  'garbage-collector-controller': 'generic-garbage-collector',
  'pod-garbage-collector-controller': 'pod-garbage-collector',
  'replicationcontroller-controller': 'replication-controller',
  'serviceaccount-controller': 'service-account-controller',
  'root-ca-certificate-publisher-controller': 'root-ca-cert-publisher',
  'horizontal-pod-autoscaler-controller': 'horizontal-pod-autoscaler',
  'persistentvolume-binder-controller': 'persistent-volume-binder',
};

/** Who a controller is to the API server: `system:serviceaccount:kube-system:replicaset-controller`. */
export function controllerUser(name: ControllerName): string {
  return serviceAccountUser('kube-system', controllerAccounts[name] ?? name);
}

/** Models pkg/scheduler/framework/plugins/names/names.go. */
export const schedulerPlugins = {
  prioritySort: 'PrioritySort',
  schedulingGates: 'SchedulingGates',
  nodeUnschedulable: 'NodeUnschedulable',
  nodeName: 'NodeName',
  taintToleration: 'TaintToleration',
  nodeAffinity: 'NodeAffinity',
  nodePorts: 'NodePorts',
  nodeResourcesFit: 'NodeResourcesFit',
  nodeResourcesBalancedAllocation: 'NodeResourcesBalancedAllocation',
  imageLocality: 'ImageLocality',
  interPodAffinity: 'InterPodAffinity',
  podTopologySpread: 'PodTopologySpread',
  volumeRestrictions: 'VolumeRestrictions',
  nodeVolumeLimits: 'NodeVolumeLimits',
  volumeBinding: 'VolumeBinding',
  volumeZone: 'VolumeZone',
  defaultPreemption: 'DefaultPreemption',
  defaultBinder: 'DefaultBinder',
} as const;
export type SchedulerPluginName = (typeof schedulerPlugins)[keyof typeof schedulerPlugins];

/** The scheduler's name in `spec.schedulerName` and in its events. */
export const defaultSchedulerName = 'default-scheduler';

/** Who the components are to the API server. */
export const users = {
  admin: 'kubernetes-admin',
  apiserver: 'system:apiserver',
  kubeScheduler: 'system:kube-scheduler',
  kubeControllerManager: 'system:kube-controller-manager',
  kubeProxy: 'system:kube-proxy',
  anonymous: 'system:anonymous',
} as const;

/** Who a kubelet is: `system:node:worker-1`, of the group `system:nodes`. */
export const nodeUser = (nodeName: string): string => `system:node:${nodeName}`;

/** Who a service account is. */
export const serviceAccountUser = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** How a client names itself in `User-Agent`. */
export const userAgent = (component: string): string => `${component}/${kubernetesVersion} (linux/amd64) kubernetes/0000000`;

/** Groups a user may be in. */
export const groups = { masters: 'system:masters', nodes: 'system:nodes', authenticated: 'system:authenticated', unauthenticated: 'system:unauthenticated', serviceAccounts: 'system:serviceaccounts' } as const;

/** The namespaces every cluster has from the start. */
export const systemNamespaces = { default: 'default', kubeSystem: 'kube-system', kubePublic: 'kube-public', kubeNodeLease: 'kube-node-lease' } as const;

/** Labels and annotations that several components share. Models staging/src/k8s.io/api/core/v1/well_known_labels.go and others. */
export const labels = {
  hostname: 'kubernetes.io/hostname',
  os: 'kubernetes.io/os',
  arch: 'kubernetes.io/arch',
  zone: 'topology.kubernetes.io/zone',
  region: 'topology.kubernetes.io/region',
  instanceType: 'node.kubernetes.io/instance-type',
  controlPlane: 'node-role.kubernetes.io/control-plane',
  namespaceName: 'kubernetes.io/metadata.name',
  podTemplateHash: 'pod-template-hash',
  serviceName: 'kubernetes.io/service-name',
  managedBy: 'endpointslice.kubernetes.io/managed-by',
  headlessService: 'service.kubernetes.io/headless',
} as const;

export const annotations = {
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
  restartedAt: 'kubectl.kubernetes.io/restartedAt',
  changeCause: 'kubernetes.io/change-cause',
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
  podDeletionCost: 'controller.kubernetes.io/pod-deletion-cost',
  endpointsLastChange: 'endpoints.kubernetes.io/last-change-trigger-time',
  mirrorPod: 'kubernetes.io/config.mirror',
  configHash: 'kubernetes.io/config.hash',
  configSource: 'kubernetes.io/config.source',
  nodeTtl: 'node.alpha.kubernetes.io/ttl',
} as const;

/** Taints that components set. */
export const taints = {
  notReady: 'node.kubernetes.io/not-ready',
  unreachable: 'node.kubernetes.io/unreachable',
  unschedulable: 'node.kubernetes.io/unschedulable',
  memoryPressure: 'node.kubernetes.io/memory-pressure',
  diskPressure: 'node.kubernetes.io/disk-pressure',
  pidPressure: 'node.kubernetes.io/pid-pressure',
  networkUnavailable: 'node.kubernetes.io/network-unavailable',
  outOfService: 'node.kubernetes.io/out-of-service',
  controlPlane: 'node-role.kubernetes.io/control-plane',
  uninitialized: 'node.cloudprovider.kubernetes.io/uninitialized',
} as const;

/** Finalizers of the API machinery itself. */
export const finalizers = { orphan: 'orphan', foregroundDeletion: 'foregroundDeletion', namespace: 'kubernetes' } as const;
