/** Takes the steps of test/e2e/apimachinery/{garbage_collector,namespace}.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';

const labels = (name: string) => ({ name });
const container = { name: 'pause', image: 'registry.k8s.io/pause:3.10.1' };
const template = (name: string) => ({ metadata: { labels: labels(name) }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } });
const paths = (at: Client) => ({ pods: `${at.in('v1')}/pods`, rc: `${at.in('v1')}/replicationcontrollers`, rs: `${at.in('apps/v1')}/replicasets`, deployments: `${at.in('apps/v1')}/deployments` });
const options = (uid: string, propagationPolicy: string) => ({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, preconditions: { uid } });
const names = async (at: Client, path: string): Promise<readonly string[]> => (await at.list(path)).items.map(({ metadata }) => metadata.name);
const none = async (at: Client, path: string): Promise<unknown> => at.until(async () => (await names(at, path)).length === 0);

async function controlled(at: Client, name: string, replicas: number): Promise<{ readonly one: string; readonly uid: string }> {
  const { rc, pods } = paths(at);
  const { metadata } = await at.post(rc, { metadata: { name }, spec: { replicas, selector: labels(name), template: template(name) } });
  await at.until(async () => (await at.list(`${pods}?labelSelector=name=${name}`)).items.length === replicas);
  await at.until(async () => ((await at.get(`${rc}/${name}`)).status as { readonly replicas: number }).replicas === replicas);
  return { one: `${rc}/${name}`, uid: metadata.uid };
}

async function deployed(at: Client): Promise<{ readonly one: string; readonly uid: string }> {
  const { deployments, rs } = paths(at);
  const { metadata } = await at.post(deployments, { metadata: { name: 'simpletest' }, spec: { replicas: 2, selector: { matchLabels: labels('simpletest') }, template: template('simpletest') } });
  await at.until(async () => (await names(at, rs)).length === 1);
  return { one: `${deployments}/simpletest`, uid: metadata.uid };
}

behaviour('[sig-api-machinery] Garbage collector should delete pods created by rc when not orphaning [Conformance]', async (at) => {
  const { one, uid } = await controlled(at, 'simpletest-rc', 2);
  await at.delete(one, options(uid, 'Background'));
  await none(at, paths(at).pods);
});

behaviour('[sig-api-machinery] Garbage collector should orphan pods created by rc if delete options say so [Serial] [Conformance]', async (at) => {
  const { one, uid } = await controlled(at, 'simpletest-rc', 20);
  await at.delete(one, options(uid, 'Orphan'));
  await at.until(async () => (await at.find(one)) === undefined);
  await at.pass(30_000);
  const { items } = await at.list(paths(at).pods);
  expect(items.map(({ metadata }) => metadata.ownerReferences)).toEqual(Array.from({ length: 20 }, () => undefined));
});

behaviour('[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning [Conformance]', async (at) => {
  const { one, uid } = await deployed(at);
  await at.delete(one, options(uid, 'Background'));
  await none(at, paths(at).rs);
});

behaviour('[sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan [Conformance]', async (at) => {
  const { one, uid } = await deployed(at);
  await at.delete(one, options(uid, 'Orphan'));
  await at.until(async () => (await at.find(one)) === undefined);
  await at.pass(30_000);
  const { items } = await at.list(paths(at).rs);
  expect(items.map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
});

behaviour('[sig-api-machinery] Garbage collector should keep the rc around until all its pods are deleted if the deleteOptions says so [Serial] [Conformance]', async (at) => {
  const { one, uid } = await controlled(at, 'simpletest-rc', 20);
  await at.delete(one, options(uid, 'Foreground'));
  const { pods } = paths(at);
  // As long as it is there, so may be its Pods; never the other way round.
  await at.until(async () => {
    const left = await names(at, pods);
    const owner = await at.find(one);
    if (owner !== undefined) expect(owner.metadata.finalizers).toEqual(['foregroundDeletion']);
    else expect(await names(at, pods)).toEqual([]);
    return owner === undefined && left.length === 0;
  });
});

behaviour("[sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted [Serial] [Conformance]", async (at) => {
  const { pods } = paths(at);
  const going = await controlled(at, 'simpletest-rc-to-be-deleted', 10);
  const staying = await controlled(at, 'simpletest-rc-to-stay', 0);
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ReplicationController', name: 'simpletest-rc-to-stay', uid: staying.uid }];
  for (const name of (await names(at, pods)).slice(0, 5)) await at.patch(`${pods}/${name}`, { metadata: { ownerReferences } }, 'strategic');
  await at.delete(going.one, options(going.uid, 'Foreground'));
  await at.until(async () => (await at.find(going.one)) === undefined);
  await at.pass(30_000);
  const { items } = await at.list(pods);
  expect(items.map(({ metadata }) => [metadata.deletionTimestamp, metadata.ownerReferences?.map(({ uid }) => uid)])).toEqual(Array.from({ length: 5 }, () => [undefined, [staying.uid]]));
});

behaviour('[sig-api-machinery] Garbage collector should not be blocked by dependency circle [Conformance]', async (at) => {
  const { pods } = paths(at);
  const made = [];
  for (const name of ['pod1', 'pod2', 'pod3']) made.push(await at.post(pods, { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } }));
  for (const [index, { metadata: { name } }] of made.entries()) {
    const owner = made[(index + 2) % 3]!;
    await at.patch(`${pods}/${name}`, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: owner.metadata.name, uid: owner.metadata.uid, controller: true, blockOwnerDeletion: true }] } });
  }
  await at.delete(`${pods}/pod1`, options(made[0]!.metadata.uid, 'Foreground'));
  await none(at, pods);
});

const namespaceNamed = async (at: Client, name: string): Promise<string> => {
  await at.post('/api/v1/namespaces', { metadata: { name } });
  await at.until(async () => (await at.find(`${at.in('v1', name)}/serviceaccounts/default`)) !== undefined);
  return name;
};
const gone = async (at: Client, namespace: string): Promise<unknown> => at.until(async () => (await at.find(`/api/v1/namespaces/${namespace}`)) === undefined);

behaviour('[sig-api-machinery] Namespaces [Serial] should ensure that all pods are removed when a namespace is deleted [Conformance]', async (at) => {
  const namespace = await namespaceNamed(at, 'nsdeletetest-pods');
  const pods = `${at.in('v1', namespace)}/pods`;
  await at.post(pods, { metadata: { name: 'test-pod' }, spec: { containers: [container] } });
  await at.until(async () => ((await at.get(`${pods}/test-pod`)).status as { readonly phase: string }).phase === 'Running');
  await at.delete(`/api/v1/namespaces/${namespace}`);
  await gone(at, namespace);
  await namespaceNamed(at, namespace);
  expect(await at.find(`${pods}/test-pod`)).toBeUndefined();
});

behaviour('[sig-api-machinery] Namespaces [Serial] should ensure that all services are removed when a namespace is deleted [Conformance]', async (at) => {
  const namespace = await namespaceNamed(at, 'nsdeletetest-services');
  const services = `${at.in('v1', namespace)}/services`;
  await at.post(services, { metadata: { name: 'test-service' }, spec: { selector: { foo: 'bar' }, ports: [{ port: 80, targetPort: 80 }] } });
  await at.delete(`/api/v1/namespaces/${namespace}`);
  await gone(at, namespace);
  await namespaceNamed(at, namespace);
  expect(await at.find(`${services}/test-service`)).toBeUndefined();
});

behaviour('[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod first [Conformance]', async (at) => {
  const namespace = await namespaceNamed(at, 'nsdeletetest-order');
  const [pods, maps] = [`${at.in('v1', namespace)}/pods`, `${at.in('v1', namespace)}/configmaps`];
  await at.post(pods, { metadata: { name: 'test-pod', finalizers: ['e2e.example.com/finalizer'] }, spec: { containers: [container] } });
  await at.post(maps, { metadata: { name: 'test-configmap' }, data: { key: 'value' } });
  await at.until(async () => ((await at.get(`${pods}/test-pod`)).status as { readonly phase: string }).phase === 'Running');
  await at.delete(`/api/v1/namespaces/${namespace}`);
  const told = await at.until(async () => {
    const conditions = ((await at.get(`/api/v1/namespaces/${namespace}`)).status as { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[] }).conditions ?? [];
    return conditions.some(({ type, status }) => type === 'NamespaceDeletionContentFailure' || (type === 'NamespaceContentRemaining' && status === 'True')) && conditions;
  });
  expect(told.map(({ type }) => type)).toContain('NamespaceFinalizersRemaining');
  expect((await at.get(`${pods}/test-pod`)).metadata.deletionTimestamp).toBeDefined();
  expect((await at.get(`${maps}/test-configmap`)).metadata.deletionTimestamp).toBeUndefined();
  await at.patch(`${pods}/test-pod`, [{ op: 'remove', path: '/metadata/finalizers' }], 'json');
  await gone(at, namespace);
});
