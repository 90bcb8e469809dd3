/** The page, sent by the server whose world it shows. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sessionPath } from './page-socket.ts';
import { contentSecurityPolicy, staticHandler } from './static-files.mjs';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** Builds it where it is missing or stale; false where that failed. */
export const makePage = (): boolean => spawnSync(process.execPath, [join(root, 'src/tooling/make-page.mjs')], { stdio: 'inherit', cwd: root }).status === 0;

/** Says in the page's head where its world is; every other file is as it was built. */
export function servePage(folder = dist): (request: IncomingMessage, response: ServerResponse) => Promise<unknown> {
  const files = staticHandler(folder);
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    if (path !== '/' && path !== '/index.html') return files(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return response.writeHead(405, { allow: 'GET, HEAD' }).end();
    const page = (await readFile(join(folder, 'index.html'), 'utf8')).replace('<head>', `<head>\n    <meta name="orrery-session" content=".${sessionPath}" />`);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache' });
    return response.end(request.method === 'HEAD' ? undefined : page);
  };
}
