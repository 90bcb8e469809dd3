import { beforeEach, expect, test } from 'vitest';
import type { EtcdEvent, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import type { Effect, EventKind, Snapshot } from '../../simulation/process/process.ts';
import { etcd } from './etcd.ts';
import type { EtcdState } from './etcd-state.ts';

const definition = chartProcess<EtcdState>({ name: 'etcd', machine: etcd.machine, initial: etcd.initial, survives: etcd.survives });
let snapshot: Snapshot<EtcdState>;
let nowUs = 0;

/** One event in, and what it says in return, a line each. */
function tell(kind: EventKind, type: string, body: unknown = {}, id = 'q', atUs = nowUs): readonly string[] {
  nowUs = atUs;
  const event = { type, kind, id, from: 'a', body, env: { nowUs, self: 'control-plane-1/etcd', eventId: 1, random: () => 500 } };
  const done = kind === 'start' ? definition.start(event as never) : definition.step(snapshot, event);
  snapshot = done.snapshot;
  return done.effects.map(print);
}

function print(effect: Effect): string {
  if (effect.kind === 'set-timer') return `timer ${effect.id} ${effect.afterUs / 1e6}s`;
  if (effect.kind === 'close-stream') return `close ${effect.id} ${effect.reason}`;
  if (effect.kind !== 'respond' && effect.kind !== 'write') return effect.kind;
  const { type, body } = effect.message;
  const after = ` +${effect.workUs}us`;
  if (type === 'etcd.Error') return `${effect.id} error ${(body as { message: string }).message}`;
  if (type !== 'etcd.WatchResponse') return `${effect.id} ${type.slice(5)} ${(body as { revision: number }).revision}${after}`;
  const { revision, events, compactRevision } = body as WatchResponse;
  const told = events.map(({ type: what, kv, prevKv }: EtcdEvent) => `${what} ${kv.key}@${kv.modRevision}${prevKv === undefined ? '' : `<${prevKv.modRevision}`}`);
  return `${effect.id} [${told.join(' ')}] ${revision}${compactRevision === undefined ? '' : ` compacted ${compactRevision}`}${after}`;
}

const put = (key: string, lease = 0) => tell('request', 'etcd.Txn', { compare: [], success: [{ op: 'put', key, value: { key }, lease }], failure: [] });
const remove = (key: string) => tell('request', 'etcd.Txn', { compare: [], success: [{ op: 'delete', key }], failure: [] });
const watch = (id: string, startRevision: number, key = '/r/pods/', rangeEnd = '/r/pods0') => tell('stream-open', 'etcd.Watch', { key, rangeEnd, startRevision, prevKv: true, progressNotify: true }, id);
const start = (disk?: unknown) => {
  const begun = tell('start', 'process.started', { input: {}, disk, incarnation: 0 }, '', nowUs);
  const served = tell('timer', 'timer.log-read', undefined, 'log-read', nowUs + 20_000);
  return [...begun, ...served];
};

beforeEach(() => { nowUs = 0; });

test('refuses while it reads its log, then serves', () => {
  expect(tell('start', 'process.started', { input: {}, disk: undefined, incarnation: 0 }, '')).toEqual(['timer log-read 0.02s']);
  expect(tell('request', 'etcd.Range', { key: '/r/a' })).toEqual(['q error etcdserver: no leader']);
  expect(watch('w', 0)).toEqual(['close w connection refused']);
  expect(tell('timer', 'timer.log-read', undefined, 'log-read', 20_000)).toEqual(['timer progress 60s']);
  expect(tell('request', 'etcd.Range', { key: '/r/a' })).toEqual(['q RangeResponse 1 +200us']);
});

test('answers a write, and tells the watchers, when it is on the disk', () => {
  start();
  watch('w', 0);
  expect(put('/r/pods/a')).toEqual(['q TxnResponse 2 +1500us', 'w [PUT /r/pods/a@2] 2 +1500us']);
  nowUs += 1_400;
  expect(put('/r/pods/a')).toEqual(['q TxnResponse 3 +1500us', 'w [PUT /r/pods/a@3<2] 3 +1500us']);
  expect(remove('/r/pods/a')).toEqual(['q TxnResponse 4 +1500us', 'w [DELETE /r/pods/a@4<3] 4 +1500us']);
  expect(put('/r/nodes/a')).toEqual(['q TxnResponse 5 +1500us']);
});

test('replays what a late watcher missed, and nothing else', () => {
  start();
  for (const key of ['/r/pods/a', '/r/nodes/a', '/r/pods/b']) put(key);
  nowUs += 10_000;
  expect(watch('late', 3)).toEqual(['late [PUT /r/pods/b@4] 4 +0us']);
  expect(watch('new', 0)).toEqual([]);
  expect(put('/r/pods/c')).toEqual(['q TxnResponse 5 +1500us', 'late [PUT /r/pods/c@5] 5 +1500us', 'new [PUT /r/pods/c@5] 5 +1500us']);
  tell('stream-closed', 'stream.closed', { reason: 'closed', to: 'a' }, 'late');
  expect(put('/r/pods/d')).toEqual(['q TxnResponse 6 +1500us', 'new [PUT /r/pods/d@6] 6 +1500us']);
});

test('refuses a watch from before the compaction', () => {
  start();
  for (const key of ['/r/pods/a', '/r/pods/b', '/r/pods/c']) put(key);
  expect(tell('request', 'etcd.Compact', { revision: 3 })).toEqual(['q CompactResponse 4 +200us']);
  expect(watch('w', 3)).toEqual(['w [] 4 compacted 3 +0us', 'close w closed']);
  expect(watch('v', 4)).toEqual(['v [PUT /r/pods/c@4] 4 +1500us']);
  expect(tell('request', 'etcd.Range', { key: '/r/pods/', rangeEnd: '/r/pods0', revision: 2 })).toEqual(['q error etcdserver: mvcc: required revision has been compacted']);
});

test('tells its progress each minute, and to who asks, behind what is on its way', () => {
  start();
  watch('w', 0);
  put('/r/nodes/a');
  expect(tell('stream-data', 'etcd.WatchProgressRequest', {}, 'w')).toEqual(['w [] 2 +1500us']);
  expect(tell('timer', 'timer.progress', undefined, 'progress', 60_000_000)).toEqual(['timer progress 60s', 'w [] 2 +0us']);
});

test('deletes what a lease held when it ends', () => {
  start();
  watch('w', 0);
  expect(tell('request', 'etcd.LeaseGrant', { ttlSeconds: 3600 })).toEqual(['q LeaseGrantResponse 1 +1500us', 'timer lease/1 3600s']);
  put('/r/pods/a', 1);
  put('/r/pods/b', 1);
  expect(tell('timer', 'timer.lease', 1, 'lease/1', nowUs + 3_600_000_000)).toEqual(['w [DELETE /r/pods/a@4<2 DELETE /r/pods/b@4<3] 4 +1500us']);
});

test('has everything again after a power loss, leases with their full time', () => {
  start();
  tell('request', 'etcd.LeaseGrant', { ttlSeconds: 60 });
  put('/r/pods/a', 1);
  const disk = etcd.survives?.(snapshot.state, 'power-loss');
  expect(start(disk)).toEqual(['timer log-read 0.02s', 'timer progress 60s', 'timer lease/1 60s']);
  nowUs += 10_000;
  expect(watch('w', 1)).toEqual(['w [PUT /r/pods/a@2] 2 +0us']);
});
