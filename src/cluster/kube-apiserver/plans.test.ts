import { describe, expect, test } from 'vitest';
import type { DeleteOptions, KubeObject, Pod } from '../../kubernetes/api/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { Effect } from '../../simulation/process/process.ts';
import { formatIp, parseCidr } from './allocators.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { isReleased, planDelete } from './deletion.ts';
import { trackManager } from './managed-fields.ts';
import { servedAs, storageKey } from './served.ts';
import { initialApiServer, type CacheEvent, type Watcher } from './state.ts';
import { qosClass } from '../../kubernetes/api/qos-class.ts';
import { addWatcher, fanOut, removeWatcher } from './watchers.ts';

const pod = (metadata: object = {}, spec: object = {}, status: object = { phase: 'Running' }): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u', generation: 1, resourceVersion: '7', ...metadata }, spec: { containers: [], nodeName: 'worker-1', terminationGracePeriodSeconds: 30, ...spec }, status }) as Pod;
const going = (seconds: number, more: object = {}) => ({ deletionTimestamp: '2026-01-01T00:01:00Z', deletionGracePeriodSeconds: seconds, ...more });

describe('a Pod is deleted', () => {
  const shown = (current: Pod, options: DeleteOptions) => {
    const decision = planDelete(servedAs('pods'), current, options, 100_000_000);
    if ('put' in decision) {
      const { deletionTimestamp, deletionGracePeriodSeconds, generation, finalizers } = decision.put.metadata;
      return `mark ${deletionTimestamp} grace ${deletionGracePeriodSeconds} generation ${generation}${finalizers === undefined ? '' : ` ${finalizers}`}${decision.afterwards === undefined ? '' : ', then delete'}`;
    }
    return 'refuse' in decision ? `refuse ${decision.refuse.code}` : Object.keys(decision)[0];
  };
  test.each<[string, Pod, DeleteOptions, string]>([
    ['with its own grace', pod(), {}, 'mark 2026-01-01T00:02:10Z grace 30 generation 2'],
    ['with a shorter one', pod(), { gracePeriodSeconds: 5 }, 'mark 2026-01-01T00:01:45Z grace 5 generation 2'],
    ['by force', pod(), { gracePeriodSeconds: 0 }, 'mark 2026-01-01T00:01:40Z grace 0 generation 2, then delete'],
    ['before it has a node', pod({}, { nodeName: undefined }), {}, 'mark 2026-01-01T00:01:40Z grace 0 generation 2, then delete'],
    ['after it has failed', pod({}, {}, { phase: 'Failed' }), {}, 'mark 2026-01-01T00:01:40Z grace 0 generation 2, then delete'],
    ['again', pod(going(30)), {}, 'keep'],
    ['again with a longer grace', pod(going(30)), { gracePeriodSeconds: 60 }, 'keep'],
    ['by its kubelet at last', pod(going(30)), { gracePeriodSeconds: 0 }, 'mark 2026-01-01T00:00:30Z grace 0 generation 1, then delete'],
    ['when only the mark had been made', pod(going(0)), { gracePeriodSeconds: 0 }, 'remove'],
    ['while a finalizer holds it', pod({ finalizers: ['a/b'] }), { gracePeriodSeconds: 0 }, 'mark 2026-01-01T00:01:40Z grace 0 generation 2 a/b'],
    ['again while a finalizer holds it', pod(going(0, { finalizers: ['a/b'] })), { gracePeriodSeconds: 0 }, 'keep'],
    ['under another uid', pod(), { preconditions: { uid: 'x' } }, 'refuse 409'],
    ['at another revision', pod(), { preconditions: { resourceVersion: '6' } }, 'refuse 409'],
  ])('%s', (_how, current, options, expected) => expect(shown(current, options)).toBe(expected));
});

