import type { Browser, Page } from '@playwright/test';
import { frameBudgetMs, frameTimes } from './bench-frames.ts';
import type { Figure } from './bench-report.ts';

/** 5,000 nodes with 150,000 Pods: how soon they are seen, how they follow the hand, what they weigh. */
export async function measureMass(browser: Browser, url: string): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${url}?synthetic=5000x150000`);
  await page.waitForFunction(() => performance.getEntriesByName('orrery:first-mass').length > 0, undefined, { timeout: 60_000 });
  const first = await page.evaluate(() => performance.getEntriesByName('orrery:first-mass')[0]!.startTime);
  const stage = await page.getByRole('group', { name: /^Stage/ }).boundingBox();
  if (stage === null) throw new Error('there is no stage');
  const [x, y] = [stage.x + stage.width * 0.6, stage.y + stage.height * 0.5];
  await page.mouse.move(x, y);
  const zoomed = await whileMoving(page, async (turn) => { await page.mouse.wheel(0, Math.floor(turn / 12) % 2 === 0 ? -160 : 160); });
  for (let notch = 0; notch < 4; notch += 1) await page.mouse.wheel(0, -200);
  await page.mouse.down();
  const panned = await whileMoving(page, async (turn) => { await page.mouse.move(x + 250 * Math.sin(turn / 10), y + 150 * Math.cos(turn / 7)); });
  await page.mouse.up();
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  await page.close();
  return [
    { name: 'mass-load-to-first-picture', value: first, unit: 'ms', budget: undefined },
    { name: 'mass-frame-p50-zooming', value: zoomed.p50, unit: 'ms', budget: undefined },
    { name: 'mass-frame-p95-zooming', value: zoomed.p95, unit: 'ms', budget: frameBudgetMs },
    { name: 'mass-frame-p50-panning', value: panned.p50, unit: 'ms', budget: undefined },
    { name: 'mass-frame-p95-panning', value: panned.p95, unit: 'ms', budget: frameBudgetMs },
    { name: 'mass-page-heap', value: usedSize / 1_000_000, unit: 'MB', budget: undefined },
  ];
}

/** Frames while a hand moves the picture without a pause. */
async function whileMoving(page: Page, move: (turn: number) => Promise<void>) {
  let done = false;
  const frames = frameTimes(page, 180).finally(() => { done = true; });
  for (let turn = 0; !done; turn += 1) {
    await move(turn);
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  return frames;
}
