import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../kubernetes/api/index.ts';
import type { StatefulSetSpec } from '../../../kubernetes/api/kept-specs.ts';
import type { Answer, ControllerRequest } from '../controller.ts';
import { advance } from './procedure.ts';
import { isClaimOwnerUpToDate, withClaimOwner } from './stateful-claims.ts';
import { bringForward, completed, isInconsistent, printed, statusOf } from './stateful-order.ts';
import { newVersionedReplica, parentAndOrdinal, storageMatches, type Claim, type Replica, type StatefulSet, type StatefulSetStatus } from './stateful-set.ts';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }], volumes: [{ name: 'data', emptyDir: {} }, { name: 'own', emptyDir: {} }] } };
const set = (spec: Partial<StatefulSetSpec> = {}, status?: Partial<StatefulSetStatus>): StatefulSet => ({
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web', namespace: 'default', uid: 's', generation: 1 },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, serviceName: 'nginx', podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, template, ...spec },
  ...(status && { status: status as StatefulSetStatus }),
}) as StatefulSet;
const current = { name: 'web-old', template };
const update = { name: 'web-new', template: { ...template, spec: { ...template.spec, containers: [{ name: 'web', image: 'web:2' }] } } };
const claimTemplates = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }] };

/** `0`: ready and of the new revision; then what is otherwise: `0 old`, `1 unready`, `2 leaving`, `0 failed`, `1 pending`. */
function pod(words: string, of = set()): Pod {
  const [ordinal = '', ...marks] = words.split(' ');
  const made = newVersionedReplica(of, current, update, Number(ordinal));
  const is = (mark: string) => marks.includes(mark);
  const phase = is('failed') ? 'Failed' : is('succeeded') ? 'Succeeded' : is('pending') ? 'Pending' : 'Running';
  const ready = phase === 'Running' && !is('unready');
  return {
    ...made,
    metadata: { ...made.metadata, uid: `p${ordinal}`, labels: { ...made.metadata.labels, ...(is('nameless') && { 'statefulset.kubernetes.io/pod-name': 'x' }), 'controller-revision-hash': is('old') ? 'web-old' : 'web-new' }, ...(is('leaving') && { deletionTimestamp: '2026-01-01T00:00:00Z' }) },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: is('fresh') ? '2026-01-01T00:00:55Z' : '2026-01-01T00:00:00Z' }] },
  } as Pod;
}

const nowUs = 60_000_000;
const claim = (name: string, more: object = {}): Claim => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default', uid: `c-${name}`, ...more }, spec: {} }) as unknown as Claim;
const nameOf = ({ name, body }: ControllerRequest) => name ?? (body as Pod).metadata.name;

