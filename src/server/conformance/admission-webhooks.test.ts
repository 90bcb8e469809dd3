/** Models test/e2e/apimachinery/webhook.go. */
import { request } from 'node:http';
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { define, definition, definitions, forget, type Defined } from './definitions.ts';
import { behaviour } from './harness.ts';
import { admission, configMap, deployWebhook, disallowed, isRefused, pathOf, refusal, register, rule, webhook, type Sort } from './webhooks.ts';

const maps = (at: Client): string => `${at.in('v1')}/configmaps`;
const pods = (at: Client): string => `${at.in('v1')}/pods`;
const pause = (name: string, more: object = {}, spec: object = {}) => ({ metadata: { name, ...more }, spec: { containers: [{ name: 'example', image: 'registry.k8s.io/pause:3.10.1' }], ...spec } });
const data = (fields: object) => ({ data: fields });

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should include webhook resources in discovery documents [Conformance]', async (at) => {
  type Groups = { readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly groupVersion: string }[] }[] };
  expect((await at.get<Groups>('/apis')).groups.find(({ name }) => name === 'admissionregistration.k8s.io')?.versions).toContainEqual(expect.objectContaining({ groupVersion: 'admissionregistration.k8s.io/v1', version: 'v1' }));
  expect(await at.get('/apis/admissionregistration.k8s.io')).toMatchObject({ name: 'admissionregistration.k8s.io', versions: expect.arrayContaining([expect.objectContaining({ version: 'v1' })]) as unknown });
  const { resources } = await at.get<{ readonly resources: readonly { readonly name: string; readonly kind: string }[] }>(admission);
  expect(resources).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'mutatingwebhookconfigurations', kind: 'MutatingWebhookConfiguration' }), expect.objectContaining({ name: 'validatingwebhookconfigurations', kind: 'ValidatingWebhookConfiguration' })]));
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny pod and configmap creation [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'validating', [
    webhook(at, 'deny-unwanted-pod-container-name-and-label.k8s.io', '/pods', [rule('pods')]), webhook(at, 'deny-unwanted-configmap-data.k8s.io', '/configmaps', [rule('configmaps', ['CREATE', 'UPDATE', 'DELETE'])]),
    webhook(at, 'fail-open.k8s.io', '/configmaps', [rule('configmaps')], { failurePolicy: 'Ignore', clientConfig: { service: { namespace: at.namespace, name: 'e2e-test-webhook', path: '/configmaps', port: 8443 } } }),
  ]);
  const unwanted = await refusal(at.post(pods(at), pause('disallowed-pod', { labels: disallowed }, { containers: [{ name: 'webhook-disallow', image: 'registry.k8s.io/pause:3.10.1' }] })));
  for (const words of ['the pod contains unwanted container name', 'the pod contains unwanted label']) expect(unwanted.message).toContain(words);
  await isRefused(at.post(pods(at), pause('hanging-pod', { labels: { 'webhook-e2e-test': 'wait-forever' } })), 'context deadline exceeded');
  expect(await at.find(`${pods(at)}/hanging-pod`)).toBeUndefined();
  const words = 'the configmap contains unwanted key and value';
  await isRefused(at.post(maps(at), configMap('disallowed-configmap', disallowed)), words);
  const made = await at.post(maps(at), configMap('allowed-configmap', { admit: 'this' }));
  await isRefused(at.put(`${maps(at)}/allowed-configmap`, { ...made, data: { ...made['data'] as object, ...disallowed } }), words);
  await isRefused(at.patch(`${maps(at)}/allowed-configmap`, data(disallowed), 'strategic'), words);
  await at.post('/api/v1/namespaces', { metadata: { name: `exempted-${at.namespace}`, labels: { 'skip-webhook-admission': 'yes' } } });
  await at.post(`${at.in('v1', `exempted-${at.namespace}`)}/configmaps`, configMap('disallowed-configmap', disallowed));
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny attaching pod [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'validating', [webhook(at, 'deny-attaching-pod.k8s.io', '/pods/attach', [rule('pods/attach', ['CONNECT'])])]);
  await at.post(pods(at), pause('to-be-attached-pod', {}, { containers: [{ name: 'container1', image: 'registry.k8s.io/pause:3.10.1' }] }));
  await at.until(async () => ((await at.get(`${pods(at)}/to-be-attached-pod`))['status'] as { readonly phase: string }).phase === 'Running');
  const attach = (query: string) => new Promise<{ readonly code?: number; readonly text: string }>((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' };
    const asked = request(`${at.url}${pods(at)}/to-be-attached-pod/attach?${query}`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve({ code: response.statusCode, text }));
    });
    asked.on('upgrade', (response, socket) => { socket.destroy(); resolve({ code: response.statusCode, text: '' }); }).on('error', reject).end();
  });
  expect(await attach('container=container1&stdin=true')).toMatchObject({ code: 400, text: expect.stringContaining("attaching to pod 'to-be-attached-pod' is not allowed") as unknown });
  expect(await attach('container=container1&stdout=true')).toMatchObject({ code: 101 });
});

