import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment, nginxDeployment, nginxService } from './manifests.ts';

const sizes = [[1920, 1080], [1280, 720], [800, 450], [390, 844]] as const;
const themes = ['light', 'dark'] as const;

/** Buttons, options and headings whose text does not have the room it needs. */
const cutTexts = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('button, h1, h2, h3')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
  // A mark is a line that its name hangs on; a line of the log wraps.
  .filter((element) => !/^To /.test(element.getAttribute('aria-label') ?? ''))
  .map((element) => `${element.tagName} “${element.textContent}” needs ${element.scrollWidth}, has ${element.clientWidth}`));

async function expectWithin(page: Page, name: string, locator: ReturnType<Page['locator']>): Promise<void> {
  await expect(locator).toBeVisible();
  const [box, view] = [await locator.boundingBox(), page.viewportSize()!];
  expect(box, name).not.toBeNull();
  expect([box!.x >= -1, box!.y >= -1, box!.x + box!.width <= view.width + 1, box!.y + box!.height <= view.height + 1], `${name} at ${JSON.stringify(box)} in ${JSON.stringify(view)}`).toEqual([true, true, true, true]);
}

/** Its page is typed by another copy of playwright-core: hence the `never`. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return found.filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? each.help}`));
}

for (const [width, height] of sizes) {
  for (const theme of themes) {
    test(`at ${width}×${height}, ${theme}: everything has its room and can be reached`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const cluster = new ClusterPage(page);
      await page.goto('./');
      await expect(cluster.button('Pause')).toBeEnabled();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      const tab = page.getByRole('navigation', { name: 'Panels' });
      const narrow = await tab.isVisible();
      const fits = async (when: string): Promise<void> => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `sideways scroll, ${when}`).toBe(0);
        expect(await cutTexts(page), when).toEqual([]);
        for (const name of ['Pause', 'On to the next message', 'Back to the message before']) await expectWithin(page, `${name}, ${when}`, cluster.button(name));
        await expectWithin(page, `the ruler, ${when}`, cluster.time.getByRole('slider', { name: 'Time' }));
      };
      await fits('on the first visit');
      if (narrow) await tab.getByRole('button', { name: 'Manifest' }).click();
      await expectWithin(page, 'Apply', cluster.applyButton);
      await expectWithin(page, 'the editor', cluster.editor);
      await cluster.fast();
      await cluster.apply(`${nginxDeployment}---\n${nginxService}`);
      if (narrow) await tab.getByRole('button', { name: 'Cluster' }).click();
      await expect(cluster.readyPods('nginx-deployment-')).toHaveCount(2, { timeout: 60_000 });
      await fits('with Pods');
      await expectWithin(page, 'a Pod', cluster.readyPods('nginx-deployment-').first());
      await cluster.pods('nginx-deployment-').first().press('Enter');
      for (const offer of await cluster.toolbar.getByRole('button').all()) await expectWithin(page, 'what can be done to a Pod', offer);
      await fits('with a Pod chosen');
      if (narrow) {
        await tab.getByRole('button', { name: 'What is happening' }).click();
        await expectWithin(page, 'the log', cluster.log.getByRole('heading'));
        await fits('in the log');
      }
    });
  }
}

for (const theme of themes) {
  for (const [width, height] of [[1280, 720], [390, 844]] as const) {
    test(`no barrier that axe can find, ${theme}, ${width}×${height}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const cluster = new ClusterPage(page);
      await page.goto('./');
      await expect(cluster.button('Pause')).toBeEnabled();
      const tab = page.getByRole('navigation', { name: 'Panels' });
      const narrow = await tab.isVisible();
      const to = async (name: string): Promise<void> => { if (narrow) await tab.getByRole('button', { name }).click(); };
      expect(await violations(page), 'on the first visit').toEqual([]);
      await to('Manifest');
      await cluster.fast();
      await cluster.apply(deployment('web', 4));
      await to('Cluster');
      await expect(cluster.readyPods('web-').first()).toBeVisible({ timeout: 60_000 });
      await cluster.button('Pause').click();
      await page.keyboard.press('Escape');
      expect(await violations(page), 'with Pods').toEqual([]);
      await cluster.node('worker-1').press('Enter');
      await cluster.offer('Power off').click();
      await expect(cluster.node('worker-1')).toHaveAccessibleName(/powered off/);
      await cluster.offer('Inspect').click();
      await expect(cluster.inspector.getByRole('heading', { name: 'Node worker-1' })).toBeVisible();
      await expect(cluster.inspector).toContainText('kind: Node');
      expect(await violations(page), 'with a node that is off, and the inspector').toEqual([]);
      await cluster.inspector.getByRole('button', { name: 'Close the inspector' }).click();
      await expect(cluster.inspector).toHaveCount(0);
      await to('Manifest');
      await cluster.apply('kind: Pod\nmetadata: {name: x');
      await expect(cluster.complaints).toBeVisible();
      expect(await violations(page), 'with an error in the manifest').toEqual([]);
    });
  }
}
