import { List, PMap } from '../../simulation/collections/index.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import '../../cluster/with-manifests.ts';
import { programs } from '../../cluster/registry.ts';
import { createClient } from '../../kubernetes/client-go/index.ts';
import { World } from '../../simulation/world.ts';
import { bootstrap } from '../cluster-view.ts';
import { applyObjects } from '../kubectl-input.ts';
import { apiServerAddress, topology, worldSpec } from '../topologies/index.ts';
import { deployment, service } from '../workloads/manifests.ts';
import { acknowledgedWritesStay } from './acknowledged-writes-stay.ts';
import { boundPodNeverChangesNode } from './bound-pod-never-changes-node.ts';
import type { CheckerRun } from './checker.ts';
import { componentsKeepToTheirRules } from './components-keep-to-their-rules.ts';
import { membersAgree } from './members-agree.ts';
import { noNodeOverCommitted } from './no-node-over-committed-by-the-scheduler.ts';
import { podsNeverShareAnIp } from './pods-never-share-an-ip.ts';
import { checkers } from './registry.ts';
import { replicasConverge } from './replicas-converge.ts';
import { resourceVersionOnlyGrows } from './resource-version-only-grows.ts';
import { watchersAgreeWithEtcd } from './watchers-agree-with-etcd.ts';

const noWorld = { process: () => ({ incarnation: 0 }) } as unknown as World;

/** etcd after so many writes, one state per write. */
function etcdStates(...writes: readonly (readonly [key: string, value: unknown])[]): readonly unknown[] {
  const log = writes.map(([key, value], index) => ({ type: value === undefined ? 'DELETE' : 'PUT', kv: { key, value, modRevision: index + 2 } }));
  return log.map((_, index) => ({ store: { revision: index + 2, log: { size: index + 1, get: (at: number) => log[at] } } }));
}
const stepThrough = (run: CheckerRun, address: string, program: string, states: readonly unknown[]): readonly (string | undefined)[] => states.map((state) => run.afterStep!(address, program, state));

test('each checker has a name of its own', () => expect(new Set(checkers.map(({ name }) => name)).size).toBe(checkers.length));

describe('pods-never-share-an-ip', () => {
  const runtime = (...rows: readonly (readonly [id: string, ip: string, state?: string])[]) => ({
    sandboxes: PMap(rows.map(([id, ip, state = 'SANDBOX_READY']) => [id, { shown: { id, ip, state, metadata: { namespace: 'default', name: id } }, hostNetwork: false }])),
  });
  test.each([
    ['two nodes, one address', [['a/containerd', runtime(['x', '10.0.0.2'])], ['b/containerd', runtime(['y', '10.0.0.2'])]], 'default/y on b/containerd and default/x on a/containerd both have the address 10.0.0.2'],
    ['one node, one address twice', [['a/containerd', runtime(['x', '10.0.0.2'], ['y', '10.0.0.2'])]], 'default/y on a/containerd and default/x on a/containerd both have the address 10.0.0.2'],
    ['an address given on when the first is dead', [['a/containerd', runtime(['x', '10.0.0.2'])], ['a/containerd', runtime(['x', '10.0.0.2', 'SANDBOX_NOTREADY'], ['y', '10.0.0.2'])]], undefined],
  ] as const)('%s', (_what, steps, expected) => {
    const run = podsNeverShareAnIp.begin(noWorld);
    expect(steps.map(([address, state]) => run.afterStep!(address, 'containerd', state)).at(-1)).toBe(expected);
  });
});

const podOn = (nodeName: string | undefined, uid = 'u', cpu = '100m') => ({ kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid }, spec: { nodeName, containers: [{ name: 'c', resources: { requests: { cpu } } }] } });
const podKey = '/registry/pods/default/web';

describe('bound-pod-never-changes-node', () => {
  test.each([
    ['bound once', [podOn(undefined), podOn('a'), podOn('a')], undefined],
    ['bound twice', [podOn('a'), podOn('b')], 'Pod default/web was bound to a and is now on b'],
    ['unbound', [podOn('a'), podOn(undefined)], 'Pod default/web was bound to a and is now on no node'],
    ['another Pod of the same name', [podOn('a'), podOn('b', 'v')], undefined],
  ])('%s', (_what, pods, expected) => expect(stepThrough(boundPodNeverChangesNode.begin(noWorld), 'e', 'etcd', etcdStates(...pods.map((pod) => [podKey, pod] as const))).at(-1)).toBe(expected));
});

