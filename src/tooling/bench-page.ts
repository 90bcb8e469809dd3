import { spawn } from 'node:child_process';
import type { Browser } from '@playwright/test';
import { measureCrowd } from './bench-crowd.ts';
import { emptyPage, frameBudgetMs, frameTimes } from './bench-frames.ts';
import { measureMass } from './bench-mass.ts';
import type { Figure } from './bench-report.ts';

/** A projector's page, and a small one: where the browser draws without a graphics card, the cost of a frame grows with its pixels. */
const viewports = [{ width: 1920, height: 1080 }, { width: 1280, height: 720 }] as const;

/** Figures of the built page in a real browser: frame time under load, and how soon something moves. */
export async function measurePage(browser: Browser): Promise<readonly Figure[]> {
  const { url, stop } = await serve();
  try {
    const cold = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await cold.goto(url);
    // The canvas says of itself how many signs it drew: the page sets the mark when the first one moves.
    await cold.waitForFunction(() => performance.getEntriesByName('orrery:first-message').length > 0, undefined, { timeout: 30_000 });
    const first = await cold.evaluate(() => performance.getEntriesByName('orrery:first-message')[0]!.startTime);
    await cold.close();

    const figures: Figure[] = [{ name: 'load-to-first-moving-message', value: first, unit: 'ms', budget: 1_500 }];
    for (const viewport of viewports) figures.push(...await measureFrames(browser, url, viewport), ...await measureCrowd(browser, url, viewport, manifest(200)));
    return [...figures, ...await measureMass(browser, url)];
  } finally {
    stop();
  }
}

/** 20 nodes, 200 Pods being made: the time between frames, and the longest task of the main thread; beside it what the machine can do. */
async function measureFrames(browser: Browser, url: string, viewport: (typeof viewports)[number]): Promise<readonly Figure[]> {
  const empty = await emptyPage(browser, viewport);
  const page = await browser.newPage({ viewport });
  await page.goto(`${url}?topology=nodes-20`);
  await page.getByRole('textbox', { name: /manifest/i }).fill(manifest(200));
  await page.evaluate(() => {
    const blocks: number[] = [];
    (window as unknown as { blocks: number[] }).blocks = blocks;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) blocks.push(entry.duration); }).observe({ type: 'longtask' });
  });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('[aria-label^="Pod "]').length >= 100, undefined, { timeout: 300_000 });
  const frames = await frameTimes(page);
  const longest = await page.evaluate(() => Math.max(0, ...(window as unknown as { blocks: number[] }).blocks));
  await page.close();
  const [size, main] = [`${viewport.width}x${viewport.height}`, viewport === viewports[0]];
  return [
    { name: `frame-p50-20-nodes-200-pods-${size}`, value: frames.p50, unit: 'ms', budget: undefined },
    { name: main ? 'frame-p95-20-nodes-200-pods' : `frame-p95-20-nodes-200-pods-${size}`, value: frames.p95, unit: 'ms', budget: frameBudgetMs },
    { name: `frame-p95-empty-page-${size}`, value: empty.p95, unit: 'ms', budget: undefined },
    { name: main ? 'longest-main-thread-block' : `longest-main-thread-block-${size}`, value: longest, unit: 'ms', budget: 50 },
  ];
}

const manifest = (replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: nginx:1.27
`;

function serve(): Promise<{ url: string; stop: () => void }> {
  const server = spawn(process.execPath, ['src/tooling/start.mjs'], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      const url = /Orrery is at (\S+)/.exec(chunk.toString())?.[1];
      if (url !== undefined) resolve({ url, stop: () => server.kill() });
    });
  });
}
