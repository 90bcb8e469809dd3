import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

const root = join(import.meta.dirname, '..');

/** `npm run serve`, as a presenter starts it beside a terminal. */
function serve(): Promise<{ readonly url: string; readonly server: ChildProcess }> {
  const server = spawn(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'src/server/serve.ts', '--port', '0', '--speed', '20'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    server.stdout.on('data', (chunk: Buffer) => {
      const url = /The cluster's API is at (\S+)/.exec(chunk.toString())?.[1];
      if (url !== undefined) resolve({ url, server });
    });
  });
}

test('what a client does to the served cluster moves on the page, and what the page does reaches the client', async ({ page }) => {
  const { url, server } = await serve();
  try {
    const cluster = new ClusterPage(page);
    await cluster.open(url);

    const config = new KubeConfig();
    config.loadFromOptions({ clusters: [{ name: 'o', server: url, skipTLSVerify: true }], users: [{ name: 'u' }], contexts: [{ name: 'c', cluster: 'o', user: 'u' }], currentContext: 'c' });
    const apps = config.makeApiClient(AppsV1Api);
    const labels = { app: 'web' };
    await apps.createNamespacedDeployment({ namespace: 'default', body: { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } } } });
    await page.keyboard.press('End');
    await expect(cluster.readyPods('web-')).toHaveCount(2);

    const power = await fetch(`${url}/_orrery/commands`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ type: 'power-off-node', node: 'worker-2' }) });
    expect(power.status).toBe(200);
    await expect(page.getByRole('button', { name: /^Node worker-2, powered off/ })).toBeVisible();

    await cluster.choose(cluster.thing('Deployment', 'web'));
    await cluster.offer('Delete').click();
    await expect.poll(async () => (await apps.listNamespacedDeployment({ namespace: 'default' })).items.length).toBe(0);
  } finally {
    server.kill();
  }
});