/** What it asks for, step by step, where all goes well but what `refuse` names; then the events. */
function run(of: StatefulSet, pods: readonly string[], { claims = [], refuse }: { readonly claims?: readonly Claim[]; readonly refuse?: string } = {}): readonly string[] {
  const there = pods.map((words) => pod(words, of));
  const answered: (readonly Answer[])[] = [];
  const said: string[] = [];
  for (;;) {
    const now = advance((told) => bringForward({ ...told, set: of, claims: new Map(claims.map((one) => [one.metadata.name, one])), nowUs }, there, { current, update, collisionCount: 0 }), answered);
    said.push(...now.events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`));
    if (now.asks === undefined) return now.result.error === undefined ? said : [...said, `error: ${now.result.error}`];
    said.push(now.asks.map((asked) => `${asked.verb} ${nameOf(asked)}`).join(', '));
    answered.push(now.asks.map((asked) => (nameOf(asked) === refuse ? { ok: false, code: 403, body: { kind: 'Status', message: 'no' } as never } : { ok: true, code: 200, body: undefined })));
  }
}
const calls = (...given: Parameters<typeof run>) => run(...given).filter((line) => !/^(Normal|Warning) /.test(line));

describe('names', () => {
  test.each([['web-0', 'web', 0], ['a-b-12', 'a-b', 12], ['web', '', -1], ['web-x', '', -1], ['web-2147483648', 'web', -1], ['-3', '', 3]])('%s', (name, parent, ordinal) => {
    expect(parentAndOrdinal(name)).toEqual({ parent, ordinal });
  });
});

test('a replica has its name, its labels, its host and its claims; a volume of the template that is called as a claim gives way', () => {
  const made = newVersionedReplica(set(claimTemplates), current, update, 2);
  expect(made).toMatchObject({
    metadata: {
      name: 'web-2', generateName: 'web-', namespace: 'default', ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid: 's', controller: true, blockOwnerDeletion: true }],
      labels: { app: 'web', 'statefulset.kubernetes.io/pod-name': 'web-2', 'apps.kubernetes.io/pod-index': '2', 'controller-revision-hash': 'web-new' },
    },
    spec: { hostname: 'web-2', subdomain: 'nginx', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-2' } }, { name: 'own', emptyDir: {} }], containers: [{ image: 'web:2' }] },
  });
  expect(storageMatches(set(claimTemplates), made)).toBe(true);
  expect(storageMatches(set(claimTemplates), newVersionedReplica(set(), current, update, 2))).toBe(false);
  expect(newVersionedReplica(set({ serviceName: '' }), current, update, 0).spec).not.toHaveProperty('subdomain');
});

describe('the revision of a new Pod', () => {
  test.each<[string, Partial<StatefulSetSpec>, Partial<StatefulSetStatus> | undefined, number, string]>([
    ['below the partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, undefined, 1, 'web-old'],
    ['at the partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, undefined, 2, 'web-new'],
    ['the partition counts from the first ordinal', { ordinals: { start: 5 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, undefined, 6, 'web-old'],
    ['without a partition those that were old stay so', { updateStrategy: { type: 'RollingUpdate' } }, { currentReplicas: 1 }, 0, 'web-old'],
    ['and no others', { updateStrategy: { type: 'RollingUpdate' } }, { currentReplicas: 1 }, 1, 'web-new'],
    ['on delete', { updateStrategy: { type: 'OnDelete' } }, { currentReplicas: 3 }, 0, 'web-new'],
  ])('%s', (_title, spec, status, ordinal, revision) => expect(newVersionedReplica(set(spec, status), current, update, ordinal).metadata.labels?.['controller-revision-hash']).toBe(revision));
});

describe('one after the other', () => {
  test.each<[string, Partial<StatefulSetSpec>, readonly string[], readonly string[]]>([
    ['the first is made', {}, [], ['create web-0']],
    ['the next waits until it is ready', {}, ['0 unready'], []],
    ['and until it is available', { minReadySeconds: 10 }, ['0 fresh'], []],
    ['then it is made', {}, ['0'], ['create web-1']],
    ['a gap is filled first', {}, ['0', '2'], ['create web-1']],
    ['numbers may begin elsewhere', { ordinals: { start: 7 } }, ['7'], ['create web-8']],
    ['what has failed is deleted', {}, ['0', '1 failed', '2'], ['delete web-1']],
    ['what has succeeded too', {}, ['0 succeeded'], ['delete web-0']],
    ['what leaves is waited for', {}, ['0', '1 leaving'], []],
    ['what has failed and leaves too', {}, ['0 failed leaving'], []],
    ['the last goes first', { replicas: 1 }, ['0', '1', '2'], ['delete web-2']],
    ['it is waited for', { replicas: 1 }, ['0', '1', '2 leaving'], []],
    ['an unready one holds back those that are to go', { replicas: 1 }, ['0', '1 unready', '2'], ['delete web-2']],
    ['but not itself', { replicas: 1 }, ['0', '1 unready'], ['delete web-1']],
    ['one that stays and is not ready holds all back', { replicas: 1 }, ['0 unready', '1', '2'], []],
    ['those below the first number go too', { replicas: 1, ordinals: { start: 2 } }, ['0', '1', '2'], ['delete web-1']],
    ['an identity that was lost is given back', { replicas: 1 }, ['0 nameless'], ['update web-0']],
    ['nothing is to be done', {}, ['0', '1', '2'], []],
  ])('%s', (_title, spec, pods, wanted) => expect(calls(set(spec), pods)).toEqual(wanted));
});

describe('all at once', () => {
  const parallel = { podManagementPolicy: 'Parallel' };
  test.each<[string, Partial<StatefulSetSpec>, readonly string[], readonly string[]]>([
    ['in growing batches', { replicas: 5 }, [], ['create web-0', 'create web-1, create web-2', 'create web-3, create web-4']],
    ['whatever the others are', { replicas: 3 }, ['0 unready', '2 leaving'], ['create web-1']],
    ['those too many go together', { replicas: 1 }, ['0 unready', '1', '2', '3 leaving'], ['delete web-2, delete web-1']],
  ])('%s', (_title, spec, pods, wanted) => expect(calls(set({ ...parallel, ...spec }), pods)).toEqual(wanted));
  test('after a batch in which one failed there is none', () => {
    expect(calls(set({ ...parallel, replicas: 5 }), [], { refuse: 'web-1' })).toEqual(['create web-0', 'create web-1, create web-2', 'error: no']);
  });
});

describe('the new template', () => {
  test.each<[string, Partial<StatefulSetSpec>, readonly string[], readonly string[]]>([
    ['takes the last first', {}, ['0 old', '1 old', '2 old'], ['delete web-2']],
    ['then the one before it', {}, ['0 old', '1 old', '2'], ['delete web-1']],
    ['once that is available', { minReadySeconds: 10 }, ['0 old', '1 old', '2 fresh'], []],
    ['not below the partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, ['0 old', '1 old', '2'], []],
    ['nor on delete', { updateStrategy: { type: 'OnDelete' } }, ['0 old', '1 old', '2 old'], []],
    ['and after scaling', { replicas: 2 }, ['0 old', '1 old', '2 old'], ['delete web-2']],
  ])('%s', (_title, spec, pods, wanted) => expect(calls(set(spec), pods)).toEqual(wanted));
});

describe('claims', () => {
  const one = { replicas: 1, ...claimTemplates };
  test('are made before the Pod', () => expect(run(set(one), [])).toEqual([
    'create data-web-0', 'Normal SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web success', 'create web-0', 'Normal SuccessfulCreate: Create Pod web-0 in StatefulSet web successful',
  ]));
  test('stay from Pod to Pod', () => expect(calls(set(one), [], { claims: [claim('data-web-0')] })).toEqual(['create web-0']));
  test('without them there is no Pod', () => expect(run(set(one), [], { refuse: 'data-web-0' })).toEqual([
    'create data-web-0', 'Warning FailedCreate: Create Claim data-web-0 for Pod web-0 in StatefulSet web failed error: no',
    'Warning FailedCreate: Create Pod web-0 in StatefulSet web failed error: failed to create PVC data-web-0: no', 'error: failed to create PVC data-web-0: no',
  ]));
  test('one that is on its way out is waited for', () => expect(calls(set(one), [], { claims: [claim('data-web-0', { deletionTimestamp: '2026-01-01T00:00:00Z' })] })).toEqual(['error: pvc data-web-0 is being deleted']));
  test('a Pod that waits has its missing ones made', () => expect(calls(set(one), ['0 pending'])).toEqual(['create data-web-0']));
  test('are of those who are to take them along', () => {
    const both = set({ ...one, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } });
    expect(calls(both, ['0', '1'], { claims: [claim('data-web-0'), claim('data-web-1')] })).toEqual(['update data-web-0', 'update web-0', 'update data-web-1', 'delete web-1']);
  });
  const [theSet, thePod, old, other] = [['StatefulSet', 'web', 's'], ['Pod', 'web-1', 'p1'], ['Pod', 'web-1', 'before'], ['Job', 'x', 'j']] as const;
  const owners = (...of: readonly (readonly [string, string, string])[]) => claim('data-web-1', { ownerReferences: of.map(([kind, name, uid]) => ({ apiVersion: kind === 'StatefulSet' ? 'apps/v1' : kind === 'Job' ? 'batch/v1' : 'v1', kind, name, uid, controller: true, blockOwnerDeletion: true })) });
  test.each<[string, string, string, number, Claim, readonly string[] | 'up to date']>([
    ['kept', 'Retain', 'Retain', 3, owners(), 'up to date'],
    ['kept: nobody owns it', 'Retain', 'Retain', 3, owners(theSet), []],
    ['deleted with the set', 'Delete', 'Retain', 3, owners(), ['StatefulSet web']],
    ['deleted with the set, though its Pod is scaled away', 'Delete', 'Retain', 1, owners(theSet), 'up to date'],
    ['deleted by scaling, its Pod stays', 'Retain', 'Delete', 3, owners(thePod), []],
    ['deleted by scaling, its Pod goes', 'Retain', 'Delete', 1, owners(), ['Pod web-1']],
    ['deleted by either, its Pod stays', 'Delete', 'Delete', 3, owners(thePod), ['StatefulSet web']],
    ['deleted by either, its Pod goes', 'Delete', 'Delete', 1, owners(theSet), ['Pod web-1']],
    ['of a Pod that was', 'Delete', 'Delete', 3, owners(old), 'up to date'],
    ['of another controller', 'Delete', 'Delete', 3, owners(other), 'up to date'],
    ['of another controller and the set', 'Delete', 'Delete', 3, owners(other, theSet), ['Job x']],
  ])('%s', (_title, whenDeleted, whenScaled, replicas, given, wanted) => {
    const of = set({ ...claimTemplates, replicas, persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } });
    const replica: Replica = pod('1', of);
    const now = isClaimOwnerUpToDate(given, of, replica) ? 'up to date' : (withClaimOwner(given, of, replica).metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind} ${name}`);
    expect(now).toEqual(wanted);
  });
});

