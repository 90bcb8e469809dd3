import { describe, expect, test } from 'vitest';
import type { Node, Pod, PodSpec, Taint } from '../../../kubernetes/api/index.ts';
import type { DaemonSet, UpdateStrategy } from '../../../kubernetes/api/kept-specs.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { PMap } from '../../../simulation/collections/index.ts';
import { backOffMore, backOffOf } from './back-off.ts';
import { daemonStatus, isToldAlready, planDaemons, planRollingUpdate, type DaemonView } from './daemon-plan.ts';
import { isUpdated, placementOn, podsByNode, targetNodeOf, templateFor, tolerationsOf } from './daemon-placement.ts';

const second = 1_000_000;
const now = 10_000 * second;
const rolling = (maxUnavailable: number | string, maxSurge: number | string): UpdateStrategy => ({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge } });
const daemonSet = ({ spec = {}, strategy = rolling(1, 0), minReadySeconds = 0, annotations }: { spec?: Partial<PodSpec>; strategy?: UpdateStrategy; minReadySeconds?: number; annotations?: Record<string, string> } = {}): DaemonSet => ({
  apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'default', uid: 'd', generation: 2, ...(annotations !== undefined && { annotations }) },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image: 'agent:1' }], ...spec } }, updateStrategy: strategy, minReadySeconds },
});
const node = (name: string, { labels = {}, taints = [] }: { labels?: Record<string, string>; taints?: readonly Taint[] } = {}): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { taints } }) as unknown as Node;
interface Like { readonly on?: string; readonly bound?: boolean; readonly hash?: string; readonly phase?: string; readonly readyFor?: number; readonly age?: number; readonly leaving?: boolean }
const pod = (name: string, { on = 'n1', bound = true, hash = 'new', phase = 'Running', readyFor = 100, age = 100, leaving = false }: Like = {}): Pod => ({
  apiVersion: 'v1', kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'agent', 'controller-revision-hash': hash }, creationTimestamp: formatTime(now - age * second), ...(leaving && { deletionTimestamp: formatTime(now) }) },
  spec: { ...templateFor(daemonSet(), hash, on).spec, ...(bound && { nodeName: on }) },
  status: { phase, conditions: readyFor < 0 ? [{ type: 'Ready', status: 'False' }] : [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(now - readyFor * second) }] },
}) as unknown as Pod;
const view = (set: DaemonSet, nodes: readonly Node[], pods: readonly Pod[]): DaemonView => ({ set, hash: 'new', nodes, byNode: podsByNode(pods), nowUs: now });
const nodes = (count: number): readonly Node[] => Array.from({ length: count }, (_, index) => node(`n${index + 1}`));

