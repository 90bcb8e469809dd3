/** What the server reads of kinds that only manifests bring; the rest of them is only kept. */
import type { NodeSelector, PodTemplateSpec } from './core-v1-pod.ts';
import type { ObjectReference } from './core-v1.ts';
import type { EndpointPort } from './discovery-v1.ts';
import type { Condition, ConditionStatus, IntOrString, KubeObject, LabelSelector, PartialObjectMeta, ResourceList, StringMap } from './meta-v1.ts';

/** An object with a spec of this kind. */
export type Of<Spec> = Omit<KubeObject, 'spec' | 'status'> & { readonly spec: Spec; readonly status?: object };

export interface UpdateStrategy { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString } }
export interface DaemonSetSpec {
  readonly selector?: LabelSelector; readonly template: PodTemplateSpec; readonly updateStrategy?: UpdateStrategy; readonly minReadySeconds?: number; readonly revisionHistoryLimit?: number;
}
export interface DaemonSetStatus {
  readonly currentNumberScheduled?: number; readonly numberMisscheduled?: number; readonly desiredNumberScheduled?: number; readonly numberReady?: number; readonly observedGeneration?: number;
  readonly updatedNumberScheduled?: number; readonly numberAvailable?: number; readonly numberUnavailable?: number; readonly collisionCount?: number; readonly conditions?: readonly Condition[];
}
export interface DaemonSet extends KubeObject { readonly spec: DaemonSetSpec; readonly status?: DaemonSetStatus }
export interface StatefulSetSpec extends DaemonSetSpec {
  readonly replicas?: number; readonly serviceName?: string; readonly podManagementPolicy?: string; readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string }; readonly ordinals?: { readonly start?: number };
}
export interface ClaimTemplate { readonly apiVersion?: string; readonly kind?: string; readonly metadata?: PartialObjectMeta; readonly spec?: ClaimSpec; readonly status?: object }
export interface ReplicationControllerSpec { readonly replicas?: number; readonly selector?: StringMap; readonly template?: PodTemplateSpec; readonly minReadySeconds?: number }

export interface ClaimSpec {
  readonly accessModes?: readonly string[]; readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }; readonly selector?: LabelSelector;
  readonly storageClassName?: string; readonly volumeMode?: string; readonly volumeName?: string; readonly volumeAttributesClassName?: string;
}
export interface VolumeSpec {
  readonly accessModes?: readonly string[]; readonly capacity?: ResourceList; readonly persistentVolumeReclaimPolicy?: string; readonly volumeMode?: string; readonly storageClassName?: string;
  readonly hostPath?: { readonly path?: string; readonly type?: string }; readonly nodeAffinity?: { readonly required?: NodeSelector }; readonly claimRef?: ObjectReference; readonly local?: object; readonly [source: string]: unknown;
}

export interface MetricTarget { readonly type?: string; readonly averageUtilization?: number; readonly averageValue?: string; readonly value?: string }
export interface MetricSpec { readonly type?: string; readonly resource?: { readonly name?: string; readonly target?: MetricTarget }; readonly [source: string]: unknown }
export interface AutoscalerSpec {
  readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string }; readonly minReplicas?: number; readonly maxReplicas?: number; readonly metrics?: readonly MetricSpec[];
}

export interface IngressBackend { readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } }; readonly resource?: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string } }
export interface IngressPath { readonly path?: string; readonly pathType?: string; readonly backend: IngressBackend }
export interface IngressSpec {
  readonly ingressClassName?: string; readonly defaultBackend?: IngressBackend; readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
  readonly rules?: readonly { readonly host?: string; readonly http?: { readonly paths?: readonly IngressPath[] } }[];
}
export interface PolicyPort { readonly protocol?: string; readonly port?: IntOrString; readonly endPort?: number }
export interface PolicyPeer { readonly podSelector?: LabelSelector; readonly namespaceSelector?: LabelSelector; readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] } }
export interface NetworkPolicySpec {
  readonly podSelector?: LabelSelector; readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly ports?: readonly PolicyPort[]; readonly from?: readonly PolicyPeer[] }[]; readonly egress?: readonly { readonly ports?: readonly PolicyPort[]; readonly to?: readonly PolicyPeer[] }[];
}
export interface BudgetStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: ConditionStatus; readonly lastTransitionTime?: string; readonly reason?: string; readonly message?: string; readonly observedGeneration?: number }[];
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  /** Pods that were let go and are not yet deleted, and since when. */
  readonly disruptedPods?: { readonly [name: string]: string };
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
  readonly observedGeneration: number;
}
export interface BudgetSpec { readonly minAvailable?: IntOrString; readonly maxUnavailable?: IntOrString; readonly selector?: LabelSelector; readonly unhealthyPodEvictionPolicy?: string }

export interface CertificateRequestSpec { readonly usages?: readonly string[]; readonly signerName?: string; readonly expirationSeconds?: number }
export interface RbacRule { readonly verbs?: readonly string[]; readonly apiGroups?: readonly string[]; readonly resources?: readonly string[]; readonly resourceNames?: readonly string[]; readonly nonResourceURLs?: readonly string[] }
export interface RoleLike extends Omit<KubeObject, 'spec'> { readonly rules?: readonly RbacRule[] | null; readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] } }
export interface RbacSubject { readonly kind?: string; readonly apiGroup?: string; readonly name?: string; readonly namespace?: string }
export interface BindingLike extends Omit<KubeObject, 'spec'> { readonly roleRef: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string }; readonly subjects?: readonly RbacSubject[] }

export interface LimitItem {
  readonly type?: string; readonly max?: ResourceList; readonly min?: ResourceList; readonly default?: ResourceList; readonly defaultRequest?: ResourceList; readonly maxLimitRequestRatio?: ResourceList;
}
export interface LimitRangeSpec { readonly limits?: readonly LimitItem[] }
export interface ScopeRequirement { readonly scopeName: string; readonly operator: string; readonly values?: readonly string[] }
export interface QuotaSpec { readonly hard?: ResourceList; readonly scopes?: readonly string[]; readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] } }
export interface ResourceQuota extends Omit<KubeObject, 'spec' | 'status'> { readonly spec: QuotaSpec; readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList } }
export interface PriorityClass extends Omit<KubeObject, 'spec'> { readonly value?: number; readonly globalDefault?: boolean; readonly preemptionPolicy?: string }
export interface StorageClass extends Omit<KubeObject, 'spec'> {
  readonly provisioner?: string; readonly parameters?: StringMap; readonly reclaimPolicy?: string; readonly volumeBindingMode?: string; readonly allowVolumeExpansion?: boolean;
}

export interface EndpointAddress { readonly ip: string; readonly hostname?: string; readonly nodeName?: string; readonly targetRef?: ObjectReference }
export interface EndpointSubset { readonly addresses?: readonly EndpointAddress[]; readonly notReadyAddresses?: readonly EndpointAddress[]; readonly ports?: readonly EndpointPort[] }
export interface Endpoints extends Omit<KubeObject, 'spec' | 'status'> { readonly apiVersion: 'v1'; readonly kind: 'Endpoints'; readonly subsets?: readonly EndpointSubset[] }
