import { beforeEach, describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

type Ask = Partial<ApiRequest> & Pick<ApiRequest, 'verb'>;
type Custom = KubeObject & { readonly spec?: Record<string, unknown>; readonly status?: Record<string, unknown> };

const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' } as const;
const tabs = { group: 'stable.example.com', version: 'v1', resource: 'crontabs', namespace: 'default' } as const;
const schema = (spec: object, more: object = {}) => ({ openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: spec, ...more }, status: { type: 'object', properties: { replicas: { type: 'integer' }, labelSelector: { type: 'string' } } } } } });
const cronSpec = schema({ cronSpec: { type: 'string' }, image: { type: 'string', default: 'cron:1' }, replicas: { type: 'integer', minimum: 1, maximum: 10 } });
const version = (name: string, more: object = {}) => ({ name, served: true, storage: true, schema: cronSpec, ...more });
const definition = (spec: object = {}, names: object = {}): Definition => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'crontabs.stable.example.com' },
  spec: { group: 'stable.example.com', scope: 'Namespaced', names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'], ...names }, versions: [version('v1')], ...spec },
} as Definition);
const tab = (name: string, spec: object = {}, more: object = {}) => ({ apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name }, spec, ...more });
const define = (one: Definition = definition()): Definition => {
  bench.object({ verb: 'create', ...definitions, body: one });
  bench.run(3);
  return bench.object<Definition>({ verb: 'get', ...definitions, name: one.metadata.name });
};
const ask = (asked: Ask) => bench.ask({ ...tabs, ...asked });
const made = (asked: Ask): Custom => bench.object<Custom>({ ...tabs, ...asked });
const create = (name: string, spec: object = {}, more: object = {}): Custom => made({ verb: 'create', body: tab(name, spec, more) });
const refusal = (asked: Ask): string => bench.refusal({ ...tabs, ...asked });

describe('a definition', () => {
  test('is established as soon as its names are accepted', () => {
    const created = bench.object<Definition>({ verb: 'create', ...definitions, body: definition() });
    expect(created).toMatchObject({ metadata: { generation: 1 }, spec: { names: { singular: 'crontab', listKind: 'CronTabList' }, conversion: { strategy: 'None' } } });
    expect(created.status).toEqual({ conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] });
    bench.run(1);
    const { status } = bench.object<Definition>({ verb: 'get', ...definitions, name: 'crontabs.stable.example.com' });
    expect(status).toMatchObject({
      acceptedNames: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList', shortNames: ['ct'] },
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
      ],
    });
  });
  test('whose names are taken is not served until they are free', () => {
    define();
    const rival = { ...definition({}, { plural: 'others', kind: 'Other', shortNames: ['ct'] }), metadata: { name: 'others.stable.example.com' } };
    expect(define(rival).status?.conditions).toMatchObject([{ type: 'NamesAccepted', status: 'False', reason: 'ShortNamesConflict', message: '"ct" is already in use' }, { type: 'Established', status: 'False', reason: 'NotAccepted' }]);
    expect(bench.refusal({ verb: 'list', ...tabs, resource: 'others' })).toBe('404 the server could not find the requested resource');
    bench.object({ verb: 'delete', ...definitions, name: 'crontabs.stable.example.com' });
    bench.run(3);
    expect(bench.object<Definition>({ verb: 'get', ...definitions, name: 'others.stable.example.com' }).status?.conditions).toMatchObject([{ status: 'True' }, { type: 'Established', status: 'True' }]);
  });
  test('goes when its objects are gone, and nothing new is made meanwhile', () => {
    define();
    create('one');
    create('held', {}, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    expect(bench.object<Definition>({ verb: 'delete', ...definitions, name: 'crontabs.stable.example.com' })).toMatchObject({ metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } });
    bench.run(1);
    expect(bench.names(tabs)).toEqual(['held']);
    expect(refusal({ verb: 'create', body: tab('late') })).toBe('403 crontabs.stable.example.com "late" is forbidden: create not allowed while custom resource definition is terminating');
    expect(bench.object<Definition>({ verb: 'get', ...definitions, name: 'crontabs.stable.example.com' }).status?.conditions?.at(-1)).toMatchObject({ type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' });
    made({ verb: 'patch', name: 'held', patchType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
    bench.run(6);
    expect(bench.ask({ verb: 'get', ...definitions, name: 'crontabs.stable.example.com' }).code).toBe(404);
    expect(refusal({ verb: 'list' })).toBe('404 the server could not find the requested resource');
  });
  test('is found by what it names, in the order of versions', () => {
    define(definition({ versions: [version('v1beta1', { storage: false }), version('v1', { subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } } }), version('v2', { served: false, storage: false })] }, { categories: ['all'] }));
    const { items } = bench.ask({ verb: 'discover', resource: '' }).body as unknown as DiscoveryDocument;
    const group = items.at(-1)!;
    expect([group.metadata.name, group.versions.map((one) => one.version)]).toEqual(['stable.example.com', ['v1', 'v1beta1']]);
    expect(group.versions[0]!.resources[0]).toMatchObject({ resource: 'crontabs', singularResource: 'crontab', shortNames: ['ct'], categories: ['all'], scope: 'Namespaced', subresources: [{ subresource: 'status' }, { subresource: 'scale', responseKind: { kind: 'Scale' } }] });
  });
  test('is known again after the server has started again', () => {
    define();
    create('one');
    bench.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-apiserver', crash: true });
    bench.world.dispatch({ type: 'start-process', address: 'control-plane-1/kube-apiserver' });
    bench.run(2);
    expect(bench.names(tabs)).toEqual(['one']);
  });
});

