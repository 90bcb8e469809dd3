import { beforeEach, describe, expect, test } from 'vitest';
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
  test('of the community says whether it was approved', () => {
    const name = 'crontabs.apps.k8s.io';
    const approve = (said: string) => ({ ...definition({ group: 'apps.k8s.io' }), metadata: { name, annotations: { 'api-approved.kubernetes.io': said } } } as Definition);
    const condition = () => bench.object<Definition>({ verb: 'get', ...definitions, name }).status?.conditions?.find(({ type }) => type === 'KubernetesAPIApprovalPolicyConformant');
    define(approve('unapproved, a test'));
    expect(condition()).toMatchObject({ status: 'False', reason: 'UnapprovedAnnotation', message: 'not approved: "unapproved, a test"' });
    bench.object({ verb: 'patch', ...definitions, name, patchType: 'application/merge-patch+json', body: { metadata: { annotations: { 'api-approved.kubernetes.io': 'https://example.com/1' } } } });
    bench.run(1);
    expect(condition()).toMatchObject({ status: 'True', reason: 'ApprovedAnnotation', message: 'approved in https://example.com/1' });
  });
  test('is found by what it names, in the order of versions', () => {
    define(definition({ versions: [version('v1beta1', { storage: false }), version('v1', { subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } } }), version('v2', { served: false, storage: false })] }, { categories: ['all'] }));
    const { items } = bench.ask({ verb: 'discover', resource: '' }).body as unknown as DiscoveryDocument;
    const group = items.at(-1)!;
    expect([group.metadata.name, group.versions.map((one) => one.version)]).toEqual(['stable.example.com', ['v1', 'v1beta1']]);
    expect(group.versions[0]!.resources[0]).toMatchObject({ resource: 'crontabs', singularResource: 'crontab', shortNames: ['ct'], categories: ['all'], scope: 'Namespaced', subresources: [{ subresource: 'status' }, { subresource: 'scale', responseKind: { kind: 'Scale' } }] });
  });
  test('is registered as an APIService beside the server\'s own, until it goes', () => {
    const services = { group: 'apiregistration.k8s.io', resource: 'apiservices' } as const;
    const conditions = (name: string) => bench.object<Definition>({ verb: 'get', ...services, name }).status?.conditions;
    define();
    expect(bench.names(services)).toEqual(expect.arrayContaining(['v1.', 'v1.apps', 'v2.autoscaling', 'v1.stable.example.com']));
    for (const name of ['v1.apps', 'v1.stable.example.com']) expect(conditions(name)).toMatchObject([{ type: 'Available', status: 'True', reason: 'Local', message: 'Local APIServices are always available' }]);
    bench.object({ verb: 'delete', ...definitions, name: 'crontabs.stable.example.com' });
    bench.run(2);
    expect(bench.names(services)).not.toContain('v1.stable.example.com');
  });
  test('ends the watches of its objects when it changes, and when it goes', () => {
    define();
    const change = (body: object): void => { bench.object({ verb: 'patch', ...definitions, name: 'crontabs.stable.example.com', patchType: 'application/merge-patch+json', body }); };
    const first = bench.send({ verb: 'watch', ...tabs });
    change({ metadata: { labels: { a: 'b' } } });
    bench.run(1);
    expect(bench.heard.frames[first]).toBe(undefined);
    change({ spec: { names: { shortNames: ['ct', 'tab'] } } });
    bench.run(1);
    expect(bench.heard.frames[first]).toEqual(['CLOSED closed']);
    const second = bench.send({ verb: 'watch', ...tabs });
    bench.run(1);
    bench.object({ verb: 'delete', ...definitions, name: 'crontabs.stable.example.com' });
    bench.run(2);
    expect(bench.heard.frames[second]).toEqual(['CLOSED closed']);
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
  test('is gone when it is deleted', () => {
    create('one');
    expect(ask({ verb: 'delete', name: 'one' }).body).toMatchObject({ status: 'Success', details: { name: 'one', group: 'stable.example.com', kind: 'crontabs' } });
    expect(ask({ verb: 'get', name: 'one' }).code).toBe(404);
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

describe('a custom resource with more', () => {
  const subresources = { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.labelSelector' } };
  const merge = (name: string, body: object, more: Partial<ApiRequest> = {}): Custom => made({ verb: 'patch', name, patchType: 'application/merge-patch+json', body, ...more });

  test('keeps its status apart from what it asks for', () => {
    define(definition({ versions: [version('v1', { subresources })] }));
    expect(create('one', { replicas: 2 }, { status: { replicas: 9 } })).not.toHaveProperty('status');
    const told = merge('one', { status: { replicas: 2 }, spec: { replicas: 7 }, metadata: { labels: { a: 'b' } } }, { subresource: 'status' });
    expect([told.status, told.spec, told.metadata.labels, told.metadata.generation]).toEqual([{ replicas: 2 }, { replicas: 2, image: 'cron:1' }, undefined, 1]);
    expect(merge('one', { status: { replicas: 5 } }).status).toEqual({ replicas: 2 });
    expect(refusal({ verb: 'patch', name: 'one', subresource: 'status', patchType: 'application/merge-patch+json', body: { status: { replicas: 'many' } } })).toBe('422 CronTab.stable.example.com "one" is invalid: [status.replicas: Invalid value: "string": replicas in body must be of type integer: "string", .status.replicas: Invalid value: 0: .status.replicas accessor error: "many" is of the type string, expected int64]');
  });
  test('is scaled', () => {
    define(definition({ versions: [version('v1', { subresources })] }));
    create('one', { replicas: 2 });
    merge('one', { status: { replicas: 2, labelSelector: 'app=one' } }, { subresource: 'status' });
    expect(made({ verb: 'get', name: 'one', subresource: 'scale' })).toMatchObject({ apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 2, selector: 'app=one' } });
    const scale = made({ verb: 'get', name: 'one', subresource: 'scale' });
    expect(made({ verb: 'update', name: 'one', subresource: 'scale', body: { ...scale, spec: { replicas: 4 } } })).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect(made({ verb: 'get', name: 'one' })).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } });
    expect(refusal({ verb: 'get', name: 'one', subresource: 'log' })).toBe('404 crontabs.stable.example.com "one" not found');
  });
  test('is one stored object in all versions, and stored anew by the next write', () => {
    const versions = (storage: string) => ({ versions: ['v1', 'v2'].map((name) => version(name, { storage: name === storage })) });
    define(definition(versions('v1')));
    create('one', { replicas: 2 });
    const key = '/registry/stable.example.com/crontabs/default/one';
    const kept = (): string => ([...bench.etcd.store.directories.values()].flatMap((directory) => [...directory.values()]).find((kv) => kv.key === key)!.value as Custom).apiVersion;
    expect([made({ verb: 'get', name: 'one', version: 'v2' }).apiVersion, kept()]).toEqual(['stable.example.com/v2', 'stable.example.com/v1']);
    bench.object({ verb: 'patch', ...definitions, name: 'crontabs.stable.example.com', patchType: 'application/merge-patch+json', body: { spec: versions('v2') } });
    bench.run(1);
    expect(bench.object<Definition>({ verb: 'get', ...definitions, name: 'crontabs.stable.example.com' }).status?.storedVersions).toEqual(['v1', 'v2']);
    const same = made({ verb: 'get', name: 'one' });
    made({ verb: 'update', name: 'one', body: same });
    expect([kept(), made({ verb: 'get', name: 'one' }).metadata.generation]).toEqual(['stable.example.com/v2', 1]);
  });
  test('[Conformance] custom resource defaulting for requests and from storage works', () => {
    const withDefaults = (fields: Record<string, object>) => ({ versions: [version('v1', { schema: { openAPIV3Schema: { type: 'object', properties: Object.fromEntries(['a', 'b'].map((name) => [name, { type: 'string', ...fields[name] }])) } } })] });
    const change = (fields: Record<string, object>): void => {
      bench.object({ verb: 'patch', ...definitions, name: 'crontabs.stable.example.com', patchType: 'application/merge-patch+json', body: { spec: withDefaults(fields) } });
      bench.run(1);
    };
    define(definition(withDefaults({})));
    expect(create('first')).not.toHaveProperty('a');
    change({ a: { default: 'A' } });
    expect(made({ verb: 'get', name: 'first' })).toMatchObject({ a: 'A' });
    expect(create('second')).toMatchObject({ a: 'A' });
    change({ b: { default: 'B' } });
    expect(made({ verb: 'get', name: 'second' })).toMatchObject({ a: 'A', b: 'B' });
    expect(made({ verb: 'get', name: 'first' })).toMatchObject({ b: 'B' });
    expect(made({ verb: 'get', name: 'first' })).not.toHaveProperty('a');
  });
  test('[Conformance] CustomResourceFieldSelectors list and watch custom resources matching the field selector', () => {
    define(definition({ versions: [version('v1', { selectableFields: [{ jsonPath: '.spec.image' }] })] }));
    const watch = bench.send({ verb: 'watch', ...tabs, query: { fieldSelector: 'spec.image=red' } });
    create('a', { image: 'red' });
    create('b', { image: 'blue' });
    expect(bench.names({ ...tabs, query: { fieldSelector: 'spec.image=red' } })).toEqual(['a']);
    merge('a', { spec: { image: 'blue' } });
    merge('b', { spec: { image: 'red' } });
    bench.object({ verb: 'deletecollection', ...tabs, query: { fieldSelector: 'spec.image=red' } });
    bench.run(1);
    expect(bench.heard.frames[watch]).toEqual(['ADDED a', 'DELETED a', 'ADDED b', 'DELETED b']);
    expect(bench.names(tabs)).toEqual(['a']);
  });
  test('is applied by several, each with their items of a map', () => {
    const ports = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, port: { type: 'integer' } } } };
    define(definition({ versions: [version('v1', { schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { ports } } } } } })] }));
    const apply = (fieldManager: string, items: readonly object[]) => ask({ verb: 'patch', name: 'one', patchType: 'application/apply-patch+yaml', body: tab('one', { ports: items }), query: { fieldManager } });
    expect(apply('one', [{ name: 'a', port: 1 }]).code).toBe(201);
    expect((apply('two', [{ name: 'b', port: 2 }]).body as Custom).spec).toEqual({ ports: [{ name: 'a', port: 1 }, { name: 'b', port: 2 }] });
    expect((apply('two', [{ name: 'a', port: 3 }]).body as Status).message).toBe('Apply failed with 1 conflict: conflict with "one": .spec.ports[name="a"].port');
    const entry = made({ verb: 'get', name: 'one' }).metadata.managedFields!.find(({ manager }) => manager === 'two')!;
    expect([entry.apiVersion, entry.fieldsV1]).toEqual(['stable.example.com/v1', { 'f:spec': { 'f:ports': { 'k:{"name":"b"}': { '.': {}, 'f:name': {}, 'f:port': {} } } } }]);
    expect((apply('three', [{ name: 'x', colour: 1 }]).body as Status).message).toContain('.spec.ports[name="x"].colour: field not declared in schema');
  });
  test('is held to rules in CEL, also about how it changes', () => {
    const rules = [{ rule: '!has(oldSelf.replicas) || self.replicas >= oldSelf.replicas', message: 'may only grow' }];
    define(definition({ versions: [version('v1', { schema: schema({ replicas: { type: 'integer' } }, { 'x-kubernetes-validations': rules }) })] }));
    create('one', { replicas: 3 });
    expect(refusal({ verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { spec: { replicas: 2 } } })).toBe('422 CronTab.stable.example.com "one" is invalid: spec: Invalid value: may only grow');
    expect(merge('one', { spec: { replicas: 4 } }).spec).toEqual({ replicas: 4 });
  });
  test('of the cluster, in a version that is going, is made with a warning', () => {
    define(definition({ scope: 'Cluster', versions: [version('v1beta1', { deprecated: true, storage: false }), version('v1')] }));
    const answer = bench.ask({ verb: 'create', group: tabs.group, version: 'v1beta1', resource: 'crontabs', body: { ...tab('one'), apiVersion: 'stable.example.com/v1beta1' } });
    expect([answer.code, answer.warnings]).toEqual([201, ['stable.example.com/v1beta1 CronTab is deprecated; use stable.example.com/v1 CronTab']]);
    expect(refusal({ verb: 'get', name: 'one' })).toBe('404 the server could not find the requested resource');
  });
});
