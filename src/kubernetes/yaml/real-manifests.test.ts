import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readManifests } from './index.ts';

/** The public documentation's manifests and what the real kubectl reads from them; an optional folder beside the project. */
const manifests = fileURLToPath(new URL('../../../../shared/manifests', import.meta.url));
const present = existsSync(join(manifests, 'decoded'));

/** The tool that printed the expected JSON touches these, so they say nothing about reading. */
function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { metadata, ...rest } = value as Record<string, unknown>;
  if (typeof metadata !== 'object' || metadata === null) return rest;
  const { labels: _labels, creationTimestamp: _creationTimestamp, ...kept } = metadata as Record<string, unknown>;
  return Object.keys(kept).length === 0 ? rest : { ...rest, metadata: kept };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

describe.skipIf(!present)(present ? 'real manifests' : `real manifests (skipped: ${manifests} is absent)`, () => {
  const decoded = present ? filesBelow(join(manifests, 'decoded')) : [];
  test('all of them are here', () => expect(decoded).toHaveLength(252));
  test.each(decoded.map((file) => file.slice(manifests.length + 1)))('%s', (name) => {
    const file = join(manifests, name);
    const source = file.replace(join(manifests, 'decoded'), manifests).replace(/\.json$/, '');
    const { documents, errors } = readManifests(readFileSync(source, 'utf8'), { fileName: 'web.yaml' });
    expect(errors).toEqual([]);
    const expected = JSON.parse(readFileSync(file, 'utf8')) as unknown[];
    expect(documents.map(({ value }) => comparable(value))).toEqual(expected.map(comparable));
  });
});
