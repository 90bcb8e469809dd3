/** Amounts of a container, a Pod or a node. Models pkg/apis/core/validation/validation.go: validateResourceRequirements. */
import type { ResourceList } from '../meta-v1.ts';
import type { ResourceRequirements } from '../core-v1-pod.ts';
import { invalid, required } from '../../apimachinery/field-errors.ts';
import { isNegativeError, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { canonicalQuantity, compareQuantities, cpuMillis, isQuantity } from '../../apimachinery/quantity.ts';
import { pushInvalid } from './metadata.ts';
import type { Errors } from './metadata.ts';

const containerResources = ['cpu', 'memory', 'ephemeral-storage'];
const standardResources = [
  ...containerResources, 'storage', 'requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage',
  'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers',
];

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
/** Resources without a domain, or of kubernetes.io itself. */
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean => !isNative(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;
/** What may be promised more than once: everything native but huge pages. */
const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);
const isWhole = (name: string): boolean => name === 'pods' || isExtended(name);

function validateResourceName(errors: Errors, name: string, path: string): void {
  const messages = qualifiedNameErrors(name);
  if (messages.length > 0) return pushInvalid(errors, path, name, messages);
  if (!name.includes('/')) {
    if (!standardResources.includes(name) && !isHugePages(name)) errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'));
    if (!containerResources.includes(name) && !isHugePages(name)) errors.push(invalid(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name)) errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
}

/** An amount is not negative, and whole where it counts things. Models ValidateResourceQuantityValue. */
export function validateQuantity(errors: Errors, name: string, value: string, path: string): void {
  if (!isQuantity(value)) return;
  if (compareQuantities(value, '0') < 0) errors.push(invalid(path, canonicalQuantity(value), isNegativeError));
  if (isWhole(name) && cpuMillis(value) % 1000 !== 0) errors.push(invalid(path, canonicalQuantity(value), 'must be an integer'));
}

function validateList(errors: Errors, list: ResourceList | undefined, path: string): void {
  for (const name in list) {
    const at = `${path}[${name}]`;
    if (name !== 'cpu' && name !== 'memory') validateResourceName(errors, name, at);
    validateQuantity(errors, name, list[name]!, at);
  }
}

/** Names, amounts, and requests that do not exceed the limits. */
export function validateResources(errors: Errors, resources: ResourceRequirements | undefined, path: string): void {
  if (!resources) return;
  const { limits, requests } = resources;
  validateList(errors, limits, `${path}.limits`);
  for (const name in requests) {
    const at = `${path}.requests[${name}]`;
    const value = requests[name]!;
    if (name !== 'cpu' && name !== 'memory') validateResourceName(errors, name, at);
    validateQuantity(errors, name, value, at);
    const limit = limits?.[name];
    if (limit === undefined) {
      if (!isOvercommitAllowed(name)) errors.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
      continue;
    }
    if (value === limit || !isQuantity(value) || !isQuantity(limit)) continue;
    const difference = compareQuantities(value, limit);
    if (difference !== 0 && !isOvercommitAllowed(name)) {
      errors.push(invalid(`${path}.requests`, canonicalQuantity(value), `must be equal to ${name} limit of ${canonicalQuantity(limit)}`));
    } else if (difference > 0) {
      errors.push(invalid(`${path}.requests`, canonicalQuantity(value), `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`));
    }
  }
}
