import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../session/port/protocol.ts';
import type { ComponentRow, NodeRow, PodRow, Row } from '../../session/port/rows.ts';
import type { Rows } from '../known-window.ts';
import { countText, findAll, lineTest } from './search-matches.ts';
import { parseSearch } from './search-query.ts';
import type { SearchQuery } from './search-query.ts';

const object = (kind: string, namespace: string, name: string, labels: Record<string, string> = {}) => ({ apiVersion: 'v1', kind, namespace, name, uid: `${kind}-${name}`, resourceVersion: '1', createdAtUs: 0, deleting: false, labels });
const pod = (name: string, more: Partial<PodRow> = {}): PodRow => ({
  ...object('Pod', 'default', name, { app: 'web' }), type: 'pod', node: 'worker-1', phase: 'Running', status: 'Running', ready: true, ip: '10.244.1.2', restarts: 0,
  containers: [{ name: 'nginx', image: 'nginx:1.27', init: false, state: 'running', reason: '', ready: true, restarts: 0, backOffUntilUs: 0 }], ownerUid: '', ownerName: '', cpuMillis: 0, memoryBytes: 0, message: '', ...more,
});
const node = (name: string, more: Partial<NodeRow> = {}): NodeRow => ({ ...object('Node', '', name), type: 'node', ready: 'True', unschedulable: false, taints: [], cpuMillis: 1000, memoryBytes: 1, pods: 110, leaseRenewedAtUs: 0, ...more });
const program = (name: string, host: string): ComponentRow => ({ type: 'component', address: `${host}/${name}`, name, title: name, glyph: 'k', host, where: host === 'control-plane-1' ? 'control-plane' : 'node', running: true, states: ['serving'], line: 'idle', gauges: [], counters: {}, dials: [], rank: 0, role: '', breadth: 1, mayDial: [] });

const rows: Rows = {
  'object/Pod/default/web-1': pod('web-1'),
  'object/Pod/default/web-2': pod('web-2', { node: '', phase: 'Pending', status: 'Pending', ready: false, message: '0/3 nodes are available: 3 Insufficient cpu.' }),
  'object/Pod/default/db-1': pod('db-1', { labels: { app: 'db', tier: 'back' }, node: 'worker-10', status: 'CrashLoopBackOff', ready: false, deleting: true }),
  'object/Pod/kube-system/dns-1': pod('dns-1', { namespace: 'kube-system', labels: { app: 'dns' }, node: 'worker-2' }),
  'object/Deployment/default/web': { ...object('Deployment', 'default', 'web', { app: 'web' }), type: 'workload', desired: 2, current: 2, ready: 1, available: 1, updated: 2, ownerUid: '', revision: '1' },
  'object/ConfigMap/default/settings': { ...object('ConfigMap', 'default', 'settings', { app: 'web' }), type: 'other' },
  'object/Node//worker-1': node('worker-1'),
  'object/Node//worker-2': node('worker-2', { ready: 'Unknown', unschedulable: true }),
  'host/worker-2': { type: 'host', name: 'worker-2', where: 'node', powered: false, partitioned: false, slowUs: 200_000 },
  'component/worker-1/kubelet': program('kubelet', 'worker-1'),
  'component/control-plane-1/kube-scheduler': program('kube-scheduler', 'control-plane-1'),
} satisfies Record<string, Row>;

