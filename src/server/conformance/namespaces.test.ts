/** Takes the steps of test/e2e/apimachinery/namespace.go. */
import { expect } from 'vitest';
import { newer } from './api-operations.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const all = '/api/v1/namespaces';
const conditions = (namespace: Thing): readonly object[] => (namespace.status as { readonly conditions?: readonly object[] }).conditions ?? [];

behaviour('[sig-api-machinery] Namespaces [Serial] should patch a Namespace [Conformance]', async (at) => {
  const made = await at.post(all, { metadata: { generateName: 'nspatchtest-' } });
  const patched = await at.patch(`${all}/${made.metadata.name}`, { metadata: { labels: { testLabel: 'testValue' } } }, 'strategic');
  newer(patched, made);
  expect((await at.get(`${all}/${made.metadata.name}`)).metadata.labels).toMatchObject({ testLabel: 'testValue', 'kubernetes.io/metadata.name': made.metadata.name });
});

behaviour('[sig-api-machinery] Namespaces [Serial] should apply changes to a namespace status [Conformance]', async (at) => {
  const status = `${all}/${at.namespace}/status`;
  expect(await at.get(status)).toMatchObject({ kind: 'Namespace', status: { phase: 'Active' } });
  const one = { type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Patched by an e2e test' };
  const patched = await at.patch(status, { metadata: { annotations: { 'e2e-patched-ns-status': at.namespace } }, status: { conditions: [one] } });
  expect(patched).toMatchObject({ metadata: { annotations: { 'e2e-patched-ns-status': at.namespace } }, status: { phase: 'Active', conditions: [one] } });
  const now = await at.get(status);
  const two = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Updated by an e2e test' };
  const updated = await at.put(status, { ...now, status: { ...now.status as object, conditions: [...conditions(now), two] } });
  expect(conditions(updated)).toMatchObject([one, two]);
});

behaviour('[sig-api-machinery] Namespaces [Serial] should apply an update to a Namespace [Conformance]', async (at) => {
  const now = await at.get(`${all}/${at.namespace}`);
  const updated = await at.put(`${all}/${at.namespace}`, { ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, [at.namespace]: 'updated' } } });
  expect(updated.metadata.labels).toEqual({ ...now.metadata.labels, [at.namespace]: 'updated' });
});

behaviour('[sig-api-machinery] Namespaces [Serial] should apply a finalizer to a Namespace [Conformance]', async (at) => {
  const fake = 'e2e.example.com/fakeFinalizer';
  const { metadata: { name } } = await at.post(all, { metadata: { generateName: 'e2e-ns-' } });
  const finalize = async (finalizers: readonly string[]) => at.put(`${all}/${name}/finalize`, { ...await at.get(`${all}/${name}`), spec: { finalizers } });
  expect(await finalize(['kubernetes', fake])).toMatchObject({ kind: 'Namespace', spec: { finalizers: ['kubernetes', fake] } });
  expect((await at.get(`${all}/${name}`)).spec).toEqual({ finalizers: ['kubernetes', fake] });
  expect((await finalize(['kubernetes'])).spec).toEqual({ finalizers: ['kubernetes'] });
});
