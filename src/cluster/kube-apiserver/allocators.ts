/** Which ClusterIPs and node ports are free as far as this server knows, from the Services it sees; etcd decides (service-allocation.ts). Models pkg/registry/core/service/{ipallocator,portallocator} and storage/alloc.go. */
import type { KubeObject, Service, ServicePort, Status } from '../../kubernetes/api/index.ts';
import { invalid, type FieldError } from '../../kubernetes/apimachinery/field-errors.ts';
import { internalServerError, invalidError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { ApiServerState, Step } from './state.ts';

export const firstNodePort = 30_000;
export const nodePortCount = 2_768;
/** Ports and addresses below these are left for those who ask for one by number, as long as others are free. */
const staticNodePorts = 86;
const staticAddresses = 256;
const ownerOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** `10.96.0.0/12` as its first address and its size. */
export function parseCidr(cidr: string): { readonly base: number; readonly size: number } {
  const [address = '', bits = ''] = cidr.split('/');
  const base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, size: 2 ** (32 - Number(bits)) };
}

export const formatIp = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
const parseIp = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Keeps the allocators true to what the store says. */
export function rememberService(step: Step, object: KubeObject, gone = false): void {
  const { spec } = object as Service;
  const owner = ownerOf(object);
  let { clusterIps, nodePorts } = step.state;
  const ip = spec.clusterIP ?? '';
  if (ip !== '' && ip !== 'None') clusterIps = gone ? (clusterIps.get(ip) === owner ? clusterIps.delete(ip) : clusterIps) : clusterIps.set(ip, owner);
  for (const { nodePort } of spec.ports ?? []) {
    if (nodePort) nodePorts = gone ? (nodePorts.get(nodePort) === owner ? nodePorts.delete(nodePort) : nodePorts) : nodePorts.set(nodePort, owner);
  }
  step.state = { ...step.state, clusterIps, nodePorts };
}

/** What was not given out after all is free again. */
export function forgetHolding(step: Step, { ips, ports }: { readonly ips: readonly string[]; readonly ports: readonly number[] }): void {
  let { clusterIps, nodePorts } = step.state;
  for (const ip of ips) clusterIps = clusterIps.delete(ip);
  for (const port of ports) nodePorts = nodePorts.delete(port);
  step.state = { ...step.state, clusterIps, nodePorts };
}

/** The Service with its address and ports, reserved in memory; or the refusal. */
export function allocate(step: Step, object: Service): Service | Status {
  const owner = ownerOf(object);
  const errors: FieldError[] = [];
  let { spec } = object;
  if (spec.type !== 'ExternalName') {
    spec = withFamilies(spec);
    const asked = spec.clusterIP ?? '';
    if (asked === '') {
      const ip = freeAddress(step);
      if (ip === undefined) return internalServerError('failed to allocate a serviceIP: range is full');
      spec = { ...spec, clusterIP: ip, clusterIPs: [ip] };
    } else {
      const error = addressError(step.state, asked, owner);
      if (error !== undefined) errors.push(invalid('spec.clusterIPs', [asked], error));
      if (spec.clusterIPs === undefined) spec = { ...spec, clusterIPs: [asked] };
    }
  }
  const wantsPorts = spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  if (wantsPorts) {
    const taken = new Set<number>();
    const ports = (spec.ports ?? []).map((port, index): ServicePort => {
      const nodePort = port.nodePort || freePort(step, taken);
      const error = port.nodePort ? portError(step.state, nodePort, owner) : undefined;
      if (error !== undefined) errors.push(invalid(`spec.ports[${index}].nodePort`, nodePort, error));
      taken.add(nodePort);
      return port.nodePort === nodePort ? port : { ...port, nodePort };
    });
    spec = { ...spec, ports };
  }
  if (errors.length > 0) return invalidError({ group: '', kind: 'Service' }, object.metadata.name, errors);
  const allocated: Service = { ...object, spec };
  rememberService(step, allocated);
  return allocated;
}

/** One address family, but for a headless Service without a selector, which may have any. Models pkg/registry/core/service/storage/alloc.go: initIPFamilyFields. */
function withFamilies(spec: Service['spec']): Service['spec'] {
  const unselected = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  const policy = spec.ipFamilyPolicy ?? (unselected ? 'RequireDualStack' : 'SingleStack');
  const given = spec.ipFamilies ?? [];
  const [first = 'IPv4'] = given;
  const families = unselected && policy !== 'SingleStack' && given.length < 2 ? [first, first === 'IPv4' ? 'IPv6' : 'IPv4'] as const : given.length === 0 ? [first] : given;
  return { ...spec, ipFamilyPolicy: policy, ipFamilies: families };
}

export function freeAddress(step: Step, not?: string): string | undefined {
  const { base, size } = parseCidr(step.state.serviceCidr);
  const dynamic = size - 2 - staticAddresses;
  if (dynamic > 0) {
    const start = step.env.random('service-ip', dynamic);
    for (let i = 0; i < Math.min(dynamic, 5_000); i++) {
      const ip = formatIp(base + 1 + staticAddresses + ((start + i) % dynamic));
      if (ip !== not && !step.state.clusterIps.has(ip)) return ip;
    }
  }
  for (let i = 1; i < Math.min(size - 1, 5_000); i++) {
    const ip = formatIp(base + i);
    if (ip !== not && !step.state.clusterIps.has(ip)) return ip;
  }
  return undefined;
}

export function freePort(step: Step, taken: ReadonlySet<number>): number {
  const dynamic = nodePortCount - staticNodePorts;
  const start = step.env.random('node-port', dynamic);
  for (let i = 0; i < nodePortCount; i++) {
    const port = firstNodePort + (i < dynamic ? staticNodePorts + ((start + i) % dynamic) : i - dynamic);
    if (!taken.has(port) && !step.state.nodePorts.has(port)) return port;
  }
  return 0;
}

function addressError(state: ApiServerState, ip: string, owner: string): string | undefined {
  if (ip === 'None') return undefined;
  const { base, size } = parseCidr(state.serviceCidr);
  const value = parseIp(ip);
  if (!(value > base && value < base + size - 1)) return `failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${state.serviceCidr}`;
  const holder = state.clusterIps.get(ip);
  return holder === undefined || holder === owner ? undefined : `failed to allocate IP ${ip}: provided IP is already allocated`;
}

function portError(state: ApiServerState, port: number, owner: string): string | undefined {
  if (port < firstNodePort || port >= firstNodePort + nodePortCount) return 'provided port is not in the valid range. The range of valid ports is 30000-32767';
  const holder = state.nodePorts.get(port);
  return holder === undefined || holder === owner ? undefined : 'provided port is already allocated';
}
