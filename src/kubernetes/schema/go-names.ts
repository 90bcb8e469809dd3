import type { FieldType } from './types.ts';

/**
 * Names that Go's error messages show and the table has no place for: the named types of text fields
 * (staging/src/k8s.io/api/core/v1/types.go and its like), and the structs whose fields stand inlined in another's.
 */
const namedTexts: Readonly<Record<string, string>> = {
  'v1.AppArmorProfileType': 'AppArmorProfile.type', 'v1.UniqueVolumeName': 'AttachedVolume.name NodeStatus.volumesInUse',
  'v1.AzureDataDiskCachingMode': 'AzureDiskVolumeSource.cachingMode', 'v1.AzureDataDiskKind': 'AzureDiskVolumeSource.kind',
  'types.UID': 'BoundObjectReference.uid ConfigMapNodeConfigSource.uid ObjectMeta.uid ObjectReference.uid OwnerReference.uid Preconditions.uid StatusDetails.uid',
  'v1.Capability': 'Capabilities.add Capabilities.drop',
  'v1.ConditionStatus': 'Condition.status DeploymentCondition.status NamespaceCondition.status NodeCondition.status PodCondition.status ReplicaSetCondition.status',
  'v1.PullPolicy': 'Container.imagePullPolicy EphemeralContainer.imagePullPolicy ImageVolumeSource.pullPolicy',
  'v1.ContainerRestartPolicy': 'Container.restartPolicy EphemeralContainer.restartPolicy',
  'v1.TerminationMessagePolicy': 'Container.terminationMessagePolicy EphemeralContainer.terminationMessagePolicy',
  'v1.Protocol': 'ContainerPort.protocol EndpointPort.protocol PortStatus.protocol ServicePort.protocol discovery.EndpointPort.protocol',
  'v1.ResourceName': 'ContainerResizePolicy.resourceName ResourceStatus.name', 'v1.ResourceResizeRestartPolicy': 'ContainerResizePolicy.restartPolicy',
  'v1.ContainerRestartRuleAction': 'ContainerRestartRule.action', 'v1.ContainerRestartRuleOnExitCodesOperator': 'ContainerRestartRuleOnExitCodes.operator',
  'v1.Signal': 'ContainerStatus.stopSignal Lifecycle.stopSignal', 'v1.DeletionPropagation': 'DeleteOptions.propagationPolicy',
  'v1.DeploymentConditionType': 'DeploymentCondition.type', 'v1.DeploymentStrategyType': 'DeploymentStrategy.type',
  'v1.StorageMedium': 'EmptyDirVolumeSource.medium', 'v1.AddressType': 'EndpointSlice.addressType', 'v1.URIScheme': 'HTTPGetAction.scheme',
  'v1.HostPathType': 'HostPathVolumeSource.type', 'v1.LabelSelectorOperator': 'LabelSelectorRequirement.operator', 'v1.CoordinatedLeaseStrategy': 'LeaseSpec.strategy',
  'v1.LoadBalancerIPMode': 'LoadBalancerIngress.ipMode', 'v1.ManagedFieldsOperationType': 'ManagedFieldsEntry.operation',
  'v1.NamespaceConditionType': 'NamespaceCondition.type', 'v1.FinalizerName': 'NamespaceSpec.finalizers', 'v1.NamespacePhase': 'NamespaceStatus.phase',
  'v1.NodeAddressType': 'NodeAddress.type', 'v1.NodeConditionType': 'NodeCondition.type', 'v1.NodeSelectorOperator': 'NodeSelectorRequirement.operator',
  'v1.NodePhase': 'NodeStatus.phase', 'v1.PersistentVolumeAccessMode': 'PersistentVolumeClaimSpec.accessModes', 'v1.PersistentVolumeMode': 'PersistentVolumeClaimSpec.volumeMode',
  'v1.PodConditionType': 'PodCondition.type PodReadinessGate.conditionType', 'v1.OSName': 'PodOS.name', 'v1.PodFSGroupChangePolicy': 'PodSecurityContext.fsGroupChangePolicy',
  'v1.PodSELinuxChangePolicy': 'PodSecurityContext.seLinuxChangePolicy', 'v1.SupplementalGroupsPolicy': 'PodSecurityContext.supplementalGroupsPolicy',
  'v1.DNSPolicy': 'PodSpec.dnsPolicy', 'v1.PreemptionPolicy': 'PodSpec.preemptionPolicy', 'v1.RestartPolicy': 'PodSpec.restartPolicy', 'v1.PodPhase': 'PodStatus.phase',
  'v1.PodQOSClass': 'PodStatus.qosClass', 'v1.PodResizeStatus': 'PodStatus.resize', 'v1.ReplicaSetConditionType': 'ReplicaSetCondition.type',
  'v1.ResourceHealthStatus': 'ResourceHealth.health', 'v1.ResourceID': 'ResourceHealth.resourceID', 'v1.SeccompProfileType': 'SeccompProfile.type', 'v1.SecretType': 'Secret.type',
  'v1.ProcMountType': 'SecurityContext.procMount', 'v1.ServiceExternalTrafficPolicy': 'ServiceSpec.externalTrafficPolicy',
  'v1.ServiceInternalTrafficPolicy': 'ServiceSpec.internalTrafficPolicy', 'v1.IPFamily': 'ServiceSpec.ipFamilies', 'v1.IPFamilyPolicy': 'ServiceSpec.ipFamilyPolicy',
  'v1.ServiceAffinity': 'ServiceSpec.sessionAffinity', 'v1.ServiceType': 'ServiceSpec.type', 'v1.StatusReason': 'Status.reason', 'v1.CauseType': 'StatusCause.reason',
  'v1.TaintEffect': 'Taint.effect Toleration.effect', 'v1.TolerationOperator': 'Toleration.operator',
  'v1.NodeInclusionPolicy': 'TopologySpreadConstraint.nodeAffinityPolicy TopologySpreadConstraint.nodeTaintsPolicy',
  'v1.UnsatisfiableConstraintAction': 'TopologySpreadConstraint.whenUnsatisfiable', 'v1.MountPropagationMode': 'VolumeMount.mountPropagation',
  'v1.RecursiveReadOnlyMode': 'VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly',
};

