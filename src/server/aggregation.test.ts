/** A group that another server answers for: whether it is available in the words of kube-aggregator, 503 where not, and requests carried to its Pod. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './conformance/client.ts';
import { agnhost, createSync } from './conformance/pods.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live);
let at: Client;

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  at = new Client(live, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'default');
  live.advance(20_000_000);
});
afterAll(() => { server.closeAllConnections(); server.close(); });

const services = '/apis/apiregistration.k8s.io/v1/apiservices';
const name = 'v1alpha1.wardle.example.com';
const path = '/apis/wardle.example.com/v1alpha1';
interface Registered { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[] } }
const availability = async (): Promise<readonly string[]> => {
  const { status } = await at.get<Registered>(`${services}/${name}`);
  const { status: is = '', reason = '', message = '' } = status?.conditions?.find(({ type }) => type === 'Available') ?? {};
  return [is, reason, message];
};
const becomes = async (reason: string): Promise<readonly string[]> => at.until(async () => {
  const is = await availability();
  return is[1] === reason && is;
}, 120_000);
const freshness = async (): Promise<unknown> => {
  const { items } = await at.get<{ readonly items: readonly { readonly metadata: { readonly name: string }; readonly versions: readonly { readonly freshness?: string; readonly resources: readonly { readonly resource: string }[] }[] }[] }>('/apis', { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' });
  return items.find(({ metadata }) => metadata.name === 'wardle.example.com')?.versions.map((one) => [one.freshness, ...one.resources.map(({ resource }) => resource)]);
};
const list = JSON.stringify({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'wardle.example.com/v1alpha1', resources: [{ name: 'flunders', singularName: 'flunder', namespaced: true, kind: 'Flunder', verbs: ['get', 'list'] }] });

test('is not there before it is registered', async () => {
  expect(await at.raw('GET', `${path}/flunders`)).toMatchObject({ code: 404 });
  expect(await freshness()).toBeUndefined();
});

test('is unavailable while its Service, a port or its endpoints are missing, and says so', async () => {
  await at.post(services, { metadata: { name }, spec: { group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 2000, versionPriority: 200, insecureSkipTLSVerify: true, service: { namespace: 'default', name: 'sample-api', port: 7443 } } });
  expect(await becomes('ServiceNotFound')).toEqual(['False', 'ServiceNotFound', 'service/sample-api in "default" is not present']);
  const { code, headers, text } = await at.raw('GET', `${path}/namespaces/default/flunders`);
  expect([code, headers.get('content-type'), text]).toEqual([503, 'text/plain; charset=utf-8', 'service unavailable\n']);
  expect(await at.raw('GET', path)).toMatchObject({ code: 503, text: 'service unavailable\n' });
  expect(await freshness()).toEqual([['Stale']]);

  await at.post(`${at.in('v1')}/services`, { metadata: { name: 'sample-api' }, spec: { selector: { apiserver: 'true' }, ports: [{ port: 443, targetPort: 443 }] } });
  expect(await becomes('ServicePortError')).toEqual(['False', 'ServicePortError', 'service/sample-api in "default" is not listening on port 7443']);
  await at.patch(`${at.in('v1')}/services/sample-api`, { spec: { ports: [{ port: 7443, targetPort: 443, name: 'https' }] } });
  expect(await becomes('MissingEndpoints')).toEqual(['False', 'MissingEndpoints', 'endpoints for service/sample-api in "default" have no addresses with port name "https"']);
});

test('is asked what it serves when it is there: it may not listen', async () => {
  await createSync(at, { metadata: { name: 'silent', labels: { apiserver: 'true' } }, spec: { containers: [{ name: 'a', image: agnhost, args: ['pause'] }], terminationGracePeriodSeconds: 0 } } as { readonly metadata: { readonly name: string } });
  const [, , message] = await becomes('FailedDiscoveryCheck');
  expect(message).toMatch(/^failing or missing response from (https:\/\/10\.\d+\.\d+\.\d+:7443\/apis\/wardle\.example\.com\/v1alpha1): Get "\1": dial tcp 10\.\d+\.\d+\.\d+:7443: connect: connection refused$/);
  await at.delete(`${at.in('v1')}/pods/silent`);
});

test('is available when it answers: requests go to it, and what it serves is found', async () => {
  await createSync(at, { metadata: { name: 'sample', labels: { apiserver: 'true' } }, spec: { containers: [{ name: 'a', image: agnhost, command: ['/agnhost', 'porter'], env: [{ name: 'SERVE_TLS_PORT_443', value: list }] }], terminationGracePeriodSeconds: 0 } } as { readonly metadata: { readonly name: string } });
  expect(await becomes('Passed')).toEqual(['True', 'Passed', 'all checks passed']);
  expect(await at.raw('GET', path)).toMatchObject({ code: 200, text: list });
  expect(await at.raw('POST', `${path}/namespaces/default/flunders`, { body: {} })).toMatchObject({ code: 200, text: list });
  expect(await freshness()).toEqual([['Current', 'flunders']]);
  expect(await at.get('/apis/wardle.example.com')).toMatchObject({ kind: 'APIGroup', versions: [{ groupVersion: 'wardle.example.com/v1alpha1' }] });
  expect(await at.raw('GET', `${path}/flunders`, { headers: { 'impersonate-user': 'jane' } })).toMatchObject({ code: 403 });
});

test('is known again to an API server that starts anew', async () => {
  live.dispatch({ type: 'stop-component', address: 'control-plane-1/kube-apiserver' });
  live.advance(2_000_000);
  live.dispatch({ type: 'start-component', address: 'control-plane-1/kube-apiserver' });
  live.advance(30_000_000);
  expect(await at.raw('GET', path)).toMatchObject({ code: 200, text: list });
});

test('is unavailable again when its Pod has gone, and its group goes with its APIService', async () => {
  await at.delete(`${at.in('v1')}/pods/sample`);
  expect((await becomes('MissingEndpoints'))[0]).toBe('False');
  expect(await at.raw('GET', `${path}/flunders`)).toMatchObject({ code: 503 });
  await at.delete(`${services}/${name}`);
  await at.until(async () => (await at.raw('GET', `${path}/flunders`)).code === 404);
  expect(await freshness()).toBeUndefined();
});
