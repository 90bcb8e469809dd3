import { describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import './controllers/late-code.ts';
import { resourceOfKind, type KubeObject, type Lease, type ReplicaSet, type Status } from '../../kubernetes/api/index.ts';
import { alreadyExistsError, conflictError, notFoundError, successStatus } from '../../kubernetes/apimachinery/index.ts';
import type { ApiRequest, ApiResponse } from '../../kubernetes/protocols/api.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import type { Effect, EventKind, Snapshot } from '../../simulation/process/process.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import type { ManagerState } from './work.ts';

const second = 1_000_000;
interface Due { readonly atUs: number; readonly kind: EventKind; readonly type: string; readonly id: string; readonly body: unknown }

/** A controller manager before an API server that answers after 2 ms and tells watches after 1 ms, and a clock for both. */
class Bench {
  nowUs = 0;
  /** Calls that are no heartbeat, as `create pods/web-`. */
  asked: string[] = [];
  /** Refuses what it has an answer for. */
  refuse: (request: ApiRequest) => ApiResponse | undefined = () => undefined;
  silent = false;
  private readonly objects = new Map<string, KubeObject>();
  private readonly watches = new Map<string, ApiRequest>();
  private due: Due[] = [];
  private revision = 100;
  private eventId = 0;
  private readonly process = chartProcess<ManagerState>(kubeControllerManager);
  private snapshot: Snapshot<ManagerState>;

  constructor(...objects: KubeObject[]) {
    for (const object of objects) this.store(object);
    const input = { apiServer: 'control-plane-1/kube-apiserver', clusterCidr: '10.244.0.0/16' };
    const started = this.process.start({ type: 'process.started', kind: 'start', id: '', from: '', env: this.env(), body: { input, disk: undefined, incarnation: 0 } });
    this.snapshot = started.snapshot;
    this.carryOut(started.effects);
  }
  get watched(): string[] { return [...this.watches.values()].map(({ resource }) => resource); }
  get value() { return JSON.stringify(this.snapshot.value); }
  get state() { return this.snapshot.state; }
  get<T extends KubeObject>(key: string): T { return this.objects.get(key) as T; }
  names(resource: string): string[] { return [...this.objects.keys()].filter((key) => key.startsWith(`${resource}/`)); }
  private env() { return { nowUs: this.nowUs, self: 'control-plane-1/kube-controller-manager', eventId: ++this.eventId, random: () => 0 }; }

  run(seconds: number): void {
    const until = this.nowUs + seconds * second;
    for (;;) {
      const next = this.due.reduce<Due | undefined>((first, each) => (each.atUs <= until && (first === undefined || each.atUs < first.atUs) ? each : first), undefined);
      if (next === undefined) break;
      this.due = this.due.filter((each) => each !== next);
      this.nowUs = Math.max(this.nowUs, next.atUs);
      const { snapshot, effects } = this.process.step(this.snapshot, { ...next, from: '', env: this.env() });
      this.snapshot = snapshot;
      this.carryOut(effects);
    }
    this.nowUs = until;
  }

  private carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'set-timer' || effect.kind === 'clear-timer') this.due = this.due.filter((each) => each.kind !== 'timer' || each.id !== effect.id);
      if (effect.kind === 'set-timer') this.due.push({ atUs: this.nowUs + effect.afterUs, kind: 'timer', type: `timer.${effect.name}`, id: effect.id, body: effect.body });
      if (effect.kind === 'close-stream') this.watches.delete(effect.id);
      if (effect.kind === 'open-stream') this.watches.set(effect.id, effect.message.body as ApiRequest);
      if (effect.kind !== 'request') continue;
      const request = effect.message.body as ApiRequest;
      if (effect.message.background !== true && request.verb !== 'list' && request.resource !== 'events') this.asked.push(`${request.verb} ${request.resource}/${request.name ?? (request.body as KubeObject).metadata.name ?? (request.body as { metadata: { generateName: string } }).metadata.generateName}${request.subresource === undefined ? '' : ` ${request.subresource}`}`);
      this.due.push(this.silent
        ? { atUs: this.nowUs + 34 * second, kind: 'failure', type: 'request.failed', id: effect.id, body: { reason: 'timed out' } }
        : { atUs: this.nowUs + 2_000, kind: 'response', type: 'api.response', id: effect.id, body: this.refuse(request) ?? this.answer(request) });
    }
  }

  /** Writes an object as somebody else would. */
  store(given: KubeObject, kind: 'added' | 'modified' | 'deleted' = 'added'): KubeObject {
    const { resource } = resourceOfKind(given.kind)!;
    const revision = String(++this.revision);
    const object: KubeObject = { ...given, metadata: { ...given.metadata, uid: given.metadata.uid ?? `uid-${revision}`, resourceVersion: revision } };
    const key = `${resource}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (kind === 'deleted') this.objects.delete(key); else this.objects.set(key, object);
    for (const [id, watch] of this.watches) if (watch.resource === resource) this.due.push({ atUs: this.nowUs + 1_000, kind: 'stream-data', type: `watch.${kind}`, id, body: { object } });
    return object;
  }

  /** Tells that there is a first object of a kind. */
  useKind(name: string): void {
    const object = { apiVersion: '', kind: 'KindInUse', metadata: { name, resourceVersion: String(this.revision) } };
    for (const [id, watch] of this.watches) if (watch.resource === 'kindsinuse') this.due.push({ atUs: this.nowUs + 1_000, kind: 'stream-data', type: 'watch.added', id, body: { object } });
  }

  private answer(request: ApiRequest): ApiResponse {
    const { verb, resource, namespace = '', name = '', group } = request;
    const key = `${resource}/${namespace}/${name}`;
    const failed = (status: Status): ApiResponse => ({ code: status.code, body: status });
    if (verb === 'list') return { code: 200, body: { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: String(this.revision) }, items: [...this.objects].filter(([other]) => other.startsWith(`${resource}/`)).map(([, object]) => object) } };
    if (verb === 'create') {
      const body = request.body as KubeObject & { metadata: { generateName?: string } };
      const named = body.metadata.name ?? `${body.metadata.generateName}${this.revision}`;
      if (this.objects.has(`${resource}/${namespace}/${named}`)) return failed(alreadyExistsError({ group, resource }, named));
      return { code: 201, body: this.store({ ...body, metadata: { ...body.metadata, name: named, namespace } }) };
    }
    const old = this.objects.get(key);
    if (old === undefined) return failed(notFoundError({ group, resource }, name));
    if (verb === 'get') return { code: 200, body: old };
    if (verb === 'delete') { this.store(old, 'deleted'); return { code: 200, body: successStatus() }; }
    const body = request.body as KubeObject;
    if (verb === 'update' && body.metadata.resourceVersion !== old.metadata.resourceVersion) return failed(conflictError({ group, resource }, name));
    return { code: 200, body: this.store(verb === 'update' ? body : { ...old, ...body, metadata: old.metadata }, 'modified') };
  }
}

const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' }, status: { phase: 'Active' } };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
const replicaSet = (replicas: number): KubeObject =>
  ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web', namespace: 'default', generation: 1 }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template } });
const lease = (holderIdentity: string): Lease => ({
  apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'kube-controller-manager', namespace: 'kube-system' },
  spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 4 },
});
const leaseKey = 'leases/kube-system/kube-controller-manager';

describe('the Lease', () => {
  test('is made where there is none; then the caches are filled and the work begins', () => {
    const bench = new Bench(namespace);
    expect(bench.value).toBe('"standingBy"');
    bench.run(1);
    expect(bench.value).toBe('{"leading":"working"}');
    expect(bench.get<Lease>(leaseKey).spec?.holderIdentity).toMatch(/^control-plane-1_/);
    expect(bench.asked.sort()).toEqual(['create configmaps/kube-root-ca.crt', 'create serviceaccounts/default']);
  });

  test('is renewed every two seconds', () => {
    const bench = new Bench();
    bench.run(11);
    expect(bench.get<Lease>(leaseKey).spec?.renewTime).toMatch(/^2026-01-01T00:00:10\./);
  });

  test('of another is respected until 15 s have passed without renewal', () => {
    const bench = new Bench(lease('control-plane-2_x'));
    bench.run(15);
    expect(bench.value).toBe('"standingBy"');
    bench.run(3);
    expect(bench.value).toBe('{"leading":"working"}');
    expect(bench.get<Lease>(leaseKey).spec?.leaseTransitions).toBe(5);
  });

  test('is lost 10 s after the last renewal, and all work with it; then it is won again', () => {
    const bench = new Bench(namespace, replicaSet(2));
    bench.run(3);
    expect(bench.state.client.synced).toBe(true);
    bench.silent = true;
    bench.run(8);
    expect(bench.value).toBe('{"leading":"working"}');
    bench.run(3);
    expect(bench.value).toBe('"standingBy"');
    expect([bench.state.client.synced, bench.state.controllers.every(({ running, queue }) => running.size === 0 && queue.waiting.size === 0)]).toEqual([false, true]);
    bench.silent = false;
    bench.run(60);
    expect(bench.value).toBe('{"leading":"working"}');
    expect(bench.names('pods')).toHaveLength(2);
  });
});

describe('a ReplicaSet', () => {
  const pods = (bench: Bench) => bench.asked.filter((line) => line.includes(' pods/'));

  test('gets its Pods in batches of 1, 2, 4, …, and never twice, although the cache lags', () => {
    const bench = new Bench(namespace, replicaSet(10));
    const sizes: number[] = [];
    for (let i = 0; i < 30; i++) { bench.run(0.001); sizes.push(bench.names('pods').length); }
    expect([...new Set(sizes)].filter((size) => size > 0)).toEqual([1, 3, 7, 10]);
    bench.run(5);
    expect([bench.names('pods').length, pods(bench).length]).toEqual([10, 10]);
    expect(bench.get<ReplicaSet>('replicasets/default/web').status?.replicas).toBe(10);
  });

  test('stops at a batch that fails, tells why, and tries again', () => {
    const bench = new Bench(namespace, replicaSet(10));
    let luck = 2;
    bench.refuse = (request) => (request.verb === 'create' && request.resource === 'pods' && --luck < 0
      ? { code: 403, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'exceeded quota', reason: 'Forbidden', code: 403 } } : undefined);
    const status = () => bench.get<ReplicaSet>('replicasets/default/web').status;
    for (let i = 0; i < 30 && status() === undefined; i++) bench.run(0.001);
    expect([bench.names('pods').length, pods(bench).length]).toEqual([2, 3]);
    expect(status()?.conditions).toMatchObject([{ type: 'ReplicaFailure', reason: 'FailedCreate', message: 'exceeded quota' }]);
    bench.refuse = () => undefined;
    bench.run(2);
    expect(bench.names('pods')).toHaveLength(10);
    expect(status()?.conditions ?? []).toEqual([]);
  });

  test('replaces a Pod that is leaving, and deletes what is too much', () => {
    const bench = new Bench(namespace, replicaSet(3));
    bench.run(2);
    bench.asked = [];
    const [first] = bench.names('pods');
    bench.store({ ...bench.get(first!), metadata: { ...bench.get(first!).metadata, deletionTimestamp: '2026-01-01T00:00:02Z' } }, 'modified');
    bench.run(2);
    expect(pods(bench)).toEqual(['create pods/web-']);
    bench.asked = [];
    bench.store({ ...bench.get('replicasets/default/web'), spec: { ...(replicaSet(1).spec as object) } }, 'modified');
    bench.run(2);
    expect(pods(bench)).toHaveLength(2);
    expect(pods(bench).every((line) => line.startsWith('delete '))).toBe(true);
  });
});

test('a Deployment makes its ReplicaSet, which makes its Pods; the first status write after that meets a conflict, as upstream', () => {
  const deployment: KubeObject = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default', generation: 1 },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } }, progressDeadlineSeconds: 600 },
  };
  const bench = new Bench(namespace, deployment);
  bench.run(3);
  expect(bench.names('replicasets')).toHaveLength(1);
  expect(bench.names('pods')).toHaveLength(3);
  expect(bench.asked.filter((line) => line.includes('deployments/')).slice(0, 3)).toEqual(Array.from({ length: 3 }, () => 'update deployments/web status'));
  expect(bench.get('deployments/default/web').status).toMatchObject({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, unavailableReplicas: 3 });
  expect(kubeControllerManager.summary(bench.state).gauges).toEqual([
    { name: 'deployment default/web', desired: 3, actual: 0 }, { name: `replicaset ${bench.names('replicasets')[0]!.slice('replicasets/'.length)}`, desired: 3, actual: 3 },
  ]);
});

describe('a controller that sleeps', () => {
  const daemonSet: KubeObject = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'default', generation: 1 }, spec: { selector: { matchLabels: { app: 'web' } }, template, updateStrategy: { type: 'OnDelete' } } } as KubeObject;
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } } as KubeObject;
  const quota: KubeObject = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' }, spec: { hard: { 'count/daemonsets.apps': '5' } } };
  const made = (bench: Bench): string[] => bench.asked.filter((each) => each.startsWith('create pods') || each.startsWith('create controllerrevisions'));

  test('wakes when there is something for it', () => {
    const bench = new Bench(namespace, node, daemonSet);
    bench.run(1);
    expect(made(bench)).toEqual([]);
    bench.useKind('daemonsets.apps');
    bench.run(1);
    expect(made(bench)).toEqual([expect.stringMatching(/^create controllerrevisions\/agent-/), 'create pods/agent-']);
  });

  test('is told then of what another has followed before it', () => {
    const bench = new Bench(namespace, node, daemonSet, quota);
    bench.run(1);
    expect(bench.watched).toContain('daemonsets');
    bench.useKind('daemonsets.apps');
    bench.run(1);
    expect(made(bench)).toEqual([expect.stringMatching(/^create controllerrevisions\/agent-/), 'create pods/agent-']);
  });
});
