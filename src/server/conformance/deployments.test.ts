/** Takes the steps of test/e2e/apps/deployment.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const httpd = 'registry.k8s.io/e2e-test-images/httpd:2.4.38-4';
const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.59';
const name = 'test-deployment';
const labels = { name: 'sample-pod' };
const paths = (at: Client) => ({ deployments: `${at.in('apps/v1')}/deployments`, one: `${at.in('apps/v1')}/deployments/${name}`, sets: `${at.in('apps/v1')}/replicasets`, pods: `${at.in('v1')}/pods` });
const template = (image: string) => ({ metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }] } });
const deployment = (replicas: number, image: string, more: object = {}) => ({ metadata: { name, labels }, spec: { replicas, selector: { matchLabels: labels }, template: template(image), ...more } });
const statusOf = ({ status }: Thing) => status as { readonly observedGeneration?: number; readonly replicas?: number; readonly updatedReplicas?: number; readonly availableReplicas?: number; readonly conditions?: readonly { readonly type: string; readonly reason?: string }[] };
const specOf = ({ spec }: Thing) => spec as { readonly replicas?: number; readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } };
const imageOf = (set: Thing): string => specOf(set).template.spec.containers[0]!.image;
/** Every replica is of the newest template and available, and no other is left. */
const complete = async (at: Client, replicas: number): Promise<Thing> => at.until(async () => {
  const now = await at.get(paths(at).one);
  const status = statusOf(now);
  return status.observedGeneration === now.metadata.generation && [status.replicas, status.updatedReplicas, status.availableReplicas].every((count) => (count ?? 0) === replicas) && now;
});
const retemplate = async (at: Client, image: string): Promise<Thing> => at.patch(paths(at).one, { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } }, 'strategic');

behaviour('[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new ones [Conformance]', async (at) => {
  const { sets, deployments } = paths(at);
  const old = { metadata: { name: 'test-rolling-update-controller', labels, annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' } }, spec: { replicas: 1, selector: { matchLabels: labels }, template: template(httpd) } };
  await at.post(sets, old);
  await at.until(async () => ((await at.get(`${sets}/${old.metadata.name}`)).status as { readonly readyReplicas?: number }).readyReplicas === 1);
  await at.post(deployments, deployment(1, agnhost));
  await complete(at, 1);
  const all = (await at.list(sets)).items;
  expect(all).toHaveLength(2);
  const [adopted, made] = [all.find((set) => set.metadata.name === old.metadata.name)!, all.find((set) => set.metadata.name !== old.metadata.name)!];
  expect([specOf(adopted).replicas, specOf(made).replicas, made.metadata.annotations?.['deployment.kubernetes.io/revision']]).toEqual([0, 1, '3546343826724305833']);
  expect(adopted.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name }]);
});

behaviour('[sig-apps] Deployment RecreateDeployment should delete old pods and create new ones [Conformance]', async (at) => {
  const { deployments, pods } = paths(at);
  await at.post(deployments, deployment(1, agnhost, { strategy: { type: 'Recreate' } }));
  await complete(at, 1);
  const watch = await at.watch(`${pods}?resourceVersion=${(await at.list(pods)).metadata.resourceVersion}`);
  await retemplate(at, httpd);
  // The new one comes when the old one is gone.
  expect((await watch.nextThat(({ type }) => type === 'ADDED' || type === 'DELETED')).type).toBe('DELETED');
  await watch.nextThat(({ type, object }) => type === 'ADDED' && (object.spec as { readonly containers: readonly { readonly image: string }[] }).containers[0]!.image === httpd);
  await complete(at, 1);
});

behaviour('[sig-apps] Deployment deployment should delete old replica sets [Conformance]', async (at) => {
  const { deployments, sets } = paths(at);
  await at.post(deployments, deployment(1, httpd, { revisionHistoryLimit: 0 }));
  await complete(at, 1);
  await retemplate(at, agnhost);
  await complete(at, 1);
  await at.until(async () => { const { items } = await at.list(sets); return items.length === 1 && imageOf(items[0]!) === agnhost; });
});

behaviour('[sig-apps] Deployment deployment should support rollover [Conformance]', async (at) => {
  const { deployments, sets } = paths(at);
  await at.post(deployments, deployment(1, 'nonexistent.example.com/none:1', { minReadySeconds: 10, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } }));
  await at.until(async () => (await at.list(sets)).items.length === 1);
  await retemplate(at, agnhost);
  await complete(at, 1);
  const { items } = await at.list(sets);
  expect(items.map((set) => [imageOf(set), specOf(set).replicas]).sort()).toEqual([['nonexistent.example.com/none:1', 0], [agnhost, 1]]);
});

behaviour('[sig-apps] Deployment Deployment should have a working scale subresource [Conformance]', async (at) => {
  const { deployments, one } = paths(at);
  await at.post(deployments, deployment(1, httpd));
  await complete(at, 1);
  const scale = await at.get(`${one}/scale`);
  expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 1, selector: 'name=sample-pod' } });
  expect((await at.put(`${one}/scale`, { ...scale, metadata: { ...scale.metadata, resourceVersion: '' }, spec: { replicas: 2 } })).spec).toMatchObject({ replicas: 2 });
  expect(specOf(await at.get(one)).replicas).toBe(2);
  expect((await at.patch(`${one}/scale`, { spec: { replicas: 4 } }, 'strategic')).spec).toMatchObject({ replicas: 4 });
  await complete(at, 4);
});

