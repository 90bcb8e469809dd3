import { resourceOfKind, type Container, type ContainerStatus, type Deployment, type EndpointSlice, type KubeObject, type Node, type Pod, type ReplicaSet, type Service } from '../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../kubernetes/api/kept-specs.ts';
import { bytes, cpuMillis } from '../../kubernetes/apimachinery/quantity.ts';
import { parseTime } from '../../kubernetes/apimachinery/time.ts';
import type { ContainerRow, NodeRow, PodRow, Row, ServiceRow, WorkloadRow } from '../port/rows.ts';
import { asWorkload } from './daemon-set.ts';
import { cronJobFigures, jobFigures } from './job-rows.ts';
import { podStatus } from '../../kubernetes/printers/pod-status.ts';

/** The key under which an object's row is known to the page. */
export const objectRowKey = (object: KubeObject): string => `object/${isNamesake(object) ? `${object.kind}.${object.apiVersion.split('/')[0]}` : object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** A custom kind may be called as a built-in one is, and is none for that. */
const isNamesake = ({ kind, apiVersion }: KubeObject): boolean => resourceOfKind(kind, apiVersion) === undefined && resourceOfKind(kind) !== undefined;

/** What the stage shows of an API object. A Service's row also needs the EndpointSlices that carry its name. */
export function objectRow(object: KubeObject, slices: Iterable<EndpointSlice>): Row {
  switch (isNamesake(object) ? '' : object.kind) {
    case 'Pod': return podRow(object as Pod);
    case 'Node': return nodeRow(object as Node);
    case 'Deployment': case 'ReplicaSet': case 'StatefulSet': return workloadRow(object as Deployment | ReplicaSet);
    case 'DaemonSet': return workloadRow(asWorkload(object as DaemonSet));
    case 'Job': return { ...shared(object), ...jobFigures(object) };
    case 'CronJob': return { ...shared(object), ...cronJobFigures(object) };
    case 'Service': return serviceRow(object as Service, slices);
    case 'Namespace': return { type: 'namespace', ...shared(object), phase: (object.status as { phase?: string } | undefined)?.phase ?? 'Active' };
    default: return { type: 'other', ...shared(object) };
  }
}

const timeUs = (time: string | null | undefined): number => parseTime(time) ?? 0;

const shared = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '',
  createdAtUs: timeUs(metadata.creationTimestamp), deleting: metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null, labels: metadata.labels ?? {},
});

const controllerOf = (object: KubeObject) => object.metadata.ownerReferences?.find((owner) => owner.controller === true);

function podRow(pod: Pod): PodRow {
  const { spec, status = {} } = pod;
  const owner = controllerOf(pod);
  const condition = (type: string) => status.conditions?.find((one) => one.type === type);
  const containers = [
    ...(spec.initContainers ?? []).map((container) => containerRow(container, status.initContainerStatuses, true)),
    ...spec.containers.map((container) => containerRow(container, status.containerStatuses, false)),
  ];
  const scheduled = condition('PodScheduled');
  return {
    type: 'pod', ...shared(pod), node: spec.nodeName ?? '', phase: status.phase ?? 'Pending', status: podStatus(pod), ready: condition('Ready')?.status === 'True',
    ip: status.podIP ?? '', restarts: containers.reduce((sum, one) => sum + (one.init ? 0 : one.restarts), 0), containers,
    ownerUid: owner?.uid ?? '', ownerName: owner === undefined ? '' : `${owner.kind}/${owner.name}`, ...requested(spec.containers, spec.initContainers),
    message: status.message ?? (scheduled?.status === 'False' ? scheduled.message ?? '' : containerMessage(pod)),
  };
}

function containerMessage(pod: Pod): string {
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const message = status.state?.waiting?.message;
    if (message !== undefined && message !== '') return message;
  }
  return '';
}

/** The scheduler's reckoning: all containers together, or the largest init container if that is more. */
function requested(containers: readonly Container[], initContainers: readonly Container[] = []): { cpuMillis: number; memoryBytes: number } {
  const of = (container: Container) => ({ cpu: cpuMillis(container.resources?.requests?.['cpu']), memory: bytes(container.resources?.requests?.['memory']) });
  let cpu = 0;
  let memory = 0;
  for (const container of containers) { cpu += of(container).cpu; memory += of(container).memory; }
  for (const container of initContainers) { cpu = Math.max(cpu, of(container).cpu); memory = Math.max(memory, of(container).memory); }
  return { cpuMillis: cpu, memoryBytes: memory };
}

function containerRow(container: Container, statuses: readonly ContainerStatus[] | undefined, init: boolean): ContainerRow {
  const status = statuses?.find((one) => one.name === container.name);
  const state = status?.state;
  return {
    name: container.name, image: container.image ?? '', init,
    state: state?.running ? 'running' : state?.terminated ? 'terminated' : 'waiting',
    reason: state?.waiting?.reason ?? state?.terminated?.reason ?? '', ready: status?.ready === true, restarts: status?.restartCount ?? 0, backOffUntilUs: 0,
  };
}

function nodeRow(node: Node): NodeRow {
  const ready = node.status?.conditions?.find((one) => one.type === 'Ready');
  const allocatable = node.status?.allocatable ?? {};
  return {
    type: 'node', ...shared(node), ready: ready?.status ?? 'Unknown', unschedulable: node.spec?.unschedulable === true,
    taints: (node.spec?.taints ?? []).map((taint) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`),
    cpuMillis: cpuMillis(allocatable['cpu']), memoryBytes: bytes(allocatable['memory']), pods: Number(allocatable['pods'] ?? 0), leaseRenewedAtUs: 0,
  };
}

function workloadRow(object: Deployment | ReplicaSet): WorkloadRow {
  const status = object.status ?? {};
  return {
    type: 'workload', ...shared(object), desired: object.spec?.replicas ?? 0, current: status.replicas ?? 0, ready: status.readyReplicas ?? 0, available: status.availableReplicas ?? 0,
    updated: 'updatedReplicas' in status ? status.updatedReplicas ?? 0 : status.replicas ?? 0, ownerUid: controllerOf(object)?.uid ?? '',
    revision: object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '',
  };
}

function serviceRow(service: Service, slices: Iterable<EndpointSlice>): ServiceRow {
  const ready = new Set<string>();
  const notReady = new Set<string>();
  for (const slice of slices) {
    for (const endpoint of slice.endpoints ?? []) {
      if (endpoint.targetRef?.kind === 'Pod') (endpoint.conditions?.ready === false ? notReady : ready).add(endpoint.targetRef.name ?? '');
    }
  }
  return {
    type: 'service', ...shared(service), serviceType: service.spec?.type ?? 'ClusterIP', clusterIP: service.spec?.clusterIP ?? '', selector: service.spec?.selector ?? {},
    ports: (service.spec?.ports ?? []).map((port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`), readyPods: [...ready].sort(), notReadyPods: [...notReady].sort(),
  };
}
