/** The list and the tests say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = import.meta.dirname;
const listed = readFileSync(`${folder}/behaviours.txt`, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
  const { cls, mark, codename, reason } = /^(?<cls>[A-D]) (?<mark>[+-]) (?<codename>[^|]+?)(?: \| (?<reason>.+))?$/.exec(line)?.groups ?? {};
  return { line, cls, mark, codename, reason };
});
const asked = listed.filter(({ cls }) => cls === 'A' || cls === 'B');
const shown = listed.filter(({ mark }) => mark === '+').map(({ codename }) => codename!);
const tested = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'behaviours.test.ts')
  .flatMap((name) => [...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/^ *behaviour\((['"])(.+?\[Conformance\])\1,/gm)].map((found) => found[2]!.replaceAll('\\\'', '\'')));

const counted = asked.filter(({ mark }) => mark === '+').length;

describe(`${counted} of ${asked.length} behaviours of conformance, and ${shown.length - counted} that ask for more`, () => {
  test('are listed once each, with a reason where they are not shown', () => {
    expect(asked).toHaveLength(233);
    expect(new Set(listed.map(({ codename }) => codename)).size).toBe(listed.length);
    expect(listed.filter(({ mark, reason }) => mark === undefined || (mark === '-') !== (reason !== undefined)).map(({ line }) => line)).toEqual([]);
  });
  test('have exactly one test each', () => expect(tested.toSorted()).toEqual(shown.toSorted()));
});
