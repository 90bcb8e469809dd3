/** The strategies by resource: one line each, the longer ones in files of their own. */
import type { EndpointSlice, KubeObject, Namespace, Service } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { policyKeys } from '../authorization/authorizer.ts';
import { escalation } from '../authorization/escalation.ts';
import { definitionsKey, type Served } from '../served.ts';
import { definitionStrategy } from './definition.ts';
import { certificate } from './certificate.ts';
import { keptStrategy } from './kept.ts';
import { podStrategy } from './pod.ts';
import { countGeneration, firstGeneration, keepStatus, onlyStatus, specChanged, withMetadata, type Strategy } from './strategy.ts';

/** Models pkg/registry/apps/deployment/strategy.go: annotations are part of what is wanted, since they travel to the ReplicaSets. */
const deployment: Strategy = {
  prepareForCreate: (object) => firstGeneration(object),
  prepareForUpdate: (next, current) =>
    countGeneration(keepStatus(next, current), current, specChanged(next, current) || !deepEqual(next.metadata.annotations ?? {}, current.metadata.annotations ?? {})),
  prepareForStatusUpdate: (next, current) => ({ ...onlyStatus(next, current), metadata: { ...current.metadata, annotations: next.metadata.annotations, managedFields: next.metadata.managedFields } }),
};

/** Models pkg/registry/apps/replicaset/strategy.go. */
const replicaSet: Strategy = {
  prepareForCreate: (object) => firstGeneration(object),
  prepareForUpdate: (next, current) => countGeneration(keepStatus(next, current), current, specChanged(next, current)),
};

/** Models pkg/registry/core/namespace/strategy.go: the finalizer `kubernetes` holds a namespace until its contents are gone. */
const namespace: Strategy = {
  prepareForCreate(object) {
    const given = object as Namespace;
    const finalizers = given.spec?.finalizers ?? [];
    return {
      ...withMetadata(given, { labels: { ...given.metadata.labels, 'kubernetes.io/metadata.name': given.metadata.name } }),
      spec: { ...given.spec, finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] }, status: { phase: 'Active' },
    };
  },
  prepareForUpdate(next, current) {
    const kept = keepStatus({ ...next, spec: { ...(next as Namespace).spec, finalizers: (current as Namespace).spec?.finalizers } }, current);
    const { labels } = kept.metadata;
    return labels?.['kubernetes.io/metadata.name'] === kept.metadata.name ? kept : withMetadata(kept, { labels: { ...labels, 'kubernetes.io/metadata.name': kept.metadata.name } });
  },
};

/** Models pkg/registry/core/node/strategy.go: a kubelet may bring a status when it registers. */
const node: Strategy = { prepareForUpdate: keepStatus };

/** Models pkg/registry/core/service/strategy.go and storage/alloc.go: what was allocated stays where an update leaves it out, and goes with the type that needs it. */
const service: Strategy = {
  prepareForCreate: (object) => ({ ...object, status: { loadBalancer: {} } }),
  prepareForUpdate(next, current) {
    const kept = keepStatus(next, current) as Service;
    const old = (current as Service).spec;
    if (kept.spec.type === 'ExternalName') return old.clusterIP === undefined || (kept.spec.clusterIP ?? old.clusterIP) !== old.clusterIP ? kept : { ...kept, spec: withoutDependents(withoutAddress(kept.spec), old) } as Service;
    if (old.clusterIP === undefined) return kept;
    const clusterIP = kept.spec.clusterIP || old.clusterIP;
    const clusterIPs = kept.spec.clusterIPs ?? (clusterIP === old.clusterIP ? old.clusterIPs : [clusterIP]);
    const ports = kept.spec.type === 'NodePort' || kept.spec.type === 'LoadBalancer'
      ? kept.spec.ports?.map((port) => (port.nodePort ? port : { ...port, ...samePortOf(old, port) }))
      : kept.spec.ports;
    const { ipFamilies = old.ipFamilies, ipFamilyPolicy = old.ipFamilyPolicy } = kept.spec;
    return { ...kept, spec: withoutDependents({ ...kept.spec, clusterIP, clusterIPs, ports, ...(ipFamilies !== undefined && { ipFamilies }), ...(ipFamilyPolicy !== undefined && { ipFamilyPolicy }) }, old) } as Service;
  },
};

/** Models dropTypeDependentFields. */
const withoutAddress = ({ clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ipFamilyPolicy: _policy, ...spec }: Service['spec']): Service['spec'] => spec;

function withoutDependents(spec: Service['spec'], old: Service['spec']): Service['spec'] {
  const reachable = ({ type }: Service['spec']): boolean => type === 'NodePort' || type === 'LoadBalancer';
  const numbers = ({ ports = [] }: Service['spec']): string => ports.map(({ nodePort = 0 }) => nodePort).join();
  let left = spec;
  if (reachable(old) && !reachable(spec)) {
    if (numbers(spec) === numbers(old)) left = { ...left, ports: left.ports?.map(({ nodePort: _port, ...port }) => port) };
    if (spec.externalTrafficPolicy === old.externalTrafficPolicy) left = { ...left, externalTrafficPolicy: undefined };
  }
  return old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts ? { ...left, allocateLoadBalancerNodePorts: undefined } : left;
}

function samePortOf(old: Service['spec'], { port, protocol }: { readonly port: number; readonly protocol?: string }): { readonly nodePort?: number } {
  const same = old.ports?.find((one) => one.port === port && (one.protocol ?? 'TCP') === (protocol ?? 'TCP'));
  return same?.nodePort === undefined ? {} : { nodePort: same.nodePort };
}

/** Models pkg/registry/discovery/endpointslice/strategy.go. */
const endpointSlice: Strategy = {
  prepareForCreate: (object) => withMetadata(object, { generation: 1 }),
  prepareForUpdate(next, current) {
    const [a, b] = [next as EndpointSlice, current as EndpointSlice];
    const changed = !deepEqual(a.endpoints, b.endpoints) || !deepEqual(a.ports, b.ports) || a.addressType !== b.addressType || !deepEqual(a.metadata.labels, b.metadata.labels);
    return countGeneration(next, current, changed);
  },
};

const policy: Strategy = { forbids: escalation };

/** By the resource's key. */
const strategies: { readonly [key: string]: Strategy | undefined } = {
  pods: podStrategy, 'deployments.apps': deployment, 'replicasets.apps': replicaSet, namespaces: namespace, nodes: node, services: service, 'endpointslices.discovery.k8s.io': endpointSlice,
  'certificatesigningrequests.certificates.k8s.io': certificate, ...Object.fromEntries(policyKeys.map((key) => [key, policy])),
  [definitionsKey]: definitionStrategy,
};
const plain: Strategy = {};
const kept = new Map<string, Strategy>();

/** How a resource's objects are prepared. */
export function strategyOf({ key, info, custom }: Served): Strategy {
  const own = custom ?? strategies[key];
  if (own !== undefined) return own;
  if (info.actedOn) return plain;
  let strategy = kept.get(key);
  if (strategy === undefined) kept.set(key, strategy = keptStrategy(info));
  return strategy;
}

/** An object as a status write leaves it. */
export const prepareStatus = (served: Served, next: KubeObject, current: KubeObject): KubeObject =>
  (strategyOf(served).prepareForStatusUpdate ?? onlyStatus)(next, current);
