/** Takes the steps of test/e2e/storage/empty_dir_wrapper.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const phaseOf = ({ status }: Thing) => (status as { readonly phase?: string }).phase;

behaviour('[sig-storage] EmptyDir wrapper volumes should not conflict [Conformance]', async (at) => {
  const [name, pods] = ['emptydir-wrapper-test', `${at.in('v1')}/pods`];
  const spec = {
    volumes: [{ name: 'secret-volume', secret: { secretName: name } }, { name: 'configmap-volume', configMap: { name } }],
    containers: [{ name: 'secret-test', image: 'registry.k8s.io/e2e-test-images/agnhost:2.47', args: ['test-webserver'], volumeMounts: [{ name: 'secret-volume', mountPath: '/etc/secret-volume', readOnly: true }, { name: 'configmap-volume', mountPath: '/etc/configmap-volume' }] }],
  };
  const data = { 'data-1': btoa('value-1\n') };
  await at.post(`${at.in('v1')}/secrets`, { metadata: { name }, data });
  await at.post(pods, { metadata: { name: 'pod-secrets' }, spec });
  // What makes it more than a Pod that starts: it waits for what it mounts.
  await at.pass(10_000);
  expect(phaseOf(await at.get(`${pods}/pod-secrets`))).toBe('Pending');
  await at.post(`${at.in('v1')}/configmaps`, { metadata: { name }, binaryData: data });
  await at.until(async () => phaseOf(await at.get(`${pods}/pod-secrets`)) === 'Running');
});

async function startsWith(at: Client, name: string, volumes: readonly { readonly name: string }[]): Promise<void> {
  const { items } = await at.list('/api/v1/nodes');
  const node = items.find(({ spec }) => (spec as { readonly taints?: unknown }).taints === undefined)!.metadata.labels!['kubernetes.io/hostname']!;
  const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } } };
  const volumeMounts = volumes.map((volume, i) => ({ name: volume.name, mountPath: `/etc/config-${i}` }));
  const spec = { affinity, dnsPolicy: 'Default', volumes, containers: [{ name: 'test-container', image: 'registry.k8s.io/pause:3.10.1', volumeMounts }] };
  await at.post(`${at.in('v1')}/replicationcontrollers`, { metadata: { name }, spec: { replicas: 5, selector: { name }, template: { metadata: { labels: { name } }, spec } } });
  const pods = await at.until(async () => { const found = (await at.list(`${at.in('v1')}/pods?labelSelector=name=${name}`)).items; return found.length === 5 && found.every((pod) => phaseOf(pod) === 'Running') && found; });
  for (const pod of pods) expect(pod.spec).toMatchObject({ nodeName: node });
  await at.delete(`${at.in('v1')}/replicationcontrollers/${name}`, { propagationPolicy: 'Background' });
  await at.until(async () => (await at.list(`${at.in('v1')}/pods?labelSelector=name=${name}`)).items.length === 0);
}

behaviour('[sig-storage] EmptyDir wrapper volumes should not cause race condition when used for configmaps [Serial] [Conformance]', async (at) => {
  const names = Array.from({ length: 50 }, (_, i) => `racey-configmap-${i}`);
  for (const name of names) await at.post(`${at.in('v1')}/configmaps`, { metadata: { name }, data: { 'data-1': 'value-1' } });
  for (let i = 0; i < 3; i += 1) await startsWith(at, `wrapped-volume-race-${i}`, names.map((name) => ({ name, configMap: { name, items: [{ key: 'data-1', path: 'data-1' }] } })));
});