describe('a custom resource', () => {
  beforeEach(() => { define(); });
  test('is made with its defaults, pruned, and counts what it asks for', () => {
    const { code, body, warnings } = ask({ verb: 'create', body: tab('one', { cronSpec: '* * * * *', colour: 'red' }) });
    expect([code, warnings]).toEqual([201, ['unknown field "spec.colour"']]);
    expect(body).toMatchObject({ metadata: { generation: 1, namespace: 'default' }, spec: { cronSpec: '* * * * *', image: 'cron:1' } });
    expect((body as Custom).spec).not.toHaveProperty('colour');
    const patched = made({ verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { spec: { replicas: 3 } } });
    expect([patched.metadata.generation, made({ verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { metadata: { labels: { a: 'b' } } } }).metadata.generation]).toEqual([2, 2]);
    expect(made({ verb: 'get', name: 'one' })).toMatchObject({ spec: { replicas: 3 }, metadata: { labels: { a: 'b' } } });
  });
  test.each<[string, object, object, string]>([
    ['beyond its bounds', { replicas: 11 }, {}, '422 CronTab.stable.example.com "x" is invalid: spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10'],
    ['of the wrong type', { cronSpec: 5 }, {}, '422 CronTab.stable.example.com "x" is invalid: spec.cronSpec: Invalid value: "integer": spec.cronSpec in body must be of type string: "integer"'],
    ['with an unknown field, strictly', { colour: 'red' }, { fieldValidation: 'Strict' }, '400 CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.colour"'],
  ])('%s is refused', (_what, spec, query, expected) => expect(refusal({ verb: 'create', query, body: tab('x', spec) })).toBe(expected));
  test('is not patched strategically', () => {
    create('one');
    expect(refusal({ verb: 'patch', name: 'one', patchType: 'application/strategic-merge-patch+json', body: {} })).toBe('415 the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
  });
  test('must say what it replaces', () => {
    create('one');
    expect(refusal({ verb: 'update', name: 'one', body: tab('one') })).toBe('422 CronTab.stable.example.com "one" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update');
  });
  test('is listed, page by page, selected and watched', () => {
    const watch = bench.send({ verb: 'watch', ...tabs });
    for (const name of ['a', 'b', 'c']) create(name, {}, { metadata: { name, labels: { odd: String(name !== 'b') } } });
    expect(bench.names({ ...tabs, query: { labelSelector: 'odd=true' } })).toEqual(['a', 'c']);
    const first = bench.object<{ kind: string; metadata: { continue: string; remainingItemCount: number }; items: Custom[] }>({ verb: 'list', ...tabs, query: { limit: 2 } });
    expect([first.kind, first.items.length, first.metadata.remainingItemCount]).toEqual(['CronTabList', 2, 1]);
    expect(bench.names({ ...tabs, query: { limit: 2, continue: first.metadata.continue } })).toEqual(['c']);
    made({ verb: 'delete', name: 'a' });
    expect(bench.object<Status>({ verb: 'deletecollection', ...tabs })).toMatchObject({ items: [{ metadata: { name: 'b' } }, { metadata: { name: 'c' } }] });
    bench.run(1);
    expect([...bench.heard.frames[watch]!].sort()).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'DELETED a', 'DELETED b', 'DELETED c']);
    expect(refusal({ verb: 'list', query: { fieldSelector: 'spec.image=x' } })).toBe('400 field label not supported: spec.image');
  });
  test('waits where its kind is two seconds young', () => {
    const fresh = new Bench();
    fresh.object({ verb: 'create', ...definitions, body: definition() });
    fresh.run(0.2);
    const before = fresh.world.nowUs;
    fresh.object({ verb: 'create', ...tabs, body: tab('one') });
    expect(fresh.world.nowUs - before).toBeGreaterThanOrEqual(2_000_000);
  });
});
