import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const;
const apps = { group: 'apps', version: 'v1', namespace: 'default' } as const;
const core = { group: '', version: 'v1', namespace: 'default' } as const;
const rule = (resources: readonly string[], operations = ['CREATE', 'UPDATE'], apiGroups = ['']) => ({ resourceRules: [{ apiGroups, apiVersions: ['v1'], operations, resources }] });
const writes = (kind: string, resource: string, name: string, spec: object) => ({ verb: 'create', ...admission, resource, body: { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, spec } }) as const;
const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const policy = (name: string, spec: object) => writes('MutatingAdmissionPolicy', 'mutatingadmissionpolicies', name, { matchConstraints: rule(['configmaps']), reinvocationPolicy: 'Never', ...spec });

function enact(name: string, spec: object, bound: object = {}): void {
  bench.object(policy(name, spec));
  bench.object(writes('MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings', name, { policyName: name, ...bound }));
  bench.run(1);
}

const configMap = (name: string, data: object = {}, metadata: object = {}) => ({ verb: 'create', ...core, resource: 'configmaps', body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data } }) as const;
const deployment = (replicas = 2) => ({ verb: 'create', ...apps, resource: 'deployments', body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } } } } }) as const;

beforeEach(() => { bench = new Bench(); });

describe('MutatingAdmissionPolicy', () => {
  test('merges what is applied as server-side apply does, and fills it with defaults', () => {
    enact('sidecar', {
      matchConstraints: rule(['deployments'], ['CREATE'], ['apps']), variables: [{ name: 'image', expression: 'object.spec.template.spec.containers[0].image' }],
      mutations: [apply('Object{metadata: Object.metadata{annotations: {"mutated-by": "admission-policy"}}, spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "mesh", image: variables.image}]}}}}')],
    });
    const made = bench.object(deployment()) as KubeObject & { spec: { template: { spec: { containers: object[] } } } };
    expect(made.metadata.annotations).toEqual({ 'mutated-by': 'admission-policy' });
    expect(made.spec.template.spec.containers).toMatchObject([{ name: 'web' }, { name: 'mesh', image: 'nginx:1.27', imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log' }]);
  });

  test('patches, where the test of a patch leaves the object alone', () => {
    enact('patches', { mutations: [
      patch('[JSONPatch{op: "add", path: "/metadata/labels", value: {"first": "yes"}}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/kind"), value: "map"}]'),
      patch('[JSONPatch{op: "test", path: "/data/a", value: "other"}, JSONPatch{op: "add", path: "/data/never", value: "x"}]'),
      patch('has(object.metadata.labels.first) ? [JSONPatch{op: "add", path: "/data/seen", value: "the one before"}] : []'),
    ] });
    expect(bench.object(configMap('a', { a: '1' }))).toMatchObject({ metadata: { labels: { first: 'yes', 'example.com/kind': 'map' } }, data: { a: '1', seen: 'the one before' } });
  });

  test('changes updates, by what was there and for whom the conditions say', () => {
    enact('count', { matchConstraints: rule(['configmaps'], ['UPDATE']), matchConditions: [{ name: 'admin', expression: "request.userInfo.username == 'kubernetes-admin'" }], mutations: [apply('Object{metadata: Object.metadata{annotations: {"was": has(oldObject.data.a) ? oldObject.data.a : "nothing"}}}')] });
    bench.object(configMap('a', { a: '1' }));
    bench.run(1);
    const change = (a: string, user: string) => bench.object({ verb: 'patch', ...core, resource: 'configmaps', name: 'a', user, patchType: 'application/merge-patch+json', body: { data: { a } } });
    expect(change('2', 'kubernetes-admin').metadata.annotations).toEqual({ was: '1' });
    bench.run(1);
    expect(change('3', 'kubernetes-super-admin').metadata.annotations).toEqual({ was: '1' });
  });

  test('takes parameters, once for each object', () => {
    bench.object(configMap('one', { key: 'a' }, { labels: { role: 'params' } }));
    bench.object(configMap('two', { key: 'b' }, { labels: { role: 'params' } }));
    enact('labels', { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, mutations: [apply('Object{metadata: Object.metadata{labels: {params.data.key: params.metadata.name}}}')] }, { paramRef: { selector: { matchLabels: { role: 'params' } }, parameterNotFoundAction: 'Deny' }, matchResources: rule(['configmaps'], ['CREATE']) });
    expect(bench.object(configMap('x')).metadata.labels).toEqual({ a: 'one', b: 'two' });
  });

  test('asks those again that want it, when a later one has changed the object', () => {
    const mark = (name: string) => [patch(`[JSONPatch{op: "add", path: "/data/${name}", value: has(object.data.${name}) ? object.data.${name} + "+" : "1"}]`)];
    enact('a-again', { reinvocationPolicy: 'IfNeeded', mutations: mark('again') });
    enact('b-once', { mutations: mark('once') });
    expect(bench.object(configMap('x', { given: 'yes' }))).toMatchObject({ data: { again: '1+', once: '1' } });
  });

  test.each<[string, object, string]>([
    ['a field that no type has', { mutations: [apply('Object{dataa: {"a": "b"}}')] }, '403 policy \'p\' with binding \'p\' denied request: error applying patch: failed to convert patch object to typed object: .dataa: field not declared in schema'],
    ['an atomic field', { matchConstraints: rule(['deployments'], ['CREATE'], ['apps']), mutations: [apply('Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {"a": "b"}}}}')] }, '403 policy \'p\' with binding \'p\' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector'],
    ['a type at the wrong place', { mutations: [apply('Object{metadata: Object.meta{}}')] }, '403 policy \'p\' with binding \'p\' denied request: type mismatch: unexpected type name "Object.meta", expected "Object.metadata", which matches field name path from root Object type'],
    ['an expression that fails', { mutations: [patch('[JSONPatch{op: "add", path: "/data/x", value: object.missing}]')] }, '403 policy \'p\' with binding \'p\' denied request: expression \'[JSONPatch{op: "add", path: "/data/x", value: object.missing}]\' resulted in error: no such key: missing'],
    ['a patch that does not fit', { mutations: [patch('[JSONPatch{op: "replace", path: "/data/x", value: "y"}]')] }, '403 policy \'p\' with binding \'p\' denied request: JSON Patch: replace operation does not apply: doc is missing key: /data/x: missing value'],
  ])('%s refuses the request, unless failures are ignored', (_what, spec, words) => {
    const asked = 'matchConstraints' in spec ? deployment() : configMap('x', { a: 'b' });
    enact('p', spec);
    expect(bench.refusal(asked)).toBe(words);
    bench.object({ verb: 'patch', ...admission, resource: 'mutatingadmissionpolicies', name: 'p', patchType: 'application/merge-patch+json', body: { spec: { failurePolicy: 'Ignore' } } });
    bench.run(1);
    bench.object(asked);
  });

  test.each<[string, object, string]>([
    ['no mutations', {}, 'spec.mutations: Required value: mutations must contain at least one item'],
    ['no reinvocation policy', { reinvocationPolicy: undefined, mutations: [apply('Object{}')] }, 'spec.reinvocationPolicy: Required value'],
    ['an expression of another type', { mutations: [apply('"I\'m a teapot!"')] }, 'must evaluate to Object but got string'],
    ['an unknown type', { mutations: [apply('Thing{}')] }, "compilation failed: ERROR: <input>:1:1: undeclared reference to 'Thing' (in container '')"],
    ['no patch of the type', { mutations: [{ patchType: 'JSONPatch', applyConfiguration: { expression: 'Object{}' } }] }, 'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch'],
    ['deletions', { matchConstraints: rule(['configmaps'], ['DELETE']), mutations: [apply('Object{}')] }, 'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "CREATE", "UPDATE"'],
  ])('%s is refused', (_what, spec, words) => { expect(bench.refusal(policy('bad', spec))).toContain(words); });
});
