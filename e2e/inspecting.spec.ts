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
  await expect(cluster.readyPods('alone')).toHaveCount(1);
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

test('a Pod\'s scheduling, guessed before it is seen, its history down to the diff, and who set its fields', async ({ page }) => {
  const cluster = await withPod(page);
  await cluster.choose(cluster.pods('alone'));
  await cluster.offer('Inspect').click();
  const { inspector } = cluster;
  // Who set a field: by the keyboard, line by line.
  const line = (text: RegExp) => inspector.getByRole('treeitem').filter({ hasText: text });
  await line(/^\s*podIP: [\d.]+$/).focus();
  await expect(inspector).toContainText(/status\.podIP\s*kubelet.*, by Update, last at \d/);
  // A binding is tracked by nobody, as in the real server.
  await line(/nodeName: worker-\d/).focus();
  await expect(inspector).toContainText(/spec\.nodeName\s*no single manager/);
  const fields = inspector.getByRole('treeitem', { name: /managedFields/ });
  await expect(fields).toHaveAttribute('aria-expanded', 'false');
  await fields.focus();
  await page.keyboard.press('ArrowRight');
  await expect(inspector.getByRole('treeitem').filter({ hasText: /manager: kubelet/ })).toHaveCount(1);

  await inspector.getByRole('tab', { name: 'Scheduling' }).click();
  const chosen = /goes to (worker-\d): 3 of 4 nodes fit/.exec(await inspector.getByText(/default\/alone goes to/).innerText())![1]!;
  await expect(inspector.getByRole('row', { name: /^TaintToleration/ }).first()).toContainText('node(s) had untolerated taint(s)');
  await expect(inspector.getByRole('row', { name: /^TaintToleration weight 3/ })).toContainText('0 → 100 × 3 = 300');
  await inspector.getByRole('button', { name: 'Cover the answer and guess' }).click();
  await expect(inspector).not.toContainText(`goes to ${chosen}`);
  await inspector.getByRole('radio', { name: 'control-plane-1' }).check();
  await inspector.getByRole('button', { name: 'Reveal' }).click();
  await expect(inspector.getByRole('status')).toContainText('Not control-plane-1: TaintToleration refuses it');
  await expect(inspector.getByRole('status')).toContainText(`chance took ${chosen}`);

  await inspector.getByRole('tab', { name: 'History' }).click();
  const revisions = inspector.getByRole('listitem').filter({ has: page.getByTitle('Go to this moment') });
  await expect(revisions.last()).toContainText('created by kubectl');
  const bound = revisions.filter({ hasText: '/binding' });
  await bound.getByRole('button', { name: 'What changed' }).click();
  await expect(bound.getByRole('row', { name: /^spec\.nodeName absent/ })).toContainText(chosen);
  await expect(bound.getByRole('region', { name: /before and after/ })).toContainText(`+   nodeName: ${chosen}`);
  // The request behind it, beside its answer.
  await bound.getByRole('button', { name: /^POST .*\/binding$/ }).click();
  await expect(inspector.getByRole('region', { name: 'Response' })).toContainText('201 Created');
  await expect(inspector.getByRole('row', { name: /^spec\.nodeName/ })).toContainText(chosen);
});

test('etcd by its keys, a machine by what is on it', async ({ page }) => {
  const cluster = await withPod(page);
  await cluster.choose(cluster.component('etcd'));
  await cluster.offer('Inspect').click();
  const { inspector } = cluster;
  await inspector.getByRole('tab', { name: 'Keys and watchers' }).click();
  await expect(inspector).toContainText('1 of 1 member running; writes need 1');
  await inspector.getByRole('button', { name: /^pods\/default\// }).click();
  await inspector.getByRole('button', { name: /^alone/ }).click();
  await expect(inspector.getByRole('definition').filter({ hasText: '/registry/pods/default/alone' })).toBeVisible();
  await expect(inspector.getByRole('row', { name: /^\/registry\/pods\// })).toContainText('control-plane-1/kube-apiserver');
  const node = /on (worker-\d)/.exec((await cluster.pods('alone').getAttribute('aria-label'))!)![1]!;
  await inspector.getByRole('button', { name: 'Close the inspector' }).click();
  await cluster.choose(cluster.node(node));
  await cluster.offer('Inspect').click();
  await inspector.getByRole('tab', { name: 'Machine' }).click();
  await expect(inspector.getByRole('row', { name: /^default\/alone/ }).first()).toBeVisible();
  await expect(inspector).toContainText('Sandboxes');
  await expect(inspector.getByRole('row', { name: /^default\/kubernetes:https/ }).or(inspector.getByText('default/kubernetes:https'))).toBeVisible();
});
