import { describe, expect, test } from 'vitest';
import type { Deployment, Endpoint, EndpointSlice, Node, Pod, ReplicaSet, Service, Taint } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { rolloutStatus } from './deployment-status.ts';
import { planChanges, planSlices, podToEndpoint } from './endpoint-slices.ts';
import { creationsObserved, deletionObserved, expectCreations, expectDeletions, noExpectations, satisfied } from './expectations.ts';
import { evictionIntervalUs, isSilent, noScheduleTaints, observeNode, swapNoExecute, withUnknownConditions, zoneStateOf } from './node-health.ts';
import { podsToDelete } from './pods-to-delete.ts';
import { replicaDifference, replicaSetStatus, slowStartBatch, tallyPods } from './replica-plan.ts';
import { findNewReplicaSet, makeReplicaSet, newSetAnnotations, revisionAnnotation, surplusHistory } from './revisions.ts';
import { fenceposts, newReplicaSetSize, scaleProportionally, shrinkOld } from './rollout-plan.ts';
import { stayUs } from './tolerance.ts';

const second = 1_000_000;
const now = 10_000 * second;
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };

const deployment = (replicas: number, surge: number | string, unavailable: number | string, more: Partial<Deployment['spec']> = {}): Deployment => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1 },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } }, progressDeadlineSeconds: 600, ...more },
});
const set = (name: string, replicas: number, available = replicas, more: { annotations?: Record<string, string>; created?: number; image?: string } = {}): ReplicaSet => ({
  apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'default', uid: name, generation: 1, creationTimestamp: formatTime((more.created ?? 1) * second), ...(more.annotations === undefined ? {} : { annotations: more.annotations }) },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { ...template, spec: { containers: [{ name: 'web', image: more.image ?? 'web:0' }] } } },
  status: { replicas, readyReplicas: available, availableReplicas: available, observedGeneration: 1 },
});
const pod = (name: string, more: { node?: string; phase?: 'Pending' | 'Running' | 'Failed'; readyFor?: number; restarts?: number; ageSeconds?: number; cost?: string; leaving?: boolean; labels?: Record<string, string>; ip?: string; tolerations?: Pod['spec']['tolerations'] } = {}): Pod => ({
  apiVersion: 'v1', kind: 'Pod',
  metadata: {
    name, namespace: 'default', uid: name, labels: more.labels ?? { app: 'web' }, creationTimestamp: formatTime(now - (more.ageSeconds ?? 1_000) * second),
    ...(more.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': more.cost } }), ...(more.leaving === true ? { deletionTimestamp: formatTime(now) } : {}),
  },
  spec: { containers: [{ name: 'web' }], ...(more.node === undefined ? {} : { nodeName: more.node }), ...(more.tolerations === undefined ? {} : { tolerations: more.tolerations }) },
  status: {
    phase: more.phase ?? 'Running', ...(more.ip === undefined ? {} : { podIP: more.ip, podIPs: [{ ip: more.ip }] }),
    conditions: more.readyFor === undefined ? [{ type: 'Ready', status: 'False' }] : [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(now - more.readyFor * second) }],
    containerStatuses: [{ name: 'web', ready: true, restartCount: more.restarts ?? 0, image: '', imageID: '' }],
  },
});

