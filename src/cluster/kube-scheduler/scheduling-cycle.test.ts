import { describe, expect, test } from 'vitest';
import type { Node, Pod } from '../../kubernetes/api/index.ts';
import { fitErrorMessage, postFilterMessage } from './fit-error.ts';
import { podInfo } from './pod-info.ts';
import { assumePod, confirmPod, emptyCache, nodeNamed, putNode, removeNode, removePod, type SchedulerCache } from './scheduler-cache.ts';
import { numFeasibleNodesToFind, schedulePod } from './scheduling-cycle.ts';
import { controlPlaneTaint, makeNode, makePod } from './test-objects.ts';

const first = () => 0;
const clusterOf = (...nodes: Node[]): SchedulerCache => nodes.reduce(putNode, emptyCache);
const controlPlane = makeNode('control-plane-1', { taints: [controlPlaneTaint] });
const decide = (pod: Pod, cache: SchedulerCache, start = 0, pick: (bound: number) => number = first) => schedulePod(podInfo(pod), cache, start, pick);
const message = (pod: Pod, cache: SchedulerCache) => {
  const decision = decide(pod, cache);
  return decision.kind === 'fits' ? `fits ${decision.nodeName}` : decision.message;
};

describe('what a Pod that fits nowhere is told', () => {
  const full = (name: string) => assumePod(clusterOf(makeNode(name)), podInfo(makePod('big', { cpu: '4' })), name).nodes.get(0)!;
  const busy = [1, 2, 3].reduce((cache, i) => assumePod(cache, podInfo(makePod(`big-${i}`, { cpu: '3500m' })), `worker-${i}`),
    clusterOf(controlPlane, makeNode('worker-1'), makeNode('worker-2'), makeNode('worker-3')));
  test.each<[string, Pod, SchedulerCache, string]>([
    ['busy nodes', makePod('p', { cpu: '1' }), busy,
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: 1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.'],
    ['more than any node has', makePod('p', { cpu: '64' }), busy,
      '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.'],
    ['two resources at once', makePod('p', { cpu: '1', memory: '9Gi' }), clusterOf(makeNode('a', { cpu: '500m' })),
      '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'],
    ['no node matches', makePod('p', {}, { nodeSelector: { disk: 'ssd' } }), clusterOf(makeNode('a'), makeNode('b')),
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."],
    ['cordoned', makePod('p'), clusterOf(makeNode('a', { unschedulable: true })),
      '0/1 nodes are available: 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'],
    ['too many Pods', makePod('p'), assumePod(clusterOf(makeNode('a', { pods: '1' })), podInfo(makePod('q')), 'a'),
      '0/1 nodes are available: 1 Too many pods. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'],
    ['it may not preempt', makePod('p', { cpu: '5' }, { preemptionPolicy: 'Never' }), clusterOf(makeNode('a')),
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.'],
    ['no nodes at all', makePod('p'), emptyCache, 'no nodes available to schedule pods'],
    ['a DaemonSet Pod on a node that is tainted', makePod('p', {}, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['control-plane-1'] }] }] } } } }), busy,
      "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."],
  ])('%s', (_title, pod, cache, expected) => { expect(message(pod, cache)).toBe(expected); });

  test('reasons stand in the order of their text, so 10 comes before 9', () => {
    expect(fitErrorMessage({ nodes: 19, reasons: new Map([['Insufficient memory', 9], ['Insufficient cpu', 10]]) }))
      .toBe('0/19 nodes are available: 10 Insufficient cpu, 9 Insufficient memory.');
  });
  test('PreFilter speaks for all nodes at once', () => {
    expect(fitErrorMessage({ nodes: 3, reasons: new Map(), preFilterMessage: 'pod has unbound immediate PersistentVolumeClaims', postFilterMessage: postFilterMessage({ nodes: 3, helpful: 0, reasons: new Map() }) }))
      .toBe('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.');
  });
  test('the node that is full says so', () => { expect(full('a').requested.cpuMillis).toBe(4000); });
});

