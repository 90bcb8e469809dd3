/** One small right object of every kind that only manifests bring, and a change that its rules allow: for tests that go through all kinds. */
export interface KindExample {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  /** What stands beside the metadata. */
  readonly body: object;
  /** A merge patch that is right; where it is left out, a label is added. */
  readonly change?: object;
}

const labels = { app: 'web' };
const selector = { matchLabels: labels };
const pod = (more: object = {}) => ({ containers: [{ name: 'c', image: 'nginx:1.27' }], ...more });
const template = (more: object = {}) => ({ metadata: { labels }, spec: pod(more) });
const webhook = { name: 'check.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { url: 'https://example.com/check' } };
const resources = (requests: object) => ({ resources: { requests } });

export const keptKindExamples: readonly KindExample[] = [
  { apiVersion: 'v1', kind: 'Endpoints', body: { subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }] } },
  { apiVersion: 'v1', kind: 'LimitRange', body: { spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }] } } },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', body: { spec: { accessModes: ['ReadWriteOnce'], ...resources({ storage: '1Gi' }) } } },
  { apiVersion: 'v1', kind: 'PersistentVolume', body: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } } } },
  { apiVersion: 'v1', kind: 'PodTemplate', body: { template: template() } },
  { apiVersion: 'v1', kind: 'ReplicationController', body: { spec: { replicas: 1, selector: labels, template: template() } }, change: { spec: { replicas: 2 } } },
  { apiVersion: 'v1', kind: 'ResourceQuota', body: { spec: { hard: { pods: '5', 'requests.cpu': '1' } } }, change: { spec: { hard: { pods: '6' } } } },
  { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name: 'v1beta1.metrics.k8s.io', body: { spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 } } },
  { apiVersion: 'apps/v1', kind: 'ControllerRevision', body: { data: { a: 1 }, revision: 1 }, change: { revision: 2 } },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', body: { spec: { selector, template: template() } }, change: { spec: { minReadySeconds: 5 } } },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', body: { spec: { serviceName: 'web', selector, template: template(), volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], ...resources({ storage: '1Gi' }) } }] } }, change: { spec: { replicas: 3 } } },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'two', body: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 } }, change: { spec: { maxReplicas: 4 } } },
  { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', name: 'one', body: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3, targetCPUUtilizationPercentage: 50 } }, change: { spec: { maxReplicas: 4 } } },
  { apiVersion: 'batch/v1', kind: 'CronJob', body: { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: template({ restartPolicy: 'OnFailure' }) } } } }, change: { spec: { suspend: true } } },
  { apiVersion: 'batch/v1', kind: 'Job', body: { spec: { template: { spec: pod({ restartPolicy: 'Never' }) } } }, change: { spec: { parallelism: 2 } } },
  { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', body: { spec: { request: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KQUFBQQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K', signerName: 'example.com/web', usages: ['client auth'] } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', body: { spec: { controller: 'example.com/ingress' } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', body: { spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] } }, change: { spec: { ingressClassName: 'example' } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', name: '10.96.0.50', body: { spec: { parentRef: { resource: 'services', namespace: 'default', name: 'web' } } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', body: { spec: { podSelector: {}, policyTypes: ['Ingress'] } }, change: { spec: { policyTypes: ['Egress'] } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', body: { spec: { cidrs: ['10.112.0.0/16'] } } },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', body: { spec: { minAvailable: 1, selector } }, change: { spec: { minAvailable: '50%' } } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'example:reader', body: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'example:reader', body: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: 'jane' }] } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', body: { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] }] } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', body: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' }, subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }] } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name: 'csi.example.com', body: { spec: { attachRequired: false } } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', name: 'worker-1', body: { spec: { drivers: [{ name: 'csi.example.com', nodeID: 'one', topologyKeys: [] }] } } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIStorageCapacity', body: { storageClassName: 'fast', capacity: '10Gi' }, change: { capacity: '9Gi' } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', body: { provisioner: 'example.com/disk' } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', body: { spec: { attacher: 'csi.example.com', nodeName: 'worker-1', source: { persistentVolumeName: 'web' } } } },
  { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', body: { driverName: 'csi.example.com', parameters: { iops: '100' } } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', body: { webhooks: [webhook] }, change: { webhooks: [] } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', body: { webhooks: [webhook] }, change: { webhooks: [] } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', body: { spec: { matchConstraints: { resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }] }, validations: [{ expression: 'object.spec.replicas <= 5' }] } } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding', body: { spec: { policyName: 'web', validationActions: ['Deny'] } } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicy', body: { spec: { reinvocationPolicy: 'Never', failurePolicy: 'Fail', matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] }, mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }] } } },
  { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingAdmissionPolicyBinding', body: { spec: { policyName: 'web' } } },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: 'high', body: { value: 1000, description: 'For what must run.' } },
  { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', body: { handler: 'gvisor' } },
  { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', body: { spec: { matchingPrecedence: 1000, priorityLevelConfiguration: { name: 'web' }, rules: [{ subjects: [{ kind: 'User', user: { name: 'jane' } }], resourceRules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }] }] } } },
  { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'PriorityLevelConfiguration', body: { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 10, limitResponse: { type: 'Reject' } } } } },
  { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', name: 'gpu.example.com', body: { spec: { selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }] } } },
  { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', body: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } } } },
  { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaimTemplate', body: { spec: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } }] } } } } },
  { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', body: { spec: { driver: 'gpu.example.com', nodeName: 'worker-1', pool: { name: 'worker-1', generation: 1, resourceSliceCount: 1 }, devices: [{ name: 'gpu-0' }] } } },
];
