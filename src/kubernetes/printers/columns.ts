/** The columns of kubectl's tables, kind by kind. Models pkg/printers/internalversion/printers.go: AddHandlers and the functions it names. */
import type { ConfigMap, Deployment, EndpointSlice, Event, Lease, Namespace, Node, Pod, PodSpec, ReplicaSet, Secret, Service, ServiceAccount } from '../api/index.ts';
import { findCondition } from '../apimachinery/conditions.ts';
import { formatLabelSelector } from '../apimachinery/label-selector.ts';
import { humanDuration, parseTime } from '../apimachinery/time.ts';
import { age, count, joined, name, none, since, text, wide, type Column } from './cells.ts';
import { keptColumns } from './kept-columns.ts';
import { podStatus } from './pod-status.ts';

interface Scale { readonly spec: { readonly replicas?: number }; readonly status?: { readonly replicas: number } }
const containers = wide<{ spec: { template: { spec: PodSpec } } }>('Containers', ({ spec }) => spec.template.spec.containers.map((one) => one.name).join(','));
const images = wide<{ spec: { template: { spec: PodSpec } } }>('Images', ({ spec }) => spec.template.spec.containers.map((one) => one.image).join(','));
const selector = wide<Deployment | ReplicaSet>('Selector', ({ spec }) => formatLabelSelector(spec.selector));

/** Models printers.go: printPod. Restarts say when the last one was. */
function restarts({ spec, status }: Pod, nowUs: number): string {
  const always = new Set((spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map((one) => one.name));
  const counted = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? []).filter((one) => always.has(one.name))];
  const sum = counted.reduce((total, one) => total + one.restartCount, 0);
  const last = Math.max(-1, ...counted.map((one) => parseTime(one.lastState?.terminated?.finishedAt) ?? -1));
  return sum > 0 && last >= 0 ? `${sum} (${humanDuration(nowUs - last)} ago)` : String(sum);
}

const readyContainers = ({ spec, status }: Pod): string =>
  `${(status?.containerStatuses ?? []).filter((one) => one.ready && one.state?.running !== undefined).length}/${spec.containers.length}`;

/** Models printers.go: printNode. */
function nodeStatus({ spec, status }: Node): string {
  const ready = findCondition(status?.conditions, 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable === true ? `${word},SchedulingDisabled` : word;
}

/** Models printers.go: findNodeRoles. */
function nodeRoles({ metadata: { labels = {} } }: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(labels).flatMap(([key, value]) => (key.startsWith(prefix) && key.length > prefix.length ? [key.slice(prefix.length)] : key === 'kubernetes.io/role' && value !== '' ? [value] : []));
  return joined([...new Set(roles)].sort());
}

const nodeAddress = ({ status }: Node, type: string): string => status?.addresses?.find((one) => one.type === type)?.address ?? none;

const servicePorts = ({ spec }: Service): string =>
  joined((spec.ports ?? []).map((port) => `${port.port}${port.nodePort === undefined || port.nodePort === 0 ? '' : `:${port.nodePort}`}/${port.protocol ?? 'TCP'}`));

/** Models printers.go: getServiceExternalIP. */
function externalIp({ spec, status }: Service & { readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } } }): string {
  const given = (spec as { readonly externalIPs?: readonly string[] }).externalIPs ?? [];
  switch (spec.type) {
    case 'ExternalName': return (spec as { readonly externalName?: string }).externalName ?? none;
    case 'LoadBalancer': {
      const balanced = (status?.loadBalancer?.ingress ?? []).map((one) => one.ip ?? one.hostname ?? '');
      return balanced.length + given.length === 0 ? '<pending>' : [...balanced, ...given].join(',');
    }
    default: return joined(given);
  }
}

/** Models printers.go: formatDiscoveryPorts and formatDiscoveryEndpoints. */
const slicePorts = ({ ports }: EndpointSlice): string => (ports === null || ports.length === 0 ? '<unset>' : `${ports.slice(0, 3).map(({ port }) => String(port ?? '*')).join(',')}${ports.length > 3 ? ` + ${ports.length - 3} more...` : ''}`);
const sliceEndpoints = ({ endpoints }: EndpointSlice): string => {
  const addresses = (endpoints ?? []).flatMap((one) => one.addresses);
  return addresses.length === 0 ? '<unset>' : `${addresses.slice(0, 3).join(',')}${addresses.length > 3 ? ` + ${addresses.length - 3} more...` : ''}`;
};

