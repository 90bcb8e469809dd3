/** Texts of a declared format. Models apiextensions-apiserver/pkg/apiserver/validation/formats.go and kube-openapi/pkg/validation/strfmt. */
import { dns1123LabelErrors, dns1123SubdomainErrors } from '../apimachinery/names.ts';

type Test = (text: string) => boolean;
const matches = (pattern: RegExp): Test => (text) => pattern.test(text);
const uuid = (version: string, variant: string): Test => matches(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?${variant}-?[0-9a-f]{12}$`, 'i'));

const ipv4: Test = (text) => /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);

/** Models net.ParseIP for what has a colon. */
function ipv6(text: string): boolean {
  const dotted = text.slice(text.lastIndexOf(':') + 1);
  const whole = dotted.includes('.') ? (ipv4(dotted) ? `${text.slice(0, -dotted.length)}0:0` : '') : text;
  const halves = whole.split('::');
  if (whole === '' || halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? groups.length <= 7 : groups.length === 8);
}

function cidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && ((ipv4(address) && Number(bits) <= 32) || (address.includes(':') && ipv6(address) && Number(bits) <= 128));
}

const daysOf = (year: number, month: number): number => (month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
function date(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return false;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function dateTime(text: string): boolean {
  const found = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/.exec(text);
  return found !== null && date(found[1]!) && Number(found[2]) < 24 && Number(found[3]) < 60 && Number(found[4]) < 60;
}

const isbn10: Test = (text) => {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{9}[\dX]$/.test(digits) && [...digits].reduce((sum, digit, index) => sum + (index + 1) * (digit === 'X' ? 10 : Number(digit)), 0) % 11 === 0;
};
const isbn13: Test = (text) => {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{13}$/.test(digits) && [...digits].reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0;
};
const rgb: Test = (text) => /^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/.test(text) && text.match(/\d+/g)!.every((part) => Number(part) <= 255);
const hostname: Test = (text) => text.length <= 255 && text.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i.test(label));

/** By the name without dashes. */
const tests: Readonly<Record<string, Test>> = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i), uri: matches(/^(?:[a-z][a-z0-9+.-]*:\S+|\/\S*)$/i), email: matches(/^(?:[^<>]*<)?[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;\\]+>?$/), hostname,
  ipv4, ipv6: (text) => text.includes(':') && ipv6(text), cidr, mac: matches(/^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}(?:(?:[0-9a-f]{2}\1){2})?[0-9a-f]{2}$|^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2,3}$/i),
  uuid: uuid('[0-9a-f]{4}', '[0-9a-f]{4}'), uuid3: uuid('3[0-9a-f]{3}', '[0-9a-f]{4}'), uuid4: uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}'), uuid5: uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  isbn: (text) => isbn10(text) || isbn13(text), isbn10, isbn13,
  creditcard: (text) => /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/.test(text.replace(/\D/g, '')),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/), hexcolor: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i), rgbcolor: rgb,
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/), password: () => true, date, datetime: dateTime,
  duration: matches(/^(?:[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)|\d+\s*(?:ns|nano|nanosecond|us|µs|micro|microsecond|ms|milli|millisecond|s|sec|second|m|min|minute|h|hr|hour|d|day|w|wk|week)s?)$/i),
  k8sshortname: (text) => dns1123LabelErrors(text).length === 0, k8slongname: (text) => dns1123SubdomainErrors(text).length === 0,
};
const bare = (format: string): string => format.replaceAll('-', '');

/** Whether a format of texts is one that this server knows; the others are not looked at. */
export const isKnownFormat = (format: string, type: string): boolean =>
  (type === '' || type === 'string' ? Object.hasOwn(tests, bare(format)) : type === 'integer' ? ['int32', 'int64'].includes(format) : type === 'number' && ['float', 'double'].includes(format));

/** Whether a text has the form; one of an unknown format has. */
export const hasFormat = (format: string, text: string): boolean => tests[bare(format)]?.(text) ?? true;
