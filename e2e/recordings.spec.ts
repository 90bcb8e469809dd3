import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { afterRollout } from './after-rollout.ts';
import { ClusterPage } from './cluster-page.ts';

async function saved(page: Page): Promise<{ readonly text: string; readonly name: string; readonly check: { readonly atUs: number; readonly hash: string } }> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
  const text = await readFile(await file.path(), 'utf8');
  return { text, name: file.suggestedFilename(), check: JSON.parse(text).check };
}

/** Drops files on the page as the browser tells of them. */
async function drop(page: Page, files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of all) dataTransfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }));
    (globalThis as { held?: DataTransfer }).held = dataTransfer;
  }, files);
  await expect(page.getByText('Drop it here')).toBeVisible();
  await page.evaluate(() => { document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: (globalThis as { held?: DataTransfer }).held! })); });
  await expect(page.getByText('Drop it here')).toBeHidden();
}

test('a session saved as a file is the same world in another browser, and a damaged file changes nothing', async ({ page, browser, baseURL }) => {
  const cluster = await afterRollout(page);
  await cluster.mark('web 2/2').click();
  await cluster.button('Zoom in').click();
  const looksAt = (on: ClusterPage): Promise<string> => on.stage.locator('.react-flow__viewport').evaluate((viewport) => getComputedStyle(viewport).transform);
  await expect.poll(() => looksAt(cluster)).not.toMatch(/^matrix\(1, 0, 0, 1, /);
  const [picture, file, camera] = [await cluster.picture(), await saved(page), await looksAt(cluster)];
  expect(file.name).toBe('web.orrery.json');

  const other = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...(baseURL === undefined ? {} : { baseURL }) });
  const fresh = new ClusterPage(await other.newPage());
  await fresh.open();
  await fresh.pause();
  const before = await fresh.picture();

  const refused: readonly (readonly [name: string, text: string, sentence: RegExp])[] = [
    ['cut.orrery.json', file.text.slice(0, file.text.length / 2), /cut\.orrery\.json: This recording is damaged/],
    ['deed.orrery.json', file.text.replace('"apply-manifest"', '"format-disk"'), /can not do: “format-disk”/],
    ['place.orrery.json', file.text.replace('three-nodes', 'nine-moons'), /nothing was changed\. no topology is called nine-moons/],
    ['picture.png', 'no picture', /Only recordings/],
  ];
  for (const [name, text, sentence] of refused) {
    await drop(fresh.page, [{ name, text }]);
    await expect(fresh.page.getByText(sentence)).toBeVisible();
    expect(await fresh.picture()).toEqual(before);
  }

  await drop(fresh.page, [{ name: file.name, text: file.text }]);
  await expect(fresh.page.getByText(/^“web” was opened: 1 action, shown at /)).toBeVisible();
  await expect(fresh.page.getByText(/another version/)).toHaveCount(0);
  await expect(fresh.clock).toHaveText(picture.at);
  await expect.poll(() => looksAt(fresh)).toBe(camera);
  const opened = await fresh.picture();
  expect(opened.things).toEqual(picture.things);
  expect(opened.messages).toBe(picture.messages);
  expect((await saved(fresh.page)).check).toEqual(file.check);

  // One whose check names another state is played, but says so.
  await drop(fresh.page, [{ name: 'web.orrery.json', text: file.text.replace(file.check.hash, '0'.repeat(file.check.hash.length)) }]);
  await expect(fresh.page.getByText(/made by another version of Orrery/)).toBeVisible();

  // Manifests go into the editor.
  await drop(fresh.page, [{ name: 'a.yaml', text: 'kind: A\n' }, { name: 'b.yml', text: 'kind: B' }]);
  await expect(fresh.editor).toHaveValue('kind: A\n---\nkind: B\n');
  await other.close();
});