/** A definition with two maps of texts, and a webhook for its objects. */
async function defined(at: Client, versions?: Parameters<typeof define>[1]): Promise<Defined> {
  await deployWebhook(at);
  return define(at, versions, { kind: 'Webhooked' });
}

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny custom resource creation, update and deletion [Conformance]', async (at) => {
  const crd = await defined(at);
  await register(at, 'validating', [webhook(at, 'deny-unwanted-custom-resource-data.k8s.io', '/custom-resource', [rule(crd.plural, ['CREATE', 'UPDATE', 'DELETE'], crd.group)])]);
  const one = (name: string, fields: object) => ({ apiVersion: `${crd.group}/v1`, kind: crd.kind, metadata: { name }, data: fields });
  await isRefused(at.post(crd.path, one('cr-instance-1', disallowed)), 'the custom resource contains unwanted data');
  await at.post(crd.path, one('cr-instance-2', { 'webhook-e2e-test': 'webhook-nondeletable' }));
  await isRefused(at.patch(`${crd.path}/cr-instance-2`, data(disallowed)), 'the custom resource contains unwanted data');
  await isRefused(at.delete(`${crd.path}/cr-instance-2`), 'the custom resource cannot be deleted because it contains unwanted key and value');
  await at.patch(`${crd.path}/cr-instance-2`, data({ 'webhook-e2e-test': null }));
  await at.delete(`${crd.path}/cr-instance-2`);
  await forget(at, crd);
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should unconditionally reject operations on fail closed webhook [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'validating', [webhook(at, 'fail-closed.k8s.io', '/configmaps', [rule('configmaps')], { failurePolicy: 'Fail', clientConfig: { service: { namespace: at.namespace, name: 'e2e-test-webhook', path: '/configmaps', port: 8443 } } })]);
  expect(await refusal(at.post(maps(at), configMap('foo')))).toMatchObject({ code: 500, reason: 'InternalError', message: expect.stringContaining('x509: certificate signed by unknown authority') as unknown });
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate configmap [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'mutating', [1, 2].map((stage) => webhook(at, `adding-configmap-data-stage-${stage}.k8s.io`, '/mutating-configmaps', [rule('configmaps')])));
  expect((await at.post(maps(at), configMap('to-be-mutated', { 'mutation-start': 'yes' })))['data']).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate pod and apply defaults after mutation [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'mutating', [webhook(at, 'adding-init-container.k8s.io', '/mutating-pods', [rule('pods')])]);
  expect(await at.post(pods(at), pause('webhook-to-be-mutated'))).toMatchObject({ spec: { initContainers: [{ name: 'webhook-added-init-container', terminationMessagePolicy: 'File' }] } });
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should not be able to mutate or prevent deletion of webhook configuration objects [Conformance]', async (at) => {
  await deployWebhook(at);
  const rules = [{ operations: ['DELETE'], apiGroups: ['admissionregistration.k8s.io'], apiVersions: ['*'], resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] }];
  const hooks = (name: string, path: string, operations: readonly string[]) => [webhook(at, name, path, rules.map((one) => ({ ...one, operations })), { namespaceSelector: {} })];
  await register(at, 'validating', hooks('deny-webhook-configuration-deletions.k8s.io', '/always-deny', ['DELETE']));
  await register(at, 'mutating', hooks('add-label-to-webhook-configurations.k8s.io', '/add-label', ['CREATE']));
  for (const sort of ['validating', 'mutating'] as const) {
    const dummy = await at.post(pathOf(sort), { metadata: { name: `dummy-${at.namespace}` }, webhooks: [{ ...webhook(at, 'dummy.k8s.io', '/invalid', []), failurePolicy: 'Ignore' }] });
    expect(dummy.metadata.labels).toBeUndefined();
    await at.delete(`${pathOf(sort)}/dummy-${at.namespace}`);
  }
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource [Conformance]', async (at) => {
  const crd = await defined(at);
  await register(at, 'mutating', [1, 2].map((stage) => webhook(at, `mutate-custom-resource-data-stage-${stage}.k8s.io`, '/mutating-custom-resource', [rule(crd.plural, ['CREATE', 'UPDATE'], crd.group)])));
  const made = await at.post(crd.path, { apiVersion: `${crd.group}/v1`, kind: crd.kind, metadata: { name: 'cr-instance-1' }, data: { 'mutation-start': 'yes' } });
  expect(made['data']).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
  await forget(at, crd);
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with pruning [Conformance]', async (at) => {
  const text = { type: 'string' };
  const crd = await defined(at, [{ name: 'v1', schema: { type: 'object', properties: { data: { type: 'object', properties: { 'mutation-start': text, 'mutation-stage-1': text } } } } }]);
  await register(at, 'mutating', [1, 2].map((stage) => webhook(at, `mutate-custom-resource-data-stage-${stage}.k8s.io`, '/mutating-custom-resource', [rule(crd.plural, ['CREATE', 'UPDATE'], crd.group)])));
  const made = await at.post(crd.path, { apiVersion: `${crd.group}/v1`, kind: crd.kind, metadata: { name: 'cr-instance-1' }, data: { 'mutation-start': 'yes' } });
  expect(made['data']).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
  await forget(at, crd);
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with different stored version [Conformance]', async (at) => {
  const crd = await defined(at, [{ name: 'v1' }, { name: 'v2', storage: false }]);
  await register(at, 'mutating', [1, 2].map((stage) => webhook(at, `mutate-custom-resource-data-stage-${stage}.k8s.io`, '/mutating-custom-resource', [rule(crd.plural, ['CREATE', 'UPDATE'], crd.group, ['*'])])));
  const one = (version: string) => `${at.in(`${crd.group}/${version}`)}/${crd.plural}`;
  await at.post(one('v1'), { apiVersion: `${crd.group}/v1`, kind: crd.kind, metadata: { name: 'cr-instance-1' }, data: { 'mutation-start': 'yes' } });
  await at.patch(`${definitions}/${crd.definition.metadata.name}`, { spec: { versions: (crd.definition.spec as { readonly versions: readonly { readonly name: string }[] }).versions.map((version) => ({ ...version, storage: version.name === 'v2' })) } });
  await at.pass(1_000);
  expect((await at.patch(`${one('v1')}/cr-instance-1`, { metadata: { labels: { dummy: 'yes' } } }))['data']).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
  expect(await at.get(`${one('v2')}/cr-instance-1`)).toMatchObject({ apiVersion: `${crd.group}/v2`, metadata: { labels: { dummy: 'yes' } }, data: { 'mutation-stage-2': 'yes' } });
  await forget(at, crd);
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should deny crd creation [Conformance]', async (at) => {
  await deployWebhook(at);
  await register(at, 'validating', [webhook(at, 'deny-crd-with-unwanted-label.k8s.io', '/crd', [rule('customresourcedefinitions', ['CREATE'], 'apiextensions.k8s.io', ['*'])], { namespaceSelector: {}, objectSelector: { matchLabels: { [at.namespace]: 'true' } } })]);
  const denied = definition({ group: `${at.namespace}.example.com`, plural: 'denieds', kind: 'Denied' }, [{ name: 'v1' }]) as { readonly metadata: object };
  await isRefused(at.post(definitions, { ...denied, metadata: { ...denied.metadata, labels: { ...disallowed, [at.namespace]: 'true' } } }), 'the crd contains unwanted label');
});

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should honor timeout [Conformance]', async (at) => {
  await deployWebhook(at);
  const slow = async (timeoutSeconds: number | undefined, failurePolicy: string): Promise<void> => {
    await register(at, 'validating', [webhook(at, 'allow-configmap-with-delay-webhook.k8s.io', '/always-allow-delay-5s', [rule('configmaps')], { failurePolicy, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) })]);
  };
  const ask = (name: string) => at.post(maps(at), configMap(name));
  const clear = async (): Promise<void> => { await at.delete(`${pathOf('validating')}/${at.namespace}`); await at.pass(1_000); };
  await slow(1, 'Fail');
  const { message } = await refusal(ask('slow'));
  for (const words of ['context deadline exceeded', '/always-allow-delay-5s?timeout=1s']) expect(message).toContain(words);
  await clear();
  for (const [name, seconds, policy] of [['ignored', 1, 'Ignore'], ['longer', 10, 'Fail'], ['default', undefined, 'Fail']] as const) {
    await slow(seconds, policy);
    await ask(name);
    await clear();
  }
});

