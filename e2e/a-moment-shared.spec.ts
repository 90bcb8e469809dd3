import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

test('a link shows somebody else the same moment, of the same world, and leaves their own session alone', async ({ page, browser, context }) => {
  const mine = new ClusterPage(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await mine.open();
  await mine.fast();
  await mine.apply(deployment('web', 2));
  await expect(mine.readyPods('web-').first()).toBeVisible();
  await mine.pause();
  await mine.button('Zoom in').click();
  await mine.menu('Share', 'Copy a link to this moment');
  await expect(page.getByText(/^A link to .* is in the clipboard/)).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#o=1.');

  const theirContext = await browser.newContext({ viewport: page.viewportSize()!, baseURL: new URL(link).origin });
  const theirPage = await theirContext.newPage();
  const theirs = new ClusterPage(theirPage);
  await theirPage.goto(link);
  await expect(theirs.clock).toHaveText(await mine.clock.innerText());
  await expect(theirs.pods('web-')).toHaveCount(2);
  const [here, there] = [await mine.picture(), await theirs.picture()];
  expect(there.things).toEqual(here.things);
  expect(there.log).toEqual(here.log);
  const transform = (cluster: ClusterPage): Promise<string> => cluster.stage.locator('.react-flow__viewport').evaluate((element) => getComputedStyle(element).transform);
  expect(await transform(theirs)).toBe(await transform(mine));
  // The world itself is the same, bit for bit: a link from there carries the same hash.
  await expect(theirPage.getByText('another version of Orrery')).toHaveCount(0);
  expect(await hashOf(theirPage, theirs)).toBe(await unpacked(page, link));
  // What came with the link is not in the address any more, and not kept as theirs.
  expect(new URL(theirPage.url()).hash).toBe('');
  await theirPage.reload();
  await expect(theirs.pods('web-')).toHaveCount(0);
  await expect(theirs.node('worker-1')).toBeVisible();

  const damaged = await theirContext.newPage();
  await damaged.goto(link.slice(0, -20));
  await expect(damaged.getByText(/^This link is damaged/)).toBeVisible();
  await expect(new ClusterPage(damaged).node('worker-1')).toBeVisible();
  // Played by another version, the world is another one: that is said.
  const changed = await theirContext.newPage();
  await changed.goto(await withOtherHash(page, link));
  await expect(changed.getByText(/another version of Orrery/)).toBeVisible();
  await theirContext.close();
});

/** The clipboard of that context is denied: the link stands in a field. */
async function hashOf(page: import('@playwright/test').Page, cluster: ClusterPage): Promise<string> {
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); });
  await cluster.menu('Share', 'Copy a link to this moment');
  return unpacked(page, await page.getByRole('region', { name: 'Link to this moment' }).getByRole('textbox').inputValue());
}

/** What the link says the world is at its moment. */
const unpacked = (page: import('@playwright/test').Page, link: string): Promise<string> => page.evaluate(async (text) => {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const moment = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json() as { atUs: number; recording: { check: { atUs: number; hash: string } } };
  if (moment.recording.check.atUs !== moment.atUs || !/^[0-9a-f]+$/.test(moment.recording.check.hash)) throw new Error('the link carries no hash of its moment');
  return `${moment.atUs} ${moment.recording.check.hash}`;
}, link.slice(link.indexOf('#o=1.') + 5));

const withOtherHash = (page: import('@playwright/test').Page, link: string): Promise<string> => page.evaluate(async ([start, text]) => {
  const bytes = Uint8Array.from(atob(text!.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const moment = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json() as { recording: { check: { hash: string } } };
  moment.recording.check.hash = 'abc';
  const packed = new Uint8Array(await new Response(new Blob([JSON.stringify(moment)]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer());
  return start! + btoa(String.fromCharCode(...packed)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}, [link.slice(0, link.indexOf('#o=1.') + 5), link.slice(link.indexOf('#o=1.') + 5)]);
