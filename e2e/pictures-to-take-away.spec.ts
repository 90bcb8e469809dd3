import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

async function taken(page: Page, cluster: ClusterPage, item: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), cluster.menu('Share', item)]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('the stage is taken away as SVG and PNG, with all that is on it and the moment it shows', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto('./?scene=node-dies');
  await expect(cluster.pods('web-')).toHaveCount(3);
  await cluster.pause();

  const { name, bytes } = await taken(page, cluster, 'Download the stage as SVG');
  expect(name).toMatch(/^orrery-\d+\.\d{3}s\.svg$/);
  // It is a picture by itself: read as XML, and nothing in it is to be fetched from anywhere.
  const read = await page.evaluate((text) => {
    const picture = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      broken: picture.querySelector('parsererror')?.textContent ?? '', words: [...picture.querySelectorAll('text')].map((each) => each.textContent ?? ''),
      title: picture.querySelector('title')?.textContent, links: [...picture.querySelectorAll('[href]')].map((each) => each.getAttribute('href')!.slice(0, 15)), pipes: picture.querySelectorAll('path').length,
    };
  }, bytes.toString('utf8'));
  expect(read.broken).toBe('');
  expect(read.title).toBe('A node dies');
  expect(read.links).toEqual(['data:image/png;']);
  expect(read.pipes).toBeGreaterThanOrEqual(await cluster.stage.locator('.react-flow__edge').count());
  const names = await cluster.stage.getByRole('button', { name: /^(Pod|Node) / }).evaluateAll((all) => all.map((each) => /^\w+ ([\w-]+)/.exec(each.getAttribute('aria-label')!)![1]!));
  expect(names).toHaveLength(7);
  // A machine's name is two pieces, of which the first may be cut.
  for (const each of names.map((one) => one.slice(-5))) expect(read.words.join('')).toContain(each);
  for (const each of [await cluster.clock.innerText(), 'kube-apiserver', 'Orrery']) expect(read.words.join(' ')).toContain(each);

  const png = await taken(page, cluster, 'Download the stage as PNG');
  const stage = (await page.getByRole('region', { name: 'The cluster' }).boundingBox())!;
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(png.bytes.readUInt32BE(16)).toBe(Math.round(stage.width) * 2);
  // A picture with something on it, not an empty sheet.
  expect(png.bytes.length).toBeGreaterThan(50_000);
});

test('the next ten seconds are taken away as a video; a video that is given up is not', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto('./?scene=rollout');
  await expect(cluster.pods('web-')).toHaveCount(4);
  await cluster.pause();
  const recording = page.getByRole('region', { name: 'Recording a video' });
  await cluster.menu('Share', 'Record a video of the next 10 seconds');
  await recording.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The video was given up; nothing was saved.')).toBeVisible();
  await expect(recording).toHaveCount(0);

  const { name, bytes } = await taken(page, cluster, 'Record a video of the next 10 seconds');
  expect(name).toBe('orrery.webm');
  // It can be played, is as large as the stage with its words, and things move in it.
  const elsewhere = await page.context().newPage();
  const film = await elsewhere.evaluate(async (base64) => {
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'video/webm' }));
    await video.play();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const still = (): string => { canvas.getContext('2d')!.drawImage(video, 0, 0); return canvas.toDataURL(); };
    const stills = new Set<string>();
    while (!video.ended && stills.size < 5) {
      await new Promise((done) => { setTimeout(done, 200); });
      stills.add(still());
    }
    return { width: video.videoWidth, stills: stills.size };
  }, bytes.toString('base64'));
  const stage = (await page.getByRole('region', { name: 'The cluster' }).boundingBox())!;
  expect(film).toEqual({ width: Math.round(stage.width) & ~1, stills: 5 });
});
