import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserArguments, findBrowser, noBrowser } from './find-browser.mjs';
import { galleryViews, openView } from './gallery-views.ts';
import { serve } from './serve.mjs';

/** `npm run gallery [-- NAME…]`: takes the pictures of the README again, out of seeds. Needs a build. */
const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(projectRoot, 'e2e', 'pictures');
const mostBytes = 250_000;

const found = await findBrowser();
if (found === undefined) throw new Error(noBrowser);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !galleryViews.some((view) => view.name === name));
if (unknown.length > 0) throw new Error(`There is no picture ${unknown.join(', ')}; there are ${galleryViews.map(({ name }) => name).join(', ')}.`);
mkdirSync(folder, { recursive: true });
const server = await serve(join(projectRoot, 'dist'), { port: 0, host: 'localhost' });
const browser = await chromium.launch({ args: browserArguments(), ...(found.executablePath === undefined ? {} : { executablePath: found.executablePath }) });
try {
  for (const view of galleryViews.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const page = await browser.newPage({ deviceScaleFactor: view.size[0] < 500 ? 2 : 1 });
    await openView(page, `http://localhost:${server.port}/`, view);
    const path = join(folder, `${view.name}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    await page.close();
    const { size } = statSync(path);
    console.log(`${view.name}.png ${Math.round(size / 1000)} kB`);
    if (size > mostBytes) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.close();
}
