/** Services. Models pkg/apis/core/validation/validation.go: ValidateService, ValidateServiceUpdate. */
import type { Service, ServicePort, ServiceSpec } from '../core-v1.ts';
import { isExternallyAccessible } from '../defaults/core-v1.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, isIpAddress, portNumberErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { validatePortOrName, validateProtocol } from './ports-and-taints.ts';
import { pushInvalid, serviceName, validateLabels, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const policies = ['Cluster', 'Local'];
const maxAffinitySeconds = 86_400;
export const invalidIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

const isHeadless = (spec: ServiceSpec): boolean => spec.clusterIP === 'None' || spec.clusterIPs?.[0] === 'None';

function validateType(errors: Errors, spec: ServiceSpec): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec)) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  }
  if (spec.type !== 'ExternalName') return;
  if (spec.clusterIPs?.length) errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
  if (spec.ipFamilies?.length) errors.push(forbidden('spec.ipFamilies', 'may not be set for ExternalName services'));
  if (spec.ipFamilyPolicy) errors.push(forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services'));
  const cname = (spec.externalName ?? '').replace(/\.$/, '');
  if (cname === '') errors.push(required('spec.externalName'));
  else pushInvalid(errors, 'spec.externalName', cname, dns1123SubdomainErrors(cname));
}

function validatePort(errors: Errors, port: ServicePort, nameRequired: boolean, names: Set<string>, path: string): void {
  if (port.name) {
    pushInvalid(errors, `${path}.name`, port.name, dns1123LabelErrors(port.name));
    if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name));
    names.add(port.name);
  } else if (nameRequired) errors.push(required(`${path}.name`));
  pushInvalid(errors, `${path}.port`, port.port ?? 0, portNumberErrors(port.port ?? 0));
  validateProtocol(errors, port.protocol, `${path}.protocol`);
  validatePortOrName(errors, port.targetPort, `${path}.targetPort`);
  if (port.appProtocol) pushInvalid(errors, `${path}.appProtocol`, port.appProtocol, qualifiedNameErrors(port.appProtocol));
}

