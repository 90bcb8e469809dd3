/** Takes the steps of test/e2e/common/node/{pods,kubelet,ephemeral_containers,expansion}.go and test/e2e/node/pods.go that ask for no traffic. */
import { expect } from 'vitest';
import { behaviour } from './harness.ts';
import { agnhost, conditionOf, createSync, execute, isGone, isReady, pause, podsOf, podThat, running, update, type Pod } from './pods.ts';

const nginx = 'registry.k8s.io/e2e-test-images/nginx:1.14-4';
const busybox = 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1';
const pod = (name: string, { labels = {}, spec = {}, container = {} }: { readonly labels?: object; readonly spec?: object; readonly container?: object } = {}) => ({ metadata: { name, labels }, spec: { containers: [{ name: 'c', image: nginx, ...container }], ...spec } });

behaviour('[sig-node] Pods should get a host IP [NodeConformance] [Conformance]', async (at) => {
  const { status, spec } = await createSync(at, pod('pod-hostip', { container: { image: pause } }));
  const node = await at.get(`/api/v1/nodes/${spec.nodeName}`);
  expect(status.hostIP).toMatch(/^(\d+\.){3}\d+$/);
  expect((node.status as { readonly addresses: readonly object[] }).addresses).toContainEqual({ type: 'InternalIP', address: status.hostIP });
});

behaviour('[sig-node] Pods should be submitted and removed [NodeConformance] [Conformance]', async (at) => {
  const mine = `${podsOf(at)}?labelSelector=time=now`;
  expect((await at.list(mine)).items).toEqual([]);
  const watch = await at.watch(mine);
  await at.post(podsOf(at), pod('pod-submit-remove', { labels: { name: 'foo', time: 'now' } }));
  expect((await at.list(mine)).items).toHaveLength(1);
  expect((await watch.next()).type).toBe('ADDED');
  await running(at, 'pod-submit-remove');
  await at.delete(`${podsOf(at)}/pod-submit-remove`, { gracePeriodSeconds: 30 });
  const { object } = await watch.nextThat(({ type }) => type === 'DELETED');
  expect(object.metadata.deletionTimestamp).toBeDefined();
  expect((object as Pod).spec['terminationGracePeriodSeconds']).not.toBe(0);
  expect((await at.list(mine)).items).toEqual([]);
});

behaviour('[sig-node] Pods should be updated [NodeConformance] [Conformance]', async (at) => {
  await createSync(at, pod('pod-update', { labels: { name: 'foo', time: 'before' } }));
  expect((await at.list(`${podsOf(at)}?labelSelector=time=before`)).items).toHaveLength(1);
  await update(at, 'pod-update', (now) => ({ ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, time: 'after' } } }));
  await running(at, 'pod-update');
  expect((await at.list(`${podsOf(at)}?labelSelector=time=after`)).items).toHaveLength(1);
  expect((await at.list(`${podsOf(at)}?labelSelector=time=before`)).items).toEqual([]);
});

behaviour('[sig-node] Pods should delete a collection of pods [Conformance]', async (at) => {
  const names = ['test-pod-1', 'test-pod-2', 'test-pod-3'];
  const mine = `${podsOf(at)}?labelSelector=type=Testing`;
  for (const name of names) await at.post(podsOf(at), pod(name, { labels: { type: 'Testing' }, spec: { terminationGracePeriodSeconds: 1, restartPolicy: 'Never' }, container: { image: agnhost } }));
  for (const name of names) await podThat(at, name, isReady);
  await at.delete(mine, { gracePeriodSeconds: 1 });
  await at.until(async () => (await at.list(mine)).items.length === 0, 60_000);
});

