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

/** Words on the stage that are cut off without a sign that they are: an ellipsis says so, and the thing's name says them in full. */
const cutWords = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('[data-thing] *')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ''))
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && getComputedStyle(element).textOverflow !== 'ellipsis')
  .filter((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().right > element.closest('[data-thing]')!.getBoundingClientRect().right + 1;
  })
  .map((element) => `“${element.textContent}” in ${element.closest('[data-thing]')!.getAttribute('data-thing')}`));

async function expectWithin(page: Page, name: string, locator: ReturnType<Page['locator']>): Promise<void> {
  await expect(locator).toBeVisible();
  const [box, view] = [await locator.boundingBox(), page.viewportSize()!];
  expect(box, name).not.toBeNull();
  expect([box!.x >= -1, box!.y >= -1, box!.x + box!.width <= view.width + 1, box!.y + box!.height <= view.height + 1], `${name} at ${JSON.stringify(box)} in ${JSON.stringify(view)}`).toEqual([true, true, true, true]);
}

/** Marks stand where their moments are, however near, and the ruler and the steps lead there too; a notice may lie over React Flow's own link. */
const mayBeSmall = (html: string): boolean => /aria-label="To |reactflow/.test(html);

/** Its page is typed by another copy of playwright-core: hence the `never`. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return found.filter((each) => each.impact === 'serious' || each.impact === 'critical')
    .flatMap((each) => each.nodes.filter((node) => each.id !== 'target-size' || !mayBeSmall(node.html)).map((node) => `${each.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? each.help}`));
}

/** The same in both themes, chosen on the page itself. */
async function inBothThemes(page: Page, check: (theme: string) => Promise<void>): Promise<void> {
  for (const theme of themes) {
    await new ClusterPage(page).menu('View', `Theme: ${theme}`);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    // Where motion is reduced, each change of colour is still a transition, which ends with the next frame.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await check(theme);
  }
}

for (const [width, height] of sizes) {
  test(`at ${width}×${height}: everything has its room and can be reached`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const cluster = new ClusterPage(page);
    await page.goto('./');
    await expect(cluster.button('Pause')).toBeEnabled();
    const tab = page.getByRole('navigation', { name: 'Panels' });
    const narrow = await tab.isVisible();
    const fits = (when: string): Promise<void> => inBothThemes(page, async (theme) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `sideways scroll, ${when}, ${theme}`).toBe(0);
      expect(await cutTexts(page), `${when}, ${theme}`).toEqual([]);
      expect(await cutWords(page), `${when}, ${theme}`).toEqual([]);
      for (const name of ['Pause', 'On to the next message', 'Back to the message before']) await expectWithin(page, `${name}, ${when}`, cluster.button(name));
      await expectWithin(page, `the ruler, ${when}`, cluster.time.getByRole('slider', { name: 'Time' }));
    });
    await fits('on the first visit');
    if (narrow) await tab.getByRole('button', { name: 'Manifest' }).click();
    await expectWithin(page, 'Apply', cluster.applyButton);
    await expectWithin(page, 'the editor', cluster.editor);
    await cluster.fast();
    await cluster.apply(`${nginxDeployment}---\n${nginxService}`);
    if (narrow) await tab.getByRole('button', { name: 'Cluster' }).click();
    await expect(cluster.readyPods('nginx-deployment-')).toHaveCount(2);
    await fits('with Pods');
    await expectWithin(page, 'a Pod', cluster.readyPods('nginx-deployment-').first());
    await cluster.pods('nginx-deployment-').first().press('Enter');
    await expect(cluster.toolbar).toBeVisible();
    for (const offer of await cluster.toolbar.getByRole('button').all()) await expectWithin(page, 'what can be done to a Pod', offer);
    await fits('with a Pod chosen');
    if (narrow) {
      await tab.getByRole('button', { name: 'What is happening' }).click();
      await expectWithin(page, 'the log', cluster.log.getByRole('heading'));
      await fits('in the log');
    }
  });
}

test('without a choice, the page has the theme of the system', async ({ page }) => {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto('./');
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
});