behaviour('[sig-apps] Deployment should validate Deployment Status endpoints [Conformance]', async (at) => {
  const { deployments, one } = paths(at);
  const watch = await at.watch(`${deployments}?labelSelector=name=sample-pod`);
  await at.post(deployments, deployment(1, httpd));
  await complete(at, 1);
  const now = await at.get(`${one}/status`);
  const conditions = [...statusOf(now).conditions!, { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' }];
  await at.put(`${one}/status`, { ...now, status: { ...now.status as object, conditions } });
  await watch.nextThat(({ object }) => statusOf(object).conditions?.some(({ type, reason }) => type === 'StatusUpdate' && reason === 'E2E') === true);
  expect(statusOf(await at.patch(`${one}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } })).conditions).toMatchObject([{ type: 'StatusPatched' }]);
  await watch.nextThat(({ object }) => statusOf(object).conditions?.some(({ type }) => type === 'StatusPatched') === true);
});

behaviour('[sig-apps] Deployment deployment should support proportional scaling [Conformance]', async (at) => {
  const { deployments, one, sets } = paths(at);
  const counts = ({ spec, status }: Thing) => ({ wanted: (spec as { readonly replicas?: number }).replicas, made: statusOf({ status } as unknown as Thing).replicas ?? 0, available: statusOf({ status } as unknown as Thing).availableReplicas ?? 0 });
  const set = async (image: string): Promise<Thing | undefined> => (await at.list(sets)).items.find((each) => imageOf(each) === image);
  await at.post(deployments, deployment(10, agnhost, { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } }));
  await complete(at, 10);
  // An image that is nowhere stops the rollout half way: of 10, 2 may be missing, and 3 may be too many.
  await retemplate(at, 'webserver:404');
  await at.until(async () => { const first = await set(agnhost); return first !== undefined && JSON.stringify(counts(first)) === JSON.stringify({ wanted: 8, made: 8, available: 8 }); });
  await at.until(async () => { const second = await set('webserver:404'); return second !== undefined && JSON.stringify(counts(second)) === JSON.stringify({ wanted: 5, made: 5, available: 0 }); });
  expect(statusOf(await at.get(one)).availableReplicas).toBeGreaterThanOrEqual(8);
  // 20 more, in the proportion of 8 to 5.
  await at.patch(one, { spec: { replicas: 30 } });
  await at.until(async () => counts((await set(agnhost))!).wanted === 20);
  await at.until(async () => counts((await set('webserver:404'))!).wanted === 13);
  await at.pass(20_000);
  expect([counts((await set(agnhost))!), counts((await set('webserver:404'))!)]).toEqual([{ wanted: 20, made: 20, available: 20 }, { wanted: 13, made: 13, available: 0 }]);
});

behaviour('[sig-apps] Deployment should run the lifecycle of a Deployment [Conformance]', async (at) => {
  const { deployments, one } = paths(at);
  const pause = 'registry.k8s.io/pause:3.10.1';
  const marked = { 'test-deployment-static': 'true' };
  const selector = 'labelSelector=test-deployment-static=true';
  const body = (image: string, more: object = {}) => ({ metadata: { name, labels: { ...marked, ...more } }, spec: { replicas: 2, selector: { matchLabels: marked }, template: { metadata: { labels: marked }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name, image }] } } } });
  const settled = (count: number, image: string) => ({ object }: { readonly object: Thing }): boolean => {
    const { readyReplicas = 0, updatedReplicas = 0, unavailableReplicas = 0 } = object.status as { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly unavailableReplicas?: number };
    return readyReplicas === count && updatedReplicas === count && unavailableReplicas === 0 && imageOf(object) === image;
  };
  const watch = await at.watch(`${deployments}?${selector}&resourceVersion=${(await at.list(`${at.all('apps/v1')}/deployments?${selector}`)).metadata.resourceVersion}`);
  const created = await at.post(deployments, body(httpd));
  await watch.nextThat(({ type }) => type === 'ADDED');
  await watch.nextThat(({ object }) => (object.status as { readonly readyReplicas?: number }).readyReplicas === 2);

  const patched = await at.patch(one, { metadata: { labels: { 'test-deployment': 'patched' } }, spec: { replicas: 1, template: { spec: { terminationGracePeriodSeconds: 2, containers: [{ name, image: pause }] } } } }, 'strategic');
  expect(Number(patched.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
  const scaled = await watch.nextThat(settled(1, pause));
  expect((scaled.object.spec as { readonly template: { readonly spec: object } }).template.spec).toMatchObject({ terminationGracePeriodSeconds: 2 });
  expect((await at.list(`${at.all('apps/v1')}/deployments?${selector}`)).items.map(({ metadata }) => metadata.namespace)).toContain(at.namespace);

  await at.put(one, body(agnhost, { 'test-deployment': 'updated' }));
  const status = await at.get(`${one}/status`);
  expect([imageOf(status), status.metadata.labels?.['test-deployment']]).toEqual([agnhost, 'updated']);
  await watch.nextThat(settled(2, agnhost));

  // What is written into the status does not last: the controller counts again.
  await at.patch(`${one}/status`, { status: { readyReplicas: 0, availableReplicas: 0 } }, 'strategic');
  await watch.nextThat(({ object }) => ((object.status as { readonly readyReplicas?: number }).readyReplicas ?? 0) === 0 && (statusOf(object).availableReplicas ?? 0) === 0);
  await watch.nextThat(settled(2, agnhost));

  await at.delete(`${deployments}?${selector}`, { gracePeriodSeconds: 1 });
  await watch.nextThat(({ type }) => type === 'DELETED');
});
