/** What an Endpoints object says of a Service's Pods. Models pkg/controller/endpoint/endpoints_controller.go and pkg/api/v1/endpoints/util.go. */
import type { EndpointPort, Pod, Service, StringMap } from '../../../kubernetes/api/index.ts';
import type { EndpointAddress, Endpoints, EndpointSubset } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { canBeEndpoint, endpointPorts } from './endpoint-slices.ts';
import { isPodReady } from './pod-state.ts';

const maxCapacity = 1_000;
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const headless = 'service.kubernetes.io/headless';
const managedBy = 'endpoints.kubernetes.io/managed-by';

interface Offered { readonly address: EndpointAddress; readonly ready: boolean }
interface OfferedPort { readonly port: EndpointPort | undefined; readonly by: Offered[] }

const known = new WeakMap<Pod, EndpointAddress>();

/** Models podToEndpointAddressForService. Of a version of a Pod there is one address, so that equal ones are mostly the same. */
function addressOf(pod: Pod, service: Service): EndpointAddress {
  if (pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name) return { hostname: pod.spec.hostname, ...plainAddress(pod) };
  let address = known.get(pod);
  if (address === undefined) known.set(pod, address = plainAddress(pod));
  return address;
}

function plainAddress({ metadata: { namespace, name, uid }, spec: { nodeName }, status }: Pod): EndpointAddress {
  return { ip: status?.podIP ?? status?.podIPs?.[0]?.ip ?? '', ...(nodeName === undefined ? {} : { nodeName }), targetRef: { kind: 'Pod', namespace, name, uid } };
}

const uidOf = ({ address }: Offered): string => address.targetRef?.uid ?? '';
const less = (a: Offered, b: Offered): number => {
  const [x, y] = a.address.ip === b.address.ip ? [uidOf(a), uidOf(b)] : [a.address.ip, b.address.ip];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Ports that the same Pods offer are one subset. Models RepackSubsets; upstream sorts subsets by their hash, here they are in the order of the Service's ports. */
function repack(offered: Iterable<OfferedPort>): readonly EndpointSubset[] {
  const groups = new Map<string, { readonly ports: EndpointPort[]; readonly by: readonly Offered[] }>();
  const all = [...offered];
  for (const { port, by } of all) {
    by.sort(less);
    const key = all.length === 1 ? '' : by.map((one) => `${one.address.ip} ${uidOf(one)} ${one.ready}`).join();
    const ports = port === undefined ? [] : [port];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ports, by }); else group.ports.push(...ports);
  }
  return Array.from(groups.values(), ({ ports, by }) => subset(ports, by));
}

function subset(ports: readonly EndpointPort[], by: readonly Offered[]): EndpointSubset {
  const addresses = by.filter(({ ready }) => ready).map(({ address }) => address);
  const notReadyAddresses = by.filter(({ ready }) => !ready).map(({ address }) => address);
  return { ...(addresses.length === 0 ? {} : { addresses }), ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }), ...(ports.length === 0 ? {} : { ports }) };
}

/** Models syncService, as far as it goes through the Pods; `pods` are those that the Service selects. */
export function subsetsOf(service: Service, pods: Iterable<Pod>): readonly EndpointSubset[] {
  const offered = new Map<string, OfferedPort>();
  const portless = (service.spec.ports ?? []).length === 0;
  if (portless && service.spec.clusterIP !== 'None') return [];
  for (const pod of pods) {
    if (!canBeEndpoint(pod) || (pod.metadata.deletionTimestamp !== undefined && service.spec.publishNotReadyAddresses !== true)) continue;
    const one: Offered = { address: addressOf(pod, service), ready: service.spec.publishNotReadyAddresses === true || isPodReady(pod) };
    for (const port of portless ? [undefined] : endpointPorts(service, pod)) {
      const key = port === undefined ? '' : `${port.name}/${port.protocol}/${port.port}`;
      const of = offered.get(key);
      if (of === undefined) offered.set(key, { port: port === undefined || port.name !== '' ? port : unnamed(port), by: [one] }); else of.by.push(one);
    }
  }
  return repack(offered.values());
}

/** In Endpoints, an empty name is left out. */
const unnamed = ({ protocol, port, appProtocol }: EndpointPort): EndpointPort => ({ protocol, port, ...(appProtocol === undefined ? {} : { appProtocol }) });

const sizeOf = (subsets: readonly EndpointSubset[], which: 'addresses' | 'notReadyAddresses'): number => subsets.reduce((sum, one) => sum + (one[which]?.length ?? 0), 0);

/** At most 1,000 addresses, ready ones first, of each subset its part. Models truncateEndpoints. */
export function truncated(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const [ready, notReady] = [sizeOf(subsets, 'addresses'), sizeOf(subsets, 'notReadyAddresses')];
  if (ready + notReady <= maxCapacity) return subsets;
  const which = ready > maxCapacity ? 'addresses' : 'notReadyAddresses';
  const [most, total] = ready > maxCapacity ? [maxCapacity, ready] : [maxCapacity - ready, notReady];
  let room = most;
  return subsets.map(({ addresses, notReadyAddresses, ports }) => {
    const some = (which === 'addresses' ? addresses : notReadyAddresses) ?? [];
    const kept = some.slice(0, Math.min(room, Math.ceil(some.length / total * most)));
    room -= kept.length;
    return { ...(which === 'addresses' ? { addresses: kept } : { ...(addresses === undefined ? {} : { addresses }), ...(kept.length === 0 ? {} : { notReadyAddresses: kept }) }), ...(ports === undefined ? {} : { ports }) };
  });
}

/** The labels of a Service's Endpoints. */
function labelsOf({ metadata: { labels }, spec: { clusterIP } }: Service): StringMap {
  const { [headless]: _, ...own } = labels ?? {};
  return { ...own, [managedBy]: 'endpoint-controller', ...(clusterIP === 'None' ? { [headless]: '' } : {}) };
}

/** The Endpoints of a Service as they are to be, or undefined where they are so already. */
export function endpointsOf(service: Service, pods: Iterable<Pod>, current: Endpoints | undefined): Endpoints | undefined {
  const full = subsetsOf(service, pods);
  const subsets = truncated(full);
  const labels = labelsOf(service);
  const { [overCapacity]: marked, ...annotations } = current?.metadata.annotations ?? {};
  const cut = subsets !== full;
  if (current !== undefined && !cut && marked === undefined && deepEqual(current.subsets ?? [], subsets) && deepEqual(current.metadata.labels ?? {}, labels)) return undefined;
  const said = cut ? { ...annotations, [overCapacity]: 'truncated' } : annotations;
  const { annotations: _, ...metadata } = current?.metadata ?? { name: service.metadata.name, namespace: service.metadata.namespace };
  return { apiVersion: 'v1', kind: 'Endpoints', metadata: { ...metadata, labels, ...(Object.keys(said).length === 0 ? {} : { annotations: said }) } as Endpoints['metadata'], ...(subsets.length === 0 ? {} : { subsets }) };
}
