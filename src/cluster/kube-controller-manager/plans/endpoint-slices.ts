import type { Endpoint, EndpointPort, EndpointSlice, Pod, Service, StringMap } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import { isPodReady } from './pod-state.ts';

/** Upstream's --max-endpoints-per-slice. */
export const maxEndpointsPerSlice = 100;
export const managedBy = 'endpointslice-controller.k8s.io';

/** Whether a Pod can be an endpoint at all. Models staging/src/k8s.io/endpointslice/util/controller_utils.go: ShouldPodBeInEndpoints. */
export function canBeEndpoint({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && (status?.podIPs?.length ?? (status?.podIP === undefined ? 0 : 1)) > 0;
}

/** Whether two versions of a Pod make different endpoints. Models util/controller_utils.go: podEndpointsChanged. */
export function endpointChanged(old: Pod, pod: Pod): boolean {
  return old.status?.podIP !== pod.status?.podIP || old.spec.nodeName !== pod.spec.nodeName || isPodReady(old) !== isPodReady(pod)
    || old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp || canBeEndpoint(old) !== canBeEndpoint(pod);
}

/** The ports of a Service as this Pod offers them; named ones are looked up in its containers. Models reconciler.go: getEndpointPorts. */
export function endpointPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort, appProtocol }): EndpointPort[] => {
    const number = typeof targetPort === 'string' ? namedPort(pod, targetPort, protocol) : targetPort ?? port;
    return number === undefined ? [] : [{ name, protocol, port: number === 0 ? port : number, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const port of container.ports ?? []) if (port.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
  }
  return undefined;
}

/** The endpoint a Pod is. Models staging/src/k8s.io/endpointslice/utils.go: podToEndpoint. */
export function podToEndpoint(pod: Pod, service: Service, zone: string | undefined): Endpoint {
  const publish = service.spec.publishNotReadyAddresses === true;
  const named = pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name;
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  return {
    addresses: [pod.status?.podIP ?? pod.status?.podIPs?.[0]?.ip ?? ''], conditions: { ready: (serving || publish) && !terminating, serving: serving || publish, terminating },
    ...(named ? { hostname: pod.spec.hostname } : {}),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }), ...(zone === undefined ? {} : { zone }),
  };
}

/** Endpoints that share the same ports. */
export interface EndpointGroup { readonly ports: readonly EndpointPort[]; readonly endpoints: readonly Endpoint[] }
export interface SlicePlan { readonly create: readonly Omit<EndpointSlice, 'metadata'>[]; readonly update: readonly EndpointSlice[]; readonly remove: readonly EndpointSlice[] }

const uidOf = (endpoint: Endpoint): string => endpoint.targetRef?.uid ?? endpoint.addresses[0] ?? '';
const sameEndpoint = (a: Endpoint, b: Endpoint): boolean => a === b || deepEqual(a, b);

/**
 * The fewest writes that bring the slices to these endpoints: what is gone leaves its slice, what is new first fills slices that are written anyway, then the
 * fullest other slice with room for all the rest, then new slices. Models staging/src/k8s.io/endpointslice/reconciler.go: reconcileByPortMapping.
 */
export function planSlices(groups: readonly EndpointGroup[], slices: readonly EndpointSlice[], max = maxEndpointsPerSlice): SlicePlan {
  const create: Omit<EndpointSlice, 'metadata'>[] = [];
  const update: EndpointSlice[] = [];
  const removed: EndpointSlice[] = [];
  const left = new Set(slices);
  for (const { ports, endpoints } of groups) {
    const mine = slices.filter((slice) => left.has(slice) && deepEqual(slice.ports ?? [], ports));
    for (const slice of mine) left.delete(slice);
    planGroup(ports, endpoints, mine, max, create, update, removed);
  }
  // A Service without endpoints keeps one empty slice, so that its consumers see that there are none.
  const nothing = groups.every(({ endpoints }) => endpoints.length === 0);
  const placeholder = nothing ? [...left].find((slice) => (slice.endpoints?.length ?? 0) === 0) ?? undefined : undefined;
  for (const slice of left) if (slice !== placeholder) removed.push(slice);
  if (nothing && placeholder === undefined) create.push(newSlice(null, []));
  // Where slices would be made and others deleted, the old ones are written over. Models reconciler.go: finalize.
  while (create.length > 0 && removed.length > 0) {
    const { endpoints, ports } = create.shift()!;
    update.push({ ...removed.pop()!, endpoints, ports });
  }
  return { create, update, remove: removed };
}

const newSlice = (ports: readonly EndpointPort[] | null, endpoints: readonly Endpoint[]): Omit<EndpointSlice, 'metadata'> =>
  ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', endpoints, ports });

interface Changed { readonly slice: EndpointSlice; readonly endpoints: Endpoint[] }

