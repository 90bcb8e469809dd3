/** Takes the steps of test/e2e/common/node/runtimeclass.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { podsOf, podThat, type Pod } from './pods.ts';

const classes = '/apis/node.k8s.io/v1/runtimeclasses';
const pod = (runtimeClassName: string) => ({
  metadata: { generateName: `test-runtimeclass-${runtimeClassName}-` },
  spec: { automountServiceAccountToken: false, runtimeClassName, restartPolicy: 'Never', containers: [{ name: 'test', image: 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1', command: ['true'] }] },
});
async function runtimeClass(at: Client, name: string, handler: string, overhead?: object): Promise<string> {
  const made = await at.post(classes, { metadata: { name: `${at.namespace}-${name}` }, handler, ...(overhead && { overhead }) });
  return made.metadata.name;
}
const rejected = (at: Client, name: string) => expect(at.post(podsOf(at), pod(name))).rejects.toMatchObject({ code: 403, reason: 'Forbidden', message: expect.stringContaining(`pod rejected: RuntimeClass "${name}" not found`) as string });
async function scheduled(at: Client, name: string): Promise<Pod> {
  const made = await at.post<Pod>(podsOf(at), pod(name));
  await podThat(at, made.metadata.name, ({ spec }) => spec.nodeName !== undefined);
  const { items } = await at.list(podsOf(at));
  expect(items.map(({ metadata }) => metadata.name)).toEqual([made.metadata.name]);
  return items[0] as Pod;
}

behaviour('[sig-node] RuntimeClass should reject a Pod requesting a non-existent RuntimeClass [NodeConformance] [Conformance]', async (at) => rejected(at, `${at.namespace}-nonexistent`));

behaviour('[sig-node] RuntimeClass should reject a Pod requesting a deleted RuntimeClass [NodeConformance] [Conformance]', async (at) => {
  const name = await runtimeClass(at, 'delete-me', 'runc');
  await at.delete(`${classes}/${name}`);
  await at.until(async () => (await at.find(`${classes}/${name}`)) === undefined);
  await at.pass(100);
  await rejected(at, name);
});

behaviour('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass without PodOverhead [NodeConformance] [Conformance]', async (at) => {
  const { spec } = await scheduled(at, await runtimeClass(at, 'preconfigured-handler', 'test-handler'));
  expect(spec.overhead).toBeUndefined();
});

behaviour('[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass and initialize its Overhead [NodeConformance] [Conformance]', async (at) => {
  const { spec } = await scheduled(at, await runtimeClass(at, 'preconfigured-handler', 'test-handler', { podFixed: { cpu: '10m', memory: '1Mi' } }));
  expect(spec.overhead).toEqual({ cpu: '10m', memory: '1Mi' });
});
