/** Ingresses, ingress classes and network policies. Models pkg/apis/networking/validation/validation.go. */
import { forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, isIpAddress, portNameErrors, portNumberErrors } from '../../apimachinery/names.ts';
import type { IngressBackend, IngressPath, IngressSpec, NetworkPolicySpec, Of, PolicyPeer, PolicyPort } from '../kept-specs.ts';
import { pushInvalid, subdomainName, validateImmutable, validateLabelSelector, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';

type Ingress = Of<IngressSpec>;
type IngressClass = Of<{ readonly controller?: string }>;
type NetworkPolicy = Of<NetworkPolicySpec>;

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const wildcard = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const wildcardError = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const hostErrors = (host: string): readonly string[] => (!host.includes('*') ? dns1123SubdomainErrors(host) : wildcard.test(host) ? [] : [wildcardError]);

function validateBackend(errors: Errors, { service, resource }: IngressBackend, path: string): void {
  if (service !== undefined && resource !== undefined) return void errors.push(invalid(path, '', 'cannot set both resource and service backends'));
  if (resource !== undefined) {
    if (!resource.kind) errors.push(required(`${path}.resource.kind`));
    if (!resource.name) errors.push(required(`${path}.resource.name`));
    return;
  }
  if (service === undefined) return void errors.push(invalid(path, '', 'resource or service backend is required'));
  if (!service.name) errors.push(required(`${path}.service.name`));
  else pushInvalid(errors, `${path}.service.name`, service.name, dns1123LabelErrors(service.name));
  const { name = '', number = 0 } = service.port ?? {};
  if (name !== '' && number !== 0) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (name !== '') pushInvalid(errors, `${path}.service.port.name`, name, portNameErrors(name));
  else if (number !== 0) pushInvalid(errors, `${path}.service.port.number`, number, portNumberErrors(number));
  else errors.push(required(path, 'port name or number is required'));
}

function validatePath(errors: Errors, { path = '', pathType, backend }: IngressPath, at: string): void {
  if (pathType === undefined) return void errors.push(required(`${at}.pathType`, 'pathType must be specified'));
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!path.startsWith('/')) errors.push(invalid(`${at}.path`, path, 'must be an absolute path'));
    for (const sequence of ['//', '/./', '/../', '%2f', '%2F']) if (path.includes(sequence)) errors.push(invalid(`${at}.path`, path, `must not contain '${sequence}'`));
    for (const suffix of ['/..', '/.']) if (path.endsWith(suffix)) errors.push(invalid(`${at}.path`, path, `cannot end with '${suffix}'`));
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) errors.push(invalid(`${at}.path`, path, 'must be an absolute path'));
  } else errors.push(notSupported(`${at}.pathType`, pathType, pathTypes));
  validateBackend(errors, backend ?? {}, `${at}.backend`);
}