/** Takes the webhook of a configuration out of force and puts it in again, by an update and by a patch. */
const changing = async (at: Client, sort: Sort, path: string, isInForce: (name: string, yes: boolean) => Promise<void>): Promise<void> => {
  await deployWebhook(at);
  const made = await register(at, sort, [webhook(at, 'adding-configmap-data-stage-1.k8s.io', path, [rule('configmaps')])]);
  await isInForce('first', true);
  const one = `${pathOf(sort)}/${made.metadata.name}`;
  const [hook] = made['webhooks'] as readonly [object];
  await at.put(one, { ...made, webhooks: [{ ...hook, rules: [rule('configmaps', ['UPDATE'])] }] });
  await at.pass(1_000);
  await isInForce('second', false);
  await at.patch(one, [{ op: 'replace', path: '/webhooks/0/rules/0/operations/0', value: 'CREATE' }], 'json');
  await at.pass(1_000);
  await isInForce('third', true);
};
const refuses = (at: Client) => async (name: string, yes: boolean): Promise<void> => {
  const asked = at.post(maps(at), configMap(name, disallowed));
  if (yes) await isRefused(asked, 'the configmap contains unwanted key and value');
  else await asked;
};
const mutates = (at: Client) => async (name: string, yes: boolean): Promise<void> => {
  expect((await at.post(maps(at), configMap(name, { 'mutation-start': 'yes' })))['data']).toEqual({ 'mutation-start': 'yes', ...(yes ? { 'mutation-stage-1': 'yes' } : {}) });
};

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a validating webhook should work [Conformance]', (at) => changing(at, 'validating', '/configmaps', refuses(at)));

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a mutating webhook should work [Conformance]', (at) => changing(at, 'mutating', '/mutating-configmaps', mutates(at)));