describe('no-node-over-committed-by-the-scheduler', () => {
  const node = { metadata: { name: 'a' }, status: { allocatable: { cpu: '1', memory: '1Gi', pods: '2' } } };
  const outcome = (...writes: readonly (readonly [string, unknown])[]) => stepThrough(noNodeOverCommitted.begin(noWorld), 'e', 'etcd', etcdStates(['/registry/minions/a', node], ...writes)).find((sentence) => sentence !== undefined);
  const key = (n: number): string => `${podKey}-${n}`;
  test('what fits is fine', () => expect(outcome([key(1), podOn('a', 'u', '600m')], [key(2), podOn('a', 'v', '400m')])).toBeUndefined());
  test('too much cpu', () => expect(outcome([key(1), podOn('a', 'u', '600m')], [key(2), podOn('a', 'v', '500m')])).toMatch(/has 2 Pods asking for 1100m cpu/));
  test('too many Pods', () => expect(outcome([key(1), podOn('a', 'u')], [key(2), podOn('a', 'v')], [key(3), podOn('a', 'w')])).toMatch(/has 3 Pods/));
  test('room is given back', () => expect(outcome([key(1), podOn('a', 'u', '600m')], [key(1), undefined], [key(2), podOn('a', 'v', '500m')])).toBeUndefined());
});

describe('resource-version-only-grows', () => {
  const client = (resourceVersion: string) => {
    const made = createClient({ apiServer: apiServerAddress, user: 'u', userAgent: 'a', qps: 5, burst: 10, informers: [{ group: '', version: 'v1', resource: 'pods' }] });
    return { client: { ...made, informers: made.informers.map((informer) => ({ ...informer, resourceVersion })) } };
  };
  test('etcd goes back', () => expect(stepThrough(resourceVersionOnlyGrows.begin(noWorld), 'e', 'etcd', [{ store: { revision: 5 } }, { store: { revision: 4 } }])).toEqual([undefined, 'etcd at e went from revision 5 back to 4']));
  test('an informer goes back', () => expect(stepThrough(resourceVersionOnlyGrows.begin(noWorld), 'x/kubelet', 'kubelet', [client('9'), client('12'), client('11')])).toEqual([undefined, undefined, 'x/kubelet knew pods up to 12 and is back at 11']));
});

describe('components-keep-to-their-rules', () => {
  const asked = { body: { user: 'system:kube-scheduler', verb: 'delete', resource: 'namespaces', group: '' } };
  test.each([
    ['nobody waits', [], undefined],
    ['somebody asks for more', [asked], 'system:kube-scheduler asks e to delete namespaces of the group "", which no role of every cluster allows'],
  ])('%s', (_what, awaitingPolicy, expected) => expect(componentsKeepToTheirRules.begin(noWorld).afterStep!('e', 'kube-apiserver', { awaitingPolicy })).toBe(expected));
});

describe('members-agree', () => {
  type Entry = readonly [term: number, id: string];
  /** A member that has committed and applied all that its log has, unless said otherwise. */
  const member = (entries: readonly Entry[], { role = 'follower', term = 1, commit, applied, revision }: { readonly role?: string; readonly term?: number; readonly commit?: number; readonly applied?: number; readonly revision?: number } = {}) => ({
    store: { revision: revision ?? (applied ?? commit ?? entries.length) + 1 }, raft: { role, term, commit: commit ?? entries.length, applied: applied ?? commit ?? entries.length, peers: ['b'], log: { offset: 0, entries: List(entries.map(([of, id], index) => ({ index: index + 1, term: of, id }))) } },
  });
  const first: Entry = [1, 'w1'];
  test.each<[string, readonly (readonly [address: string, state: unknown])[], string | undefined]>([
    ['one leads after the other', [['a', member([], { role: 'leader', term: 1 })], ['b', member([], { role: 'leader', term: 2 })]], undefined],
    ['two lead in one term', [['a', member([], { role: 'leader', term: 2 })], ['b', member([], { role: 'leader', term: 2 })]], 'a and b both lead in term 2'],
    ['both have the same', [['a', member([first, [1, 'w2']])], ['b', member([first])], ['b', member([first, [1, 'w2']])]], undefined],
    ['what is not committed may differ', [['a', member([first, [1, 'w2']])], ['b', member([first, [2, 'w3']], { commit: 1 })]], undefined],
    ['another write in a committed place', [['a', member([first, [1, 'w2']])], ['b', member([first, [2, 'w3']])]], 'entry 2 was committed as w2 of term 1; at b it is w3 of term 2'],
    ['what was committed is not any more', [['a', member([first, [1, 'w2']])], ['a', member([first])]], 'a had committed entry 2 and is back at 1'],
    ['the same entries lead to another revision', [['a', member([first])], ['b', member([first], { revision: 3 })]], 'after entry 1 one member is at revision 2, b at 3'],
  ])('%s', (_what, steps, expected) => {
    const run = membersAgree.begin(noWorld);
    expect(steps.map(([address, state]) => run.afterStep!(address, 'etcd', state)).find((sentence) => sentence !== undefined)).toBe(expected);
  });
  test.each([
    ['all have applied the same', 2, undefined],
    ['one lags behind for ever', 1, 'a has applied 2 entries, b 1'],
  ])('at rest: %s', (_what, applied, expected) => {
    const states = { a: member([first, first]), b: member([first, first], { applied }) };
    const world = { processes: () => Object.entries(states).map(([address, state]) => ({ address, host: address, program: 'etcd', running: true, snapshot: { state } })), isCutOff: () => false };
    expect(membersAgree.begin(world as unknown as World).atEnd!()).toBe(expected);
  });
});

