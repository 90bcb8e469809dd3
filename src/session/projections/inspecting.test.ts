import { beforeAll, describe, expect, test } from 'vitest';
import { pod, second, SmallWorld, web } from '../testing/small-world.ts';
import { fieldChanges } from './field-changes.ts';

describe('what changed between two objects', () => {
  test.each<[string, unknown, unknown, readonly unknown[]]>([
    ['a value', { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, [{ path: 'spec.replicas', before: 1, after: 2 }]],
    ['something new and something gone', { a: 1 }, { b: 2 }, [{ path: 'b', after: 2 }, { path: 'a', before: 1 }]],
    ['a named item among others', { c: [{ type: 'A', v: 1 }, { type: 'B', v: 1 }] }, { c: [{ type: 'B', v: 2 }, { type: 'A', v: 1 }] }, [{ path: 'c[B].v', before: 1, after: 2 }]],
    ['an item that came', { c: [{ name: 'x' }] }, { c: [{ name: 'x' }, { name: 'y' }] }, [{ path: 'c[y]', after: { name: 'y' } }]],
    ['a list of plain values that grew', { f: ['a'] }, { f: ['a', 'b'] }, [{ path: 'f', before: ['a'], after: ['a', 'b'] }]],
    ['a label with a slash', { l: { 'app.k8s.io/x': '1' } }, { l: { 'app.k8s.io/x': '2' } }, [{ path: 'l[app.k8s.io/x]', before: '1', after: '2' }]],
    ['bookkeeping is no news', { metadata: { managedFields: [1] } }, { metadata: { managedFields: [2] } }, []],
  ])('%s', (_, before, after, changes) => expect(fieldChanges(before, after)).toEqual(changes));
});

describe('in a world of three nodes', () => {
  const world = new SmallWorld();
  let name = '';
  const members = (kind: string, of: string) => world.ask({ type: 'family', kind, namespace: 'default', name: of }).members;
  beforeAll(() => {
    world.apply(web(2));
    name = members('Deployment', 'web').find(({ kind }) => kind === 'Pod')!.name;
  });

  describe('the history of an object', () => {
    const history = (kind: string, of: string, apiVersion = 'v1', open?: number) => world.ask({ type: 'history', apiVersion, kind, namespace: 'default', name: of, ...(open !== undefined && { open }) });

    test('each write of a Pod, by whom, newest first', () => {
      expect(history('Pod', name).revisions.map(({ what, writer, request }) => [what, writer.replace(/\d$/, 'N'), request.replace(name, 'NAME')])).toEqual([
        ['changed', 'kubelet on worker-N', 'PATCH /api/v1/namespaces/default/pods/NAME/status'],
        ['changed', 'kubelet on worker-N', 'PATCH /api/v1/namespaces/default/pods/NAME/status'],
        ['changed', 'kube-scheduler', 'POST /api/v1/namespaces/default/pods/NAME/binding'],
        ['created', 'replicaset-controller', 'POST /api/v1/namespaces/default/pods'],
      ]);
    });
    test('what a write changed, and the objects at both sides of it', () => {
      const bound = history('Pod', name).revisions[2]!;
      expect(bound.changes[0]).toEqual({ path: 'spec.nodeName', after: expect.stringMatching(/^worker-/) });
      const { open } = history('Pod', name, 'v1', bound.revision);
      expect(open!.before).not.toHaveProperty('spec.nodeName');
      expect(open!.after).toHaveProperty('spec.nodeName', bound.changes[0]!.after);
    });
    test('an object deleted and made again: another uid, one history, also after compaction', () => {
      world.apply(pod('again', '100m'));
      world.do({ type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'again' });
      world.pass(60 * second);
      expect(history('Pod', 'again').revisions[0]).toMatchObject({ what: 'deleted', writer: expect.stringMatching(/^kubelet on/) });
      world.apply(pod('again', '100m'));
      const before = history('Pod', 'again');
      expect(before.revisions.filter(({ what }) => what === 'created').map(({ uid }) => uid)).toHaveLength(2);
      expect(new Set(before.revisions.map(({ uid }) => uid)).size).toBe(2);
      world.pass(660 * second);
      const after = history('Pod', 'again');
      expect(after.compactedRevision).toBeGreaterThan(before.revisions.at(-1)!.revision);
      expect(after.revisions).toEqual(before.revisions);
    });
    test('what no request wrote says so', () => {
      expect(world.ask({ type: 'history', apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'default' }).revisions).toMatchObject([{ what: 'created', writer: 'kube-apiserver, of itself', request: '' }]);
    });
  });

  describe('the scheduler', () => {
    test('shows its arithmetic', () => {
      const { attempts: [attempt] } = world.ask({ type: 'scheduling', namespace: 'default', name });
      expect(attempt!.message).toMatch(/goes to worker-\d: 3 of 4 nodes fit$/);
      expect(attempt!.filters.filter(({ asked }) => asked).map(({ plugin }) => plugin)).toEqual(['NodeUnschedulable', 'TaintToleration', 'NodeResourcesFit']);
      expect(attempt!.nodes.find(({ refusedBy }) => refusedBy !== '')).toMatchObject({ node: 'control-plane-1', refusedBy: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'] });
      for (const { scores, total } of attempt!.nodes.filter(({ refusedBy }) => refusedBy === '')) {
        // No taint to avoid: 0 of them, which normalized is the best there is.
        expect(scores[0]).toEqual({ raw: 0, normalized: 100, weighted: 300 });
        expect(scores.map(({ normalized }, i) => normalized * attempt!.scores[i]!.weight)).toEqual(scores.map(({ weighted }) => weighted));
        expect(scores.reduce((sum, { weighted }) => sum + weighted, 0)).toBe(total);
      }
      const best = Math.max(...attempt!.nodes.map(({ total }) => total));
      expect(attempt!.nodes.find(({ node }) => node === attempt!.chosen)!.total).toBe(best);
    });
    test('says for whom it found nothing, and where that one waits', () => {
      world.apply(pod('huge', '9'));
      const { attempts, waiting } = world.ask({ type: 'scheduling', namespace: 'default', name: 'huge' });
      expect(attempts.map(({ chosen, message }) => [chosen, message])).toEqual([['', '0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.']]);
      expect(waiting).toBe('waits for something that may help NodeResourcesFit, TaintToleration: 1 attempt so far');
    });
  });

  test('a Pod\'s family, from its Deployment down', () => {
    expect(members('Pod', name).map(({ depth, kind, self, state }) => [depth, kind, self, state])).toEqual([[0, 'Deployment', false, '2 of 2 ready'], [1, 'ReplicaSet', false, '2 of 2 ready'], [2, 'Pod', true, 'Running']]);
    expect(members('Deployment', 'web').map(({ depth, kind }) => [depth, kind])).toEqual([[0, 'Deployment'], [1, 'ReplicaSet'], [2, 'Pod'], [2, 'Pod']]);
  });

  test('a DaemonSet asks for a Pod on each node, and keeps its template beside its Pods', () => {
    const other = new SmallWorld();
    other.apply('apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: agent}}\n  template:\n    metadata: {labels: {app: agent}}\n    spec:\n      containers: [{name: main, image: "nginx:1.27"}]\n');
    expect(other.rows.get('object/DaemonSet/default/agent')).toMatchObject({ type: 'workload', desired: 3, current: 3, ready: 3, available: 3, updated: 3 });
    const { members: family } = other.ask({ type: 'family', kind: 'DaemonSet', namespace: 'default', name: 'agent' });
    expect(family.map(({ depth, kind, state }) => [depth, kind, state]).sort()).toEqual([[0, 'DaemonSet', '3 of 3 ready'], [1, 'ControllerRevision', ''], [1, 'Pod', 'Running'], [1, 'Pod', 'Running'], [1, 'Pod', 'Running']]);
  });

  test('a Job has done so much of what it is to do, its CronJob has a schedule, and both are asked why', () => {
    const other = new SmallWorld();
    const template = (exit: number) => `{template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox, command: [sh, -c, exit ${exit}]}]}}, backoffLimit: 0}`;
    other.apply(`apiVersion: batch/v1\nkind: Job\nmetadata: {name: good}\nspec: ${template(0)}\n---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: bad}\nspec: ${template(3)}\n---\napiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\nspec:\n  schedule: 0 3 * * *\n  jobTemplate: {spec: ${template(0)}}\n`);
    const row = (kind: string, of: string) => other.rows.get(`object/${kind}/default/${of}`);
    expect([row('Job', 'good'), row('Job', 'bad'), row('CronJob', 'nightly')]).toMatchObject([
      { type: 'job', state: 'Complete', wanted: 1, succeeded: 1, active: 0, failed: 0 }, { type: 'job', state: 'Failed', succeeded: 0, failed: 1 }, { type: 'cron-job', schedule: '0 3 * * *', suspended: false, active: 0, lastUs: 0 },
    ]);
    expect(other.ask({ type: 'family', kind: 'Job', namespace: 'default', name: 'good' }).members.map(({ kind, state }) => [kind, state])).toEqual([['Job', '1 of 1 succeeded, Complete'], ['Pod', 'Completed']]);
    const why = (of: string) => other.ask({ type: 'why', apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: of });
    expect([why('good'), why('bad')]).toMatchObject([
      { tone: 'good', verdict: 'good is complete: 1 of 1 succeeded.' }, { tone: 'bad', verdict: expect.stringMatching(/^bad has failed \(BackoffLimitExceeded\): .*Job has reached the specified backoff limit.*\.$/) },
    ]);
  });

  test('a binding beside its answer, with what it made of the Pod', () => {
    const { revisions } = world.ask({ type: 'history', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
    const bound = revisions[2]!;
    const exchange = world.ask({ type: 'exchange', recordId: bound.recordId });
    expect(exchange).toMatchObject({ state: 'answered', request: { line: `POST /api/v1/namespaces/default/pods/${name}/binding`, headers: expect.arrayContaining([['(authenticated as)', 'system:kube-scheduler']]) }, response: { line: '201 Created' } });
    expect(exchange.latencyUs).toBe(exchange.response!.arrivesAtUs - exchange.request.sentAtUs);
    expect(exchange.stored).toMatchObject({ revision: bound.revision, changes: bound.changes });
    // The answer leads to the same pair.
    expect(world.ask({ type: 'exchange', recordId: exchange.response!.recordId })).toEqual(exchange);
    // Before the answer came, the scheduler waited.
    const early = world.ask({ type: 'exchange', recordId: bound.recordId }, exchange.request.arrivesAtUs + 10);
    expect(early).toMatchObject({ state: 'waited for', waiter: { address: 'control-plane-1/kube-scheduler' } });
    expect(early.waiter!.untilUs).toBeGreaterThan(exchange.response!.arrivesAtUs);
  });

  test('a line of a watch, with the request that opened the stream', () => {
    const { received } = world.ask({ type: 'activity', address: 'worker-1/kube-proxy' });
    const seen = received.find(({ label }) => /^(ADDED|MODIFIED|BOOKMARK) /.test(label))!;
    expect(world.ask({ type: 'exchange', recordId: seen.recordId })).toMatchObject({ state: 'open', request: { line: expect.stringMatching(/^GET \/apis?\/.*\?.*watch=true$/) }, frame: { line: seen.label } });
  });

  test('a program\'s last transition is the one its chart took', () => {
    const { last, received, sent, tables } = world.ask({ type: 'activity', address: 'worker-1/cni' });
    expect(last).toMatchObject({ event: 'cni.ADD', taken: [{ from: 'cni.waitingToBeExecuted', on: 'cni.ADD', actions: ['give the sandbox an address'] }] });
    expect(last!.recordId).toBe(received[0]!.recordId);
    expect(sent[0]).toMatchObject({ peer: 'worker-1/containerd', label: 'Result' });
    expect(tables.map(({ title }) => title)).toEqual(['Pod network']);
  });
  test.each<[string, readonly string[]]>([
    ['control-plane-1/kube-controller-manager', ['Leader election', 'Work queues', 'Caches']],
    ['control-plane-1/kube-scheduler', ['Leader election', 'Scheduling queue', 'Nodes as it counts them', 'Caches']],
    ['control-plane-1/kube-apiserver', ['Watch caches']],
    ['worker-1/kubelet', ['Pod workers', 'Its node', 'Caches']],
    ['worker-1/containerd', ['Sandboxes', 'Containers', 'Images']],
    ['worker-1/kube-proxy', ['Packet rules', 'Caches']],
  ])('%s tells what it knows', (address, titles) => {
    const { tables, received } = world.ask({ type: 'activity', address });
    expect(tables.map(({ title }) => title)).toEqual(expect.arrayContaining([...titles]));
    for (const { columns, rows } of tables) expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(received).toHaveLength(10);
    expect(received.map(({ atUs }) => atUs)).toEqual(received.map(({ atUs }) => atUs).toSorted((a, b) => b - a));
  });

  test('etcd: keys, watchers, one member that leads', () => {
    const key = `/registry/pods/default/${name}`;
    const etcd = world.ask({ type: 'etcd', address: 'control-plane-1/etcd', open: key });
    expect(etcd.members).toEqual([{ address: 'control-plane-1/etcd', role: 'leader', running: true }]);
    expect(etcd.keys.find((one) => one.key === key)).toMatchObject({ version: 4, lease: 0 });
    expect(etcd.open).toMatchObject({ key, value: { kind: 'Pod' } });
    expect(etcd.watchers.find(({ from }) => from === '/registry/pods/')).toMatchObject({ by: 'control-plane-1/kube-apiserver', to: '/registry/pods0' });
    expect(etcd.leases.map(({ ttlSeconds }) => ttlSeconds)).toEqual(expect.arrayContaining([15, 3600]));
  });

  test('a machine: what its Pods may take of it, and what is on it', () => {
    const { usage, pods, tables } = world.ask({ type: 'machine', node: 'worker-1' });
    expect(usage[0]).toEqual({ resource: 'cpu', used: expect.any(Number), requested: pods.reduce((sum, each) => sum + each.cpuMillis, 0), limits: pods.reduce((sum, each) => sum + each.cpuLimitMillis, 0), allocatable: 4000 });
    expect(pods.find((each) => each.name.startsWith('web-'))).toMatchObject({ cpuMillis: 100, cpuLimitMillis: 200, memoryBytes: 64 * 1024 * 1024, memoryLimitBytes: 0 });
    expect(pods.find((each) => each.name.startsWith('web-'))!.used).toEqual({ cpuMillis: 0, memoryBytes: 4 * 1024 * 1024 });
    // The stage's bars and this page tell the same numbers.
    const truth = world.rows.get('truth/worker-1') as { used: { cpuMillis: number; memoryBytes: number } };
    expect(usage.slice(0, 2).map(({ used }) => used)).toEqual([truth.used.cpuMillis, truth.used.memoryBytes]);
    expect(truth.used.memoryBytes).toBe(pods.reduce((sum, { used }) => sum + used.memoryBytes, 0));
    expect(tables.map(({ title }) => title)).toEqual(['Sandboxes', 'Containers', 'Images', 'Packet rules', 'Pod network']);
  });

  test('a Service: a node that is cut off keeps old rules, and it shows', () => {
    const ask = () => world.ask({ type: 'service', namespace: 'default', name: 'web' });
    expect(ask().endpoints.map(({ ready, node }) => [ready, node.startsWith('worker-')])).toEqual([[true, true], [true, true]]);
    expect(ask().proxies.map(({ stale, missing }) => [stale, missing])).toEqual([[[], []], [[], []], [[], []], [[], []]]);
    world.do({ type: 'partition-node', node: 'worker-3' });
    world.apply(web(3));
    const cut = ask().proxies.find(({ node }) => node === 'worker-3')!;
    expect(cut.rules[0]!.endpoints).toHaveLength(2);
    expect(cut.missing).toHaveLength(1);
    expect(ask().proxies.find(({ node }) => node === 'worker-1')!.missing).toEqual([]);
  });

  test('an Event goes when its lease ends, and its history says so, also when etcd has forgotten it', () => {
    const { events } = world.ask({ type: 'object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
    const { metadata } = events[0] as { metadata: { name: string } };
    world.pass(3_700 * second);
    const ask = () => world.ask({ type: 'history', apiVersion: 'v1', kind: 'Event', namespace: 'default', name: metadata.name });
    expect(ask().revisions.map(({ what, writer }) => [what, writer])).toEqual([['deleted', 'etcd, as the lease ended'], ['created', expect.stringMatching(/scheduler/)]]);
    expect(ask().compactedRevision).toBeGreaterThan(ask().revisions[0]!.revision);
    // An hour of the world passes.
  });

  test('a write whose asker died before it was answered is told all the same', () => {
    const { revision } = world.ask({ type: 'etcd', address: 'control-plane-1/etcd' });
    world.do({ type: 'scale-object', kind: 'Deployment', namespace: 'default', name: 'web', replicas: 1 });
    let written = false;
    for (let i = 0; i < 400 && !written; i += 1) {
      world.pass(50);
      written = world.ask({ type: 'etcd', address: 'control-plane-1/etcd' }).keys.some(({ key, modRevision }) => key === '/registry/deployments/default/web' && modRevision > revision);
    }
    world.do({ type: 'stop-component', address: 'control-plane-1/kube-apiserver' });
    world.pass(second);
    expect(world.ask({ type: 'history', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }).revisions[0]).toMatchObject({ what: 'changed', writer: 'kubectl', changes: expect.arrayContaining([{ path: 'spec.replicas', before: 3, after: 1 }]) });
  });
});
