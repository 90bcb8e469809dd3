import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
const server = createHttpServer(live);
let url = '';
const pod = (name: string, script: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] }] } });
beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/namespaces/default/pods`;
  for (const each of [pod('talks', 'echo one; sleep 10; echo two; sleep 10; echo three; sleep 1000'), pod('crashes', 'echo before; exit 3'), pod('ends', 'echo a; sleep 60; echo b')]) {
    await fetch(url, { method: 'POST', body: JSON.stringify(each), headers: { 'content-type': 'application/json' } });
  }
});
afterAll(() => { server.closeAllConnections(); server.close(); });

const read = async (path: string): Promise<string> => {
  const answer = await fetch(`${url}/${path}`);
  const text = await answer.text();
  return answer.status === 200 ? text : `${answer.status} ${(JSON.parse(text) as { message: string }).message}`;
};

test('a log is what has been written so far, whole or in part', async () => {
  expect(await read('talks/log')).toBe('400 container "c" in pod "talks" is waiting to start: ContainerCreating');
  live.advance(18_000_000);
  expect(await read('talks/log')).toBe('one\ntwo\n');
  live.advance(10_000_000);
  expect(await read('talks/log')).toBe('one\ntwo\nthree\n');
  expect(await read('talks/log?tailLines=2')).toBe('two\nthree\n');
  expect(await read('talks/log?tailLines=0')).toBe('');
  expect(await read('talks/log?sinceSeconds=10')).toBe('three\n');
  expect(await read('talks/log?limitBytes=5')).toBe('one\nt');
  expect(await read('talks/log?timestamps=true&tailLines=1')).toMatch(/^2026-01-01T00:00:\d\d\.\d{6}Z three\n$/);
});

test('of the one that ended before, or not at all', async () => {
  expect(await read('crashes/log?previous=true')).toBe('before\n');
  expect(await read('talks/log?previous=true')).toBe('400 previous terminated container "c" in pod "talks" not found');
  expect(await read('talks/log?container=d')).toBe('400 container d is not valid for pod talks');
  expect(await read('talks/log?tailLines=-1&limitBytes=0')).toBe('422 PodLogOptions "talks" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]');
  expect(await read('talks/log?sinceSeconds=0&follow=true')).toBe('422 PodLogOptions "talks" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0');
  expect(await read('nobody/log')).toBe('404 pods "nobody" not found');
});

test('followed, it goes on until its container ends, and tells each line once', async () => {
  const answer = await fetch(`${url}/ends/log?follow=true`);
  const text = answer.text();
  const time = setInterval(() => live.advance(1_000_000), 50);
  expect(await text).toBe('a\nb\n');
  clearInterval(time);
});

test('followed, what is written comes line by line, in part where that is asked for, and its moment with it', async () => {
  const follow = async (query: string): Promise<readonly string[]> => {
    const answer = await fetch(`${url}/counts/log?follow=true&${query}`);
    const heard: string[] = [];
    for await (const chunk of answer.body! as unknown as AsyncIterable<Uint8Array>) {
      heard.push(new TextDecoder().decode(chunk));
      // What is written next is written after this was heard.
      live.advance(4_000_000);
    }
    return heard;
  };
  await fetch(url, { method: 'POST', body: JSON.stringify(pod('counts', 'echo 1; sleep 20; echo 2; sleep 20; echo 3; sleep 20; echo 4; sleep 100')), headers: { 'content-type': 'application/json' } });
  live.advance(12_000_000);
  const time = setInterval(() => live.advance(1_000_000), 20);
  expect(await follow('limitBytes=5')).toEqual(['1\n', '2\n', '3']);
  expect(await follow('tailLines=1&limitBytes=4')).toEqual(['3\n', '4\n']);
  expect((await follow('timestamps=true&tailLines=1&limitBytes=30')).join('')).toMatch(/^2026-01-01T00:\d\d:\d\d\.\d{6}Z 4\n$/);
  clearInterval(time);
});

test('followed, it is refused as one that is not, and breaks off with its node', async () => {
  expect(await read('nobody/log?follow=true')).toBe('404 pods "nobody" not found');
  expect(await read('talks/log?follow=true&container=d')).toBe('400 container d is not valid for pod talks');
  expect(await read('talks/log?follow=true&previous=true')).toBe('400 previous terminated container "c" in pod "talks" not found');
  const { spec } = await (await fetch(`${url}/talks`)).json() as { readonly spec: { readonly nodeName: string } };
  const followed = await fetch(`${url}/talks/log?follow=true`);
  const rest = followed.text().then(() => 'ended', (error: Error) => error.message);
  const time = setInterval(() => live.advance(1_000_000), 20);
  live.dispatch({ type: 'power-off-node', node: spec.nodeName });
  expect(await rest).toBe('terminated');
  expect(await read('talks/log?follow=true&tailLines=3')).toMatch(/^500 Get "https:\/\/172\.18\.0\.\d:10250\/containerLogs\/default\/talks\/c\?follow=true&tailLines=3": dial tcp 172\.18\.0\.\d:10250: i\/o timeout$/);
  expect(await read('talks/log')).toMatch(/^500 Get "https:\/\/172\.18\.0\.\d:10250\/containerLogs\/default\/talks\/c": dial tcp 172\.18\.0\.\d:10250: connect: no route to host$/);
  clearInterval(time);
});

test('who wants to speak to a container must upgrade', async () => {
  for (const how of ['exec?command=ls', 'attach', 'portforward']) {
    const answer = await fetch(`${url}/talks/${how}`, { method: 'POST' });
    expect([answer.status, (await answer.json() as { reason: string }).reason]).toEqual([400, 'BadRequest']);
  }
});
