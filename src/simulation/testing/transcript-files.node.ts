import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runTranscript, type Language } from './transcript.ts';

/** One transcript of a folder, to be run by a test. */
export interface TranscriptFile { readonly name: string; readonly path: string }

/** The `*.txt` of a folder in the order of their names; throws where there are none, since a test of nothing passes. */
export function transcriptFiles(folder: string): readonly TranscriptFile[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.txt')).sort() : [];
  if (files.length === 0) throw new Error(`there is no transcript in ${folder}`);
  return files.map((file) => ({ name: basename(file, '.txt'), path: join(folder, file) }));
}

/**
 * What a file says and what happens, whole, so that a difference is read in its place: `expect(happened).toBe(written)`.
 * With `UPDATE=1` the file is rewritten with what happens now, to be reviewed like code.
 */
export function checkTranscript<Context>(path: string, language: Language<Context>): { readonly written: string; readonly happened: string } {
  const text = readFileSync(path, 'utf8');
  const { rewritten, blocks } = runTranscript(text, language);
  if (blocks.length === 0) throw new Error(`${path} has no commands`);
  if (process.env['UPDATE'] !== '1') return { written: text, happened: rewritten };
  writeFileSync(path, rewritten);
  return { written: rewritten, happened: rewritten };
}
