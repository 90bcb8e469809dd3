/** Takes the steps of test/e2e/node/taints.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { pause, podsOf, running } from './pods.ts';

const taint = { key: 'kubernetes.io/e2e-evict-taint-key', value: 'evictTaintVal', effect: 'NoExecute' };
const pod = (name: string, group: string, tolerationSeconds: number, spec: object = {}) => ({ metadata: { name, labels: { group } }, spec: { containers: [{ name: 'pause', image: pause }], tolerations: [{ ...taint, tolerationSeconds }], ...spec } });
async function setTaints(at: Client, node: string, taints: readonly object[] | null): Promise<void> {
  const { spec } = await at.patch(`/api/v1/nodes/${node}`, { spec: { taints } });
  expect((spec as { readonly taints?: readonly object[] }).taints ?? []).toMatchObject(taints ?? []);
}

behaviour('[sig-node] NoExecuteTaintManager Single Pod [Serial] removing taint cancels eviction [Disruptive] [Conformance]', async (at) => {
  const watch = await at.watch(`${podsOf(at)}?labelSelector=group=taint-eviction-4`);
  await at.post(podsOf(at), pod('taint-eviction-4', 'taint-eviction-4', 10));
  const { spec } = await running(at, 'taint-eviction-4');
  await watch.nextThat(({ object }) => (object.status as { readonly phase?: string }).phase === 'Running');
  await setTaints(at, spec.nodeName!, [taint]);
  await at.pass(5_000);
  await setTaints(at, spec.nodeName!, null);
  expect(await watch.isSilentFor(75_000)).toBe(true);
  expect((await at.get(`${podsOf(at)}/taint-eviction-4`)).metadata.deletionTimestamp).toBeUndefined();
});

behaviour('[sig-node] NoExecuteTaintManager Multiple Pods [Serial] evicts pods with minTolerationSeconds [Disruptive] [Conformance]', async (at) => {
  const watch = await at.watch(`${podsOf(at)}?labelSelector=group=taint-eviction-b`);
  await at.post(podsOf(at), pod('taint-eviction-b1', 'taint-eviction-b', 5));
  const { spec: { nodeName } } = await running(at, 'taint-eviction-b1');
  const hostname = (await at.get(`/api/v1/nodes/${nodeName}`)).metadata.labels!['kubernetes.io/hostname'];
  await at.post(podsOf(at), pod('taint-eviction-b2', 'taint-eviction-b', 25, { nodeSelector: { 'kubernetes.io/hostname': hostname } }));
  expect((await running(at, 'taint-eviction-b2')).spec.nodeName).toBe(nodeName);
  await setTaints(at, nodeName!, [taint]);
  for (const name of ['taint-eviction-b1', 'taint-eviction-b2']) expect((await watch.nextThat(({ type }) => type === 'DELETED', 65_000)).object.metadata.name).toBe(name);
  await setTaints(at, nodeName!, null);
});
