/** The rules of webhook configurations, and what they are filled up with. Models pkg/apis/admissionregistration/{validation/validation.go,v1/defaults.go} and apiserver/pkg/util/webhook/validation.go. */
import type { Rules } from '../../api/validation/index.ts';
import { pushInvalid, subdomainName, validateLabelSelector, validateMetadata, validateMetadataUpdate, type Errors } from '../../api/validation/metadata.ts';
import { duplicate, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1035LabelErrors, dns1123SubdomainErrors } from '../../apimachinery/names.ts';
import { validateMatchConditions, validateRules, withScope } from '../policies/operation-rules.ts';
import { validateService, validateUrl } from './client-rules.ts';
import type { ClientConfig, Webhook, WebhookConfiguration } from './webhook.ts';

const filled = (hook: Webhook, mutating: boolean): Webhook => {
  const { clientConfig, rules } = hook;
  const service = clientConfig?.service;
  return {
    failurePolicy: 'Fail', matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {}, timeoutSeconds: 10, ...(mutating ? { reinvocationPolicy: 'Never' } : {}), ...hook,
    ...(service === undefined ? {} : { clientConfig: { ...clientConfig, service: { port: 443, ...service } } }),
    ...(rules === undefined ? {} : { rules: rules.map(withScope) }),
  };
};
const defaultsFor = (mutating: boolean) => (object: WebhookConfiguration): WebhookConfiguration => (object.webhooks === undefined ? object : { ...object, webhooks: object.webhooks.map((hook) => filled(hook, mutating)) });
export const defaultMutating = defaultsFor(true);
export const defaultValidating = defaultsFor(false);

/** Models apimachinery/pkg/util/validation: IsFullyQualifiedName. */
function validateName(errors: Errors, name: string, path: string): void {
  if (name === '') return void errors.push(required(path));
  const wrong = dns1123SubdomainErrors(name);
  if (wrong.length > 0) return pushInvalid(errors, path, name, wrong);
  if (name.split('.').length < 3) errors.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
  return undefined;
}

function validateClient(errors: Errors, { url, service }: ClientConfig, at: string): void {
  if ((url === undefined) === (service === undefined)) errors.push(required(at, 'exactly one of url or service is required'));
  else if (url !== undefined) validateUrl(errors, url, `${at}.url`);
  else validateService(errors, service!, `${at}.service`);
}

const reviewVersions = ['v1', 'v1beta1'];

function validateReviewVersions(errors: Errors, versions: readonly string[], path: string): void {
  if (versions.length === 0) return void errors.push(required(path, `must specify one of ${reviewVersions.join(', ')}`));
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(`${path}[${i}]`, version, 'duplicate version'));
    else pushInvalid(errors, `${path}[${i}]`, version, dns1035LabelErrors(version));
  });
  if (!versions.some((version) => reviewVersions.includes(version))) errors.push(invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  return undefined;
}

function validateChoice(errors: Errors, value: string | undefined, known: readonly string[], path: string): void {
  if (value !== undefined && !known.includes(value)) errors.push(notSupported(path, value, known));
}

function validateWebhook(errors: Errors, hook: Webhook, at: string): void {
  const { name = '', rules = [], sideEffects, timeoutSeconds, namespaceSelector, objectSelector } = hook;
  validateName(errors, name, `${at}.name`);
  validateRules(errors, rules, `${at}.rules`);
  validateChoice(errors, hook.failurePolicy, ['Fail', 'Ignore'], `${at}.failurePolicy`);
  validateChoice(errors, hook.matchPolicy, ['Equivalent', 'Exact'], `${at}.matchPolicy`);
  if (sideEffects === undefined) errors.push(required(`${at}.sideEffects`, 'must specify one of None, NoneOnDryRun'));
  validateChoice(errors, sideEffects, ['None', 'NoneOnDryRun'], `${at}.sideEffects`);
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) errors.push(invalid(`${at}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'));
  if (namespaceSelector !== undefined) validateLabelSelector(errors, namespaceSelector, `${at}.namespaceSelector`);
  if (objectSelector !== undefined) validateLabelSelector(errors, objectSelector, `${at}.objectSelector`);
  validateChoice(errors, hook.reinvocationPolicy, ['IfNeeded', 'Never'], `${at}.reinvocationPolicy`);
  validateClient(errors, hook.clientConfig ?? {}, `${at}.clientConfig`);
  validateMatchConditions(errors, hook.matchConditions ?? [], `${at}.matchConditions`);
  validateReviewVersions(errors, hook.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`);
}

function validateWebhooks(errors: Errors, webhooks: readonly Webhook[]): void {
  webhooks.forEach((hook, index) => {
    validateWebhook(errors, hook, `webhooks[${index}]`);
    if (hook.name && webhooks.findIndex(({ name }) => name === hook.name) < index) errors.push(duplicate(`webhooks[${index}].name`, hook.name));
  });
}

export const webhookRules = {
  create(errors: Errors, { metadata, webhooks = [] }: WebhookConfiguration) {
    validateMetadata(errors, metadata, false, subdomainName);
    validateWebhooks(errors, webhooks);
  },
  update(errors: Errors, { metadata, webhooks = [] }: WebhookConfiguration, old: WebhookConfiguration) {
    validateMetadataUpdate(errors, metadata, old.metadata);
    if (webhooks !== old.webhooks) validateWebhooks(errors, webhooks);
  },
} as unknown as Rules<never>;
