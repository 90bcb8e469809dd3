import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

test('the page opens on a running cluster in which something moves, with an example to apply', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await expect(cluster.editor).toHaveValue(/kind: Deployment\nmetadata:\n {2}name: web\n/);
  await expect(cluster.button('Pause')).toBeEnabled();
  const at = await cluster.now();
  await expect.poll(() => cluster.now()).toBeGreaterThan(at);
  // How soon the first message was drawn is marked by the page itself.
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName('orrery:first-message').length)).toBe(1);
  const firstMs = await page.evaluate(() => performance.getEntriesByName('orrery:first-message')[0]!.startTime);
  expect(firstMs).toBeLessThan(10_000);
  await expect(cluster.thing('Deployment', 'web')).toHaveCount(0);
});

for (const way of ['the button', 'Ctrl+Enter'] as const) {
  test(`Apply by ${way}: the Pods come to run, and kubectl says so`, async ({ page }) => {
    const cluster = new ClusterPage(page);
    await cluster.listen();
    await cluster.open();
    await expect(cluster.pods('web-')).toHaveCount(0);
    await cluster.fast();
    if (way === 'the button') await cluster.applyButton.click();
    else await cluster.editor.press('Control+Enter');
    await expect(cluster.readyPods('web-')).toHaveCount(3);
    await expect(cluster.thing('Deployment', 'web')).toHaveAccessibleName('Deployment web: 3 ready of 3, 3 made');
    const told = (await cluster.told()).map((line) => line.text);
    expect(told.filter((line) => line === 'deployment.apps/web created')).toHaveLength(1);
    expect(told.filter((line) => line === 'You: apply web.yaml')).toHaveLength(1);
  });
}

test('a reload finds the session as it was left, and a new session begins anew', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.applyButton.click();
  await expect(cluster.mark('web 3/3')).toBeVisible({ timeout: 60_000 });
  await cluster.pause();
  const before = await cluster.picture();
  expect(before.things.filter((thing) => /^Pod web-.*Running, ready/.test(thing))).toHaveLength(3);
  await page.reload();
  await expect(cluster.readyPods('web-')).toHaveCount(3);
  // Paused it was, and paused it is.
  await expect(cluster.time.getByRole('button', { name: 'Play' })).toBeVisible();
  const after = await cluster.picture();
  expect(after.at).toBe(before.at);
  expect(after.things).toEqual(before.things);
  await expect(cluster.mark('apply web.yaml')).toHaveCount(1);

  await cluster.menu('Session', /^New session/);
  await expect(cluster.node('worker-1')).toBeVisible();
  await expect(cluster.pods('web-')).toHaveCount(0);
  await expect(cluster.mark('apply web.yaml')).toHaveCount(0);
  await page.reload();
  await expect(cluster.node('worker-1')).toBeVisible();
  await expect(cluster.mark('apply web.yaml')).toHaveCount(0);
  await expect(cluster.pods('web-')).toHaveCount(0);
});
