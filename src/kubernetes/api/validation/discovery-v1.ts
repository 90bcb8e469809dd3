/** EndpointSlices. Models pkg/apis/discovery/validation/validation.go. */
import type { Endpoint, EndpointPort, EndpointSlice } from '../discovery-v1.ts';
import { duplicate, invalid, notSupported, required, tooMany } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, isIpAddress, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { protocols } from './ports-and-taints.ts';
import { specialIpErrors } from './core-v1-service.ts';
import { pushInvalid, subdomainName, validateImmutable, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxAddresses = 100;
const maxPorts = 100;
const maxEndpoints = 1000;

function validateAddress(errors: Errors, address: string, type: string, path: string): void {
  if (type === 'FQDN') return pushInvalid(errors, path, address, dns1123SubdomainErrors(address));
  if (!isIpAddress(address) || address.includes(':') !== (type === 'IPv6')) {
    errors.push(invalid(path, address, `must be a valid ${type} address`));
    if (!isIpAddress(address)) errors.push(invalid(path, address, 'must be a valid IP address'));
    return;
  }
  pushInvalid(errors, path, address, specialIpErrors(address));
}

function validateEndpoint(errors: Errors, endpoint: Endpoint, type: string, path: string): void {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
  else if (addresses.length > maxAddresses) errors.push(tooMany(`${path}.addresses`, addresses.length, maxAddresses));
  addresses.forEach((address, index) => validateAddress(errors, address, type, `${path}.addresses[${index}]`));
  if (endpoint.nodeName !== undefined) pushInvalid(errors, `${path}.nodeName`, endpoint.nodeName, dns1123SubdomainErrors(endpoint.nodeName));
  if (endpoint.hostname !== undefined) pushInvalid(errors, `${path}.hostname`, endpoint.hostname, dns1123LabelErrors(endpoint.hostname));
}

function validatePorts(errors: Errors, ports: readonly EndpointPort[]): void {
  if (ports.length > maxPorts) return void errors.push(tooMany('ports', ports.length, maxPorts));
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const at = `ports[${index}]`;
    const name = port.name ?? '';
    if (name !== '') pushInvalid(errors, `${at}.name`, name, dns1123LabelErrors(name));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    if (!port.protocol) errors.push(required(`${at}.protocol`));
    else if (!protocols.includes(port.protocol)) errors.push(notSupported(`${at}.protocol`, port.protocol, protocols));
    if (port.appProtocol) pushInvalid(errors, `${at}.appProtocol`, port.appProtocol, qualifiedNameErrors(port.appProtocol));
  });
}

/** Endpoints that kept their reference were judged when they came. */
function validateContent(errors: Errors, slice: EndpointSlice, old?: EndpointSlice): void {
  const type = slice.addressType ?? '';
  if (type === ('' as string)) errors.push(required('addressType'));
  else if (!addressTypes.includes(type)) errors.push(notSupported('addressType', type, addressTypes));
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length > maxEndpoints) errors.push(tooMany('endpoints', endpoints.length, maxEndpoints));
  else if (endpoints !== old?.endpoints) {
    for (let i = 0; i < endpoints.length; i++) {
      if (endpoints[i] !== old?.endpoints?.[i]) validateEndpoint(errors, endpoints[i]!, type, `endpoints[${i}]`);
    }
  }
  if (slice.ports !== old?.ports) validatePorts(errors, slice.ports ?? []);
}

export function validateEndpointSlice(errors: Errors, slice: EndpointSlice): void {
  validateMetadata(errors, slice.metadata, true, subdomainName);
  validateContent(errors, slice);
}

export function validateEndpointSliceUpdate(errors: Errors, slice: EndpointSlice, old: EndpointSlice): void {
  validateMetadataUpdate(errors, slice.metadata, old.metadata);
  validateContent(errors, slice, old);
  validateImmutable(errors, slice.addressType, old.addressType, 'addressType');
}
