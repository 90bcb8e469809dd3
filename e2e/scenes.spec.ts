import { expect, test } from '@playwright/test';
import { scenes } from '../src/scenes/index.ts';
import { ClusterPage } from './cluster-page.ts';

test('each ready scene opens where it begins, says what to look at, and begins to tell', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  for (const entry of scenes) {
    const { scene } = await entry.load();
    await cluster.menu('Session', `Scene: ${scene.title}`);
    const words = page.getByRole('region', { name: `Scene: ${scene.title}` });
    await expect(words).toBeVisible();
    // Up to its first turn; the rest is held to in scenes.test.ts.
    await expect(words).toContainText(scene.captions[1]!.says);
    expect(await cluster.now()).toBeGreaterThanOrEqual(scene.startUs / 1_000_000);
    expect(await cluster.now()).toBeLessThanOrEqual(scene.stopUs / 1_000_000);
  }
  // A reload is no end of the telling.
  await cluster.pause();
  await page.reload();
  const last = await scenes.at(-1)!.load();
  await expect(page.getByRole('region', { name: `Scene: ${last.scene.title}` })).toContainText(last.scene.captions[1]!.says);
  await page.goto('./?scene=moon');
  await expect(page.getByText('There is no scene “moon”.')).toBeVisible();
  await page.goto('./?topology=moon');
  await expect(page.getByText('no topology is called moon: there are three-nodes, ')).toBeVisible();
  await expect(cluster.editor).toBeVisible();
});
