import { describe, expect, test } from 'vitest';
import { bytesOfBase64, textOfBase64 } from './base64.ts';
import { deepEqual, semanticEqual } from './equality.ts';
import { duplicate, forbidden, formatFieldError, formatFieldErrors, invalid, notFound, notSupported, quoteGo, required, tooLong, tooMany } from './field-errors.ts';
import { generateName, safeEncode, suffixAlphabet } from './generate-name.ts';
import { byteLength, configMapKeyErrors, dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, envVarNameErrors, isIpAddress, labelValueErrors, portNameErrors, qualifiedNameErrors } from './names.ts';
import { podTemplateHash } from './pod-template-hash.ts';
import { alreadyExistsError, conflictError, expiredError, forbiddenError, invalidError, methodNotSupportedError, notFoundError } from './status-errors.ts';
import { setCondition } from './conditions.ts';
import type { AnyCondition } from './conditions.ts';
import { formatGoDuration, formatMicroTime, formatTime, humanDuration, parseGoDuration, parseTime } from './time.ts';

describe('field errors', () => {
  test.each([
    [required('a.b'), 'a.b: Required value'],
    [required('a', 'why'), 'a: Required value: why'],
    [invalid('a', 'x"y', 'bad'), 'a: Invalid value: "x\\"y": bad'],
    [invalid('a', -1, 'must be greater than or equal to 0'), 'a: Invalid value: -1: must be greater than or equal to 0'],
    [invalid('a', { b: '<' }, 'c'), 'a: Invalid value: {"b":"\\u003c"}: c'],
    [invalid('a', undefined, 'c'), 'a: Invalid value: null: c'],
    [notSupported('a', 'x', ['B', 'C']), 'a: Unsupported value: "x": supported values: "B", "C"'],
    [forbidden('a', 'no'), 'a: Forbidden: no'],
    [duplicate('a[1].name', 'x'), 'a[1].name: Duplicate value: "x"'],
    [notFound('a', 'v'), 'a: Not found: "v"'],
    [tooLong('a', 10), 'a: Too long: may not be more than 10 bytes'],
    [tooMany('a', 12, 10), 'a: Too many: 12: must have at most 10 items'],
  ])('%j', (error, text) => expect(formatFieldError(error)).toBe(text));
  test('one stands alone, several in brackets, the same once', () => {
    expect(formatFieldErrors([required('a')])).toBe('a: Required value');
    expect(formatFieldErrors([required('a'), required('b'), required('a')])).toBe('[a: Required value, b: Required value]');
  });
  test('text is quoted as Go does', () => expect(quoteGo('a\tb\n\u0001é')).toBe('"a\\tb\\n\\x01é"'));
});

