import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

test('a scene is presented to a room: big words, a clicker’s keys, a black screen, and a way out', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('./?scene=node-dies');
  await expect(page.getByRole('region', { name: 'Scene: A node dies' })).toBeVisible();
  await cluster.pause();
  const recoveredS = await cluster.momentOf(cluster.mark('web 3/3'));
  const recovered = `${recoveredS.toFixed(3)} s`;
  await page.keyboard.press('p');

  const says = cluster.time.locator('p').first();
  await expect(says).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'projector-light');
  // From the back row: a thirtieth of the height at least.
  expect(await says.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(720 / 30);

  // Back to before the power was cut, however far it has played by now.
  await expect(async () => {
    const now = await cluster.now();
    if (now !== recoveredS) await page.keyboard.press(now > recoveredS ? 'PageUp' : 'PageDown');
    await expect(cluster.clock).toHaveText(recovered, { timeout: 2_000 });
  }).toPass({ timeout: 120_000 });
  await expect(cluster.time).toContainText('paused');
  await page.keyboard.press('PageDown');
  await expect(cluster.clock).toHaveText('40.000 s');
  await expect(says).toHaveText(/^worker-2 is dead, and nobody knows/);
  await page.keyboard.press('PageUp');
  await expect(cluster.clock).toHaveText(recovered);
  await expect(says).not.toHaveText(/dead/);

  const black = page.getByRole('status', { name: /^Black screen/ });
  await page.keyboard.press('b');
  await expect(black).toBeVisible();
  await page.keyboard.press('.');
  await expect(black).toHaveCount(0);

  await page.mouse.move(300, 300);
  await page.mouse.move(310, 300);
  const cursor = (): Promise<string> => page.locator('main').evaluate((element) => getComputedStyle(element).cursor);
  await expect.poll(cursor, { timeout: 10_000 }).toBe('none');
  await page.mouse.move(320, 310);
  await expect.poll(cursor).not.toBe('none');

  await page.keyboard.press('Escape');
  await expect(cluster.editor).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
