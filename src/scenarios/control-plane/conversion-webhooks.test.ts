import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ObjectList } from '../../kubernetes/protocols/api.ts';
import type { WebhookRequest } from '../../kubernetes/protocols/webhook.ts';
import { topology } from '../topologies/index.ts';
import { Bench } from './bench.ts';

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' } as const;
const core = { group: '', version: 'v1', namespace: 'default' } as const;
const ca = Buffer.from('-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n').toString('base64');
const text = { type: 'string' };
const versions = (stored: string) => [
  { name: 'v1', served: true, storage: stored === 'v1', selectableFields: [{ jsonPath: '.hostPort' }], schema: { openAPIV3Schema: { type: 'object', properties: { hostPort: text } } } },
  { name: 'v2', served: true, storage: stored === 'v2', selectableFields: [{ jsonPath: '.host' }, { jsonPath: '.port' }], schema: { openAPIV3Schema: { type: 'object', properties: { host: text, port: text } } } },
];
const webhook = (more: object = {}) => ({ strategy: 'Webhook', webhook: { clientConfig: { service: { name: 'converter', namespace: 'default', path: '/crdconvert', port: 9443 }, caBundle: ca }, conversionReviewVersions: ['v1', 'v1beta1'], ...more } });
const definition = (plural: string, kind: string, stored = 'v1', conversion: object = webhook()) => ({
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.stable.example.com` },
  spec: { group: 'stable.example.com', scope: 'Namespaced', names: { plural, kind }, versions: versions(stored), conversion },
});
type Custom = KubeObject & { readonly host?: string; readonly port?: string; readonly hostPort?: string };

describe('objects whose versions a webhook converts', () => {
  let cluster: Bench;
  let kinds = 0;
  let at: { readonly group: string; readonly resource: string; readonly namespace: string };
  let kind = '';
  const messages = () => cluster.world.recordsBetween(0).filter((record) => record.what === 'message' && record.type === 'webhook.ConversionReview').map((record) => (record as unknown as { readonly body: WebhookRequest }).body.review as { readonly request: { readonly desiredAPIVersion: string; readonly objects: readonly Custom[] } });
  /** What is asked of the webhook meanwhile. */
  const askedIn = (work: () => void): readonly string[] => {
    const before = messages().length;
    work();
    return messages().slice(before).map(({ request: { desiredAPIVersion, objects } }) => `${objects.map(({ apiVersion, metadata }) => `${metadata.name} of ${apiVersion.slice(-2)}`).join()} to ${desiredAPIVersion.slice(-2)}`);
  };
  const ask = (version: string, asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb'>) => ({ ...at, version, ...asked });
  const body = (version: string, name: string, more: object) => ({ apiVersion: `stable.example.com/${version}`, kind, metadata: { name }, ...more });
  const make = (version: string, name: string, more: object, metadata: object = {}): Custom => cluster.object<Custom>(ask(version, { verb: 'create', body: { ...body(version, name, more), metadata: { name, ...metadata } } }));
  const read = (version: string, name: string): Custom => cluster.object<Custom>(ask(version, { verb: 'get', name }));
  const stored = (): readonly Custom[] => [...cluster.etcd.store.directories.values()].flatMap((keys) => [...keys.values()]).filter(({ key }) => key.startsWith(`/registry/stable.example.com/${at.resource}/`)).map(({ value }) => value as Custom);
  const shown = ({ apiVersion, host, port, hostPort }: Custom) => [apiVersion.slice(-2), host, port, hostPort].filter((part) => part !== undefined).join(' ');

  beforeAll(() => {
    cluster = new Bench(1, false, topology('single-node'));
    const labels = { app: 'converter' };
    cluster.object({ verb: 'create', ...core, resource: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'converter', labels }, spec: { containers: [{ name: 'webhook', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['crd-conversion-webhook', '--port=9444'] }] } } });
    cluster.object({ verb: 'create', ...core, resource: 'services', body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'converter' }, spec: { selector: labels, ports: [{ port: 9443, targetPort: 9444 }] } } });
    cluster.run(30);
    // The garbage collector watches every kind as well.
    cluster.world.dispatch({ type: 'stop-process', address: 'control-plane-1/kube-controller-manager' });
    cluster.run(1);
  });
  beforeEach(() => {
    kinds += 1;
    kind = `Tab${kinds}`;
    at = { group: 'stable.example.com', resource: `tab${kinds}s`, namespace: 'default' };
    cluster.object({ verb: 'create', ...definitions, body: definition(at.resource, kind) });
    cluster.run(3);
  });

  test('are read in either version', () => {
    expect(askedIn(() => make('v1', 'one', { hostPort: 'localhost:8080' }, { labels: { a: 'b' } }))).toEqual([]);
    expect(askedIn(() => { expect(shown(read('v2', 'one'))).toBe('v2 localhost 8080'); })).toEqual(['one of v1 to v2']);
    expect(read('v2', 'one').metadata).toEqual(read('v1', 'one').metadata);
  });
  test('are stored in one, and answered as they were stored', () => {
    // To the stored version, and back for the answer.
    expect(askedIn(() => { expect(shown(make('v2', 'one', { host: 'a', port: '1' }))).toBe('v2 a 1'); })).toEqual(['one of v2 to v1', 'one of v1 to v2']);
    expect(stored().map(shown)).toEqual(['v1 a:1']);
    expect(askedIn(() => { expect(shown(cluster.object<Custom>(ask('v2', { verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { port: '2' } })))).toBe('v2 a 2'); })).toEqual(['one of v1 to v2', 'one of v2 to v1', 'one of v1 to v2']);
    expect(stored().map(shown)).toEqual(['v1 a:2']);
    expect(askedIn(() => cluster.object(ask('v1', { verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { hostPort: 'b:3' } })))).toEqual([]);
  });
  test('are not written where a change changes nothing', () => {
    const { metadata: { resourceVersion } } = make('v2', 'one', { host: 'a', port: '1' });
    expect(cluster.object(ask('v2', { verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { port: '1' } })).metadata.resourceVersion).toBe(resourceVersion);
  });
  test('are listed whole, whatever version each is stored in', () => {
    make('v1', 'one', { hostPort: 'a:1' });
    const { metadata: { resourceVersion } } = cluster.object({ verb: 'get', ...definitions, name: `${at.resource}.stable.example.com` });
    cluster.object({ verb: 'update', ...definitions, name: `${at.resource}.stable.example.com`, body: { ...definition(at.resource, kind, 'v2'), metadata: { name: `${at.resource}.stable.example.com`, resourceVersion } } });
    cluster.run(1);
    make('v1', 'two', { hostPort: 'b:2' });
    expect(stored().map(shown).sort()).toEqual(['v1 a:1', 'v2 b 2']);
    const listed = (version: string) => cluster.object<ObjectList>(ask(version, { verb: 'list' })).items.map((item) => shown(item as Custom));
    expect(askedIn(() => { expect(listed('v1')).toEqual(['v1 a:1', 'v1 b:2']); })).toEqual(['two of v2 to v1']);
    expect(askedIn(() => { expect(listed('v2')).toEqual(['v2 a 1', 'v2 b 2']); })).toEqual(['one of v1 to v2']);
    // Who touches one has it stored in the new version.
    cluster.object(ask('v1', { verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: {} }));
    expect(stored().map(shown).sort()).toEqual(['v2 a 1', 'v2 b 2']);
  });
  test('are selected by the fields of the version that is asked', () => {
    make('v1', 'one', { hostPort: 'a:1' });
    make('v1', 'two', { hostPort: 'a:2' });
    const names = (version: string, fieldSelector: string) => cluster.names(ask(version, { verb: 'list', query: { fieldSelector } }));
    expect([names('v2', 'host=a'), names('v2', 'host=a,port=2'), names('v1', 'hostPort=a:1')]).toEqual([['one', 'two'], ['two'], ['one']]);
    expect(cluster.refusal(ask('v1', { verb: 'list', query: { fieldSelector: 'host=a' } }))).toBe('400 field label not supported: host');
    cluster.object(ask('v2', { verb: 'deletecollection', query: { fieldSelector: 'port=1' } }));
    expect(names('v1', '')).toEqual(['two']);
  });
  test('are watched in order, in the version of the watch', () => {
    const [stored1, plain, selecting] = [cluster.send(ask('v1', { verb: 'watch' })), cluster.send(ask('v2', { verb: 'watch' })), cluster.send(ask('v2', { verb: 'watch', query: { fieldSelector: 'host=a' } }))];
    cluster.run(1);
    // All at once: each waits until those before it are converted.
    for (const name of ['one', 'two', 'three']) cluster.send(ask('v1', { verb: 'create', body: body('v1', name, { hostPort: name === 'two' ? 'b:1' : 'a:1' }) }));
    cluster.run(1);
    cluster.object(ask('v1', { verb: 'patch', name: 'one', patchType: 'application/merge-patch+json', body: { hostPort: 'b:1' } }));
    cluster.object(ask('v1', { verb: 'delete', name: 'two' }));
    cluster.run(1);
    const frames = cluster.heard.frames[plain]!;
    expect([frames.slice(0, 3).sort(), frames.slice(3)]).toEqual([['ADDED one', 'ADDED three', 'ADDED two'], ['MODIFIED one', 'DELETED two']]);
    expect(frames).toEqual(cluster.heard.frames[stored1]);
    expect(cluster.heard.frames[selecting]).toEqual([...frames.slice(0, 3).filter((line) => line !== 'ADDED two'), 'DELETED one']);
    expect(cluster.heard.objects[plain]!.map((object) => shown(object as Custom))).toEqual([...frames.slice(0, 3).map((line) => (line === 'ADDED two' ? 'v2 b 1' : 'v2 a 1')), 'v2 b 1', 'v2 b 1']);
    const late = cluster.send(ask('v2', { verb: 'watch', query: { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true } }));
    cluster.run(1);
    expect(cluster.heard.frames[late]).toEqual(['ADDED one', 'ADDED three', 'BOOKMARK']);
  });
  test('are seen by admission webhooks in the version they mean', () => {
    cluster.object({ verb: 'create', group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicies', body: {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy', metadata: { name: kind.toLowerCase() },
      spec: { matchConstraints: { resourceRules: [{ apiGroups: ['stable.example.com'], apiVersions: ['v2'], operations: ['CREATE'], resources: [at.resource] }] }, validations: [{ expression: 'object.port != "13"' }] },
    } });
    cluster.object({ verb: 'create', group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicybindings', body: { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: kind.toLowerCase() }, spec: { policyName: kind.toLowerCase(), validationActions: ['Deny'] } } });
    cluster.run(1);
    expect(cluster.refusal(ask('v1', { verb: 'create', body: body('v1', 'bad', { hostPort: 'a:13' }) }))).toContain('failed expression: object.port != "13"');
    expect(askedIn(() => make('v1', 'good', { hostPort: 'a:1' }))).toEqual(['good of v1 to v2']);
  });

  describe('which fails', () => {
    const failed = () => `500 conversion webhook for stable.example.com/v1, Kind=${kind} failed: `;
    const change = (conversion: object): void => {
      cluster.object({ verb: 'patch', ...definitions, name: `${at.resource}.stable.example.com`, patchType: 'application/merge-patch+json', body: { spec: { conversion } } });
      cluster.run(1);
    };
    const client = (more: object) => ({ webhook: { clientConfig: { service: more } } });

    test('in its own words', () => {
      make('v1', 'odd', { hostPort: 'a' });
      expect(cluster.refusal(ask('v2', { verb: 'get', name: 'odd' }))).toBe(`${failed()}invalid hostPort value \`a\``);
      expect(cluster.refusal(ask('v2', { verb: 'list' }))).toBe(`${failed()}invalid hostPort value \`a\``);
      expect(cluster.refusal(ask('v2', { verb: 'delete', name: 'odd' }))).toBe(`${failed()}invalid hostPort value \`a\``);
      const watch = cluster.send(ask('v2', { verb: 'watch' }));
      cluster.run(1);
      expect(cluster.heard.frames[watch]).toEqual([`ERROR Internal error occurred: conversion webhook for stable.example.com/v1, Kind=${kind} failed: invalid hostPort value \`a\``, 'CLOSED closed']);
    });
    test('without its Service', () => {
      change(client({ name: 'nobody' }));
      make('v1', 'one', { hostPort: 'a:1' });
      expect(cluster.refusal(ask('v2', { verb: 'get', name: 'one' }))).toBe(`${failed()}Post "https://nobody.default.svc:9443/crdconvert?timeout=30s": service "nobody" not found`);
      expect(cluster.refusal(ask('v2', { verb: 'create', body: body('v2', 'two', { host: 'a' }) }))).toBe(`${failed().replace('v1', 'v2')}Post "https://nobody.default.svc:9443/crdconvert?timeout=30s": service "nobody" not found`);
    });
    test('on a path that it does not serve', () => {
      change(client({ path: '/elsewhere' }));
      make('v1', 'one', { hostPort: 'a:1' });
      expect(cluster.refusal(ask('v2', { verb: 'get', name: 'one' }))).toBe(`${failed()}the server could not find the requested resource`);
    });
    test('without an authority', () => {
      change({ webhook: { clientConfig: { caBundle: null } } });
      make('v1', 'one', { hostPort: 'a:1' });
      expect(cluster.refusal(ask('v2', { verb: 'get', name: 'one' }))).toBe(`${failed()}Post "https://converter.default.svc:9443/crdconvert?timeout=30s": tls: failed to verify certificate: x509: certificate signed by unknown authority`);
    });
  });
});

