/** The EndpointSlices that say what Endpoints made by somebody else say. Models pkg/controller/endpointslicemirroring/{reconciler,utils}.go. */
import type { Endpoint, EndpointPort, EndpointSlice, KubeObject, StringMap } from '../../../kubernetes/api/index.ts';
import type { EndpointAddress, Endpoints } from '../../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';

export const mirroredBy = 'endpointslicemirroring-controller.k8s.io';
const maxEndpointsPerSubset = 1_000;
const notCloned = ['endpoints.kubernetes.io/last-change-trigger-time', 'kubectl.kubernetes.io/last-applied-configuration'];

/** Models shouldMirror. */
export const shouldMirror = ({ metadata: { labels, annotations } }: KubeObject): boolean => labels?.['endpointslice.kubernetes.io/skip-mirror'] !== 'true' && annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined;
export const isMirrored = (slice: KubeObject): boolean => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === mirroredBy;

type AddressType = 'IPv4' | 'IPv6';
interface Desired { readonly addressType: AddressType; readonly ports: readonly EndpointPort[]; readonly endpoints: Map<string, Endpoint> }
export interface MirrorPlan { readonly create: readonly NewSlice[]; readonly update: readonly EndpointSlice[]; readonly remove: readonly EndpointSlice[]; readonly skipped: number }
export type NewSlice = Omit<EndpointSlice, 'metadata'> & { readonly metadata: Omit<EndpointSlice['metadata'], 'name'> & { readonly generateName: string } };

const keyOf = (addressType: string, ports: readonly EndpointPort[] | null): string => `${addressType} ${(ports ?? []).map(({ name = '', protocol, port, appProtocol }) => `${name}/${protocol}/${port}/${appProtocol}`).sort().join()}`;
const hashOf = ({ addresses, hostname }: Endpoint): string => `${addresses.join()} ${hostname}`;
const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip], conditions: { ready }, ...(hostname === undefined || hostname === '' ? {} : { hostname }), ...(targetRef === undefined ? {} : { targetRef }), ...(nodeName === undefined ? {} : { nodeName }),
});

function desiredOf({ subsets = [] }: Endpoints): { readonly groups: ReadonlyMap<string, Desired>; readonly skipped: number } {
  const groups = new Map<string, Desired>();
  let skipped = 0;
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const mirrored = ports.map(({ name = '', protocol = 'TCP', port, appProtocol }): EndpointPort => ({ name, protocol, port, ...(appProtocol === undefined ? {} : { appProtocol }) }));
    const all = [...addresses.map((one) => endpointOf(one, true)), ...notReadyAddresses.map((one) => endpointOf(one, false))];
    skipped += Math.max(0, all.length - maxEndpointsPerSubset);
    for (const endpoint of all.slice(0, maxEndpointsPerSubset)) {
      const addressType: AddressType = endpoint.addresses[0]!.includes(':') ? 'IPv6' : 'IPv4';
      const key = keyOf(addressType, mirrored);
      let group = groups.get(key);
      if (group === undefined) groups.set(key, group = { addressType, ports: mirrored, endpoints: new Map() });
      group.endpoints.set(hashOf(endpoint), endpoint);
    }
  }
  return { groups, skipped };
}

/** Models newEndpointSlice: labels and annotations are those of the Endpoints. */
function metadataOf(endpoints: Endpoints) {
  const { name, namespace, labels } = endpoints.metadata;
  const annotations: StringMap = Object.fromEntries(Object.entries(endpoints.metadata.annotations ?? {}).filter(([key]) => !notCloned.includes(key)));
  return {
    namespace, labels: { ...labels, 'kubernetes.io/service-name': name, 'endpointslice.kubernetes.io/managed-by': mirroredBy }, ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ownerReferences: [newControllerReference(endpoints as unknown as KubeObject)],
  };
}

function says(slice: EndpointSlice, { endpoints }: Desired, metadata: ReturnType<typeof metadataOf>): boolean {
  return (slice.endpoints ?? []).length === endpoints.size && (slice.endpoints ?? []).every((one) => deepEqual(endpoints.get(hashOf(one)), one))
    && deepEqual(slice.metadata.labels, metadata.labels) && deepEqual(slice.metadata.annotations ?? {}, metadata.annotations ?? {});
}

/** One slice for each set of ports and kind of address; a slice that is no longer needed is made into one that is. Models reconcile and recycleSlices. */
export function mirror(endpoints: Endpoints, existing: readonly EndpointSlice[]): MirrorPlan {
  const { groups, skipped } = desiredOf(endpoints);
  const metadata = metadataOf(endpoints);
  const [wanted, update, left] = [[] as Desired[], [] as EndpointSlice[], existing.slice()];
  const rewritten = (slice: EndpointSlice, { addressType, ports, endpoints: all }: Desired): EndpointSlice => ({ ...slice, metadata: { ...slice.metadata, ...metadata }, addressType, ports, endpoints: [...all.values()] });
  for (const [key, group] of groups) {
    const index = left.findIndex((slice) => keyOf(slice.addressType, slice.ports) === key);
    if (index < 0) { wanted.push(group); continue; }
    const [slice] = left.splice(index, 1);
    if (!says(slice!, group, metadata)) update.push(rewritten(slice!, group));
  }
  const create: NewSlice[] = [];
  for (const group of wanted) {
    // What kind of addresses a slice has is not changed.
    const index = left.findIndex(({ addressType }) => addressType === group.addressType);
    if (index >= 0) update.push(rewritten(left.splice(index, 1)[0]!, group));
    else create.push({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { generateName: `${endpoints.metadata.name}-`, ...metadata }, addressType: group.addressType, ports: group.ports, endpoints: [...group.endpoints.values()] });
  }
  return { create, update, remove: left, skipped };
}
