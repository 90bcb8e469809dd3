import { expect, test } from 'vitest';
import type { HostRow, NodeRow, PodRow, Row, WorkloadRow } from '../session/port/rows.ts';
import { differencesOf } from './differences.ts';

const fields = { apiVersion: 'v1', namespace: 'default', uid: 'u', resourceVersion: '1', createdAtUs: 0, deleting: false, labels: {} };
const pod = (name: string, more: Partial<PodRow> = {}): PodRow =>
  ({ ...fields, type: 'pod', kind: 'Pod', name, node: 'worker-1', phase: 'Running', status: 'Running', ready: true, ip: '', restarts: 0, containers: [], ownerUid: '', ownerName: '', cpuMillis: 0, memoryBytes: 0, message: '', ...more }) as PodRow;
const node = (ready: NodeRow['ready'], more: Partial<NodeRow> = {}): NodeRow => ({ ...fields, type: 'node', kind: 'Node', name: 'worker-1', ready, unschedulable: false, taints: [], cpuMillis: 1, memoryBytes: 1, pods: 1, leaseRenewedAtUs: 0, ...more }) as NodeRow;
const workload = (ready: number): WorkloadRow => ({ ...fields, type: 'workload', kind: 'Deployment', name: 'web', desired: 3, current: 3, ready, available: ready, updated: 3, ownerUid: '', revision: '1' }) as WorkloadRow;
const host = (powered: boolean): HostRow => ({ type: 'host', name: 'worker-1', where: 'node', powered, partitioned: false, slowUs: 0 }) as HostRow;
const component = (running: boolean): Row => ({ type: 'component', address: 'worker-1/kubelet', name: 'kubelet', host: 'worker-1', running, dials: [], counters: {} }) as unknown as Row;

const said = (here: Record<string, Row>, there: Record<string, Row>) => differencesOf(here, there, 12_000_000).map(({ what, here: a, there: b }) => [what, a, b]);

test.each<[string, Record<string, Row>, Record<string, Row>, readonly (readonly string[])[]]>([
  ['nothing', { p: pod('a') }, { p: pod('a') }, []],
  ['only what nobody would call one: versions, renewals', { p: pod('a', { resourceVersion: '7' }), n: node('True', { leaseRenewedAtUs: 5 }) }, { p: pod('a'), n: node('True') }, []],
  ['a Pod that is only here', { p: pod('a') }, {}, [['Pod a', 'Running, ready on worker-1, 12 s old', 'not there']]],
  ['the age of a Pod', { p: pod('a') }, { p: pod('a', { createdAtUs: 2_000_000 }) }, [['Pod a', 'Running, ready on worker-1, 12 s old', 'Running, ready on worker-1, 10 s old']]],
  ['a node, and what was asked for first', { 'object/Node//worker-1': node('True'), 'object/Deployment/default/web': workload(3) }, { 'object/Node//worker-1': node('Unknown', { unschedulable: true }), 'object/Deployment/default/web': workload(2) },
    [['Deployment web', '3 ready of 3, 3 made', '2 ready of 3, 3 made'], ['Node worker-1', 'Ready', 'Unknown, cordoned']]],
  ['a machine without power, which speaks for its programs', { 'host/worker-1': host(true), c: component(true) }, { 'host/worker-1': host(false), c: component(false) }, [['machine worker-1', 'has power', 'powered off']]],
  ['a program that was stopped', { 'host/worker-1': host(true), c: component(true) }, { 'host/worker-1': host(true), c: component(false) }, [['kubelet on worker-1', 'runs', 'stopped']]],
])('what differs: %s', (_what, here, there, differences) => expect(said(here, there)).toEqual(differences));
