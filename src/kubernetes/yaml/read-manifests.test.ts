import { describe, expect, test } from 'vitest';
import { formatFieldPath, parseFieldPath, readManifests } from './index.ts';

const read = (text: string): unknown[] => {
  const { documents, errors } = readManifests(text, { fileName: 'web.yaml' });
  expect(errors).toEqual([]);
  return documents.map(({ value }) => value);
};
const firstError = (text: string): string | undefined => readManifests(text, { fileName: 'web.yaml' }).errors[0]?.message;

describe('YAML 1.1 as Kubernetes reads it', () => {
  // Each right-hand side is what kubectl 1.32 printed for `v: <left-hand side>`.
  test.each<[string, unknown]>([
    ['0400', 256], ['0o755', 493], ['0x1F', 31], ['0b101', 5], ['08', 8], ['-0777', -511], ['+12', 12], ['1_000', 1000], ['12_3.5', 123.5],
    ['1e3', 1000], ['.5', 0.5], ['-.5', -0.5], ['1.', 1], ['1.20', 1.2], ['0x', '0x'], ['._5', '._5'], ['1e400', '1e400'], ['1.2.3', '1.2.3'],
    ['no', false], ['on', true], ['y', true], ['N', false], ['Yes', true], ['OFF', false], ['oN', 'oN'], ['True', true], ['tRue', 'tRue'],
    ['12:30:45', '12:30:45'], ['190:20', '190:20'], ['2020-01-02', '2020-01-02'], ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'],
    ['~', null], ['', null], ['Null', null], ['"null"', 'null'], ["'0400'", '0400'], ['<<', '<<'], ['=', '='],
    ['!!str 12', '12'], ['!!int "7"', 7], ['!!float 3', 3], ['! "12"', 12], ['!custom 12', '12'], ['!!binary aGk=', 'hi'],
    ['a\n  b\n\n  c', 'a b\nc'], ['"a\\\n  b \\x41 \\\' \\u00e9"', "ab A ' é"], ["'it''s'", "it's"], ['|\n  a\n   b\n\n', 'a\n b\n'], ['|-\n  a\n', 'a'],
    ['|+\n  a\n', 'a\n\n'], ['>\n  a\n  b\n\n  c\n   d\n', 'a b\nc\n d\n'], ['|2\n    a\n', '  a\n'], ['{a: 1, b}', { a: 1, b: null }],
    ['[a, b: c, ]', ['a', { b: 'c' }]], ['http://x:80/#a', 'http://x:80/#a'], ['a #b', 'a'], ['\n- a\n- b', ['a', 'b']],
  ])('v: %j is %j', (written, expected) => {
    expect(read(`v: ${written}\n`)).toEqual([{ v: expected }]);
  });

  test.each<[string, string]>([['8080', '8080'], ['on', 'true'], ['n', 'false'], ['1.50', '1.5'], ['0x10', '16'], ['2020-01-02', '2020-01-02'], ['1e10', '1e+10'], ['123456.5', '123456.5'], ['1234567.5', '1.2345675e+06'], ['0.1', '0.1'], ['0.00001', '1e-05']])(
    'the key %s becomes %j', (written, expected) => expect(read(`${written}: x\n`)).toEqual([{ [expected]: 'x' }]));

  test('aliases share, merges write over what stands before and yield to what stands after', () => {
    const [value] = read('base: &b {a: 1, c: 2}\nx: {<<: *b, a: 9}\nw:\n  a: 9\n  <<: *b\nz: {<<: [{a: 5}, *b]}\n') as [Record<string, unknown>];
    expect(value).toEqual({ base: { a: 1, c: 2 }, x: { a: 9, c: 2 }, w: { a: 1, c: 2 }, z: { a: 5, c: 2 } });
  });

  test('documents, comments, empty documents and a byte order mark', () => {
    expect(read('\ufeff---\n# only a comment\n---\na: 1\n--- # second\n\n---\r\nb: |\r\n  x\r\n---\nnull\n')).toEqual([{ a: 1 }, { b: 'x\n' }]);
    expect(read('')).toEqual([]);
    expect(read('a: 1\n...\nignored: [\n')).toEqual([{ a: 1 }]);
  });

  test('a key written twice counts once, the last one, with a warning', () => {
    const { documents } = readManifests('a: 1\nb: 2\na: 3\n');
    expect(documents[0]?.value).toEqual({ a: 3, b: 2 });
    expect(documents[0]?.warnings).toEqual([{ message: 'key "a" already set in map', line: 3, column: 1 }]);
  });
});

