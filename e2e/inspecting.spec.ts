import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: alone
spec:
  containers:
  - name: web
    image: nginx:1.27
    livenessProbe:
      httpGet: {path: /, port: 80}
`;

async function withPod(page: Page): Promise<ClusterPage> {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply(pod);
  await expect(cluster.readyPods('alone')).toHaveCount(1, { timeout: 60_000 });
  await cluster.pause();
  return cluster;
}

test('a Pod: its YAML with what is not yet acted on marked, and its events', async ({ page }) => {
  const cluster = await withPod(page);
  await cluster.choose(cluster.pods('alone'));
  await cluster.offer('Inspect').click();
  const { inspector } = cluster;
  await expect(inspector.getByRole('heading', { name: 'Pod alone' })).toBeVisible();
  await expect(inspector).toContainText('Stored and shown, but not yet acted on here: spec.containers[0].livenessProbe');
  const marked = inspector.getByTitle('stored, not yet acted on');
  await expect(marked.filter({ hasText: /^\s+(- )?livenessProbe:\s*$/ })).toHaveCount(1);
  await expect(inspector).toContainText(/podIP: 10\.244\.\d+\.\d+/);
  await expect(inspector).toContainText(/nodeName: worker-\d/);
  await expect(inspector).toContainText('phase: Running');
  await expect(inspector.getByRole('listitem').filter({ hasText: /^(Scheduled|Pulling|Pulled|Created|Started)/ })).toHaveText([
    /^Scheduled Successfully assigned default\/alone to worker-\d$/, /^Pulling Pulling image "nginx:1\.27"$/, /^Pulled Successfully pulled image "nginx:1\.27" in /, /^Created /, /^Started /,
  ]);
  await inspector.getByRole('button', { name: 'Close the inspector' }).click();
  await expect(inspector).toHaveCount(0);
});

test('a message: why it was sent, back to the user', async ({ page }) => {
  const cluster = await withPod(page);
  const line = cluster.log.getByRole('button', { name: /^kubelet on worker-\d asks containerd: StartContainer/ });
  await line.click();
  const { inspector } = cluster;
  await expect(inspector.getByRole('heading', { name: 'Why? Back to where it began' })).toBeVisible();
  const causes = await inspector.getByRole('list').last().getByRole('button').allInnerTexts();
  const place = (part: RegExp): number => causes.findIndex((cause) => part.test(cause));
  // From the effect back to the cause: each is further down than the one it led to.
  const chain = [/CreateContainer/, /PullImage/, /RunPodSandbox/, /kube-scheduler binds Pod alone to worker-\d/, /kubectl creates Pod alone/, /You: apply web\.yaml|You act|apply/];
  const places = chain.map(place);
  expect(places.every((each) => each >= 0), `${String(places)} in ${causes.join(' | ')}`).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(causes.at(-1)).toMatch(/^apply web\.yaml\s+You: apply web\.yaml\s/);
  // Each cause is a door to its own page.
  await inspector.getByRole('button', { name: /kube-scheduler binds Pod alone/ }).click();
  await expect(inspector.getByRole('heading', { level: 2 })).toHaveText(/^POST \/api\/v1\/namespaces\/default\/pods\/alone\/binding$/);
  await expect(inspector).toContainText(/target:\s+apiVersion: v1\s+kind: Node|kind: Node/);
});

test('a component: the chart it runs by, with its active state, and what it knows', async ({ page }) => {
  const cluster = await withPod(page);
  await cluster.choose(cluster.component('kube-scheduler'));
  await cluster.offer('Inspect').click();
  const { inspector } = cluster;
  await expect(inspector.getByRole('heading', { name: 'The chart it runs by' })).toBeVisible();
  const state = inspector.getByRole('definition').filter({ has: page.locator('code') }).first();
  await expect(state).toHaveText(/\w+( › .+)?/);
  // The state that is lit in the chart is the one that is told, and its ways out are listed.
  const leaf = (await state.innerText()).split(' › ').at(-1)!.trim();
  expect(leaf).not.toBe('—');
  await expect(inspector.getByRole('figure')).toContainText(/While /);
  await expect(inspector.getByRole('figure').locator('ul li').first()).toBeVisible();
  await expect(inspector.getByRole('heading', { name: 'What it knows' })).toBeVisible();
  await expect(inspector.getByRole('link', { name: /scheduler/ })).toHaveAttribute('href', /^https:\/\/github\.com\/kubernetes\/kubernetes\/tree\/.+\/pkg\/scheduler/);
});
