/** What may change of a Pod that runs, by a client library: ephemeral containers and the sizes of containers. */
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { CoreV1Api, Exec, KubeConfig, PatchStrategy, setHeaderOptions, type CoreV1Event, type V1Container, type V1Pod, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'single-node', commands: [] }, 200);
const server = createHttpServer(live);
const config = new KubeConfig();
const namespace = 'default';
let core: CoreV1Api;
const patience = { timeout: 300_000 };

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  live.run();
  config.loadFromOptions({ clusters: [{ name: 'o', server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true }], users: [{ name: 'u' }], contexts: [{ name: 'c', cluster: 'o', user: 'u' }], currentContext: 'c' });
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => { live.stop(); server.closeAllConnections(); server.close(); });

const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
const get = async (name: string): Promise<V1Pod> => core.readNamespacedPod({ name, namespace });
const until = async (name: string, holds: (pod: V1Pod) => boolean): Promise<V1Pod> => vi.waitFor(async () => {
  const pod = await get(name);
  expect(holds(pod)).toBe(true);
  return pod;
}, patience);
const isRunning = ({ status }: V1Pod): boolean => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
const start = async (name: string, ...containers: V1Container[]): Promise<V1Pod> => {
  await core.createNamespacedPod({ namespace, body: { metadata: { name }, spec: { containers, terminationGracePeriodSeconds: 1 } } });
  return until(name, isRunning);
};
const size = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });
const resize = async (name: string, ...containers: object[]): Promise<V1Pod> => core.patchNamespacedPodResize({ name, namespace, body: { spec: { containers } } }, strategic);
const refusal = async (asked: Promise<unknown>): Promise<string> => asked.then(() => 'taken', (error: { body: string }) => (JSON.parse(error.body) as V1Status).message ?? '');
const eventsOf = async (name: string, reason: string): Promise<CoreV1Event[]> => (await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name},reason=${reason}` })).items;
const condition = (pod: V1Pod, type: string) => pod.status?.conditions?.find((one) => one.type === type);

describe('an ephemeral container', () => {
  const debug = async (name: string, ...ephemeralContainers: object[]): Promise<V1Pod> => core.patchNamespacedPodEphemeralcontainers({ name, namespace, body: { spec: { ephemeralContainers } } }, strategic);

  // A strategic merge puts what is new before what was there.
  const statusOf = (status: V1Pod['status'], name: string) => status?.ephemeralContainerStatuses?.find((one) => one.name === name);

  test('is put into a Pod that runs, runs beside the others, and can be looked into', async () => {
    const before = await start('watched', { name: 'app', image: 'nginx:1.27' });
    await debug('watched', { name: 'debugger', image: 'busybox', command: ['sleep', '1000'] });
    const pod = await until('watched', ({ status }) => status?.ephemeralContainerStatuses?.[0]?.state?.running !== undefined);
    expect(pod.metadata!.generation).toBe(before.metadata!.generation! + 1);
    expect(pod.status!.ephemeralContainerStatuses).toMatchObject([{ name: 'debugger', ready: false, restartCount: 0 }]);
    expect(isRunning(pod)).toBe(true);
    expect((await eventsOf('watched', 'Started')).map(({ involvedObject }) => involvedObject.fieldPath)).toContain('spec.ephemeralContainers{debugger}');
    const [out, done] = [new PassThrough(), vi.fn()];
    await new Exec(config).exec(namespace, 'watched', 'debugger', ['echo', 'here'], out, null, null, false, done);
    await vi.waitFor(() => expect(done).toHaveBeenCalled(), patience);
    expect(String(out.read())).toBe('here\n');
  });
  test('is not started again, and the Pod does not mind', async () => {
    await start('untouched', { name: 'app', image: 'nginx:1.27' });
    await debug('untouched', { name: 'once', image: 'busybox', command: ['sh', '-c', 'exit 3'] });
    const pod = await until('untouched', ({ status }) => statusOf(status, 'once')?.state?.terminated !== undefined);
    expect(statusOf(pod.status, 'once')).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 3 } } });
    await debug('untouched', { name: 'next', image: 'busybox', command: ['sleep', '1000'] });
    const later = await until('untouched', ({ status }) => statusOf(status, 'next')?.state?.running !== undefined);
    expect(statusOf(later.status, 'once')).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 3 } } });
    expect(isRunning(later)).toBe(true);
  });
  test('stays as it is, and takes part in no traffic', async () => {
    await start('fixed', { name: 'app', image: 'nginx:1.27' });
    await debug('fixed', { name: 'debugger', image: 'busybox', command: ['sleep', '1000'] });
    const json = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
    const change = async (...body: object[]): Promise<string> => refusal(core.patchNamespacedPodEphemeralcontainers({ name: 'fixed', namespace, body }, json));
    expect(await change({ op: 'remove', path: '/spec/ephemeralContainers/0' })).toBe('Pod "fixed" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "debugger" may not be removed\n');
    expect(await change({ op: 'replace', path: '/spec/ephemeralContainers/0/image', value: 'nginx' })).toMatch(/^Pod "fixed" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "debugger" may not be changed\n/);
    expect(await change({ op: 'add', path: '/spec/ephemeralContainers/1', value: { name: 'app', image: 'busybox', ports: [{ containerPort: 80 }] } }))
      .toBe('Pod "fixed" is invalid: [spec.ephemeralContainers[1].name: Duplicate value: "app", spec.ephemeralContainers[1].ports: Forbidden: cannot be set for an Ephemeral Container]');
    expect(await refusal(core.readNamespacedPodLog({ name: 'fixed', namespace, container: 'other' }))).toBe('container other is not valid for pod fixed');
  });
});

describe('the size of a container', () => {
  test('changes while it runs', async () => {
    await start('sized', { name: 'app', image: 'nginx:1.27', resources: size('250m', '64Mi') });
    await resize('sized', { name: 'app', resources: size('500m', '64Mi') });
    const pod = await until('sized', ({ status }) => status?.containerStatuses?.[0]?.resources?.requests?.['cpu'] === '500m');
    expect(pod.status!.containerStatuses![0]).toMatchObject({ restartCount: 0, allocatedResources: { cpu: '500m', memory: '64Mi' }, resources: size('500m', '64Mi') });
    await until('sized', (one) => condition(one, 'PodResizeInProgress') === undefined);
    expect((await eventsOf('sized', 'ResizeCompleted')).map(({ message }) => message))
      .toEqual(['Pod resize completed: {"containers":[{"name":"app","resources":{"limits":{"cpu":"500m","memory":"64Mi"},"requests":{"cpu":"500m","memory":"64Mi"}}}],"generation":2}']);
  });
  test('takes a restart where its policy says so', async () => {
    const keep = { name: 'keep', image: 'nginx:1.27', resources: size('100m', '64Mi') };
    await start('restarted', { ...keep, name: 'app', resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }] }, keep);
    await resize('restarted', { name: 'app', resources: size('100m', '96Mi') });
    const pod = await until('restarted', (one) => one.status?.containerStatuses?.[0]?.resources?.limits?.['memory'] === '96Mi' && isRunning(one));
    expect(pod.status!.containerStatuses!.map(({ restartCount }) => restartCount)).toEqual([1, 0]);
    expect((await eventsOf('restarted', 'Killing')).map(({ message }) => message)).toEqual(['Container app resize requires restart']);
  });
  test('waits for room, or is never given', async () => {
    const free = (await core.listNode()).items[0]!.status!.allocatable!['cpu'];
    expect(free).toBe('4');
    await start('big', { name: 'app', image: 'nginx:1.27', resources: size('2', '64Mi') });
    await start('growing', { name: 'app', image: 'nginx:1.27', resources: size('100m', '64Mi') });
    await resize('growing', { name: 'app', resources: size('100', '64Mi') });
    const never = await until('growing', (pod) => condition(pod, 'PodResizePending') !== undefined);
    expect(condition(never, 'PodResizePending')).toMatchObject({ status: 'True', reason: 'Infeasible', message: "Node didn't have enough capacity: cpu, requested: 100000, capacity: 4000" });
    expect(never.status!.containerStatuses![0]!.resources!.requests!['cpu']).toBe('100m');
    await resize('growing', { name: 'app', resources: size('2500m', '64Mi') });
    const later = await until('growing', (pod) => condition(pod, 'PodResizePending')?.reason === 'Deferred');
    expect(condition(later, 'PodResizePending')?.message).toMatch(/^Node didn't have enough resource: cpu, requested: 2500, used: \d+, capacity: 4000$/);
    await core.deleteNamespacedPod({ name: 'big', namespace });
    const grown = await until('growing', (pod) => pod.status?.containerStatuses?.[0]?.resources?.requests?.['cpu'] === '2500m');
    expect([condition(grown, 'PodResizePending'), grown.status!.containerStatuses![0]!.restartCount]).toEqual([undefined, 0]);
  });
  test.each<readonly [string, object, string]>([
    ['another class', { name: 'app', resources: { requests: { cpu: '50m' } } }, 'spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing'],
    ['another resource', { name: 'app', resources: { requests: { 'ephemeral-storage': '1Gi' } } }, 'spec: Forbidden: only cpu and memory resources are mutable'],
    ['less resources', { name: 'app', resources: { limits: { cpu: null }, requests: { cpu: null } } }, '[spec: Invalid value: "Guaranteed": Pod QOS Class may not change as a result of resizing, spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed, spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed]'],
    ['another container', { name: 'more', image: 'nginx' }, 'spec.containers: Forbidden: containers may not be added or removed on resize'],
    ['an image, which it leaves alone', { name: 'app', image: 'nginx:1.28' }, 'taken'],
  ])('is refused: %s', async (what, container, expected) => {
    const name = 'strict';
    if (what === 'another class') await start(name, { name: 'app', image: 'nginx:1.27', resources: size('100m', '64Mi') });
    const message = await refusal(resize(name, container));
    expect(message).toBe(expected === 'taken' ? 'taken' : `Pod "strict" is invalid: ${expected}`);
    expect((await get(name)).spec!.containers).toMatchObject([{ image: 'nginx:1.27', resources: size('100m', '64Mi') }]);
  });
});
