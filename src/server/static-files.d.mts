import type { IncomingMessage, ServerResponse } from 'node:http';

export const contentSecurityPolicy: string;
export function locate(root: string, urlPath: string): Promise<{ status: number; file?: string }>;
export function staticHandler(folder: string): (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;
