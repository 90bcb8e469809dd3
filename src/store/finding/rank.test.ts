import { describe, expect, test } from 'vitest';
import { scoreOf, tierOf, tiers, typedWords } from './rank.ts';

describe('how well a word is found in a text', () => {
  test.each([
    ['web', 'web', tiers.equal],
    ['web', 'web-6f9 pod default', tiers.begins],
    ['pod', 'web-6f9 pod default', tiers.wordBegins],
    // A worse place does not hide a better one further on.
    ['er', 'worker er', tiers.wordBegins],
    ['ork', 'worker-1', tiers.contains],
    ['kcm', 'kube-controller-manager', tiers.initials],
    ['kapi', 'kube-apiserver component', tiers.initials],
    ['w1', 'worker-1', tiers.initials],
    ['pow1', 'power off worker-1', tiers.initials],
    // Letters from the middle of words are no match: one could not guess it.
    ['wrk', 'worker-1', tiers.none],
    ['mck', 'kube-controller-manager', tiers.none],
    // One letter alone is no abbreviation.
    ['x', 'worker-1', tiers.none],
  ])('%s in %s', (word, text, tier) => {
    expect(tierOf(word, text)).toBe(tier);
  });
});

/** The texts in the order in which they answer. */
const order = (typed: string, texts: readonly string[]): readonly string[] => {
  const words = typedWords(typed);
  return texts.map((text) => ({ text, score: scoreOf(words, text) })).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).map(({ text }) => text);
};

describe('the order of the answers', () => {
  test.each([
    ['web', ['deployment x for web', 'cobweb pod', 'web-1 pod', 'web'], ['web', 'web-1 pod', 'deployment x for web', 'cobweb pod']],
    ['delete web', ['web-1 pod', 'delete pod web-1', 'delete pod db-1'], ['delete pod web-1']],
    ['power off worker-1', ['power off worker-10', 'power off worker-1', 'power off worker-2', 'cut off network worker-1'], ['power off worker-1', 'power off worker-10']],
    ['pod web', ['web-1 pod default', 'web deployment default'], ['web-1 pod default']],
    ['nothing like it', ['web', 'worker-1'], []],
  ])('%s', (typed, texts, expected) => {
    expect(order(typed, texts)).toEqual(expected);
  });

  test('what was typed in one piece comes before the same words apart', () => {
    expect(order('off worker', ['worker b off', 'a off worker'])).toEqual(['a off worker', 'worker b off']);
  });
});
