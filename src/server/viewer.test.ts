import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Frame, FromSession, ToSession } from '../session/port/protocol.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const open: (() => void)[] = [];
afterEach(() => { for (const close of open.splice(0)) close(); });

async function served() {
  const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
  const server = createHttpServer(live, { loopbackOnly: true, page: async (_, response) => response.end('page') });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  open.push(() => { server.closeAllConnections(); server.close(); });
  return { live, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function page(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/_orrery/session`, { origin: url });
  const heard: FromSession[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data) => { heard.push(JSON.parse((data as Buffer).toString()) as FromSession); wake(); });
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  open.push(() => socket.terminate());
  return {
    async ask(message: ToSession): Promise<FromSession> {
      socket.send(JSON.stringify(message));
      while (heard.length === 0) await new Promise<void>((resolve) => { wake = resolve; });
      return heard.shift()!;
    },
    next: async (): Promise<FromSession> => { while (heard.length === 0) await new Promise<void>((resolve) => { wake = resolve; }); return heard.shift()!; },
  };
}

const opening: ToSession = { type: 'open', recording: { version: 1, seed: 9, topology: 'one-node', commands: [] } };
const know: ToSession = { type: 'know', throughUs: 0, untilNews: false, limitUs: 0 };
const pods = (frames: readonly Frame[]): Map<string, unknown> => {
  const rows = new Map<string, unknown>();
  for (const { rows: changes } of frames) for (const { key, row } of changes) if (key.includes('Pod/default/')) rows.set(key, row);
  return rows;
};
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'seen' }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
const create = (url: string): Promise<Response> => fetch(`${url}/api/v1/namespaces/default/pods`, { method: 'POST', body: JSON.stringify(pod), headers: { 'content-type': 'application/json' } });

describe('a page that looks at a served world', () => {
  test('is shown the present at once, though nothing happens, and then what is done elsewhere', async () => {
    const { live, url } = await served();
    const one = await page(url);
    const first = await one.ask(opening) as Frame;
    expect([first.type, first.whole, first.fromUs]).toEqual(['frame', true, live.nowUs]);
    expect(first.rows.filter(({ row }) => row?.type === 'node')).toHaveLength(4);
    expect(first.marks!.map(({ kind }) => kind)).toContain('start');
    const asked = one.ask(know);
    expect((await create(url)).status).toBe(201);
    live.advance(10_000_000);
    const frames = [await asked as Frame];
    while (frames.at(-1)!.toUs < live.nowUs) frames.push(await one.ask(know) as Frame);
    expect(frames[0]!.fromUs).toBe(first.toUs);
    expect([...pods(frames).values()]).toMatchObject([{ phase: 'Running' }]);
    expect(frames.flatMap(({ messages }) => messages).map(({ label }) => label)).toContainEqual(expect.stringMatching(/^RunPodSandbox pod\//));
  });

  test('looks back and comes to the present again, while the world neither moves nor changes', async () => {
    const { live, url } = await served();
    const beganUs = live.nowUs;
    await create(url);
    live.advance(20_000_000);
    const before = live.state;
    const one = await page(url);
    const present = await one.ask(opening) as Frame;
    const past = await one.ask({ type: 'seek', toUs: beganUs }) as Frame;
    expect([past.whole, past.fromUs, pods([past]).size]).toEqual([true, beganUs, 0]);
    const frames: Frame[] = [];
    do frames.push(await one.ask(know) as Frame); while (frames.at(-1)!.toUs < live.nowUs);
    expect(pods(frames)).toEqual(pods([present]));
    const ids = frames.flatMap(({ messages }) => messages).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(live.state).toEqual(before);
    live.advance(1_000_000);
    expect((await one.ask(know) as Frame).toUs).toBe(live.nowUs);
  });

  test('a world that was looked back at goes on exactly like one that was not', async () => {
    const [looked, left] = [await served(), await served()];
    const one = await page(looked.url);
    await one.ask(opening);
    for (const { live, url } of [looked, left]) { await create(url); live.advance(700_000); }
    await one.ask({ type: 'seek', toUs: looked.live.nowUs - 300_000 });
    await one.ask(know);
    for (const { live } of [looked, left]) live.advance(30_000_000);
    expect(looked.live.state).toEqual(left.live.state);
  });

  test('acts at the present; what it can not do is refused in words', async () => {
    const { live, url } = await served();
    const one = await page(url);
    await one.ask(opening);
    expect(await one.ask({ type: 'dispatch', id: 7, atUs: 0, command: { type: 'cordon-node', node: 'worker-1' } })).toMatchObject({ type: 'frame', whole: true, fromUs: live.nowUs });
    expect(await one.next()).toEqual({ type: 'dispatched', id: 7 });
    expect(await one.ask({ type: 'dispatch', id: 8, atUs: 0, command: { type: 'power-off-node', node: 'moon' } })).toMatchObject({ type: 'refused', id: 8 });
    expect(await one.ask({ type: 'dispatch', id: 9, atUs: 0, command: { type: 'open-proxy' } })).toMatchObject({ type: 'refused', id: 9 });
    expect(await one.ask(opening)).toMatchObject({ type: 'failed', message: expect.stringContaining('goes on for everyone') });
    expect(await one.ask({ type: 'seek', toUs: -1 })).toMatchObject({ type: 'failed' });
    expect(await one.ask({ type: 'query', id: 3, atUs: 9e15, query: { type: 'object', apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' } })).toMatchObject({ type: 'answer', id: 3, answer: { type: 'object' } });
  });

  test('a page of another origin is not let in', async () => {
    const { url } = await served();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/_orrery/session`, { origin: 'http://evil.example' });
    expect(await new Promise((resolve) => { socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)); socket.on('open', () => resolve('in')); })).toBe(403);
    expect((await fetch(`${url}/`)).status).toBe(200);
  });
});
