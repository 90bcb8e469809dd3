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