const textNames = new Map<string, string>();
for (const [name, fields] of Object.entries(namedTexts)) for (const field of fields.split(' ')) textNames.set(field, name);

const inlined: Readonly<Record<string, { readonly struct: string; readonly only?: readonly string[]; readonly except?: readonly string[] }>> = {
  Probe: { struct: 'ProbeHandler', only: ['exec', 'grpc', 'httpGet', 'tcpSocket'] },
  Volume: { struct: 'VolumeSource', except: ['name'] },
  EphemeralContainer: { struct: 'EphemeralContainerCommon', except: ['targetContainerName'] },
  ConfigMapKeySelector: { struct: 'LocalObjectReference', only: ['name'] },
  SecretKeySelector: { struct: 'LocalObjectReference', only: ['name'] },
  ConfigMapEnvSource: { struct: 'LocalObjectReference', only: ['name'] },
  SecretEnvSource: { struct: 'LocalObjectReference', only: ['name'] },
  ConfigMapVolumeSource: { struct: 'LocalObjectReference', only: ['name'] },
  ConfigMapProjection: { struct: 'LocalObjectReference', only: ['name'] },
  SecretProjection: { struct: 'LocalObjectReference', only: ['name'] },
};

/** The struct whose name Go puts before a field, when the field's own struct stands inlined. */
export function inlinedStruct(type: string, field: string): string | undefined {
  const inline = inlined[type];
  if (inline === undefined) return undefined;
  return (inline.only?.includes(field) ?? !inline.except!.includes(field)) ? inline.struct : undefined;
}

/** A type's name without the prefix that tells two groups' types apart. */
export const bareName = (type: string): string => type.slice(type.indexOf('.') + 1);

const primitiveNames: Readonly<Record<string, string>> = {
  s: 'string', b: 'bool', i: 'int32', l: 'int64', d: 'float64', q: 'resource.Quantity', x: 'int32', t: 'string', m: 'string', y: '[]uint8', a: 'v1.FieldsV1',
};

/** The name of a field's type as Go prints it; `owner` is `Type.field`. */
export function goTypeName(type: FieldType, owner: string): string {
  switch (type.kind) {
    case 'struct': return type.name.startsWith('v2.') ? type.name : `v1.${bareName(type.name)}`;
    case 'array': return `[]${goTypeName(type.of, owner)}`;
    case 'map': return type.of.kind === 'primitive' && type.of.letter === 'q' ? 'v1.ResourceList' : `map[string]${goTypeName(type.of, owner)}`;
    case 'primitive': return (type.letter === 's' ? textNames.get(owner) : undefined) ?? primitiveNames[type.letter]!;
  }
}