describe('which node is chosen', () => {
  test('the only one that fits is taken without scoring', () => {
    const decision = decide(makePod('p'), clusterOf(controlPlane, makeNode('worker-1')));
    expect(decision).toMatchObject({ kind: 'fits', nodeName: 'worker-1', feasible: 1, evaluated: 2 });
  });
  test('the emptiest wins', () => {
    const cache = assumePod(clusterOf(makeNode('a'), makeNode('b')), podInfo(makePod('q', { cpu: '2', memory: '4Gi' })), 'a');
    expect(decide(makePod('p', { cpu: '1', memory: '2Gi' }), cache)).toMatchObject({ kind: 'fits', nodeName: 'b', feasible: 2 });
  });
  test('of equals chance takes one', () => {
    const cache = clusterOf(makeNode('a'), makeNode('b'), makeNode('c'));
    const bounds: number[] = [];
    const decision = decide(makePod('p'), cache, 0, (bound) => { bounds.push(bound); return bound - 1; });
    expect(bounds).toEqual([3]);
    expect(decision).toMatchObject({ nodeName: 'c' });
  });
  test('PreferNoSchedule taints and preferred affinity count, weighted', () => {
    const avoided = makeNode('a', { taints: [{ key: 'slow', effect: 'PreferNoSchedule' }] });
    expect(decide(makePod('p'), clusterOf(avoided, makeNode('b')))).toMatchObject({ nodeName: 'b' });
    const wish = makePod('p', {}, { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z1'] }] } }] } } });
    const decision = decide(wish, clusterOf(makeNode('b'), makeNode('c', { labels: { zone: 'z1' } })));
    expect(decision).toMatchObject({ nodeName: 'c' });
    if (decision.kind !== 'fits') throw new Error('it fits');
    expect(decision.table.scorePlugins).toEqual(['TaintToleration', 'NodeAffinity', 'NodeResourcesFit', 'ImageLocality']);
    expect(decision.table).toMatchObject({ chosen: 'c', filterPlugins: ['NodeUnschedulable', 'TaintToleration', 'NodeResourcesFit'], excluded: 0 });
    // 300 for taints, 200 for the wish, and least allocated: (97 of 100 cpu + 97 of 100 memory) / 2.
    expect(decision.table.nodes).toEqual([
      { node: 'b', raw: [0, 0, 97, 0], scores: [300, 0, 97, 0], total: 397 }, { node: 'c', raw: [0, 5, 97, 0], scores: [300, 200, 97, 0], total: 597 },
    ]);
  });
  test('balanced allocation: 75 where nothing changes, less where the Pod tips the node over', () => {
    const decision = decide(makePod('p', { cpu: '2' }), clusterOf(makeNode('a'), makeNode('b')));
    if (decision.kind !== 'fits') throw new Error('it fits');
    // Half of the cpu and none of the memory: deviation 0.25 instead of 0.
    expect(decision.table.nodes[0]!.scores![2]).toBe(62);
  });
  test('the image that is there already helps', () => {
    const image = { names: ['nginx:latest'], sizeBytes: 500 * 1024 * 1024 };
    const has = { ...makeNode('b'), status: { ...makeNode('b').status, images: [image] } };
    const decision = decide(makePod('p'), clusterOf(makeNode('a'), has));
    expect(decision).toMatchObject({ nodeName: 'b' });
    if (decision.kind !== 'fits') throw new Error('it fits');
    // 500 MB on one of two nodes count as 250: (250 − 23) of (1000 − 23).
    expect(decision.table.nodes[1]!.scores![2]).toBe(23);
  });
});

describe('sampling', () => {
  test.each([[3, 3], [99, 99], [100, 100], [250, 120], [1000, 420], [5000, 500], [6000, 300], [10_000, 500]])('%i nodes: %i that fit are enough', (nodes, enough) => {
    expect(numFeasibleNodesToFind(nodes)).toBe(enough);
  });
  test('the next search begins where the last one ended', () => {
    const cache = clusterOf(...Array.from({ length: 150 }, (_, i) => makeNode(`n${i}`)));
    const one = decide(makePod('p'), cache, 0);
    expect(one).toMatchObject({ evaluated: 100, nextStart: 100 });
    const two = decide(makePod('p'), cache, one.nextStart);
    expect(two).toMatchObject({ nextStart: 50 });
    if (two.kind !== 'fits') throw new Error('it fits');
    expect(two.table.nodes[0]!.node).toBe('n100');
    expect(two.table.nodes).toHaveLength(20);
    expect(two.table.moreNodes).toBe(80);
  });
});

describe('plugins', () => {
  const tolerated = makePod('p', {}, { tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] });
  const port = (hostPort: number, hostIP?: string) => makePod(`p${hostPort}${hostIP ?? ''}`, {}, { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, ...(hostIP === undefined ? {} : { hostIP }) }] }] });
  const withPort = (taken: Pod) => assumePod(clusterOf(makeNode('a')), podInfo(taken), 'a');
  const affinity = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt', values?: string[]) =>
    makePod('p', {}, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'size', operator, ...(values === undefined ? {} : { values }) }] }] } } } });
  const sized = clusterOf(makeNode('a', { labels: { size: '5' } }));
  test.each<[string, Pod, SchedulerCache, boolean]>([
    ['a toleration opens a tainted node', tolerated, clusterOf(controlPlane), true],
    ['a toleration of another value does not', makePod('p', {}, { tolerations: [{ key: 'node-role.kubernetes.io/control-plane', value: 'x' }] }), clusterOf(controlPlane), false],
    ['cordoned, but tolerated', makePod('p', {}, { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }] }), clusterOf(makeNode('a', { unschedulable: true })), true],
    ['the port is taken', port(8080), withPort(port(8080)), false],
    ['taken on one address, wanted on all', port(8080), withPort(port(8080, '10.0.0.1')), false],
    ['taken on another address', port(8080, '10.0.0.2'), withPort(port(8080, '10.0.0.1')), true],
    ['another port', port(8081), withPort(port(8080)), true],
    ['In', affinity('In', ['4', '5']), sized, true],
    ['NotIn', affinity('NotIn', ['5']), sized, false],
    ['Exists', affinity('Exists'), sized, true],
    ['DoesNotExist', affinity('DoesNotExist'), sized, false],
    ['Gt', affinity('Gt', ['4']), sized, true],
    ['Lt', affinity('Lt', ['5']), sized, false],
    ['an empty term matches nothing', makePod('p', {}, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } } }), sized, false],
    ['extended resource that the node lacks', makePod('p', { 'nvidia.com/gpu': '1' }), sized, false],
    ['exactly what is left', makePod('p', { cpu: '4', memory: '8Gi' }), clusterOf(makeNode('a')), true],
  ])('%s', (_title, pod, cache, fits) => { expect(decide(pod, cache).kind).toBe(fits ? 'fits' : 'unschedulable'); });

  test('initialisation counts where it is hungrier; a sidecar counts all along', () => {
    const pod = makePod('p', { cpu: '1' }, {
      initContainers: [
        { name: 'sidecar', restartPolicy: 'Always', resources: { requests: { cpu: '200m' } } },
        { name: 'migrate', resources: { requests: { cpu: '2', memory: '1Gi' } } },
      ],
    });
    const { requests, nonZeroCpuMillis, nonZeroMemoryBytes } = podInfo(pod);
    expect(requests).toMatchObject({ cpuMillis: 2200, memoryBytes: 1024 ** 3 });
    expect(nonZeroCpuMillis).toBe(2200);
    expect(nonZeroMemoryBytes).toBe(1024 ** 3 + 200 * 1024 ** 2);
  });
});