/** Ten of them with a label: they are listed, in force, and gone together. */
const listing = async (at: Client, sort: Sort, path: string, isInForce: (name: string, yes: boolean) => Promise<void>): Promise<void> => {
  await deployWebhook(at);
  for (let i = 0; i < 10; i++) await register(at, sort, [webhook(at, `listed-${i}.k8s.io`, path, [rule('configmaps')])], { name: `${at.namespace}-${i}`, labels: { [at.namespace]: 'list' } });
  const all = `${pathOf(sort)}?labelSelector=${at.namespace}=list`;
  expect((await at.list(all)).items).toHaveLength(10);
  await isInForce('first', true);
  await at.delete(all);
  await at.pass(1_000);
  await isInForce('second', false);
};

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing validating webhooks should work [Conformance]', (at) => listing(at, 'validating', '/configmaps', refuses(at)));

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing mutating webhooks should work [Conformance]', (at) => listing(at, 'mutating', '/mutating-configmaps', async (name, yes) => {
  const made = (await at.post(maps(at), configMap(name, { 'mutation-start': 'yes' })))['data'];
  expect(made).toEqual({ 'mutation-start': 'yes', ...(yes ? { 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' } : {}) });
}));

const condition = { name: 'expression-1', expression: "object.metadata.namespace == 'production'" };
const conditioned = async (at: Client, sort: Sort): Promise<void> => {
  const made = await at.post(pathOf(sort), { metadata: { name: at.namespace }, webhooks: [webhook(at, 'adding-configmap-data-stage-1.k8s.io', '/mutating-configmaps', [], { matchConditions: [condition] })] });
  expect(made).toMatchObject({ webhooks: [{ matchConditions: [condition] }] });
  const [hook] = made['webhooks'] as readonly [object];
  const other = { name: 'expression-2', expression: "object.metadata.namespace == 'staging'" };
  expect(await at.put(`${pathOf(sort)}/${at.namespace}`, { ...made, webhooks: [{ ...hook, matchConditions: [other] }] })).toMatchObject({ webhooks: [{ matchConditions: [other] }] });
};
const misconditioned = async (at: Client, sort: Sort): Promise<void> => {
  const bad = [webhook(at, 'adding-configmap-data-stage-1.k8s.io', '/mutating-configmaps', [], { matchConditions: [{ name: 'expression-1', expression: '... [] bad expression' }] })];
  expect(await refusal(at.post(pathOf(sort), { metadata: { name: at.namespace }, webhooks: bad }))).toMatchObject({ reason: 'Invalid', message: expect.stringContaining('compilation failed') as unknown });
};

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update validating webhook configurations with match conditions [Conformance]', (at) => conditioned(at, 'validating'));

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update mutating webhook configurations with match conditions [Conformance]', (at) => conditioned(at, 'mutating'));

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject validating webhook configurations with invalid match conditions [Conformance]', (at) => misconditioned(at, 'validating'));

behaviour('[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject mutating webhook configurations with invalid match conditions [Conformance]', (at) => misconditioned(at, 'mutating'));

behaviour("[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate everything except 'skip-me' configmaps [Conformance]", async (at) => {
  await deployWebhook(at);
  await register(at, 'mutating', [webhook(at, 'adding-configmap-data-stage-1.k8s.io', '/mutating-configmaps', [rule('configmaps')], { matchConditions: [{ name: 'skip-me', expression: "object.metadata.name != 'skip-me'" }] })]);
  await mutates(at)('skip-me', false);
  await mutates(at)('not-skipped', true);
});
