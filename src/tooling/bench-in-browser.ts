import type { Browser } from '@playwright/test';
import type { Done, Measured, Work } from './bench-engine.ts';

/** Runs the engine's work in one Worker of a real browser, as the page does. `script` is the bundled bench-worker. */
export async function inWorker(browser: Browser, script: string, works: readonly Work[]): Promise<readonly Measured[]> {
  const page = await browser.newPage();
  try {
    // As text: what runs this file would put its own marks into a function.
    await page.evaluate(`{
      const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(script)}], { type: 'text/javascript' })));
      window.ask = (work) => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(work);
      });
    }`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    /** Of the page's whole process, in milliseconds. */
    const cpuMs = async (): Promise<number> => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ProcessTime')!.value * 1_000;
    const measured: Measured[] = [];
    for (const work of works) {
      await page.evaluate(`ask(${JSON.stringify(work)})`);
      const before = await cpuMs();
      const done = await page.evaluate<Done>('ask()');
      measured.push({ work, done, cpuMs: await cpuMs() - before });
    }
    return measured;
  } finally {
    await page.close();
  }
}
