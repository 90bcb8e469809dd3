import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

async function barriers(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  await page.evaluate((value) => { document.documentElement.dataset['theme'] = value; }, theme);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { violations } = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).exclude('.react-flow').exclude('footer').analyze();
  return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? each.help}`));
}

test('every part of the page can be reached and left without a pointer, and the keyboard comes back to where it was', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const cluster = new ClusterPage(page);
  await cluster.open();
  const free = async (what: string): Promise<void> => { for (const theme of ['light', 'dark'] as const) expect(await barriers(page, theme), `${what}, ${theme}`).toEqual([]); };

  // The first stops lead past what lies between.
  await page.keyboard.press('Tab');
  await expect(cluster.button('Skip to the stage')).toBeFocused();
  await expect(cluster.button('Skip to the stage')).toBeInViewport();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(cluster.editor).toBeFocused();

  // A menu: in, through it, and out again.
  const menuButton = cluster.button('View');
  const menu = page.getByRole('menu', { name: 'View' });
  const items = menu.getByRole('menuitem').or(menu.getByRole('menuitemcheckbox'));
  await menuButton.focus();
  await page.keyboard.press('ArrowDown');
  await expect(items.first()).toBeFocused();
  await free('with a menu');
  await page.keyboard.press('End');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('s');
  await expect(items.filter({ hasText: 'Show heartbeats' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(menuButton).toBeFocused();

  // The sheet of keys names those of every action of the page.
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByRole('term').filter({ hasText: 'On to the next message' })).toBeVisible();
  await expect(keys).toContainText('Ctrl+K');
  await free('with the sheet of keys');
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);
  await expect(menuButton).toBeFocused();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Search' }).getByRole('combobox')).toBeFocused();
  await free('with the palette');
  await page.keyboard.press('Escape');
  await expect(menuButton).toBeFocused();

  // Into the inspector, and back to the thing it was opened from.
  await cluster.reach(cluster.node('worker-1'));
  await page.keyboard.press('Enter');
  await expect(cluster.offer('Inspect')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cluster.inspector).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(cluster.inspector.getByRole('button').first()).toBeFocused();
  await cluster.inspector.getByRole('button', { name: 'Close the inspector' }).focus();
  await page.keyboard.press('Enter');
  await expect(cluster.inspector).toHaveCount(0);
  await expect(cluster.offer('Inspect')).toBeFocused();
});
