import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkTranscript } from '../../simulation/testing/transcript-files.node.ts';
import { parseTranscript } from '../../simulation/testing/transcript.ts';
import { kubernetesLanguage } from './kubernetes-language.ts';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Whole-cluster transcripts, wherever they lie: beside a component or beside the scenarios. Their first command is `cluster`. */
function clusterTranscripts(): readonly string[] {
  return ['scenarios', 'cluster'].flatMap((room) => readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|[\\/])testdata[\\/][^\\/]+\.txt$/.test(path))
    .map((path) => join(source, room, path))
    .filter((path) => parseTranscript(readFileSync(path, 'utf8')).blocks[0]?.lines[0]?.name === 'cluster')
    .sort());
}

describe('whole clusters', () => {
  const paths = clusterTranscripts();
  test('there are transcripts', () => expect(paths.length).toBeGreaterThan(0));
  test.each(paths.map((path) => [relative(source, path), path]))('%s', (_name, path) => {
    const { written, happened } = checkTranscript(path!, kubernetesLanguage);
    expect(happened).toBe(written);
  });
});