describe('refusals', () => {
  const pods = { group: '', resource: 'pods' };
  const deployments = { group: 'apps', resource: 'deployments' };
  test.each([
    [notFoundError(pods, 'x'), 404, 'NotFound', 'pods "x" not found'],
    [alreadyExistsError(deployments, 'web'), 409, 'AlreadyExists', 'deployments.apps "web" already exists'],
    [conflictError(deployments, 'web'), 409, 'Conflict',
      'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again'],
    [forbiddenError(pods, 'x', 'why'), 403, 'Forbidden', 'pods "x" is forbidden: why'],
    [forbiddenError(pods, '', 'why'), 403, 'Forbidden', 'pods is forbidden: why'],
    [methodNotSupportedError(pods, 'patch'), 405, 'MethodNotAllowed', 'patch is not supported on resources of kind "pods"'],
    [expiredError('too old'), 410, 'Expired', 'too old'],
  ])('%j', (status, code, reason, message) => expect(status).toMatchObject({ kind: 'Status', status: 'Failure', code, reason, message }));
  test('an invalid object tells its causes', () => {
    expect(invalidError({ group: 'apps', kind: 'Deployment' }, 'web', [required('spec.a'), invalid('spec.b', 1, 'x')])).toEqual({
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 422, reason: 'Invalid',
      message: 'Deployment.apps "web" is invalid: [spec.a: Required value, spec.b: Invalid value: 1: x]',
      details: { name: 'web', group: 'apps', kind: 'Deployment', causes: [
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' }, { reason: 'FieldValueInvalid', message: 'Invalid value: 1: x', field: 'spec.b' }] },
    });
  });
});

describe('forms of names', () => {
  test.each([
    [dns1123LabelErrors, 'web-1', []],
    [dns1123LabelErrors, 'a.b', ['must not contain dots']],
    [dns1123LabelErrors, 'Web', ["a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"]],
    [dns1123LabelErrors, 'a'.repeat(64), ['must be no more than 63 bytes']],
    [dns1123SubdomainErrors, 'a.b', []],
    [dns1123SubdomainErrors, 'a_b', ["a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"]],
    [dns1035LabelErrors, '1a', ["a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"]],
    [qualifiedNameErrors, 'example.com/My_Name', []],
    [qualifiedNameErrors, '/x', ['prefix part must be non-empty']],
    [qualifiedNameErrors, 'a/', ['name part must be non-empty', "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"]],
    [labelValueErrors, '', []],
    [labelValueErrors, 'a'.repeat(64), ['must be no more than 63 bytes']],
    [configMapKeyErrors, '..a', ["must not start with '..'"]],
    [portNameErrors, 'a--b', ['must not contain consecutive hyphens']],
    [portNameErrors, '80', ['must contain at least one letter (a-z)']],
    [envVarNameErrors, 'a=b', ["a valid environment variable name must consist only of printable ASCII characters other than '='"]],
    [envVarNameErrors, '1 ok', []],
  ])('%o of %j', (judge, name, wanted) => expect(judge(name)).toEqual(wanted));
  test.each([['10.0.0.1', true], ['256.0.0.1', false], ['01.2.3.4', false], ['fd00::1', true], ['1.2.3', false], ['x', false]])('%s is an address: %s', (text, wanted) =>
    expect(isIpAddress(text)).toBe(wanted));
  test('bytes are those of UTF-8', () => expect(['a', 'é', '€', '😀'].map(byteLength)).toEqual([1, 2, 3, 4]));
});

describe('made names', () => {
  const counting = (): ((bound: number) => number) => {
    let next = 0;
    return (bound) => next++ % bound;
  };
  test('a base and five letters', () => expect(generateName('web-', counting())).toBe('web-bcdfg'));
  test('a long base is cut to 58', () => expect(generateName('a'.repeat(70), counting())).toBe(`${'a'.repeat(58)}bcdfg`));
  test('digits become letters', () => {
    expect(suffixAlphabet).toHaveLength(27);
    expect(safeEncode('0123456789')).toBe('456789bcdf'.split('').map((_char, index) => suffixAlphabet['0123456789'.charCodeAt(index) % 27]).join(''));
  });
  test('the template hash is stable, blind to the order of keys, and moved by a collision', () => {
    const template = { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const turned = { spec: { containers: [{ image: 'i', name: 'c' }] }, metadata: { labels: { b: '2', a: '1' } } };
    expect(podTemplateHash(template)).toBe(podTemplateHash(turned));
    expect(podTemplateHash(template)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(new Set([podTemplateHash(template), podTemplateHash(template, 0), podTemplateHash(template, 1)]).size).toBe(3);
    expect(podTemplateHash({ ...template, spec: { containers: [{ name: 'c', image: 'j' }] } })).not.toBe(podTemplateHash(template));
  });
});

describe('time', () => {
  test.each([
    [0, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000Z'],
    [12_345_678, '2026-01-01T00:00:12Z', '2026-01-01T00:00:12.345678Z'],
    [86_400e6 * 59, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000000Z'],
    [86_400e6 * 365 * 2 + 86_400e6 * 59, '2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000000Z'],
    [-1, '2025-12-31T23:59:59Z', '2025-12-31T23:59:59.999999Z'],
  ])('%d µs', (us, time, micro) => {
    expect([formatTime(us), formatMicroTime(us)]).toEqual([time, micro]);
    expect(parseTime(micro)).toBe(us);
  });
  test.each([['2026-01-01T01:00:00+01:00', 0], ['2026-01-01T00:00:01.5Z', 1_500_000], ['yesterday', undefined], [undefined, undefined]])('%s is read as %s', (text, us) =>
    expect(parseTime(text)).toBe(us));
  test.each([[0, '0s'], [1_500, '1.5ms'], [10e6, '10s'], [90e6, '1m30s'], [3600e6, '1h0m0s'], [5_400_500_000, '1h30m0.5s'], [7, '7µs'], [-2e6, '-2s']])('%d µs is %s', (us, text) => {
    expect(formatGoDuration(us)).toBe(text);
    expect(parseGoDuration(text)).toBe(us);
  });
  test.each(['', '5', 's', '1d', '1h 2m'])('%j is no duration', (text) => expect(parseGoDuration(text)).toBeUndefined());
  test.each([
    [0, '0s'], [119, '119s'], [120, '2m'], [312, '5m12s'], [599, '9m59s'], [600, '10m'], [10_799, '179m'], [10_800, '3h'], [11_100, '3h5m'], [28_800, '8h'],
    [172_799, '47h'], [172_800, '2d'], [187_200, '2d4h'], [691_200, '8d'], [86_400 * 400, '400d'], [86_400 * 800, '2y70d'], [86_400 * 3000, '8y'],
  ])('%d seconds is an age of %s', (seconds, text) => expect(humanDuration(seconds * 1e6)).toBe(text));
});

test('equality', () => {
  expect(deepEqual({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(deepEqual({ a: undefined }, {})).toBe(true);
  expect(deepEqual({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(deepEqual({ a: 1, b: 2 }, { a: 1 })).toBe(false);
  expect(deepEqual([], {})).toBe(false);
  expect(deepEqual({}, {})).toBe(true);
  expect(semanticEqual({ a: [], b: { c: '' } }, {})).toBe(true);
  expect(semanticEqual({ a: [1] }, {})).toBe(false);
});

test('a condition keeps its transition time while its status is the same', () => {
  const ready: AnyCondition = { type: 'Ready', status: 'True', lastTransitionTime: 't1', reason: 'A' };
  const all = setCondition(undefined, ready);
  expect(setCondition(all, { ...ready, lastTransitionTime: 't2' })).toBe(all);
  expect(setCondition(all, { ...ready, lastTransitionTime: 't2', reason: 'B' })).toEqual([{ ...ready, reason: 'B' }]);
  expect(setCondition(all, { type: 'Ready', status: 'False', lastTransitionTime: 't2' })).toEqual([{ type: 'Ready', status: 'False', lastTransitionTime: 't2' }]);
  expect(setCondition(all, { type: 'X', status: 'True' })).toHaveLength(2);
});

test.each<[string, readonly number[] | undefined, string | undefined]>([
  ['', [], ''], ['aGk=', [104, 105], 'hi'], ['aGl5\r\n', [104, 105, 121], 'hiy'], ['w6Q=', [195, 164], 'ä'], ['/w==', [255], undefined], ['aGk', undefined, undefined], ['a-b=', undefined, undefined], ['aGk=aGk=', undefined, undefined],
])('base64: %j', (encoded, bytes, words) => {
  expect(bytesOfBase64(encoded)).toEqual(bytes === undefined ? undefined : Uint8Array.from(bytes));
  expect(textOfBase64(encoded)).toBe(words);
});
