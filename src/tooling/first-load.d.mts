/** One built file: its name, its size, and its size as most servers send it. */
export interface Chunk { readonly name: string; readonly bytes: number; readonly gzip: number }
/** What a first visit downloads (`total` in gzip bytes) and what may follow later. */
export interface FirstLoad { readonly total: number; readonly chunks: readonly (Chunk & { readonly kind: 'page' | 'worker' })[]; readonly later: readonly Chunk[] }
export function firstLoad(dist?: string): FirstLoad;
