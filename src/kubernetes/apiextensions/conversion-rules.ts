/** What a definition may say of conversion. Models apis/apiextensions/validation/validation.go: validateCustomResourceConversion. */
import { validateService, validateUrl } from '../admission/webhooks/client-rules.ts';
import type { ClientConfig } from '../admission/webhooks/webhook.ts';
import { pushInvalid, type Errors } from '../api/validation/metadata.ts';
import { isCertificate } from '../apimachinery/base64.ts';
import { forbidden, invalid, notSupported, required } from '../apimachinery/field-errors.ts';
import { dns1035LabelErrors } from '../apimachinery/names.ts';
import { isTrue, type Definition } from './definition.ts';

/** `old`: what the definition takes the place of. */
export function conversionRules(errors: Errors, { conversion }: Definition['spec'], old: Definition | undefined): void {
  if (conversion === undefined) return;
  const { strategy = '', webhook } = conversion;
  if (strategy === '') errors.push(required('spec.conversion.strategy'));
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']));
  const at = 'spec.conversion.webhookClientConfig';
  const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
  if (strategy !== 'Webhook') {
    if (clientConfig !== undefined) errors.push(forbidden(at, 'should not be set when strategy is not set to Webhook'));
    if (conversionReviewVersions.length > 0) errors.push(forbidden('spec.conversion.conversionReviewVersions', 'should not be set when strategy is not set to Webhook'));
    return;
  }
  // Before it is established a definition may have any bundle. Models allowInvalidCABundle.
  clientRules(errors, clientConfig, old === undefined || !isTrue(old, 'Established') || hasWrongBundle(old), at);
  versionRules(errors, conversionReviewVersions, old?.spec.conversion?.webhook?.conversionReviewVersions ?? [], 'spec.conversion.conversionReviewVersions');
}

const wrongBundle = ({ caBundle = '' }: ClientConfig): boolean => caBundle !== '' && !isCertificate(caBundle);

export const hasWrongBundle = ({ spec: { conversion } }: Definition): boolean => wrongBundle(conversion?.webhook?.clientConfig ?? {});

function clientRules(errors: Errors, clientConfig: ClientConfig | undefined, anyBundle: boolean, at: string): void {
  if (clientConfig === undefined) return void errors.push(required(at, 'required when strategy is set to Webhook'));
  const { url, service } = clientConfig;
  if ((url === undefined) === (service === undefined)) errors.push(required(at, 'exactly one of url or service is required'));
  else if (url !== undefined) validateUrl(errors, url, `${at}.url`);
  else validateService(errors, service!, `${at}.service`);
  if (!anyBundle && wrongBundle(clientConfig)) errors.push(invalid(`${at}.caBundle`, clientConfig.caBundle, 'unable to load root certificates: unable to parse bytes as PEM block'));
}

const known = ['v1', 'v1beta1'];

function versionRules(errors: Errors, versions: readonly string[], old: readonly string[], at: string): void {
  if (versions.length === 0) return void errors.push(required(at));
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(`${at}[${i}]`, version, 'duplicate version'));
    else pushInvalid(errors, `${at}[${i}]`, version, dns1035LabelErrors(version));
  });
  const isKnown = (one: string): boolean => known.includes(one);
  if ((old.length === 0 || old.some(isKnown)) && !versions.some(isKnown)) errors.push(invalid(at, versions, `must include at least one of ${known.join(', ')}`));
}
