/** How a webhook may be reached. Models staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go. */
import type { Errors } from '../../api/validation/metadata.ts';
import { invalid, required } from '../../apimachinery/field-errors.ts';
import { dns1123SubdomainErrors, portNumberErrors } from '../../apimachinery/names.ts';
import type { ClientConfig } from './webhook.ts';

const form = '; desired format: https://host[/path]';

export function validateUrl(errors: Errors, url: string, path: string): void {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(url) ?? [];
  const [, authority = ''] = /^\/\/([^/?#]*)/.exec(rest) ?? [];
  const at = authority.lastIndexOf('@');
  if (scheme !== 'https') errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${form}`));
  if (authority.slice(at + 1) === '') errors.push(invalid(path, '', `host must be specified${form}`));
  if (at >= 0) errors.push(invalid(path, authority.slice(0, at), 'user information is not permitted in the URL'));
  const [, query = ''] = /\?([^#]*)/.exec(rest) ?? [];
  const [, fragment = ''] = /#(.*)$/s.exec(rest) ?? [];
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
}

export function validateService(errors: Errors, { name = '', namespace = '', path, port = 443 }: NonNullable<ClientConfig['service']>, at: string): void {
  // Upstream's callers hand over name and namespace the other way round.
  if (namespace === '') errors.push(required(`${at}.name`));
  if (name === '') errors.push(required(`${at}.namespace`));
  const ports = portNumberErrors(port);
  if (ports.length > 0) errors.push(invalid(`${at}.port`, port, `port is not valid: ${ports.join(', ')}`));
  if (path === undefined || path === '' || path === '/') return undefined;
  if (path === '//') return void errors.push(invalid(`${at}.path`, path, 'segment[0] may not be empty'));
  if (!path.startsWith('/')) errors.push(invalid(`${at}.path`, path, "must start with a '/'"));
  path.slice(1).replace(/\/$/, '').split('/').forEach((step, i) => {
    const wrong = step === '' ? ['may not be empty'] : dns1123SubdomainErrors(step);
    for (const one of wrong) errors.push(invalid(`${at}.path`, path, step === '' ? `segment[${i}] ${one}` : `segment[${i}]: ${one}`));
  });
  return undefined;
}
