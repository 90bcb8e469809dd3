import type { Subresource } from './subresource.ts';

/** Whether a certificate may be given. The kind's strategy does the work. */
export const approval: Subresource = { verbs: ['get', 'update', 'patch'] };
