/** What a Pod asks for. Models staging/src/k8s.io/component-helpers/resource/helpers.go: PodRequests, and pkg/scheduler/util/pod_resources.go. */
import { objectKey, type Container, type ContainerStatus, type Pod, type PodSpec, type ResourceList } from '../../kubernetes/api/index.ts';
import { bytes, compareQuantities, cpuMillis, wholeUnits } from '../../kubernetes/apimachinery/quantity.ts';
import type { HostPort, PodInfo, Resources } from './framework.ts';

const defaultCpuMillis = 100;
const defaultMemoryBytes = 200 * 1024 * 1024;

/** Sums that are written to while a Pod is counted, and never after. */
interface Sum { cpuMillis: number; memoryBytes: number; ephemeralBytes: number; scalars: Record<string, number> | undefined }

const zero = (): Sum => ({ cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, scalars: undefined });

function addScalar(sum: Sum, name: string, amount: number): void {
  sum.scalars ??= {};
  sum.scalars[name] = (sum.scalars[name] ?? 0) + amount;
}

function addList(sum: Sum, requests: ResourceList | undefined, nonZero: boolean): void {
  let sawCpu = false;
  let sawMemory = false;
  if (requests !== undefined) {
    for (const name in requests) {
      const amount = requests[name]!;
      if (name === 'cpu') { sum.cpuMillis += cpuMillis(amount); sawCpu = true; }
      else if (name === 'memory') { sum.memoryBytes += bytes(amount); sawMemory = true; }
      else if (name === 'ephemeral-storage') sum.ephemeralBytes += bytes(amount);
      else addScalar(sum, name, wholeUnits(amount));
    }
  }
  if (nonZero && !sawCpu) sum.cpuMillis += defaultCpuMillis;
  if (nonZero && !sawMemory) sum.memoryBytes += defaultMemoryBytes;
}

function addSum(sum: Sum, other: Sum): void {
  sum.cpuMillis += other.cpuMillis;
  sum.memoryBytes += other.memoryBytes;
  sum.ephemeralBytes += other.ephemeralBytes;
  for (const name in other.scalars) addScalar(sum, name, other.scalars[name]!);
}

function raiseTo(sum: Sum, other: Sum): void {
  sum.cpuMillis = Math.max(sum.cpuMillis, other.cpuMillis);
  sum.memoryBytes = Math.max(sum.memoryBytes, other.memoryBytes);
  sum.ephemeralBytes = Math.max(sum.ephemeralBytes, other.ephemeralBytes);
  for (const name in other.scalars) {
    sum.scalars ??= {};
    sum.scalars[name] = Math.max(sum.scalars[name] ?? 0, other.scalars[name]!);
  }
}

/** All containers together, or the hungriest moment of initialisation where that is more; sidecars count in both. */
function podRequests(spec: PodSpec, nonZero: boolean): Sum {
  const sum = zero();
  for (const container of spec.containers) addList(sum, container.resources?.requests, nonZero);
  if (spec.initContainers !== undefined && spec.initContainers.length > 0) {
    const sidecars = zero();
    const peak = zero();
    for (const container of spec.initContainers) {
      const own = zero();
      addList(own, container.resources?.requests, nonZero);
      if (container.restartPolicy === 'Always') {
        addSum(sum, own);
        addSum(sidecars, own);
        raiseTo(peak, sidecars);
      } else {
        addSum(own, sidecars);
        raiseTo(peak, own);
      }
    }
    raiseTo(sum, peak);
  }
  const level = spec.resources?.requests;
  if (level?.cpu !== undefined) sum.cpuMillis = cpuMillis(level.cpu);
  if (level?.memory !== undefined) sum.memoryBytes = bytes(level.memory);
  if (spec.overhead !== undefined) addList(sum, spec.overhead, false);
  return sum;
}

const noPorts: readonly HostPort[] = [];

function portsOf(containers: readonly Container[] | undefined, sidecarsOnly: boolean, found: HostPort[]): void {
  for (const container of containers ?? []) {
    if (sidecarsOnly && container.restartPolicy !== 'Always') continue;
    for (const port of container.ports ?? []) {
      if (port.hostPort !== undefined && port.hostPort > 0) found.push({ ip: port.hostIP === undefined || port.hostIP === '' ? '0.0.0.0' : port.hostIP, protocol: port.protocol ?? 'TCP', port: port.hostPort });
    }
  }
}

