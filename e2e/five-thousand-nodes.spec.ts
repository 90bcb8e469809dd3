import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const large = './?synthetic=5000x150000';

test('five thousand nodes: told in numbers, a lost one found, chosen and shown as a card, by keyboard too', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto(large);
  const panel = page.getByRole('region', { name: 'All nodes and Pods' });
  // It never passes for a world that runs.
  await expect(panel).toContainText('synthetic: statuses from a seed, no components run');
  const nodes = panel.getByRole('heading', { name: /^5,000 nodes: [\d,]+ Ready, .*\d+ NotReady$/ });
  await expect(nodes).toBeVisible();
  await expect(panel.getByRole('heading', { name: /^150,000 Pods: [\d,]+ Running, .*\d+ failing$/ })).toBeVisible();

  // From here on nothing changes any more.
  await cluster.pause();
  const said = (await nodes.getAttribute('aria-label'))!.replaceAll(',', '');
  const lost = Number(/(\d+) NotReady$/.exec(said)![1]);
  const doors = panel.getByRole('button', { name: /^Go to node [\w-]+, NotReady$/ });
  await expect(doors).toHaveCount(Math.min(40, lost));

  // Seen from afar there are no cards, only the picture, and one place in it for the keyboard.
  const cards = cluster.stage.getByRole('button', { name: /^Node / });
  await expect(cards).toHaveCount(1);
  await expect(cards).toHaveAccessibleName(/^Node node-0001, /);
  await cluster.stage.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(cards).toBeFocused();
  const reached = /^Node node-(\d+),/.exec((await cards.getAttribute('aria-label'))!)![1];
  expect(Number(reached)).toBeGreaterThan(2);
  await page.keyboard.press('Enter');
  await expect(cards).toHaveAttribute('aria-pressed', 'true');

  // A lost node is one click away, and is a card when one is there.
  const name = /^Go to node ([\w-]+),/.exec((await doors.last().getAttribute('aria-label'))!)![1]!;
  await doors.last().click();
  await expect(cluster.node(name)).toHaveAccessibleName(new RegExp(`^Node ${name}, NotReady, \\d+ Pods: .*Running, not ready`));
  await expect(cluster.node(name)).toHaveAttribute('aria-pressed', 'true');
  await expect(cluster.node(name)).toContainText('NotReady');
  expect(await cards.count()).toBeGreaterThan(1);

  // By name too; and back out again to all of them.
  await panel.getByRole('textbox', { name: 'Go to a node by its name' }).fill('node-3210');
  await page.keyboard.press('Enter');
  await expect(cluster.node('node-3210')).toHaveAttribute('aria-pressed', 'true');
  await cluster.button('Fit').click();
  await expect(cards).toHaveCount(1);
});

test('time goes both ways over five thousand nodes, and what needs a component is refused', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto(large);
  const heading = page.getByRole('heading', { name: /^150,000 Pods/ });
  await expect(heading).toBeVisible();
  await cluster.pause();
  const before = await heading.getAttribute('aria-label');
  const picture = async (): Promise<string> => cluster.stage.locator('canvas').first().evaluate((canvas) => new Promise<string>((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => done((canvas as HTMLCanvasElement).toDataURL())));
  }));
  const first = await picture();
  await cluster.button('On to the next change').click();
  await expect(heading).not.toHaveAttribute('aria-label', before!);
  await expect.poll(picture).not.toBe(first);
  const [there, drawn] = [await heading.getAttribute('aria-label'), await picture()];
  await cluster.button('On to the next change').click();
  await expect(heading).not.toHaveAttribute('aria-label', there!);
  await expect.poll(picture).not.toBe(drawn);
  await cluster.button('Back to the change before').click();
  await expect(heading).toHaveAttribute('aria-label', there!);
  await expect.poll(picture).toBe(drawn);

  await cluster.applyButton.click();
  await expect(page.getByText(/no component runs that could do this/).first()).toBeVisible();
  await expect(heading).toBeVisible();
});

test('one Pod of 150,000 is found by its number, chosen in its tile and lit; what the lens can show is said', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto(large);
  const panel = page.getByRole('region', { name: 'All nodes and Pods' });
  await expect(panel.getByRole('heading', { name: /^150,000 Pods/ })).toBeVisible();
  await cluster.pause();

  // By its number, from the palette: the camera goes to its node.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search/ }).fill('pod 75000');
  await expect(page.getByRole('listbox', { name: 'Found' }).getByRole('option').first()).toContainText('pod-075000');
  await page.keyboard.press('Enter');
  const chosen = cluster.pods('pod-075000');
  await expect(chosen).toHaveAttribute('aria-pressed', 'true');
  const node = /on (node-\d+)/.exec((await chosen.getAttribute('aria-label'))!)![1]!;
  await expect(cluster.node(node)).toBeVisible();
  await expect(page.getByRole('toolbar', { name: 'What can be done to Pod pod-075000' })).toBeVisible();

  // Its neighbour in the tile, and one in another tile that has no things of its own yet, with the pointer.
  await cluster.pods('pod-075001').click();
  await expect(cluster.pods('pod-075001')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  const next = /^Node node-(\d+)/.exec((await cluster.node(node).getAttribute('aria-label'))!)![1]!;
  const beside = cluster.node(`node-${String(Number(next) + 1).padStart(4, '0')}`);
  const box = (await beside.boundingBox())!;
  await page.mouse.click(box.x + 24, box.y + 104);
  await expect(cluster.stage.getByRole('button', { name: new RegExp(`^Pod pod-\\d+, .*, on node-0*${Number(next) + 1}$`) }).and(page.locator('[aria-pressed="true"]'))).toHaveCount(1);
  await page.keyboard.press('Escape');

  // What does not match is dim; the bar counts all of them.
  await cluster.button('Fit').click();
  // As it is seen, below the bars: what is drawn may lie under something.
  const seen = async (): Promise<string> => (await page.screenshot({ clip: { x: 700, y: 300, width: 400, height: 250 } })).toString('base64');
  await expect(page.getByRole('toolbar', { name: /^What can be done/ })).toHaveCount(0);
  const before = await seen();
  await page.keyboard.press('/');
  await page.getByRole('textbox', { name: 'What to light' }).fill('kind:pod status:pending');
  await expect(page.getByRole('search')).toContainText(/[1-9]\d* of 155000 things/);
  await expect.poll(seen).not.toBe(before);
  await page.keyboard.press('Escape');
  await expect.poll(seen).toBe(before);

  await page.keyboard.press('2');
  await expect(panel).toContainText('Two truths: statuses from a seed have only one.');
});
