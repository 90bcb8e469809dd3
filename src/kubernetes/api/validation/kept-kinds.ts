/** The rules of the kinds that only manifests bring; where there are no others, those of metadata. */
import { servedResources } from '../served-resources.ts';
import type { KubeObject } from '../meta-v1.ts';
import { validateControllerRevision, validateControllerRevisionUpdate, validateDaemonSet, validateDaemonSetUpdate, validateReplicationController, validateReplicationControllerUpdate } from './apps-v1-sets.ts';
import { validateStatefulSet, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from './apps-v1-stateful-set.ts';
import { validateCertificateRequest, validateCertificateRequestUpdate } from './certificates-v1.ts';
import { validateJobStatusUpdate } from './batch-v1-status.ts';
import { validateCronJob, validateCronJobUpdate, validateJob, validateJobUpdate } from './batch-v1.ts';
import { validateDeployment, validateDeploymentUpdate, validateReplicaSet, validateReplicaSetUpdate } from './apps-v1.ts';
import { validatePod, validatePodTemplate, validatePodUpdate } from './core-v1-pod.ts';
import { validateEndpoints, validateEndpointsUpdate } from './endpoints-v1.ts';
import { flowSchemaRules, priorityLevelRules } from './flow-control.ts';
import type { Rules } from './index.ts';
import { validateAutoscaler, validateAutoscalerUpdate, validateBudget, validateBudgetUpdate, validateLimitRange, validateLimitRangeUpdate, validatePriorityClass, validatePriorityClassUpdate, validateQuota, validateQuotaUpdate } from './limits.ts';
import { subdomainName, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { validateIngress, validateIngressClass, validateIngressClassUpdate, validateIngressUpdate, validateNetworkPolicy, validateNetworkPolicyUpdate } from './networking-v1.ts';
import { bindingRules, roleRules } from './rbac-v1.ts';
import { validateIPAddress, validateIPAddressUpdate, validateServiceCIDR, validateServiceCIDRUpdate } from './service-addresses.ts';
import { validateClaim, validateClaimUpdate, validateStorageClass, validateStorageClassUpdate, validateVolume, validateVolumeUpdate } from './storage.ts';

const metadataOnly = (namespaced: boolean): Rules<KubeObject> => ({
  create: (errors, { metadata }) => validateMetadata(errors, metadata, namespaced, subdomainName),
  update: (errors, { metadata }, old) => validateMetadataUpdate(errors, metadata, old.metadata),
});

const others = servedResources.filter(({ actedOn }) => !actedOn).map(({ kind, namespaced }) => [kind, metadataOnly(namespaced)] as const);

/** Whoever makes a kind known that is not here adds its line. */
export const keptRules: Readonly<Record<string, Rules<never>>> = {
  ...Object.fromEntries(others),
  Pod: { create: validatePod, update: validatePodUpdate },
  Deployment: { create: validateDeployment, update: validateDeploymentUpdate },
  ReplicaSet: { create: validateReplicaSet, update: validateReplicaSetUpdate },
  Job: { create: validateJob, update: validateJobUpdate, status: validateJobStatusUpdate },
  CronJob: { create: validateCronJob, update: validateCronJobUpdate },
  DaemonSet: { create: validateDaemonSet, update: validateDaemonSetUpdate },
  StatefulSet: { create: validateStatefulSet, update: validateStatefulSetUpdate, status: validateStatefulSetStatusUpdate },
  ControllerRevision: { create: validateControllerRevision, update: validateControllerRevisionUpdate },
  ReplicationController: { create: validateReplicationController, update: validateReplicationControllerUpdate },
  PodTemplate: {
    create(errors, object: KubeObject & { readonly template?: never }) {
      validateMetadata(errors, object.metadata, true, subdomainName);
      validatePodTemplate(errors, object.template ?? { spec: { containers: [] } }, 'template');
    },
    update: metadataOnly(true).update,
  },
  HorizontalPodAutoscaler: { create: validateAutoscaler, update: validateAutoscalerUpdate },
  Ingress: { create: validateIngress, update: validateIngressUpdate },
  IngressClass: { create: validateIngressClass, update: validateIngressClassUpdate },
  NetworkPolicy: { create: validateNetworkPolicy, update: validateNetworkPolicyUpdate },
  IPAddress: { create: validateIPAddress, update: validateIPAddressUpdate },
  ServiceCIDR: { create: validateServiceCIDR, update: validateServiceCIDRUpdate },
  PodDisruptionBudget: { create: validateBudget, update: validateBudgetUpdate },
  PersistentVolumeClaim: { create: validateClaim, update: validateClaimUpdate },
  PersistentVolume: { create: validateVolume, update: validateVolumeUpdate },
  StorageClass: { create: validateStorageClass, update: validateStorageClassUpdate },
  LimitRange: { create: validateLimitRange, update: validateLimitRangeUpdate },
  ResourceQuota: { create: validateQuota, update: validateQuotaUpdate },
  PriorityClass: { create: validatePriorityClass, update: validatePriorityClassUpdate },
  CertificateSigningRequest: { create: validateCertificateRequest, update: validateCertificateRequestUpdate },
  Endpoints: { create: validateEndpoints, update: validateEndpointsUpdate },
  FlowSchema: flowSchemaRules as never, PriorityLevelConfiguration: priorityLevelRules as never,
  Role: roleRules(true), ClusterRole: roleRules(false), RoleBinding: bindingRules(true), ClusterRoleBinding: bindingRules(false),
};
