import { describe, expect, test } from 'vitest';
import { decodeMoment, encodeMoment, isMomentLink } from './moment-link.ts';
import type { SharedMoment } from './moment-link.ts';

const moment: SharedMoment = {
  recording: { version: 1, seed: 7, topology: 'three-nodes', commands: [{ atUs: 20_000_000, command: { type: 'apply-manifest', text: 'kind: Pod # “größer” 🐳\n', fileName: 'a.yaml' } }], check: { atUs: 21_000_000, hash: 'ab12' } },
  atUs: 21_000_000, sceneId: 'node-dies', view: { lens: true, camera: { x: 0.25, y: 0.5, zoom: 2 } },
};

test('what goes into a link comes out of it', async () => {
  const link = await encodeMoment(moment);
  expect(isMomentLink(link)).toBe(true);
  expect(link).toMatch(/^#o=1\.[\w-]+$/);
  expect(await decodeMoment(link)).toEqual(moment);
});

test('a long manifest is packed', async () => {
  const long = { ...moment, recording: { ...moment.recording, commands: [{ atUs: 1, command: { type: 'apply-manifest' as const, text: 'kind: Pod\n'.repeat(5_000), fileName: 'a.yaml' } }] } };
  expect((await encodeMoment(long)).length).toBeLessThan(1_000);
});

const link = await encodeMoment(moment);
const packed = async (value: unknown): Promise<string> => encodeMoment(value as SharedMoment);
/** Nine megabytes of nothing, and one letter more. */
const bomb = await packed({ ...moment, filler: ' '.repeat(9_000_001) });

describe('what can not be read is refused in a sentence', () => {
  test.each<readonly [string, string | Promise<string>, RegExp]>([
    ['cut off', link.slice(0, link.length / 2), /damaged/],
    ['one letter changed', link.slice(0, 40) + (link[40] === 'A' ? 'B' : 'A') + link.slice(41), /damaged|recording/],
    ['empty', '#o=', /damaged/],
    ['not of the alphabet', '#o=1.%%%', /damaged/],
    ['of a later format', '#o=2.AAAA', /newer/],
    ['no object', packed(7), /damaged/],
    ['no moment', packed({ ...moment, atUs: 'now' }), /damaged/],
    ['a moment beyond all time', packed({ ...moment, atUs: 1e18 }), /damaged/],
    ['no recording', packed({ ...moment, recording: 1 }), /not a recording/],
    ['a command that there is not', packed({ ...moment, recording: { ...moment.recording, commands: [{ atUs: 0, command: { type: 'rm' } }] } }), /can not do/],
    ['more than can be held', bomb, /damaged/],
  ])('%s', async (_what, text, sentence) => {
    const answer = await decodeMoment(await text);
    expect(answer).toEqual({ text: expect.stringMatching(sentence) });
  });
});

test('a view is taken only as far as it is one', async () => {
  const answer = await decodeMoment(await packed({ ...moment, view: { lens: 'yes', chatter: false, camera: { x: 0, y: Infinity, zoom: 1 }, mode: 'present', spotlight: {} } }));
  expect(answer).toMatchObject({ view: { chatter: false } });
  expect(Object.keys((answer as SharedMoment).view)).toEqual(['chatter']);
});
