import { beforeEach, describe, expect, test } from 'vitest';
import type { Deployment, KubeObject, Status } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

const inDefault = { namespace: 'default', user: 'kubernetes-admin' } as const;
const apps = { group: 'apps', resource: 'deployments', ...inDefault } as const;
const config = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', ...metadata },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }, ...spec },
});
const asked = (body: unknown, fieldManager: string, query: object = {}) =>
  ({ verb: 'patch', ...apps, name: 'web', patchType: 'application/apply-patch+yaml', body, query: { fieldManager, ...query } }) as const;
const apply = (body: unknown, manager = 'kubectl', query: object = {}) => bench.ask(asked(body, manager, query));
const applied = (body: unknown, manager = 'kubectl', query: object = {}): Deployment => bench.object<Deployment>(asked(body, manager, query));
const managers = ({ metadata }: KubeObject): readonly string[] => metadata.managedFields!.map(({ manager, operation, subresource = '' }) => `${manager} ${operation}${subresource && ` ${subresource}`}`);
const stored = (): Deployment => bench.object<Deployment>({ verb: 'get', ...apps, name: 'web' });

describe('server-side apply', () => {
  test('makes what is not there, with its defaults, which nobody owns', () => {
    const answer = apply(config());
    expect(answer.code).toBe(201);
    const made = answer.body as Deployment;
    expect(made.spec).toMatchObject({ replicas: 3, revisionHistoryLimit: 10 });
    expect(made.metadata.managedFields).toEqual([{
      manager: 'kubectl', operation: 'Apply', apiVersion: 'apps/v1', time: made.metadata.creationTimestamp, fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:selector': {}, 'f:template': { 'f:metadata': { 'f:labels': { 'f:app': {} } }, 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } } } },
    }]);
  });
  test('of the same again is no write', () => {
    const first = applied(config());
    bench.run(2);
    expect(applied(config())).toEqual(first);
  });
  test('lets go of what it no longer lists: the default comes back', () => {
    applied(config());
    const next = applied(config({ replicas: undefined, paused: true }));
    expect([next.spec.replicas, next.spec.paused, next.metadata.generation]).toEqual([1, true, 2]);
  });
  test('meets who changed its field otherwise: a conflict names them, force takes the field', () => {
    applied(config());
    bench.object({ verb: 'patch', ...apps, name: 'web', patchType: 'application/merge-patch+json', body: { spec: { replicas: 5 } }, query: { fieldManager: 'kubectl-edit' } });
    expect(managers(stored())).toEqual(['kubectl Apply', 'kubectl-edit Update']);
    const refused = apply(config()).body as Status;
    expect(refused).toEqual({
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Conflict', code: 409,
      message: 'Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl-edit" using apps/v1', field: '.spec.replicas' }] },
    });
    expect(stored().spec.replicas).toBe(5);
    const forced = applied(config(), 'kubectl', { force: true });
    expect([forced.spec.replicas, managers(forced)]).toEqual([3, ['kubectl Apply']]);
  });
  test('of a scale is found through its subresource', () => {
    applied(config());
    bench.object({ verb: 'patch', ...apps, name: 'web', subresource: 'scale', patchType: 'application/merge-patch+json', body: { spec: { replicas: 7 } }, query: { fieldManager: 'hpa' } });
    expect((apply(config()).body as Status).message).toBe('Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas');
  });
  test('by kubectl takes over what kubectl applied from the client, and keeps its annotation current', () => {
    const last = JSON.stringify(config());
    bench.object({ verb: 'create', ...apps, body: config({}, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': last } }), query: { fieldManager: 'kubectl-client-side-apply' } });
    const next = applied(config({ replicas: 4 }));
    expect(next.spec.replicas).toBe(4);
    expect(JSON.parse(next.metadata.annotations!['kubectl.kubernetes.io/last-applied-configuration']!)).toMatchObject({ spec: { replicas: 4 } });
    expect((apply(config({ replicas: 2 }), 'argocd').body as Status).message).toBe('Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas');
  });
  test('of a status owns the status alone', () => {
    applied(config());
    const next = bench.object<Deployment>({ ...asked({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 9 }, status: { conditions: [{ type: 'Mine', status: 'True', lastUpdateTime: null }] } }, 'me'), subresource: 'status' } as never);
    expect([next.spec.replicas, managers(next)]).toEqual([3, ['kubectl Apply', 'me Apply status']]);
    expect(next.metadata.managedFields![1]!.fieldsV1).toMatchObject({ 'f:status': { 'f:conditions': { 'k:{"type":"Mine"}': { '.': {} } } } });
  });
  test('as a dry run is told what would be, and nothing is', () => {
    expect(applied(config(), 'kubectl', { dryRun: 'All' }).spec.revisionHistoryLimit).toBe(10);
    expect(bench.refusal({ verb: 'get', ...apps, name: 'web' })).toBe('404 deployments.apps "web" not found');
  });
  test.each<[string, unknown, object, string]>([
    ['without a manager', config(), { fieldManager: undefined }, '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'],
    ['of another version', { ...config(), apiVersion: 'apps/v1beta1' }, {}, '400 Incorrect version specified in apply patch. Specified patch version: apps/v1beta1, expected: apps/v1'],
    ['with bookkeeping', config({}, { managedFields: [] }), {}, '400 metadata.managedFields must be nil'],
    ['of a field that is none', config({ colour: 'red' }), {}, '500 failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.colour: field not declared in schema'],
    ['with a uid of what is gone', config({}, { uid: 'x' }), {}, '409 Operation cannot be fulfilled on deployments.apps "web": uid mismatch: the provided object specified uid x, and no existing object was found'],
    ['of a value that is none', config({ replicas: -1 }), {}, '422 Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ])('%s is refused', (_what, body, query, expected) => expect(bench.refusal(asked(body, 'kubectl', query))).toBe(expected));
});

describe('the bookkeeping of a user', () => {
  const patch = (managedFields: unknown) => bench.object<Deployment>({ verb: 'patch', ...apps, name: 'web', patchType: 'application/merge-patch+json', body: { metadata: { managedFields } } });
  test('may be rewritten, as kubectl does when it migrates', () => {
    const [entry] = applied(config(), 'old').metadata.managedFields!;
    expect(managers(patch([{ ...entry, manager: 'new' }]))).toEqual(['new Apply']);
  });
  test('is wiped by one empty entry, and begins again with who applies next', () => {
    applied(config(), 'old');
    expect(patch([{}]).metadata.managedFields).toEqual([]);
    expect(managers(bench.object<Deployment>(asked(config({ replicas: 3 }), 'next')))).toEqual(['next Apply', 'before-first-apply Update']);
  });
  test('stays where what is brought is none', () => {
    applied(config(), 'old');
    expect(managers(patch([{ manager: 'x' }]))).toEqual(['old Apply']);
  });
});
