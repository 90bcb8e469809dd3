import { expect, test } from 'vitest';
import type { Row } from '../../session/port/rows.ts';
import { asksWhy } from './asks-why.ts';

const pod = { type: 'pod', phase: 'Running', ready: true, deleting: false, node: 'worker-1' };
const node = { type: 'node', name: 'worker-1', ready: 'True', unschedulable: false };
const dark = { 'host/worker-1': { type: 'host', powered: false, partitioned: false } };
const apart = { 'host/worker-1': { type: 'host', powered: true, partitioned: true } };
const deaf = { 'component/worker-1/kubelet': { type: 'component', running: false } };

test.each<[string, object | undefined, object, boolean]>([
  ['a Pod that is ready', pod, {}, false], ['a Pod that is not ready', { ...pod, ready: false }, {}, true], ['a Pod that is done', { ...pod, phase: 'Succeeded', ready: false }, {}, false], ['a Pod that ends', { ...pod, deleting: true }, {}, true],
  ['a Pod without power', pod, dark, true], ['a Pod that is cut off', pod, apart, true], ['a Pod without its kubelet', pod, deaf, true],
  ['a node that is Ready', node, {}, false], ['a node that is not', { ...node, ready: 'Unknown' }, {}, true], ['a cordoned node', { ...node, unschedulable: true }, {}, true], ['a node without power that nobody misses yet', node, dark, true],
  ['a full Deployment', { type: 'workload', desired: 3, current: 3, available: 3 }, {}, false], ['one that lacks a Pod', { type: 'workload', desired: 3, current: 3, available: 2 }, {}, true], ['one that rolls out', { type: 'workload', desired: 3, current: 4, available: 3 }, {}, true],
  ['a Service', { type: 'service', selector: { a: 'b' }, readyPods: ['x'] }, {}, false], ['a Service that leads nowhere', { type: 'service', selector: { a: 'b' }, readyPods: [] }, {}, true], ['a Service without a selector', { type: 'service', selector: {}, readyPods: [] }, {}, false],
  ['nothing', undefined, {}, false],
])('%s', (_, row, rows, asks) => expect(asksWhy(row as Row | undefined, rows as never)).toBe(asks));
