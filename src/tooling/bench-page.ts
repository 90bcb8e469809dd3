import { spawn } from 'node:child_process';
import type { Browser, Page } from '@playwright/test';

interface Figure { readonly name: string; readonly value: number; readonly unit: string; readonly budget: number }

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

    const busy = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await busy.goto(`${url}?topology=nodes-20`);
    const frames = await frameTimes(busy);
    return [
      { name: 'load-to-first-moving-message', value: first, unit: 'ms', budget: 1_500 },
      { name: 'frame-p95-20-nodes-200-pods', value: frames.p95, unit: 'ms', budget: 16.7 },
      { name: 'longest-main-thread-block', value: frames.longest, unit: 'ms', budget: 50 },
    ];
  } finally {
    stop();
  }
}

/** 20 nodes, 200 Pods being made: the time between frames, and the longest task of the main thread. */
async function frameTimes(page: Page): Promise<{ p95: number; longest: number }> {
  await page.getByRole('textbox', { name: /manifest/i }).fill(manifest(200));
  await page.evaluate(() => {
    const blocks: number[] = [];
    (window as unknown as { blocks: number[] }).blocks = blocks;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) blocks.push(entry.duration); }).observe({ type: 'longtask' });
  });
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('[aria-label^="Pod "]').length >= 100, undefined, { timeout: 120_000 });
  // As text: what runs this file would put its own marks into a function.
  return page.evaluate(`new Promise((resolve) => {
    const times = [];
    let last = performance.now();
    requestAnimationFrame(function frame(now) {
      times.push(now - last);
      last = now;
      if (times.length < 300) requestAnimationFrame(frame);
      else resolve({ p95: times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)], longest: Math.max(0, ...window.blocks) });
    });
  })`);
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
