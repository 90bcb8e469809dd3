import { beforeEach, describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const;
const apps = { group: 'apps', version: 'v1', namespace: 'default' } as const;
const core = { group: '', version: 'v1', namespace: 'default' } as const;
const rule = (resources: readonly string[], operations = ['CREATE', 'UPDATE'], apiGroups = ['apps']) => ({ resourceRules: [{ apiGroups, apiVersions: ['v1'], operations, resources }] });
const writes = (kind: string, resource: string, name: string, spec: object) => ({ verb: 'create', ...admission, resource, body: { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, spec } }) as const;
const policy = (name: string, spec: object) => writes('ValidatingAdmissionPolicy', 'validatingadmissionpolicies', name, { matchConstraints: rule(['deployments']), ...spec });
const binding = (name: string, spec: object = {}) => writes('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings', `${name}-binding`, { policyName: name, validationActions: ['Deny'], ...spec });

function enact(name: string, spec: object, bound: object = {}): void {
  bench.object(policy(name, spec));
  bench.object(binding(name, bound));
  bench.run(1);
}

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } };
const deployment = (name: string, replicas: number, more: object = {}) => ({ verb: 'create', ...apps, resource: 'deployments', body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, ...more }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template } } }) as const;
const configMap = (name: string, data: object = {}, labels: object = {}) => ({ verb: 'create', ...core, resource: 'configmaps', body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data } }) as const;
const refusal = (asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): string => bench.refusal(asked);

beforeEach(() => { bench = new Bench(); });

