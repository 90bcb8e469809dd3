import type { Inflight } from './state.ts';

/** A delete may say so in its options too: kubectl does. */
export function isDryRun({ request }: Inflight): boolean {
  if (request.query?.dryRun === 'All') return true;
  const asked = request.verb === 'delete' ? (request.body as { readonly dryRun?: unknown } | undefined)?.dryRun : undefined;
  return Array.isArray(asked) && asked.includes('All');
}
