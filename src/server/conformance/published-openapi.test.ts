/** Takes the steps of test/e2e/apimachinery/crd_publish_openapi.go; what that asks of kubectl is asked where there is one. */
import { expect } from 'vitest';
import { newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { define, definitions, forget, type Defined } from './definitions.ts';
import { behaviour } from './harness.ts';
import { hasKubectl, kubectlFor, type Kubectl } from './kubectl.ts';

const words = (type: string, description: string, more: object = {}) => ({ description, type, ...more });
const bars = (properties: object, more: object = {}) => words('array', more === none ? 'List of Bars and their statuses.' : 'List of Bars and their specs.', { items: { type: 'object', properties, ...more } });
const none = {};
const schemaFoo = words('object', 'Foo CRD for Testing', { properties: {
  spec: words('object', 'Specification of Foo', { properties: { bars: bars({
    name: words('string', 'Name of Bar.'), age: words('string', 'Age of Bar.'), feeling: words('string', 'Whether Bar is feeling great.', { enum: ['Great', 'Down'] }), bazs: words('array', 'List of Bazs.', { items: { type: 'string' } }),
  }, { required: ['name'] }) } }),
  status: words('object', 'Status of Foo', { properties: { bars: bars({
    name: words('string', 'Name of Bar.'), available: words('boolean', 'Whether the Bar is installed.'), quxType: words('string', 'Indicates to external qux type.', { pattern: 'in-tree|out-of-tree' }),
  }, none) } }),
} });
const waldo = (description: string, root: object = {}, ofSpec: object = {}) => words('object', description, { ...root, properties: {
  spec: words('object', 'Specification of Waldo', { ...ofSpec, properties: { dummy: words('object', 'Dummy property.') } }),
  status: words('object', 'Status of Waldo', { properties: { bars: words('array', 'List of Bars and their statuses.', { items: { type: 'object' } }) } }),
} });
const schemaWaldo = waldo('Waldo CRD for Testing');
const keeps = { 'x-kubernetes-preserve-unknown-fields': true };

type Swagger = { readonly definitions: { readonly [name: string]: { readonly properties?: { readonly [name: string]: object }; readonly 'x-kubernetes-group-version-kind'?: object } } };
/** What is published of a version, without what every kind has. */
async function published(at: Client, { group, kind }: Defined, version: string): Promise<object | undefined> {
  const found = (await at.get<Swagger>('/openapi/v2')).definitions[`${group.split('.').toReversed().join('.')}.${version}.${kind}`];
  if (found === undefined) return undefined;
  const { 'x-kubernetes-group-version-kind': _kind, properties, ...rest } = found;
  const { metadata: _metadata, apiVersion: _version, kind: _name, ...own } = properties ?? {};
  return { ...rest, ...(Object.keys(own).length > 0 && { properties: own }) };
}
const publishes = async (at: Client, defined: Defined, version: string, schema: object): Promise<void> => expect(await at.until(() => published(at, defined, version))).toEqual(schema);
const isForgotten = (at: Client, defined: Defined, version: string): Promise<unknown> => at.until(async () => (await published(at, defined, version)) === undefined);

/** Whether a text is taken by `kubectl create` and `kubectl apply`, which check it by what is published. */
async function takes(kubectl: Kubectl, { plural }: Defined, body: object, name: string): Promise<void> {
  for (const verb of ['create', 'apply']) {
    expect(await kubectl(JSON.stringify(body), verb, '-f', '-')).toMatchObject({ code: 0 });
    expect(await kubectl('', 'delete', plural, name)).toMatchObject({ code: 0 });
  }
}
async function refuses(kubectl: Kubectl, body: object, wanted: RegExp): Promise<void> {
  for (const verb of ['create', 'apply']) expect(await kubectl(JSON.stringify(body), verb, '-f', '-')).toMatchObject({ code: 1, text: expect.stringMatching(wanted) as string });
}
const explains = async (kubectl: Kubectl, what: string, wanted: RegExp): Promise<void> => expect((await kubectl('', 'explain', what)).text).toMatch(wanted);
const bodyOf = ({ group, kind }: Defined, more: object, name = 'test-cr') => ({ apiVersion: `${group}/v1`, kind, metadata: { name }, ...more });

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema [Conformance]', async (at) => {
  const defined = await define(at, [{ name: 'v1', schema: schemaFoo }], { kind: 'Testfoo' });
  await publishes(at, defined, 'v1', schemaFoo);
  if (hasKubectl) {
    const kubectl = kubectlFor(at);
    const ofBars = (bar: object) => bodyOf(defined, { spec: { bars: [bar] } }, 'test-foo');
    await takes(kubectl, defined, ofBars({ name: 'test-bar' }), 'test-foo');
    await refuses(kubectl, ofBars({ name: 'test-bar', feeling: 'NonExistentValue' }), /Unsupported value: "NonExistentValue"/);
    await refuses(kubectl, bodyOf(defined, { spec: { foo: true } }, 'test-foo'), /unknown field "(spec\.)?foo"/);
    await refuses(kubectl, ofBars({ age: '10' }), /missing required field "name"|spec\.bars\[0\]\.name: Required value/);
    const { plural } = defined;
    await explains(kubectl, plural, /DESCRIPTION:[^]*Foo CRD for Testing[^]*FIELDS:[^]*apiVersion[^]*<string>[^]*APIVersion defines[^]*spec[^]*<Object>[^]*Specification of Foo/);
    await explains(kubectl, `${plural}.metadata`, /DESCRIPTION:[^]*Standard object's metadata[^]*FIELDS:[^]*creationTimestamp[^]*<string>[^]*CreationTimestamp is a timestamp/);
    await explains(kubectl, `${plural}.spec`, /DESCRIPTION:[^]*Specification of Foo[^]*FIELDS:[^]*bars[^]*<\[\]Object>[^]*List of Bars and their specs/);
    await explains(kubectl, `${plural}.spec.bars`, /FIELD:[^]*bars[^]*<\[\]Object>[^]*DESCRIPTION:[^]*List of Bars and their specs[^]*FIELDS:[^]*bazs[^]*<\[\]string>[^]*List of Bazs[^]*name[^]*<string>[^]*Name of Bar/);
    await explains(kubectl, `${plural}.spec.bars2`, /field "bars2" does not exist/);
  }
  await forget(at, defined);
  await isForgotten(at, defined, 'v1');
});

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD without validation schema [Conformance]', async (at) => {
  const defined = await define(at, [{ name: 'v1' }], { kind: 'Testempty' });
  await publishes(at, defined, 'v1', { type: 'object' });
  if (hasKubectl) {
    const kubectl = kubectlFor(at);
    await takes(kubectl, defined, bodyOf(defined, { a: { b: [{ c: 'd' }] } }), 'test-cr');
    await explains(kubectl, defined.plural, /DESCRIPTION:[^]*<empty>/);
  }
});

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields at the schema root [Conformance]', async (at) => {
  const defined = await define(at, [{ name: 'v1', schema: waldo('preserve-unknown-properties at root for Testing', keeps) }], { kind: 'Testroot' });
  expect(await at.until(() => published(at, defined, 'v1'))).toEqual({ type: 'object' });
  if (hasKubectl) {
    const kubectl = kubectlFor(at);
    await takes(kubectl, defined, bodyOf(defined, { a: { b: [{ c: 'd' }] } }), 'test-cr');
    await explains(kubectl, defined.plural, /KIND:[^]*Testroot/);
  }
});

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields in an embedded object [Conformance]', async (at) => {
  const defined = await define(at, [{ name: 'v1', schema: waldo('preserve-unknown-properties in nested field for Testing', {}, keeps) }], { kind: 'Testnested' });
  expect(await at.until(() => published(at, defined, 'v1'))).toMatchObject({ properties: { spec: keeps } });
  if (hasKubectl) {
    const kubectl = kubectlFor(at);
    await takes(kubectl, defined, bodyOf(defined, { spec: { a: null, b: [{ c: 'd' }] } }), 'test-cr');
    await explains(kubectl, defined.plural, /DESCRIPTION:[^]*preserve-unknown-properties in nested field for Testing/);
  }
});