describe('the status', () => {
  const status = (of: StatefulSet, ...pods: readonly string[]) => statusOf(of, pods.map((words) => pod(words)), { current, update, collisionCount: 0 }, nowUs);
  test('counts Pods by what they are', () => expect(status(set({ minReadySeconds: 10 }), '0 old', '1 fresh', '2 unready', '3 leaving', '4 pending old')).toEqual({
    observedGeneration: 1, replicas: 5, readyReplicas: 3, availableReplicas: 2, currentReplicas: 2, updatedReplicas: 2, currentRevision: 'web-old', updateRevision: 'web-new', collisionCount: 0,
  }));
  test('when all are new the new revision is the current one', () => {
    expect(completed(set(), status(set(), '0', '1', '2'))).toMatchObject({ currentReplicas: 3, currentRevision: 'web-new' });
    expect(completed(set(), status(set(), '0', '1', '2 unready'))).toMatchObject({ currentRevision: 'web-old' });
    expect(completed(set({ updateStrategy: { type: 'OnDelete' } }), status(set(), '0', '1', '2'))).toMatchObject({ currentRevision: 'web-old' });
  });
  test('is written where it says what is not so, without what is nought', () => {
    const before = status(set({ replicas: 1 }), '0 unready');
    expect(printed(before)).toEqual({ observedGeneration: 1, replicas: 1, availableReplicas: 0, updatedReplicas: 1, currentRevision: 'web-old', updateRevision: 'web-new', collisionCount: 0 });
    expect(isInconsistent(set({}, printed(before)), before)).toBe(false);
    expect(isInconsistent(set({}, printed(before)), status(set(), '0'))).toBe(true);
    expect(isInconsistent(set({}, { ...before, observedGeneration: 0 }), before)).toBe(true);
  });
});
