/** What Pods share with Services, EndpointSlices and Nodes. Models pkg/apis/core/validation/validation.go. */
import type { IntOrString } from '../meta-v1.ts';
import { notSupported, required } from '../../apimachinery/field-errors.ts';
import { portNameErrors, portNumberErrors } from '../../apimachinery/names.ts';
import { pushInvalid } from './metadata.ts';
import type { Errors } from './metadata.ts';

export const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateProtocol(errors: Errors, protocol: string | undefined, path: string): void {
  if (!protocol) errors.push(required(path));
  else if (!protocols.includes(protocol)) errors.push(notSupported(path, protocol, protocols));
}

export function validatePortOrName(errors: Errors, port: IntOrString | undefined, path: string): void {
  if (typeof port === 'string') pushInvalid(errors, path, port, portNameErrors(port));
  else pushInvalid(errors, path, port ?? 0, portNumberErrors(port ?? 0));
}

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The effect of a taint or a toleration; an empty one means all, where that is allowed. */
export function validateTaintEffect(errors: Errors, effect: string | undefined, allowEmpty: boolean, path: string): void {
  if (!effect) {
    if (!allowEmpty) errors.push(required(path));
  } else if (!taintEffects.includes(effect)) errors.push(notSupported(path, effect, taintEffects));
}