/** Two definitions, each published and then forgotten. */
async function two(at: Client, foo: { readonly group: string; readonly version: string }, other: { readonly group: string; readonly version: string }): Promise<void> {
  const one = await define(at, [{ name: foo.version, schema: schemaFoo }], { kind: 'Testfoo', group: foo.group });
  const another = await define(at, [{ name: other.version, schema: schemaWaldo }], { kind: 'Testwaldo', group: other.group });
  await publishes(at, another, other.version, schemaWaldo);
  await publishes(at, one, foo.version, schemaFoo);
  for (const [defined, { version }] of [[one, foo], [another, other]] as const) {
    await forget(at, defined);
    await isForgotten(at, defined, version);
  }
}
const groupOf = (at: Client, suffix: string): string => `${at.namespace}-${suffix}.example.com`;
const multi = (at: Client, ...versions: readonly string[]): Promise<Defined> => define(at, versions.map((name, i) => ({ name, storage: i === 0, schema: schemaFoo })), { kind: 'Testmulti', group: groupOf(at, 'multi-ver') });

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of different groups [Conformance]', (at) =>
  two(at, { group: groupOf(at, 'foo'), version: 'v1' }, { group: groupOf(at, 'waldo'), version: 'v1beta1' }));

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group but different versions [Conformance]', async (at) => {
  const both = await multi(at, 'v2', 'v3');
  await publishes(at, both, 'v3', schemaFoo);
  await publishes(at, both, 'v2', schemaFoo);
  await forget(at, both);
  await isForgotten(at, both, 'v2');
  await two(at, { group: groupOf(at, 'common'), version: 'v4' }, { group: groupOf(at, 'common'), version: 'v5' });
});

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group and version but different kinds [Conformance]', (at) =>
  two(at, { group: groupOf(at, 'common'), version: 'v6' }, { group: groupOf(at, 'common'), version: 'v6' }));

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the published spec when one version gets renamed [Conformance]', async (at) => {
  const defined = await multi(at, 'v2', 'v3');
  for (const version of ['v3', 'v2']) await publishes(at, defined, version, schemaFoo);
  await at.patch(`${definitions}/${defined.definition.metadata.name}`, [{ op: 'test', path: '/spec/versions/1/name', value: 'v3' }, { op: 'replace', path: '/spec/versions/1/name', value: 'v4' }], 'json');
  await publishes(at, defined, 'v4', schemaFoo);
  await isForgotten(at, defined, 'v3');
  await publishes(at, defined, 'v2', schemaFoo);
});

behaviour('[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes definition from spec when one version gets changed to not be served [Conformance]', async (at) => {
  const defined = await multi(at, 'v5', 'v6alpha1');
  for (const version of ['v6alpha1', 'v5']) await publishes(at, defined, version, schemaFoo);
  const path = `${definitions}/${defined.definition.metadata.name}`;
  const now = await at.get(path);
  const spec = now.spec as { readonly versions: readonly object[] };
  newer(await at.put(path, { ...now, spec: { ...spec, versions: [spec.versions[0], { ...spec.versions[1], served: false }] } }), now);
  await isForgotten(at, defined, 'v6alpha1');
  await publishes(at, defined, 'v5', schemaFoo);
});
