import { expect, test } from 'vitest';
import type { MessageRow } from '../session/port/rows.ts';
import { MessageIndex } from './message-index.ts';
import { requestStage } from './request-stage.ts';

const message = (id: number, kind: MessageRow['kind'], from: string, to: string, label: string, sentAtUs: number, arrivesAtUs: number): MessageRow => ({ id, kind, from, to, label, sentAtUs, arrivesAtUs, background: false, lost: false, ok: true });

const known = (...messages: MessageRow[]): MessageIndex => {
  const index = new MessageIndex();
  index.add(messages);
  return index;
};

test('a write passes authentication, authorization, admission and validation before etcd hears of it', () => {
  const write = known(message(1, 'request', 'kubectl', 'api', 'POST …/pods', 0, 1000), message(2, 'etcd', 'api', 'etcd', 'Txn put', 1400, 1500), message(3, 'etcd', 'etcd', 'api', 'TxnResponse', 1600, 1700), message(4, 'response', 'api', 'kubectl', '201', 1800, 2800));
  expect([500, 1000, 1150, 1250, 1399, 1450, 1650, 2000].map((at) => requestStage(write, 'api', at)))
    .toEqual([undefined, 'authentication', 'authorization', 'admission', 'validation', 'storage', 'storage', undefined]);
});

test('a read is neither admitted nor validated', () => {
  const read = known(message(1, 'request', 'kubectl', 'api', 'GET …/pods', 0, 1000), message(2, 'response', 'api', 'kubectl', '200', 1300, 2000));
  expect([1000, 1150, 1299].map((at) => requestStage(read, 'api', at))).toEqual(['authentication', 'authorization', 'storage']);
});

test('watch events on their way light the watch; what arrives elsewhere lights nothing', () => {
  expect(requestStage(known(message(1, 'watch', 'api', 'kubelet', 'ADDED Pod/a', 0, 1000)), 'api', 500)).toBe('watch');
  expect(requestStage(known(message(1, 'cri', 'kubelet', 'containerd', 'RunPodSandbox', 0, 1000), message(2, 'cri', 'containerd', 'kubelet', 'ok', 1400, 1500)), 'api', 1200)).toBeUndefined();
});
