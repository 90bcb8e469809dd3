import { expect, test } from 'vitest';
import '../kept-kinds.ts';
import { decodeStrict } from './decode-strict.ts';
import { withoutNulls } from './nulls.ts';
import { schemaOfKind } from './types.ts';

const pod = schemaOfKind('v1', 'Pod')!;

test.each([
  [{ spec: { containers: [null], volumes: null } }, { spec: { containers: [{}] } }],
  [{ spec: { containers: [{ args: ['a', null], securityContext: null, ports: [{ hostPort: null }] }] } }, { spec: { containers: [{ args: ['a', ''], ports: [{}] }] } }],
  [{ metadata: { labels: { a: null }, creationTimestamp: null, managedFields: [{ fieldsV1: { 'f:a': null } }] } }, { metadata: { labels: { a: '' }, managedFields: [{ fieldsV1: { 'f:a': null } }] } }],
  [{ spec: { nodeSelector: null, tolerations: [{ tolerationSeconds: null }] }, unknown: null }, { spec: { tolerations: [{}] }, unknown: null }],
])('%j', (given, read) => {
  expect(decodeStrict({ apiVersion: 'v1', kind: 'Pod', ...given }, { apiVersion: 'v1', kind: 'Pod' }, 'Ignore').nulls).toBe(true);
  expect(withoutNulls(given, pod)).toEqual(read);
});

test('what has none is the same object', () => {
  const given = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', args: ['a'] }] } };
  expect(withoutNulls(given, pod)).toBe(given);
  expect(decodeStrict({ apiVersion: 'v1', kind: 'Pod', ...given }, { apiVersion: 'v1', kind: 'Pod' }).nulls).toBeUndefined();
});
