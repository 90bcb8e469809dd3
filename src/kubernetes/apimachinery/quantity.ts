/** Amounts such as `100m`, `1.5` and `128Mi`. Models staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go. */

type Suffixes = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

interface Parsed {
  /** Mantissa of the value scaled by 10^-9 (nano), which is the finest amount the API keeps. */
  readonly nano: bigint;
  readonly suffixes: Suffixes;
}

const NANO = 1_000_000_000n;

const decimalExponents: { readonly [suffix: string]: number } = {
  n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18,
};
const binaryPowers: { readonly [suffix: string]: bigint } = {
  Ki: 1n << 10n, Mi: 1n << 20n, Gi: 1n << 30n, Ti: 1n << 40n, Pi: 1n << 50n, Ei: 1n << 60n,
};

const shape = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;
const wholeShape = /^(0|[1-9]\d{0,14})(m|Ki|Mi|Gi|)$/;

/** What the API server says of an amount it cannot read. */
export const quantityFormatError =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Amounts come back again and again; each text is read once. */
const parsedByText = new Map<string, Parsed | undefined>();
const rememberedTexts = 10_000;

function parse(text: string): Parsed | undefined {
  const known = parsedByText.get(text);
  if (known !== undefined || parsedByText.has(text)) return known;
  const parsed = parseText(text);
  if (parsedByText.size < rememberedTexts) parsedByText.set(text, parsed);
  return parsed;
}

function parseText(text: string): Parsed | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, sign, digits, suffix = ''] = match as unknown as [string, string, string, string | undefined];
  const point = digits.indexOf('.');
  const fraction = point < 0 ? '' : digits.slice(point + 1);
  const mantissa = BigInt((point < 0 ? digits : digits.slice(0, point) + fraction) || '0');
  const negative = sign === '-';
  const binary = binaryPowers[suffix];
  if (binary !== undefined) return { nano: signed(scale(mantissa * binary, 9 - fraction.length), negative), suffixes: 'BinarySI' };
  const exponential = suffix.length > 1;
  const exponent = exponential ? Number(suffix.slice(1)) : decimalExponents[suffix]!;
  if (exponent > 100 || exponent < -100) return undefined;
  return { nano: signed(scale(mantissa, exponent + 9 - fraction.length), negative), suffixes: exponential ? 'DecimalExponent' : 'DecimalSI' };
}

const signed = (value: bigint, negative: boolean): bigint => (negative ? -value : value);

/** `mantissa × 10^exponent`, rounded up: the API never keeps less than what was asked for. */
function scale(mantissa: bigint, exponent: number): bigint {
  return exponent >= 0 ? mantissa * 10n ** BigInt(exponent) : divideUp(mantissa, 10n ** BigInt(-exponent));
}

/** Division away from zero. */
function divideUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  if (quotient * by === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** Whether the API can read the amount. */
export function isQuantity(value: unknown): boolean {
  return (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && parse(value) !== undefined);
}

function read(value: string | number): Parsed {
  const parsed = parse(String(value));
  if (parsed === undefined) throw new Error(quantityFormatError);
  return parsed;
}

const milliByText = new Map<string, number>();
const wholeByText = new Map<string, number>();

/** The amount in thousandths, rounded up: CPU is counted this way (`1.5` is 1500, `100m` is 100). Absent counts as none. */
export function cpuMillis(value: string | number | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return Math.ceil(value * 1000);
  const known = milliByText.get(value);
  if (known !== undefined) return known;
  const millis = Number(divideUp(read(value).nano, 1_000_000n));
  if (milliByText.size < rememberedTexts) milliByText.set(value, millis);
  return millis;
}

/** The amount in whole units, rounded up: memory is counted in bytes this way, and so are Pods. Absent counts as none. */
export function wholeUnits(value: string | number | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return Math.ceil(value);
  const known = wholeByText.get(value);
  if (known !== undefined) return known;
  const units = Number(divideUp(read(value).nano, NANO));
  if (wholeByText.size < rememberedTexts) wholeByText.set(value, units);
  return units;
}

/** Memory and storage in bytes. */
export const bytes = wholeUnits;

/** Negative, zero or positive as the first amount is less than, equal to or more than the second. */
export function compareQuantities(a: string | number, b: string | number): number {
  if (a === b) return 0;
  const left = read(a).nano;
  const right = read(b).nano;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The sum, written in the first amount's kind of suffix. */
export function addQuantities(a: string | number, b: string | number): string {
  const left = read(a);
  return format(left.nano + read(b).nano, left.nano === 0n ? read(b).suffixes : left.suffixes);
}

/** The difference, written in the first amount's kind of suffix. */
export function subtractQuantities(a: string | number, b: string | number): string {
  const left = read(a);
  return format(left.nano - read(b).nano, left.suffixes);
}

/** The form the API server stores and prints: `1000m` is `1`, `1024Mi` is `1Gi`, `0.5` is `500m`. Text it cannot read is kept. */
export function canonicalQuantity(value: string | number): string {
  const text = String(value);
  const parsed = parse(text);
  return parsed === undefined ? text : format(parsed.nano, parsed.suffixes);
}

/** True for the texts that are canonical at first sight, so that the hot path needs no arithmetic. */
export function isPlainlyCanonical(text: string): boolean {
  const match = wholeShape.exec(text);
  if (match === null) return false;
  const suffix = match[2];
  const digits = match[1]!;
  if (suffix === '') return !digits.endsWith('000');
  if (suffix === 'm') return digits !== '0' && !digits.endsWith('000');
  return digits !== '0' && Number(digits) % 1024 !== 0;
}

/** A CPU amount in its canonical form. */
export const formatMillis = (millis: number): string => format(BigInt(Math.ceil(millis)) * 1_000_000n, 'DecimalSI');

/** A byte amount in its canonical form, in powers of 1024 where they divide it. */
export const formatBytes = (count: number): string => format(BigInt(Math.ceil(count)) * NANO, 'BinarySI');

const binarySteps = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSteps = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const exponentSteps = ['e-9', 'e-6', 'e-3', '', 'e3', 'e6', 'e9', 'e12', 'e15', 'e18'];

function format(nano: bigint, suffixes: Suffixes): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  let rest = nano < 0n ? -nano : nano;
  // Upstream falls back to decimal suffixes for amounts below 1024, and for those that are not whole.
  if (suffixes === 'BinarySI' && (rest >= 1024n * NANO) && rest % NANO === 0n) {
    rest /= NANO;
    let step = 0;
    while (step < binarySteps.length - 1 && rest % 1024n === 0n) {
      rest /= 1024n;
      step++;
    }
    return `${sign}${rest}${binarySteps[step]}`;
  }
  let step = 0;
  while (step < decimalSteps.length - 1 && rest % 1000n === 0n) {
    rest /= 1000n;
    step++;
  }
  return `${sign}${rest}${(suffixes === 'DecimalExponent' ? exponentSteps : decimalSteps)[step]}`;
}
