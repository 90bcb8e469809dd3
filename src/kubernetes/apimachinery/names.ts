/**
 * Forms of names, with upstream's complaints. Each function returns the list of what is wrong, empty where all is well.
 * Models staging/src/k8s.io/apimachinery/pkg/api/validate/content/{dns,kube,errors}.go and pkg/util/validation/validation.go.
 */

const none: readonly string[] = [];

/** `must be no more than 63 bytes`. */
export const maxLengthError = (max: number): string => `must be no more than ${max} bytes`;
/** `must be between 1 and 65535, inclusive`. */
export const inclusiveRangeError = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;
/** `must be non-empty`. */
export const emptyError = 'must be non-empty';
/** `must be greater than or equal to 0`. */
export const isNegativeError = 'must be greater than or equal to 0';
/** `field is immutable`. */
export const fieldImmutableError = 'field is immutable';

function regexError(message: string, format: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${format}')`;
  const listed = examples.map((example, index) => `${index > 0 ? ' or ' : ''}'${example}', `).join('');
  return `${message} (e.g. ${listed}regex used for validation is '${format}')`;
}

interface Form { readonly pattern: RegExp; readonly message: string }

const form = (format: string, message: string, ...examples: readonly string[]): Form => ({
  pattern: new RegExp(`^${format}$`), message: regexError(message, format, ...examples),
});

const label1123Format = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Label = form(label1123Format,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", 'my-name', '123-abc');
const dns1123Subdomain = form(`${label1123Format}(\\.${label1123Format})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", 'example.com');
const dns1035Label = form('[a-z]([-a-z0-9]*[a-z0-9])?',
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character", 'my-name', 'abc-123');
const labelKeyFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelKeyRule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelKey = form(labelKeyFormat, labelKeyRule, 'MyName', 'my.name', '123-abc');
const labelValue = form(`(${labelKeyFormat})?`,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", 'MyValue', 'my_value', '12345');
const configMapKey = form('[-._a-zA-Z0-9]+', "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", 'key.name', 'KEY_NAME', 'key-name');
const percent = form('[0-9]+%', "a valid percent string must be a numeric string followed by an ending '%'", '1%', '93%');
const httpHeaderName = form('[-A-Za-z0-9]+', "a valid HTTP header must consist of alphanumeric characters or '-'", 'X-Header-Name');

/** Bytes of the text in UTF-8, which is what Go's `len` counts. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7ff) {
      length += 2;
      // A pair of surrogates is two units and four bytes.
      if (code >= 0xd800 && code < 0xdc00) i++;
    } else if (code > 0x7f) length += 1;
  }
  return length;
}

function check(value: string, max: number, { pattern, message }: Form): readonly string[] {
  const fits = value.length <= max && byteLength(value) <= max;
  const matches = pattern.test(value);
  if (fits && matches) return none;
  const errors: string[] = [];
  if (!fits) errors.push(maxLengthError(max));
  if (!matches) errors.push(message);
  return errors;
}

/** What is wrong with a DNS (RFC 1123) label of at most 63 characters: container names, namespaces. */
export function dns1123LabelErrors(value: string): readonly string[] {
  const errors = check(value, 63, dns1123Label);
  if (errors.length > 0 && !dns1123Label.pattern.test(value) && dns1123Subdomain.pattern.test(value)) {
    return errors.map((error) => (error === dns1123Label.message ? 'must not contain dots' : error));
  }
  return errors;
}

/** What is wrong with a DNS (RFC 1123) subdomain of at most 253 characters: most objects' names. */
export const dns1123SubdomainErrors = (value: string): readonly string[] => check(value, 253, dns1123Subdomain);

/** What is wrong with a DNS (RFC 1035) label: it starts with a letter. */
export const dns1035LabelErrors = (value: string): readonly string[] => check(value, 63, dns1035Label);

/** What is wrong with a qualified name (`example.com/MyName`): label and annotation keys, condition types, finalizers. */
export function qualifiedNameErrors(value: string): readonly string[] {
  const slash = value.indexOf('/');
  if (slash < 0 && value.length <= 63 && labelKey.pattern.test(value)) return none;
  const parts = value.split('/');
  if (parts.length > 2) {
    return [`a valid label key ${labelKey.message} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const name = parts[parts.length - 1]!;
  if (parts.length === 2) {
    if (parts[0] === '') errors.push(`prefix part ${emptyError}`);
    else for (const error of dns1123SubdomainErrors(parts[0]!)) errors.push(`prefix part ${error}`);
  }
  if (name === '') errors.push(`name part ${emptyError}`);
  else if (byteLength(name) > 63) errors.push(`name part ${maxLengthError(63)}`);
  if (!labelKey.pattern.test(name)) errors.push(`name part ${labelKey.message}`);
  return errors;
}

/** What is wrong with a label's value. */
export const labelValueErrors = (value: string): readonly string[] => check(value, 63, labelValue);

/** What is wrong with a key of a ConfigMap or Secret. */
export function configMapKeyErrors(value: string): readonly string[] {
  const errors = [...check(value, 253, configMapKey)];
  if (value === '.') errors.push("must not be '.'");
  else if (value === '..') errors.push("must not be '..'");
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

/** What is wrong with a text that should be a percentage. */
export const percentErrors = (value: string): readonly string[] => (percent.pattern.test(value) ? none : [percent.message]);

/** What is wrong with an HTTP header's name. */
export const httpHeaderNameErrors = (value: string): readonly string[] => (httpHeaderName.pattern.test(value) ? none : [httpHeaderName.message]);

/** What is wrong with a port number. */
export const portNumberErrors = (port: number): readonly string[] => (port >= 1 && port <= 65535 ? none : [inclusiveRangeError(1, 65535)]);

/** What is wrong with a container port's name: at most 15 characters, with a letter, no doubled hyphens. */
export function portNameErrors(name: string): readonly string[] {
  const errors: string[] = [];
  if (byteLength(name) > 15) errors.push(maxLengthError(15));
  if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (name !== '' && (name.startsWith('-') || name.endsWith('-'))) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** What is wrong with an environment variable's name (the relaxed rule, which is the default since 1.32). */
export function envVarNameErrors(name: string): readonly string[] {
  if (name === '') return [`environment variable name ${emptyError}`];
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(name)
    ? none
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** An IPv4 or IPv6 address? Enough for what users write; IPv6 is checked by its shape. */
export function isIpAddress(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-fA-F:]*(:\d{1,3}(\.\d{1,3}){3})?$/.test(text) && text.split(':').length <= 8 && text.split('::').length <= 2 && text.length > 1;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** A name cut for `generateName` may end in dashes; upstream judges it as if an `a` stood there. */
export const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