function validatePortPairs(errors: Errors, ports: readonly ServicePort[], type: string | undefined): void {
  const nodePorts = new Set<string>();
  const pairs = new Set<string>();
  if (type === 'ClusterIP') {
    ports.forEach((port, index) => {
      if (port.nodePort) errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  }
  ports.forEach((port, index) => {
    if (!port.nodePort) return;
    const key = `${port.protocol}/${port.nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(`spec.ports[${index}].nodePort`, port.nodePort));
    nodePorts.add(key);
  });
  ports.forEach((port, index) => {
    const key = `${port.protocol}/${port.port}`;
    // Go prints its internal struct here, which has no JSON names.
    if (pairs.has(key)) errors.push(duplicate(`spec.ports[${index}]`, { Name: '', Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 }));
    pairs.add(key);
  });
}

function validateAffinity(errors: Errors, spec: ServiceSpec): void {
  if (!spec.sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (!affinities.includes(spec.sessionAffinity)) errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, affinities));
  else if (spec.sessionAffinity === 'ClientIP') {
    const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
    const path = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
    if (seconds === undefined) errors.push(required(path, 'when session affinity type is ClientIP'));
    else if (seconds <= 0 || seconds > maxAffinitySeconds) errors.push(invalid(path, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`));
  } else if (spec.sessionAffinityConfig) errors.push(forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None'));
}

function validateAddresses(errors: Errors, spec: ServiceSpec): void {
  const { clusterIP, clusterIPs } = spec;
  if (clusterIP && clusterIPs?.length && clusterIPs[0] !== clusterIP) errors.push(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'));
  const addresses = clusterIPs?.length ? clusterIPs : clusterIP ? [clusterIP] : [];
  addresses.forEach((address, index) => {
    if (address !== 'None' && address !== '' && !isIpAddress(address)) errors.push(invalid(`spec.clusterIPs[${index}]`, address, invalidIp));
  });
  (spec.externalIPs ?? []).forEach((address, index) => {
    if (!isIpAddress(address)) errors.push(invalid(`spec.externalIPs[${index}]`, address, invalidIp));
    else pushInvalid(errors, `spec.externalIPs[${index}]`, address, specialIpErrors(address));
  });
}

/** Addresses that can never be an endpoint elsewhere. Models ValidateNonSpecialIP. */
export function specialIpErrors(address: string): readonly string[] {
  if (address === '0.0.0.0' || address === '::') return [`may not be unspecified (${address})`];
  if (address.startsWith('127.') || address === '::1') return ['may not be in the loopback range (127.0.0.0/8, ::1/128)'];
  if (address.startsWith('169.254.') || /^fe[89ab]/i.test(address)) return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'];
  if (address.startsWith('224.0.0.') || /^ff02:/i.test(address)) return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'];
  return [];
}

function validateTraffic(errors: Errors, spec: ServiceSpec): void {
  const external = spec.externalTrafficPolicy;
  if (!isExternallyAccessible(spec)) {
    if (external) errors.push(invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'));
  } else if (!external) errors.push(required('spec.externalTrafficPolicy'));
  else if (!policies.includes(external)) errors.push(notSupported('spec.externalTrafficPolicy', external, policies));
  if (spec.healthCheckNodePort && !(spec.type === 'LoadBalancer' && external === 'Local')) {
    errors.push(invalid('spec.healthCheckNodePort', spec.healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
  }
  const internal = spec.internalTrafficPolicy;
  if (internal === undefined) {
    if (spec.type !== 'ExternalName' && types.includes(spec.type ?? '')) errors.push(required('spec.internalTrafficPolicy'));
  } else if (!policies.includes(internal)) errors.push(notSupported('spec.internalTrafficPolicy', internal, policies));
}

function validateSpec(errors: Errors, spec: ServiceSpec): void {
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  validateType(errors, spec);
  const names = new Set<string>();
  ports.forEach((port, index) => validatePort(errors, port, ports.length > 1, names, `spec.ports[${index}]`));
  validateLabels(errors, spec.selector, 'spec.selector');
  validateAffinity(errors, spec);
  validateAddresses(errors, spec);
  if (!spec.type) errors.push(required('spec.type'));
  else if (!types.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, types));
  validatePortPairs(errors, ports, spec.type);
  if (spec.type !== 'LoadBalancer') {
    if (spec.loadBalancerSourceRanges?.length) errors.push(forbidden('spec.LoadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'"));
    if (spec.allocateLoadBalancerNodePorts !== undefined) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"));
    if (spec.loadBalancerClass) errors.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"));
  }
  validateTraffic(errors, spec);
}

/** A Service on its way in; the API server has allocated its addresses already, or will. */
export function validateService(errors: Errors, service: Service): void {
  validateMetadata(errors, service.metadata, true, serviceName);
  validateSpec(errors, service.spec);
}

/** Addresses are for life, except from or to ExternalName. Models validateUpgradeDowngradeClusterIPs. */
function validateAddressChange(errors: Errors, next: ServiceSpec, old: ServiceSpec): void {
  if (next.type === 'ExternalName' || old.type === 'ExternalName') return;
  if (isHeadless(next) && isHeadless(old)) return;
  const before = old.clusterIPs ?? (old.clusterIP ? [old.clusterIP] : []);
  const after = next.clusterIPs ?? (next.clusterIP ? [next.clusterIP] : []);
  if (before.length > 0 && after.length === 0) errors.push(invalid('spec.clusterIPs[0]', next.clusterIPs ?? null, 'primary clusterIP can not be unset'));
  else before.slice(0, after.length).forEach((address, index) => {
    if (after[index] !== address) errors.push(invalid(`spec.clusterIPs[${index}]`, after, 'may not change once set'));
  });
}

/** A Service that is being changed. */
export function validateServiceUpdate(errors: Errors, service: Service, old: Service): void {
  validateMetadataUpdate(errors, service.metadata, old.metadata);
  if (service.spec === old.spec) return;
  validateAddressChange(errors, service.spec, old.spec);
  validateSpec(errors, service.spec);
}
