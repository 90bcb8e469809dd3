/** Defaults of Leases: only that the spec is always written. */
import type { Lease } from '../coordination-v1.ts';
import { fill } from './fill.ts';

/** Defaults of a Lease. */
export const defaultLease = (lease: Lease): Lease => fill(lease, { spec: {} });
