/**
 * How well a text answers what was typed. Each word typed must be found; a word found sooner and more wholly counts for more. Predictable
 * rather than clever: equal, at the beginning, at the beginning of a word, anywhere, and last the beginnings of several words (`kcm` finds
 * kube-controller-manager, `w1` worker-1).
 */
export const tiers = { equal: 5, begins: 4, wordBegins: 3, contains: 2, initials: 1, none: 0 } as const;

const boundary = /[^a-z0-9]/;

/** The tier of one typed word in a text; both lower-cased. */
export function tierOf(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at < 0) return initialsOf(word, text) ? tiers.initials : tiers.none;
  if (at === 0) return word.length === text.length ? tiers.equal : tiers.begins;
  for (let from = at; from >= 0; from = text.indexOf(word, from + 1)) if (boundary.test(text[from - 1]!)) return tiers.wordBegins;
  return tiers.contains;
}

/** True when the letters are the beginnings of words of the text, in their order; words may be left out. */
function initialsOf(word: string, text: string): boolean {
  return word.length >= 2 && fromWords(word, text.split(/[^a-z0-9]+|(?<=[a-z])(?=[0-9])/).filter((part) => part !== ''), 0);
}

function fromWords(rest: string, parts: readonly string[], index: number): boolean {
  if (rest === '') return true;
  for (let at = index; at < parts.length; at += 1) {
    const part = parts[at]!;
    if (part[0] !== rest[0]) continue;
    let length = 1;
    while (length < part.length && length < rest.length && part[length] === rest[length]) length += 1;
    for (let taken = length; taken > 0; taken -= 1) if (fromWords(rest.slice(taken), parts, at + 1)) return true;
  }
  return false;
}

/** The words typed, lower-cased. */
export const typedWords = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter((word) => word !== '');

/** Higher is better, 0 is no match: the worst word decides first, then how well all were found, whether the whole was typed from its beginning, and shortness. */
export function scoreOf(words: readonly string[], text: string): number {
  if (words.length === 0) return 1;
  let [least, sum] = [tiers.equal as number, 0];
  for (const word of words) {
    const tier = tierOf(word, text);
    if (tier === tiers.none) return 0;
    least = Math.min(least, tier);
    sum += tier;
  }
  const inOrder = words.length > 1 && text.includes(words.join(' ')) ? 30 : 0;
  return least * 1000 + inOrder + Math.round((sum / words.length) * 50) + Math.max(0, 40 - text.length / 4);
}
