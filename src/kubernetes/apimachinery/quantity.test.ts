import { describe, expect, test } from 'vitest';
import {
  addQuantities, bytes, canonicalQuantity, compareQuantities, cpuMillis, formatBytes, formatMillis, isPlainlyCanonical, isQuantity, subtractQuantities,
} from './quantity.ts';

describe('canonical form', () => {
  test.each([
    ['1', '1'], ['1000m', '1'], ['1500m', '1500m'], ['0.5', '500m'], ['1.5', '1500m'], ['1024Mi', '1Gi'], ['1.5Gi', '1536Mi'], ['512Ki', '512Ki'],
    ['1000', '1k'], ['1000k', '1M'], ['128M', '128M'], ['1e3', '1e3'], ['12e6', '12e6'], ['0', '0'], ['0Mi', '0'], ['-1', '-1'], ['.5', '500m'], ['1E', '1E'], ['1Ei', '1Ei'],
    ['100n', '100n'], ['1000000000n', '1'], ['0.1Ki', '102400m'], ['0.5Mi', '512Ki'], ['123456789', '123456789'], ['+5', '5'], ['1Ki', '1Ki'], ['1000Ki', '1000Ki'],
  ])('%s is %s', (given, wanted) => {
    expect(canonicalQuantity(given)).toBe(wanted);
    expect(canonicalQuantity(wanted)).toBe(wanted);
  });
  test.each([2, 0.5, 250])('the number %d is read like its text', (value) => expect(canonicalQuantity(value)).toBe(canonicalQuantity(String(value))));
});

test.each(['', 'x', '1 Gi', '1gi', '1KI', '--1', '1e', '100mm', '1.2.3', 'Mi'])('%j is no amount', (text) => expect(isQuantity(text)).toBe(false));

test.each([['1500m', 1500], ['1', 1000], ['0.1', 100], ['1u', 1], ['2k', 2_000_000]])('%s is %d thousandths of a CPU', (text, millis) =>
  expect(cpuMillis(text)).toBe(millis));
test.each([['128Mi', 134_217_728], ['1k', 1000], ['1.5', 2], ['100m', 1], ['8Gi', 8_589_934_592]])('%s is %d bytes', (text, count) =>
  expect(bytes(text)).toBe(count));
test('absent counts as none', () => expect([cpuMillis(undefined), bytes(undefined)]).toEqual([0, 0]));

test.each([['1', '1000m', 0], ['1Gi', '1G', 1], ['100m', '0.2', -1], ['1Mi', '1024Ki', 0]])('%s against %s', (a, b, sign) =>
  expect(compareQuantities(a, b)).toBe(sign));

test('sums keep the first suffix', () => {
  expect(addQuantities('250m', '0.75')).toBe('1');
  expect(addQuantities('128Mi', '128M')).toBe('256072Ki');
  expect(addQuantities('0', '512Mi')).toBe('512Mi');
  expect(subtractQuantities('1Gi', '512Mi')).toBe('512Mi');
});

test('numbers are written canonically', () => {
  expect([formatMillis(250), formatMillis(4000), formatBytes(1536 * 1024 * 1024), formatBytes(1000)]).toEqual(['250m', '4', '1536Mi', '1k']);
});

test('whatever is called plainly canonical is', () => {
  const texts = ['1', '100m', '128Mi', '1000m', '1000', '1024Mi', '0', '0m', '010', '1536Mi', '2048', '1Gi', '3000Ki'];
  const plain = texts.filter(isPlainlyCanonical);
  expect(plain).toEqual(['1', '100m', '128Mi', '0', '1536Mi', '2048', '1Gi', '3000Ki']);
  expect(plain.map(canonicalQuantity)).toEqual(plain);
});