describe('acknowledged-writes-stay', () => {
  /** A world in which etcd has told clients of writes, as pairs of key and revision, and has come to these states. */
  const broken = (told: readonly (readonly [key: string, revision: number])[], states: readonly unknown[]): World => {
    const records = told.flatMap(([key, revision], index) => [
      { what: 'message', type: 'etcd.Txn', conversation: index * 2, body: { compare: [], success: [{ op: 'put', key }], failure: [] } },
      { what: 'message', type: 'etcd.TxnResponse', conversation: index * 2, body: { succeeded: true, revision, responses: [{}] } },
    ]);
    return { recorded: records.length, record: (id: number) => records[id], spec: { processes: [{ address: 'e', program: 'etcd' }] }, process: () => ({ snapshot: { state: states.at(-1) } }) } as unknown as World;
  };
  const written = etcdStates(['/a', 1], ['/b', 1]);
  test.each([
    ['both are there', [['/a', 2], ['/b', 3]] as const, undefined],
    ['another key was written then', [['/a', 2], ['/c', 3]] as const, 'a write of /c was acknowledged at revision 3, where /b was written'],
    ['nothing was written then', [['/a', 2], ['/c', 9]] as const, 'a write of /c was acknowledged at revision 9, which no member has'],
  ])('%s', (_what, told, expected) => expect(stepThrough(acknowledgedWritesStay.begin(broken(told, written)), 'e', 'etcd', [written.at(-1)]).at(-1)).toBe(expected));
  test.each([
    ['what was there is there', written, undefined],
    ['what was there is lost', [...written, etcdStates(['/a', 1])[0]], 'etcd is at revision 2, but revision 3 was there'],
  ])('at rest: %s', (_what, states, expected) => {
    const run = acknowledgedWritesStay.begin(broken([], states));
    stepThrough(run, 'e', 'etcd', written);
    expect(run.atEnd!()).toBe(expected);
  });
});

describe('at rest', () => {
  let world: World;
  beforeAll(() => {
    world = new World(worldSpec(topology('single-node'), 1), programs);
    bootstrap(world);
    world.dispatch(applyObjects('a', [deployment('web', 2, { image: 'nginx:1.27' }), service('web')]));
    world.runUntil(world.nowUs + 20_000_000);
  });
  /** The same world with one process's state changed. */
  const altered = (address: string, change: (state: never) => unknown): World => Object.assign(Object.create(world) as World, {
    processes: () => world.processes().map((process) => (process.address === address ? { ...process, snapshot: { value: '', state: change(process.snapshot!.state as never) } } : process)),
    process: (name: string) => { const process = world.process(name)!; return name === address ? { ...process, snapshot: { value: '', state: change(process.snapshot!.state as never) } } : process; },
  });
  type EtcdLike = { store: { directories: PMap<string, PMap<string, { value: { status?: object; spec?: object } }>> } };
  const withoutKey = (directory: string) => (state: EtcdLike) => ({ ...state, store: { ...state.store, directories: state.store.directories.set(directory, state.store.directories.get(directory)!.delete([...state.store.directories.get(directory)!.keys()][0]!)) } });

  test('a healthy world passes', () => expect([watchersAgreeWithEtcd, replicasConverge].map((checker) => checker.begin(world).atEnd!())).toEqual([undefined, undefined]));
  test('a watcher that knows too much', () => expect(watchersAgreeWithEtcd.begin(altered('control-plane-1/etcd', withoutKey('/registry/pods/') as never)).atEnd!()).toMatch(/still knows pods default\/web-.*, which etcd does not have/));
  test('a watcher that missed something', () => {
    const forget = (state: { client: { informers: readonly { spec: { resource: string }; store: never }[] } }) => ({
      ...state, client: { ...state.client, informers: state.client.informers.map((informer) => (informer.spec.resource === 'pods' ? { ...informer, store: { objects: PMap(), indices: [] } } : informer)) },
    });
    expect(watchersAgreeWithEtcd.begin(altered('control-plane-1/kube-scheduler', forget as never)).atEnd!()).toMatch(/kube-scheduler has not heard of pods default\/web-/);
  });
  test('a Pod too few', () => expect(replicasConverge.begin(altered('control-plane-1/etcd', withoutKey('/registry/pods/') as never)).atEnd!()).toMatch(/ReplicaSet default\/web-.* wants 2 Pods and has 1/));
  test('a Ready Pod of which nothing runs', () => expect(replicasConverge.begin(altered('control-plane-1/containerd', ((state: object) => ({ ...state, sandboxes: PMap() })) as never)).atEnd!()).toMatch(/^Pod default\/web-.* is Ready, but nothing runs for it on control-plane-1$/));
  test('endpoints that lead nowhere', () => expect(replicasConverge.begin(altered('control-plane-1/etcd', ((state: EtcdLike) => ({ ...state, store: { ...state.store, directories: state.store.directories.delete('/registry/endpointslices/') } })) as never)).atEnd!()).toMatch(/^Service default\/web should lead to 10\..* and leads to nobody$/));
});
