/** IPAddresses and ServiceCIDRs. Models pkg/apis/networking/validation/validation.go: ValidateIPAddress, ValidateServiceCIDR. */
import { invalid, required } from '../../apimachinery/field-errors.ts';
import { fieldImmutableError, isIpAddress } from '../../apimachinery/names.ts';
import type { Of } from '../kept-specs.ts';
import { pathSegmentName, pushInvalid, subdomainName, validateImmutable, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';

interface Parent { readonly group?: string; readonly resource?: string; readonly namespace?: string; readonly name?: string }
type IPAddress = Of<{ readonly parentRef?: Parent }>;
type ServiceCIDR = Of<{ readonly cidrs?: readonly string[] }>;

/** Whether an IPv6 address is in its shortest form is not looked at, beyond its letters. */
const addressName = (name: string): readonly string[] => {
  if (!isIpAddress(name)) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  return name === name.toLowerCase() ? [] : [`must be in canonical form (${JSON.stringify(name.toLowerCase())})`];
};

export function validateIPAddress(errors: Errors, { metadata, spec }: IPAddress): void {
  validateMetadata(errors, metadata, false, addressName);
  const parent = spec?.parentRef;
  if (parent === undefined) return void errors.push(required('spec.parentRef'));
  if (parent.group) pushInvalid(errors, 'spec.parentRef.group', parent.group, subdomainName(parent.group));
  for (const field of ['resource', 'name'] as const) {
    const value = parent[field];
    if (!value) errors.push(required(`spec.parentRef.${field}`));
    else pushInvalid(errors, `spec.parentRef.${field}`, value, pathSegmentName(value));
  }
  if (parent.namespace) pushInvalid(errors, 'spec.parentRef.namespace', parent.namespace, pathSegmentName(parent.namespace));
}

export function validateIPAddressUpdate(errors: Errors, { metadata, spec }: IPAddress, old: IPAddress): void {
  validateMetadataUpdate(errors, metadata, old.metadata);
  validateImmutable(errors, spec?.parentRef, old.spec?.parentRef, 'spec.parentRef');
}

const cidrField = 'spec.cidrs';
function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^(.+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  return isIpAddress(address) && Number(bits) <= (address.includes(':') ? 128 : 32);
}

function validateCidrs(errors: Errors, cidrs: readonly string[]): void {
  if (cidrs.length === 0) return void errors.push(required(cidrField, 'at least one CIDR required'));
  if (cidrs.length > 2) return void errors.push(invalid(cidrField, { cidrs }, 'may only hold up to 2 values'));
  for (const [i, cidr] of cidrs.entries()) if (!isCidr(cidr)) errors.push(invalid(`${cidrField}[${i}]`, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  if (cidrs.length === 2 && cidrs.every(isCidr) && cidrs[0]!.includes(':') === cidrs[1]!.includes(':')) {
    errors.push(invalid(cidrField, cidrs, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'));
  }
}

export function validateServiceCIDR(errors: Errors, { metadata, spec }: ServiceCIDR): void {
  validateMetadata(errors, metadata, false, subdomainName);
  validateCidrs(errors, spec?.cidrs ?? []);
}

export function validateServiceCIDRUpdate(errors: Errors, { metadata, spec }: ServiceCIDR, old: ServiceCIDR): void {
  validateMetadataUpdate(errors, metadata, old.metadata);
  const [next, before] = [spec?.cidrs ?? [], old.spec?.cidrs ?? []];
  const grows = before.length === 1 && next.length === 2;
  if (next.length !== before.length && !grows) return void errors.push(invalid(cidrField, next, fieldImmutableError));
  for (const [i, cidr] of before.entries()) if (next[i] !== cidr) errors.push(invalid(`${cidrField}[${i}]`, next[i], fieldImmutableError));
  if (grows) validateCidrs(errors, next);
}
