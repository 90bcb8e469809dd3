// What a first visit downloads before anything moves: `node src/tooling/first-load.mjs` prints it, `npm run bench` holds it to its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { projectRoot } from './npm.mjs';

/** The chunks a built file imports at once (`import … from "./x.js"`, `export … from`), as opposed to those it may load later. */
function staticImports(code) {
  return [...code.matchAll(/(?:^|[;\n}])\s*(?:import|export)\s*(?:[\w$*{}\s,]+?from)?\s*["']\.\/([^"']+\.js)["']/g)].map(([, name]) => name);
}

/** The worker files a built file starts, however the bundler wrote their address. */
function workers(code) {
  return [...code.matchAll(/["'`](?:[^"'`]*\/)?([\w.-]*worker[\w.-]*\.js)["'`]/gi)].map(([, name]) => name);
}

/**
 * The JavaScript of a first load: the page's entry, all it imports at once, and the workers these start.
 * @returns {{ total: number, chunks: { name: string, kind: 'page' | 'worker', bytes: number, gzip: number }[], later: { name: string, bytes: number, gzip: number }[] }}
 */
export function firstLoad(dist = join(projectRoot, 'dist')) {
  const assets = join(dist, 'assets');
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const entries = [...html.matchAll(/(?:src|href)="[^"]*?assets\/([^"]+\.js)"/g)].map(([, name]) => name);
  const chunks = new Map();
  const measure = (name) => {
    const code = readFileSync(join(assets, name));
    return { name, bytes: code.length, gzip: gzipSync(code, { level: 9 }).length };
  };
  const add = (name, kind) => {
    if (chunks.has(name)) return;
    chunks.set(name, { kind, ...measure(name) });
    const code = readFileSync(join(assets, name), 'utf8');
    for (const imported of staticImports(code)) add(imported, kind);
    for (const worker of workers(code)) add(worker, 'worker');
  };
  for (const entry of entries) add(entry, 'page');
  const list = [...chunks.values()];
  const later = readdirSync(assets).filter((name) => name.endsWith('.js') && !chunks.has(name)).map(measure);
  return { total: list.reduce((sum, { gzip }) => sum + gzip, 0), chunks: list, later };
}

function print({ total, chunks, later }) {
  const row = (kind, { name, bytes, gzip }) => console.log(`${kind.padEnd(7)}${String(gzip).padStart(9)} B gzip ${String(bytes).padStart(10)} B  ${name}`);
  for (const chunk of chunks) row(chunk.kind, chunk);
  for (const chunk of later) row('later', chunk);
  console.log(`first load: ${total} B gzip in ${chunks.length} files`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) print(firstLoad());
