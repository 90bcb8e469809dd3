import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

test('the first minute: something moves, then one invitation at a time leads from Apply to a lost node to the answer why', async ({ page }) => {
  const cluster = new ClusterPage(page);
  const next = page.getByRole('complementary', { name: 'What to try next' });
  await cluster.open();
  // The page marks the first message itself; `npm run bench` holds it to its budget, this to the order of things.
  const moved = await page.waitForFunction(() => performance.getEntriesByName('orrery:first-message')[0]?.startTime);
  const opened = await page.evaluate(() => performance.getEntriesByType('navigation')[0]!.startTime);
  expect(await moved.jsonValue()).toBeGreaterThan(opened);
  expect(await moved.jsonValue()).toBeLessThan(10_000);

  await expect(page.getByText('Send it, and watch where it goes')).toBeVisible();
  await expect(next).toHaveCount(0);
  await cluster.fast();
  await cluster.applyButton.click();
  await expect(page.getByText('Send it, and watch where it goes')).toHaveCount(0);

  await expect(next).toContainText(/^Now pull the plug of a node: click worker-\d → Power off\./);
  const node = /worker-\d/.exec(await next.innerText())![0];
  await next.getByRole('button', { name: 'Show me' }).click();
  await expect(cluster.node(node)).toHaveAttribute('aria-pressed', 'true');
  await expect(next).toHaveCount(0);
  await cluster.offer('Power off').click();
  await expect(cluster.node(node)).toHaveAccessibleName(/powered off/);
  await page.keyboard.press('Escape');

  await expect(next).toContainText(/^Why is web-[\w-]+ Terminating\?/);
  await next.getByRole('button', { name: 'Ask' }).click();
  const why = cluster.inspector.getByRole('region', { name: 'Why?' });
  await expect(why).toContainText(node);
  await expect(why.getByRole('listitem').first()).toBeVisible();
  await expect(next).toHaveCount(0);

  // What was learnt is kept: a new cluster invites to nothing any more.
  await cluster.inspector.getByRole('button', { name: 'Close the inspector' }).click();
  await cluster.menu('Session', /^New session/);
  await expect(cluster.pods('web-')).toHaveCount(0);
  await page.reload();
  await expect(cluster.node('worker-1')).toBeVisible();
  await expect(page.getByText('Send it, and watch where it goes')).toHaveCount(0);
  await cluster.fast();
  await cluster.applyButton.click();
  await expect(cluster.readyPods('web-')).toHaveCount(3);
  const at = await cluster.now();
  await expect.poll(() => cluster.now()).toBeGreaterThan(at + 3);
  await expect(next).toHaveCount(0);
});
