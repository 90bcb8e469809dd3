/** The kinds this cluster models, with the facts every client needs to address them. */
import type { KubeObject } from './meta-v1.ts';
import type { Binding, ConfigMap, Event, Namespace, Node, Pod, Secret, Service, ServiceAccount } from './core-v1.ts';
import type { Deployment, ReplicaSet } from './apps-v1.ts';
import type { EndpointSlice } from './discovery-v1.ts';
import type { Lease } from './coordination-v1.ts';
import type { ResourceQuota } from './kept-specs.ts';

/** How a kind is served: what a URL and discovery need. */
export interface ResourceInfo {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `v1` or `group/version`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural, lower case, as in the URL. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Groups such as `all`, which `kubectl get all` asks for. */
  readonly categories: readonly string[];
  /** Whether something in this cluster acts on the kind; one that is only kept is stored, listed and watched, and nothing comes of it. */
  readonly actedOn: boolean;
}

/** A resource of the components' own code. */
export interface ModelledInfo extends ResourceInfo { readonly kind: ModelledKind | 'ResourceQuota'; readonly resource: ModelledResource }

/** The modelled kinds and their TypeScript shapes. */
export interface ObjectByKind {
  readonly Namespace: Namespace;
  readonly Node: Node;
  readonly Pod: Pod;
  readonly Service: Service;
  readonly ConfigMap: ConfigMap;
  readonly Secret: Secret;
  readonly ServiceAccount: ServiceAccount;
  readonly Event: Event;
  readonly Deployment: Deployment;
  readonly ReplicaSet: ReplicaSet;
  readonly EndpointSlice: EndpointSlice;
  readonly Lease: Lease;
}

/** The modelled resources and the shapes of their objects. */
export interface ObjectByResource {
  readonly namespaces: Namespace;
  readonly nodes: Node;
  readonly pods: Pod;
  readonly services: Service;
  readonly configmaps: ConfigMap;
  readonly secrets: Secret;
  readonly serviceaccounts: ServiceAccount;
  readonly events: Event;
  readonly deployments: Deployment;
  readonly replicasets: ReplicaSet;
  readonly endpointslices: EndpointSlice;
  readonly leases: Lease;
  readonly resourcequotas: ResourceQuota;
}

export type ModelledKind = keyof ObjectByKind;
export type ModelledResource = keyof ObjectByResource;
/** Any object of a modelled kind; `kind` tells which. */
export type ModelledObject = ObjectByKind[ModelledKind];
/** A body that is posted but never stored. */
export type PostedOnly = Binding;

/**
 * Every stable kind of Kubernetes 1.36 that is stored, in upstream's order of groups (cmd/kube-apiserver/app/server.go and aggregator.go: priorities).
 * One a line: apiVersion, kind, plural, `ns` or `-` for cluster-scoped, short names, categories, subresources; `kept` where nothing here acts on it.
 */
const table = `
v1 ConfigMap configmaps ns cm - -
v1 Endpoints endpoints ns ep - - kept
v1 Event events ns ev - -
v1 LimitRange limitranges ns limits - - kept
v1 Namespace namespaces - ns - finalize,status
v1 Node nodes - no - proxy,status
v1 PersistentVolumeClaim persistentvolumeclaims ns pvc - status kept
v1 PersistentVolume persistentvolumes - pv - status kept
v1 Pod pods ns po all attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
v1 PodTemplate podtemplates ns - - - kept
v1 ReplicationController replicationcontrollers ns rc all scale,status kept
v1 ResourceQuota resourcequotas ns quota - status kept
v1 Secret secrets ns - - -
v1 ServiceAccount serviceaccounts ns sa - token
v1 Service services ns svc all proxy,status
apiregistration.k8s.io/v1 APIService apiservices - - api-extensions status kept
apps/v1 ControllerRevision controllerrevisions ns - - - kept
apps/v1 DaemonSet daemonsets ns ds all status kept
apps/v1 Deployment deployments ns deploy all scale,status
apps/v1 ReplicaSet replicasets ns rs all scale,status
apps/v1 StatefulSet statefulsets ns sts all scale,status kept
events.k8s.io/v1 Event events ns ev - -
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers ns hpa all status kept
autoscaling/v1 HorizontalPodAutoscaler horizontalpodautoscalers ns hpa all status kept
batch/v1 CronJob cronjobs ns cj all status kept
batch/v1 Job jobs ns - all status kept
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests - csr - approval,status kept
networking.k8s.io/v1 IngressClass ingressclasses - - - - kept
networking.k8s.io/v1 Ingress ingresses ns ing - status kept
networking.k8s.io/v1 IPAddress ipaddresses - ip - - kept
networking.k8s.io/v1 NetworkPolicy networkpolicies ns netpol - - kept
networking.k8s.io/v1 ServiceCIDR servicecidrs - - - status kept
policy/v1 PodDisruptionBudget poddisruptionbudgets ns pdb - status kept
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings - - - - kept
rbac.authorization.k8s.io/v1 ClusterRole clusterroles - - - - kept
rbac.authorization.k8s.io/v1 RoleBinding rolebindings ns - - - kept
rbac.authorization.k8s.io/v1 Role roles ns - - - kept
storage.k8s.io/v1 CSIDriver csidrivers - - - - kept
storage.k8s.io/v1 CSINode csinodes - - - - kept
storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities ns - - - kept
storage.k8s.io/v1 StorageClass storageclasses - sc - - kept
storage.k8s.io/v1 VolumeAttachment volumeattachments - - - status kept
storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses - vac - - kept
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy mutatingadmissionpolicies - - api-extensions - kept
admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings - - api-extensions - kept
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations - - api-extensions - kept
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies - - api-extensions status kept
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings - - api-extensions - kept
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations - - api-extensions - kept
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions - crd,crds api-extensions status
scheduling.k8s.io/v1 PriorityClass priorityclasses - pc - -
coordination.k8s.io/v1 Lease leases ns - - -
node.k8s.io/v1 RuntimeClass runtimeclasses - - - - kept
discovery.k8s.io/v1 EndpointSlice endpointslices ns - - -
flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas - - - status kept
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations - - - status kept
resource.k8s.io/v1 DeviceClass deviceclasses - - - - kept
resource.k8s.io/v1 ResourceClaim resourceclaims ns - - status kept
resource.k8s.io/v1 ResourceClaimTemplate resourceclaimtemplates ns - - - kept
resource.k8s.io/v1 ResourceSlice resourceslices - - - - kept
`;