describe('ValidatingAdmissionPolicy', () => {
  test('should validate against a Deployment', () => {
    enact('replicas', { validations: [{ expression: 'object.spec.replicas > 1', messageExpression: "'wants replicas > 1, got ' + object.spec.replicas" }] });
    const { code, body } = bench.ask(deployment('marker', 1));
    expect(code).toBe(422);
    expect(body).toMatchObject({
      reason: 'Invalid', message: 'deployments.apps "marker" is forbidden: ValidatingAdmissionPolicy \'replicas\' with binding \'replicas-binding\' denied request: failed expression: object.spec.replicas > 1',
      details: { name: 'marker', kind: 'deployments', group: 'apps', causes: [{ message: "ValidatingAdmissionPolicy 'replicas' with binding 'replicas-binding' denied request: failed expression: object.spec.replicas > 1" }] },
    });
    bench.object(deployment('replicated', 2));
    bench.object({ verb: 'create', ...apps, resource: 'replicasets', body: { ...deployment('lonely', 1).body, kind: 'ReplicaSet' } });
    bench.object({ verb: 'delete', ...admission, resource: 'validatingadmissionpolicybindings', name: 'replicas-binding' });
    bench.run(1);
    bench.object(deployment('free', 1));
  });

  test('should allow expressions to refer variables', () => {
    enact('variables', {
      variables: [{ name: 'replicas', expression: 'object.spec.replicas' }, { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' }],
      validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas', messageExpression: "'even: ' + string(variables.replicas)" }],
    });
    expect(refusal(deployment('one', 1))).toContain('denied request: failed expression: variables.replicas > 1');
    expect(refusal(deployment('two', 2))).toContain('denied request: even: 2');
    bench.object(deployment('three', 3));
  });

  test('judges changes and deletions by what was there and who asks', () => {
    enact('grow', { matchConstraints: rule(['deployments'], ['UPDATE']), validations: [{ expression: 'object.spec.replicas >= oldObject.spec.replicas', message: 'must not shrink', reason: 'Forbidden' }] });
    enact('keep', { matchConstraints: rule(['configmaps'], ['DELETE'], ['']), validations: [{ expression: "request.userInfo.username == 'kubernetes-super-admin' || !has(oldObject.metadata.labels) || !('keep' in oldObject.metadata.labels)", message: 'is kept' }] });
    bench.object(deployment('web', 3));
    bench.object(configMap('kept', {}, { keep: 'yes' }));
    bench.object(configMap('other'));
    bench.run(1);
    const scale = (replicas: number) => ({ verb: 'patch', ...apps, resource: 'deployments', name: 'web', patchType: 'application/merge-patch+json', body: { spec: { replicas } } }) as const;
    expect(refusal(scale(1))).toBe('403 deployments.apps "web" is forbidden: ValidatingAdmissionPolicy \'grow\' with binding \'grow-binding\' denied request: must not shrink');
    bench.object(scale(4));
    const drop = (name: string) => ({ verb: 'delete', ...core, resource: 'configmaps', name }) as const;
    expect(refusal(drop('kept'))).toBe('422 configmaps "kept" is forbidden: ValidatingAdmissionPolicy \'keep\' with binding \'keep-binding\' denied request: is kept');
    bench.ask(drop('other'));
    expect(bench.names({ ...core, resource: 'configmaps' })).toEqual(['kept']);
    const dropAll = { verb: 'deletecollection', ...core, resource: 'configmaps' } as const;
    expect(refusal(dropAll)).toContain("'keep' with binding 'keep-binding' denied request: is kept");
    bench.object({ ...dropAll, user: 'kubernetes-super-admin' });
    expect(bench.names({ ...core, resource: 'configmaps' })).toEqual([]);
  });

  test('warns where it is bound to warn', () => {
    enact('advice', { validations: [{ expression: 'object.spec.replicas > 1', message: 'one is few' }] }, { validationActions: ['Warn', 'Audit'] });
    const { code, warnings } = bench.ask(deployment('web', 1));
    expect([code, warnings]).toEqual([201, ["Validation failed for ValidatingAdmissionPolicy 'advice' with binding 'advice-binding': one is few"]]);
  });

  test('an error counts by the failure policy, and conditions choose', () => {
    enact('strict', { validations: [{ expression: 'object.metadata.labels.team == "a"' }] });
    enact('lenient', { failurePolicy: 'Ignore', validations: [{ expression: 'object.metadata.labels.other == "a"' }] });
    expect(refusal(deployment('bare', 1, { labels: { x: 'y' } }))).toContain("'strict' with binding 'strict-binding' denied request: expression 'object.metadata.labels.team == \"a\"' resulted in error: no such key: team");
    bench.object(deployment('team', 1, { labels: { team: 'a' } }));
    bench.object({ verb: 'patch', ...admission, resource: 'validatingadmissionpolicies', name: 'strict', patchType: 'application/merge-patch+json', body: { spec: { matchConditions: [{ name: 'labelled', expression: 'has(object.metadata.labels) && "team" in object.metadata.labels' }] } } });
    bench.run(1);
    bench.object(deployment('bare', 1, { labels: { x: 'y' } }));
    expect(refusal(deployment('wrong', 1, { labels: { team: 'b' } }))).toContain('failed expression: object.metadata.labels.team == "a"');
  });

  test('takes parameters from another object, and selects by namespace', () => {
    enact('limit', { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'object.spec.replicas <= int(params.data.max)', messageExpression: "'at most ' + params.data.max + ' in ' + namespaceObject.metadata.name" }] },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' }, matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } } });
    expect(refusal(deployment('web', 5))).toContain("denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction");
    bench.object(configMap('limits', { max: '3' }));
    expect(refusal(deployment('web', 5))).toContain("'limit' with binding 'limit-binding' denied request: at most 3 in default");
    bench.object(deployment('web', 3));
    bench.object({ ...deployment('web', 9), namespace: 'kube-system' });
  });

  test('may ask the authorizers', () => {
    enact('asks', { validations: [{ expression: "authorizer.group('apps').resource('deployments').namespace('kube-system').check('delete').allowed()", message: 'you may not delete them either' }] });
    const made = bench.object(deployment('web', 1));
    const change = { verb: 'update', ...apps, resource: 'deployments', name: 'web', body: { ...made, metadata: { ...made.metadata, labels: { seen: 'yes' } } } } as const;
    expect(refusal({ ...change, user: 'system:serviceaccount:kube-system:deployment-controller' })).toContain('denied request: you may not delete them either');
    expect(bench.object(change).metadata.labels).toEqual({ seen: 'yes' });
  });

  test.each<[string, object, string]>([
    ['a text that is no expression', { validations: [{ expression: 'object.spec.replicas >' }] }, 'spec.validations[0].expression: Invalid value: "object.spec.replicas >": compilation failed: ERROR: <input>:1:23: Syntax error'],
    ['an unknown name', { validations: [{ expression: 'params.x == 1' }] }, "spec.validations[0].expression: Invalid value: \"params.x == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')"],
    ['an unknown variable', { variables: [{ name: 'a', expression: '1' }], validations: [{ expression: 'variables.b == 1' }] }, "compilation failed: ERROR: <input>:1:10: undefined field 'b'"],
    ['no bool', { validations: [{ expression: '"text"' }] }, 'spec.validations[0].expression: Invalid value: "\\"text\\"": must evaluate to bool'],
    ['no validations', {}, 'spec.validations: Required value: validations or auditAnnotations must contain at least one item'],
    ['an unknown reason', { validations: [{ expression: 'true', reason: 'Whim' }] }, 'spec.validations[0].reason: Unsupported value: "Whim": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"'],
    ['nothing to match', { matchConstraints: {}, validations: [{ expression: 'true' }] }, 'spec.matchConstraints.resourceRules: Required value'],
  ])('%s is refused', (_what, spec, words) => { expect(refusal(policy('bad', spec))).toContain(words); });

  test('should support ValidatingAdmissionPolicy and ValidatingAdmissionPolicyBinding API operations', () => {
    expect(bench.object(policy('web', { validations: [{ expression: 'true' }] }))).toMatchObject({
      metadata: { generation: 1 }, spec: { failurePolicy: 'Fail', matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, resourceRules: [{ scope: '*' }] } },
    });
    const at = { ...admission, resource: 'validatingadmissionpolicies', name: 'web' } as const;
    expect(bench.object({ verb: 'patch', ...at, subresource: 'status', patchType: 'application/merge-patch+json', body: { status: { observedGeneration: 1 } } })).toMatchObject({ status: { observedGeneration: 1 } });
    expect(refusal({ ...binding('web', { validationActions: ['Deny', 'Warn'] }) })).toContain('spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn');
    bench.object(binding('web'));
    bench.object({ verb: 'deletecollection', ...admission, resource: 'validatingadmissionpolicies' });
    expect(bench.names({ ...admission, resource: 'validatingadmissionpolicies' })).toEqual([]);
  });
});
