import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.ts';

const written = (before: string, after: string): string =>
  diffLines([...before], [...after]).map((line) => (line.kind === 'skip' ? `…${line.count}` : `${{ same: ' ', gone: '-', new: '+' }[line.kind]}${line.text}`)).join('');

test.each<[string, string, string, string]>([
  ['nothing', 'abc', 'abc', '…3'],
  ['a change', 'abcdefghi', 'abcdXfghi', '…1 b c d-e+X f g h…1'],
  ['something new at the end', 'ab', 'abc', ' a b+c'],
  ['something gone from the beginning', 'abc', 'bc', '-a b c'],
  ['two changes far apart', 'Abcdefghijk', 'Xbcdefghijz', '-A+X b c d…3 h i j-k+z'],
  ['all', 'ab', 'xy', '-a-b+x+y'],
  ['what stays in the middle of a change', 'abc', 'xby', '-a+x b-c+y'],
  ['from nothing', '', 'ab', '+a+b'],
])('%s', (_, before, after, lines) => expect(written(before, after)).toBe(lines));
