/** Models staging/src/k8s.io/apiserver/pkg/cel/library/format.go: forms of texts by name. */
import { dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { Optional, type Declared } from '../library.ts';

export class NamedFormat {
  readonly name: string;
  readonly errors: (text: string) => readonly string[];
  constructor(name: string, errors: (text: string) => readonly string[]) { this.name = name; this.errors = errors; }
}

const byPattern = (pattern: RegExp, message: string) => (text: string): readonly string[] => (pattern.test(text) ? [] : [message]);
/** A name that will be added to: it may end in a dash. */
const prefixed = (errors: (text: string) => readonly string[]) => (text: string): readonly string[] => errors(text.endsWith('-') && text.length > 1 ? `${text.slice(0, -1)}a` : text);

const forms: readonly NamedFormat[] = ([
  ['dns1123Label', dns1123LabelErrors], ['dns1123Subdomain', dns1123SubdomainErrors], ['dns1035Label', dns1035LabelErrors], ['qualifiedName', qualifiedNameErrors],
  ['dns1123LabelPrefix', prefixed(dns1123LabelErrors)], ['dns1123SubdomainPrefix', prefixed(dns1123SubdomainErrors)], ['dns1035LabelPrefix', prefixed(dns1035LabelErrors)],
  ['labelValue', labelValueErrors],
  ['uri', byPattern(/^([A-Za-z][A-Za-z0-9+.-]*:\S+|\/\S*)$/, 'invalid URI')],
  ['uuid', byPattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, 'does not match the UUID format')],
  ['byte', byPattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64')],
  ['date', byPattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'invalid date')],
  ['datetime', byPattern(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/, 'invalid datetime')],
] as const).map(([name, errors]) => new NamedFormat(name, errors));

const named = (name: string): NamedFormat | undefined => forms.find((form) => form.name === name);

function validate(form: NamedFormat, text: string): unknown {
  const errors = form.errors(text);
  return errors.length === 0 ? Optional.none() : Optional.of(errors);
}

export const formats: readonly Declared[] = [['kubernetes.NamedFormat.validate(string): optional<list<string>>', validate]];

/** As receivers of the name `format`. */
export const formatNamespace: readonly Declared[] = [
  ['FormatNamespace.named(string): optional<kubernetes.NamedFormat>', (_: never, name: string) => Optional.of(named(name))],
  ...forms.map((form): Declared => [`FormatNamespace.${form.name}(): kubernetes.NamedFormat`, () => form]),
];
