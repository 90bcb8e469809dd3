import { expect, test } from 'vitest';
import type { Event, KubeObject, Lease, Node, Pod } from '../../kubernetes/api/index.ts';
import { conflictError, notFoundError, successStatus } from '../../kubernetes/apimachinery/index.ts';
import type { ApiRequest, ApiResponse } from '../../kubernetes/protocols/api.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import type { Effect, Env, EventKind, Note, Snapshot } from '../../simulation/process/process.ts';
import { kubeScheduler, type SchedulerState } from './kube-scheduler.ts';
import { controlPlaneTaint, makeNode, makePod } from './test-objects.ts';

const second = 1_000_000;
interface Timer { readonly id: string; readonly name: string; readonly body: unknown; readonly atUs: number }

/** A scheduler before an API server that answers at once; time passes when a timer is waited for. */
class Bench {
  readonly asked: ApiRequest[] = [];
  readonly notes: Note[] = [];
  readonly causes = new Map<ApiRequest, number | undefined>();
  nowUs = 0;
  steps = 0;
  refuseBinding: ApiResponse | undefined;
  private readonly timers = new Map<string, Timer>();
  private readonly streams = new Map<string, string>();
  private readonly inbox: { kind: EventKind; type: string; id: string; body: unknown }[] = [];
  private readonly process = chartProcess<SchedulerState>(kubeScheduler);
  private snapshot: Snapshot<SchedulerState>;
  private readonly objects: { nodes: Node[]; pods: Pod[] };
  private eventId = 0;

  constructor(nodes: Node[], pods: Pod[] = []) {
    this.objects = { nodes, pods };
    const started = this.process.start({ type: 'process.started', kind: 'start', id: '', from: '', env: this.env(), body: { input: { apiServer: 'control-plane-1/kube-apiserver' }, disk: undefined, incarnation: 0 } });
    this.snapshot = started.snapshot;
    this.take(started.effects);
    this.settle();
  }
  private env(): Env { return { nowUs: this.nowUs, self: 'control-plane-1/kube-scheduler', eventId: this.eventId++, random: (_stream, bound) => bound - 1 }; }
  get state(): SchedulerState { return this.snapshot.state; }
  get value() { return this.snapshot.value; }

  private take(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'set-timer') this.timers.set(effect.id, { ...effect, atUs: this.nowUs + effect.afterUs });
      if (effect.kind === 'clear-timer') this.timers.delete(effect.id);
      if (effect.kind === 'note') this.notes.push(effect.note);
      if (effect.kind === 'open-stream') this.streams.set((effect.message.body as ApiRequest).resource, effect.id);
      if (effect.kind !== 'request') continue;
      const asked = effect.message.body as ApiRequest;
      this.asked.push(asked);
      this.causes.set(asked, effect.message.cause);
      this.inbox.push({ kind: 'response', type: 'api.response', id: effect.id, body: this.reply(asked) });
    }
  }
  private reply(request: ApiRequest): ApiResponse {
    if (request.verb === 'list') return { code: 200, body: { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '1' }, items: this.objects[request.resource as 'nodes' | 'pods'] } };
    if (request.subresource === 'binding' && this.refuseBinding !== undefined) return this.refuseBinding;
    if (request.verb === 'get') return { code: 404, body: notFoundError({ group: request.group, resource: request.resource }, request.name!) };
    return { code: 201, body: request.subresource === 'binding' ? successStatus() : (request.body as KubeObject) };
  }
  step(kind: EventKind, type: string, id: string, body: unknown): void {
    const { snapshot, effects } = this.process.step(this.snapshot, { type, kind, id, from: '', body, env: this.env() });
    this.steps++;
    this.snapshot = snapshot;
    this.take(effects);
  }
  settle(): this {
    for (let next = this.inbox.shift(); next !== undefined; next = this.inbox.shift()) this.step(next.kind, next.type, next.id, next.body);
    return this;
  }
  watch(type: 'added' | 'modified' | 'deleted', object: Node | Pod): this {
    this.step('stream-data', `watch.${type}`, this.streams.get(object.kind === 'Pod' ? 'pods' : 'nodes')!, { object });
    return this.settle();
  }
  /** Lets time pass up to a moment, leader election aside. */
  until(untilUs: number): this {
    for (let fired = 0; fired < 20_000; fired++) {
      const due = [...this.timers.values()].filter(({ atUs, id }) => atUs <= untilUs && !id.startsWith('election')).sort((a, b) => a.atUs - b.atUs)[0];
      if (due === undefined) break;
      this.timers.delete(due.id);
      this.nowUs = due.atUs;
      this.step('timer', `timer.${due.name}`, due.id, due.body);
      this.settle();
    }
    this.nowUs = untilUs;
    return this;
  }
  bindings(): string[] { return this.asked.filter(({ subresource }) => subresource === 'binding').map(({ name, body }) => `${name} → ${(body as { target: { name: string } }).target.name}`); }
  patches(): ApiRequest[] { return this.asked.filter(({ subresource }) => subresource === 'status'); }
  events(): string[] { return this.asked.filter(({ resource, verb }) => resource === 'events' && verb === 'create').map(({ body }) => `${(body as Event).type} ${(body as Event).reason} ${(body as Event).message}`); }
}

