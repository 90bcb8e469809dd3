import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

async function opened(page: Page): Promise<ClusterPage> {
  const cluster = new ClusterPage(page);
  await cluster.listen();
  await cluster.open();
  await cluster.fast();
  return cluster;
}

/** Chooses a thing and does one of the things that can be done to it; by mouse, or by keyboard alone. */
async function act(cluster: ClusterPage, way: 'mouse' | 'keyboard', thing: ReturnType<ClusterPage['node']>, offer: string | RegExp): Promise<void> {
  if (way === 'mouse') {
    await cluster.choose(thing);
    await cluster.offer(offer).click();
  } else {
    await cluster.reach(thing);
    await cluster.page.keyboard.press('Enter');
    const button = cluster.offer(offer);
    await expect(cluster.toolbar.getByRole('button').first()).toBeFocused();
    for (let presses = 0; presses < 8 && !(await button.evaluate((element) => element === document.activeElement)); presses += 1) await cluster.page.keyboard.press('Tab');
    await expect(button).toBeFocused();
    await cluster.page.keyboard.press('Enter');
  }
}

/** What was selected is let go, so that it can be chosen again. */
const letGo = async (cluster: ClusterPage): Promise<void> => {
  await cluster.page.keyboard.press('Escape');
  await expect(cluster.toolbar).toHaveCount(0);
};

for (const way of ['mouse', 'keyboard'] as const) {
  test(`by ${way}: without a scheduler Pods wait; with one they run`, async ({ page }) => {
    const cluster = await opened(page);
    const scheduler = cluster.component('kube-scheduler');
    await act(cluster, way, scheduler, 'Stop kube-scheduler');
    await expect(scheduler).toHaveAccessibleName('kube-scheduler, stopped');
    await letGo(cluster);
    await cluster.apply(deployment('web', 3));
    const waiting = page.getByRole('button', { name: /^Pod web-[\w-]+, Pending, not ready, on no node/ });
    await expect(waiting).toHaveCount(3);
    const at = await cluster.now();
    await expect.poll(() => cluster.now()).toBeGreaterThan(at + 5);
    await expect(waiting).toHaveCount(3);
    await act(cluster, way, scheduler, 'Start kube-scheduler');
    await expect(cluster.readyPods('web-')).toHaveCount(3);
    await expect(scheduler).not.toHaveAccessibleName(/stopped/);
  });

  test(`by ${way}: without an API server kubectl is refused; with one it is heard`, async ({ page }) => {
    const cluster = await opened(page);
    const server = cluster.component('kube-apiserver');
    await act(cluster, way, server, 'Stop kube-apiserver');
    await expect(server).toHaveAccessibleName('kube-apiserver, stopped');
    await letGo(cluster);
    await cluster.apply(deployment('web', 1));
    await expect(cluster.complaints).toContainText(/The connection to the server .+ was refused - did you specify the right host or port\?/);
    await expect(cluster.pods('web-')).toHaveCount(0);
    await act(cluster, way, server, 'Start kube-apiserver');
    await expect(server).toHaveAccessibleName(/^kube-apiserver, \d+ watches/);
    // Just started, it may still say that its storage is (re)initializing: then one applies again.
    await expect(async () => {
      await cluster.applyButton.click();
      await expect(cluster.thing('Deployment', 'web')).toBeVisible({ timeout: 8_000 });
    }).toPass({ timeout: 40_000 });
    await expect(cluster.readyPods('web-')).toHaveCount(1);
    expect((await cluster.told()).filter((line) => line.text === 'deployment.apps/web created')).toHaveLength(1);
  });

  test(`by ${way}: a deleted Pod is replaced by another with a new name`, async ({ page }) => {
    const cluster = await opened(page);
    await cluster.apply(deployment('web', 1));
    await expect(cluster.readyPods('web-')).toHaveCount(1);
    const [before] = await cluster.sentences(cluster.readyPods('web-'));
    const name = /^Pod ([\w-]+)/.exec(before!)![1]!;
    if (way === 'keyboard') {
      await cluster.pause();
      await cluster.reach(cluster.pods(name));
      await page.keyboard.press('Delete');
      await expect(cluster.mark(`delete pod ${name}`)).toHaveCount(1);
      await cluster.play();
    } else {
      await act(cluster, way, cluster.pods(name), 'Delete');
    }
    await expect(page.getByRole('button', { name: new RegExp(`^Pod ${name}, Terminating`) })).toHaveCount(1);
    await expect(cluster.pods(name)).toHaveCount(0);
    await expect(cluster.readyPods('web-')).toHaveCount(1);
    expect((await cluster.sentences(cluster.readyPods('web-')))[0]).not.toContain(name);
    const told = await cluster.told();
    expect(told.some((line) => line.text === `pod "${name}" deleted` || line.text === `pod "${name}" deleted from default namespace`), told.filter((line) => line.text.startsWith('pod ')).map((line) => line.text).join()).toBe(true);
  });

  test(`by ${way}: scaled up and down, cordoned and uncordoned`, async ({ page }) => {
    const cluster = await opened(page);
    await act(cluster, way, cluster.node('worker-1'), 'Cordon');
    await expect(cluster.node('worker-1')).toHaveAccessibleName(/cordoned/);
    await letGo(cluster);
    await cluster.apply(deployment('web', 2));
    const web = cluster.thing('Deployment', 'web');
    await expect(web).toHaveAccessibleName('Deployment web: 2 ready of 2, 2 made');
    await act(cluster, way, web, 'Scale to 3');
    await expect(web).toHaveAccessibleName('Deployment web: 3 ready of 3, 3 made');
    expect((await cluster.sentences(cluster.readyPods('web-'))).filter((each) => each.endsWith('on worker-1'))).toEqual([]);
    await letGo(cluster);
    await act(cluster, way, web, 'Scale to 2');
    await expect(web).toHaveAccessibleName('Deployment web: 2 ready of 2, 2 made');
    await letGo(cluster);
    await act(cluster, way, cluster.node('worker-1'), 'Uncordon');
    await expect(cluster.node('worker-1')).toHaveAccessibleName('Node worker-1, Ready');
  });
}

