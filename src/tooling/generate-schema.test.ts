import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateSchema, schemaFile } from './generate-schema.ts';

test('the committed schema is what the packages say today (else run `npx tsx src/tooling/generate-schema.ts`)', async () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(await generateSchema());
});
