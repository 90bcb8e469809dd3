/** Takes the steps of test/e2e/apimachinery/{crd_conversion_webhook,crd_selectable_fields}.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { define, definitions, forget, type Defined, type Version } from './definitions.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';
import type { WatchedEvents } from './watched-events.ts';
import { deployConverter } from './webhooks.ts';

const text = { type: 'string' };
const versions = (stored: string): readonly Version[] => [
  { name: 'v1', storage: stored === 'v1', schema: { type: 'object', properties: { hostPort: text } }, selectableFields: [{ jsonPath: '.hostPort' }] },
  { name: 'v2', storage: stored === 'v2', schema: { type: 'object', properties: { host: text, port: text } }, selectableFields: [{ jsonPath: '.host' }, { jsonPath: '.port' }] },
];

interface Converted extends Defined { readonly at: (version: string) => string; readonly body: (version: string, name: string, fields?: object) => object }

/** A definition whose webhook is ready: that is when a stub can be made in the version that is not stored. */
async function defineConverted(at: Client, kind: string): Promise<Converted> {
  const conversion = await deployConverter(at);
  const defined = await define(at, versions('v1'), { group: 'stable.example.com', kind }, { conversion });
  const where = (version: string) => `${at.in(`${defined.group}/${version}`)}/${defined.plural}`;
  const body = (version: string, name: string, fields: object = {}) => ({ apiVersion: `${defined.group}/${version}`, kind, metadata: { name, namespace: at.namespace }, ...fields });
  await at.until(() => at.post(where('v2'), body('v2', 'stub')).catch(() => undefined));
  await at.delete(`${where('v2')}/stub`);
  return { ...defined, at: where, body };
}

const fieldsOf = ({ apiVersion, hostPort, host, port }: Thing) => ({ apiVersion, hostPort, host, port });
const asV1 = { apiVersion: 'stable.example.com/v1', hostPort: 'localhost:8080', host: undefined, port: undefined };
const asV2 = { apiVersion: 'stable.example.com/v2', hostPort: undefined, host: 'localhost', port: '8080' };

behaviour('[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2 [Conformance]', async (at) => {
  const crd = await defineConverted(at, 'Converted');
  await at.post(crd.at('v1'), crd.body('v1', 'cr-instance-1', { hostPort: 'localhost:8080' }));
  expect(fieldsOf(await at.get(`${crd.at('v2')}/cr-instance-1`))).toEqual(asV2);
  await forget(at, crd);
});

behaviour('[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs [Conformance]', async (at) => {
  const crd = await defineConverted(at, 'Mixed');
  await at.post(crd.at('v1'), crd.body('v1', 'cr-instance-1', { hostPort: 'localhost:8080' }));
  const path = `${definitions}/${crd.definition.metadata.name}`;
  const now = await at.get<Thing & { readonly spec: { readonly versions: readonly Version[] } }>(path);
  await at.put(path, { ...now, spec: { ...now.spec, versions: now.spec.versions.map((version) => ({ ...version, storage: version.name === 'v2' })) } });
  await at.pass(1_000);
  await at.post(crd.at('v1'), crd.body('v1', 'cr-instance-2', { hostPort: 'localhost:8080' }));
  for (const [version, fields] of [['v1', asV1], ['v2', asV2]] as const) {
    const { items } = await at.list(crd.at(version));
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['cr-instance-1', 'cr-instance-2']);
    expect(items.map(fieldsOf)).toEqual([fields, fields]);
  }
  await forget(at, crd);
});

/** The names that a watch was told of until now, by what it was told. */
class Told {
  private readonly names: { readonly [type: string]: Set<string> } = { ADDED: new Set(), DELETED: new Set() };
  private readonly watch: WatchedEvents;
  constructor(watch: WatchedEvents) { this.watch = watch; }
  async is(added: readonly string[], deleted: readonly string[] = []): Promise<void> {
    const wanted = JSON.stringify([[...added].sort(), [...deleted].sort()]);
    const now = () => JSON.stringify([[...this.names['ADDED']!].sort(), [...this.names['DELETED']!].sort()]);
    while (now() !== wanted) {
      const { type, object } = await this.watch.next(30_000);
      this.names[type]?.add(object.metadata.name);
    }
  }
}

behaviour('[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector [Conformance]', async (at) => {
  const crd = await defineConverted(at, 'Selected');
  const asking = (version: string, selector: string) => `${crd.at(version)}?fieldSelector=${encodeURIComponent(selector)}`;
  const [host, hostPort] = ['host=host1', 'host=host1,port=80'];
  const watching = async (path: string): Promise<Told> => new Told(await at.watch(path));
  const informed = async (selector: string): Promise<Told> => watching(`${asking('v2', selector)}&resourceVersion=${(await at.list(asking('v2', selector))).metadata.resourceVersion}`);
  const [v2Host, v2HostPort, v1HostPort] = [await watching(asking('v2', host)), await watching(asking('v2', hostPort)), await watching(asking('v1', 'hostPort=host1:80'))];
  const [hostInformer, hostPortInformer] = [await informed(host), await informed(hostPort)];
  const [a, b, c] = ['selectable-a', 'selectable-b', 'selectable-c'] as const;
  for (const [name, fields] of [[a, { host: 'host1', port: '80' }], [b, { host: 'host1', port: '8080' }], [c, { host: 'host2' }]] as const) await at.post(crd.at('v2'), crd.body('v2', name, fields));
  const names = async (version: string, selector: string) => (await at.list(asking(version, selector))).items.map(({ metadata }) => metadata.name);
  expect(await names('v2', host)).toEqual([a, b]);
  expect(await names('v2', hostPort)).toEqual([a]);
  expect(await names('v1', 'hostPort=host1:80')).toEqual([a]);
  expect(await names('v1', 'hostPort=host1:8080')).toEqual([b]);
  for (const told of [v2Host, hostInformer]) await told.is([a, b]);
  for (const told of [v2HostPort, v1HostPort, hostPortInformer]) await told.is([a]);
  await at.delete(asking('v2', hostPort), { gracePeriodSeconds: 0 });
  await at.put(`${crd.at('v2')}/${b}`, { ...await at.get(`${crd.at('v2')}/${b}`), host: 'host2' });
  expect(await names('v2', host)).toEqual([]);
  expect(await names('v2', hostPort)).toEqual([]);
  for (const told of [v2Host, hostInformer]) await told.is([a, b], [a, b]);
  for (const told of [v2HostPort, v1HostPort, hostPortInformer]) await told.is([a], [a]);
  await forget(at, crd);
});