describe('where a daemon runs', () => {
  const taint = (key: string, effect: Taint['effect']): Taint => ({ key, effect });
  const here = { shouldRun: true, mayStay: true };
  const nowhere = { shouldRun: false, mayStay: false };
  // daemon_controller_test.go: TestNodeShouldRunDaemonPod
  test.each([
    ['anywhere', {}, {}, here],
    ['the node that its template names', { nodeName: 'n1' }, {}, here],
    ['not where its template names another', { nodeName: 'other' }, {}, nowhere],
    ['by its nodeSelector', { nodeSelector: { disk: 'ssd' } }, { labels: { disk: 'ssd' } }, here],
    ['not against it', { nodeSelector: { disk: 'ssd' } }, {}, nowhere],
    ['by a field of its affinity', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }] } } } }, {}, here],
    ['not against it', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } } } }, {}, nowhere],
    ['not begun under a NoSchedule taint', {}, { taints: [taint('x', 'NoSchedule')] }, { shouldRun: false, mayStay: true }],
    ['driven out by a NoExecute taint', {}, { taints: [taint('x', 'NoExecute')] }, nowhere],
    ['under a taint that only asks', {}, { taints: [taint('x', 'PreferNoSchedule')] }, here],
    ['under a taint that it tolerates', { tolerations: [{ key: 'x', operator: 'Exists' }] }, { taints: [taint('x', 'NoExecute')] }, here],
    ['on a cordoned node', {}, { taints: [taint('node.kubernetes.io/unschedulable', 'NoSchedule')] }, here],
    ['kept on an unreachable node', {}, { taints: [taint('node.kubernetes.io/unreachable', 'NoSchedule'), taint('node.kubernetes.io/unreachable', 'NoExecute')] }, { shouldRun: false, mayStay: true }],
    ['not without a network', {}, { taints: [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')] }, { shouldRun: false, mayStay: true }],
    ['without one, where it uses the host\'s', { hostNetwork: true }, { taints: [taint('node.kubernetes.io/network-unavailable', 'NoSchedule')] }, here],
  ] as const)('%s', (_, spec, like, expected) => expect(placementOn(node('n1', like as never), daemonSet({ spec: spec as never }))).toEqual(expected));

  test('its own toleration with a time gives way to one without', () => {
    const timed = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 } as const;
    expect(tolerationsOf({ containers: [], tolerations: [{ key: 'x', operator: 'Exists' }, timed] }).slice(0, 3)).toEqual([
      { key: 'x', operator: 'Exists' }, { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }, { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
    ]);
  });

  test('what is stamped keeps its preferences and is bound to the node', () => {
    const preferred = [{ weight: 1, preference: { matchExpressions: [] } }];
    const set = daemonSet({ annotations: { 'deprecated.daemonset.template.generation': '4' }, spec: { affinity: { podAntiAffinity: {}, nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } } });
    const { metadata, spec } = templateFor(set, 'abc', 'n7');
    expect(metadata?.labels).toEqual({ app: 'agent', 'pod-template-generation': '4', 'controller-revision-hash': 'abc' });
    expect(spec.affinity).toEqual({
      podAntiAffinity: {}, nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n7'] }] }] } },
    });
    expect([targetNodeOf(pod('p', { on: 'n7', bound: false })), targetNodeOf(pod('p', { on: 'n7' }))]).toEqual(['n7', 'n7']);
    const older = { ...pod('p', { hash: 'old' }), metadata: { ...pod('p').metadata, labels: { 'pod-template-generation': '4' } } };
    expect([isUpdated(pod('p'), set, 'new'), isUpdated(pod('p', { hash: 'old' }), set, 'new'), isUpdated(older, set, 'new')]).toEqual([true, false, true]);
  });
});

