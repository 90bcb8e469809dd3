import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import { topology } from '../topologies/index.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const;
const core = { group: '', version: 'v1', namespace: 'default' } as const;
const rule = (resources: readonly string[], operations = ['CREATE'], apiGroups = ['']) => ({ apiGroups, apiVersions: ['v1'], operations, resources });
const ca = Buffer.from('-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n').toString('base64');
const configuration = (kind: 'Validating' | 'Mutating', name: string, webhooks: readonly object[]) =>
  ({ verb: 'create', ...admission, resource: `${kind.toLowerCase()}webhookconfigurations`, body: { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name }, webhooks } }) as const;
const hook = (more: object = {}) => ({ name: 'check.example.com', clientConfig: { service: { name: 'hook', namespace: 'default', path: '/check' }, caBundle: ca }, rules: [rule(['configmaps'])], sideEffects: 'None', admissionReviewVersions: ['v1'], ...more });
const configMap = (name: string, data: object = {}) => ({ verb: 'create', ...core, resource: 'configmaps', body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data } }) as const;

beforeEach(() => { bench = new Bench(); });

describe('a webhook that cannot be called', () => {
  const refused = (more: object, service?: object): string => {
    if (service !== undefined) bench.object({ verb: 'create', ...core, resource: 'services', body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec: service } });
    bench.object(configuration('Validating', 'deny', [hook(more)]));
    bench.run(1);
    return bench.refusal(configMap('a'));
  };
  const failed = '500 Internal error occurred: failed calling webhook "check.example.com": ';
  test('without its Service', () => expect(refused({})).toBe(`${failed}failed to call webhook: Post "https://hook.default.svc:443/check?timeout=10s": service "hook" not found`));
  test('without endpoints', () => {
    expect(refused({}, { clusterIP: '10.96.7.7', ports: [{ port: 443, targetPort: 8443 }] })).toBe(`${failed}failed to call webhook: Post "https://hook.default.svc:443/check?timeout=10s": dial tcp 10.96.7.7:443: connect: connection refused`);
  });
  test('on another port', () => expect(refused({ clientConfig: { service: { name: 'hook', namespace: 'default', port: 8443 }, caBundle: ca } }, { ports: [{ port: 443 }] })).toBe(`${failed}failed to call webhook: Post "https://hook.default.svc:8443/?timeout=10s": no service port 8443 found for service "hook"`));
  test('outside of the cluster', () => expect(refused({ clientConfig: { url: 'https://example.com/check' }, timeoutSeconds: 3 })).toBe(`${failed}failed to call webhook: Post "https://example.com/check?timeout=3s": dial tcp: lookup example.com: no such host`));
  test('of an unreadable authority', () => expect(refused({ clientConfig: { service: { name: 'hook', namespace: 'default' }, caBundle: 'eA==' } })).toBe(`${failed}could not get REST client: unable to load root certificates: unable to parse bytes as PEM block`));
  test('lets pass where failures are ignored', () => {
    bench.object(configuration('Validating', 'lenient', [hook({ failurePolicy: 'Ignore' })]));
    bench.object(configuration('Mutating', 'lenient', [hook({ failurePolicy: 'Ignore' })]));
    bench.run(1);
    expect(bench.object(configMap('a')).metadata.name).toBe('a');
  });
});

describe('a webhook that answers', () => {
  let cluster: Bench;
  const client = (path: string, more: object = {}) => ({ service: { name: 'hook', namespace: 'default', path, port: 8443 }, caBundle: ca, ...more });
  const webhook = (path: string, more: object = {}) => hook({ clientConfig: client(path), ...more });
  const set = (kind: 'Validating' | 'Mutating', name: string, webhooks: readonly object[]): void => {
    cluster.object(configuration(kind, name, webhooks));
    cluster.run(1);
  };
  const clear = (): void => {
    for (const resource of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) cluster.ask({ verb: 'deletecollection', ...admission, resource });
    cluster.run(1);
  };
  const pod = (name: string, more: object = {}, metadata: object = {}) => ({ verb: 'create', ...core, resource: 'pods', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers: [{ name: 'idle', image: 'registry.k8s.io/pause:3.10' }], ...more } } }) as const;

  beforeAll(() => {
    cluster = new Bench(1, false, topology('single-node'));
    const labels = { app: 'hook' };
    cluster.object(pod('hook', { containers: [{ name: 'webhook', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['webhook', '--port=8444', '--sidecar-image=registry.k8s.io/pause:3.10'] }] }, { labels }));
    cluster.object({ verb: 'create', ...core, resource: 'services', body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'hook' }, spec: { selector: labels, ports: [{ port: 8443, targetPort: 8444 }] } } });
    cluster.run(30);
  });
  afterEach(clear);

  test('refuses in its own words', () => {
    set('Validating', 'deny', [webhook('/always-deny')]);
    expect(cluster.refusal(configMap('denied'))).toBe('400 admission webhook "check.example.com" denied the request: this webhook denies all requests');
  });
  test('changes objects one after the other', () => {
    set('Mutating', 'stages', [webhook('/mutating-configmaps'), webhook('/mutating-configmaps', { name: 'second.example.com' })]);
    expect(cluster.object(configMap('staged', { 'mutation-start': 'yes' }))).toMatchObject({ data: { 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' } });
  });
});