const parse = (text: string): SearchQuery => {
  const parsed = parseSearch(text);
  if (!('query' in parsed)) throw new Error(parsed.problem);
  return parsed.query;
};
const found = (text: string): readonly string[] => [...findAll(parse(text), rows).keys].map((key) => key.replace(/^(object|component)\//, '')).sort();

describe('what a query finds', () => {
  test.each([
    ['kind:pod', ['Pod/default/db-1', 'Pod/default/web-1', 'Pod/default/web-2', 'Pod/kube-system/dns-1']],
    ['kind:po ns:default', ['Pod/default/db-1', 'Pod/default/web-1', 'Pod/default/web-2']],
    ['KIND:Pods,deploy app=web', ['Deployment/default/web', 'Pod/default/web-1', 'Pod/default/web-2']],
    ['kind:component', ['control-plane-1/kube-scheduler', 'worker-1/kubelet']],
    ['app=web', ['ConfigMap/default/settings', 'Deployment/default/web', 'Pod/default/web-1', 'Pod/default/web-2']],
    ['kind:pod app!=web', ['Pod/default/db-1', 'Pod/kube-system/dns-1']],
    ['app in (db, dns)', ['Pod/default/db-1', 'Pod/kube-system/dns-1']],
    ['kind:pod app notin (web) ns:default', ['Pod/default/db-1']],
    ['app=db,tier=back', ['Pod/default/db-1']],
    ['kind:pod !tier ns:default', ['Pod/default/web-1', 'Pod/default/web-2']],
    ['status:Pending', ['Pod/default/web-2']],
    ['status:crash', ['Pod/default/db-1']],
    ['status:terminating', ['Pod/default/db-1']],
    ['status:1/2', ['Deployment/default/web']],
    ['status:notready kind:node', ['Node//worker-2']],
    ['status:off', ['Node//worker-2']],
    ['status:cordoned', ['Node//worker-2']],
    // The whole name: worker-10 is another node.
    ['node:worker-1', ['Node//worker-1', 'Pod/default/web-1', 'worker-1/kubelet']],
    ['kind:pod node:worker-1*', ['Pod/default/db-1', 'Pod/default/web-1']],
    ['ns:kube-*', ['Pod/kube-system/dns-1']],
    ['name:web-', ['Pod/default/web-1', 'Pod/default/web-2']],
    ['insufficient', ['Pod/default/web-2']],
    ['"insufficient cpu"', ['Pod/default/web-2']],
    ['nginx:1.27 kind:pod ns:kube-system', ['Pod/kube-system/dns-1']],
    ['kubelet', ['worker-1/kubelet']],
    ['nothing-is-called-so', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual([...expected].sort());
  });
});

describe('what can not be understood is said', () => {
  test.each([
    ['kind:pud', `The server doesn't have a resource type "pud".`],
    ['kind:', '“kind:” waits for a value.'],
    ['ns:, web', '“ns:” waits for a value.'],
    ['app=$$', /^The label selector “app=\$\$” can not be read: .*Invalid value: "\$\$"/],
    ['colour:red', /^There is no “colour:”\. What can be asked for is kind:, ns:/],
  ])('%s', (text, problem) => {
    const parsed = parseSearch(text);
    if ('query' in parsed) throw new Error('it was understood');
    if (typeof problem === 'string') expect(parsed.problem).toBe(problem);
    else expect(parsed.problem).toMatch(problem);
  });
});

test('the count says what lies on the stage and what is only stored', () => {
  expect(countText(findAll(parse('kind:pod'), rows))).toBe('4 of 9 things');
  expect(countText(findAll(parse('app=web'), rows))).toBe('3 of 9 things, 1 stored');
});

describe('the lines of the log that belong to it', () => {
  const line = (text: string): LogLine => ({ id: 1, atUs: 0, kind: 'note', text, recordId: 1, ok: true });
  const told = (query: string, text: string): boolean => lineTest(parse(query), findAll(parse(query), rows), rows)(line(text));
  test.each([
    ['kind:pod status:pending', 'kube-scheduler binds Pod web-2 to worker-1', true],
    ['kind:pod status:pending', 'kube-scheduler binds Pod web-1 to worker-1', false],
    // A name that goes on is another name.
    ['kind:deploy', 'kubectl creates Pod web-1', false],
    ['kind:deploy', 'deployment.apps/web created', true],
    ['kubelet', 'kubelet on worker-1 asks containerd: StartContainer', true],
    ['kind:component node:worker-1', 'kubelet on worker-1 asks containerd: StartContainer', true],
    ['kind:component node:worker-1', 'kubelet on worker-2 asks containerd: StartContainer', false],
    ['StartContainer', 'kubelet on worker-2 asks containerd: StartContainer', true],
    ['', 'anything', true],
  ])('%s: %s', (query, text, expected) => {
    expect(told(query, text)).toBe(expected);
  });
});