function validateIngressSpec(errors: Errors, spec: IngressSpec): void {
  const rules = spec.rules ?? [];
  if (rules.length === 0 && spec.defaultBackend === undefined) errors.push(invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified'));
  if (spec.defaultBackend !== undefined) validateBackend(errors, spec.defaultBackend, 'spec.defaultBackend');
  rules.forEach(({ host = '', http }, index) => {
    const at = `spec.rules[${index}]`;
    if (host !== '' && isIpAddress(host)) errors.push(invalid(`${at}.host`, host, 'must be a DNS name, not an IP address'));
    if (host !== '') pushInvalid(errors, `${at}.host`, host, hostErrors(host));
    if (http === undefined) return;
    if ((http.paths ?? []).length === 0) errors.push(required(`${at}.http.paths`));
    (http.paths ?? []).forEach((path, place) => validatePath(errors, path, `${at}.http.paths[${place}]`));
  });
  (spec.tls ?? []).forEach(({ hosts, secretName }, index) => {
    (hosts ?? []).forEach((host, place) => pushInvalid(errors, `spec.tls[${index}].hosts[${place}]`, host, hostErrors(host)));
    if (secretName) pushInvalid(errors, `spec.tls[${index}].secretName`, secretName, dns1123SubdomainErrors(secretName));
  });
  if (spec.ingressClassName !== undefined) pushInvalid(errors, 'spec.ingressClassName', spec.ingressClassName, dns1123SubdomainErrors(spec.ingressClassName));
}

const classAnnotation = 'kubernetes.io/ingress.class';

export function validateIngress(errors: Errors, ingress: Ingress): void {
  validateMetadata(errors, ingress.metadata, true, subdomainName);
  validateIngressSpec(errors, ingress.spec ?? {});
  const annotated = ingress.metadata.annotations?.[classAnnotation];
  const named = ingress.spec?.ingressClassName;
  if (annotated !== undefined && named !== undefined && annotated !== named) errors.push(invalid(`annotations.${classAnnotation}`, annotated, 'must match `ingressClassName` when both are specified'));
}

export function validateIngressUpdate(errors: Errors, ingress: Ingress, old: Ingress): void {
  validateMetadataUpdate(errors, ingress.metadata, old.metadata);
  if (ingress.spec !== old.spec) validateIngressSpec(errors, ingress.spec);
}

/** Models apimachinery/pkg/util/validation: IsDomainPrefixedPath. */
function validateController(errors: Errors, controller: string): void {
  if (controller === '') return void errors.push(required('spec.controller'));
  const slash = controller.indexOf('/');
  if (slash <= 0 || slash === controller.length - 1) errors.push(invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else pushInvalid(errors, 'spec.controller', controller.slice(0, slash), dns1123SubdomainErrors(controller.slice(0, slash)));
}

export function validateIngressClass(errors: Errors, ingressClass: IngressClass): void {
  validateMetadata(errors, ingressClass.metadata, false, subdomainName);
  validateController(errors, ingressClass.spec?.controller ?? '');
}

export function validateIngressClassUpdate(errors: Errors, ingressClass: IngressClass, old: IngressClass): void {
  validateMetadataUpdate(errors, ingressClass.metadata, old.metadata);
  validateImmutable(errors, ingressClass.spec.controller, old.spec.controller, 'spec.controller');
}

function validatePort(errors: Errors, { protocol, port, endPort }: PolicyPort, at: string): void {
  if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
  if (typeof port === 'number') {
    pushInvalid(errors, `${at}.port`, port, portNumberErrors(port));
    if (endPort === undefined) return;
    if (endPort < port) errors.push(invalid(`${at}.endPort`, endPort, 'must be greater than or equal to `port`'));
    pushInvalid(errors, `${at}.endPort`, endPort, portNumberErrors(endPort));
  } else if (port !== undefined) {
    if (endPort !== undefined) errors.push(invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    pushInvalid(errors, `${at}.port`, port, portNameErrors(port));
  } else if (endPort !== undefined) errors.push(invalid(`${at}.endPort`, endPort, 'may not be specified when `port` is not specified'));
}

const cidrError = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

interface Network { readonly base: number; readonly bits: number }

/** An IPv4 network as numbers; one of IPv6 is only judged by its form. */
function networkOf(cidr: string): Network | 'ipv6' | undefined {
  const [address = '', bits = '', rest] = cidr.split('/');
  const most = address.includes(':') ? 128 : 32;
  if (rest !== undefined || !isIpAddress(address) || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
  return most === 128 ? 'ipv6' : { base: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(bits) };
}

const contains = (outer: Network, inner: Network): boolean => inner.bits > outer.bits && Math.floor(inner.base / 2 ** (32 - outer.bits)) === Math.floor(outer.base / 2 ** (32 - outer.bits));

function validatePeer(errors: Errors, peer: PolicyPeer, at: string): void {
  const others = [peer.podSelector, peer.namespaceSelector].filter((one) => one !== undefined).length;
  validateLabelSelector(errors, peer.podSelector, `${at}.podSelector`);
  validateLabelSelector(errors, peer.namespaceSelector, `${at}.namespaceSelector`);
  if (peer.ipBlock !== undefined) {
    const { cidr = '', except = [] } = peer.ipBlock;
    const network = networkOf(cidr);
    if (cidr === '') errors.push(required(`${at}.ipBlock.cidr`));
    else if (network === undefined) errors.push(invalid(`${at}.ipBlock.cidr`, cidr, cidrError));
    else {
      except.forEach((one, index) => {
        const inner = networkOf(one);
        if (inner === undefined) errors.push(invalid(`${at}.ipBlock.except[${index}]`, one, cidrError));
        else if (network !== 'ipv6' && (inner === 'ipv6' || !contains(network, inner))) errors.push(invalid(`${at}.ipBlock.except[${index}]`, one, 'must be a strict subset of `cidr`'));
      });
    }
  }
  if (others === 0 && peer.ipBlock === undefined) errors.push(required(at, 'must specify a peer'));
  else if (others > 0 && peer.ipBlock !== undefined) errors.push(forbidden(at, 'may not specify both ipBlock and another peer'));
}

function validatePolicySpec(errors: Errors, spec: NetworkPolicySpec): void {
  validateLabelSelector(errors, spec.podSelector, 'spec.podSelector');
  const rules = [...(spec.ingress ?? []).map(({ ports, from }, index) => ({ ports, peers: from, at: `spec.ingress[${index}]`, side: 'from' })), ...(spec.egress ?? []).map(({ ports, to }, index) => ({ ports, peers: to, at: `spec.egress[${index}]`, side: 'to' }))];
  for (const { ports, peers, at, side } of rules) {
    (ports ?? []).forEach((port, index) => validatePort(errors, port, `${at}.ports[${index}]`));
    (peers ?? []).forEach((peer, index) => validatePeer(errors, peer ?? {}, `${at}.${side}[${index}]`));
  }
  const types = spec.policyTypes ?? [];
  if (types.length > 2) return void errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'));
  types.forEach((type, index) => { if (type !== 'Ingress' && type !== 'Egress') errors.push(notSupported(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress'])); });
}

export function validateNetworkPolicy(errors: Errors, policy: NetworkPolicy): void {
  validateMetadata(errors, policy.metadata, true, subdomainName);
  validatePolicySpec(errors, policy.spec ?? {});
}

export function validateNetworkPolicyUpdate(errors: Errors, policy: NetworkPolicy, old: NetworkPolicy): void {
  validateMetadataUpdate(errors, policy.metadata, old.metadata);
  if (policy.spec !== old.spec) validatePolicySpec(errors, policy.spec);
}
