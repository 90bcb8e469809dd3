import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

  const label = (name: string, labels: object = {}) => ({ ...configMap(name), body: { ...configMap(name).body, metadata: { name, labels } } });
  const messages = (type: string) => cluster.world.recordsBetween(0).filter((record) => record.what === 'message' && record.type === type) as unknown as readonly { readonly from: string; readonly to: string; readonly body: { readonly review: { readonly request: object } } }[];

  test('is asked by a message to the Pod, with the request as it is', () => {
    set('Validating', 'deny', [webhook('/always-deny', { timeoutSeconds: 3 })]);
    const before = messages('webhook.AdmissionReview').length;
    expect(cluster.ask({ ...configMap('denied', { a: 'b' }), query: { dryRun: 'All', fieldManager: 'me' } })).toMatchObject({ code: 400, body: { message: 'admission webhook "check.example.com" denied the request: this webhook denies all requests', status: 'Failure' } });
    const asked = messages('webhook.AdmissionReview').slice(before);
    expect(asked).toMatchObject([{ from: 'control-plane-1/kube-apiserver', to: 'control-plane-1/containerd', body: { port: 8444, path: '/always-deny', review: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: {
      kind: { group: '', version: 'v1', kind: 'ConfigMap' }, resource: { group: '', version: 'v1', resource: 'configmaps' }, name: 'denied', namespace: 'default', operation: 'CREATE', dryRun: true, oldObject: null,
      userInfo: { username: 'kubernetes-admin' }, options: { apiVersion: 'meta.k8s.io/v1', kind: 'CreateOptions', fieldManager: 'me', dryRun: ['All'] }, object: { metadata: { name: 'denied' }, data: { a: 'b' } },
    } } } }]);
  });

  test('changes objects one after the other; each sees a new object before it has a uid, and nothing is asked twice', () => {
    set('Mutating', 'stages', [webhook('/mutating-configmaps'), webhook('/mutating-configmaps', { name: 'second.example.com' })]);
    const before = messages('webhook.AdmissionReview').length;
    expect(cluster.object({ ...configMap('x', { 'mutation-start': 'yes' }), body: { ...configMap('x').body, metadata: { generateName: 'drawn-' }, data: { 'mutation-start': 'yes' } } })).toMatchObject({ data: { 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' }, metadata: { name: expect.stringMatching(/^drawn-\w{5}$/) as unknown, uid: expect.stringMatching(/.{36}/) as unknown } });
    expect(messages('webhook.AdmissionReview').slice(before).map(({ body }) => (body.review.request as { object: { metadata: object } }).object.metadata)).toEqual([{ generateName: 'drawn-', namespace: 'default' }, { generateName: 'drawn-', namespace: 'default' }]);
  });

  test('is asked again when a later one has changed the object, where it wants that', () => {
    const round = (reinvocationPolicy: string): unknown => {
      set('Mutating', 'a', [webhook('/mutating-configmaps', { reinvocationPolicy })]);
      set('Mutating', 'b', [webhook('/add-label', { name: 'label.example.com' })]);
      const made = cluster.object(configMap(`again-${reinvocationPolicy.toLowerCase()}`, { 'mutation-start': 'yes' }));
      clear();
      expect(made.metadata.labels).toEqual({ 'added-label': 'yes' });
      return (made as unknown as { readonly data: unknown }).data;
    };
    expect(round('Never')).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
    expect(round('IfNeeded')).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
  });

  test('looks at a change beside a policy, which comes first', () => {
    const policy = { matchConstraints: { resourceRules: [rule(['configmaps'], ['UPDATE'])] }, reinvocationPolicy: 'Never', mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{data: {"mutation-stage-1": "yes"}}' } }] };
    for (const [resource, kind, spec] of [['mutatingadmissionpolicies', 'MutatingAdmissionPolicy', policy], ['mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', { policyName: 'first' }]] as const) cluster.object({ verb: 'create', ...admission, resource, body: { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'first' }, spec } });
    set('Mutating', 'then', [webhook('/mutating-configmaps', { rules: [rule(['configmaps'], ['UPDATE'])] })]);
    cluster.object(configMap('changed'));
    expect(cluster.object({ verb: 'patch', ...core, resource: 'configmaps', name: 'changed', patchType: 'application/merge-patch+json', body: { data: { a: 'b' } } })).toMatchObject({ data: { a: 'b', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' } });
    for (const resource of ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings']) cluster.ask({ verb: 'deletecollection', ...admission, resource });
  });

  test('is asked about its own version of a kind, unless only exactly that is meant', () => {
    const scaler = (name: string) => ({ verb: 'create', group: 'autoscaling', version: 'v2', namespace: 'default', resource: 'horizontalpodautoscalers', body: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name }, spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }] } } }) as const;
    const rules = [rule(['horizontalpodautoscalers'], ['CREATE'], ['autoscaling'])];
    set('Mutating', 'exact', [webhook('/add-label', { rules, matchPolicy: 'Exact' })]);
    expect(cluster.object(scaler('exact')).metadata.labels).toBeUndefined();
    clear();
    set('Mutating', 'equivalent', [webhook('/add-label', { rules })]);
    const before = messages('webhook.AdmissionReview').length;
    expect(cluster.object(scaler('equivalent'))).toMatchObject({ apiVersion: 'autoscaling/v2', metadata: { labels: { 'added-label': 'yes' } }, spec: { metrics: [{ resource: { target: { averageUtilization: 60 } } }] } });
    expect(messages('webhook.AdmissionReview').slice(before).map(({ body }) => body.review.request)).toMatchObject([{
      kind: { group: 'autoscaling', version: 'v1' }, resource: { version: 'v1' }, requestKind: { version: 'v2' }, requestResource: { version: 'v2' }, object: { apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 60 } },
    }]);
  });

  test('is asked about its own version of a custom kind, and changes what was sent in another', () => {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const versions = ['v1', 'v2'].map((name) => ({ name, served: true, storage: name === 'v1', schema }));
    cluster.object({ verb: 'create', group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions', body: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' }, versions } } });
    cluster.run(5);
    set('Mutating', 'custom', [webhook('/mutating-custom-resource', { rules: [{ ...rule(['things'], ['CREATE'], ['example.com']), apiVersions: ['v2'] }] })]);
    const before = messages('webhook.AdmissionReview').length;
    expect(cluster.object({ verb: 'create', group: 'example.com', version: 'v1', namespace: 'default', resource: 'things', body: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' }, data: { 'mutation-start': 'yes' } } })).toMatchObject({ apiVersion: 'example.com/v1', data: { 'mutation-start': 'yes', 'mutation-stage-1': 'yes' } });
    expect(messages('webhook.AdmissionReview').slice(before).map(({ body }) => body.review.request)).toMatchObject([{ resource: { version: 'v2' }, requestResource: { version: 'v1' }, object: { apiVersion: 'example.com/v2' } }]);
  });

  test('is asked about evictions, bindings and scales by what is in their bodies', () => {
    cluster.object(pod('victim'));
    cluster.run(5);
    set('Validating', 'evictions', [webhook('/always-deny', { rules: [rule(['pods/eviction', 'pods/binding'])] })]);
    const before = messages('webhook.AdmissionReview').length;
    expect(cluster.refusal({ verb: 'create', ...core, resource: 'pods', name: 'victim', subresource: 'eviction', body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'victim' } } })).toContain('this webhook denies all requests');
    expect(messages('webhook.AdmissionReview').slice(before).map(({ body }) => body.review.request)).toMatchObject([{ kind: { group: 'policy', version: 'v1', kind: 'Eviction' }, subResource: 'eviction', operation: 'CREATE', name: 'victim', object: { kind: 'Eviction' }, oldObject: null }]);
    cluster.object(pod('unbound'));
    cluster.run(5);
    expect(cluster.object<{ spec: { nodeName?: string } }>({ verb: 'get', ...core, resource: 'pods', name: 'unbound' }).spec.nodeName).toBeUndefined();
  });

  test('keeps what it refuses to let go, alone and in a collection', () => {
    cluster.object(configMap('kept', { 'webhook-e2e-test': 'webhook-nondeletable' }));
    set('Validating', 'keep', [webhook('/configmaps', { rules: [rule(['configmaps'], ['DELETE'])] })]);
    const words = '400 admission webhook "check.example.com" denied the request: the configmap cannot be deleted because it contains unwanted key and value';
    expect(cluster.refusal({ verb: 'delete', ...core, resource: 'configmaps', name: 'kept' })).toBe(words);
    expect(cluster.refusal({ verb: 'deletecollection', ...core, resource: 'configmaps' })).toBe(words);
    expect(cluster.names({ ...core, resource: 'configmaps' })).toContain('kept');
    clear();
    cluster.object({ verb: 'deletecollection', ...core, resource: 'configmaps' });
  });

  test.each<[string, object, string]>([
    ['the Pod listens on another port', { clientConfig: client('/always-deny', { service: { name: 'deaf', namespace: 'default', path: '/x' } }) }, 'connect: connection refused'],
    ['nobody answers in time', { clientConfig: client('/always-allow-delay-5s'), timeoutSeconds: 1 }, 'failed to call webhook: Post "https://hook.default.svc:8443/always-allow-delay-5s?timeout=1s": context deadline exceeded'],
    ['it speaks no TLS', { clientConfig: client('/x', { service: { name: 'plain', namespace: 'default', path: '/x' } }) }, 'Post "https://plain.default.svc:443/x?timeout=10s": http: server gave HTTP response to HTTPS client'],
    ['its authority is not known', { clientConfig: client('/always-deny', { caBundle: undefined }) }, 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
    ['it does not know the path', { clientConfig: client('/nowhere') }, 'failed to call webhook: the server could not find the requested resource'],
    ['its handler breaks down', { clientConfig: client('/configmaps'), rules: [rule(['secrets'])] }, 'Post "https://hook.default.svc:8443/configmaps?timeout=10s": EOF'],
    ['it patches where it may only judge', { clientConfig: client('/add-label') }, 'received invalid webhook response: validating webhook may not return response.patch'],
  ])('fails where %s, and may be ignored', (_what, more, words) => {
    for (const [name, selector, targetPort] of [['deaf', { app: 'hook' }, 9999], ['plain', { app: 'plain' }, 8080]] as const) cluster.ask({ verb: 'create', ...core, resource: 'services', body: { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector, ports: [{ port: 443, targetPort }] } } });
    cluster.ask(pod('plain', { containers: [{ name: 'web', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: ['netexec'] }] }, { labels: { app: 'plain' } }));
    cluster.run(10);
    const asked = { verb: 'create', ...core, resource: 'rules' in more ? 'secrets' : 'configmaps', body: { apiVersion: 'v1', kind: 'rules' in more ? 'Secret' : 'ConfigMap', metadata: { generateName: 'fails-' } } } as const;
    set('Validating', 'fails', [webhook('', more)]);
    expect(cluster.refusal(asked)).toContain(`500 Internal error occurred: failed calling webhook "check.example.com": `);
    expect(cluster.refusal(asked)).toContain(words);
    cluster.object({ verb: 'patch', ...admission, resource: 'validatingwebhookconfigurations', name: 'fails', patchType: 'application/json-patch+json', body: [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }] });
    cluster.run(1);
    cluster.object(asked);
  });

  test('is asked only where selectors and conditions say so; a condition that fails refuses', () => {
    set('Validating', 'choosy', [webhook('/always-deny', { objectSelector: { matchLabels: { watched: 'yes' } }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } }, matchConditions: [{ name: 'named', expression: 'object.metadata.labels.team == "a"' }] })]);
    cluster.object(label('free'));
    expect(cluster.refusal(label('one', { watched: 'yes', team: 'a' }))).toContain('this webhook denies all requests');
    cluster.object(label('two', { watched: 'yes', team: 'b' }));
    cluster.object({ ...label('three', { watched: 'yes', team: 'a' }), namespace: 'kube-system' });
    expect(cluster.refusal(label('four', { watched: 'yes' }))).toBe(`403 configmaps "four" is forbidden: expression 'object.metadata.labels.team == "a"' resulted in error: no such key: team`);
  });
});

