import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { definitionsFile, generateOpenApi } from './generate-openapi.ts';

test('the committed definitions are what the packages say today (else run `npx tsx src/tooling/generate-openapi.ts`)', () => expect(readFileSync(definitionsFile, 'utf8')).toBe(generateOpenApi()));
