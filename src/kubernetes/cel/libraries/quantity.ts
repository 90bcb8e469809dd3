/** Models staging/src/k8s.io/apiserver/pkg/cel/library/{quantity,semverlib}.go. */
import { addQuantities, canonicalQuantity, compareQuantities, isQuantity, quantityFormatError, subtractQuantities } from '../../apimachinery/quantity.ts';
import { refused, type Declared } from '../library.ts';

export class Quantity {
  readonly text: string;
  constructor(text: string) { this.text = text; }
  toString(): string { return canonicalQuantity(this.text); }
}

const read = (text: string): Quantity => (isQuantity(text) ? new Quantity(text) : refused(quantityFormatError));
const compare = (a: Quantity, b: Quantity): number => compareQuantities(a.text, b.text);
/** A whole number has no part below one: in its canonical decimal form it has none of the suffixes m, u and n. */
const isWhole = ({ text }: Quantity): boolean => !/[mun]$/.test(addQuantities('0', text)) && !/e-/.test(text);

function whole(quantity: Quantity): bigint {
  if (!isWhole(quantity)) return refused('cannot convert value to integer');
  return BigInt(units(addQuantities('0', quantity.text)));
}

const factors: { readonly [suffix: string]: number } = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
function units(text: string): number {
  const [, digits = '0', suffix = ''] = /^([+-]?[\d.]+)(.*)$/.exec(text) ?? [];
  return Number(digits) * (factors[suffix] ?? Number(`1${suffix}`));
}

const other = (value: Quantity | bigint): string => (typeof value === 'bigint' ? String(value) : value.text);
const type = 'kubernetes.Quantity';

export const quantities: readonly Declared[] = [
  [`quantity(string): ${type}`, read],
  ['isQuantity(string): bool', (text: string) => isQuantity(text)],
  [`${type}.sign(): int`, (a: Quantity) => BigInt(Math.sign(compareQuantities(a.text, '0')))],
  [`${type}.isInteger(): bool`, isWhole],
  [`${type}.asInteger(): int`, whole],
  [`${type}.asApproximateFloat(): double`, (a: Quantity) => units(canonicalQuantity(a.text))],
  ...[type, 'int'].flatMap((given): Declared[] => [
    [`${type}.add(${given}): ${type}`, (a: Quantity, b: Quantity | bigint) => new Quantity(addQuantities(a.text, other(b)))],
    [`${type}.sub(${given}): ${type}`, (a: Quantity, b: Quantity | bigint) => new Quantity(subtractQuantities(a.text, other(b)))],
  ]),
  [`${type}.isLessThan(${type}): bool`, (a: Quantity, b: Quantity) => compare(a, b) < 0],
  [`${type}.isGreaterThan(${type}): bool`, (a: Quantity, b: Quantity) => compare(a, b) > 0],
  [`${type}.compareTo(${type}): int`, (a: Quantity, b: Quantity) => BigInt(compare(a, b))],
];

export class Semver {
  readonly numbers: readonly bigint[];
  readonly pre: readonly string[];
  constructor(numbers: readonly bigint[], pre: readonly string[]) { this.numbers = numbers; this.pre = pre; }
}

const part = '(0|[1-9]\\d*)';
const shape = new RegExp(`^${part}\\.${part}\\.${part}(?:-([\\dA-Za-z.-]+))?(?:\\+[\\dA-Za-z.-]+)?$`);

/** With `normalize`, a leading v, missing parts and leading zeroes are mended. */
function normalized(text: string): string {
  const [, core = '', rest = ''] = /^v?([\d.]*)(.*)$/.exec(text) ?? [];
  const parts = core.split('.').map((one) => one.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function parse(text: string): Semver | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  return new Semver([BigInt(match[1]!), BigInt(match[2]!), BigInt(match[3]!)], match[4] === undefined ? [] : match[4].split('.'));
}

function compareIds(a: string, b: string): number {
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (x && y) return Math.sign(Number(a) - Number(b));
  if (x !== y) return x ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareVersions(a: Semver, b: Semver): number {
  for (let i = 0; i < 3; i++) if (a.numbers[i] !== b.numbers[i]) return a.numbers[i]! < b.numbers[i]! ? -1 : 1;
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i++) {
    const order = compareIds(a.pre[i]!, b.pre[i]!);
    if (order !== 0) return order;
  }
  return Math.sign(a.pre.length - b.pre.length);
}

const version = 'kubernetes.Semver';
const readVersion = (text: string, mend = false): Semver => parse(mend ? normalized(text) : text) ?? refused(`Invalid character(s) found in version ${JSON.stringify(text)}`);

export const semvers: readonly Declared[] = [
  [`semver(string): ${version}`, (text: string) => readVersion(text)],
  [`semver(string, bool): ${version}`, readVersion],
  ['isSemver(string): bool', (text: string) => parse(text) !== undefined],
  ['isSemver(string, bool): bool', (text: string, mend: boolean) => parse(mend ? normalized(text) : text) !== undefined],
  ...['major', 'minor', 'patch'].map((name, index): Declared => [`${version}.${name}(): int`, (one: Semver) => one.numbers[index]]),
  [`${version}.isLessThan(${version}): bool`, (a: Semver, b: Semver) => compareVersions(a, b) < 0],
  [`${version}.isGreaterThan(${version}): bool`, (a: Semver, b: Semver) => compareVersions(a, b) > 0],
  [`${version}.compareTo(${version}): int`, (a: Semver, b: Semver) => BigInt(compareVersions(a, b))],
];
