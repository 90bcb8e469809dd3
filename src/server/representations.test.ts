import { describe, expect, test } from 'vitest';
import { represent, representFrame, wanted } from './representations.ts';

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', resourceVersion: '7' }, spec: { containers: [] } };
const list = { apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '9' }, items: [pod] };
const form = (accept: string) => wanted(accept, new URLSearchParams());
const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: pod.metadata };

describe('metadata alone', () => {
  const one = form('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json');
  const many = form('application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json');
  test('of an object, a list and a watch', () => {
    expect(represent(pod, 'pods', one, 0)).toEqual(partial);
    expect(represent(list, 'pods', many, 0)).toEqual({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' }, items: [partial] });
    expect(representFrame(pod, 'pods', one, 0, true)).toEqual(partial);
  });
  test('but a refusal is whole', () => expect(represent({ kind: 'Status', code: 404 }, 'pods', one, 0)).toEqual({ kind: 'Status', code: 404 }));
});

test.each([
  ['', 'object'], ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'Table'], ['application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json', 'object'],
  ['application/vnd.kubernetes.protobuf', 'refused'], ['application/vnd.kubernetes.protobuf,application/json', 'object'],
])('%s is answered as %s', (accept, as) => expect(form(accept).as).toBe(as));

test('the Scale of a Deployment has columns of its own', () => {
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { replicas: 3 }, status: { replicas: 2 } };
  const { columnDefinitions, rows } = represent(scale, 'deployments', form('application/json;as=Table;v=v1;g=meta.k8s.io,application/json'), 60_000_000) as { columnDefinitions: { name: string }[]; rows: { cells: unknown[] }[] };
  expect([columnDefinitions.map(({ name }) => name), rows[0]!.cells]).toEqual([['Name', 'Desired', 'Available', 'Age'], ['web', 3, 2, '60s']]);
});
