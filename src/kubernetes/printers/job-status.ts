import type { Job } from '../api/batch-v1.ts';

/** How a Job is, in a word. Models pkg/printers/internalversion/printers.go: printJob. */
export function jobStatus({ metadata, status }: Pick<Job, 'metadata' | 'status'>): string {
  const conditions = (status?.conditions ?? []).filter((one) => one.status === 'True').map((one) => one.type);
  if (conditions.includes('Complete')) return 'Complete';
  if (conditions.includes('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (conditions.includes('Suspended')) return 'Suspended';
  return conditions.includes('FailureTarget') ? 'FailureTarget' : conditions.includes('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

/** How many have to succeed; without a number, one. */
export const completionsOf = ({ spec }: Pick<Job, 'spec'>): number => spec.completions ?? 1;
