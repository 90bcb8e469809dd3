import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../api/index.ts';
import type { Effect, EventKind, ProcessEvent } from '../../simulation/process/process.ts';
import { call, createClient, lister, recordEvent, startClient, stepClient, stopClient, type ClientNews, type ClientState } from './index.ts';

const second = 1_000_000;
const config = {
  apiServer: 'cp/kube-apiserver', user: 'u', userAgent: 'a', qps: 10, burst: 2,
  informers: [{ group: '', version: 'v1', resource: 'pods', indices: { app: (pod: KubeObject) => [pod.metadata.labels?.['app'] ?? ''] } }],
};
const pod = (name: string, revision: number, app = 'web'): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: String(revision), labels: { app } } });

/** A client, a clock and what it did: enough of a world for one client. */
function bench() {
  let nowUs = 0; let eventId = 0;
  let client: ClientState = createClient(config);
  let effects: readonly Effect[] = [];
  let news: readonly ClientNews[] = [];
  const env = () => ({ nowUs, self: 'cp/x', eventId: ++eventId, random: () => 0 });
  const happen = (kind: EventKind, type: string, id: string, body: unknown): void => {
    const event: ProcessEvent = { type, kind, id, from: '', body, env: env() };
    ({ client, effects, news } = stepClient(client, event));
  };
  const sent = (): string[] => effects.map((effect) => {
    if (effect.kind === 'set-timer') return `timer ${effect.id} ${effect.afterUs}`;
    if (effect.kind !== 'request' && effect.kind !== 'open-stream') return effect.kind;
    const { verb, resource, name, query } = effect.message.body as { verb: string; resource: string; name?: string; query?: { resourceVersion?: string } };
    return `${verb} ${resource}${name === undefined ? '' : `/${name}`}${query === undefined ? '' : ` from ${query.resourceVersion ?? 'latest'}`}${effect.message.background === true ? ' (background)' : ''}`;
  });
  return {
    get client() { return client; },
    get effects() { return effects; },
    wait: (us: number) => { nowUs += us; },
    start: () => { [client, effects] = startClient(client, env()); },
    call: (name: string, cause?: number) => { [client, effects] = call(client, env(), { verb: 'get', group: '', version: 'v1', resource: 'nodes', name }, { tag: name, ...(cause === undefined ? {} : { cause }) }); },
    record: (message: string) => { [client, effects] = recordEvent(client, env(), { regarding: pod('a', 1), type: 'Normal', reason: 'Tested', message, component: 'test' }); return effects[0] === undefined ? 'nothing' : (effects[0] as { message?: { type: string } }).message?.type ?? 'waits'; },
    list: (revision: number, ...items: KubeObject[]) => happen('response', 'api.response', client.informers[0]!.id, { code: 200, body: { apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: String(revision) }, items } }),
    refuse: (code: number) => happen('response', 'api.response', client.informers[0]!.id, { code, body: {} }),
    frame: (type: string, object: unknown) => happen('stream-data', `watch.${type}`, client.informers[0]!.id, { object }),
    close: (reason: string) => happen('stream-closed', 'stream.closed', client.informers[0]!.id, { reason, to: '' }),
    fire: (name: string, body: unknown) => happen('timer', `timer.client.${name}`, `client/${name}`, body),
    fail: (id: string) => happen('failure', 'request.failed', id, { reason: 'timed out' }),
    sent,
    heard: () => news.map((each) => (each.type === 'synced' ? 'synced' : each.type === 'answer' ? `answer ${String(each.tag)} ${each.code}` : `${each.type} ${each.object.metadata.name}@${each.object.metadata.resourceVersion}`)),
    names: () => [...lister(client, 'pods').all()].map(({ metadata }) => metadata.name).sort(),
  };
}

