import { describe, expect, test } from 'vitest';
import type { Budget } from '../../kubernetes/api/disruption-budget.ts';
import type { Pod } from '../../kubernetes/api/index.ts';
import { podInfo } from './pod-info.ts';
import { confirmPod, emptyCache, nominate, putNode, type SchedulerCache } from './scheduler-cache.ts';
import { schedulePod } from './scheduling-cycle.ts';
import { makeNode, makePod } from './test-objects.ts';

const on = (nodeName: string, name: string, cpu: string, priority: number): Pod => makePod(name, { cpu }, { nodeName, priority });
const clusterWith = (nodes: readonly string[], pods: readonly Pod[]): SchedulerCache => pods.reduce(confirmPod, nodes.map((name) => makeNode(name)).reduce(putNode, emptyCache));
/** Who goes where; nodes have four cpus. */
function outcome(pod: Pod, cache: SchedulerCache, budgets: readonly Budget[] = []): unknown {
  const decision = schedulePod(podInfo(pod), cache, 0, () => 0, { now: (info) => info.pod, underWay: false, budgets });
  if (decision.kind !== 'unschedulable') return decision.kind === 'fits' ? decision.nodeName : decision.kind;
  const { postFilter, message } = decision;
  return 'preemption' in postFilter ? { [postFilter.preemption.nodeName]: postFilter.preemption.victims.map(({ key }) => key.replace('default/', '')) } : message;
}
const wants = (cpu: string, priority: number): Pod => makePod('new', { cpu }, { priority });

const guarded = (name: string, disruptionsAllowed: number, app = name, status: object = {}): Budget =>
  ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace: 'default' }, spec: { selector: { matchLabels: { app } } }, status: { disruptionsAllowed, ...status } }) as unknown as Budget;
const labelled = (pod: Pod, app: string): Pod => ({ ...pod, metadata: { ...pod.metadata, labels: { app } } });

describe('disruption budgets', () => {
  const [web, db] = [labelled(on('a', 'web', '2', 1), 'web'), labelled(on('b', 'db', '2', 5), 'db')];
  test.each<[string, SchedulerCache, readonly Budget[], unknown]>([
    ['of others say nothing', clusterWith(['a', 'b'], [web, db]), [guarded('other', 0)], { a: ['web'] }],
    ['are spared on another node, whoever goes there', clusterWith(['a', 'b'], [web, db]), [guarded('web', 0)], { b: ['db'] }],
    ['with something left are not spared', clusterWith(['a', 'b'], [web, db]), [guarded('web', 1)], { a: ['web'] }],
    ['that are spent for this Pod already are not spared', clusterWith(['a', 'b'], [web, db]), [guarded('web', 0, 'web', { disruptedPods: { web: '2026-01-01T00:00:00Z' } })], { a: ['web'] }],
    ['are overdrawn where there is no other way', clusterWith(['a'], [web]), [guarded('web', 0)], { a: ['web'] }],
    ['are spared on a node before what is more important', clusterWith(['a'], [labelled(on('a', 'kept', '1', 1), 'web'), on('a', 'gone', '1', 3), on('a', 'large', '2', 2)]), [guarded('web', 0)], { a: ['gone', 'large'] }],
    ['of nobody in particular are nobody\'s', clusterWith(['a', 'b'], [web, db]), [{ ...guarded('all', 0), spec: { selector: {} } }], { a: ['web'] }],
  ])('%s', (_what, cache, budgets, expected) => expect(outcome(wants('3', 10), cache, budgets)).toEqual(expected));
});

describe('a Pod that fits nowhere', () => {
  test.each<[string, Pod, SchedulerCache, unknown]>([
    ['drives away who is less important', wants('3', 10), clusterWith(['a'], [on('a', 'low', '2', 1)]), { a: ['low'] }],
    ['but nobody as important', wants('3', 1), clusterWith(['a'], [on('a', 'same', '2', 1)]), '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'],
    ['and not where that is not enough', wants('3', 10), clusterWith(['a'], [on('a', 'low', '1', 1), on('a', 'high', '2', 20)]), '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Insufficient cpu.'],
    ['spares the more important', wants('2', 10), clusterWith(['a'], [on('a', 'middle', '2', 5), on('a', 'low', '2', 1)]), { a: ['low'] }],
    ['goes where the most important victim matters least', wants('3', 10), clusterWith(['a', 'b'], [on('a', 'middle', '2', 5), on('b', 'low', '2', 1)]), { b: ['low'] }],
    ['and where fewer go', wants('3', 10), clusterWith(['a', 'b'], [on('a', 'x', '2', 1), on('a', 'y', '2', 1), on('b', 'z', '4', 1)]), { b: ['z'] }],
  ])('%s', (_what, pod, cache, expected) => expect(outcome(pod, cache)).toEqual(expected));
});

test('a node that is being made free is full to the less important, and free to the more important', () => {
  const cache = nominate(clusterWith(['a'], []), podInfo(makePod('waiting', { cpu: '3' }, { priority: 5 })), 'a');
  expect([outcome(wants('3', 1), cache), outcome(wants('3', 10), cache)]).toEqual(['0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.', 'a']);
});

test('who waits for a node to be free takes it where it fits there, and no other', () => {
  const pod = wants('2', 5);
  expect(outcome(pod, nominate(clusterWith(['a', 'b'], [on('b', 'other', '1', 1)]), podInfo(pod), 'b'))).toBe('b');
});