describe('the garbage collector is told by a finalizer', () => {
  const object = (finalizers?: readonly string[]): KubeObject => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web', namespace: 'default', ...(finalizers === undefined ? {} : { finalizers }) } });
  test.each<[string, KubeObject, DeleteOptions, unknown]>([
    ['in the background: none', object(), {}, 'remove'],
    ['in the foreground', object(), { propagationPolicy: 'Foreground' }, ['foregroundDeletion']],
    ['orphaning', object(['a/b']), { propagationPolicy: 'Orphan' }, ['a/b', 'orphan']],
    ['in the background after all', object(['foregroundDeletion']), { propagationPolicy: 'Background' }, 'remove'],
    ['as it was before', object(['orphan']), {}, ['orphan']],
  ])('%s', (_how, current, options, expected) => {
    const decision = planDelete(servedAs('replicasets.apps'), current, options, 0);
    expect('put' in decision ? decision.put.metadata.finalizers : Object.keys(decision)[0]).toEqual(expected);
  });
  test('but not for a kind that it does not watch: nobody would take the finalizer away', () => {
    // Jobs and ReplicationControllers leave their Pods behind if nothing is said.
    expect(planDelete(servedAs('jobs.batch'), object(), {}, 0)).toMatchObject({ put: { metadata: { finalizers: ['orphan'] } } });
    expect(planDelete(servedAs('jobs.batch'), object(), { propagationPolicy: 'Background' }, 0)).toEqual({ remove: true });
    expect(planDelete(servedAs('leases.coordination.k8s.io'), object(), { propagationPolicy: 'Foreground' }, 0)).toEqual({ remove: true });
    expect(planDelete(servedAs('leases.coordination.k8s.io'), object(['a/b']), {}, 0)).toHaveProperty('put.metadata.deletionTimestamp');
  });
  test('and the last finalizer to go releases the object', () => {
    const held = { ...object(['orphan']), metadata: { ...object(['orphan']).metadata, ...going(0) } };
    const freed = { ...held, metadata: { ...held.metadata, finalizers: [] } };
    expect([isReleased(servedAs('replicasets.apps'), freed, held), isReleased(servedAs('replicasets.apps'), held, held)]).toEqual([true, false]);
    expect(isReleased(servedAs('pods'), pod(going(30)), pod(going(30)))).toBe(false);
  });
});

describe('managed fields', () => {
  const by = (manager: string, subresource?: 'binding') => ({ served: servedAs('configmaps'), request: { verb: 'update', group: '', version: 'v1', resource: 'configmaps', user: 'u', userAgent: 'kubectl/v1', query: { fieldManager: manager }, ...(subresource === undefined ? {} : { subresource }) } as ApiRequest });
  const object = (data: object, managedFields?: unknown): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: { a: 'b' }, managedFields }, data } as unknown as KubeObject);
  const owners = ({ metadata }: KubeObject) => metadata.managedFields?.map(({ manager, fieldsV1 }) => `${manager} ${JSON.stringify(fieldsV1).replaceAll('{}', '').replaceAll('"', '')}`);
  test('go to who set them, and leave whom they were taken from', () => {
    const first = trackManager(by('one'), object({ a: '1', b: '2' }), undefined, 0);
    expect(owners(first)).toEqual(['one {f:metadata:{f:labels:{.:,f:a:}},f:data:{.:,f:a:,f:b:}}']);
    const second = trackManager(by('two'), object({ a: '1', b: '3' }, first.metadata.managedFields), first, 1_000_000);
    expect(owners(second)).toEqual(['one {f:metadata:{f:labels:{.:,f:a:}},f:data:{.:,f:a:}}', 'two {f:data:{f:b:}}']);
    expect(second.metadata.managedFields?.map(({ time }) => time)).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z']);
  });
  test('keep their reference where nobody gains or loses any, and tell the moment of the last change', () => {
    const first = trackManager(by('one'), object({ a: '1' }), undefined, 0);
    const same = trackManager(by('two'), object({ a: '1' }, first.metadata.managedFields), first, 9_000_000);
    expect(same.metadata.managedFields).toBe(first.metadata.managedFields);
    const again = trackManager(by('one'), object({ a: '2' }, first.metadata.managedFields), first, 9_000_000);
    expect(again.metadata.managedFields).toEqual([{ ...first.metadata.managedFields![0], time: '2026-01-01T00:00:09Z' }]);
  });
  test('of a binding are nobody\'s', () => expect(trackManager(by('s', 'binding'), object({ a: '2' }), object({ a: '1' }), 0).metadata.managedFields).toBe(undefined));
});

