/** Takes the steps of test/e2e/apimachinery/validatingadmissionpolicy.go. */
import { expect } from 'vitest';
import { apiOperations } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';

const admission = 'admissionregistration.k8s.io/v1';
const labels = { app: 'nginx' };
const workload = (name: string, replicas: number) => ({ metadata: { name, labels }, spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx:latest' }] } } } });

/** A policy for Deployments of the test's namespace, in force when the marker is refused; what the tried Deployment is refused with, if it is. */
async function judged(at: Client, spec: object, replicas: number): Promise<readonly [marker: unknown, tried: unknown]> {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': at.namespace } };
  const name = `${at.namespace}.policy.example.com`;
  await at.post(`/apis/${admission}/validatingadmissionpolicies`, { metadata: { name }, spec: { matchConstraints: { namespaceSelector, resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }] }, ...spec } });
  await at.post(`/apis/${admission}/validatingadmissionpolicybindings`, { metadata: { name: `${at.namespace}.binding.example.com` }, spec: { policyName: name, matchResources: { namespaceSelector }, validationActions: ['Deny'] } });
  const [deployments, replicaSets] = [`${at.in('apps/v1')}/deployments`, `${at.in('apps/v1')}/replicasets`];
  const refusal = (path: string, body: object) => at.post(path, body).then(() => undefined, (error: unknown) => error);
  const marker = await at.until(async () => {
    const refused = await refusal(deployments, workload('marker', 1));
    if (refused === undefined) await at.delete(`${deployments}/marker`);
    return refused;
  });
  // Not its kind, not its matter.
  expect(await refusal(replicaSets, workload('other', 1))).toBeUndefined();
  return [marker, await refusal(deployments, workload('replicated', replicas))];
}

behaviour('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate against a Deployment [Conformance]', async (at) => {
  const [marker, tried] = await judged(at, {
    validations: [
      { expression: 'object.spec.replicas > 1', messageExpression: "'wants replicas > 1, got ' + object.spec.replicas" },
      { expression: `namespaceObject.metadata.name == '${at.namespace}'`, message: 'Internal error! Other namespace should not be allowed.' },
    ],
  }, 2);
  expect(marker).toMatchObject({ code: 422, reason: 'Invalid', message: expect.stringContaining(`ValidatingAdmissionPolicy '${at.namespace}.policy.example.com' with binding '${at.namespace}.binding.example.com' denied request`) as string });
  expect(tried).toBeUndefined();
});

behaviour('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow expressions to refer variables. [Conformance]', async (at) => {
  const variables = [{ name: 'replicas', expression: 'object.spec.replicas' }, { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' }];
  const [marker, tried] = await judged(at, { variables, validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas' }] }, 3);
  expect(marker).toMatchObject({ code: 422, reason: 'Invalid', message: expect.stringContaining('failed expression: variables.replicas > 1') as string });
  expect(tried).toBeUndefined();
});

const condition = (type: string, more: object = {}) => ({ conditions: [{ type, status: 'False', reason: 'E2E', message: 'Set from a test', lastTransitionTime: '2024-01-01T00:00:00Z', ...more }] });
const status = { patch: condition('PatchStatusFailed'), update: condition('StatusUpdateFailed') };
const rules = { resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }] };
behaviour('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations [Conformance]', (at) => {
  const spec = (failurePolicy: string) => ({ spec: { failurePolicy, matchConstraints: rules, validations: [{ expression: 'object.spec.replicas <= 100' }] } });
  return apiOperations(at, {
    apiVersion: admission, resource: 'validatingadmissionpolicies', body: () => spec('Ignore'), status, change: { patch: { spec: { failurePolicy: 'Ignore' } }, update: spec('Fail') },
  });
});

behaviour('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations [Conformance]', (at) => {
  const spec = (policyName: string) => ({ spec: { policyName, validationActions: ['Deny'] } });
  return apiOperations(at, {
    apiVersion: admission, resource: 'validatingadmissionpolicybindings', body: () => spec('replicalimit-policy.example.com'),
    change: { patch: { metadata: { annotations: { patched: 'true' } } }, update: spec('updated-policy.example.com') },
  });
});