test('a forced deletion takes the Pod away at once', async ({ page }) => {
  const cluster = await opened(page);
  await cluster.apply(deployment('web', 1));
  await expect(cluster.readyPods('web-')).toHaveCount(1);
  await cluster.pause();
  const [before] = await cluster.sentences(cluster.readyPods('web-'));
  const name = /^Pod ([\w-]+)/.exec(before!)![1]!;
  const at = await cluster.now();
  await act(cluster, 'mouse', cluster.pods(name), 'Force delete');
  await cluster.play();
  await expect(cluster.pods(name)).toHaveCount(0);
  expect((await cluster.now()) - at).toBeLessThan(2);
  await expect(cluster.readyPods('web-')).toHaveCount(1);
});

test('without etcd nothing is stored; with it the apply goes through', async ({ page }) => {
  const cluster = await opened(page);
  const etcd = cluster.component('etcd');
  await act(cluster, 'mouse', etcd, 'Stop etcd');
  await expect(etcd).toHaveAccessibleName('etcd, stopped');
  await letGo(cluster);
  await cluster.apply(deployment('web', 1));
  await expect(cluster.complaints).toContainText(/etcdserver|etcd|timed out|timeout|unavailable|refused/i);
  await expect(cluster.thing('Deployment', 'web')).toHaveCount(0);
  await act(cluster, 'mouse', etcd, 'Start etcd');
  await expect(etcd).toHaveAccessibleName(/^etcd, revision \d+/);
  await cluster.applyButton.click();
  await expect(cluster.readyPods('web-')).toHaveCount(1);
});