describe('what its Pods need', () => {
  const plan = (set: DaemonSet, all: readonly Node[], pods: readonly Pod[]) => { const { nodes: made, pods: gone } = planDaemons(view(set, all, pods), PMap()); return [made, gone]; };
  const surging = daemonSet({ strategy: rolling(0, 1) });
  test.each([
    ['one on each node', daemonSet(), nodes(2), [], [['n1', 'n2'], []]],
    ['none where there is one', daemonSet(), nodes(2), [pod('a')], [['n2'], []]],
    ['none while one is leaving', daemonSet(), nodes(1), [pod('a', { leaving: true })], [[], []]],
    ['the oldest of several stays', daemonSet(), nodes(1), [pod('a', { age: 5 }), pod('b', { age: 9 }), pod('c', { age: 9 })], [[], ['c', 'a']]],
    ['a scheduled one before an older one that is not', daemonSet(), nodes(1), [pod('a', { bound: false, age: 9 }), pod('b', { age: 5 })], [[], ['a']]],
    ['what may not stay goes', daemonSet({ spec: { nodeSelector: { a: 'b' } } }), nodes(1), [pod('a'), pod('b', { leaving: true })], [[], ['a']]],
    ['what waits for a node that is gone goes', daemonSet(), [], [pod('a', { bound: false }), pod('b', { on: 'n2' })], [[], ['a']]],
    ['with surge, one beside one that is leaving', surging, nodes(1), [pod('a', { leaving: true })], [['n1'], []]],
    ['with surge, a new one beside a ready old one', surging, nodes(1), [pod('a', { hash: 'old' }), pod('b', { readyFor: -1 })], [[], []]],
    ['with surge, the old one goes when the new one is available', surging, nodes(1), [pod('a', { hash: 'old' }), pod('b')], [[], ['a']]],
    ['with surge, the old one goes when it is not ready', surging, nodes(1), [pod('a', { hash: 'old', readyFor: -1 }), pod('b', { readyFor: -1 })], [[], ['a']]],
    ['with surge, a third goes', surging, nodes(1), [pod('a', { hash: 'old' }), pod('b', { readyFor: -1, age: 9 }), pod('c', { readyFor: -1, age: 5 })], [[], ['c']]],
  ] as const)('%s', (_, set, all, pods, expected) => expect(plan(set, all, pods)).toEqual(expected));

  test('a failed Pod is deleted, told of, and then left alone for longer each time', () => {
    const failed = view(daemonSet(), nodes(1), [pod('a', { phase: 'Failed' }), pod('b', { on: 'n2' })]);
    const first = planDaemons(failed, PMap());
    expect(first).toMatchObject({ pods: ['a'], reports: [{ type: 'Warning', reason: 'FailedDaemonPod', message: 'Found failed daemon pod default/a on node n1, will try to kill it' }] });
    expect(planDaemons({ ...failed, nowUs: now + second / 2 }, first.backOffs)).toMatchObject({ pods: [], reports: [], againUs: second });
    const second_ = planDaemons({ ...failed, nowUs: now + second }, first.backOffs);
    expect(second_.pods).toEqual(['a']);
    expect(planDaemons({ ...failed, nowUs: now + 2 * second }, second_.backOffs)).toMatchObject({ pods: [], againUs: 2 * second });
    // Another generation begins afresh.
    expect(planDaemons({ ...failed, set: { ...failed.set, status: { observedGeneration: 2 } }, nowUs: now + second / 2 }, first.backOffs).pods).toEqual(['a']);
  });
  test('one that has ended is deleted', () => expect(planDaemons(view(daemonSet(), nodes(1), [pod('a', { phase: 'Succeeded' })]), PMap())).toMatchObject({ pods: ['a'], reports: [{ type: 'Normal', reason: 'SucceededDaemonPod' }] }));
});

test('a back-off doubles to its limit, and is forgotten when it was quiet for twice that', () => {
  const limits = { initialUs: 1, maxUs: 4 };
  let all: Parameters<typeof backOffOf>[0] = PMap();
  const seen: (number | undefined)[] = [];
  for (const at of [0, 10, 12, 14]) { all = backOffMore(all, 'k', limits, at); seen.push(backOffOf(all, 'k', limits, at)); }
  expect(seen).toEqual([1, 1, 2, 4]);
  expect([backOffOf(all, 'k', limits, 17), backOffOf(all, 'k', limits, 18), backOffOf(all, 'other', limits, 14)]).toEqual([4, undefined, undefined]);
  expect([backOffMore(all, 'x', limits, 22).size, backOffMore(all, 'x', limits, 23).size]).toEqual([2, 1]);
});

