import { expect, test } from 'vitest';
import type { Recording } from './protocol.ts';
import { isProblem } from './read-recording.ts';
import { readSaved, writeSaved } from './saved-file.ts';

const recording: Recording = { version: 1, seed: 1, topology: 'three-nodes', commands: [{ atUs: 5, command: { type: 'power-off-node', node: 'worker-1' } }], check: { atUs: 9, hash: 'ab12' } };

test('what is written is read again', () => {
  const saved = { recording, name: 'web', playheadUs: 9, camera: { x: 0.5, y: 0.25, zoom: 2 } };
  expect(readSaved(writeSaved(saved))).toEqual(saved);
  expect(readSaved(JSON.stringify(recording))).toEqual({ recording, name: 'a recording', playheadUs: 9 });
});

test.each([
  ['cut off', writeSaved({ recording, name: 'web' }).slice(0, 60), /not readable as JSON/],
  ['empty', '', /not readable as JSON/],
  ['of something else', '{"kind":"Pod"}', /not a recording/],
  ['with a name that is none', JSON.stringify({ ...recording, name: {} }), /name/],
  ['with a name without end', JSON.stringify({ ...recording, name: 'x'.repeat(121) }), /name/],
  ['with a camera that is none', JSON.stringify({ ...recording, camera: { x: 0.5, y: 'here', zoom: 1 } }), /moved to/],
  ['with a moment that is none', JSON.stringify({ ...recording, playheadUs: -1 }), /moment/],
])('a file %s is refused in a sentence', (_what, text, sentence) => {
  const answer = readSaved(text);
  expect(isProblem(answer) && answer.text).toMatch(sentence);
});
