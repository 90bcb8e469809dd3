import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isCompileError } from './cel.ts';
import { cel } from './index.ts';

const [, schema, ...lines] = readFileSync(new URL('testdata/most-costs.txt', import.meta.url), 'utf8').trimEnd().split('\n');
const described = JSON.parse(schema!) as never;

test.each(lines.map((line) => [line.slice(22), Number(line.slice(0, 21))] as const))('what %s may cost', (rule, cost) => {
  const program = cel.compile(rule, { self: described, oldSelf: described });
  expect(isCompileError(program) ? program.compileError : program.mostCost(described, true)?.cost).toBe(cost);
});
