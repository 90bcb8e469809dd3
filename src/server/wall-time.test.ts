import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';
import { WallTime } from './wall-time.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
live.advance(20_000_000);
const server = createHttpServer(live, { wallTime: new WallTime(Date.UTC(2030, 5, 1, 12, 0, 0), live.nowUs) });
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/namespaces/default/configmaps`;
});
afterAll(() => { server.closeAllConnections(); server.close(); });

test('what is made now is told to be of today, and what a client says of today comes back as it was said', async () => {
  const headers = { 'content-type': 'application/json' };
  const data = { at: '2030-06-01T12:34:56.123456Z', day: '2030-06-01', words: 'at 2030-06-01T12:34:56Z sharp' };
  const made = await (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ metadata: { name: 'dated' }, data }) })).json() as { metadata: { creationTimestamp: string; uid: string }; data: object };
  expect(made.metadata.creationTimestamp).toMatch(/^2030-06-01T12:00:0\dZ$/);
  expect(made.data).toEqual(data);
  // A whole object that was read is no change when it is written.
  const again = await fetch(`${url}/dated`, { method: 'PUT', headers, body: JSON.stringify(await (await fetch(`${url}/dated`)).json()) });
  expect([again.status, await again.json()]).toEqual([200, made]);
  expect(await (await fetch(`${url}?fieldSelector=metadata.name%3Ddated`, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } })).text()).toMatch(/"creationTimestamp":"2030-06-01T12:00:0\dZ"/);
});
