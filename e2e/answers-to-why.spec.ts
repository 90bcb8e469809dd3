import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const alone = `apiVersion: v1
kind: Pod
metadata: {name: alone}
spec:
  containers:
  - {name: web, image: "nginx:1.27"}
`;
const giant = `apiVersion: apps/v1
kind: Deployment
metadata: {name: giant}
spec:
  selector: {matchLabels: {app: giant}}
  template:
    metadata: {labels: {app: giant}}
    spec:
      containers:
      - {name: main, image: "nginx:1.27", resources: {requests: {cpu: "6"}}}
`;

async function saved(page: Page, press: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('what led to the start of a container: the user; seen as a waterfall, lit on the stage, and taken away as a file', async ({ page }) => {
  const cluster = new ClusterPage(page);
  const { inspector } = cluster;
  await cluster.open();
  await cluster.fast();
  await cluster.apply(alone);
  await expect(cluster.readyPods('alone')).toHaveCount(1);
  await cluster.pause();
  await cluster.log.getByRole('button', { name: /asks containerd: StartContainer/ }).click();
  await inspector.getByRole('button', { name: 'Causes and effects' }).click();
  await expect(inspector).toContainText(/kubelet on worker-\d asks containerd: StartContainer, \d+ steps after “apply web\.yaml”\./);

  const tree = inspector.getByRole('tree', { name: 'Causes and effects' });
  const levels = await tree.getByRole('treeitem').evaluateAll((items) => items.map((item) => [Number(item.getAttribute('aria-level')), item.textContent] as const));
  expect(levels[0]).toEqual([1, expect.stringMatching(/^You: apply web\.yaml/)]);
  for (const step of [/^kubectl creates Pod alone/, /^kube-scheduler binds Pod alone to worker-\d/, /RunPodSandbox alone/, /PullImage nginx:1\.27/]) expect(levels.some(([, text]) => step.test(text ?? ''))).toBe(true);

  // The waterfall has one tab stop; its arrows go through time, to the cause and to what it caused.
  const fall = inspector.getByRole('group', { name: /^Waterfall/ });
  await expect(fall.locator('[data-span]')).toHaveCount(levels.length);
  await expect(fall.locator('[data-playhead]')).toHaveCount(1);
  const step = inspector.getByRole('region', { name: 'Selected step' });
  await expect(step.getByRole('heading')).toHaveText('StartContainer');
  await fall.focus();
  await page.keyboard.press('ArrowDown');
  await expect(step.getByRole('heading')).toHaveText('StartContainerResponse');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(step.getByRole('heading')).toHaveText('CreateContainerResponse');
  await expect(tree.getByRole('treeitem', { selected: true })).toContainText('CreateContainerResponse');
  await page.keyboard.press('Home');
  await expect(step.getByRole('heading')).toHaveText('apply web.yaml');

  const mermaid = await saved(page, () => inspector.getByRole('button', { name: 'Sequence diagram (Mermaid)' }).click());
  expect(mermaid.name).toMatch(/^causality-\d+\.mmd$/);
  expect(mermaid.text).toMatch(/^sequenceDiagram\n[^]*actor you as You\n[^]*participant c\d as kubelet on worker-\d\n[^]*Note over you: apply web\.yaml\n[^]*c\d->>c\d: StartContainer\n/);
  const trace = await saved(page, () => inspector.getByRole('button', { name: 'Trace (OpenTelemetry)' }).click());
  const { resourceSpans } = JSON.parse(trace.text) as { resourceSpans: { scopeSpans: { spans: { name: string; traceId: string; parentSpanId?: string }[] }[] }[] };
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  expect(spans).toHaveLength(levels.length);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined).map(({ name }) => name)).toEqual(['apply web.yaml']);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);

  const lit = page.getByText(/^Lit: what led to “StartContainer” and what came of it/);
  await inspector.getByRole('button', { name: 'Light it on the stage' }).click();
  await expect(lit).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(lit).toHaveCount(0);

  const script = await saved(page, () => cluster.menu('Share', /kubectl script/));
  expect(script.name).toBe('orrery.sh');
  expect(script.text).toContain(`kubectl apply -f - <<'EOF'\n${alone}EOF\n`);
});

test('why a Pod fits nowhere: the scheduler\'s own sentence, and a click that makes it run', async ({ page }) => {
  const cluster = new ClusterPage(page);
  const { inspector } = cluster;
  await cluster.open();
  await cluster.fast();
  await cluster.apply(giant);
  await expect(cluster.pods('giant')).toHaveAttribute('aria-label', /Pending/);
  await cluster.choose(cluster.pods('giant'));
  await cluster.offer('Why?').click();
  const why = inspector.getByRole('region', { name: 'Why?' });
  await expect(why).toContainText(/No node takes giant-\w+-\w+: “0\/4 nodes are available: 1 node\(s\) had untolerated taint\(s\), 3 Insufficient cpu\. no new claims to deallocate, preemption: 0\/4 nodes are available: 4 Preemption is not helpful for scheduling”\./);
  await expect(why.getByRole('button', { name: /^Event FailedScheduling: 0\/4 nodes are available/ })).toBeVisible();
  await why.getByRole('button', { name: 'Request no more than 4 cpu' }).click();
  await expect(cluster.readyPods('giant')).toHaveCount(1);
  // The one that fitted nowhere is gone, and nothing is left to ask.
  await cluster.choose(cluster.thing('Deployment', 'giant'));
  await expect(why).toContainText('giant has all it asks for: 1 replica of 1 available.');
});
