import { expect, test } from '@playwright/test';
import { afterRollout } from './after-rollout.ts';
import { ClusterPage, seconds } from './cluster-page.ts';

/** A mark is scrubbed to; the clock stands there exactly. */
async function scrubTo(cluster: ClusterPage, text: string): Promise<void> {
  const mark = cluster.mark(text);
  const at = await cluster.momentOf(mark);
  await mark.click();
  await expect.poll(() => cluster.now()).toBe(at);
}

type Picture = Awaited<ReturnType<ClusterPage['picture']>>;

/** Steps, and waits until the glide to the next moment has ended: until two looks, further apart than a glide takes, see the same. */
async function stepped(cluster: ClusterPage, from: Picture, press: () => Promise<void>): Promise<Picture> {
  await press();
  let last = from;
  await expect.poll(async () => {
    const before = last;
    last = await cluster.picture();
    return JSON.stringify(last) !== JSON.stringify(from) && JSON.stringify(last) === JSON.stringify(before);
  }, { intervals: [400] }).toBe(true);
  return last;
}

const ways = [
  { way: 'buttons', message: ['On to the next message', 'Back to the message before'], change: ['On to the next change', 'Back to the change before'] },
  { way: 'keys', message: ['ArrowRight', 'ArrowLeft'], change: ['Shift+ArrowRight', 'Shift+ArrowLeft'] },
] as const;

for (const { way, message, change } of ways) {
  test(`step by ${way} to messages and changes, away and back: the same picture`, async ({ page }) => {
    const cluster = await afterRollout(page);
    await scrubTo(cluster, 'apply web.yaml');
    const press = (name: string) => () => (way === 'buttons' ? cluster.button(name).click() : page.keyboard.press(name));
    for (const [on, back] of [message, change]) {
      const pictures = [await cluster.picture()];
      for (let step = 0; step < 3; step += 1) pictures.push(await stepped(cluster, pictures.at(-1)!, press(on)));
      const [, first, second, third] = pictures as [Picture, Picture, Picture, Picture];
      const moments = pictures.map((picture) => seconds(picture.at));
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      // What is drawn differs from step to step, so that being the same again says something.
      expect(new Set([first, second, third].map((picture) => JSON.stringify(picture))).size).toBe(3);
      if (on === message[0]) expect(new Set([first, second, third].map((picture) => picture.messages)).size).toBe(3);
      expect(await stepped(cluster, third, press(back))).toEqual(second);
      expect(await stepped(cluster, second, press(back))).toEqual(first);
    }
  });
}

test('scrubbed to the start and back to a mark, the picture is the same', async ({ page }) => {
  const cluster = await afterRollout(page);
  await scrubTo(cluster, 'web 2/2');
  const picture = await cluster.picture();
  expect(picture.things.filter((thing) => /^Pod web-.*, Running, ready, on worker-\d$/.test(thing))).toHaveLength(2);
  expect(picture.things).toContain('Deployment web: 2 ready of 2, 2 made');

  await page.keyboard.press('Home');
  await expect(cluster.clock).toHaveText('0.000 s');
  await expect(cluster.pods('web-')).toHaveCount(0);
  await expect(cluster.page.getByRole('button', { name: /^Node .*, Ready$/ })).toHaveCount(0);
  await scrubTo(cluster, 'web 2/2');
  await expect(cluster.readyPods('web-')).toHaveCount(2);
  expect(await cluster.picture()).toEqual(picture);

  // And by way of the ruler itself: the beginning of its range, the start button, End.
  await cluster.time.getByRole('slider', { name: 'Time' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => cluster.now()).toBeLessThan(await cluster.momentOf(cluster.mark('web 2/2')));
  await cluster.button('To the start').click();
  await expect(cluster.clock).toHaveText('0.000 s');
  await scrubTo(cluster, 'web 2/2');
  await expect(cluster.readyPods('web-')).toHaveCount(2);
  expect(await cluster.picture()).toEqual(picture);
});

test('Space plays and pauses; a paused clock stands still', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await page.keyboard.press('Space');
  await expect(cluster.time.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(cluster.time.getByText('paused')).toBeVisible();
  const at = await cluster.clock.innerText();
  // A second of the world outside passes: frames are drawn, the clock does not move.
  await page.evaluate(() => new Promise<void>((done) => { let frames = 0; const next = (): void => { frames += 1; if (frames > 30) done(); else requestAnimationFrame(next); }; next(); }));
  await expect(cluster.clock).toHaveText(at);
  await page.keyboard.press('Space');
  await expect(cluster.button('Pause')).toBeVisible();
  await expect(cluster.clock).not.toHaveText(at);
});

test('a quiet stretch is skipped, and the page shows that it is', async ({ page }) => {
  const cluster = await afterRollout(page);
  const node = 'worker-1';
  await cluster.choose(cluster.node(node));
  await cluster.offer('Power off').click();
  await cluster.time.getByLabel('Speed').selectOption('1');
  const from = await cluster.now();
  const wall = Date.now();
  await cluster.play();
  await expect(cluster.time.getByText(/^» skipping (\d+ m )?(\d+ s)?$/)).toBeVisible({ timeout: 30_000 });
  await expect(cluster.mark(`${node} NotReady`)).toBeVisible({ timeout: 40_000 });
  await cluster.pause();
  const passedS = (await cluster.now()) - from;
  expect(passedS).toBeGreaterThan(40);
  expect((Date.now() - wall) / 1000, 'wall seconds for more than forty of the cluster').toBeLessThan(passedS);
  // The ruler keeps a fold where the quiet was.
  await expect(cluster.time.getByText(/^» \d+ s$/).first()).toBeVisible();
});