const eventSeen = ({ series, lastTimestamp, eventTime, firstTimestamp }: Event, nowUs: number): string =>
  since(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp, nowUs);

/** The columns of each resource that has its own; of any other, name and age. */
export const columnsOf: { readonly [resource: string]: readonly Column[] | undefined } = {
  ...keptColumns,
  pods: [
    name, text<Pod>('Ready', readyContainers), text<Pod>('Status', podStatus), text<Pod>('Restarts', restarts), age,
    wide<Pod>('IP', ({ status }) => status?.podIP ?? none), wide<Pod>('Node', ({ spec }) => spec.nodeName ?? none),
    wide<Pod>('Nominated Node', ({ status }) => status?.nominatedNodeName ?? none),
    wide<Pod>('Readiness Gates', () => none),
  ],
  deployments: [
    name, text<Deployment>('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`), count<Deployment>('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    count<Deployment>('Available', ({ status }) => status?.availableReplicas ?? 0), age, containers, images, selector,
  ],
  replicasets: [
    name, count<ReplicaSet>('Desired', ({ spec }) => spec.replicas ?? 1), count<ReplicaSet>('Current', ({ status }) => status?.replicas ?? 0),
    count<ReplicaSet>('Ready', ({ status }) => status?.readyReplicas ?? 0), age, containers, images, selector,
  ],
  services: [
    name, text<Service>('Type', ({ spec }) => spec.type ?? 'ClusterIP'), text<Service>('Cluster-IP', ({ spec }) => spec.clusterIP ?? none), text<Service>('External-IP', externalIp),
    text<Service>('Port(s)', servicePorts), age, wide<Service>('Selector', ({ spec }) => joined(Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`).sort())),
  ],
  nodes: [
    name, text<Node>('Status', nodeStatus), text<Node>('Roles', nodeRoles), age, text<Node>('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide<Node>('Internal-IP', (node) => nodeAddress(node, 'InternalIP')), wide<Node>('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
    wide<Node>('OS-Image', ({ status }) => status?.nodeInfo?.osImage ?? '<unknown>'), wide<Node>('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion ?? '<unknown>'),
    wide<Node>('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>'),
  ],
  namespaces: [name, text<Namespace>('Status', ({ status }) => status?.phase ?? ''), age],
  configmaps: [name, count<ConfigMap>('Data', (map) => Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length), age],
  secrets: [name, text<Secret>('Type', ({ type }) => type ?? 'Opaque'), count<Secret>('Data', ({ data }) => Object.keys(data ?? {}).length), age],
  serviceaccounts: [name, count<ServiceAccount>('Secrets', (account) => (account as { readonly secrets?: readonly unknown[] }).secrets?.length ?? 0), age],
  events: [
    text<Event>('Last Seen', eventSeen), text<Event>('Type', ({ type }) => type ?? ''), text<Event>('Reason', ({ reason }) => reason ?? ''),
    text<Event>('Object', ({ involvedObject: about }) => `${(about.kind ?? '').toLowerCase()}/${about.name ?? ''}`),
    wide<Event>('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
    wide<Event>('Source', ({ source, reportingComponent, reportingInstance }) => [source?.component ?? reportingComponent ?? '', source?.host ?? reportingInstance ?? ''].filter((part) => part !== '').join(', ')),
    text<Event>('Message', ({ message }) => (message ?? '').trim()),
    wide<Event>('First Seen', ({ firstTimestamp, eventTime }, nowUs) => since(firstTimestamp ?? eventTime, nowUs)), wide<Event>('Count', (event) => String(event.series?.count ?? event.count ?? 1)), wide<Event>('Name', ({ metadata }) => metadata.name),
  ],
  endpointslices: [name, text<EndpointSlice>('AddressType', ({ addressType }) => addressType), text<EndpointSlice>('Ports', slicePorts), text<EndpointSlice>('Endpoints', sliceEndpoints), age],
  // What `--subresource=scale` gets, of whatever resource. Models pkg/printers/internalversion/printers.go: printScale.
  scale: [name, count<Scale>('Desired', ({ spec }) => spec.replicas ?? 0), count<Scale>('Available', ({ status }) => status?.replicas ?? 0), age],
  leases: [name, text<Lease>('Holder', ({ spec }) => spec?.holderIdentity ?? ''), age],
};

export const plainColumns: readonly Column[] = [name, age];