/** Kinds that are asked and answered, and kept nowhere; they are created, and nothing else. They come behind `events.k8s.io`. */
const reviewTable = `
authentication.k8s.io/v1 SelfSubjectReview selfsubjectreviews - - - -
authentication.k8s.io/v1 TokenReview tokenreviews - - - -
authorization.k8s.io/v1 LocalSubjectAccessReview localsubjectaccessreviews ns - - -
authorization.k8s.io/v1 SelfSubjectAccessReview selfsubjectaccessreviews - - - -
authorization.k8s.io/v1 SelfSubjectRulesReview selfsubjectrulesreviews - - - -
authorization.k8s.io/v1 SubjectAccessReview subjectaccessreviews - - - -
`;

const words = (list: string): readonly string[] => (list === '-' ? [] : list.split(','));

const readTable = (lines: string): readonly ResourceInfo[] => lines.trim().split('\n').map((line) => {
  const [apiVersion = '', kind = '', resource = '', scope, shortNames = '', categories = '', subresources = '', standing] = line.split(' ');
  const slash = apiVersion.indexOf('/');
  return {
    group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1), apiVersion, kind, resource, namespaced: scope === 'ns', subresources: words(subresources),
    singular: kind.toLowerCase(), shortNames: words(shortNames), categories: words(categories), actedOn: standing !== 'kept',
  };
});

/** Every kind that is stored, in the order of discovery. A kind served in two versions has two rows, the one it is stored in first. */
export const servedResources: readonly ResourceInfo[] = readTable(table);
export const reviewResources: readonly ResourceInfo[] = readTable(reviewTable);

const first = (key: (info: ResourceInfo) => string): ReadonlyMap<string, ResourceInfo> => {
  const map = new Map<string, ResourceInfo>();
  for (const info of servedResources) if (!map.has(key(info))) map.set(key(info), info);
  return map;
};
const byResource = first(({ resource }) => resource);
const byKind = first(({ kind }) => kind);
const byGroupKind = first(({ group, kind }) => `${group}/${kind}`);

/** How a modelled resource is served; throws on a name that is not modelled, since callers name it in code. */
export function resourceOf(resource: ModelledResource): ModelledInfo {
  const info = byResource.get(resource);
  if (info === undefined) throw new Error(`no modelled resource is called ${resource}`);
  return info as ModelledInfo;
}

/** How a resource named by a user is served, or undefined. */
export function findResource(resource: string): ResourceInfo | undefined {
  return byResource.get(resource);
}

/** How a kind is served, or undefined where it is not; with an apiVersion (of any version of its group) exactly that group's. */
export function resourceOfKind(kind: string, apiVersion?: string): ResourceInfo | undefined {
  const named = byKind.get(kind);
  if (apiVersion === undefined || named?.apiVersion === apiVersion) return named;
  const slash = apiVersion.indexOf('/');
  return byGroupKind.get(`${apiVersion.slice(0, Math.max(0, slash))}/${kind}`);
}

/** `group/resource` in the form errors print it: `pods`, `deployments.apps`. */
export function groupResource(info: Pick<ResourceInfo, 'group' | 'resource'>): string {
  return info.group === '' ? info.resource : `${info.resource}.${info.group}`;
}

/** `namespace/name`, or `name` for a cluster-scoped object: the key of caches and work queues. */
export function objectKey(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** The two halves of an object key; a cluster-scoped one has the namespace ''. */
export function splitObjectKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The uid of a stored object, '' for one that was not stored yet (Go's zero value). */
export function uidOf(object: KubeObject): string {
  return object.metadata.uid ?? '';
}
