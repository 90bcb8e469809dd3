/** agnhost's webhook in the test's own namespace, and configurations that ask it. Models test/e2e/apimachinery/webhook.go: deployWebhookAndService, newValidatingIsReadyWebhookFixture. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { Refused, Thing } from './things.ts';

export const admission = '/apis/admissionregistration.k8s.io/v1';
const serviceName = 'e2e-test-webhook';
const port = 8443;
/** Believed: there is no TLS. */
const caBundle = Buffer.from('-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n').toString('base64');

export const rule = (resource: string, operations: readonly string[] = ['CREATE'], apiGroup = '', apiVersions: readonly string[] = ['v1']) => ({ operations, apiGroups: [apiGroup], apiVersions, resources: [resource] });

/** A Deployment of one of agnhost's servers over TLS behind a Service, as soon as that has an endpoint. */
async function deployServer(at: Client, { name, subcommand, service, ports: [from, to] }: { readonly name: string; readonly subcommand: string; readonly service: string; readonly ports: readonly [number, number] }): Promise<void> {
  const labels = { app: name, [subcommand]: 'true' };
  const [secretName, certificates] = [`${name}-secret`, '/webhook.local.config/certificates'];
  await at.post(`${at.in('v1')}/secrets`, { metadata: { name: secretName }, type: 'Opaque', data: { 'tls.crt': caBundle, 'tls.key': caBundle } });
  const container = {
    name, image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', volumeMounts: [{ name: 'webhook-certs', readOnly: true, mountPath: certificates }],
    args: [subcommand, `--tls-cert-file=${certificates}/tls.crt`, `--tls-private-key-file=${certificates}/tls.key`, '--alsologtostderr', '-v=4', `--port=${to}`],
    readinessProbe: { httpGet: { scheme: 'HTTPS', port: to, path: '/readyz' }, periodSeconds: 1, successThreshold: 1, failureThreshold: 30 }, ports: [{ containerPort: to }],
  };
  await at.post(`${at.in('apps/v1')}/deployments`, { metadata: { name: `${name}-deployment` }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container], volumes: [{ name: 'webhook-certs', secret: { secretName } }] } } } });
  await at.post(`${at.in('v1')}/services`, { metadata: { name: service, labels: { test: 'webhook' } }, spec: { selector: { [subcommand]: 'true' }, ports: [{ protocol: 'TCP', port: from, targetPort: to }] } });
  await at.until(async () => ((await at.list(`${at.in('discovery.k8s.io/v1')}/endpointslices?labelSelector=kubernetes.io/service-name=${service}`)).items[0]?.['endpoints'] as readonly { readonly conditions: { readonly ready: boolean } }[] | undefined)?.[0]?.conditions.ready);
}

export async function deployWebhook(at: Client): Promise<void> {
  await deployServer(at, { name: 'sample-webhook', subcommand: 'webhook', service: serviceName, ports: [port, 8444] });
  await at.patch(`/api/v1/namespaces/${at.namespace}`, { metadata: { labels: { [at.namespace]: 'true' } } });
}

/** A webhook that converts, and how a definition says so. Models test/e2e/apimachinery/crd_conversion_webhook.go: deployCustomResourceWebhookAndService. */
export async function deployConverter(at: Client): Promise<object> {
  const service = 'e2e-test-crd-conversion-webhook';
  await deployServer(at, { name: 'sample-crd-conversion-webhook', subcommand: 'crd-conversion-webhook', service, ports: [9443, 9444] });
  return { strategy: 'Webhook', webhook: { clientConfig: { caBundle, service: { namespace: at.namespace, name: service, path: '/crdconvert', port: 9443 } }, conversionReviewVersions: ['v1', 'v1beta1'] } };
}

/** A webhook of the test's own namespace, by its path. */
export const webhook = (at: Client, name: string, path: string, rules: readonly object[], more: object = {}) => ({
  name, rules, clientConfig: { service: { namespace: at.namespace, name: serviceName, path, port }, caBundle }, sideEffects: 'None', admissionReviewVersions: ['v1', 'v1beta1'],
  namespaceSelector: { matchLabels: { [at.namespace]: 'true' } }, ...more,
});

export type Sort = 'validating' | 'mutating';
export const pathOf = (sort: Sort): string => `${admission}/${sort}webhookconfigurations`;

/** In force when the server has seen it; upstream waits until a marker is refused. */
export async function register(at: Client, sort: Sort, webhooks: readonly object[], { name = at.namespace, labels = {} }: { readonly name?: string; readonly labels?: object } = {}): Promise<Thing> {
  const made = await at.post(pathOf(sort), { metadata: { name, labels }, webhooks });
  await at.pass(1_000);
  return made;
}

export const configMap = (name: string, data: object = {}) => ({ metadata: { name }, data });
export const disallowed = { 'webhook-e2e-test': 'webhook-disallow' };
export const refusal = (asked: Promise<unknown>): Promise<Refused> => asked.then(() => { throw new Error('it was not refused'); }, (error: unknown) => error as Refused);
export async function isRefused(asked: Promise<unknown>, words: string): Promise<void> { expect((await refusal(asked)).message).toContain(words); }
