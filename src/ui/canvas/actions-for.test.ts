import { expect, test } from 'vitest';
import type { Rows } from '../../store/known-window.ts';
import type { Selection } from '../../store/state.ts';
import { offersFor } from './actions-for.ts';

const host = (name: string, changes: object = {}) => ({ [`host/${name}`]: { type: 'host', name, where: 'node', powered: true, partitioned: false, slowUs: 0, ...changes } });
const program = (address: string, running = true) => ({ [`component/${address}`]: { type: 'component', address, name: address.split('/')[1], host: address.split('/')[0], where: 'control-plane', running } });
const node: Selection = { type: 'object', key: 'object/Node//worker-1', apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' };
const member: Selection = { type: 'component', address: 'etcd-2/etcd' };

test.each<[string, Selection, object, readonly string[]]>([
  ['a machine', node, host('worker-1'), ['Power off', 'Cut off network', 'Slow network by 200 ms', 'Slow network by 2 s']],
  ['one that is slow', node, host('worker-1', { slowUs: 200_000 }), ['Power off', 'Cut off network', 'Heal network']],
  ['one that is cut off', node, host('worker-1', { partitioned: true, slowUs: 200_000 }), ['Power off', 'Heal network']],
  ['one without power', node, host('worker-1', { powered: false, slowUs: 200_000 }), ['Power on']],
  ['a program whose machine is no node', member, { ...host('etcd-2'), ...program('etcd-2/etcd') }, ['Stop etcd', 'Power off', 'Cut off network', 'Slow network by 200 ms', 'Slow network by 2 s']],
  ['such a one, slow', member, { ...host('etcd-2', { slowUs: 2_000_000 }), ...program('etcd-2/etcd', false) }, ['Start etcd', 'Power off', 'Cut off network', 'Heal network']],
  ['such a one without power', member, { ...host('etcd-2', { powered: false }), ...program('etcd-2/etcd', false) }, ['Power on']],
  ['a program on a node', member, { ...host('etcd-2'), ...program('etcd-2/etcd'), ...program('etcd-2/kubelet') }, ['Stop etcd']],
])('what can be done to %s', (_, selection, rows, labels) => {
  const offers = offersFor(selection, rows as unknown as Rows);
  expect(offers.map(({ label }) => label)).toEqual(labels);
  // The Delete key does one thing at most.
  expect(offers.filter(({ onDelete }) => onDelete === true).map(({ label }) => label)).toEqual(labels.slice(0, 1).filter((label) => /^(Power off|Stop)/.test(label)));
});
