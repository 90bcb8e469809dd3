import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * What the page may load. No eval, nothing from elsewhere, so it works with the network off. React Flow places its nodes with
 * style attributes, hence the inline styles. There is no frame-ancestors: being framed by other pages is what embedding is.
 */
export const contentSecurityPolicy = [
  "default-src 'self'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:",
  "connect-src 'self'", "worker-src 'self' blob:", "object-src 'none'", "base-uri 'none'", "form-action 'none'",
].join('; ');

const typeOf = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8', '.md': 'text/plain; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8', '.wasm': 'application/wasm', '.ico': 'image/x-icon', '.png': 'image/png', '.jpg': 'image/jpeg',
  '.webp': 'image/webp', '.woff2': 'font/woff2', '.woff': 'font/woff',
};
const compressible = new Set(['.html', '.js', '.mjs', '.css', '.json', '.map', '.webmanifest', '.svg', '.txt', '.md', '.yaml', '.wasm']);
const compressors = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 7 }),
};

/** The file a request path names inside `root`, or why there is none: 400 for nonsense, 404 for anything missing, hidden or outside. */
export async function locate(root, urlPath) {
  let path;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return { status: 400 };
  }
  if (/[\0\\]/.test(path)) return { status: 400 };
  const wanted = resolve(root, `.${path}`);
  const inside = (folder, file) => file === folder || file.startsWith(folder + sep);
  if (!inside(root, wanted) || path.split('/').some((part) => part.startsWith('.'))) return { status: 404 };
  try {
    const found = await stat(wanted);
    if (found.isDirectory() && !path.endsWith('/')) return { status: 301 };
    const file = found.isDirectory() ? join(wanted, 'index.html') : wanted;
    // Links are followed only as far as they stay inside.
    if (!inside(await realpath(root), await realpath(file))) return { status: 404 };
    return { status: 200, file, stat: await stat(file) };
  } catch {
    return { status: 404 };
  }
}

/** Which of our encodings the browser prefers to get, if any. */
function chooseEncoding(accepted = '') {
  const offered = accepted.split(',').map((part) => part.trim()).filter((part) => !/;\s*q=0(\.0*)?$/.test(part)).map((part) => part.split(';')[0]);
  return ['br', 'gzip'].find((encoding) => offered.includes(encoding));
}

/** A request handler that serves one folder of built files, compressed, with the headers they deserve. */
export function staticHandler(folder) {
  const root = resolve(folder);
  const compressed = new Map();
  const compress = (file, tag, encoding) => {
    const key = `${file} ${tag} ${encoding}`;
    if (!compressed.has(key)) compressed.set(key, readFile(file).then(compressors[encoding]));
    return compressed.get(key);
  };
  return async (request, response) => {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    // In a sandboxed frame the page's own modules and fonts come from elsewhere: all here is public, so anybody may read it.
    response.setHeader('Access-Control-Allow-Origin', '*');
    const refuse = (status, headers = {}) => response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${status}\n`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
    const [urlPath = '/', query] = (request.url ?? '/').split('?');
    const found = await locate(root, urlPath);
    // One leading slash only: `//elsewhere` in a Location would name another host.
    if (found.status === 301) return refuse(301, { Location: `/${urlPath.replace(/^\/+/, '')}/${query === undefined ? '' : `?${query}`}` });
    if (found.status !== 200) return refuse(found.status);
    const extension = extname(found.file);
    const tag = `W/"${found.stat.size.toString(36)}-${Math.trunc(found.stat.mtimeMs).toString(36)}"`;
    response.setHeader('Content-Type', typeOf[extension] ?? 'application/octet-stream');
    response.setHeader('Cache-Control', /\/assets\/[^/]+-[\w-]{8,}\.\w+$/.test(urlPath) ? 'public, max-age=31536000, immutable' : 'no-cache');
    response.setHeader('ETag', tag);
    response.setHeader('Vary', 'Accept-Encoding');
    if (request.headers['if-none-match'] === tag) return response.writeHead(304).end();
    const encoding = compressible.has(extension) ? chooseEncoding(request.headers['accept-encoding']) : undefined;
    const body = encoding === undefined ? undefined : await compress(found.file, tag, encoding);
    if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
    response.setHeader('Content-Length', body?.length ?? found.stat.size);
    if (request.method === 'HEAD') return response.end();
    if (body !== undefined) return response.end(body);
    return createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
  };
}
