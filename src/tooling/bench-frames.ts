import type { Browser, Page } from '@playwright/test';

export interface Frames { readonly p50: number; readonly p95: number }

/** The time between frames, of so many. As text: what runs this file would put its own marks into a function. */
export const frameTimes = (page: Page, count = 300): Promise<Frames> => page.evaluate(`new Promise((resolve) => {
  const times = [];
  let last = performance.now();
  requestAnimationFrame(function frame(now) {
    times.push(now - last);
    last = now;
    if (times.length < ${count}) return requestAnimationFrame(frame);
    times.sort((a, b) => a - b);
    resolve({ p50: times[Math.floor(times.length * 0.5)], p95: times[Math.floor(times.length * 0.95)] });
  });
})`);

/** Sixty frames a second are 16.7 ms each; the page's clock tells tenths, so that the difference of two of its times may be two more. */
export const frameBudgetMs = 16.9;

/** What the machine can do at all: a hundred dots on one canvas, and nothing else on the page. */
export async function emptyPage(browser: Browser, viewport: { readonly width: number; readonly height: number }): Promise<Frames> {
  const page = await browser.newPage({ viewport });
  await page.setContent('<body style="margin:0"><canvas style="position:fixed"></canvas>');
  await page.evaluate(`{
    const canvas = document.querySelector('canvas');
    [canvas.width, canvas.height] = [innerWidth, innerHeight];
    const context = canvas.getContext('2d');
    let turn = 0;
    requestAnimationFrame(function draw() {
      requestAnimationFrame(draw);
      turn += 3;
      context.clearRect(0, 0, canvas.width, canvas.height);
      for (let dot = 0; dot < 100; dot += 1) {
        context.beginPath();
        context.arc((turn + dot * 97) % canvas.width, (dot * 61) % canvas.height, 9, 0, 7);
        context.fill();
      }
    });
  }`);
  const frames = await frameTimes(page);
  await page.close();
  return frames;
}