describe('the cache', () => {
  const pod = { ...makePod('p', { cpu: '1' }), spec: { ...makePod('p', { cpu: '1' }).spec, nodeName: 'a' } };
  test('assume, confirm, and remove leave the sums right', () => {
    const assumed = assumePod(clusterOf(makeNode('a'), makeNode('b')), podInfo(pod), 'a');
    const confirmed = confirmPod(assumed, pod);
    expect([nodeNamed(assumed, 'a')!.requested.cpuMillis, nodeNamed(confirmed, 'a')!.requested.cpuMillis, confirmed.pods.get('default/p')!.assumed]).toEqual([1000, 1000, false]);
    expect(nodeNamed(removePod(confirmed, 'default/p'), 'a')).toMatchObject({ podCount: 0, requested: { cpuMillis: 0 } });
  });
  test('a Pod that landed elsewhere than assumed is moved', () => {
    const moved = confirmPod(assumePod(clusterOf(makeNode('a'), makeNode('b')), podInfo(pod), 'b'), pod);
    expect([nodeNamed(moved, 'a')!.podCount, nodeNamed(moved, 'b')!.podCount]).toEqual([1, 0]);
  });
  test('Pods heard of before their node, and after it went, are counted', () => {
    const early = putNode(confirmPod(emptyCache, pod), makeNode('a'));
    expect(nodeNamed(early, 'a')!.requested.cpuMillis).toBe(1000);
    const gone = removeNode(putNode(early, makeNode('b')), 'a');
    expect([nodeNamed(gone, 'a'), nodeNamed(gone, 'b')!.name, gone.ghosts.size]).toEqual([undefined, 'b', 1]);
    expect(nodeNamed(putNode(gone, makeNode('a')), 'a')!.requested.cpuMillis).toBe(1000);
    expect(removePod(gone, 'default/p').ghosts.size).toBe(0);
  });
});

describe('a Pod that is resized', () => {
  const asks = (cpu: string) => ({ requests: { cpu, memory: '64Mi' } });
  const resized = (wanted: string, allocated: string, has: string, ...conditions: object[]): Pod => {
    const pod = makePod('p');
    return {
      ...pod, metadata: { ...pod.metadata, generation: 2 }, spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0]!, resources: asks(wanted) }] },
      status: { ...pod.status, conditions, containerStatuses: [{ name: pod.spec.containers[0]!.name, ready: true, restartCount: 0, image: '', imageID: '', allocatedResources: asks(allocated).requests, resources: asks(has) }] },
    } as Pod;
  };
  test.each([
    ['grows: what it asks for', resized('2', '1', '1'), 2_000],
    ['shrinks: what it still has', resized('1', '1', '2'), 2_000],
    ['was resized', resized('1', '1', '1'), 1_000],
    ['can never grow so much here', resized('100', '1', '1', { type: 'PodResizePending', status: 'True', reason: 'Infeasible' }), 1_000],
    ['waits', resized('3', '1', '1', { type: 'PodResizePending', status: 'True', reason: 'Deferred' }), 3_000],
  ])('%s', (_what, pod, cpuMillis) => expect(podInfo(pod).requests.cpuMillis).toBe(cpuMillis));
});
