import type { Subresource } from './subresource.ts';

/** The status alone: the spec in the body is ignored. The strategies do the work. */
export const status: Subresource = { verbs: ['get', 'update', 'patch'] };