describe('the fan-out', () => {
  const state = initialApiServer({ etcd: 'e', serviceCidr: '10.96.0.0/12' });
  const watcher = (stream: string, more: Partial<Watcher> = {}): Watcher => ({ stream, user: 'u', namespace: '', name: '', labels: '', fields: '', bookmarks: false, ...more });
  const all = [
    watcher('all'), watcher('team', { namespace: 'team' }), watcher('web', { labels: 'app=web' }),
    watcher('one', { fields: 'spec.nodeName=worker-1', trigger: 'worker-1' }), watcher('two', { fields: 'spec.nodeName=worker-2', trigger: 'worker-2' }),
  ];
  const cache = all.reduce(addWatcher, state.caches.get('pods')!);
  const told = (type: CacheEvent['type'], object: Pod, previous?: Pod): readonly string[] => {
    const effects: Effect[] = [];
    fanOut(cache, { type, object, previous, revision: 9, atUs: 0 }, 0, effects);
    return effects.map((effect) => (effect.kind === 'write' ? `${effect.id} ${effect.message.type.slice(6)}` : effect.kind)).sort();
  };
  test.each<[string, CacheEvent['type'], Pod, Pod | undefined, readonly string[]]>([
    ['a new Pod', 'ADDED', pod({ labels: { app: 'web' } }), undefined, ['all added', 'one added', 'web added']],
    ['a Pod that gets its node', 'MODIFIED', pod(), pod({}, { nodeName: '' }), ['all modified', 'one added']],
    ['a Pod that loses its label', 'MODIFIED', pod(), pod({ labels: { app: 'web' } }), ['all modified', 'one modified', 'web deleted']],
    ['a Pod that is gone', 'DELETED', pod({ namespace: 'team' }), pod({ namespace: 'team' }), ['all deleted', 'one deleted', 'team deleted']],
  ])('%s', (_what, type, object, previous, expected) => expect(told(type, object, previous)).toEqual(expected));
  test('makes one message for all who see the same', () => {
    const effects: Effect[] = [];
    fanOut(cache, { type: 'ADDED', object: pod(), revision: 9, atUs: 0 }, 0, effects);
    expect(new Set(effects.map((effect) => effect.kind === 'write' && effect.message)).size).toBe(1);
  });
  test('forgets whom it should', () => {
    const left = all.reduce((before, { stream }) => removeWatcher(before, stream), cache);
    expect([left.watchers.size === 0, left.triggered.size]).toEqual([true, 0]);
  });
});

test.each([
  ['requests equal limits', [{ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }], 'Guaranteed'],
  ['only limits', [{ limits: { cpu: '1', memory: '1Gi' } }], 'Guaranteed'],
  ['one container without', [{ limits: { cpu: '1', memory: '1Gi' } }, {}], 'Burstable'],
  ['only a request', [{ requests: { cpu: '100m' } }], 'Burstable'],
  ['nothing', [{}], 'BestEffort'],
])('quality of service: %s', (_what, resources, expected) => expect(qosClass(pod({}, { containers: resources.map((one) => ({ name: 'c', resources: one })) }))).toBe(expected));

test.each([
  ['pods', 'default', 'web', '/registry/pods/default/web'], ['nodes', undefined, 'worker-1', '/registry/minions/worker-1'],
  ['services', 'default', 'web', '/registry/services/specs/default/web'], ['deployments.apps', 'default', 'web', '/registry/deployments/default/web'],
  ['replicationcontrollers', 'default', 'web', '/registry/controllers/default/web'], ['endpoints', 'default', 'web', '/registry/services/endpoints/default/web'],
  ['ingresses.networking.k8s.io', 'default', 'web', '/registry/ingress/default/web'], ['apiservices.apiregistration.k8s.io', undefined, 'v1.apps', '/registry/apiregistration.k8s.io/apiservices/v1.apps'],
])('%s lie where upstream puts them', (resource, namespace, name, key) => expect(storageKey(servedAs(resource), namespace, name)).toBe(key));

test('continue tokens are read back, and strange ones are not', () => {
  for (const key of ['default/a', 'default/ab', 'default/abc', 'x']) expect(decodeContinue(encodeContinue(812, key))).toEqual({ revision: 812, after: key });
  for (const token of ['', 'no token', 'e30', '***']) expect(decodeContinue(token)).toBeUndefined();
});

test('addresses are counted in their range', () => {
  const { base, size } = parseCidr('10.96.0.0/12');
  expect([formatIp(base + 1), formatIp(base + size - 2), size]).toEqual(['10.96.0.1', '10.111.255.254', 2 ** 20]);
});
