import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { discovery } from '../../cluster/kube-apiserver/discovery.ts';
import '../../cluster/with-manifests.ts';
import { answerOpenApi } from './answer.ts';
import { readFields } from '../protobuf/wire.ts';
import { openApiDocument } from './documents.ts';
import { swaggerBytes } from './protobuf.ts';

interface Schema { readonly description?: string; readonly properties?: Record<string, Record<string, unknown>>; readonly 'x-kubernetes-group-version-kind'?: readonly { kind: string }[] }
interface Document { readonly paths: Record<string, Record<string, { parameters: { name: string }[] }>>; readonly components: { schemas: Record<string, Schema> }; readonly definitions: Record<string, Schema> }
const read = (path: string): Document => JSON.parse(openApiDocument(path, discovery)!.text) as Document;

const groups = Object.keys(read('/openapi/v3').paths);

test.each(['/openapi/v2', ...groups.map((group) => `/openapi/v3/${group}`)])('%s refers to nothing that it does not define', (path) => {
  const document = read(path);
  const defined = document.definitions ?? document.components.schemas;
  const references = [...openApiDocument(path, discovery)!.text.matchAll(/"\$ref":"#\/(?:definitions|components\/schemas)\/([^"]+)"/g)].map(([, name]) => name!);
  expect(references.filter((name) => defined[name] === undefined || Object.keys(defined[name]).length === 0)).toEqual([]);
  expect(references.length).toBeGreaterThan(0);
});

describe('a group', () => {
  const { paths, components: { schemas } } = read('/openapi/v3/apis/apps/v1');
  test('names its types as Kubernetes does, with what it says of them', () => {
    const deployment = schemas['io.k8s.api.apps.v1.Deployment']!;
    expect(deployment['x-kubernetes-group-version-kind']).toEqual([{ group: 'apps', version: 'v1', kind: 'Deployment' }]);
    expect(deployment.description).toBe('Deployment enables declarative updates for Pods and ReplicaSets.');
    expect(deployment.properties!['spec']).toEqual({ description: 'Specification of the desired behavior of the Deployment.', allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec' }] });
    expect(schemas['io.k8s.api.core.v1.Container']!.properties!['ports']).toMatchObject({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['containerPort', 'protocol'], 'x-kubernetes-patch-merge-key': 'containerPort', 'x-kubernetes-patch-strategy': 'merge' });
  });
  test('has every path with its subresources', () => {
    const one = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
    expect([paths['/apis/apps/v1/deployments'], paths[one], paths[`${one}/status`], paths[`${one}/scale`]].map((path) => Object.keys(path ?? {}).join())).toEqual(['get,parameters', 'get,put,patch,delete,parameters', 'get,put,patch,parameters', 'get,put,patch,parameters']);
    expect(paths[one]!['patch']!.parameters.map(({ name }) => name)).toEqual(['pretty', 'dryRun', 'fieldManager', 'fieldValidation', 'force']);
  });
});

test('as protobuf a definition keeps what clients check by', () => {
  const definition = { description: 'x'.repeat(200), type: 'object', required: ['a'], properties: { a: { type: 'array', items: { $ref: '#/definitions/B' } } }, additionalProperties: { type: 'string' }, 'x-kind': [{ kind: 'A' }] };
  const fields = (bytes: Uint8Array, number: number): readonly Uint8Array[] => readFields(bytes).filter((field) => field.number === number).map((field) => field.bytes);
  const first = (bytes: Uint8Array, ...path: readonly number[]): Uint8Array => path.reduce((at, number) => fields(at, number)[0]!, bytes);
  const words = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
  const bytes = swaggerBytes({ swagger: '2.0', info: { title: 'Kubernetes', version: 'v1' }, definitions: { A: definition } });
  const schema = first(bytes, 9, 1, 2);
  expect([words(first(bytes, 1)), words(first(bytes, 9, 1, 1)), words(first(schema, 4)), words(first(schema, 22, 1)), words(first(schema, 19))]).toEqual(['2.0', 'A', definition.description, 'object', 'a']);
  expect([words(first(schema, 25, 1, 1)), words(first(schema, 25, 1, 2, 23, 1, 1)), words(first(schema, 21, 1, 22, 1)), words(first(schema, 31, 1)), words(first(schema, 31, 2, 2))]).toEqual(['a', '#/definitions/B', 'string', 'x-kind', '[{"kind":"A"}]']);
});

describe('a document goes out', () => {
  const answered = (path: string, headers: Record<string, string>) => {
    const found: unknown[] = [];
    const response = { writeHead: (code: number, more: Record<string, string>) => (found.push(code, more['etag'] ?? more['location']), response), end: () => response };
    const refused = answerOpenApi(new URL(path, 'http://x'), discovery, { headers } as unknown as IncomingMessage, response as unknown as ServerResponse);
    return refused ?? found;
  };
  const etag = `"${openApiDocument('/openapi/v2', discovery)!.hash}"`;
  test.each<[string, string, Record<string, string>, unknown]>([
    ['as JSON', '/openapi/v2', { accept: 'application/json' }, [200, etag]],
    ['not again where it is known', '/openapi/v2', { 'if-none-match': etag }, [304, etag]],
    ['to its address, where the hash is old', '/openapi/v2?hash=OLD', {}, [301, `/openapi/v2?hash=${etag.slice(1, -1)}`]],
    ['as protobuf', '/openapi/v2', { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }, [200, `"P${etag.slice(1)}`]],
    ['not as protobuf', '/openapi/v3/api/v1', { accept: 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf' }, 406],
    ['not where there is none', '/openapi/v3/apis/nothing/v1', {}, 404],
  ])('%s', (_how, path, headers, expected) => expect(answered(path, headers)).toEqual(expected));
});
