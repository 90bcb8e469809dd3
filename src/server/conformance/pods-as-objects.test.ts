/** What the API server makes of a Pod: test/e2e/{common/node/{pods,sysctl},node/{pods,node_lifecycle},auth/service_accounts,scheduling/limit_range,architecture/conformance}.go. */
import { expect } from 'vitest';
import { isGone, newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const image = 'registry.k8s.io/e2e-test-images/agnhost:2.59';
const pod = (name: string, spec: object = {}, container: object = {}) => ({ metadata: { name }, spec: { containers: [{ name: 'c', image, ...container }], ...spec } });
type PodThing = Thing & { readonly spec: { readonly containers: readonly { readonly resources: object; readonly volumeMounts?: readonly { readonly mountPath: string }[] }[] } };

behaviour('[sig-node] Pods should patch a pod status [Conformance]', async (at) => {
  const pods = `${at.in('v1')}/pods`;
  await at.post(pods, pod('patched', { terminationGracePeriodSeconds: 1 }));
  const status = { message: 'Patched by e2e test', reason: 'E2E' };
  expect(await at.patch(`${pods}/patched/status`, { metadata: { annotations: { patchedstatus: 'true' } }, status })).toMatchObject({ metadata: { annotations: { patchedstatus: 'true' } }, status });
});

behaviour('[sig-node] Pods Extended Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu [Conformance]', async (at) => {
  const all = { cpu: '100m', memory: '100Mi' };
  await at.post(`${at.in('v1')}/pods`, pod('guaranteed', {}, { args: ['pause'], resources: { limits: all, requests: all } }));
  expect((await at.get(`${at.in('v1')}/pods/guaranteed`)).status).toMatchObject({ qosClass: 'Guaranteed' });
});

behaviour('[sig-node] Sysctls [LinuxOnly] [NodeConformance] should reject invalid sysctls [Conformance]', async (at) => {
  const sysctls = [['foo-', 'bar'], ['kernel.shmmax', '100000000'], ['safe-and-unsafe', '100000000'], ['bar..', '42']].map(([name, value]) => ({ name, value }));
  const { code, text } = await at.raw('POST', `${at.in('v1')}/pods`, { body: pod('wrong', { securityContext: { sysctls } }) });
  expect(code).toBe(422);
  const { message } = JSON.parse(text) as { message: string };
  for (const name of ['foo-', 'bar..']) expect(message).toContain(`Invalid value: "${name}": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`);
  for (const name of ['safe-and-unsafe', 'kernel.shmmax']) expect(message).not.toContain(name);
});

behaviour('[sig-auth] ServiceAccounts should allow opting out of API token automount [Conformance]', async (at) => {
  for (const [name, automountServiceAccountToken] of [['mount', true], ['nomount', false]] as const) await at.post(`${at.in('v1')}/serviceaccounts`, { metadata: { name }, automountServiceAccountToken });
  // The Pod's own word counts before its account's.
  for (const [serviceAccountName, automountServiceAccountToken, mounted] of [
    ['default', undefined, true], ['mount', undefined, true], ['nomount', undefined, false], ['default', true, true], ['mount', true, true], ['nomount', true, true], ['default', false, false], ['mount', false, false], ['nomount', false, false],
  ] as const) {
    const made = await at.post<PodThing>(`${at.in('v1')}/pods`, pod(`${serviceAccountName}-${String(automountServiceAccountToken)}`, { restartPolicy: 'Never', serviceAccountName, automountServiceAccountToken }));
    expect(made.spec.containers[0]!.volumeMounts?.some(({ mountPath }) => mountPath === '/var/run/secrets/kubernetes.io/serviceaccount') ?? false).toBe(mounted);
  }
});

const amounts = (cpu: string, memory: string, storage: string) => ({ ...(cpu && { cpu }), ...(memory && { memory }), ...(storage && { 'ephemeral-storage': storage }) });
const full = amounts('500m', '500Mi', '500Gi');
const limits = [{ type: 'Container', min: amounts('50m', '100Mi', '100Gi'), max: full, default: full, defaultRequest: amounts('100m', '200Mi', '200Gi'), maxLimitRequestRatio: {} }];
const lowered = [{ ...limits[0], min: amounts('9m', '49Mi', '49Gi') }];

behaviour('[sig-scheduling] LimitRange should create a LimitRange with defaults and ensure pod has those defaults applied. [Conformance]', async (at) => {
  const [ranges, pods] = [`${at.in('v1')}/limitranges`, `${at.in('v1')}/pods`];
  const watch = await at.watch(`${ranges}?labelSelector=time=now`);
  const made = await at.post(ranges, { metadata: { name: 'limit-range', labels: { time: 'now' } }, spec: { limits } });
  expect((await watch.next()).type).toBe('ADDED');
  expect((await at.get(`${ranges}/limit-range`)).spec).toMatchObject({ limits: [{ default: full, defaultRequest: limits[0]!.defaultRequest }] });
  const resourcesOf = async (name: string, resources: object): Promise<object> => (await at.post<PodThing>(pods, pod(name, {}, { resources }))).spec.containers[0]!.resources;
  const refused = { code: 403, reason: 'Forbidden' };
  expect(await resourcesOf('none', {})).toEqual({ limits: full, requests: limits[0]!.defaultRequest });
  expect(await resourcesOf('partial', { limits: amounts('300m', '', ''), requests: amounts('', '150Mi', '150Gi') })).toEqual({ limits: amounts('300m', '500Mi', '500Gi'), requests: amounts('300m', '150Mi', '150Gi') });
  const [low, high] = [{ requests: amounts('10m', '50Mi', '50Gi') }, { requests: amounts('600m', '600Mi', '600Gi') }];
  await expect(resourcesOf('low', low)).rejects.toMatchObject(refused);
  await expect(resourcesOf('high', high)).rejects.toMatchObject({ code: 422 });
  await at.put(`${ranges}/limit-range`, { ...made, spec: { limits: lowered } });
  await at.pass(1_000);
  await resourcesOf('low', low);
  await expect(resourcesOf('high', high)).rejects.toMatchObject({ code: 422 });
  await at.delete(`${ranges}/limit-range`, { gracePeriodSeconds: 30 });
  await at.until(async () => (await at.list(ranges)).items.length === 0, 30_000);
  await at.pass(1_000);
  expect(await resourcesOf('high', high)).toEqual(high);
});

behaviour('[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection [Conformance]', async (at: Client) => {
  const [ranges, label] = [`${at.in('v1')}/limitranges`, at.namespace];
  const range = { metadata: { name: 'range', labels: { 'e2e-test': label, [label]: 'created' } }, spec: { limits } };
  const made = await at.post(ranges, range);
  await at.post('/api/v1/namespaces', { metadata: { name: `${label}-other` } });
  await at.post(`${at.in('v1', `${label}-other`)}/limitranges`, range);
  const all = `/api/v1/limitranges?labelSelector=e2e-test=${label}`;
  expect((await at.list(all)).items).toHaveLength(2);
  const patched = await at.patch(`${ranges}/range`, { metadata: { labels: { [label]: 'patched' } }, spec: { limits: lowered } }, 'strategic');
  expect(patched).toMatchObject({ metadata: { labels: { [label]: 'patched' } }, spec: { limits: [{ min: lowered[0]!.min }] } });
  newer(patched, made);
  await at.delete(`${ranges}?labelSelector=${label}=patched`);
  await at.until(async () => (await at.list(all)).items.length === 1, 10_000);
});

behaviour('[sig-node] Node Lifecycle should run through the lifecycle of a node [Conformance]', async (at) => {
  const name = 'e2e-fake-node';
  const made = await at.post('/api/v1/nodes', { metadata: { name }, spec: { unschedulable: true }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', reason: 'E2E', message: 'Set from e2e test' }] } });
  expect((await at.get(`/api/v1/nodes/${name}`)).metadata.uid).toBe(made.metadata.uid);
  const patched = await at.patch(`/api/v1/nodes/${name}`, { metadata: { labels: { [name]: 'patched' } } }, 'strategic');
  expect(patched.metadata.labels).toMatchObject({ [name]: 'patched' });
  newer(patched, made);
  expect((await at.list(`/api/v1/nodes?labelSelector=${name}=patched`)).items).toHaveLength(1);
  const now = await at.get(`/api/v1/nodes/${name}`);
  expect((await at.put(`/api/v1/nodes/${name}`, { ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, [name]: 'updated' } } })).metadata.labels).toMatchObject({ [name]: 'updated' });
  await at.delete(`/api/v1/nodes/${name}`);
  await isGone(at, `/api/v1/nodes/${name}`);
});

behaviour('[sig-architecture] Conformance Tests should have at least two untainted nodes [Conformance]', async (at) => {
  const ready = await at.until(async () => {
    const { items } = await at.list('/api/v1/nodes?fieldSelector=spec.unschedulable=false');
    const able = items.filter(({ spec, status }) => !('taints' in (spec as object)) && (status as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }).conditions?.some((one) => one.type === 'Ready' && one.status === 'True'));
    return able.length >= 2 && able;
  });
  expect(ready.length).toBeGreaterThanOrEqual(2);
});
