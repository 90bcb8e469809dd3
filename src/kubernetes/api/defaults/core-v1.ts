/** Defaults of the core group except Pods. Models pkg/apis/core/v1/defaults.go and conversion.go. */
import type { Event, Namespace, Node, Secret, Service, ServicePort, ServiceSpec } from '../core-v1.ts';
import { change, each, fill } from './fill.ts';
import { storedResources } from './resources.ts';

const portDefaults: Partial<ServicePort> = { protocol: 'TCP' };
const ports = each((given: ServicePort): ServicePort => {
  const port = fill(given, portDefaults);
  const target = port.targetPort;
  return target === undefined || target === null || target === 0 || target === '' ? { ...port, targetPort: port.port } : port;
});

const specDefaults: Partial<ServiceSpec> = { sessionAffinity: 'None', type: 'ClusterIP' };
const affinityTimeout = { clientIP: { timeoutSeconds: 10_800 } };

/** Reached from outside: only then the external traffic policy means something. Models pkg/api/v1/service: ExternallyAccessible. */
export const isExternallyAccessible = ({ type, externalIPs }: ServiceSpec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs !== undefined && externalIPs.length > 0);

function serviceSpec(given: ServiceSpec): ServiceSpec {
  let spec = change(fill(given, specDefaults), 'ports', ports);
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig !== undefined) {
    const { sessionAffinityConfig: _unused, ...rest } = spec;
    spec = rest;
  }
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec = { ...spec, sessionAffinityConfig: affinityTimeout };
  }
  if (isExternallyAccessible(spec)) spec = fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type !== 'ExternalName') spec = fill(spec, { internalTrafficPolicy: 'Cluster' });
  return spec.type === 'LoadBalancer' ? fill(spec, { allocateLoadBalancerNodePorts: true }) : spec;
}

/** Defaults of a Service. The cluster IPs, families and node ports are allocated by the API server later. */
export const defaultService = (service: Service): Service =>
  change(fill(change(service, 'spec', serviceSpec), { status: {} }), 'status', (status) => fill(status, { loadBalancer: {} }));

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

/** Text as base64 of its UTF-8 bytes. */
export function encodeBase64(text: string): string {
  const bytes = utf8(text);
  let encoded = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    encoded += base64Alphabet[group >> 18]! + base64Alphabet[(group >> 12) & 63]!;
    encoded += i + 1 < bytes.length ? base64Alphabet[(group >> 6) & 63]! : '=';
    encoded += i + 2 < bytes.length ? base64Alphabet[group & 63]! : '=';
  }
  return encoded;
}

/** Defaults of a Secret; plain values are moved into `data`. Models Convert_v1_Secret_To_core_Secret. */
export function defaultSecret(secret: Secret): Secret {
  const typed = secret.type === '' ? { ...secret, type: 'Opaque' } : fill(secret, { type: 'Opaque' });
  if (typed.stringData === undefined) return typed;
  const { stringData, ...rest } = typed;
  const data: { [key: string]: string } = { ...rest.data };
  for (const key in stringData) data[key] = encodeBase64(stringData[key]!);
  return { ...rest, data };
}

const nameLabel = 'kubernetes.io/metadata.name';

/** Defaults of a Namespace: it carries its own name as a label. */
export function defaultNamespace(namespace: Namespace): Namespace {
  const { name, labels } = namespace.metadata;
  let result = change(fill(namespace, { spec: {}, status: {} }), 'status', (status) => fill(status, { phase: 'Active' }));
  if (name && labels?.[nameLabel] !== name) {
    result = { ...result, metadata: { ...result.metadata, labels: { ...labels, [nameLabel]: name } } };
  }
  return result;
}

/** Defaults of a Node: everything is allocatable until the kubelet says otherwise. */
export function defaultNode(node: Node): Node {
  return change(fill(node, { spec: {}, status: {} }), 'status', (given) => {
    const status = change(change(given, 'capacity', storedResources), 'allocatable', storedResources);
    return status.allocatable === undefined && status.capacity !== undefined ? { ...status, allocatable: status.capacity } : status;
  });
}

const eventDefaults: Partial<Event> = {
  source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null, reportingComponent: '', reportingInstance: '',
};

/** Fields of an Event that Go always writes. */
export function defaultEvent(event: Event): Event {
  for (const key in eventDefaults) if ((event as unknown as { readonly [key: string]: unknown })[key] === undefined) return { ...eventDefaults, ...event };
  return event;
}