describe('errors in kubectl’s words', () => {
  // Message as printed by kubectl 1.32 after "error converting YAML to JSON: ", then the line and column shown to a reader.
  test.each<[string, string, number, number]>([
    ['a: b: c\n', 'yaml: mapping values are not allowed in this context', 1, 5],
    ['a: 1\nb:\n\tc: 1\n', 'yaml: line 3: found character that cannot start any token', 3, 1],
    ['x:\n  a: 1\n\ty: 2\n', 'yaml: line 3: found a tab character that violates indentation', 3, 1],
    ['x: |\n  a\n\tb\n', 'yaml: line 3: found a tab character where an indentation space is expected', 3, 1],
    ['x: 1\na: "open\nb: 1\n', 'yaml: line 4: found unexpected end of stream', 2, 4],
    ['x: 1\na: [1, 2\nb: 1\n', "yaml: line 2: did not find expected ',' or ']'", 3, 2],
    ['x: 1\na: {b: 1\nc: 2\n', "yaml: line 2: did not find expected ',' or '}'", 3, 2],
    ['x: 1\na:\n    b: 1\n  c: 2\n', 'yaml: line 3: did not find expected key', 4, 3],
    ['x:\n  - a\n  b: 1\n', "yaml: line 2: did not find expected '-' indicator", 3, 3],
    ['x: 1\nfoo\nb: 2\n', "yaml: line 3: could not find expected ':'", 2, 1],
    ['x:\n  a: 1\n   b: 2\n', 'yaml: line 3: mapping values are not allowed in this context', 3, 5],
    ['x: - a\n', 'yaml: block sequence entries are not allowed in this context', 1, 4],
    ['x: "\\q"\n', 'yaml: found unknown escape character', 1, 5],
    ['x: ]\n', 'yaml: did not find expected node content', 1, 4],
    ['x: *nope\n', "yaml: unknown anchor 'nope' referenced", 1, 4],
    ['x: &a [*a]\n', "yaml: anchor 'a' value contains itself", 1, 8],
    ['x: {<<: 5}\n', 'yaml: map merge requires map or sequence of maps as the value', 1, 9],
    ['x: !!int foo\n', 'yaml: cannot decode !!str `foo` as a !!int', 1, 4],
    ['x: {{ .Values.x }}\n', 'yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}', 1, 5],
    ['~: x\n', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "x"', 1, 1],
    ['x: .inf\n', 'json: unsupported value: +Inf', 1, 4],
    ['x: \u0001\n', 'yaml: control characters are not allowed', 1, 4],
    ['%FOO\na: 1\n', 'yaml: found unknown directive name', 1, 5],
    ['x: !!binary "*"\n', 'yaml: !!binary value contains invalid base64 data', 1, 4],
  ])('%j', (text, message, line, column) => {
    expect(readManifests(text, { fileName: 'web.yaml' }).errors).toEqual([
      { message: `error parsing web.yaml: error converting YAML to JSON: ${message}`, line, column },
    ]);
  });

  test('lines in the words count from the separator as kubectl’s do, the line of the error from the top', () => {
    const { documents, errors } = readManifests('a: 1\n---\nb: 2\nc: d: e\n---\nf: 1\n', { fileName: 'web.yaml' });
    expect(errors).toEqual([{ message: expect.stringContaining('yaml: line 2: mapping values') as string, line: 4, column: 5 }]);
    expect(documents.map(({ value, line }) => [value, line])).toEqual([[{ a: 1 }, 1], [{ f: 1 }, 6]]);
  });

  test('a separator that says something', () => {
    expect(readManifests('a: 1\n---foo\n', { fileName: 'web.yaml' }).errors).toEqual([
      { message: 'error parsing web.yaml: invalid Yaml document separator: foo', line: 2, column: 4 }]);
  });

  test.each<[string, string]>([
    ['{"a": 1,}', "json: offset 9: invalid character '}' looking for beginning of object key string"],
    ['{"a": }', "json: offset 7: invalid character '}' looking for beginning of value"],
    ['{a: 1}', "json: offset 2: invalid character 'a' looking for beginning of object key string"],
    ['{"a": 1', 'unexpected EOF'],
    ['{"a":1} x', "json: offset 9: invalid character 'x' looking for beginning of value"],
    ['{"a":1 "b"}', `json: offset 8: invalid character '"' after object key:value pair`],
    ['{"a" 1}', "json: offset 6: invalid character '1' after object key"],
    ['{"a":[1 2]}', "json: offset 9: invalid character '2' after array element"],
    ['{"a":tru }', "json: offset 9: invalid character ' ' in literal true (expecting 'e')"],
  ])('JSON %j', (text, message) => expect(firstError(text)).toBe(`error parsing web.yaml: ${message}`));
});

test('JSON, one value after another, with the lines of its fields', () => {
  const { documents, errors } = readManifests('{"a": {\n  "b": [1,\n 2]}}\n{"c":"x"} null');
  expect(errors).toEqual([]);
  expect(documents.map(({ value }) => value)).toEqual([{ a: { b: [1, 2] } }, { c: 'x' }]);
  expect(documents[0]?.lineOf(['a', 'b', 1])).toEqual({ line: 3, column: 2 });
  expect(documents[1]?.lineOf(['c'])).toEqual({ line: 4, column: 2 });
});

test('places of fields, and of the nearest part that exists', () => {
  const { documents } = readManifests('# web\n---\nkind: Pod\nspec: &s\n  containers:\n  - name: a\n    image: "x"\n  - {name: b}\ncopy:\n  <<: *s\n  extra: 1\n');
  const at = (path: string): unknown => Object.values(documents[0]!.lineOf(parseFieldPath(path)));
  expect(at('kind')).toEqual([3, 1]);
  expect(at('spec.containers[0].image')).toEqual([7, 5]);
  expect(at('spec.containers[1].name')).toEqual([8, 6]);
  expect(at('spec.containers[0].imagee')).toEqual([6, 5]);
  expect(at('spec.containers[7].name')).toEqual([5, 3]);
  expect(at('copy.containers[0].name')).toEqual([6, 5]);
  expect(at('')).toEqual([3, 1]);
});

test.each<[string, (string | number)[]]>([
  ['spec.containers[0].image', ['spec', 'containers', 0, 'image']],
  ['metadata.labels[app.kubernetes.io/name]', ['metadata', 'labels', 'app.kubernetes.io/name']],
  ['data["a.b"].c', ['data', 'a.b', 'c']],
  ['[2].x', [2, 'x']],
  ['', []],
])('field path %j', (text, path) => expect(parseFieldPath(text)).toEqual(path));

test('a field path is written as the server does', () => expect(formatFieldPath(['spec', 'containers', 0, 'image'])).toBe('spec.containers[0].image'));

describe('limits', () => {
  const bomb = (levels: number): string => Array.from({ length: levels }, (_, level) =>
    `a${level}: &a${level} [${Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*a${level - 1}`)).join(', ')}]\n`).join('');

  test('alias bombs', () => {
    expect(firstError(bomb(9))).toBe('error parsing web.yaml: error converting YAML to JSON: yaml: document contains excessive aliasing');
    expect(read(bomb(3))).toHaveLength(1);
  });

  test('too much text, with its real size', () => {
    expect(firstError(`a: "${'x'.repeat(3_145_728)}"\n`)).toBe('Request entity too large: limit is 3145728 (this document is 3145734 bytes)');
    expect(firstError(`{"a": "${'é'.repeat(1_600_000)}"}`)).toBe('Request entity too large: limit is 3145728 (this document is 3200009 bytes)');
  });

  test('deep nesting, open brackets without end and binary rubbish are refused', () => {
    expect(firstError(`a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`)).toContain('yaml: exceeded max depth of 1000');
    expect(firstError('['.repeat(1_000_000))).toContain('yaml: exceeded max depth of 10000');
    expect(firstError('- '.repeat(500_000))).toContain('yaml: exceeded max depth of 10000');
    expect(firstError(`{"a":${'['.repeat(100_000)}`)).toContain('exceeded max depth');
    expect(firstError(Array.from({ length: 2_000 }, (_, index) => String.fromCharCode((index * 7_919) % 256)).join(''))).toContain('control characters are not allowed');
  });

  test.each(['__proto__: {polluted: 1}\n', 'a: {b: {"__proto__": {polluted: 1}}}\n', '{"a": [{"__proto__": {"polluted": 1}}]}'])('%j pollutes nothing', (text) => {
    expect(firstError(text)).toContain('the key "__proto__" is not supported here');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('constructor is a key like another', () => {
    expect(Object.hasOwn(read('constructor: {prototype: 1}\n')[0] as object, 'constructor')).toBe(true);
  });
});
