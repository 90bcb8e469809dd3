import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import type { Told } from './cluster-page.ts';
import { nginxDeployment, nginxService } from './manifests.ts';

const podOf = (sentence: string): string => /^Pod ([\w-]+),/.exec(sentence)![1]!;
const nodeOf = (sentence: string): string => /, on ([\w-]+)/.exec(sentence)![1]!;

async function withDeployment(cluster: ClusterPage): Promise<{ readonly pod: string; readonly node: string }> {
  await cluster.listen();
  await cluster.open();
  // No faster: each sentence has to be in the log for as long as the page needs to be told of it.
  await cluster.speed.selectOption('4');
  await cluster.apply(`${nginxDeployment}---\n${nginxService}`);
  await expect(cluster.mark('nginx-deployment 2/2')).toBeVisible({ timeout: 60_000 });
  await expect(cluster.readyPods('nginx-deployment-')).toHaveCount(2);
  await expect(cluster.thing('Service', 'nginx')).toHaveAccessibleName(/2 ready Pods behind it$/);
  const [sentence] = await cluster.sentences(cluster.readyPods('nginx-deployment-'));
  return { pod: podOf(sentence!), node: nodeOf(sentence!) };
}

/** Each sentence is found after the one before it, so that what is asserted is the order. */
function expectInOrder(told: readonly Told[], sentences: readonly RegExp[]): void {
  let from = 0;
  for (const sentence of sentences) {
    const at = told.findIndex((line, index) => index >= from && sentence.test(line.text));
    const earlier = told.slice(0, from).filter((line) => sentence.test(line.text)).length;
    expect(at, `${String(sentence)} after “${told[from - 1]?.text ?? 'the beginning'}” (found ${earlier} times before)`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
}

test('from apply to a running Pod, the messages are those of Kubernetes in their order', async ({ page }) => {
  const cluster = new ClusterPage(page);
  const { pod, node } = await withDeployment(cluster);
  await cluster.pause();
  const hash = pod.split('-').at(-2)!;
  const told = await cluster.told();
  const firstOf = (sentence: RegExp): number => told.findIndex((line) => sentence.test(line.text));
  expectInOrder(told, [
    /^You: apply web\.yaml$/,
    /^kubectl creates Deployment nginx-deployment$/,
    /^etcd stores \/registry\/deployments\/default\/nginx-deployment$/,
    /^kube-controller-manager sees Deployment nginx-deployment$/,
    new RegExp(`^deployment-controller creates ReplicaSet nginx-deployment-${hash}$`),
    new RegExp(`^etcd stores /registry/replicasets/default/nginx-deployment-${hash}$`),
    new RegExp(`^kube-controller-manager sees ReplicaSet nginx-deployment-${hash}$`),
    new RegExp(`^replicaset-controller creates Pod nginx-deployment-${hash}-`),
    new RegExp(`^etcd stores /registry/pods/default/${pod}$`),
    new RegExp(`^kube-scheduler sees Pod ${pod}$`),
    new RegExp(`^kube-scheduler binds Pod ${pod} to ${node}$`),
    new RegExp(`^etcd stores /registry/pods/default/${pod}$`),
    new RegExp(`^kubelet on ${node} sees Pod ${pod}$`),
    new RegExp(`^kubelet on ${node} asks containerd: RunPodSandbox ${pod}$`),
    new RegExp(`^containerd on ${node} has the CNI plugin ADD the network of ${pod}$`),
    new RegExp(`^cni on ${node} answers with the address 10\\.244\\.`),
    new RegExp(`^kubelet on ${node} asks containerd: PullImage nginx:1\\.14\\.2$`),
    new RegExp(`^kubelet on ${node} asks containerd: CreateContainer nginx$`),
    new RegExp(`^kubelet on ${node} asks containerd: StartContainer`),
    new RegExp(`^kubelet on ${node} patches the status of pods/${pod}$`),
    new RegExp(`^etcd stores /registry/pods/default/${pod}$`),
    /^endpointslice-controller (updates|creates) EndpointSlice nginx-/,
  ]);
  // The kubelet is told of no Pod before it is bound, and nothing but the API server writes to etcd.
  expect(firstOf(new RegExp(`^kubelet on .* sees .*Pod ${pod}$`))).toBeGreaterThan(firstOf(new RegExp(`binds Pod ${pod} `)));
  expect(told.filter((line) => line.text === 'deployment.apps/nginx-deployment created' || line.text === 'service/nginx created')).toHaveLength(2);
});

test('a node is killed on the stage: NotReady, evicted, replaced elsewhere; then back, and into another future', async ({ page }) => {
  const cluster = new ClusterPage(page);
  const { pod, node } = await withDeployment(cluster);
  const pods = (await cluster.sentences(cluster.pods('nginx-deployment-'))).map(podOf);

  await cluster.pause();
  await cluster.choose(cluster.node(node));
  await cluster.offer('Power off').click();
  await expect(cluster.node(node)).toHaveAccessibleName(/^Node [\w-]+, powered off · API: Ready$/);
  const kill = await cluster.momentOf(cluster.mark(`kill ${node}`));
  await cluster.play();

  await expect(cluster.mark(`${node} NotReady`)).toBeVisible({ timeout: 60_000 });
  await expect(cluster.node(node)).toHaveAccessibleName(/^Node [\w-]+, powered off · API: Unknown$/);
  const notReady = await cluster.momentOf(cluster.mark(`${node} NotReady`));
  expect(notReady - kill).toBeGreaterThanOrEqual(40);
  expect(notReady - kill).toBeLessThanOrEqual(60);
  // The endpoints drop the Pod at once; the Pod itself stays for five minutes.
  await expect(cluster.thing('Service', 'nginx')).toHaveAccessibleName(/1 ready Pods behind it$/);

  await expect.poll(async () => (await cluster.sentences(cluster.readyPods('nginx-deployment-'))).filter((each) => nodeOf(each) !== node).length).toBe(2);
  const told = await cluster.told();
  const eviction = told.filter((line) => line.text.includes('TaintManagerEviction') && line.text.includes(pod));
  expect(eviction).toHaveLength(1);
  expect(Math.abs(eviction[0]!.atS - notReady - 300)).toBeLessThan(6);
  const after = await cluster.sentences(cluster.pods('nginx-deployment-'));
  expect(after).toHaveLength(3);
  expect(after.filter((each) => each.startsWith(`Pod ${pod}, Terminating,`) && nodeOf(each) === node)).toHaveLength(1);
  expect(after.map(podOf).filter((name) => !pods.includes(name))).toHaveLength(1);
  await expect(cluster.thing('Service', 'nginx')).toHaveAccessibleName(/2 ready Pods behind it$/);
  await cluster.pause();

  // Back to before the kill; the past is as it was.
  await cluster.mark('nginx-deployment 2/2').first().click();
  await expect.poll(() => cluster.now()).toBeLessThan(kill);
  await expect(cluster.node(node)).toHaveAccessibleName(`Node ${node}, Ready`);
  await expect.poll(async () => (await cluster.sentences(cluster.pods('nginx-deployment-'))).map(podOf)).toEqual(pods);
  await expect(cluster.mark(`kill ${node}`)).toHaveCount(1);

  // Another future: the node is cordoned, and was never killed.
  await cluster.page.keyboard.press('Escape');
  await cluster.choose(cluster.node(node));
  await cluster.offer('Cordon').click();
  await expect(cluster.mark(`cordon ${node}`)).toHaveCount(1);
  await expect(cluster.mark(`kill ${node}`)).toHaveCount(0);
  await expect(cluster.mark(`${node} NotReady`)).toHaveCount(0);
  // In it another node dies: the time of the first one's end, and of all that followed, passes over it without a trace.
  const other = nodeOf((await cluster.sentences(cluster.readyPods('nginx-deployment-'))).find((each) => nodeOf(each) !== node)!);
  await cluster.choose(cluster.node(other));
  await cluster.offer('Power off').click();
  await cluster.play();
  await expect(cluster.mark(`${other} NotReady`)).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => cluster.now()).toBeGreaterThan(notReady + 290);
  await expect(cluster.mark(`${node} NotReady`)).toHaveCount(0);
  await expect(cluster.node(node)).toHaveAccessibleName(/^Node [\w-]+, Ready.* cordoned$/);
  expect((await cluster.sentences(cluster.readyPods(pod)))).toEqual([`Pod ${pod}, Running, ready, on ${node}`]);
});

test('a node is killed by the keyboard alone', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.reach(cluster.node('worker-2'));
  await page.keyboard.press('Delete');
  await expect(cluster.node('worker-2')).toHaveAccessibleName(/powered off/);
  await expect(cluster.mark('kill worker-2')).toHaveCount(1);
  await expect(cluster.node('worker-1')).toHaveAccessibleName('Node worker-1, Ready');
});
