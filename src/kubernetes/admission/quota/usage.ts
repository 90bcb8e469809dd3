/** What an object counts against a quota. Models pkg/quota/v1/evaluator/core/{pods,services,persistent_volume_claims}.go and staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go. */
import type { Container, KubeObject, Pod, ResourceList, Service } from '../../api/index.ts';
import type { ClaimSpec, Of } from '../../api/kept-specs.ts';
import { parseTime } from '../../apimachinery/time.ts';
import { podResources } from '../pod-resources.ts';
import { add } from './amounts.ts';

/** Of these kinds the plain name counts too. */
const plainCounts = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** What quotas of this resource (by its key) may be about; undefined where any name of it is unknown. */
export function quotaNames(resource: string, names: readonly string[]): readonly string[] {
  const own = ofResource[resource];
  return names.filter((name) => name === `count/${resource}` || (own === undefined ? plainCounts.has(resource) && name === resource : own(name)));
}

const compute = new Set(['pods', 'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage']);
const serviceNames = new Set(['services', 'services.nodeports', 'services.loadbalancers']);
const classMark = '.storageclass.storage.k8s.io/';
const isClaimName = (name: string): boolean => name === 'persistentvolumeclaims' || name === 'requests.storage' || name.includes(classMark);

const ofResource: { readonly [resource: string]: ((name: string) => boolean) | undefined } = {
  pods: (name) => compute.has(name) || name.startsWith('hugepages-') || (name.startsWith('requests.') && !isClaimName(name) && (name.startsWith('requests.hugepages-') || name.includes('/'))),
  services: (name) => serviceNames.has(name),
  persistentvolumeclaims: isClaimName,
};

/** The resources whose changes, not only their creation, change what they use. */
export const countsChanges = (resource: string): boolean => resource === 'services' || resource === 'persistentvolumeclaims';

/** Usage of an object of a resource, by the resource's key. */
export function usageOf(resource: string, object: KubeObject, nowUs: number): ResourceList {
  const counted: ResourceList = { [`count/${resource}`]: '1' };
  if (resource === 'pods') return podUsage(object as Pod, nowUs, counted);
  if (resource === 'services') return serviceUsage(object as Service, counted);
  if (resource === 'persistentvolumeclaims') return claimUsage(object as unknown as Of<ClaimSpec>, counted);
  return plainCounts.has(resource) ? { ...counted, [resource]: '1' } : counted;
}

/** A Pod that has ended, or should have ended by now, uses nothing any more. Models pods.go: QuotaV1Pod. */
function podUsage(pod: Pod, nowUs: number, counted: ResourceList): ResourceList {
  const { phase } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return counted;
  const { deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined && nowUs > (parseTime(deletionTimestamp) ?? nowUs)) return counted;
  return add(counted, computeUsage(podResources(pod.spec, 'requests'), podResources(pod.spec, 'limits')));
}

/** Models pods.go: podComputeUsageHelper. */
export function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const usage: Record<string, string> = { pods: '1' };
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    if (requests[name] !== undefined) usage[name] = usage[`requests.${name}`] = requests[name];
    if (limits[name] !== undefined) usage[`limits.${name}`] = limits[name];
  }
  for (const [name, amount] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) usage[name] = usage[`requests.${name}`] = amount;
    else if (name.includes('/')) usage[`requests.${name}`] = amount;
  }
  return usage;
}

/** Models services.go: Usage. */
function serviceUsage({ spec }: Service, counted: ResourceList): ResourceList {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec as Service['spec'] & { readonly allocateLoadBalancerNodePorts?: boolean };
  const usage: ResourceList = { ...counted, services: '1', 'services.nodeports': '0', 'services.loadbalancers': '0' };
  if (type === 'NodePort') return { ...usage, 'services.nodeports': String(ports.length) };
  if (type !== 'LoadBalancer') return usage;
  const nodePorts = allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort = 0 }) => nodePort !== 0).length : ports.length;
  return { ...usage, 'services.nodeports': String(nodePorts), 'services.loadbalancers': '1' };
}

/** Models persistent_volume_claims.go: Usage. */
function claimUsage({ spec }: Of<ClaimSpec>, counted: ResourceList): ResourceList {
  const usage: Record<string, string> = { ...counted, persistentvolumeclaims: '1' };
  const storageClass = spec?.storageClassName ?? '';
  const storage = spec?.resources?.requests?.['storage'];
  if (storageClass !== '') usage[`${storageClass}${classMark}persistentvolumeclaims`] = '1';
  if (storage !== undefined) usage['requests.storage'] = storage;
  if (storage !== undefined && storageClass !== '') usage[`${storageClass}${classMark}requests.storage`] = storage;
  return usage;
}

const demanded = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** A quota on cpu or memory demands that every container says what it needs. Models pods.go: Constraints. */
export function unspecified(pod: Pod, names: readonly string[]): string | undefined {
  const required = demanded.filter((name) => names.includes(name));
  const missing = new Map<string, Set<string>>();
  for (const { name: container, resources } of wholes(pod)) {
    const usage = computeUsage(resources?.requests ?? {}, resources?.limits ?? {});
    for (const name of required) if (usage[name] === undefined) missing.set(name, (missing.get(name) ?? new Set()).add(container));
  }
  if (missing.size === 0) return undefined;
  return `must specify ${[...missing.keys()].sort().map((name) => `${name} for: ${[...missing.get(name)!].sort().join(',')}`).join('; ')}`;
}

/** The containers; or, where the Pod says it for all of them, none. */
function wholes({ spec }: Pod): readonly Pick<Container, 'name' | 'resources'>[] {
  return Object.keys(spec.resources?.requests ?? {}).length + Object.keys(spec.resources?.limits ?? {}).length > 0 ? [] : [...spec.containers, ...spec.initContainers ?? []];
}