describe('a reflector', () => {
  test('lists from any state, then watches from the revision of the list', () => {
    const b = bench();
    b.start();
    expect(b.sent()).toEqual(['list pods from 0']);
    b.list(7, pod('a', 5), pod('b', 6));
    expect(b.heard()).toEqual(['added a@5', 'added b@6', 'synced']);
    expect(b.sent()).toEqual(['watch pods from 7']);
    b.frame('added', pod('c', 8));
    expect(b.heard()).toEqual(['added c@8']);
    b.frame('modified', pod('a', 9));
    expect(b.heard()).toEqual(['updated a@9']);
    b.frame('deleted', pod('b', 10));
    expect(b.heard()).toEqual(['deleted b@10']);
    expect(b.names()).toEqual(['a', 'c']);
  });

  test('dials again from the last revision it heard, a bookmark included, and waits longer each time', () => {
    const b = bench();
    b.start();
    b.list(7);
    b.frame('added', pod('a', 8));
    b.frame('bookmark', { apiVersion: 'v1', kind: 'Pod', metadata: { resourceVersion: '40' } });
    expect(b.heard()).toEqual([]);
    const waits: string[] = [];
    for (let round = 0; round < 8; round++) {
      b.close('connection reset');
      waits.push(...b.sent());
      b.fire('reflector', 0);
    }
    expect(waits.map((wait) => Number(wait.split(' ')[2]))).toEqual([800_000, 1_600_000, 3_200_000, 6_400_000, 12_800_000, 25_600_000, 30_000_000, 30_000_000]);
    expect(b.sent()).toEqual(['watch pods from 40 (background)']);
    b.wait(121 * second);
    b.close('connection reset');
    expect(b.sent()).toEqual(['timer client/reflector/0 800000']);
  });

  test('goes on at once, and quietly, when the server ends a long watch', () => {
    const b = bench();
    b.start();
    b.list(7);
    b.wait(300 * second);
    b.close('closed');
    expect(b.sent()).toEqual(['watch pods from 7 (background)']);
  });

  test('lists again after 410 and tells the difference', () => {
    const b = bench();
    b.start();
    b.list(7, pod('gone', 3), pod('same', 4), pod('old', 5));
    b.frame('error', { kind: 'Status', code: 410 });
    expect(b.sent()).toEqual(['list pods from 7']);
    b.refuse(410);
    expect(b.sent()).toEqual(['list pods from latest']);
    b.list(20, pod('same', 4), pod('old', 15), pod('new', 16));
    expect(b.heard()).toEqual(['deleted gone@3', 'updated old@15', 'added new@16']);
  });

  test('keeps its indices as objects change their values', () => {
    const b = bench();
    const of = (app: string) => [...lister(b.client, 'pods').byIndex('app', app)].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
    b.start();
    b.list(7, pod('a', 5), pod('b', 6));
    expect(of('web')).toEqual(['a@5', 'b@6']);
    b.frame('modified', pod('a', 8, 'api'));
    b.frame('modified', pod('b', 9));
    expect([of('web'), of('api')]).toEqual([['b@9'], ['a@8']]);
    b.frame('deleted', pod('b', 10));
    expect(of('web')).toEqual([]);
  });
});

describe('calls', () => {
  test('leave at once up to the burst, then in order as tokens come, with the cause they had', () => {
    const b = bench();
    b.call('a', 11); expect(b.sent()).toEqual(['get nodes/a']);
    b.call('b', 12); expect(b.sent()).toEqual(['get nodes/b']);
    b.call('c', 13); expect(b.sent()).toEqual(['timer client/limiter/ 100000']);
    b.call('d', 14); expect(b.sent()).toEqual([]);
    b.wait(100_000);
    b.fire('limiter', '');
    expect(b.sent()).toEqual(['get nodes/c', 'timer client/limiter/ 100000']);
    expect((b.effects[0] as { message: { cause: number } }).message.cause).toBe(13);
    b.wait(100_000);
    b.fire('limiter', '');
    expect(b.sent()).toEqual(['get nodes/d']);
  });

  test('are answered under their tag, once; nobody there is code 0', () => {
    const b = bench();
    b.call('a');
    const { id } = b.effects[0] as { id: string };
    b.fail(id);
    expect(b.heard()).toEqual(['answer a 0']);
    b.fail(id);
    expect(b.heard()).toEqual([]);
  });

  test('of a client that was stopped are forgotten, and its watches closed', () => {
    const b = bench();
    b.start();
    b.list(7);
    const [stopped, effects] = stopClient(b.client);
    expect(effects.map(({ kind }) => kind)).toEqual(['close-stream']);
    expect(stopped.sequence).toBeGreaterThan(b.client.sequence);
    expect(stopped.informers[0]!.synced).toBe(false);
  });
});

describe('the Event recorder', () => {
  test('posts a new event, counts up a repeated one, and drops a flood about one object', () => {
    const b = bench();
    expect([b.record('x'), b.record('x')]).toEqual(['api.create', 'api.patch']);
    const outcomes = Array.from({ length: 30 }, () => { b.wait(second); return b.record('x'); });
    expect(outcomes.filter((outcome) => outcome === 'api.patch')).toHaveLength(23);
    expect(outcomes.slice(23)).toEqual(Array.from({ length: 7 }, () => 'nothing'));
    b.wait(300 * second);
    expect(b.record('x')).toBe('api.patch');
  });

  test('combines the tenth similar event and those after it', () => {
    const b = bench();
    const messages: string[] = [];
    for (let i = 0; i < 11; i++) {
      b.wait(second);
      b.record(`Created pod: web-${i}`);
      messages.push((b.effects[0] as { message: { body: { body: { message: string } } } }).message.body.body.message);
    }
    expect(messages.slice(8)).toEqual(['Created pod: web-8', '(combined from similar events): Created pod: web-9', '(combined from similar events): Created pod: web-10']);
  });
});