test('a stopped kubelet: its node is NotReady while its containers run on; started, Ready again', async ({ page }) => {
  const cluster = await opened(page);
  await act(cluster, 'mouse', cluster.program('kubelet', 'worker-2'), 'Stop kubelet');
  await expect(cluster.program('kubelet', 'worker-2')).toHaveAccessibleName('kubelet on worker-2, stopped');
  await expect(cluster.mark('worker-2 NotReady')).toBeVisible({ timeout: 60_000 });
  await expect(cluster.node('worker-2')).toHaveAccessibleName(/^Node worker-2, Unknown/);
  await act(cluster, 'mouse', cluster.program('kubelet', 'worker-2'), 'Start kubelet');
  await expect(cluster.node('worker-2')).toHaveAccessibleName('Node worker-2, Ready');
});

for (const way of ['mouse', 'keyboard'] as const) {
  test(`by ${way}: a network is cut, slowed and healed`, async ({ page }) => {
    const cluster = await opened(page);
    await act(cluster, way, cluster.node('worker-3'), 'Cut off network');
    await expect(cluster.node('worker-3')).toHaveAccessibleName('Node worker-3, cut off · API: Ready');
    await expect(cluster.node('worker-3')).toHaveAccessibleName('Node worker-3, cut off · API: Unknown');
    await letGo(cluster);
    await act(cluster, way, cluster.node('worker-3'), 'Heal network');
    await expect(cluster.node('worker-3')).toHaveAccessibleName('Node worker-3, Ready');
    await expect(cluster.mark('worker-3 Ready')).toHaveCount(1);
    await letGo(cluster);
    await act(cluster, way, cluster.node('worker-3'), 'Slow network by 200 ms');
    await expect(cluster.node('worker-3')).toHaveAccessibleName('Node worker-3, Ready · slow, 200 ms');
    await expect(cluster.mark('slow down worker-3 by 200 ms')).toHaveCount(1);
    await letGo(cluster);
    await act(cluster, way, cluster.node('worker-3'), 'Heal network');
    await expect(cluster.node('worker-3')).toHaveAccessibleName('Node worker-3, Ready');
  });
}

test('the machine of an etcd member is acted on where the member is: a leader slower than the others can wait leads no more', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.listen();
  await cluster.open('?topology=five-etcd&seed=1');
  await cluster.fast();
  const leader = page.getByRole('button', { name: /^etcd on etcd-\d, leader$/ });
  await expect(leader).toHaveCount(1);
  const name = /etcd-\d/.exec((await cluster.sentences(leader))[0]!)![0];
  const member = page.getByRole('button', { name: new RegExp(`^etcd on ${name},`) });
  await act(cluster, 'mouse', member, 'Slow network by 2 s');
  await expect(member).toHaveAccessibleName(`etcd on ${name}, follower, slow, 2 s`);
  await expect(leader).toHaveCount(1);
  await letGo(cluster);
  await act(cluster, 'keyboard', member, 'Heal network');
  await expect(member).toHaveAccessibleName(`etcd on ${name}, follower`);
});

test('the controller-manager and a kube-proxy can be stopped and started', async ({ page }) => {
  const cluster = await opened(page);
  await act(cluster, 'mouse', cluster.component('kube-controller-manager'), 'Stop kube-controller-manager');
  await letGo(cluster);
  await cluster.apply(deployment('web', 1));
  await expect(cluster.thing('Deployment', 'web')).toHaveAccessibleName('Deployment web: 0 ready of 1, 0 made');
  const at = await cluster.now();
  await expect.poll(() => cluster.now()).toBeGreaterThan(at + 5);
  await expect(cluster.pods('web-')).toHaveCount(0);
  await act(cluster, 'mouse', cluster.component('kube-controller-manager'), 'Start kube-controller-manager');
  await expect(cluster.readyPods('web-')).toHaveCount(1);
  await letGo(cluster);
  await act(cluster, 'mouse', cluster.program('kube-proxy', 'worker-1'), 'Stop kube-proxy');
  await expect(cluster.program('kube-proxy', 'worker-1')).toHaveAccessibleName('kube-proxy on worker-1, stopped');
  await act(cluster, 'mouse', cluster.program('kube-proxy', 'worker-1'), 'Start kube-proxy');
  await expect(cluster.program('kube-proxy', 'worker-1')).not.toHaveAccessibleName(/stopped/);
});
