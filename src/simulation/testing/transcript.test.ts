import { describe, expect, test } from 'vitest';
import { parseCommandLine, runTranscript, type Language } from './transcript.ts';

const language: Language<{ sum: number }> = {
  begin: () => ({ sum: 0 }),
  commands: {
    add: ({ words, options }, block, context) => {
      for (const word of [...words, ...block.split('\n').filter(Boolean)]) context.sum += Number(word) * Number(options['times'] ?? 1);
      return '';
    },
    sum: (_args, _block, context) => String(context.sum),
    say: (_args, block) => block,
    fail: () => { throw new Error('no luck'); },
  },
};
const actual = (text: string): readonly string[] => runTranscript(text, language).blocks.map((block) => block.actual);

describe('a transcript', () => {
  test('shares one context from its first to its last command', () => expect(actual('add 1 2\nsum\n----\n3\n\nadd 4 times=2\nsum\n----\n')).toEqual(['3', '11']));
  test('gives a command its indented lines', () => expect(actual('add\n  1\n  2\nsum\n----\n')).toEqual(['3']));
  test('gives a command what stands between << and >>, blank lines and all', () => expect(actual('say\n<<\na:\n\n  b\n>>\n----\n')).toEqual(['a:\n\n  b']));
  test('says ok where nothing is printed', () => expect(actual('add 1\n----\n')).toEqual(['ok']));
  test('prints errors', () => expect(actual('fail\n----\n\nnope\n----\n')).toEqual(['error: no luck', 'error: no command is called nope; there are add, sum, say, fail']));
  test('refuses a block without an end', () => expect(() => actual('say\n<<\na\n----\n')).toThrow('line 1: the block that << begins is not ended by >>'));

  test('is rewritten with what it printed, and then stays as it is', () => {
    const text = '# A sum.\nadd 1\nsum\n----\n7\n\n# Words.\nsay\n<<\na\n\nb\n>>\n----\nold\n\n# The end.\n';
    const { rewritten, blocks } = runTranscript(text, language);
    expect(blocks.map((block) => block.expected)).toEqual(['7', 'old']);
    expect(rewritten).toBe('# A sum.\nadd 1\nsum\n----\n1\n\n# Words.\nsay\n<<\na\n\nb\n>>\n----\n----\na\n\nb\n----\n----\n\n# The end.\n');
    const again = runTranscript(rewritten, language);
    expect(again.rewritten).toBe(rewritten);
    expect(again.blocks.every((block) => block.expected === block.actual)).toBe(true);
  });
});

test.each([
  ['run until quiet', 'run', ['until', 'quiet'], {}],
  ['messages from=kubelet since="last apply"', 'messages', [], { from: 'kubelet', since: 'last apply' }],
  ['run until "pod web Running"', 'run', ['until', 'pod web Running'], {}],
  ['etcd keys prefix=/registry/pods/', 'etcd', ['keys'], { prefix: '/registry/pods/' }],
])('the line %s is read', (line, name, words, options) => expect(parseCommandLine(line)).toEqual({ name, args: { words, options } }));
