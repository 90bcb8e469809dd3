/** What the Job controller keeps in mind, and the steps between its calls. */
import type { PMap, PSet } from '../../../../simulation/collections/index.ts';
import type { Pod } from '../../../../kubernetes/api/index.ts';
import type { Job, JobCondition } from '../../../../kubernetes/api/batch-v1.ts';
import type { SyncContext, SyncResult } from '../../controller.ts';
import type { Expectations } from '../expectations.ts';
import type { Assessment } from './assessment.ts';
import type { Backoff } from './job-backoff.ts';
import type { Tracking } from './tracking.ts';

/** `filled`: whether it has heard which Jobs there are. `untracking`: per Job, Pods whose finalizer was removed and in the cache still is. `over`: Jobs of which the end was written and in the cache is not. */
export interface Memory {
  readonly filled: boolean;
  readonly expectations: Expectations;
  readonly untracking: PMap<string, PSet<string>>;
  readonly backoffs: PMap<string, Backoff>;
  readonly over: PSet<string>;
}

export interface Claims { readonly job: Job; readonly own: readonly Pod[]; readonly orphans: readonly Pod[]; readonly strays: readonly Pod[]; readonly trusted: boolean }
export type ClaimStep = ({ readonly at: 'rechecking' } | { readonly at: 'claiming' }) & Claims;

export type PodStep =
  | { readonly at: 'letting-go'; readonly assessed: Assessment; readonly pods: readonly Pod[]; /** Those of them that bear the finalizer. */ readonly marked: readonly Pod[] }
  | { readonly at: 'deleting'; readonly assessed: Assessment; readonly pods: readonly Pod[]; readonly error?: string }
  | { readonly at: 'creating'; readonly assessed: Assessment; readonly batch: readonly (number | undefined)[]; readonly rest: readonly (number | undefined)[]; readonly active: number };

export type Step =
  | ClaimStep | PodStep
  | { readonly at: 'freeing' }
  | { readonly at: 'ending'; readonly assessed: Assessment; readonly trusted: boolean }
  | { readonly at: 'recording'; readonly assessed: Assessment; readonly tracking: Tracking; readonly error?: string }
  | { readonly at: 'untracking'; readonly assessed: Assessment; readonly tracking: Tracking; readonly job: Job; readonly error?: string }
  | { readonly at: 'finishing'; readonly job: Job; readonly final: JobCondition | undefined; readonly error?: string };
export type Context = SyncContext<Memory, Step>;
export type Result = SyncResult<Memory, Step>;