type Counted = Pick<PodInfo, 'requests' | 'nonZeroCpuMillis' | 'nonZeroMemoryBytes' | 'hostPorts'>;

/** Binding replaces the spec but keeps its containers: they are counted once per Pod. */
const countedByContainers = new WeakMap<readonly Container[], Counted>();

function count(spec: PodSpec): Counted {
  const known = countedByContainers.get(spec.containers);
  if (known !== undefined) return known;
  const requests: Resources = podRequests(spec, false);
  const nonZero = podRequests(spec, true);
  const ports: HostPort[] = [];
  portsOf(spec.containers, false, ports);
  portsOf(spec.initContainers, true, ports);
  const counted = { requests, nonZeroCpuMillis: nonZero.cpuMillis, nonZeroMemoryBytes: nonZero.memoryBytes, hostPorts: ports.length === 0 ? noPorts : ports };
  countedByContainers.set(spec.containers, counted);
  return counted;
}

/** What each resource asks for at most. */
function most(...lists: readonly (ResourceList | undefined)[]): ResourceList {
  const largest: Record<string, string> = {};
  for (const list of lists) for (const name in list) if (largest[name] === undefined || compareQuantities(list[name]!, largest[name]) > 0) largest[name] = list[name]!;
  return largest;
}

const saysTheSame = ({ resources }: Container, said: ResourceList = {}): boolean => {
  const { requests = {} } = resources ?? {};
  return Object.keys(said).length === Object.keys(requests).length && Object.keys(said).every((name) => said[name] === requests[name]);
};

const resizedSpecs = new WeakMap<Pod, PodSpec>();

/**
 * While a Pod is resized it counts with the most of what it asks for, was given and has; what its node can never give does not count.
 * Models staging/src/k8s.io/component-helpers/resource/helpers.go: PodRequests with UseStatusResources. Only a changed Pod can be one.
 */
function specToCount(pod: Pod): PodSpec {
  const { metadata: { generation = 1 }, spec, status } = pod;
  if (generation <= 1 || status?.containerStatuses === undefined) return spec;
  const known = resizedSpecs.get(pod);
  if (known !== undefined) return known;
  const infeasible = status.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') === true;
  const counted = (list: readonly Container[], statuses: readonly ContainerStatus[] = []): readonly Container[] => list.map((container) => {
    const said = statuses.find(({ name }) => name === container.name);
    if (said?.resources === undefined || (saysTheSame(container, said.allocatedResources) && saysTheSame(container, said.resources.requests))) return container;
    return { ...container, resources: { ...container.resources, requests: most(infeasible ? undefined : container.resources?.requests, said.allocatedResources, said.resources.requests) } };
  });
  const [containers, initContainers] = [counted(spec.containers, status.containerStatuses), counted(spec.initContainers ?? [], status.initContainerStatuses)];
  const same = containers.every((one, index) => one === spec.containers[index]) && initContainers.every((one, index) => one === spec.initContainers![index]);
  const next = same ? spec : { ...spec, containers, ...(spec.initContainers !== undefined && { initContainers }) };
  resizedSpecs.set(pod, next);
  return next;
}

const noClaims: readonly string[] = [];

function claimsOf({ volumes }: PodSpec): readonly string[] {
  let claims = noClaims;
  if (volumes !== undefined) for (const { persistentVolumeClaim } of volumes) if (persistentVolumeClaim !== undefined) claims = [...claims, persistentVolumeClaim.claimName];
  return claims;
}

/** The Pod as the queue, the cache and the plugins know it. */
export function podInfo(pod: Pod): PodInfo {
  const { requests, nonZeroCpuMillis, nonZeroMemoryBytes, hostPorts } = count(specToCount(pod));
  return { key: objectKey(pod), pod, priority: pod.spec.priority ?? 0, requests, nonZeroCpuMillis, nonZeroMemoryBytes, hostPorts, claims: claimsOf(pod.spec) };
}
