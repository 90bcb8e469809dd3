import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { runTranscript, type Language } from './transcript.ts';

/** Makes a test of every `*.txt` in a folder. With `UPDATE=1` the files are rewritten with what happens now, to be reviewed like code. */
export function transcriptTests<Context>(folder: string, language: Language<Context>): void {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt')).sort();
  for (const file of files) test(basename(file, '.txt'), () => checkTranscript(join(folder, file), language));
}

/** Fails where a file's output is not what happens; compares the whole file, so that the difference is read in its place. */
export function checkTranscript<Context>(path: string, language: Language<Context>): void {
  const text = readFileSync(path, 'utf8');
  const { rewritten, blocks } = runTranscript(text, language);
  if (process.env['UPDATE'] === '1') writeFileSync(path, rewritten);
  else {
    expect(blocks.length, 'the file has commands').toBeGreaterThan(0);
    expect(rewritten).toBe(text);
  }
}
