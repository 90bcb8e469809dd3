import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { measurePage } from './bench-page.ts';
import { report } from './bench-report.ts';
import { firstLoad } from './first-load.mjs';

/**
 * `npm run bench`: one JSON line per figure, `{name, value, unit, budget, ok}`. Best run on an idle machine; the budgets are those of the README.
 * The engine is bundled first, as the page ships it: what runs TypeScript directly adds work of its own to every function made.
 */
const bundle = join(import.meta.dirname, '../../.cache/bench-engine.mjs');
await build({ entryPoints: [join(import.meta.dirname, 'bench-engine.ts')], bundle: true, minify: true, format: 'esm', platform: 'node', target: 'es2022', outfile: bundle });
const { measureEngine } = await import(pathToFileURL(bundle).href) as { measureEngine(): void };
measureEngine();
report('first-load-javascript', firstLoad().total / 1_000, 'kB', 200);
for (const { name, value, unit, budget } of await measurePage()) report(name, value, unit, budget);