const bound = (pod: Pod, nodeName: string): Pod => ({ ...pod, metadata: { ...pod.metadata, resourceVersion: '9' }, spec: { ...pod.spec, nodeName } });

test('it fills its caches, becomes the leader, and then is idle', () => {
  const bench = new Bench([makeNode('worker-1')]);
  expect(bench.value).toEqual({ leading: 'idle' });
  expect(bench.asked.map(({ verb, resource, query }) => `${verb} ${resource} ${query?.fieldSelector ?? ''}`.trim())).toEqual([
    'list nodes', 'list pods status.phase!=Succeeded,status.phase!=Failed', 'get leases', 'create leases', 'create events']);
  expect((bench.asked[3]!.body as Lease).metadata).toEqual({ name: 'kube-scheduler', namespace: 'kube-system' });
});

test('a Pod gets a node: a cycle, a binding, an Event', () => {
  const bench = new Bench([makeNode('control-plane-1', { taints: [controlPlaneTaint] }), makeNode('worker-1')]);
  const pod = makePod('web', { cpu: '1' });
  bench.watch('added', pod);
  expect([bench.value, bench.bindings()]).toEqual([{ leading: 'schedulingCycle' }, []]);
  bench.until(5_000);
  expect([bench.value, bench.bindings()]).toEqual([{ leading: 'idle' }, ['web → worker-1']]);
  expect(bench.asked.find(({ subresource }) => subresource === 'binding')).toMatchObject({
    verb: 'create', namespace: 'default', user: 'system:kube-scheduler',
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { namespace: 'default', name: 'web', uid: 'uid-web' }, target: { kind: 'Node', name: 'worker-1' } },
  });
  expect(bench.events().at(-1)).toBe('Normal Scheduled Successfully assigned default/web to worker-1');
  expect(bench.notes.find(({ name }) => name === 'scheduled')).toMatchObject({ text: 'default/web goes to worker-1: 1 of 2 nodes fit', detail: { nodes: [{ node: 'worker-1' }, { node: 'control-plane-1', plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'] }] } });
  bench.watch('modified', bound(pod, 'worker-1')).until(second);
  expect([bench.bindings().length, bench.state.cache.pods.get('default/web')!.assumed, bench.state.queue.pods.size]).toEqual([1, false, 0]);
});

test('an assumed Pod counts before its binding is answered, so three Pods of 2 CPUs do not share one node of 4', () => {
  const bench = new Bench([makeNode('a'), makeNode('b')], ['p1', 'p2', 'p3'].map((name) => makePod(name, { cpu: '2', memory: '1Gi' })));
  bench.until(10_000);
  expect(bench.bindings().map((line) => line.slice(-1)).sort().join('')).toMatch(/^(aab|abb)$/);
  expect(Math.max(...bench.state.cache.nodes.map(({ requested }) => requested.cpuMillis))).toBe(4000);
});

test('a Pod that fits nowhere says why, waits, and is tried again when a node comes', () => {
  const bench = new Bench([makeNode('worker-1', { cpu: '1' })]);
  bench.watch('added', makePod('big', { cpu: '2' })).until(5_000);
  const message = '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  expect(bench.events().at(-1)).toBe(`Warning FailedScheduling ${message}`);
  expect(bench.patches()).toHaveLength(1);
  expect(bench.patches()[0]).toMatchObject({ verb: 'patch', patchType: 'application/strategic-merge-patch+json', body: { status: { '$setElementOrder/conditions': [{ type: 'PodScheduled' }], conditions: [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: '2026-01-01T00:00:00Z', lastProbeTime: null, observedGeneration: 1 }] } } });
  bench.until(20 * second);
  expect(bench.asked.filter(({ resource }) => resource === 'events')).toHaveLength(2);
  bench.watch('added', makeNode('worker-2')).until(21 * second);
  expect(bench.bindings()).toEqual(['big → worker-2']);
});

test('nothing is patched when the status says it already; after five minutes the Pod is tried all the same', () => {
  const bench = new Bench([makeNode('worker-1', { cpu: '1' })]);
  const pod = makePod('big', { cpu: '2' });
  bench.watch('added', pod).until(5_000);
  const { conditions } = (bench.patches()[0]!.body as Pod).status!;
  bench.watch('modified', { ...pod, metadata: { ...pod.metadata, resourceVersion: '2' }, status: { conditions: conditions! } }).until(299 * second);
  expect(bench.state.failed).toBe(1);
  bench.until(331 * second);
  expect([bench.state.failed, bench.patches().length]).toEqual([2, 1]);
});

test('a deleted Pod makes room', () => {
  const old = bound(makePod('old', { cpu: '3' }), 'worker-1');
  const bench = new Bench([makeNode('worker-1')], [old]);
  bench.watch('added', makePod('new', { cpu: '2' })).until(5_000);
  expect([bench.bindings(), bench.events().at(-1)!.endsWith('1 No preemption victims found for incoming pod.')]).toEqual([[], true]);
  bench.watch('deleted', old).until(10_000);
  expect(bench.bindings()).toEqual(['new → worker-1']);
});

test('a refused binding is forgotten, reported, and tried again after its back-off', () => {
  const bench = new Bench([makeNode('worker-1')]);
  bench.refuseBinding = { code: 409, body: conflictError({ group: '', resource: 'pods/binding' }, 'web', 'pod web is already assigned to node "worker-9"') };
  bench.watch('added', makePod('web', { cpu: '1' })).until(5_000);
  expect(bench.state.cache.pods.size).toBe(0);
  expect(bench.events().at(-1)).toBe('Warning FailedScheduling running Bind plugin "DefaultBinder": Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "worker-9"');
  expect((bench.patches()[0]!.body as Pod).status!.conditions![0]!.reason).toBe('SchedulerError');
  bench.refuseBinding = undefined;
  bench.until(1_900_000);
  expect(bench.bindings()).toHaveLength(1);
  bench.until(2_100_000);
  expect(bench.bindings()).toHaveLength(2);
});

test('the more important Pod goes first; a Pod of another scheduler, with a gate, or being deleted does not go at all', () => {
  const dying = makePod('dying');
  const bench = new Bench([makeNode('worker-1')], [
    makePod('plain'), makePod('vip', {}, { priority: 1000 }), makePod('foreign', {}, { schedulerName: 'mine' }), makePod('gated', {}, { schedulingGates: [{ name: 'wait' }] }),
    { ...dying, metadata: { ...dying.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
  ]);
  bench.until(second);
  expect(bench.bindings()).toEqual(['vip → worker-1', 'plain → worker-1']);
  const open = makePod('gated', {}, { schedulingGates: [] });
  bench.watch('modified', { ...open, metadata: { ...open.metadata, resourceVersion: '2' } }).until(2 * second);
  expect(bench.bindings().at(-1)).toBe('gated → worker-1');
});

test('a binding names the event that brought the Pod as its cause, not the timer of the cycle', () => {
  const bench = new Bench([makeNode('worker-1')]);
  bench.watch('added', makePod('a'));
  bench.watch('added', makePod('b')).until(10_000);
  const causes = bench.asked.filter(({ subresource }) => subresource === 'binding').map((request) => bench.causes.get(request)!);
  expect(causes[1]! - causes[0]!).toBe(1);
});

test('a thousand Pods take few steps each, and the sums come out right', () => {
  const nodes = Array.from({ length: 10 }, (_, i) => makeNode(`worker-${i}`, { cpu: '64', memory: '256Gi', pods: '200' }));
  const bench = new Bench(nodes);
  const before = bench.steps;
  for (let i = 0; i < 1000; i++) bench.watch('added', makePod(`p${i}`, { cpu: '100m', memory: '128Mi' }));
  bench.until(60 * second);
  expect(bench.bindings()).toHaveLength(1000);
  const counts = bench.state.cache.nodes.map(({ podCount }) => podCount).toArray();
  expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
  // Scores are whole numbers, so that nodes a few Pods apart are equals.
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(8);
  expect(bench.state.cache.nodes.map(({ requested }) => requested.cpuMillis / 100).toArray()).toEqual(counts);
  // Heard of, cycle, binding answered, Event answered; and now and then a wait for the rate limit.
  expect((bench.steps - before) / 1000).toBeLessThan(5.5);
});
