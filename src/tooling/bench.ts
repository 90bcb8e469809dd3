import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import type { Done, Measured, prepare, Work } from './bench-engine.ts';
import { inWorker } from './bench-in-browser.ts';
import { measurePage } from './bench-page.ts';
import { report } from './bench-report.ts';
import { measureServed } from './bench-served.ts';
import { browserArguments, findBrowser, noBrowser } from './find-browser.mjs';
import { firstLoad } from './first-load.mjs';

/**
 * `npm run bench`: one JSON line per figure, `{name, value, unit, budget, ok}`. Best run on an idle machine; the budgets are those of the README.
 * The engine is measured where people run it, in a Worker of a browser, and again in Node, bundled both times as the page ships it. The small
 * runs come first: they warm the compiler, as a page that has shown its first minute has.
 */
const works: readonly Work[] = [...[50, 100, 500, 1_000].map((count) => ({ name: 'replicas', count }) as const), { name: 'idle' }, { name: 'seek' }];

const cache = (name: string): string => join(import.meta.dirname, '../../.cache', name);
const bundle = { bundle: true, minify: true, target: 'es2022' } as const;
await build({ ...bundle, entryPoints: [join(import.meta.dirname, 'bench-engine.ts')], format: 'esm', platform: 'node', outfile: cache('bench-engine.mjs') });
const { outputFiles: [worker] } = await build({ ...bundle, entryPoints: [join(import.meta.dirname, 'bench-worker.ts')], format: 'iife', write: false });

const found = await findBrowser();
if (found === undefined) throw new Error(noBrowser);
const browser = await chromium.launch({ args: browserArguments(), ...(found.executablePath === undefined ? {} : { executablePath: found.executablePath }) });
try {
  reportEngine(await inWorker(browser, worker!.text, works), '', true);
  reportEngine(await inNode(), 'node-', false);
  for (const { name, value, unit, budget } of [...await measureServed(), ...await measurePage(browser)]) report(name, value, unit, budget);
  // After the page, which is built where it was not.
  report('first-load-javascript', firstLoad().total / 1_000, 'kB', 200);
} finally {
  await browser.close();
}

async function inNode(): Promise<readonly Measured[]> {
  const engine = await import(pathToFileURL(cache('bench-engine.mjs')).href) as { prepare: typeof prepare };
  return works.map((work) => {
    const go = engine.prepare(work);
    const before = process.cpuUsage();
    const done = go();
    const { user, system } = process.cpuUsage(before);
    return { work, done, cpuMs: (user + system) / 1_000 };
  });
}

function reportEngine(measured: readonly Measured[], prefix: string, budgeted: boolean): void {
  const budget = (value: number): number | undefined => (budgeted ? value : undefined);
  const walls = new Map<number, Done>();
  for (const { work, done, cpuMs } of measured) {
    if (work.name === 'idle') report(`${prefix}idle-ten-minutes`, done.wallMs, 'ms', undefined);
    if (work.name === 'seek') report(`${prefix}seek-ten-minute-recording-worst`, done.wallMs, 'ms', budget(100));
    if (work.name !== 'replicas' || work.count === 50) continue;
    walls.set(work.count, done);
    // A public peer takes 1.9, 23 and 72 s: a hundredth of its time at 1,000, and no worse than linear on the way there.
    report(`${prefix}replicas-${work.count}-wall`, done.wallMs, 'ms', work.count === 1_000 ? budget(720) : undefined);
    report(`${prefix}replicas-${work.count}-cpu`, cpuMs, 'ms', undefined);
    report(`${prefix}replicas-${work.count}-virtual`, done.virtualMs, 'ms', undefined);
  }
  const [small, large] = [walls.get(100)!, walls.get(1_000)!];
  report(`${prefix}replicas-growth-100-to-1000`, large.wallMs / small.wallMs, 'times', budget(10));
  report(`${prefix}steps-per-second`, large.steps / (large.wallMs / 1_000), 'steps/s', budget(100_000), 'higher');
}
