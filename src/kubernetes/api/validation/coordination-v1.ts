/** Leases. Models pkg/apis/coordination/validation/validation.go. */
import type { Lease, LeaseSpec } from '../coordination-v1.ts';
import { forbidden, invalid, notSupported } from '../../apimachinery/field-errors.ts';
import { isNegativeError } from '../../apimachinery/names.ts';
import { subdomainName, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';

function validateSpec(errors: Errors, spec: LeaseSpec | undefined): void {
  if (!spec) return;
  if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0'));
  }
  if (spec.leaseTransitions !== undefined && spec.leaseTransitions < 0) errors.push(invalid('spec.leaseTransitions', spec.leaseTransitions, isNegativeError));
  if (spec.strategy !== undefined && !spec.strategy.includes('/') && spec.strategy !== 'OldestEmulationVersion') {
    errors.push(notSupported('spec.strategy.strategy', spec.strategy, ['OldestEmulationVersion']));
  }
  if (spec.preferredHolder && !spec.strategy) errors.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
}

export function validateLease(errors: Errors, lease: Lease): void {
  validateMetadata(errors, lease.metadata, true, subdomainName);
  validateSpec(errors, lease.spec);
}

export function validateLeaseUpdate(errors: Errors, lease: Lease, old: Lease): void {
  validateMetadataUpdate(errors, lease.metadata, old.metadata);
  validateSpec(errors, lease.spec);
}
