/** One sound object of each kind that the storm bends: what is bent a little gets past the first checks. */
const template = { metadata: { labels: { app: 'running' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80, name: 'web' }], resources: { requests: { cpu: '100m' } } }] } };
const selector = { matchLabels: { app: 'running' } };
const ending = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const property = (type: string): object => ({ type });

export type Sound = readonly [resource: string, apiVersion: string, kind: string, more: { readonly [field: string]: unknown }];

export const soundThings: readonly Sound[] = [
  ['pods', 'v1', 'Pod', { metadata: { labels: { app: 'running' } }, spec: template.spec }],
  ['configmaps', 'v1', 'ConfigMap', { data: { a: 'b' } }],
  ['secrets', 'v1', 'Secret', { stringData: { a: 'b' }, type: 'Opaque' }],
  ['services', 'v1', 'Service', { spec: { selector: { app: 'running' }, ports: [{ name: 'web', port: 80, targetPort: 'web' }], type: 'NodePort' } }],
  ['namespaces', 'v1', 'Namespace', {}],
  ['nodes', 'v1', 'Node', { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } }],
  ['persistentvolumeclaims', 'v1', 'PersistentVolumeClaim', { spec: claim }],
  ['persistentvolumes', 'v1', 'PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } }],
  ['deployments', 'apps/v1', 'Deployment', { spec: { replicas: 2, selector, template, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } } }],
  ['replicasets', 'apps/v1', 'ReplicaSet', { spec: { replicas: 1, selector, template } }],
  ['statefulsets', 'apps/v1', 'StatefulSet', { spec: { replicas: 1, serviceName: 'running', selector, template, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }] } }],
  ['daemonsets', 'apps/v1', 'DaemonSet', { spec: { selector, template } }],
  ['jobs', 'batch/v1', 'Job', { spec: { completions: 2, parallelism: 1, completionMode: 'Indexed', backoffLimitPerIndex: 1, template: ending } }],
  ['cronjobs', 'batch/v1', 'CronJob', { spec: { schedule: '*/5 * * * *', timeZone: 'Etc/UTC', jobTemplate: { spec: { template: ending } } } }],
  ['horizontalpodautoscalers', 'autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'running' }, minReplicas: 1, maxReplicas: 3, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }] } }],
  ['poddisruptionbudgets', 'policy/v1', 'PodDisruptionBudget', { spec: { selector, minAvailable: '50%' } }],
  ['storageclasses', 'storage.k8s.io/v1', 'StorageClass', { provisioner: 'a.example/b', parameters: { a: 'b' } }],
  ['ingresses', 'networking.k8s.io/v1', 'Ingress', { spec: { rules: [{ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'running', port: { number: 80 } } } }] } }] } }],
  ['roles', 'rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }],
  ['rolebindings', 'rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' }, subjects: [{ kind: 'User', name: 'jane' }] }],
  ['subjectaccessreviews', 'authorization.k8s.io/v1', 'SubjectAccessReview', { spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'pods' } } }],
  ['validatingadmissionpolicies', 'admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', { spec: { matchConstraints: { resourceRules: [{ apiGroups: ['wild.example'], apiVersions: ['*'], operations: ['CREATE'], resources: ['beasts'] }] }, validations: [{ expression: 'object.spec.replicas <= 5', messageExpression: "'of ' + string(object.spec.replicas)" }] } }],
  ['certificatesigningrequests', 'certificates.k8s.io/v1', 'CertificateSigningRequest', { spec: { request: 'LS0t', signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] } }],
  ['beasts', 'wild.example/v1', 'Beast', { spec: { size: 1, replicas: 2 } }],
  ['customresourcedefinitions', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec: { group: 'wild.example', scope: 'Namespaced', names: { plural: 'beasts', singular: 'beast', kind: 'Beast', listKind: 'BeastList' }, versions: ['v1', 'v2'].map((name) => ({
    name, served: true, storage: name === 'v1', selectableFields: [{ jsonPath: '.spec.size' }], subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' } },
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: property('integer'), replicas: property('integer') }, 'x-kubernetes-validations': [{ rule: '!has(self.size) || self.size < 100' }] }, status: { type: 'object', properties: { replicas: property('integer'), selector: property('string') } } } } },
    additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  })) } }],
  ['apiservices', 'apiregistration.k8s.io/v1', 'APIService', { spec: { group: 'elsewhere.example', version: 'v1', groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: { namespace: 'default', name: 'running', port: 80 } } }],
];

/** What is asked of a part, by its name in the path. */
export const soundParts: { readonly [part: string]: readonly [apiVersion: string, kind: string, more: object] } = {
  scale: ['autoscaling/v1', 'Scale', { spec: { replicas: 2 } }],
  eviction: ['policy/v1', 'Eviction', { deleteOptions: { gracePeriodSeconds: 1 } }],
  binding: ['v1', 'Binding', { target: { kind: 'Node', name: 'worker-1' } }],
  token: ['authentication.k8s.io/v1', 'TokenRequest', { spec: { audiences: ['a'], expirationSeconds: 600 } }],
  ephemeralcontainers: ['v1', 'Pod', { spec: { ephemeralContainers: [{ name: 'e', image: 'busybox:1.36', targetContainerName: 'c' }] } }],
  resize: ['v1', 'Pod', { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '150m' } } }] } }],
};

/** What is there before the storm. */
export const placesOfThings: readonly (readonly [path: string, name: string, resource: string])[] = [
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'beasts.wild.example', 'customresourcedefinitions'], ['/apis/apiregistration.k8s.io/v1/apiservices', 'v1.elsewhere.example', 'apiservices'],
  ['/api/v1/namespaces/default/pods', 'running', 'pods'], ['/api/v1/namespaces/default/services', 'running', 'services'], ['/apis/apps/v1/namespaces/default/deployments', 'running', 'deployments'],
  ['/apis/apps/v1/namespaces/default/statefulsets', 'running', 'statefulsets'], ['/apis/wild.example/v1/namespaces/default/beasts', 'running', 'beasts'],
];
