/** Takes the steps of test/e2e/network/{apiserver,service,service_cidrs}.go. */
import { expect } from 'vitest';
import { isGone, newer, withAnnotation } from './api-operations.ts';
import { behaviour } from './harness.ts';

behaviour('[sig-network] API Server should provide secure master service [Conformance]', async (at) => {
  expect((await at.get(`${at.in('v1', 'default')}/services/kubernetes`)).spec).toMatchObject({ ports: [{ name: 'https', port: 443 }] });
});

behaviour('[sig-network] Services should find a service from listing all namespaces [Conformance]', async (at) => {
  expect((await at.list('/api/v1/services')).items.filter(({ metadata: { name, namespace } }) => name === 'kubernetes' && namespace === 'default')).toHaveLength(1);
});

behaviour('[sig-network] Services should complete a service status lifecycle [Conformance]', async (at) => {
  const services = `${at.in('v1')}/services`;
  const label = 'labelSelector=test-service-static=true';
  const watch = await at.watch(`${services}?${label}&resourceVersion=${(await at.list(`/api/v1/services?${label}`)).metadata.resourceVersion}`);
  await at.post(services, { metadata: { name: 'test', labels: { 'test-service-static': 'true' } }, spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/internal-vip', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] } });
  await watch.nextThat(({ type }) => type === 'ADDED', 30_000);
  expect(await at.get(`${services}/test/status`)).toMatchObject({ kind: 'Service', status: { loadBalancer: {} } });
  const loadBalancer = { ingress: [{ ip: '203.0.113.1' }] };
  expect((await at.patch(`${services}/test/status`, { metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer } })).status).toMatchObject({ loadBalancer });
  await watch.nextThat(({ object }) => object.metadata.annotations?.['patchedstatus'] === 'true', 30_000);
  const now = await at.get(`${services}/test`);
  const conditions = [{ type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test', lastTransitionTime: null }];
  await at.put(`${services}/test/status`, { ...now, status: { ...now.status as object, conditions } });
  const told = await watch.nextThat(({ object }) => (object.status as { readonly conditions?: object }).conditions !== undefined, 30_000);
  expect(told.object).toMatchObject({ metadata: { annotations: { patchedstatus: 'true' } }, status: { loadBalancer, conditions: [{ type: 'StatusUpdate', reason: 'E2E' }] } });
  await at.patch(`${services}/test`, { metadata: { labels: { 'test-service': 'patched' } } }, 'strategic');
  await watch.nextThat(({ object }) => object.metadata.labels?.['test-service'] === 'patched', 30_000);
  await at.delete(`${services}/test`);
  await watch.nextThat(({ type }) => type === 'DELETED', 30_000);
});

behaviour('[sig-network] Services should delete a collection of services [Conformance]', async (at) => {
  const services = `${at.in('v1')}/services`;
  for (const [name, what, port] of [['a', 'delete', 8001], ['b', 'delete', 8002], ['c', 'keep', 8003]] as const) {
    await at.post(services, { metadata: { name: `e2e-svc-${name}`, labels: { 'e2e-test-service': what } }, spec: { type: 'ClusterIP', ports: [{ name: 'http', protocol: 'TCP', port, targetPort: port }] } });
  }
  expect((await at.list(services)).items).toHaveLength(3);
  await at.delete(`${services}?labelSelector=e2e-test-service=delete`);
  expect((await at.list(services)).items.map(({ metadata }) => metadata.name)).toEqual(['e2e-svc-c']);
});

behaviour('[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations [Conformance]', async (at) => {
  const all = '/apis/networking.k8s.io/v1/servicecidrs';
  const own = await at.get(`${all}/kubernetes`);
  expect(await at.get(`${all}/kubernetes/status`)).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { uid: own.metadata.uid }, spec: { cidrs: ['10.96.0.0/12'] }, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  expect((await at.list(all)).items).toHaveLength(1);
  expect((await (await at.watch(all)).next()).object.metadata.name).toBe('kubernetes');
});

behaviour('[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations [Conformance]', async (at) => {
  const all = '/apis/networking.k8s.io/v1/ipaddresses';
  const address = (name: string, type: string) => ({ metadata: { name, labels: { type } }, spec: { parentRef: { group: 'mygroup', resource: 'myresources', namespace: 'foo', name: 'bar' } } });
  const one = `${all}/255.255.255.255`;
  const made = await at.post(all, address('255.255.255.255', 'broadcast'));
  await at.post(all, address('fe80::42:1dff:fe84:f9e2', 'link-local'));
  const patched = await at.patch(one, { metadata: { annotations: { patched: 'true' } } });
  expect(patched.metadata.annotations).toEqual({ patched: 'true' });
  newer(patched, made);
  expect((await at.put(one, withAnnotation(await at.get(one), 'updated'))).metadata.annotations).toEqual({ patched: 'true', updated: 'true' });
  expect((await at.list(`${all}?labelSelector=type=broadcast`)).items).toHaveLength(1);
  expect((await (await at.watch(`${all}?labelSelector=type=broadcast`)).next()).object.metadata.uid).toBe(made.metadata.uid);
  await at.delete(one);
  await at.delete(`${all}?labelSelector=type=link-local`);
  expect((await at.list(`${all}?labelSelector=type=link-local`)).items).toEqual([]);
});

behaviour('[sig-network] Endpoints should test the lifecycle of an Endpoint [Conformance]', async (at) => {
  const endpoints = `${at.in('v1')}/endpoints`;
  const [one, label] = [`${endpoints}/testservice`, 'labelSelector=test-endpoint-static=true'];
  const watch = await at.watch(`${endpoints}?${label}&resourceVersion=${(await at.list(`/api/v1/endpoints?${label}`)).metadata.resourceVersion}`);
  await at.post(endpoints, { metadata: { name: 'testservice', labels: { 'test-endpoint-static': 'true' } }, subsets: [{ addresses: [{ ip: '10.0.0.24' }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }] });
  await watch.nextThat(({ type }) => type === 'ADDED');
  const [found] = (await at.list(`/api/v1/endpoints?${label}`)).items.filter(({ metadata }) => metadata.namespace === at.namespace);
  await at.put(one, { ...found!, metadata: { ...found!.metadata, labels: { ...found!.metadata.labels, 'test-service': 'updated' } } });
  await watch.nextThat(({ object }) => object.metadata.labels?.['test-service'] === 'updated');
  expect((await at.get(one)).metadata.labels).toMatchObject({ 'test-service': 'updated' });
  await at.patch(one, { metadata: { labels: { 'test-service': 'patched' } }, subsets: [{ addresses: [{ ip: '10.0.0.25' }], ports: [{ name: 'http-test', port: 8080 }] }] }, 'strategic');
  await watch.nextThat(({ object }) => object.metadata.labels?.['test-service'] === 'patched');
  expect(await at.get(one)).toMatchObject({ metadata: { labels: { 'test-service': 'patched' } }, subsets: [{ addresses: [{ ip: '10.0.0.25' }], ports: [{ name: 'http-test', port: 8080, protocol: 'TCP' }] }] });
  await at.delete(`${endpoints}?${label}`);
  await watch.nextThat(({ type }) => type === 'DELETED');
  await isGone(at, one);
});
