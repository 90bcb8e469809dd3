/**
 * How structured merge treats fields: lists merged by keys, lists that are sets, and what is taken or left as a whole.
 * Models the `+listType`, `+listMapKey`, `+structType` and `+mapType` markers of staging/src/k8s.io/api and apimachinery. Neither npm package has them.
 * Lists that are not named here are atomic, maps and objects are granular.
 */
export const listKeys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AllocatedDeviceStatus: { conditions: 'type' }, APIServiceStatus: { conditions: 'type' }, CertificateSigningRequestStatus: { conditions: 'type' }, ComponentStatus: { conditions: 'type' },
  Container: { env: 'name', ports: 'containerPort,protocol', volumeDevices: 'devicePath', volumeMounts: 'mountPath' },
  ContainerStatus: { allocatedResourcesStatus: 'name', volumeMounts: 'mountPath' },
  CSINodeSpec: { drivers: 'name' }, CustomResourceDefinitionStatus: { conditions: 'type' },
  DaemonSetStatus: { conditions: 'type' }, DeploymentStatus: { conditions: 'type' },
  EphemeralContainer: { env: 'name', ports: 'containerPort,protocol', volumeDevices: 'devicePath', volumeMounts: 'mountPath' },
  FlowSchemaStatus: { conditions: 'type' }, HorizontalPodAutoscalerStatus: { conditions: 'type' }, JSONSchemaProps: { 'x-kubernetes-validations': 'rule' },
  MutatingWebhook: { matchConditions: 'name' }, MutatingWebhookConfiguration: { webhooks: 'name' }, NamespaceStatus: { conditions: 'type' },
  NodeStatus: { addresses: 'type', conditions: 'type' }, ObjectMeta: { ownerReferences: 'uid' }, PersistentVolumeClaimStatus: { conditions: 'type' },
  PodDisruptionBudgetStatus: { conditions: 'type' },
  PodSpec: {
    containers: 'name', ephemeralContainers: 'name', hostAliases: 'ip', imagePullSecrets: 'name', initContainers: 'name', resourceClaims: 'name', schedulingGates: 'name',
    topologySpreadConstraints: 'topologyKey,whenUnsatisfiable', volumes: 'name',
  },
  PodStatus: { conditions: 'type', podIPs: 'ip', resourceClaimStatuses: 'name' }, PriorityLevelConfigurationStatus: { conditions: 'type' },
  ReplicaSetStatus: { conditions: 'type' }, ReplicationControllerStatus: { conditions: 'type' }, ResourceClaimStatus: { devices: 'driver,device,pool,shareID', reservedFor: 'uid' },
  ResourceRequirements: { claims: 'name' }, ResourceStatus: { resources: 'resourceID' }, ServiceAccount: { secrets: 'name' }, ServiceCIDRStatus: { conditions: 'type' },
  ServiceSpec: { ports: 'port,protocol' }, ServiceStatus: { conditions: 'type' }, StatefulSetStatus: { conditions: 'type' },
  ValidatingAdmissionPolicySpec: { matchConditions: 'name', variables: 'name' }, ValidatingAdmissionPolicyStatus: { conditions: 'type' },
  ValidatingWebhook: { matchConditions: 'name' }, ValidatingWebhookConfiguration: { webhooks: 'name' },
};

/** What a key that an item leaves out is taken to be. */
export const keyDefaults: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** Lists of plain values that are merged as sets. */
export const setLists: ReadonlySet<string> = new Set([
  'ContainerRestartRuleOnExitCodes.values', 'CSIDriverSpec.volumeLifecycleModes', 'Endpoint.addresses', 'NodeSpec.podCIDRs', 'NonResourcePolicyRule.nonResourceURLs', 'NonResourcePolicyRule.verbs',
  'ObjectMeta.finalizers', 'PodFailurePolicyOnExitCodesRequirement.values', 'ResourcePolicyRule.apiGroups', 'ResourcePolicyRule.namespaces', 'ResourcePolicyRule.resources', 'ResourcePolicyRule.verbs',
  'UncountedTerminatedPods.failed', 'UncountedTerminatedPods.succeeded', 'ValidatingAdmissionPolicyBindingSpec.validationActions',
]);

/** Types, and fields (`Type.field`), that are set as a whole. */
export const atomics: ReadonlySet<string> = new Set([
  'ConfigMapKeySelector', 'CrossVersionObjectReference', 'EndpointAddress', 'EndpointPort', 'FileKeySelector', 'LabelSelector', 'LocalObjectReference', 'MatchResources', 'NamedRuleWithOperations',
  'NodeSelector', 'NodeSelectorTerm', 'ObjectFieldSelector', 'ObjectReference', 'OwnerReference', 'ParamKind', 'ParamRef', 'ResourceFieldSelector', 'RoleRef', 'ScopeSelector', 'SecretKeySelector',
  'SecretReference', 'ServiceBackendPort', 'TopologySelectorTerm', 'TypedLocalObjectReference', 'Variable', 'discovery.EndpointPort', 'rbac.Subject',
  'PodSpec.nodeSelector', 'ReplicationControllerSpec.selector', 'Scheduling.nodeSelector', 'ServiceSpec.selector',
]);

/** Fields of an atomic type that are granular all the same. */
export const granular: ReadonlySet<string> = new Set(['PersistentVolumeSpec.claimRef']);

/** Struct and list fields that Go writes even where nothing is in them, so that no write ever adds them; `metadata`, `spec` and `status` of any object are such too. */
export const alwaysWritten: ReadonlySet<string> = new Set([
  'CronJobSpec.jobTemplate', 'DaemonSetSpec.selector', 'DaemonSetSpec.template', 'DaemonSetSpec.updateStrategy', 'DeploymentSpec.selector', 'DeploymentSpec.strategy', 'DeploymentSpec.template',
  'EndpointSlice.endpoints', 'EndpointSlice.ports', 'JobSpec.template', 'JobTemplateSpec.metadata', 'JobTemplateSpec.spec', 'NodeStatus.daemonEndpoints', 'NodeStatus.nodeInfo',
  'PersistentVolumeClaimSpec.resources', 'PodSpec.containers', 'PodTemplateSpec.metadata', 'PodTemplateSpec.spec', 'ReplicaSetSpec.selector', 'ReplicaSetSpec.template', 'ServiceStatus.loadBalancer',
  'StatefulSetSpec.selector', 'StatefulSetSpec.template', 'StatefulSetSpec.updateStrategy',
]);
