import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateSchema, keptTypesFile, schemaFile } from './generate-schema.ts';

test('the committed schema is what the packages say today (else run `npx tsx src/tooling/generate-schema.ts`)', async () => {
  const { schema, keptTypes } = await generateSchema();
  expect(readFileSync(schemaFile, 'utf8')).toBe(schema);
  expect(readFileSync(keptTypesFile, 'utf8')).toBe(keptTypes);
});
