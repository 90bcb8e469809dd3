/**
 * Which fields have an effect in this model, or are harmless because they are only text, or were filled in by the server.
 * One field a line, list positions left out. `a.**` is everything below `a`; `a=x|y` is `a` with one of these values.
 * Whoever makes a controller act on a field adds its line here.
 */
const container = [
  'name', 'image', 'imagePullPolicy', 'command', 'args', 'env.name', 'env.value',
  'ports.name', 'ports.containerPort', 'ports.protocol',
  'resources.requests.cpu', 'resources.requests.memory', 'resources.requests.ephemeral-storage',
  'resources.limits.cpu', 'resources.limits.memory', 'resources.limits.ephemeral-storage',
  'terminationMessagePath=/dev/termination-log', 'terminationMessagePolicy=File',
];

const podSpec = [
  ...container.map((field) => `containers.${field}`),
  ...container.map((field) => `initContainers.${field}`),
  'restartPolicy', 'terminationGracePeriodSeconds', 'nodeName', 'nodeSelector.**', 'affinity.nodeAffinity.**', 'tolerations.**',
  'serviceAccountName', 'serviceAccount', 'hostNetwork',
  'automountServiceAccountToken=true', 'dnsPolicy=ClusterFirst', 'enableServiceLinks=true', 'preemptionPolicy=PreemptLowerPriority', 'priority=0',
  'schedulerName=default-scheduler',
];

const podTemplate = ['metadata.**', ...podSpec.map((field) => `spec.${field}`)];
const ofEveryObject = ['apiVersion', 'kind', 'metadata.**', 'status.**'];

/** Per kind; of kinds that are only kept and handed out, everything is as it should be. */
export const actedOn: Readonly<Record<string, readonly string[]>> = {
  Pod: [...ofEveryObject, ...podSpec.map((field) => `spec.${field}`)],
  Deployment: [
    ...ofEveryObject,
    'spec.replicas', 'spec.selector.**', 'spec.strategy.type', 'spec.strategy.rollingUpdate.**', 'spec.minReadySeconds', 'spec.revisionHistoryLimit',
    'spec.paused', 'spec.progressDeadlineSeconds', ...podTemplate.map((field) => `spec.template.${field}`),
  ],
  ReplicaSet: [
    ...ofEveryObject, 'spec.replicas', 'spec.selector.**', 'spec.minReadySeconds', ...podTemplate.map((field) => `spec.template.${field}`),
  ],
  StatefulSet: [
    ...ofEveryObject, 'spec.replicas', 'spec.selector.**', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.updateStrategy.**', 'spec.minReadySeconds', 'spec.revisionHistoryLimit',
    'spec.ordinals.**', 'spec.persistentVolumeClaimRetentionPolicy.**', 'spec.volumeClaimTemplates.**', ...podTemplate.map((field) => `spec.template.${field}`),
  ],
  DaemonSet: [
    ...ofEveryObject, 'spec.selector.**', 'spec.updateStrategy.type', 'spec.updateStrategy.rollingUpdate.**', 'spec.minReadySeconds', 'spec.revisionHistoryLimit',
    ...podTemplate.map((field) => `spec.template.${field}`),
  ],
  PriorityClass: [...ofEveryObject, 'value', 'description', 'preemptionPolicy'],
  Service: [
    ...ofEveryObject,
    'spec.selector.**', 'spec.type=ClusterIP|NodePort', 'spec.clusterIP', 'spec.clusterIPs', 'spec.ports.name', 'spec.ports.port', 'spec.ports.targetPort',
    'spec.ports.nodePort', 'spec.ports.protocol', 'spec.ports.appProtocol',
    'spec.sessionAffinity=None', 'spec.internalTrafficPolicy=Cluster', 'spec.externalTrafficPolicy=Cluster', 'spec.ipFamilies=IPv4', 'spec.ipFamilyPolicy=SingleStack',
    'spec.allocateLoadBalancerNodePorts=true',
  ],
};

/** Volumes and mounts of this name are put in by admission, not by the user. */
export const injectedVolumePrefix = 'kube-api-access-';
