import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const palette = (page: Page): { readonly input: Locator; readonly options: Locator; readonly chosen: Locator } => {
  const dialog = page.getByRole('dialog', { name: 'Search' });
  return { input: dialog.getByRole('combobox'), options: dialog.getByRole('option'), chosen: dialog.getByRole('option', { selected: true }) };
};

async function withWeb(page: Page): Promise<ClusterPage> {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.applyButton.click();
  await expect(cluster.readyPods('web-')).toHaveCount(3);
  await cluster.pause();
  return cluster;
}

test('everything can be found from one input, and done from it', async ({ page }) => {
  const cluster = await withWeb(page);
  const { input, options, chosen } = palette(page);
  await cluster.time.getByRole('button', { name: 'Play', exact: true }).focus();
  await page.keyboard.press('Control+k');
  await expect(input).toBeFocused();
  // Nothing typed: what can be done to the page, with its keys, and the moments to go to.
  await expect(options.filter({ hasText: 'Play or pause' })).toContainText('Space');
  await expect(options.filter({ hasText: 'To: web 3/3' })).toHaveCount(1);

  // Things, by kind and name; the best comes first, and the arrows go round.
  await input.fill('web');
  await expect(chosen).toHaveText(/^Deployment\s*web\s*default/);
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(/^Pod\s*web-/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(chosen).toHaveText(/^Light\s*Only what matches “web”/);
  await expect(input).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id'))!);
  // An abbreviation, the log, and nothing.
  await input.fill('kcm');
  await expect(chosen).toHaveText(/^Component\s*kube-controller-manager/);
  await input.fill('kubectl creates deployment');
  await expect(chosen).toHaveText(/^Log\s*kubectl creates Deployment web/);
  await input.fill('nobody is called so');
  await expect(options).toHaveCount(0);
  await expect(page.getByRole('dialog', { name: 'Search' })).toContainText('Nothing is called that');
  await page.keyboard.press('Escape');
  await expect(input).toHaveCount(0);
  await expect(cluster.time.getByRole('button', { name: 'Play', exact: true })).toBeFocused();

  // A found thing is chosen on the stage, with the keyboard's place on it.
  await page.keyboard.press('Control+k');
  await input.fill('node worker-2');
  await page.keyboard.press('Enter');
  await expect(cluster.node('worker-2')).toBeFocused();
  await expect(cluster.offer('Power off')).toBeVisible();
  // What has no place on the stage opens in the inspector.
  await page.keyboard.press('Control+k');
  await input.fill('kube-root-ca configmap');
  await page.keyboard.press('Enter');
  await expect(cluster.inspector.getByRole('heading', { name: /^ConfigMap kube-root-ca/ })).toBeVisible();
  await cluster.inspector.getByRole('button', { name: 'Close the inspector' }).click();
  // And what can be done to it is done.
  await page.keyboard.press('Control+k');
  await input.fill('power off worker-1');
  await expect(chosen).toHaveText(/^Do\s*Power off worker-1$/);
  await page.keyboard.press('Enter');
  await expect(cluster.node('worker-1')).toHaveAccessibleName(/powered off/);
});

test('a filter lights what matches, counts it, follows the world, and tells only that part of the log', async ({ page }) => {
  const cluster = await withWeb(page);
  const bar = page.getByRole('search', { name: 'Light only what matches' });
  const lit = page.getByRole('status', { name: 'Lit on the stage' });
  const opacity = (thing: Locator): Promise<number> => thing.evaluate((element) => Number(getComputedStyle(element).opacity));
  await page.keyboard.press('/');
  await expect(bar.getByRole('textbox')).toBeFocused();
  await bar.getByRole('textbox').fill('kind:pod app in (web)');
  await expect(bar).toContainText(/^3 of \d+ things/);
  await expect.poll(() => opacity(cluster.node('worker-1'))).toBeLessThan(0.5);
  for (const pod of await cluster.readyPods('web-').all()) expect(await opacity(pod)).toBe(1);
  for (const line of await cluster.log.getByRole('listitem').allInnerTexts()) expect(line).toMatch(/web/);
  await expect(cluster.log.getByRole('listitem').filter({ hasText: /kube-scheduler binds Pod web-/ })).toHaveCount(3);

  await bar.getByRole('textbox').fill('kind:pud');
  await expect(bar).toContainText(`The server doesn't have a resource type "pud".`);
  await expect.poll(() => opacity(cluster.node('worker-1'))).toBe(1);

  // Kept with Enter, it follows the world.
  await bar.getByRole('textbox').fill('kind:pod app=web');
  await page.keyboard.press('Enter');
  await expect(lit).toContainText(/kind:pod app=web · 3 of \d+ things/);
  await cluster.choose(cluster.thing('Deployment', 'web'));
  await cluster.offer('Scale to 4').click();
  await cluster.play();
  await expect(lit).toContainText(/kind:pod app=web · 4 of \d+ things/);
  // Escape undoes one thing at a time: what is lit, then what is chosen.
  await page.keyboard.press('Escape');
  await expect(lit).toHaveCount(0);
  await expect(cluster.log).not.toContainText('Only about');
  await expect(cluster.toolbar).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(cluster.toolbar).toHaveCount(0);
});
