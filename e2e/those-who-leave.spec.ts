import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

interface Seen { readonly thing: DOMRect | undefined; readonly ghost: DOMRect; readonly text: string }

test('a Pod that is gone fades where it was, and leaves the same picture behind, also after time went back and forth', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply('apiVersion: v1\nkind: Pod\nmetadata: {name: solo}\nspec:\n  containers: [{name: web, image: "nginx:1.27"}]\n');
  await expect(cluster.readyPods('solo')).toHaveCount(1);
  // A ghost is there for a quarter of a second: the page itself keeps what was seen of it.
  await page.evaluate(() => {
    const seen: unknown[] = [];
    let thing: DOMRect | undefined;
    Object.assign(globalThis, { seen });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          const ghost = node instanceof Element ? node.querySelector('[data-gone]') ?? node.closest('[data-gone]') : null;
          if (ghost !== null && ghost.getAttribute('aria-hidden') === 'true') seen.push({ thing, ghost: ghost.getBoundingClientRect(), text: ghost.textContent });
        }
      }
      thing = document.querySelector('[data-thing="object/Pod/default/solo"]')?.closest('.react-flow__node')?.getBoundingClientRect() ?? thing;
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await cluster.choose(cluster.pods('solo'));
  await cluster.offer('Delete').click();
  await expect(cluster.pods('solo')).toHaveCount(0);
  await cluster.pause();
  const ghosts = page.locator('[data-gone]');
  await expect(ghosts).toHaveCount(0);
  const [seen, more] = await page.evaluate(() => (globalThis as unknown as { seen: Seen[] }).seen);
  expect(more).toBeUndefined();
  expect(seen!.text).toMatch(/^solo(Terminating|Completed)/);
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(Math.abs(seen!.ghost[side] - seen!.thing![side]), side).toBeLessThan(1);

  const go = async (key: string, steps: number): Promise<void> => {
    for (let step = 0; step < steps; step += 1) {
      // Two changes may be less than a shown millisecond apart.
      const from = await cluster.clock.getAttribute('datetime');
      await page.keyboard.press(key);
      await expect(cluster.clock).not.toHaveAttribute('datetime', from!);
    }
  };
  // The first step back only leads to the last change before the pause: as many as after it lead there again, and nothing need be known beyond it.
  let back = -1;
  while (await cluster.pods('solo').count() === 0) { await go('Shift+ArrowLeft', 1); back += 1; }
  await go('Shift+ArrowRight', back);
  await expect(ghosts).toHaveCount(0);
  const before = await cluster.picture();
  await go('Shift+ArrowLeft', back);
  await expect(cluster.pods('solo')).toHaveCount(1);
  await go('Shift+ArrowRight', back);
  await expect(cluster.pods('solo')).toHaveCount(0);
  await expect(ghosts).toHaveCount(0);
  expect(await cluster.picture()).toEqual(before);
});