describe('rolling update arithmetic', () => {
  // pkg/controller/deployment/util/deployment_util_test.go: TestResolveFenceposts
  test.each([
    ['0%', '0%', 0, 0, 1], ['39%', '39%', 10, 4, 3], ['50%', '50%', 10, 5, 5], ['100%', '100%', 10, 10, 10], [0, 0, 5, 0, 1], ['25%', '25%', 3, 1, 0], ['25%', '25%', 4, 1, 1], [2, 1, 10, 2, 1],
  ] as const)('maxSurge %s and maxUnavailable %s of %i are %i and %i', (surge, unavailable, desired, more, less) =>
    expect(fenceposts(surge, unavailable, desired)).toEqual({ surge: more, unavailable: less }));

  // rolling_test.go: TestDeploymentController_reconcileNewReplicaSet
  test.each([[10, 2, 10, 0, 2], [10, 5, 10, 0, 5], [10, 0, 10, 0, 0], [10, 2, 8, 2, 4], [10, 2, 0, 10, 10]])('wanted %i, surge %i, old %i, new %i: new becomes %i', (wanted, surge, old, fresh, result) =>
    expect(newReplicaSetSize(deployment(wanted, surge, 0), old + fresh, fresh)).toBe(result));

  // rolling_test.go: TestDeploymentController_reconcileOldReplicaSets
  test.each([
    { wanted: 10, unavailable: 0, old: 10, fresh: 0, available: 10, freshAvailable: 0, result: [9] },
    { wanted: 10, unavailable: 2, old: 10, fresh: 0, available: 10, freshAvailable: 0, result: [8] },
    { wanted: 10, unavailable: 2, old: 10, fresh: 0, available: 8, freshAvailable: 0, result: [8] },
    { wanted: 10, unavailable: 2, old: 10, fresh: 0, available: 9, freshAvailable: 0, result: [8] },
    { wanted: 10, unavailable: 2, old: 8, fresh: 2, available: 8, freshAvailable: 0, result: [] },
  ])('old shrinks: $wanted wanted, $unavailable may be missing, old $available of $old available, new $freshAvailable of $fresh', ({ wanted, unavailable, old, fresh, available, freshAvailable, result }) =>
    expect(shrinkOld(deployment(wanted, 0, unavailable), set('new', fresh, freshAvailable), [set('old', old, available)]).map(({ replicas }) => replicas)).toEqual(result));

  test('unhealthy old Pods go first, oldest ReplicaSet first', () => {
    const scales = shrinkOld(deployment(10, 0, 3), set('new', 0), [set('younger', 5, 5, { created: 9 }), set('older', 5, 4, { created: 2 })]);
    expect(scales.map(({ replicaSet, replicas }) => [replicaSet.metadata.name, replicas])).toEqual([['older', 2]]);
  });

  // sync_test.go: TestScale
  test.each([
    ['scales the only one', 12, [set('new', 10)], [12]],
    ['shares growth by size', 12, [set('new', 6, 6, { annotations: sizes(10), created: 3 }), set('old', 4, 4, { annotations: sizes(10) })], [7, 5]],
    ['shares shrinking by size', 5, [set('new', 6, 6, { annotations: sizes(10), created: 3 }), set('old', 4, 4, { annotations: sizes(10) })], [3, 2]],
    ['gives the rest to the largest', 20, [set('new', 5, 5, { annotations: sizes(10), created: 3 }), set('old', 3, 3, { annotations: sizes(10) }), set('older', 2, 2, { annotations: sizes(10) })], [10, 6, 4]],
  ] as const)('a change of size %s', (_, wanted, [fresh, ...old], result) =>
    expect(scaleProportionally(deployment(wanted, 0, 0), fresh, old as readonly ReplicaSet[]).map(({ replicas }) => replicas)).toEqual(result));
});

function sizes(replicas: number): Record<string, string> {
  return { 'deployment.kubernetes.io/desired-replicas': String(replicas), 'deployment.kubernetes.io/max-replicas': String(replicas) };
}

