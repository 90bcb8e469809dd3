import { expect, test, vi } from 'vitest';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import type { MessageRow } from '../session/port/rows.ts';
import { LiveSession } from './live-session.ts';

const by = { user: 'kubernetes-admin', userAgent: 'test' };
const pods: ApiRequest = { verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default', ...by };

test('a command travels to its container as messages of the world, and what it says comes back the same way', async () => {
  const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
  live.advance(20_000_000);
  live.send({ ...pods, body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box' }, spec: { containers: [{ name: 'box', image: 'busybox:1.36', command: ['sleep', '3600'] }] } } }, () => undefined);
  live.advance(30_000_000);
  const seen: MessageRow[] = [];
  live.watch((frame) => seen.push(...frame.messages));
  const said: [string, unknown][] = [];
  live.converse({ ...pods, verb: 'connect', subresource: 'exec', name: 'box', body: { command: ['hostname'], stdout: true } }, (reply) => { if (reply.what === 'said') said.push([reply.type, reply.body]); });
  await vi.waitFor(() => expect(said.at(-1)?.[0]).toBe('connect.status'));
  expect(said).toMatchObject([['connect.opened', {}], ['connect.stdout', { data: 'box\n' }], ['connect.status', { status: { status: 'Success' } }]]);
  const way = seen.filter(({ label }) => /exec$|^Exec$|^stdout$/.test(label)).map(({ from, to, label }) => `${from.split('/').at(-1)} → ${to.split('/').at(-1)}: ${label}`);
  expect(way).toEqual([
    'kubectl-proxy → kube-apiserver: GET …/pods/box/exec', 'kube-apiserver → kubelet: Exec', 'kubelet → containerd: Exec',
    'containerd → kubelet: stdout', 'kubelet → kube-apiserver: stdout', 'kube-apiserver → kubectl-proxy: stdout',
  ]);
});

test('who may not is refused, and nothing reaches a kubelet', async () => {
  const live = new LiveSession({ version: 1, seed: 1, topology: 'three-nodes', commands: [] }, 'paused');
  live.advance(20_000_000);
  const said: unknown[] = [];
  live.converse({ ...pods, user: 'jane', verb: 'connect', subresource: 'exec', name: 'box', body: { command: ['ls'] } }, (reply) => said.push(reply));
  await vi.waitFor(() => expect(said).toMatchObject([{ type: 'connect.status', body: { status: { code: 403, message: 'pods "box" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "default"' } } }, { what: 'ended' }]));
});