behaviour('[sig-node] Pods should run through the lifecycle of Pods and PodStatus [Conformance]', async (at) => {
  const one = `${podsOf(at)}/pod-test`;
  const mine = `${podsOf(at)}?labelSelector=test-pod-static=true`;
  const watch = await at.watch(mine);
  await at.post(podsOf(at), pod('pod-test', { labels: { 'test-pod-static': 'true' }, spec: { terminationGracePeriodSeconds: 1 }, container: { name: 'pod-test', image: agnhost } }));
  await watch.nextThat(({ object }) => (object as Pod).status.phase === 'Running');
  await at.patch(one, { metadata: { labels: { 'test-pod': 'patched' } }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pod-test', image: nginx }] } }, 'strategic');
  await watch.nextThat(({ type }) => type === 'MODIFIED');
  const patched = await at.get<Pod>(one);
  expect(patched.metadata.labels).toMatchObject({ 'test-pod': 'patched' });
  expect(patched.spec.containers[0]!.image).toBe(nginx);
  const now = await at.get<Pod>(`${one}/status`);
  const isTurned = ({ type, status }: { readonly type: string; readonly status: string }) => ['Ready', 'ContainersReady'].includes(type) && status === 'True';
  expect(now.status.conditions!.filter(isTurned)).toHaveLength(2);
  const updated = await at.put<Pod>(`${one}/status`, { ...now, status: { ...now.status, conditions: now.status.conditions!.map((each) => (isTurned(each) ? { ...each, status: 'False' } : each)) } });
  expect(['Ready', 'ContainersReady'].map((type) => conditionOf(updated, type)?.status)).toEqual(['False', 'False']);
  await at.delete(mine, { gracePeriodSeconds: 1 });
  await watch.nextThat(({ type, object }) => type === 'DELETED' && object.metadata.name === 'pod-test');
  expect(await at.find(one)).toBeUndefined();
});

behaviour('[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should be possible to delete [NodeConformance] [Conformance]', async (at) => {
  await at.post(podsOf(at), pod('bin-false', { spec: { restartPolicy: 'Always' }, container: { image: busybox, command: ['/bin/false'] } }));
  await at.delete(`${podsOf(at)}/bin-false`);
  await isGone(at, 'bin-false');
});

behaviour('[sig-node] Ephemeral Containers [NodeConformance] should update the ephemeral containers in an existing pod [Conformance]', async (at) => {
  const one = `${podsOf(at)}/ephemeral-containers-target-pod`;
  const made = await createSync(at, pod('ephemeral-containers-target-pod', { container: { name: 'test-container-1', image: busybox, command: ['/bin/sleep'], args: ['10000'] } }));
  expect(made.metadata.generation).toBe(1);
  const debugger1 = { name: 'debugger', image: busybox, command: ['/bin/sh', '-c', 'while true; do echo polo; sleep 2; done'], stdin: true, tty: true };
  await at.patch(`${one}/ephemeralcontainers`, { spec: { ephemeralContainers: [debugger1] } }, 'strategic');
  await podThat(at, 'ephemeral-containers-target-pod', ({ status }) => status.ephemeralContainerStatuses?.[0]?.state.running !== undefined);
  expect((await at.get(one)).metadata.generation).toBe(2);
  expect(await execute(at, 'ephemeral-containers-target-pod', 'debugger', ['/bin/echo', 'marco'])).toContain('marco');
  expect((await at.raw('GET', `${one}/log?container=debugger`)).text).toContain('polo');
  expect((await at.get<Pod>(`${one}/ephemeralcontainers`)).spec.ephemeralContainers).toHaveLength(1);
  const now = await at.get<Pod>(one);
  const debugger2 = { name: 'debugger2', image: agnhost, imagePullPolicy: 'IfNotPresent', terminationMessagePolicy: 'File' };
  await at.put(`${one}/ephemeralcontainers`, { ...now, spec: { ...now.spec, ephemeralContainers: [...now.spec.ephemeralContainers!, debugger2] } });
  expect((await at.get<Pod>(`${one}/ephemeralcontainers`)).spec.ephemeralContainers).toMatchObject([{ name: 'debugger' }, { name: 'debugger2' }]);
});

const observed = (at: Parameters<typeof createSync>[0], name: string, generation: number): Promise<Pod> => podThat(at, name, ({ status }) => status.observedGeneration === generation);

behaviour('[sig-node] Pods Extended (pod generation) Pod Generation pod generation should start at 1 and increment per update [MinimumKubeletVersion:1.34] [Conformance]', async (at) => {
  const made = await createSync(at, pod('pod-generation', { spec: { initContainers: [{ name: 'init-container', image: busybox }] }, container: { image: agnhost } }));
  expect(made.metadata.generation).toBe(1);
  let expected = 1;
  const updates: readonly (readonly [string, (now: Pod) => object, boolean])[] = [
    ['nothing', (now) => now, false],
    ['tolerations', (now) => ({ ...now, spec: { ...now.spec, tolerations: [{ key: 'foo-1', operator: 'Equal', value: 'bar', effect: 'NoSchedule' }] } }), true],
    ['activeDeadlineSeconds', (now) => ({ ...now, spec: { ...now.spec, activeDeadlineSeconds: 5000 } }), true],
    ['a container\'s image', (now) => ({ ...now, spec: { ...now.spec, containers: now.spec.containers.map((one) => ({ ...one, image: nginx })) } }), true],
    ['an init container\'s image', (now) => ({ ...now, spec: { ...now.spec, initContainers: (now.spec['initContainers'] as object[]).map((one) => ({ ...one, image: pause })) } }), true],
    ['metadata', (now) => ({ ...now, metadata: { ...now.metadata, annotations: { key: 'value' } } }), false],
    ['the generation', (now) => ({ ...now, metadata: { ...now.metadata, generation: 1 } }), false],
  ];
  for (const [what, change, bumps] of updates) {
    await update(at, 'pod-generation', change);
    if (bumps) expected += 1;
    expect([what, (await at.get(`${podsOf(at)}/pod-generation`)).metadata.generation]).toEqual([what, expected]);
    await observed(at, 'pod-generation', expected);
  }
});

behaviour('[sig-node] Pods Extended (pod generation) Pod Generation custom-set generation on new pods and graceful delete [Conformance]', async (at) => {
  const body = pod('pod-generation', { container: { image: agnhost, args: ['pause'] } });
  const made = await createSync(at, { ...body, metadata: { ...body.metadata, generation: 100 } as typeof body.metadata });
  expect(made.metadata.generation).toBe(1);
  await at.delete(`${podsOf(at)}/pod-generation`, { gracePeriodSeconds: 60 });
  const now = await at.get(`${podsOf(at)}/pod-generation`);
  expect([now.metadata.generation, now.metadata.deletionTimestamp === undefined]).toEqual([2, false]);
});

behaviour('[sig-node] Pods Extended (pod generation) Pod Generation issue 500 podspec updates and verify generation and observedGeneration eventually converge [MinimumKubeletVersion:1.34] [Conformance]', async (at) => {
  await createSync(at, pod('pod-generation', { spec: { activeDeadlineSeconds: 5000 }, container: { image: agnhost } }));
  for (let i = 1; i < 500; i += 1) await update(at, 'pod-generation', (now) => ({ ...now, spec: { ...now.spec, activeDeadlineSeconds: now.spec['activeDeadlineSeconds'] as number - 1 } }));
  expect((await observed(at, 'pod-generation', 500)).metadata.generation).toBe(500);
});

behaviour('[sig-node] Pods should allow activeDeadlineSeconds to be updated [NodeConformance] [Conformance]', async (at) => {
  await createSync(at, pod('pod-update-activedeadlineseconds', { labels: { time: 'now' } }));
  expect((await at.list(`${podsOf(at)}?labelSelector=time=now`)).items).toHaveLength(1);
  await update(at, 'pod-update-activedeadlineseconds', (now) => ({ ...now, spec: { ...now.spec, activeDeadlineSeconds: 5 } }));
  const { status } = await podThat(at, 'pod-update-activedeadlineseconds', ({ status: { phase } }) => phase === 'Failed' || phase === 'Succeeded');
  expect(status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' });
});

/** Models testPodFailSubpath. */
const failsWithSubPath = async (at: Parameters<typeof createSync>[0], value: string, message: string): Promise<void> => {
  const mounts = { env: [{ name: 'POD_NAME', value }], volumeMounts: [{ name: 'workdir1', mountPath: '/logscontainer', subPathExpr: '$(POD_NAME)' }] };
  await at.post(podsOf(at), pod('var-expansion', { spec: { restartPolicy: 'Never', volumes: [{ name: 'workdir1', emptyDir: {} }] }, container: { name: 'dapi-container', image: busybox, ...mounts } }));
  const { status } = await podThat(at, 'var-expansion', ({ status: { containerStatuses } }) => containerStatuses?.[0]?.state.waiting?.reason === 'CreateContainerConfigError');
  expect(status).toMatchObject({ phase: 'Pending', containerStatuses: [{ state: { waiting: { message } } }] });
};

behaviour('[sig-node] Variable Expansion should fail substituting values in a volume subpath with absolute path [Conformance]', async (at) =>
  failsWithSubPath(at, '/tmp', 'error SubPath `/tmp` must not be an absolute path'));

behaviour('[sig-node] Variable Expansion should fail substituting values in a volume subpath with backticks [Conformance]', async (at) =>
  failsWithSubPath(at, '..', "unable to provision SubPath `..`: must not contain '..'"));
