/** HTTP that the API server carries to Pods and Services, in upstream's steps: test/e2e/network/proxy.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import { agnhost, createSync } from './pods.ts';

const hasEndpoint = async (at: Client, name: string): Promise<unknown> => at.until(async () => {
  const found = await at.find<{ readonly subsets?: readonly { readonly addresses?: readonly object[] }[] }>(`${at.in('v1')}/endpoints/${name}`);
  return (found?.subsets?.[0]?.addresses ?? []).length > 0;
});

behaviour('[sig-network] Proxy version v1 should proxy through a service and a pod [Conformance]', async (at) => {
  const labels = { 'proxy-service-target': 'true' };
  const { metadata: { name } } = await at.post(`${at.in('v1')}/services`, {
    metadata: { generateName: 'proxy-service-' },
    spec: { selector: labels, ports: [['portname1', 80, 'dest1'], ['portname2', 81, 162], ['tlsportname1', 443, 'tlsdest1'], ['tlsportname2', 444, 462]].map(([port, number, targetPort]) => ({ name: port, port: number, targetPort })) },
  });
  const env = Object.entries({ SERVE_PORT_80: '<a href="/rewriteme">test</a>', SERVE_PORT_1080: '<a href="/rewriteme">test</a>', SERVE_PORT_160: 'foo', SERVE_PORT_162: 'bar', SERVE_TLS_PORT_443: '<a href="/tlsrewriteme">test</a>', SERVE_TLS_PORT_460: 'tls baz', SERVE_TLS_PORT_462: 'tls qux' })
    .map(([key, value]) => ({ name: key, value }));
  const ports = [[80], [160, 'dest1'], [162, 'dest2'], [460, 'tlsdest1'], [462, 'tlsdest2']].map(([containerPort, port]) => ({ containerPort, ...(port !== undefined && { name: port }) }));
  await createSync(at, { metadata: { name, labels }, spec: { containers: [{ name: 'agnhost', image: agnhost, command: ['/agnhost', 'porter'], env, ports }] } } as { readonly metadata: { readonly name: string } });
  await hasEndpoint(at, name);
  const address = (resource: string, scheme: string, port: string): string => `${at.in('v1')}/${resource}/${[...(scheme === '' ? [] : [scheme]), name, ...(port === '' && scheme === '' ? [] : [port])].join(':')}/proxy`;
  const link = (scheme: string, port: string, to: string): [string, string] => [address('pods', scheme, port), `<a href="${address('pods', scheme, port)}/${to}">test</a>`];
  const expected = [
    ...['', 'http'].flatMap((scheme) => [[address('services', scheme, 'portname1'), 'foo'], [address('services', scheme, 'portname2'), 'bar'], [address('pods', scheme, '160'), 'foo'], [address('pods', scheme, '162'), 'bar'], link(scheme, '1080', 'rewriteme')]),
    [address('services', 'https', 'tlsportname1'), 'tls baz'], [address('services', 'https', 'tlsportname2'), 'tls qux'],
    link('', '', 'rewriteme'), link('https', '443', 'tlsrewriteme'), [address('pods', 'https', '460'), 'tls baz'], [address('pods', 'https', '462'), 'tls qux'],
  ];
  for (const [path, body] of expected) expect([path, await at.raw('GET', `${path}/`)]).toMatchObject([path, { code: 200, text: body }]);
});

/** A Pod that says by which method it was asked, and a Service of it. */
async function answering(at: Client, service: string): Promise<readonly string[]> {
  const labels = { test: service };
  await createSync(at, { metadata: { name: 'agnhost', labels }, spec: { containers: [{ name: 'agnhost', image: agnhost, command: ['/agnhost', 'porter', '--json-response'], env: [{ name: 'SERVE_PORT_80', value: 'foo' }] }], restartPolicy: 'Never' } } as { readonly metadata: { readonly name: string } });
  await at.post(`${at.in('v1')}/services`, { metadata: { name: service, labels }, spec: { ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }], selector: labels } });
  await hasEndpoint(at, service);
  return [`${at.in('v1')}/pods/agnhost/proxy`, `${at.in('v1')}/services/${service}/proxy`];
}

behaviour('[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service ProxyWithPath [Conformance]', async (at) => {
  for (const path of await answering(at, 'test-service')) {
    for (const method of ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
      expect(await at.raw(method, `${path}/some/path/with/${method}`)).toMatchObject({ code: 200, text: method === 'HEAD' ? '' : JSON.stringify({ Method: method, Body: 'foo' }) });
    }
  }
});

behaviour('[sig-network] Proxy version v1 A set of valid responses are returned for both pod and service Proxy [Conformance]', async (at) => {
  for (const path of await answering(at, 'e2e-proxy-test-service')) {
    for (const method of ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
      expect(await at.raw(method, `${path}?method=${method}`)).toMatchObject({ code: 200, text: JSON.stringify({ Method: method, Body: 'foo' }) });
    }
    for (const method of ['GET', 'HEAD']) {
      const { code, headers } = await at.raw(method, `${path}?method=${method}`);
      expect([code, headers.get('location')]).toEqual([301, `${path}/?method=${method}`]);
    }
  }
});
