import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

test('a Pod is followed until another takes its place; two truths stand side by side where they differ', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply(deployment('web', 2));
  await expect(cluster.readyPods('web')).toHaveCount(2);

  // The legend and the heartbeats are a key away.
  const legend = page.getByRole('region', { name: 'Legend' });
  await page.keyboard.press('l');
  await expect(legend).toContainText('Watch event');
  await page.keyboard.press('l');
  await expect(legend).toHaveCount(0);

  // The camera goes to the Pod and says who came in its place.
  const pod = cluster.readyPods('web').first();
  const name = /^Pod ([\w-]+),/.exec((await pod.getAttribute('aria-label'))!)![1]!;
  const widthBefore = (await pod.boundingBox())!.width;
  await cluster.choose(pod);
  await page.keyboard.press('c');
  const followed = page.getByRole('status', { name: 'Followed' });
  await expect(followed).toContainText(`Pod ${name} Running, on worker-`);
  await expect.poll(async () => (await pod.boundingBox())!.width).toBeGreaterThan(widthBefore * 1.3);
  await cluster.offer('Delete').click();
  await expect(followed).toContainText(/ is (leaving|gone); web-[\w-]+ took its place/);
  await followed.getByRole('button', { name: 'Follow it' }).click();
  await expect(followed).not.toContainText(name);
  await page.keyboard.press('0');
  await expect(followed).toHaveCount(0);

  // Power goes: etcd goes on believing, and the lens says so.
  await expect(cluster.readyPods('web')).toHaveCount(2);
  const node = /on (worker-\d)/.exec((await cluster.readyPods('web').first().getAttribute('aria-label'))!)![1]!;
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  const truths = page.getByRole('region', { name: `Two truths about ${node}` });
  await expect(truths).toContainText('Running');
  await cluster.choose(cluster.node(node));
  await cluster.offer('Power off').click();
  await expect(truths).toContainText('etcd says Running, the node has no power: nothing runs');
});
