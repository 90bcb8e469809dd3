/** `npm run trace -- FILE`: runs one transcript headless and prints what happened, without comparing. */
import { readFileSync } from 'node:fs';
import { runTranscript } from '../simulation/testing/transcript.ts';
import { kubernetesLanguage } from '../scenarios/transcripts/kubernetes-language.ts';

const path = process.argv[2];
if (path === undefined) {
  console.error('npm run trace -- FILE.txt    (the language: src/simulation/testing/README.md)');
  process.exitCode = 2;
} else {
  const startedMs = performance.now();
  process.stdout.write(runTranscript(readFileSync(path, 'utf8'), kubernetesLanguage).rewritten);
  console.error(`(${((performance.now() - startedMs) / 1000).toFixed(2)} s)`);
}
