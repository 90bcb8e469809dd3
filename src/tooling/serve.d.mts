import type { RequestListener } from 'node:http';

export const contentSecurityPolicy: string;
/** A handler that serves one folder. */
export function staticHandler(folder: string): (...inputs: Parameters<RequestListener>) => Promise<unknown>;
/** Serves a folder at the wanted port, or the next free one. */
export function serve(folder: string, where: { readonly port: number; readonly host?: string | undefined }): Promise<{ readonly port: number; close(): Promise<unknown> }>;