function planGroup(
  ports: readonly EndpointPort[], endpoints: readonly Endpoint[], slices: readonly EndpointSlice[], max: number,
  create: Omit<EndpointSlice, 'metadata'>[], update: EndpointSlice[], removed: EndpointSlice[],
): void {
  const wanted = new Map<string, Endpoint>(endpoints.map((endpoint) => [uidOf(endpoint), endpoint]));
  const changed: Changed[] = [];
  const untouched: EndpointSlice[] = [];
  for (const slice of slices) {
    const next: Endpoint[] = [];
    let same = true;
    for (const endpoint of slice.endpoints ?? []) {
      const now = wanted.get(uidOf(endpoint));
      if (now === undefined) { same = false; continue; }
      wanted.delete(uidOf(endpoint));
      if (!sameEndpoint(endpoint, now)) same = false;
      next.push(now);
    }
    if (same) untouched.push(slice); else changed.push({ slice, endpoints: next });
  }
  place(ports, [...wanted.values()], changed, untouched, max, create, update, removed);
}

/** Put what is new where it costs least, and write what has changed. */
function place(
  ports: readonly EndpointPort[], fresh: Endpoint[], changed: Changed[], untouched: EndpointSlice[], max: number,
  create: Omit<EndpointSlice, 'metadata'>[], update: EndpointSlice[], removed: EndpointSlice[],
): void {
  changed.sort((a, b) => b.endpoints.length - a.endpoints.length);
  for (const entry of changed) while (fresh.length > 0 && entry.endpoints.length < max) entry.endpoints.push(fresh.shift()!);
  while (fresh.length > 0) {
    const chunk = fresh.splice(0, max);
    const room = chunk.length < max ? fullestWithRoom(untouched, max - chunk.length) : undefined;
    if (room === undefined) { create.push(newSlice(ports, chunk)); continue; }
    untouched.splice(untouched.indexOf(room), 1);
    changed.push({ slice: room, endpoints: [...(room.endpoints ?? []), ...chunk] });
  }
  for (const { slice, endpoints: next } of changed) if (next.length === 0) removed.push(slice); else update.push({ ...slice, endpoints: next });
}

const places = new WeakMap<readonly Endpoint[], ReadonlyMap<string, number>>();

function placesOf(endpoints: readonly Endpoint[]): ReadonlyMap<string, number> {
  let known = places.get(endpoints);
  if (known === undefined) places.set(endpoints, known = new Map(endpoints.map((endpoint, index) => [uidOf(endpoint), index])));
  return known;
}

/**
 * The same plan where only some endpoints may have changed (`wanted` by uid, undefined: gone) and all slices have these ports: its cost grows with the change
 * and not with the Service. Undefined where only `planSlices` can tell, namely when nothing would be left.
 */
export function planChanges(wanted: ReadonlyMap<string, Endpoint | undefined>, ports: readonly EndpointPort[], slices: readonly EndpointSlice[], max = maxEndpointsPerSlice): SlicePlan | undefined {
  if (slices.some((slice) => (slice.endpoints?.length ?? 0) > 0 && !samePorts(slice.ports, ports))) return undefined;
  const edits = new Map<EndpointSlice, (Endpoint | undefined)[]>();
  const fresh: Endpoint[] = [];
  let size = 0;
  for (const slice of slices) size += slice.endpoints?.length ?? 0;
  for (const [uid, endpoint] of wanted) {
    const slice = slices.find(({ endpoints }) => endpoints !== null && placesOf(endpoints).has(uid));
    if (slice === undefined) { if (endpoint !== undefined) { fresh.push(endpoint); size += 1; } continue; }
    const index = placesOf(slice.endpoints!).get(uid)!;
    if (endpoint === undefined) size -= 1;
    else if (sameEndpoint(slice.endpoints![index]!, endpoint)) continue;
    let edited = edits.get(slice);
    if (edited === undefined) edits.set(slice, edited = slice.endpoints!.slice());
    edited[index] = endpoint;
  }
  if (size === 0) return undefined;
  if (edits.size === 0 && fresh.length === 0) return { create: [], update: [], remove: [] };
  if (slices.some((slice) => !samePorts(slice.ports, ports))) return undefined;
  const create: Omit<EndpointSlice, 'metadata'>[] = [];
  const update: EndpointSlice[] = [];
  const removed: EndpointSlice[] = [];
  const changed = [...edits].map(([slice, edited]): Changed => ({ slice, endpoints: edited.filter((endpoint) => endpoint !== undefined) }));
  place(ports, fresh, changed, slices.filter((slice) => !edits.has(slice)), max, create, update, removed);
  return { create, update, remove: removed };
}

const samePorts = (a: readonly EndpointPort[] | null, b: readonly EndpointPort[]): boolean => a === b || deepEqual(a ?? [], b);

function fullestWithRoom(slices: readonly EndpointSlice[], most: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  for (const slice of slices) {
    const size = slice.endpoints?.length ?? 0;
    if (size <= most && size > (best?.endpoints?.length ?? -1)) best = slice;
  }
  return best;
}

/** The metadata of a Service's new slice. */
export function sliceMetadata(service: Service) {
  const headless: StringMap = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    generateName: `${service.metadata.name}-`, namespace: service.metadata.namespace,
    labels: { ...service.metadata.labels, ...headless, 'kubernetes.io/service-name': service.metadata.name, 'endpointslice.kubernetes.io/managed-by': managedBy },
    ownerReferences: [newControllerReference(service)],
  };
}
