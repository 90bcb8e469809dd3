import { expect, test } from 'vitest';
import { Bench } from './bench.ts';

const bench = new Bench();
bench.object({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } } });
const rule = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] };
const admission = { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicies', apiVersion: 'admissionregistration.k8s.io/v1' } as const;
const core = (resource: string) => ({ group: '', version: 'v1', resource, namespace: 'default', apiVersion: 'v1' }) as const;

test.each<[string, ReturnType<typeof core> | typeof admission, unknown, string]>([
  ['Pod', core('pods'), undefined, '422 Pod "x" is invalid: spec.containers: Required value'],
  ['Pod', core('pods'), { containers: null }, '422 Pod "x" is invalid: spec.containers: Required value'],
  ['Pod', core('pods'), { containers: [null] }, '422 Pod "x" is invalid: [spec.containers[0].name: Required value, spec.containers[0].image: Required value]'],
  ['Pod', core('pods'), { containers: [{ name: 'c', image: 'i' }], volumes: [null] }, '422 Pod "x" is invalid: spec.volumes[0].name: Required value'],
  ['Service', core('services'), { ports: [null] }, '422 Service "x" is invalid: [spec.ports[0].port: Invalid value: 0'],
  ['LimitRange', core('limitranges'), { limits: [null] }, '422 LimitRange "x" is invalid: [spec.limits[0].type: Invalid value: ""'],
  ['ValidatingAdmissionPolicy', admission, { matchConstraints: { resourceRules: [rule] }, validations: [null] }, '422 ValidatingAdmissionPolicy.admissionregistration.k8s.io "x" is invalid: spec.validations[0].expression: Required value: expression is not specified'],
  ['ValidatingAdmissionPolicy', admission, { matchConstraints: { resourceRules: [null] }, validations: [{ expression: 'true' }], variables: null }, '422 ValidatingAdmissionPolicy.admissionregistration.k8s.io "x" is invalid: [spec.matchConstraints.resourceRules[0].operations: Required value'],
])('a %s of nothing is refused as it is', (kind, { apiVersion, ...place }, spec, words) => {
  expect(bench.refusal({ verb: 'create', ...place, body: { apiVersion, kind, metadata: { name: 'x' }, spec } })).toContain(words);
});
