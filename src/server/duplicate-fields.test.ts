import { expect, test } from 'vitest';
import { duplicatesInJson, readYaml } from './duplicate-fields.ts';

test.each<[string, readonly string[]]>([
  ['{"a":1,"b":{"a":[1,2]}}', []],
  ['{"spec": {"replicas" : 2,\n"replicas": 3}, "a": null}', ['duplicate field "spec.replicas"']],
  ['{"c":[{"n":"x","n":"}\\"{"},{"n":1}],"c":[]}', ['duplicate field "c[0].n"', 'duplicate field "c"']],
  ['{"\\u0061":-1.5e3,"a":true, "e": {}, "l": [ ]}', ['duplicate field "a"']],
  [' 3 ', []],
])('%s', (text, found) => expect(duplicatesInJson(text)).toEqual(found));

test('YAML says the line of the second value, and takes that value', () => {
  expect(readYaml('\nspec:\n  a: 1\n  b: {c: 1, c: 2}\n  a:\n    d: 1\n')).toEqual({ body: { spec: { a: { d: 1 }, b: { c: 2 } } }, duplicates: ['line 6: key "a" already set in map', 'line 4: key "c" already set in map'] });
  expect(() => readYaml('a: [')).toThrow('Flow sequence');
  expect(() => readYaml('a: &a [*a]')).toThrow("yaml: anchor 'a' value contains itself");
  expect(readYaml('a: &a [1]\nb: *a').body).toEqual({ a: [1], b: [1] });
});