describe('revisions', () => {
  test('a new ReplicaSet carries the hash in its name, labels and selector, and the revision', () => {
    const made = makeReplicaSet(deployment(4, '25%', '25%'), 3n, 1);
    const hash = made.metadata.labels!['pod-template-hash']!;
    expect(made.metadata.name).toBe(`web-${hash}`);
    expect(made.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
    expect(made.metadata.annotations).toEqual({ [revisionAnnotation]: '3', 'deployment.kubernetes.io/desired-replicas': '4', 'deployment.kubernetes.io/max-replicas': '5' });
    expect(findNewReplicaSet(deployment(4, 1, 0), [set('old', 1), made])).toBe(made);
    expect(makeReplicaSet({ ...deployment(4, 1, 0), status: { collisionCount: 1 } }, 3n, 1).metadata.name).not.toBe(made.metadata.name);
  });

  test('going back to an old template gives its ReplicaSet a new revision and remembers the old one', () => {
    expect(newSetAnnotations(deployment(1, 1, 0), { [revisionAnnotation]: '1' }, 3n, true)).toEqual({ [revisionAnnotation]: '3', 'deployment.kubernetes.io/revision-history': '1' });
    const same = { [revisionAnnotation]: '3' };
    expect(newSetAnnotations(deployment(1, 1, 0), same, 3n, true)).toBe(same);
  });

  test('history beyond the limit goes, oldest revision first, if empty', () => {
    const old = [3, 1, 2].map((revision) => set(`r${revision}`, revision === 2 ? 1 : 0, 0, { annotations: { [revisionAnnotation]: String(revision) } }));
    expect(surplusHistory(deployment(1, 1, 0, { revisionHistoryLimit: 1 }), old).map(({ metadata }) => metadata.name)).toEqual(['r1']);
    expect(surplusHistory(deployment(1, 1, 0), old)).toEqual([]);
  });
});

describe('deployment status', () => {
  const told = (before: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[], atUs = now) =>
    rolloutStatus(before, fresh, [...old, fresh], atUs).conditions!.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
  test('progress, completion and a missed deadline', () => {
    const web = deployment(3, 1, 0);
    expect(told(web, set('new', 3, 0), [])).toEqual(['Available=False MinimumReplicasUnavailable', 'Progressing=True ReplicaSetUpdated']);
    expect(told(web, set('new', 3), [])).toEqual(['Available=True MinimumReplicasAvailable', 'Progressing=True NewReplicaSetAvailable']);
    const stuck: Deployment = { ...web, status: { replicas: 3, updatedReplicas: 3, conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', lastUpdateTime: formatTime(now - 601 * second) }] } };
    expect(told(stuck, set('new', 3, 0), [])).toEqual(['Available=False MinimumReplicasUnavailable', 'Progressing=False ProgressDeadlineExceeded']);
    expect(told(stuck, set('new', 3, 0), [], now - 2 * second)).toEqual(['Progressing=True ReplicaSetUpdated', 'Available=False MinimumReplicasUnavailable']);
  });
});

describe('replicas', () => {
  test.each([[3, 0, 3], [3, 5, -2], [3, 3, 0], [2_000, 0, 500], [0, 2_000, -500]])('wants %i, has %i: %i', (wanted, active, difference) => expect(replicaDifference(wanted, active)).toBe(difference));

  test('slow start doubles', () => {
    const batches: number[] = [];
    for (let done = 0, batch = 0; done < 10; done += batch) batches.push(batch = slowStartBatch(batch, 10 - done));
    expect(batches).toEqual([1, 2, 4, 3]);
  });

  test('expectations hold until the cache has caught up, or five minutes have passed', () => {
    const adding = expectCreations(noExpectations, 'a', 2, 0);
    expect([satisfied(noExpectations, 'a', 0), satisfied(adding, 'a', 1), satisfied(creationsObserved(adding, 'a'), 'a', 1), satisfied(creationsObserved(adding, 'a', 2), 'a', 1), satisfied(adding, 'a', 301 * second)])
      .toEqual([true, false, false, true, true]);
    const deleting = expectDeletions(noExpectations, 'a', ['x', 'y'], 0);
    const one = deletionObserved(deletionObserved(deleting, 'a', 'x'), 'a', 'x');
    expect([satisfied(one, 'a', 1), satisfied(deletionObserved(one, 'a', 'y'), 'a', 1)]).toEqual([false, true]);
  });

  // controller_utils_test.go: TestSortingActivePodsWithRanks, pair by pair: the first goes first.
  test.each([
    ['unassigned', pod('a'), pod('b', { node: 'n', phase: 'Pending' })],
    ['pending', pod('a', { node: 'n', phase: 'Pending' }), pod('b', { node: 'n' })],
    ['not ready', pod('a', { node: 'n' }), pod('b', { node: 'n', readyFor: 5 })],
    ['cheap', pod('a', { node: 'n', readyFor: 900, cost: '-5' }), pod('b', { node: 'n', readyFor: 5 })],
    ['doubled up', pod('a', { node: 'm', readyFor: 900 }), pod('b', { node: 'n', readyFor: 5 })],
    ['ready for a shorter time', pod('a', { node: 'n', readyFor: 5 }), pod('b', { node: 'n', readyFor: 900 })],
    ['restarted more', pod('a', { node: 'n', readyFor: 900, restarts: 3 }), pod('b', { node: 'n', readyFor: 900 })],
    ['younger', pod('a', { node: 'n', readyFor: 9, ageSeconds: 10 }), pod('b', { node: 'n', readyFor: 9, ageSeconds: 900 })],
    ['of the lower uid, when all else is alike', pod('a', { node: 'n', readyFor: 600, ageSeconds: 700 }), pod('b', { node: 'n', readyFor: 601, ageSeconds: 701 })],
  ])('the Pod that is %s goes first', (_, first, second_) => {
    const related = [first, second_, pod('c', { node: 'm' })];
    expect(podsToDelete([second_, first], related, 1, now).map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  test('the tally leaves out the dead and counts the leaving apart', () => {
    const replicaSet = { ...set('web', 4), spec: { ...set('web', 4).spec, minReadySeconds: 10, template } };
    const tally = tallyPods(replicaSet, [pod('a', { readyFor: 60 }), pod('b', { readyFor: 5 }), pod('c', { labels: {} }), pod('d', { phase: 'Failed' }), pod('e', { leaving: true, readyFor: 99 })], now);
    expect(replicaSetStatus(replicaSet, tally, undefined, now)).toEqual({ replicas: 3, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 1, terminatingReplicas: 1, observedGeneration: 1 });
    expect(replicaSetStatus(replicaSet, tally, 'no luck', now).conditions).toMatchObject([{ type: 'ReplicaFailure', reason: 'FailedCreate', message: 'no luck' }]);
  });
});

describe('a silent node', () => {
  const node = (status: 'True' | 'False' | 'Unknown', taints: readonly Taint[] = []): Node =>
    ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: { taints }, status: { conditions: [{ type: 'Ready', status, lastHeartbeatTime: 't0' }] } });
  const lease = (renewTime: string) => ({ apiVersion: 'coordination.k8s.io/v1' as const, kind: 'Lease' as const, metadata: { name: 'n' }, spec: { renewTime } });

  test('is one whose lease was not renewed for more than 50 s', () => {
    const first = observeNode(undefined, node('True'), lease('1'), 0);
    const renewed = observeNode(first, node('True'), lease('2'), 10 * second);
    expect(observeNode(renewed, node('True'), lease('2'), 15 * second)).toBe(renewed);
    expect([isSilent(node('True'), renewed, 60 * second), isSilent(node('True'), renewed, 60 * second + 1)]).toEqual([false, true]);
    expect(withUnknownConditions(node('True'), now)!.status!.conditions!.map(({ type, reason }) => `${type} ${reason}`))
      .toEqual(['Ready NodeStatusUnknown', 'MemoryPressure NodeStatusNeverUpdated', 'DiskPressure NodeStatusNeverUpdated', 'PIDPressure NodeStatusNeverUpdated']);
    expect(withUnknownConditions(node('Unknown'), now)).toBeUndefined();
  });

  test('is tainted, and loses the taint when it is back', () => {
    const taint = (key: string, effect: Taint['effect']): Taint => ({ key: `node.kubernetes.io/${key}`, effect });
    expect(noScheduleTaints(node('Unknown'), now)).toMatchObject([taint('unreachable', 'NoSchedule')]);
    expect(noScheduleTaints(node('True', [taint('not-ready', 'NoSchedule'), { key: 'mine', effect: 'NoSchedule' }]), now)).toEqual([{ key: 'mine', effect: 'NoSchedule' }]);
    expect(noScheduleTaints(node('False', [taint('not-ready', 'NoSchedule')]), now)).toBeUndefined();
    expect(swapNoExecute(node('Unknown', [taint('not-ready', 'NoExecute')]), 'node.kubernetes.io/unreachable', ['node.kubernetes.io/not-ready'], now)).toMatchObject([taint('unreachable', 'NoExecute')]);
    expect(swapNoExecute(node('True'), undefined, ['node.kubernetes.io/unreachable'], now)).toBeUndefined();
  });

  // node_lifecycle_controller_test.go: TestComputeZoneState thresholds
  test.each([[3, 0, 'Normal'], [0, 3, 'FullDisruption'], [2, 2, 'Normal'], [2, 3, 'PartialDisruption'], [3, 3, 'Normal']] as const)('%i ready and %i not: %s', (ready, not, state) => expect(zoneStateOf(ready, not)).toBe(state));
  test('eviction stops in small half-dead zones and slows in large ones', () =>
    expect([evictionIntervalUs('Normal', 5), evictionIntervalUs('PartialDisruption', 5), evictionIntervalUs('PartialDisruption', 51)]).toEqual([10 * second, undefined, 100 * second]));

  const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
  const tolerate = (tolerationSeconds?: number) => ({ key: unreachable.key, operator: 'Exists' as const, effect: 'NoExecute' as const, ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) });
  test.each([
    ['not at all without a toleration', [], 0], ['for the 300 s of the default toleration', [tolerate(300)], 300 * second], ['for ever without a limit', [tolerate()], 'forever'],
    ['not at all at 0 s', [tolerate(0)], 0], ['for ever with a toleration for everything', [{ operator: 'Exists' as const }], 'forever'],
  ] as const)('keeps a Pod %s', (_, tolerations, stay) => expect(stayUs(pod('a', { tolerations }), [unreachable])).toBe(stay));
});

describe('endpoint slices', () => {
  const ports = [{ name: '', protocol: 'TCP' as const, port: 80 }];
  const endpoint = (name: string, ready = true): Endpoint => ({ addresses: [`ip-${name}`], conditions: { ready, serving: ready, terminating: false }, targetRef: { kind: 'Pod', name, uid: name } });
  const names = (count: number, from = 0) => Array.from({ length: count }, (_, index) => endpoint(`p${from + index}`));
  const slice = (name: string, endpoints: readonly Endpoint[]): EndpointSlice => ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name }, addressType: 'IPv4', endpoints, ports });
  const plan = (endpoints: readonly Endpoint[], slices: readonly EndpointSlice[]) => told(planSlices([{ ports, endpoints }], slices));
  const told = ({ create, update, remove }: ReturnType<typeof planSlices>) => ({
    create: create.map(({ endpoints }) => endpoints!.length), update: update.map(({ metadata, endpoints }) => `${metadata.name} ${endpoints!.length}`), remove: remove.map(({ metadata }) => metadata.name),
  });

  test('are filled to a hundred, then made', () => expect(plan(names(250), [])).toEqual({ create: [100, 100, 50], update: [], remove: [] }));
  test('are left alone where nothing changes', () => expect(plan(names(3), [slice('a', names(3))])).toEqual({ create: [], update: [], remove: [] }));
  test('are reused by what comes new: the fullest that has room', () =>
    expect(plan(names(152), [slice('a', names(90)), slice('b', names(60, 90))])).toEqual({ create: [], update: ['a 92'], remove: [] }));
  test('are emptied, and the empty one deleted', () => expect(plan(names(2), [slice('a', names(2)), slice('b', names(1, 5))])).toEqual({ create: [], update: [], remove: ['b'] }));
  test('keep an empty one where there are no endpoints', () => {
    expect(told(planSlices([], []))).toEqual({ create: [0], update: [], remove: [] });
    expect(told(planSlices([], [slice('a', names(2))]))).toEqual({ create: [], update: ['a 0'], remove: [] });
    expect(told(planSlices([], [{ ...slice('a', []), ports: null }]))).toEqual({ create: [], update: [], remove: [] });
    expect(plan(names(2), [{ ...slice('a', []), ports: null }])).toEqual({ create: [], update: ['a 2'], remove: [] });
  });

  test('planned from the changes alone come out the same as planned from all', () => {
    const slices = [slice('a', names(100)), slice('b', names(40, 100))];
    const gone = { ...slices[0]!.endpoints![3]! };
    const all = [...names(140).filter(({ targetRef }) => targetRef!.uid !== 'p3' && targetRef!.uid !== 'p7'), endpoint('p7', false), endpoint('new')];
    const some = planChanges(new Map<string, Endpoint | undefined>([[gone.targetRef!.uid!, undefined], ['p7', endpoint('p7', false)], ['new', endpoint('new')], ['p9', endpoint('p9')]]), ports, slices)!;
    expect(told(some)).toEqual(plan(all, slices));
    expect(told(some)).toEqual({ create: [], update: ['a 100'], remove: [] });
    expect(some.update[0]!.endpoints!.find(({ targetRef }) => targetRef!.uid === 'p7')!.conditions!.ready).toBe(false);
    expect(planChanges(new Map([['p0', undefined]]), ports, [slice('a', names(1))])).toBeUndefined();
  });

  test('say ready, serving and terminating', () => {
    const service: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: {} };
    const of = (candidate: Pod, publishNotReadyAddresses = false) => podToEndpoint(candidate, { ...service, spec: { publishNotReadyAddresses } }, undefined).conditions;
    expect(of(pod('a', { ip: '1', readyFor: 1 }))).toEqual({ ready: true, serving: true, terminating: false });
    expect(of(pod('a', { ip: '1', readyFor: 1, leaving: true }))).toEqual({ ready: false, serving: true, terminating: true });
    expect(of(pod('a', { ip: '1' }))).toEqual({ ready: false, serving: false, terminating: false });
    expect(of(pod('a', { ip: '1' }), true)!.ready).toBe(true);
  });
});
