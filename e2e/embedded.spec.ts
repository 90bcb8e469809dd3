import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';

/** A page of somebody else's, at an origin of its own, with one scene in a frame that may do nothing but run scripts. */
async function hostPage(frame: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(request.url === '/' ? `<!doctype html><body style="margin:0;height:4000px"><h1>Somebody’s documentation</h1>${frame}</body>` : '');
  });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => new Promise((done) => { server.close(() => done()); }) };
}

for (const [width, height, controls] of [[800, 450, 'bar'], [360, 640, 'bar']] as const) {
  test(`a scene of ${width} × ${height} lives in a sandboxed frame of another page: it starts on a click, and is no trap for scrolling`, async ({ page, baseURL }) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    const host = await hostPage(`<iframe title="scene" sandbox="allow-scripts" width="${width}" height="${height}" style="border:0" src="${baseURL}?embed=1&amp;scene=pod-way&amp;controls=${controls}&amp;theme=light"></iframe>`);
    try {
      await page.goto(host.address);
      const scene = page.frameLocator('iframe');
      const play = scene.getByRole('button', { name: 'Play: A Pod’s way' });
      await expect(play).toBeEnabled();
      await expect(scene.getByRole('button', { name: /^Node [\w-]+, Ready$/ })).toHaveCount(4);
      await expect(scene.getByText('One Pod is applied')).toBeVisible();
      await expect(scene.locator('html')).toHaveAttribute('data-theme', 'light');
      await expect(scene.getByRole('button', { name: 'Open in Orrery' })).toBeInViewport();

      await page.mouse.move(150, 300);
      await page.mouse.wheel(0, 120);
      await expect.poll(() => page.evaluate(() => scrollY)).toBe(120);
      // Nothing moves before it is asked to.
      const clock = scene.getByRole('time');
      await expect(clock).toHaveText('20.0 s');

      await play.click();
      await expect(scene.getByText('The Pod is stored in etcd.')).toBeVisible();
      await expect(scene.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
      // Out of sight it stands still, and goes on when it is seen again.
      await page.evaluate(() => scrollTo(0, 2500));
      await expect(scene.getByRole('button', { name: 'Play', exact: true })).toBeAttached();
      await page.evaluate(() => scrollTo(0, 0));
      await expect(scene.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
      expect(complaints).toEqual([]);
    } finally {
      await page.goto('about:blank');
      await host.close();
    }
  });
}
