import { expect, test } from '@playwright/test';
import { afterRollout } from './after-rollout.ts';
import { seconds } from './cluster-page.ts';

test('a fork differs only after its moment, stands beside the other future, and is found again after a reload', async ({ page }) => {
  const cluster = await afterRollout(page);
  await page.getByRole('button', { name: 'More ways through time' }).click();
  await page.getByRole('menuitem', { name: /^Fork here/ }).click();
  await cluster.choose(cluster.node('worker-1'));
  await cluster.offer('Power off').click();
  await expect(cluster.mark('kill worker-1')).toBeVisible();
  const parted = await cluster.clock.innerText();

  await page.getByRole('button', { name: 'Futures: 2' }).click();
  await page.getByRole('button', { name: 'Show beside: the first future' }).click();
  const here = page.getByRole('region', { name: 'The cluster in “kill worker-1”' });
  const there = page.getByRole('region', { name: 'The cluster in “the first future”' });
  const differences = page.getByRole('region', { name: 'What differs' });
  // At the very moment of the act the two are still one, but for the act.
  await expect(differences).toContainText(`part at ${parted}`);

  await page.keyboard.press('PageDown');
  await expect(cluster.mark(/^To worker-1 NotReady/)).toHaveCount(1);
  await expect(here.getByRole('button', { name: /^Node worker-1, powered off/ })).toBeVisible();
  await expect(there.getByRole('button', { name: /^Node worker-1, Ready/ })).toBeVisible();
  await expect(differences.getByRole('row', { name: /^machine worker-1 powered off has power$/ })).toBeVisible();
  await expect(differences.getByRole('row', { name: /^Node worker-1 Unknown.* Ready$/ })).toBeVisible();

  // Before it, not one thing differs, on the stages and in the table.
  const pictureOf = async (stage: typeof here): Promise<string[]> => cluster.sentences(stage.getByRole('button', { name: /^(Pod|Node|Deployment|ReplicaSet) |^kube-|^etcd|^kubelet/ }));
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageUp');
  await expect(differences).toContainText('Up to here the two are one.');
  await expect(differences.getByRole('row')).toHaveCount(0);
  expect(seconds(await cluster.clock.innerText())).toBeLessThan(seconds(parted));
  await expect.poll(async () => JSON.stringify(await pictureOf(there))).toBe(JSON.stringify(await pictureOf(here)));
  expect((await pictureOf(here)).length).toBeGreaterThan(8);

  // Kept: both are there after a reload, and one can go over to the other.
  await page.waitForFunction(() => (localStorage.getItem('orrery/session/1') ?? '').includes('"name":"kill worker-1"'));
  await page.reload();
  await page.getByRole('button', { name: 'Futures: 2' }).click();
  await page.getByRole('button', { name: 'Switch to the first future' }).click();
  await expect(cluster.mark('kill worker-1')).toHaveCount(0);
  await page.keyboard.press('End');
  await expect(cluster.node('worker-1')).toHaveAttribute('aria-label', /Ready/);
});

test('a moment is looped; by cause, time goes from a message to what led to it and back', async ({ page }) => {
  const cluster = await afterRollout(page);

  // Back by cause, as far as to the command itself, and on again the way that was come.
  await cluster.log.getByRole('listitem').last().getByRole('button').click();
  const shown = cluster.inspector.getByRole('heading').first();
  const title = async (): Promise<string> => {
    await expect(shown).not.toHaveText('Record');
    return shown.innerText();
  };
  const titles = [await title()];
  const turn = async (key: string): Promise<void> => {
    const before = await cluster.inspector.innerText();
    await page.keyboard.press(key);
    await expect.poll(() => cluster.inspector.innerText()).not.toBe(before);
  };
  for (let step = 0; step < 3; step += 1) {
    await turn('[');
    titles.push(await title());
  }
  const earliest = await cluster.now();
  for (const each of titles.slice(0, -1).reverse()) {
    await turn(']');
    await expect(shown).toHaveText(each);
  }
  expect(await cluster.now()).toBeGreaterThanOrEqual(earliest);
  await cluster.inspector.getByRole('button', { name: 'Close' }).click();

  await cluster.mark('apply web.yaml').click();
  const begin = await cluster.now();
  await page.keyboard.press('o');
  await expect(cluster.time.getByRole('button', { name: /^The loop begins here/ })).toBeVisible();
  const at = await cluster.clock.innerText();
  for (let step = 0; step < 12; step += 1) await page.keyboard.press('ArrowRight');
  await expect(cluster.clock).not.toHaveText(at);
  let last = '';
  await expect.poll(async () => { const before = last; last = await cluster.clock.innerText(); return last === before; }, { intervals: [400] }).toBe(true);
  await page.keyboard.press('o');
  const end = await cluster.now();
  expect(end).toBeGreaterThan(begin);
  await expect(cluster.time.getByRole('button', { name: /^Loop of/ })).toBeVisible();
  const moments = await page.evaluate(() => new Promise<string[]>((done) => {
    const seen: string[] = [];
    window.dispatchEvent(new KeyboardEvent('keydown', { key: ' ' }));
    const look = (): void => {
      seen.push(document.querySelector('footer time')!.textContent!);
      if (seen.length > 240) done(seen);
      else requestAnimationFrame(look);
    };
    look();
  }));
  const times = moments.map(seconds);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(begin);
  expect(Math.max(...times)).toBeLessThanOrEqual(end);
  expect(times.filter((at, index) => index > 0 && at < times[index - 1]!).length, 'times it began again').toBeGreaterThan(1);
  await page.keyboard.press('o');
  await expect.poll(() => cluster.now()).toBeGreaterThan(end);
});
