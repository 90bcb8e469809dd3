import { describe, expect, test } from 'vitest';
import type { PodRow, Row, WorkloadRow } from '../session/port/rows.ts';
import { hintAt, stepsIn } from './first-steps.ts';
import type { AppState, FirstStep } from './state.ts';

const fields = (kind: string, name: string) => ({ apiVersion: 'v1', kind, namespace: 'default', name, uid: name, resourceVersion: '1', createdAtUs: 0, deleting: false, labels: {} });
const pod = (name: string, node: string, more: Partial<PodRow> = {}): PodRow => ({
  ...fields('Pod', name), type: 'pod', node, phase: 'Running', status: 'Running', ready: true, ip: '', restarts: 0, containers: [], ownerUid: 'rs', ownerName: 'ReplicaSet/web', cpuMillis: 0, memoryBytes: 0, message: '', ...more,
});
const web = (ready: number): WorkloadRow => ({ ...fields('Deployment', 'web'), type: 'workload', desired: 2, current: 2, ready, available: ready, updated: 2, ownerUid: '', revision: '1' });
const rowsOf = (...rows: readonly (PodRow | WorkloadRow)[]): Record<string, Row> => Object.fromEntries(rows.map((row) => [`object/${row.kind}/default/${row.name}`, row]));

const steady = rowsOf(web(2), pod('web-1', 'worker-1'), pod('web-2', 'worker-2'));
const at = (rows: AppState['rows'], learnt: readonly FirstStep[], more: Partial<AppState> = {}): string | undefined =>
  hintAt({ rows, learnt, selection: null, inspecting: false, view: { mode: 'explore' } as AppState['view'], ...more })?.text;

describe('what is offered next', () => {
  const lost = rowsOf(web(1), pod('web-1', 'worker-1'), pod('web-2', 'worker-2', { deleting: true, status: 'Terminating' }), pod('web-3', '', { status: 'Pending', phase: 'Pending', ready: false }));
  test.each([
    ['nothing was sent yet: that is said beside Apply', steady, [], {}, undefined],
    ['all runs', steady, ['apply'], {}, 'Now pull the plug of a node: click worker-2 → Power off.'],
    ['not all runs yet', rowsOf(web(1), pod('web-1', 'worker-1'), pod('web-2', 'worker-2', { ready: false })), ['apply'], {}, undefined],
    ['something is chosen', steady, ['apply'], { selection: { type: 'stored' } }, undefined],
    ['something was broken, and nothing shows of it yet', steady, ['apply', 'break'], {}, undefined],
    ['a Pod is on its way out', lost, ['apply', 'break'], {}, 'Why is web-2 Terminating?'],
    ['a Pod waits', rowsOf(pod('web-3', '', { status: 'Pending' })), ['apply', 'break'], {}, 'Why is web-3 Pending?'],
    ['one reads', lost, ['apply', 'break'], { inspecting: true }, undefined],
    ['all is known', lost, ['apply', 'break', 'ask'], {}, undefined],
    ['asking was put away before anything was broken', steady, ['apply', 'ask'], {}, 'Now pull the plug of a node: click worker-2 → Power off.'],
    ['before an audience', steady, ['apply'], { view: { mode: 'present' } }, undefined],
    ['in a frame of another page', lost, ['apply', 'break'], { view: { mode: 'embed' } }, undefined],
  ] as const)('%s', (_when, rows, learnt, more, text) => {
    expect(at(rows, learnt, more as Partial<AppState>)).toBe(text);
  });
});

test.each([
  [[], []],
  [['apply-manifest'], ['apply']],
  [['open-proxy', 'send-request'], ['apply']],
  [['apply-manifest', 'power-off-node'], ['apply', 'break']],
  [['stop-component'], ['apply', 'break']],
] as const)('who did %j knows %j', (types, steps) => {
  expect(stepsIn(types.map((type) => ({ command: { type } })))).toEqual(steps);
});
