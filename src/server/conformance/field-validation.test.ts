/** Takes the steps of test/e2e/apimachinery/field_validation.go. */
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';
import { define, type Defined } from './definitions.ts';
import { behaviour } from './harness.ts';

const options = '?fieldManager=field_validation_mgr&fieldValidation=Strict';
const text = { type: 'string' };
const port = { type: 'integer', format: 'int32' };
/** What upstream's definition says of a spec. */
const fields = {
  foo: text, cronSpec: { ...text, pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$' },
  ports: {
    type: 'array', 'x-kubernetes-list-map-keys': ['containerPort', 'protocol'], 'x-kubernetes-list-type': 'map',
    items: { type: 'object', required: ['containerPort', 'protocol'], properties: { containerPort: port, hostIP: text, hostPort: port, name: text, protocol: text } },
  },
};
const specOf = (properties: object, more: object = {}) => ({ type: 'object', properties: { spec: { type: 'object', properties, ...more } } });
const keeps = { 'x-kubernetes-preserve-unknown-fields': true };
const defined = (at: Client, schema?: object): Promise<Defined> => define(at, [{ name: 'v1beta1', ...(schema && { schema }) }, { name: 'v1beta2', storage: false, ...(schema && { schema }) }], { kind: 'Noxu' }, { scope: 'Cluster' });

/** Applies a text as YAML, a line break before it as upstream's has. */
function apply(at: Client, { group, kind, path }: Defined, { root = '', metadata = '', spec }: { readonly root?: string; readonly metadata?: string; readonly spec: string }): Promise<Answer> {
  const body = `
apiVersion: ${group}/v1beta1
kind: ${kind}
metadata:
  name: mytest
${metadata}${root}spec:
${spec}  cronSpec: "* * * * */5"
  ports:
  - name: x
    containerPort: 80
    protocol: TCP`;
  return at.raw('PATCH', `${path}/mytest${options}`, { body, headers: { 'content-type': 'application/apply-patch+yaml' } });
}

const deployment = (meta: object, spec: string) => `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": ${JSON.stringify({ name: 'my-dep', ...meta, labels: { app: 'nginx' } })},
  "spec": {${spec} "selector": {"matchLabels": {"app": "nginx"}}, "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": {"containers": [{"name": "nginx", "image": "nginx:latest"}]}}}}`;
const create = (at: Client, body: string): Promise<Answer> => at.raw('POST', `${at.in('apps/v1')}/deployments${options}`, { body });

behaviour('[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object [Conformance]', async (at) => {
  const { code, text: told } = await create(at, deployment({}, '"unknownField": "foo", "replicas": 2, "replicas": 3,'));
  expect([code, told]).toEqual([400, expect.stringContaining('strict decoding error: unknown field \\"spec.unknownField\\", duplicate field \\"spec.replicas\\"')]);
});

behaviour('[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object [Conformance]', async (at) => {
  const { code, text: told } = await create(at, deployment({ unknownMeta: 'foo' }, ''));
  expect([code, told]).toEqual([400, expect.stringContaining('strict decoding error: unknown field \\"metadata.unknownMeta\\"')]);
});

behaviour('[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation schema [Conformance]', async (at) => {
  const { code, text: made } = await apply(at, await defined(at, specOf(fields)), { spec: '  foo: foo1\n' });
  expect([code, JSON.parse(made)]).toMatchObject([201, { metadata: { name: 'mytest' }, spec: { foo: 'foo1', ports: [{ name: 'x', containerPort: 80, protocol: 'TCP' }] } }]);
});

behaviour('[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for CRD with no validation schema [Conformance]', async (at) => {
  const { code, text: made } = await apply(at, await defined(at), { spec: '  unknown: uk1\n' });
  expect([code, JSON.parse(made)]).toMatchObject([201, { spec: { unknown: 'uk1' } }]);
});

behaviour('[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra properties for CRD with validation schema [Conformance]', async (at) => {
  const kind = await defined(at, specOf(fields));
  expect((await apply(at, kind, { root: 'unknownField: unknown\n', spec: '  foo: foo1\n' })).text).toContain('.unknownField: field not declared in schema');
  expect(await at.find(`${kind.path}/mytest`)).toBeUndefined();
});

behaviour('[sig-api-machinery] FieldValidation should detect unknown metadata fields in both the root and embedded object of a CR [Conformance]', async (at) => {
  const template = { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { metadata: { type: 'object', properties: { name: text } }, spec: { type: 'object' } } };
  const kind = await defined(at, specOf({ template, ...fields }, keeps));
  const { text: told } = await apply(at, kind, {
    metadata: '  unknownMeta: unknown\n', spec: `  template:\n    apiversion: foo/v1\n    kind: Sub\n    metadata:\n        unknownSubMeta: unknown\n        name: subobject\n        namespace: ${at.namespace}\n  foo: foo1\n`,
  });
  expect(told).toMatch(/\.spec\.template\.metadata\.unknownSubMeta: field not declared in schema|\.metadata\.unknownMeta: field not declared in schema/);
});

behaviour('[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving unknown fields [Conformance]', async (at) => {
  const { code, text: told } = await apply(at, await defined(at, specOf(fields, keeps)), { spec: '  unknown: uk1\n  foo: foo1\n  foo: foo2\n' });
  expect([code, told]).toEqual([400, expect.stringContaining('line 9: key \\"foo\\" already set in map')]);
});