describe('a definition with a webhook', () => {
  const bench = new Bench();
  const refused = (conversion: object) => bench.refusal({ verb: 'create', ...definitions, body: definition('bads', 'Bad', 'v1', conversion) });
  const invalid = '422 CustomResourceDefinition.apiextensions.k8s.io "bads.stable.example.com" is invalid: ';
  test.each<[string, object, string]>([
    ['without a client', { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } }, 'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook'],
    ['with two', webhook({ clientConfig: { url: 'https://a.b/c', service: { name: 'a', namespace: 'b' } } }), 'spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required'],
    ['with an odd URL', webhook({ clientConfig: { url: 'http://a.b/c' } }), 'spec.conversion.webhookClientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]'],
    ['with an odd path', webhook({ clientConfig: { service: { name: 'a', namespace: 'b', path: 'cd' } } }), 'spec.conversion.webhookClientConfig.service.path: Invalid value: "cd": must start with a \'/\''],
    ['with no known version', webhook({ conversionReviewVersions: ['v7'] }), 'spec.conversion.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1'],
    ['with a version twice', webhook({ conversionReviewVersions: ['v1', 'v1'] }), 'spec.conversion.conversionReviewVersions[1]: Invalid value: "v1": duplicate version'],
    ['that it does not use', { ...webhook(), strategy: 'None' }, '[spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook, spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook]'],
  ])('%s is refused', (_, conversion, words) => expect(refused(conversion)).toBe(invalid + words));
  test('whose authority is no certificate is not established', () => {
    const made = bench.object({ verb: 'create', ...definitions, body: definition('tabs', 'Tab', 'v1', webhook({ clientConfig: { service: { name: 'a', namespace: 'b' }, caBundle: 'eA==' } })) });
    expect(made).toMatchObject({ spec: { conversion: { webhook: { clientConfig: { service: { port: 443 } } } } } });
    bench.run(1);
    expect((bench.object({ verb: 'get', ...definitions, name: 'tabs.stable.example.com' }).status as { conditions: object[] }).conditions[1]).toMatchObject({ type: 'Established', status: 'False', reason: 'InvalidCABundle', message: 'The conversion webhook CABundle is invalid' });
  });
});
