/** Endpoints. Models pkg/apis/core/validation/validation.go: ValidateEndpoints, and apimachinery/pkg/util/validation/ip.go: IsValidIPForLegacyField. */
import { semanticEqual } from '../../apimachinery/equality.ts';
import { invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, isIpAddress, portNumberErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import type { EndpointAddress, Endpoints, EndpointSubset } from '../kept-specs.ts';
import { specialIpErrors } from './core-v1-service.ts';
import { pushInvalid, subdomainName, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';
import { protocols } from './ports-and-taints.ts';

/** What older servers let in: digits that some read as octal, and addresses of one family written as the other's. */
const withoutZeros = (ip: string): string => ip.replace(/\b0+(?=\d)/g, '');
const isMapped = (ip: string): boolean => /^::ffff:(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]{1,4}:[0-9a-f]{1,4})$/i.test(ip);

function validateIp(errors: Errors, ip: string, path: string): boolean {
  const plain = ip.includes(':') ? ip : withoutZeros(ip);
  if (!isIpAddress(plain)) {
    errors.push(invalid(path, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
    return false;
  }
  if (plain !== ip) errors.push(invalid(path, ip, 'must not have leading 0s'));
  if (isMapped(ip)) errors.push(invalid(path, ip, 'must not be an IPv4-mapped IPv6 address'));
  return true;
}

function validateAddress(errors: Errors, { ip = '', hostname = '', nodeName }: Partial<EndpointAddress>, path: string): void {
  const isIp = validateIp(errors, ip, `${path}.ip`);
  if (hostname !== '') pushInvalid(errors, `${path}.hostname`, hostname, dns1123LabelErrors(hostname));
  if (nodeName !== undefined) pushInvalid(errors, `${path}.nodeName`, nodeName, dns1123SubdomainErrors(nodeName));
  pushInvalid(errors, `${path}.ip`, ip, isIp ? specialIpErrors(withoutZeros(ip)) : ['must be a valid IP address']);
}

function validateSubset(errors: Errors, { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset, path: string): void {
  if (addresses.length + notReadyAddresses.length === 0) errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
  addresses.forEach((address, index) => validateAddress(errors, address, `${path}.addresses[${index}]`));
  notReadyAddresses.forEach((address, index) => validateAddress(errors, address, `${path}.notReadyAddresses[${index}]`));
  ports.forEach(({ name = '', port = 0, protocol = '' as string, appProtocol }, index) => {
    const at = `${path}.ports[${index}]`;
    if (name !== '') pushInvalid(errors, `${at}.name`, name, dns1123LabelErrors(name));
    else if (ports.length > 1) errors.push(required(`${at}.name`));
    pushInvalid(errors, `${at}.port`, port, portNumberErrors(port));
    if (protocol === '') errors.push(required(`${at}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, protocols));
    if (appProtocol !== undefined) pushInvalid(errors, `${at}.appProtocol`, appProtocol, qualifiedNameErrors(appProtocol));
  });
}

export function validateEndpoints(errors: Errors, { metadata, subsets = [] }: Endpoints): void {
  validateMetadata(errors, metadata, true, subdomainName);
  subsets.forEach((subset, index) => validateSubset(errors, subset, `subsets[${index}]`));
}

/** Subsets that stay as they were may have been right for an older server. */
export function validateEndpointsUpdate(errors: Errors, { metadata, subsets = [] }: Endpoints, old: Endpoints): void {
  validateMetadataUpdate(errors, metadata, old.metadata);
  if (!semanticEqual(subsets, old.subsets)) subsets.forEach((subset, index) => validateSubset(errors, subset, `subsets[${index}]`));
}
