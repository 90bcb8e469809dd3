/** HTTP through the API server to what listens in the cluster, and what stands in its way. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './conformance/client.ts';
import { createSync, podThat } from './conformance/pods.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';
import { rewriteHtml, rewriteUrl } from './proxied-links.ts';

const at = '/api/v1/namespaces/x/pods/web/proxy';

describe('a link of a page', () => {
  test.each([
    ['/a/b?c#d', `${at}/a/b?c#d`], ['/a/', `${at}/a/`], ['//elsewhere/a', '//elsewhere/a'], ['http://elsewhere/a', 'http://elsewhere/a'], ['http://here:1/a', `http://here:1${at}/a`],
    ['a/b', 'a/b'], ['?x', '?x'], ['#x', '#x'], [`${at}/a`, `${at}/a`], ['mailto:a@b', 'mailto:a@b'],
  ])('%s', (link, rewritten) => expect(rewriteUrl(link, at, 'here:1')).toBe(rewritten));

  test('is found where elements have addresses, and nothing else is touched', () => {
    const page = '<!-- <a href="/x"> --><p class=y>a < b</p><A HREF=\'/x?a=1&amp;b=2\' id=z>x</a><img src=/i.png /><span href="/x">';
    expect(rewriteHtml(page, (url) => `/p${url}`)).toBe('<!-- <a href="/x"> --><p class=y>a < b</p><a href="/p/x?a=1&amp;b=2" id="z">x</a><img src="/p/i.png"/><span href="/x">');
  });
});

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live);
let client: Client;

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  client = new Client(live, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'default');
  live.advance(20_000_000);
  await client.post(`${client.in('v1')}/configmaps`, { metadata: { name: 'page' }, data: { 'index.html': '<a href="/docs">docs</a>', 'plain.txt': 'plain' } });
  await createSync(client, {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }], volumeMounts: [{ name: 'page', mountPath: '/usr/share/nginx/html' }] }], volumes: [{ name: 'page', configMap: { name: 'page' } }], nodeName: 'worker-1' },
  } as { readonly metadata: { readonly name: string } });
});
afterAll(() => { server.closeAllConnections(); server.close(); });

const pod = '/api/v1/namespaces/default/pods';
const services = '/api/v1/namespaces/default/services';
const get = async (path: string, headers: { readonly [name: string]: string } = {}): Promise<readonly [number, string]> => {
  const { code, text } = await client.raw('GET', path, { headers });
  return [code, text.startsWith('{"kind":"Status"') ? (JSON.parse(text) as { readonly message: string }).message : text];
};

describe('a Pod', () => {
  test('answers from its files, with links that lead through the server, and logs who asked', async () => {
    const { code, headers, text } = await client.raw('GET', `${pod}/web/proxy/`, { headers: { 'user-agent': 'reader' } });
    expect([code, headers.get('content-type'), headers.get('server'), text]).toEqual([200, 'text/html', 'nginx/1.27.5', `<a href="${pod}/web/proxy/docs">docs</a>`]);
    expect(await get(`${pod}/http:web:80/proxy/plain.txt`)).toEqual([200, 'plain']);
    expect((await get(`${pod}/web/proxy/nothing`))[0]).toBe(404);
    expect(await get(`${pod}/web/log`)).toEqual([200, expect.stringMatching(/172\.18\.0\.2 - - .* "GET \/ HTTP\/1\.1" 200 \d+ "-" "reader" "127\.0\.0\.1"\n/)]);
  });

  test('that does not listen there, or not with TLS, or is not there', async () => {
    const { status } = await client.get<{ readonly status: { readonly podIP: string } }>(`${pod}/web`);
    expect(await get(`${pod}/web:81/proxy/`)).toEqual([503, `error trying to reach service: dial tcp ${status.podIP}:81: connect: connection refused`]);
    expect(await get(`${pod}/https:web:80/proxy/`)).toEqual([503, 'error trying to reach service: http: server gave HTTP response to HTTPS client']);
    expect(await get(`${pod}/nobody/proxy/`)).toEqual([404, 'pods "nobody" not found']);
    expect(await get(`${pod}/ftp:web:80/proxy/`)).toEqual([400, 'invalid pod request "ftp:web:80"']);
    await client.post(pod, { metadata: { name: 'homeless' }, spec: { containers: [{ name: 'a', image: 'nginx' }], nodeSelector: { no: 'where' } } });
    expect(await get(`${pod}/homeless/proxy/`)).toEqual([400, 'address not allowed']);
  });

  test('takes leave of the proxy subresource by the method\'s verb', async () => {
    const jane = { 'impersonate-user': 'jane' };
    expect(await get(`${pod}/web/proxy/`, jane)).toEqual([403, 'pods "web" is forbidden: User "jane" cannot get resource "pods/proxy" in API group "" in the namespace "default"']);
    await client.post('/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles', { metadata: { name: 'through' }, rules: [{ apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] }] });
    await client.post('/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings', { metadata: { name: 'through' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'through' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }] });
    expect(await get(`${pod}/web/proxy/plain.txt`, jane)).toEqual([200, 'plain']);
    expect(await client.raw('POST', `${pod}/web/proxy/plain.txt`, { headers: jane })).toMatchObject({ code: 403 });
    expect(await client.raw('POST', `${pod}/web/proxy/plain.txt`)).toMatchObject({ code: 405 });
  });
});

test('a Service leads to an endpoint that is ready, by port or its name', async () => {
  await client.post(services, { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 8080, targetPort: 80 }] } });
  await client.until(async () => (await get(`${services}/web:http/proxy/plain.txt`))[0] === 200);
  expect(await get(`${services}/web:8080/proxy/plain.txt`)).toEqual([200, 'plain']);
  expect(await get(`${services}/web:9/proxy/`)).toEqual([503, 'no service port 9 found for service "web"']);
  expect(await get(`${services}/web/proxy/`)).toEqual([503, 'no endpoints available for service "web"']);
  await client.post(services, { metadata: { name: 'empty' }, spec: { selector: { app: 'empty' }, ports: [{ port: 80 }] } });
  expect(await get(`${services}/empty/proxy/`)).toEqual([503, 'no endpoints available for service "empty"']);
  expect(await get(`${services}/nobody/proxy/`)).toEqual([404, 'endpoints "nobody" not found']);
});

test('a node is its kubelet, and what listens on its address', async () => {
  expect(await get('/api/v1/nodes/worker-1/proxy/healthz')).toEqual([200, 'ok']);
  const [, pods] = await get('/api/v1/nodes/worker-1:10250/proxy/pods');
  const { items } = JSON.parse(pods) as { readonly items: readonly { readonly metadata: { readonly name: string }; readonly status: { readonly phase: string } }[] };
  expect(items.filter(({ metadata }) => metadata.name === 'web')).toMatchObject([{ status: { phase: 'Running' } }]);
  const [, metrics] = await get('/api/v1/nodes/worker-1/proxy/metrics/resource');
  expect(metrics).toMatch(/^# HELP container_cpu_usage_seconds_total \[STABLE\] Cumulative cpu time consumed by the container in core-seconds\n# TYPE container_cpu_usage_seconds_total counter\ncontainer_cpu_usage_seconds_total\{/);
  expect(metrics).toContain('pod_memory_working_set_bytes{namespace="default",pod="web"} 4.194304e+06 17672256');
  expect(metrics).toMatch(/\nresource_scrape_error 0\n$/);
  expect(await get('/api/v1/nodes/worker-1/proxy/nothing')).toEqual([404, '404 page not found\n']);
  expect(await get('/api/v1/nodes/nobody/proxy/healthz')).toEqual([404, 'nodes "nobody" not found']);
  expect((await get('/api/v1/nodes/worker-1:9100/proxy/'))[1]).toBe('error trying to reach service: dial tcp 172.18.0.3:9100: connect: connection refused');
});

test('a node that has lost its power does not answer, and its neighbours say so', async () => {
  live.dispatch({ type: 'power-off-node', node: 'worker-1' });
  const { status } = await podThat(client, 'web', () => true) as unknown as { readonly status: { readonly podIP: string } };
  expect(await get(`${pod}/web/proxy/`)).toEqual([503, `error trying to reach service: dial tcp ${status.podIP}:80: connect: no route to host`]);
});