test('where there is not room for all that was asked for, the arrow keys bring each into view', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 450 });
  const cluster = new ClusterPage(page);
  await page.goto('./');
  await cluster.fast();
  const tab = page.getByRole('navigation', { name: 'Panels' });
  await tab.getByRole('button', { name: 'Manifest' }).click();
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
  await cluster.apply(names.map((name) => nginxService.replace('name: nginx', `name: service-${name}`)).join('---\n'));
  await tab.getByRole('button', { name: 'Cluster' }).click();
  await expect(cluster.thing('Service', 'service-seven')).toBeAttached({ timeout: 60_000 });
  for (const name of ['service-two', 'service-seven']) {
    await cluster.reach(cluster.thing('Service', name));
    await expectWithin(page, name, cluster.thing('Service', name));
  }
});

for (const [width, height] of [[1280, 720], [390, 844]] as const) {
  test(`no barrier that axe can find at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    // Axe looks at one moment: nothing may be half-way faded in. (A notice that fades while it looks is looked at once more.)
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const cluster = new ClusterPage(page);
    await page.goto('./');
    await expect(cluster.button('Pause')).toBeEnabled();
    const tab = page.getByRole('navigation', { name: 'Panels' });
    const narrow = await tab.isVisible();
    const to = async (name: string): Promise<void> => { if (narrow) await tab.getByRole('button', { name }).click(); };
    const free = (when: string): Promise<void> => inBothThemes(page, async (theme) => expect.poll(() => violations(page), `${when}, ${theme}`).toEqual([]));
    await free('on the first visit');
    await to('Manifest');
    await cluster.fast();
    await cluster.apply(deployment('web', 4));
    await to('Cluster');
    await expect(cluster.readyPods('web-').first()).toBeVisible({ timeout: 60_000 });
    await cluster.pause();
    await cluster.node('worker-1').press('Enter');
    await cluster.offer('Power off').click();
    await expect(cluster.node('worker-1')).toHaveAccessibleName(/powered off/);
    await free('with Pods, and a node that is off');
    await cluster.offer('Inspect').click();
    await expect(cluster.inspector.getByRole('heading', { name: 'Node worker-1' })).toBeVisible();
    await expect(cluster.inspector).toContainText('kind: Node');
    await free('with the inspector');
    await cluster.inspector.getByRole('button', { name: 'Close the inspector' }).click();
    await expect(cluster.inspector).toHaveCount(0);
    await to('Manifest');
    await cluster.apply('kind: Pod\nmetadata: {name: x');
    await expect(cluster.complaints).toBeVisible();
    await free('with an error in the manifest');
  });
}

test('an inspector beside the stage, and one over it, leave the stage its size and its bar in view', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await cluster.open();
  await cluster.pause();
  const asked = page.getByText('Asked for', { exact: true });
  for (const [width, height] of [[1920, 1080], [1280, 720]] as const) {
    await page.setViewportSize({ width, height });
    await cluster.choose(cluster.node('worker-3'));
    if (await cluster.inspector.count() === 0) await cluster.offer('Inspect').click();
    await expect(cluster.inspector.getByRole('heading', { name: 'Conditions' })).toBeVisible();
    await expectWithin(page, `the foot of the stage at ${width}`, asked);
    await expect.poll(async () => {
      const [bar, inspector] = [(await cluster.toolbar.boundingBox())!, (await cluster.inspector.boundingBox())!];
      return bar.x + bar.width - inspector.x;
    }).toBeLessThanOrEqual(0);
  }
});

test('a scene in a frame of a phone: what is further down is said, and is a press away, cut by nothing', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto('./?embed=1&scene=node-dies');
  await page.getByRole('button', { name: /^Play: / }).click();
  await page.getByRole('button', { name: '↓ 2 more nodes' }).click();
  await expect(page.getByRole('button', { name: '↑ Back to the top' })).toBeVisible();
  const bar = (await page.getByRole('button', { name: '↑ Back to the top' }).boundingBox())!;
  for (const name of ['worker-2', 'worker-3']) {
    await expect.poll(async () => { const node = (await page.getByRole('button', { name: new RegExp(`^Node ${name},`) }).boundingBox())!; return node.y + node.height; }).toBeLessThan(bar.y);
  }
  await page.getByRole('button', { name: '↑ Back to the top' }).click();
  await expect(page.getByRole('button', { name: '↓ 2 more nodes' })).toBeVisible();
});
