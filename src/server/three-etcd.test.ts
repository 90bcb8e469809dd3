import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Frame } from '../session/port/protocol.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 3, topology: 'three-etcd', commands: [] }, 20);
const server = createHttpServer(live);
const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const members = ['etcd-1/etcd', 'etcd-2/etcd', 'etcd-3/etcd'];
const path = '/api/v1/namespaces/default/configmaps';

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  live.run();
});
afterAll(() => { live.stop(); agent.destroy(); server.closeAllConnections(); server.close(); });

interface Answer { readonly code: number; readonly text: string }

function ask(method: string, at: string, body?: unknown): Promise<Answer> {
  const bytes = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    request({ port: (server.address() as AddressInfo).port, path: at, method, agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve({ code: response.statusCode!, text }));
    }).on('error', reject).end(bytes);
  });
}

const create = (name: string): Promise<Answer> => ask('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { of: 'storm' } } });
const told = async (type: string, address: string): Promise<void> => expect((await ask('POST', '/_orrery/commands', { type, address })).code).toBe(200);

/** As the page would show it. */
function leader(): string | undefined {
  const frame = live.look({ type: 'seek', toUs: live.nowUs }).findLast((message): message is Frame => message.type === 'frame')!;
  return members.find((address) => frame.rows.some(({ key, row }) => key === `component/${address}` && row?.type === 'component' && row.running && row.counters['role'] === 'leader'));
}

async function names(): Promise<readonly string[]> {
  const { text } = await ask('GET', `${path}?labelSelector=of%3Dstorm`);
  return (JSON.parse(text) as { readonly items: readonly { readonly metadata: { readonly name: string } }[] }).items.map(({ metadata }) => metadata.name);
}

test('the leader dies in the middle of 1,000 concurrent creates: what was acknowledged is there, once; the rest was refused in so many words', async () => {
  const added = new Map<string, number>();
  const watching = request({ port: (server.address() as AddressInfo).port, path: `${path}?watch=true&labelSelector=of%3Dstorm` }, (response) => {
    let rest = '';
    response.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: { readonly metadata: { readonly name: string } } };
        if (type === 'ADDED') added.set(object.metadata.name, (added.get(object.metadata.name) ?? 0) + 1);
      }
    });
  }).end();
  const first = leader()!;
  let acknowledged = 0;
  let killed: Promise<void> | undefined;
  const answers = await Promise.all(Array.from({ length: 1_000 }, async (_, n) => {
    const answer = await create(`storm-${n}`);
    if (answer.code === 201 && (acknowledged += 1) === 300) killed = told('stop-component', first);
    return answer;
  }));
  await killed;
  const there = await names();
  const made = answers.flatMap(({ code }, n) => (code === 201 ? [`storm-${n}`] : []));
  expect(made.length).toBeGreaterThan(300);
  expect(made.filter((name) => !there.includes(name))).toEqual([]);
  expect(new Set(there).size).toBe(there.length);
  // What was not acknowledged may have come through all the same; nobody was told that it had not for no reason.
  for (const { code, text } of answers) if (code !== 201) expect(text).toMatch(/etcdserver: (request timed out|leader changed|no leader)|error reading from server|connection (refused|reset)|EOF|Timeout/);
  expect(leader()).not.toBe(first);
  await expect.poll(() => there.filter((name) => added.get(name) !== 1)).toEqual([]);
  watching.destroy();
});

test('two of three down: writes are refused; one is back, and all goes on', async () => {
  const second = leader()!;
  await told('stop-component', second);
  const refused = await create('refused');
  expect(refused.code).toBeGreaterThanOrEqual(500);
  expect(refused.text).toMatch(/etcdserver: |connection refused|Timeout/);
  await told('start-component', second);
  await expect.poll(async () => (await create('drained')).code).toBe(201);
  expect(await names()).toContain('drained');
});
