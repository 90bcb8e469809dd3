/** Names of kernel parameters in a Pod. Models pkg/apis/core/validation/validation.go: validateSysctls, and component-helpers/node/util/sysctl: GetNamespace. */
import type { PodSpec } from '../core-v1-pod.ts';
import { duplicate, invalid, required } from '../../apimachinery/field-errors.ts';
import type { Errors } from './metadata.ts';

const longest = 253;
const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const pattern = `^(${segment}[\\./])*${segment}$`;
const valid = new RegExp(pattern);
const ofNetwork = /^net\./;
const ofIpc = /^(kernel\.(sem$|shm|msg)|fs\.mqueue\.)/;

export function validateSysctls(errors: Errors, { securityContext, hostNetwork, hostIPC }: PodSpec, path: string): void {
  const seen = new Set<string>();
  for (const [i, { name = '' }] of (securityContext?.sysctls ?? []).entries()) {
    const field = `${path}[${i}].name`;
    if (name === '') errors.push(required(field));
    else if (name.length > longest || !valid.test(name)) errors.push(invalid(field, name, `must have at most ${longest} characters and match regex ${pattern}`));
    else if (seen.has(name)) errors.push(duplicate(field, name));
    const dotted = name.replaceAll('/', '.');
    if (hostNetwork === true && ofNetwork.test(dotted)) errors.push(invalid(field, name, "may not be specified when 'hostNetwork' is true"));
    else if (hostIPC === true && ofIpc.test(dotted)) errors.push(invalid(field, name, "may not be specified when 'hostIPC' is true"));
    seen.add(name);
  }
}
