/** Takes the steps of test/e2e/apimachinery/{discovery,aggregated_discovery,server_version,table_conversion}.go. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { define, forget } from './definitions.ts';
import { behaviour } from './harness.ts';

/** Of each group a version and one of its resources. */
const known = `
v1 namespaces
admissionregistration.k8s.io/v1 validatingwebhookconfigurations
apiextensions.k8s.io/v1 customresourcedefinitions
apiregistration.k8s.io/v1 apiservices
apps/v1 deployments
authentication.k8s.io/v1 tokenreviews
authorization.k8s.io/v1 selfsubjectaccessreviews
autoscaling/v1 horizontalpodautoscalers
autoscaling/v2 horizontalpodautoscalers
batch/v1 jobs
certificates.k8s.io/v1 certificatesigningrequests
coordination.k8s.io/v1 leases
discovery.k8s.io/v1 endpointslices
events.k8s.io/v1 events
networking.k8s.io/v1 ingresses
node.k8s.io/v1 runtimeclasses
policy/v1 poddisruptionbudgets
scheduling.k8s.io/v1 priorityclasses
storage.k8s.io/v1 csinodes
`.trim().split('\n').map((line) => line.split(' ') as [string, string]);

interface Version { readonly groupVersion: string; readonly version: string }
interface Group { readonly name: string; readonly versions: readonly Version[]; readonly preferredVersion: Version }

behaviour('[sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup [Conformance]', async (at) => {
  for (const [apiVersion, resource] of known) {
    const list = await at.get<{ groupVersion: string; resources: readonly { readonly name: string }[] }>(at.all(apiVersion));
    expect(list.groupVersion).toBe(apiVersion);
    expect(list.resources.map(({ name }) => name)).toContain(resource);
  }
});

behaviour('[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup [Conformance]', async (at) => {
  const { groups } = await at.get<{ groups: readonly Group[] }>('/apis/');
  expect(groups.length).toBeGreaterThan(10);
  for (const { name } of groups) {
    const { versions, preferredVersion } = await at.get<Group>(`/apis/${name}/`);
    expect(versions).toContainEqual(preferredVersion);
  }
});

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
/** What client-go accepts: the newest form first. */
const negotiated = `${accept},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;
interface Aggregated { readonly kind: string; readonly items: readonly { readonly metadata: { readonly name?: string }; readonly versions: readonly { readonly version: string; readonly resources: readonly { readonly resource: string }[] }[] }[] }

async function aggregated(at: Client, header: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of ['/api', '/apis']) {
    const { headers, text } = await at.raw('GET', path, { headers: { accept: header } });
    expect(headers.get('content-type')).toBe(accept);
    for (const { metadata: { name = '' }, versions } of (JSON.parse(text) as Aggregated).items) for (const { version, resources } of versions) found.push(...resources.map(({ resource }) => `${name === '' ? version : `${name}/${version}`} ${resource}`));
  }
  return found;
}
const builtIn = (at: Client, header: string): Promise<void> => expect(aggregated(at, header)).resolves.toEqual(expect.arrayContaining(known.map((one) => one.join(' '))));
async function custom(at: Client, header: string): Promise<void> {
  const defined = await define(at, [{ name: 'v1' }], { kind: 'Testcrd' });
  expect(await at.until(async () => (await aggregated(at, header)).find((line) => line.startsWith(defined.group)))).toBe(`${defined.group}/v1 testcrds`);
  await forget(at, defined);
  await at.until(async () => !(await aggregated(at, header)).some((line) => line.startsWith(defined.group)));
}

behaviour('[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint Accept headers [Conformance]', (at) => builtIn(at, accept));
behaviour('[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery request for CRDs [Conformance]', (at) => custom(at, accept));
behaviour('[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface [Conformance]', (at) => builtIn(at, negotiated));
behaviour('[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for CRDs [Conformance]', (at) => custom(at, negotiated));

behaviour('[sig-api-machinery] server version should find the server version [Conformance]', async (at) => {
  const { major, minor } = await at.get<{ major: string; minor: string }>('/version');
  expect(major).toMatch(/^[1-9]$/);
  expect(minor).toMatch(/^\d+\+?$/);
});

behaviour('[sig-api-machinery] Servers with support for Table transformation should return a 406 for a backend which does not implement metadata [Conformance]', async (at) => {
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const { code, text } = await at.raw('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: review, headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
  expect([code, JSON.parse(text)]).toMatchObject([406, { kind: 'Status', reason: 'NotAcceptable', code: 406, message: expect.stringMatching(/^only the following media types are accepted: application\/json/) as string }]);
});
