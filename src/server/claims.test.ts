/** A set with claims, as a client sees it: each Pod has a volume of its own, which outlives it. */
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { Client } from './conformance/client.ts';
import { execute, isReady, podsOf, type Pod } from './conformance/pods.ts';
import type { Thing } from './conformance/things.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live);
const listening = new Promise<string>((resolve) => { server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)); });
afterAll(() => { server.closeAllConnections(); server.close(); });

const localVolume = (name: string, node: string) => ({
  metadata: { name },
  spec: {
    capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', storageClassName: 'local', local: { path: `/mnt/${name}` },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] } },
  },
});
const web = (whenScaled: string) => ({
  metadata: { name: 'web' },
  spec: {
    replicas: 2, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled },
    template: { metadata: { labels: { app: 'web' } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'web', image: 'busybox:1.36', command: ['sleep', '3600'], volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'local', resources: { requests: { storage: '1Gi' } } } }],
  },
});

test('what a Pod of a set writes is there when it comes again; a claim of one scaled away goes with it, where the set says so', async () => {
  const at = new Client(live, await listening, 'default');
  const [volumes, claims, sets] = ['/api/v1/persistentvolumes', `${at.in('v1')}/persistentvolumeclaims`, `${at.in('apps/v1')}/statefulsets`];
  const ready = (name: string, not = '') => at.until(async () => {
    const pod = await at.find<Pod>(`${podsOf(at)}/${name}`);
    return pod !== undefined && pod.metadata.uid !== not && isReady(pod) && pod;
  });
  await at.post('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'local' }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' });
  await at.post(sets, web('Delete'));
  const waiting = await at.until(async () => {
    const pod = await at.find<Pod>(`${podsOf(at)}/web-0`);
    return pod?.status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') === true && pod;
  });
  expect(waiting.status.conditions).toMatchObject([{ message: expect.stringContaining("3 node(s) didn't find available persistent volumes to bind") as string }]);

  await at.post(volumes, localVolume('one', 'worker-1'));
  await at.post(volumes, localVolume('two', 'worker-2'));
  const first = await ready('web-0');
  await ready('web-1');
  const bound = (await at.list(claims)).items as readonly (Thing & { readonly spec: { readonly volumeName: string }; readonly status: { readonly phase: string } })[];
  expect(bound.map(({ metadata, status }) => [metadata.name, status.phase])).toEqual([['data-web-0', 'Bound'], ['data-web-1', 'Bound']]);
  expect(new Set(bound.map(({ spec }) => spec.volumeName))).toEqual(new Set(['one', 'two']));

  await execute(at, 'web-0', 'web', ['sh', '-c', 'echo mine > /data/note']);
  await at.delete(`${podsOf(at)}/web-0`);
  const again = await ready('web-0', first.metadata.uid);
  expect(again.spec.nodeName).toBe(first.spec.nodeName);
  expect(await execute(at, 'web-0', 'web', ['cat', '/data/note'])).toBe('mine\n');
  expect(await execute(at, 'web-1', 'web', ['ls', '/data'])).toBe('');

  // Its own name is in /etc/hosts: it is reached, though nothing serves there.
  expect(await execute(at, 'web-0', 'web', ['sh', '-c', 'wget -qO- http://web-0.web.default.svc.cluster.local 2>&1'])).toContain('Connection refused');

  await at.patch(`${sets}/web/scale`, { spec: { replicas: 1 } });
  await at.until(async () => (await at.list(claims)).items.length === 1);
  const released = bound.find(({ metadata }) => metadata.name === 'data-web-1')!.spec.volumeName;
  await at.until(async () => (await at.get<{ status: { phase: string } }>(`${volumes}/${released}`)).status.phase === 'Released');
  await at.delete(`${sets}/web`);
  await at.until(async () => (await at.list(podsOf(at))).items.length === 0);
  expect((await at.list(claims)).items.map(({ metadata }) => metadata.name)).toEqual(['data-web-0']);
});
