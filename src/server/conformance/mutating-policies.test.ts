/** Models test/e2e/apimachinery/mutatingadmissionpolicy.go. */
import { expect } from 'vitest';
import { apiOperations } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';

const admission = '/apis/admissionregistration.k8s.io/v1';
const rules = { resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }] };
const applies = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const annotates = (name: string, value: string) => applies(`Object{ metadata: Object.metadata{ annotations: { "${name}": "${value}" } } }`);
const deployment = { metadata: { name: 'test-deployment' }, spec: { replicas: 2, selector: { matchLabels: { app: 'test' } }, template: { metadata: { labels: { app: 'test' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:latest' }] } } } };

/** A policy that is in force in the test's own namespace alone, as upstream waits for it: until its marker is mutated. */
async function enact(at: Client, mutations: readonly object[]): Promise<void> {
  const own = { namespaceSelector: { matchLabels: { [at.namespace]: 'true' } } };
  await at.patch(`/api/v1/namespaces/${at.namespace}`, { metadata: { labels: { [at.namespace]: 'true' } } });
  await at.post(`${admission}/mutatingadmissionpolicies`, { metadata: { name: `${at.namespace}.policy.example.com` }, spec: { matchConstraints: { ...rules, ...own }, mutations, reinvocationPolicy: 'Never' } });
  await at.post(`${admission}/mutatingadmissionpolicybindings`, { metadata: { name: `${at.namespace}.binding.example.com` }, spec: { policyName: `${at.namespace}.policy.example.com`, matchResources: own } });
  await at.pass(1_000);
}

behaviour('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment [Conformance]', async (at) => {
  await enact(at, [applies('Object{ spec: Object.spec{ replicas: object.spec.replicas + 10 } }')]);
  expect(await at.post(`${at.in('apps/v1')}/deployments`, deployment)).toMatchObject({ spec: { replicas: 12 } });
});

behaviour('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment with annotations [Conformance]', async (at) => {
  await enact(at, [annotates('mutated-by', 'admission-policy')]);
  expect((await at.post(`${at.in('apps/v1')}/deployments`, deployment)).metadata.annotations).toEqual({ 'mutated-by': 'admission-policy' });
});

behaviour('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicy API operations [Conformance]', (at) => {
  const spec = (failurePolicy: string) => ({ spec: { failurePolicy, reinvocationPolicy: 'Never', matchConstraints: rules, mutations: [annotates('my-foo-annotation', 'myAnnotationValue')] } });
  return apiOperations(at, { apiVersion: 'admissionregistration.k8s.io/v1', resource: 'mutatingadmissionpolicies', body: () => spec('Fail'), change: { patch: { spec: { failurePolicy: 'Ignore' } }, update: spec('Fail') } });
});

behaviour('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicyBinding API operations [Conformance]', (at) => {
  const spec = (policyName: string) => ({ spec: { policyName } });
  return apiOperations(at, {
    apiVersion: 'admissionregistration.k8s.io/v1', resource: 'mutatingadmissionpolicybindings', body: () => spec('mutating-policy.example.com'),
    change: { patch: { spec: { policyName: 'patched-policy.example.com' } }, update: spec('updated-policy.example.com') },
  });
});