describe('a rolling update', () => {
  const old = (name: string, on: string, readyFor = 100): Pod => pod(name, { on, hash: 'old', readyFor });
  const step = (strategy: UpdateStrategy, pods: readonly Pod[], all: readonly Node[] = nodes(4), minReadySeconds = 0) => { const { nodes: made, pods: gone } = planRollingUpdate(view(daemonSet({ strategy, minReadySeconds }), all, pods)); return [made, gone]; };
  const four = [old('a', 'n1'), old('b', 'n2'), old('c', 'n3'), old('d', 'n4')];
  test.each([
    ['one may be missing', rolling(1, 0), four, [[], ['a']]],
    ['two may', rolling(2, 0), four, [[], ['a', 'b']]],
    ['half, rounded up', rolling('30%', 0), four, [[], ['a', 'b']]],
    ['none may, and no surge: then one', rolling(0, 0), four, [[], ['a']]],
    ['one is missing already', rolling(1, 0), four.slice(1), [[], []]],
    ['a new one is not yet ready', rolling(1, 0), [...four.slice(1), pod('x', { readyFor: -1 })], [[], []]],
    ['a new one is ready', rolling(1, 0), [...four.slice(1), pod('x')], [[], ['b']]],
    ['what serves nobody goes beyond the limit', rolling(1, 0), [old('a', 'n1', -1), old('b', 'n2', -1), old('c', 'n3'), old('d', 'n4')], [[], ['a', 'b']]],
    ['a node with too many is left to be tidied up', rolling(1, 0), [...four, old('e', 'n4')], [[], []]],
    ['surge: one new beside an old', rolling(0, 1), four, [['n1'], []]],
    ['surge: a quarter', rolling(0, '25%'), four, [['n1'], []]],
    ['surge: it waits for the new one', rolling(0, 1), [...four, pod('x', { readyFor: -1 })], [[], []]],
    ['surge: the new one is there', rolling(0, 1), [...four, pod('x')], [['n2'], ['a']]],
    ['surge: what serves nobody is replaced beyond the limit', rolling(0, 1), [old('a', 'n1', -1), old('b', 'n2', -1), old('c', 'n3'), old('d', 'n4')], [['n1', 'n2', 'n3'], []]],
  ] as const)('%s', (_, strategy, pods, expected) => expect(step(strategy, pods)).toEqual(expected));

  test('a new Pod counts only when it has been ready for as long as asked', () => {
    expect(step(rolling(1, 0), [...four.slice(1), pod('x', { readyFor: 4 })], nodes(4), 5)).toEqual([[], []]);
    expect(step(rolling(1, 0), [...four.slice(1), pod('x', { readyFor: 5 })], nodes(4), 5)).toEqual([[], ['b']]);
  });
  test('with surge, a Pod that is to leave its node waits until there are enough without it', () => {
    const closed = [node('n1', { taints: [{ key: 'x', effect: 'NoSchedule' }] }), node('n2')];
    expect(step(rolling(0, 1), [old('a', 'n1')], closed)).toEqual([[], []]);
    expect(step(rolling(0, 1), [old('a', 'n1'), pod('x', { on: 'n2' })], closed)).toEqual([[], ['a']]);
  });
});

describe('the status', () => {
  const status = (pods: readonly Pod[], seen = true) => daemonStatus(view(daemonSet({ minReadySeconds: 5 }), [...nodes(3), node('closed', { taints: [{ key: 'x', effect: 'NoSchedule' }] })], pods), seen);
  test('counts nodes, by the oldest Pod of each', () => expect(status([pod('a', { hash: 'old', age: 9 }), pod('b', { readyFor: -1, age: 5 }), pod('c', { on: 'n2', readyFor: 4 }), pod('d', { on: 'closed' })])).toEqual({
    desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 2, numberAvailable: 1, numberUnavailable: 2, updatedNumberScheduled: 1, numberMisscheduled: 1, observedGeneration: 2,
  }));
  test('leaves out what Go does, and the generation of an unfinished look', () => expect(status([], false)).toEqual({ desiredNumberScheduled: 3, currentNumberScheduled: 0, numberReady: 0, numberMisscheduled: 0, numberUnavailable: 3 }));
  test('is written where it tells something new', () => {
    const next = status([]);
    expect([isToldAlready(daemonSet(), next), isToldAlready({ ...daemonSet(), status: next }, next), isToldAlready({ ...daemonSet(), status: { ...next, observedGeneration: 1 } }, next)]).toEqual([false, true, false]);
  });
});
