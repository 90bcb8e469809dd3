import type { Binding } from '../core-v1.ts';
import { notSupported, required } from '../../apimachinery/field-errors.ts';
import type { Errors } from './metadata.ts';

/** The scheduler's request. Models ValidatePodBinding. */
export function validateBinding(binding: Binding): Errors {
  const errors: Errors = [];
  const { kind, name } = binding.target ?? {};
  if (kind && kind !== 'Node') errors.push(notSupported('target.kind', kind, ['Node', '<empty>']));
  if (!name) errors.push(required('target.name'));
  return errors;
}
