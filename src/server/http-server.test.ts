import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live, { loopbackOnly: true });
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => { server.closeAllConnections(); server.close(); });

const read = async (path: string): Promise<string> => {
  const answer = await fetch(url + path);
  return `${answer.status} ${await answer.text()}`;
};

test('health is told in the words of the API server, and asked of the one in the world', async () => {
  expect(await read('/readyz')).toBe('200 ok');
  expect(await read('/livez?verbose')).toBe('200 [+]ping ok\n[+]etcd ok\nlivez check passed\n');
  expect(await read('/healthz?verbose&exclude=etcd')).toBe('200 [+]ping ok\n[+]etcd excluded: ok\nhealthz check passed\n');
  expect(await read('/readyz/etcd')).toBe('200 ok');
  expect(await read('/readyz/nothing')).toBe('404 404 page not found\n');
  live.dispatch({ type: 'stop-component', address: 'control-plane-1/etcd' });
  live.advance(20_000_000);
  expect(await read('/readyz?verbose')).toBe('500 [+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n');
  live.dispatch({ type: 'start-component', address: 'control-plane-1/etcd' });
  live.dispatch({ type: 'stop-component', address: 'control-plane-1/kube-apiserver' });
  expect(await read('/readyz')).toMatch(/^503 error trying to reach service: dial tcp: /);
});

test('a quiet connection is kept for longer than Go clients keep it', () => {
  expect(server.keepAliveTimeout).toBeGreaterThan(90_000);
  expect(server.headersTimeout).toBeGreaterThan(0);
});