describe('a webhook configuration', () => {
  test.each<[string, object, string]>([
    ['a short name', { name: 'check' }, 'webhooks[0].name: Invalid value: "check": should be a domain with at least three segments separated by dots'],
    ['side effects', { sideEffects: 'Some' }, 'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
    ['no word of side effects', { sideEffects: undefined }, 'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun'],
    ['no version', { admissionReviewVersions: [] }, 'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1'],
    ['unknown versions', { admissionReviewVersions: ['v2'] }, 'webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1'],
    ['too much patience', { timeoutSeconds: 31 }, 'webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds'],
    ['two ways', { clientConfig: { url: 'https://a.example', service: { name: 'a', namespace: 'b' } } }, 'webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
    ['an open way', { clientConfig: { url: 'http://a.example' } }, "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]"],
    ['a query', { clientConfig: { url: 'https://a.example?x=y' } }, 'webhooks[0].clientConfig.url: Invalid value: "x=y": query parameters are not permitted in the URL'],
    ['a relative path', { clientConfig: { service: { name: 'a', namespace: 'b', path: 'x' } } }, "webhooks[0].clientConfig.service.path: Invalid value: \"x\": must start with a '/'"],
    ['everything and more', { rules: [rule(['*', 'pods'])] }, "webhooks[0].rules[0].resources: Invalid value: [\"*\",\"pods\"]: if '*' is present, must not specify other resources without subresources"],
    ['an unknown scope', { rules: [{ ...rule(['pods']), scope: 'All' }] }, 'webhooks[0].rules[0].scope: Unsupported value: "All": supported values: "*", "Cluster", "Namespaced"'],
    ['two conditions of one name', { matchConditions: [{ name: 'a', expression: 'true' }, { name: 'a', expression: 'true' }] }, 'webhooks[0].matchConditions[1].name: Duplicate value: "a"'],
  ])('with %s is refused', (_what, more, words) => { expect(bench.refusal(configuration('Mutating', 'bad', [hook(more)]))).toContain(words); });
  test('has its defaults', () => expect(bench.object(configuration('Mutating', 'good', [hook()]))).toMatchObject({
    webhooks: [{ failurePolicy: 'Fail', matchPolicy: 'Equivalent', reinvocationPolicy: 'Never', timeoutSeconds: 10, namespaceSelector: {}, objectSelector: {}, clientConfig: { service: { port: 443 } }, rules: [{ scope: '*' }] }], metadata: { generation: 1 },
  }));
  test('has no two webhooks of one name', () => expect(bench.refusal(configuration('Validating', 'bad', [hook(), hook()]))).toContain('webhooks[1].name: Duplicate value: "check.example.com"'));
});
