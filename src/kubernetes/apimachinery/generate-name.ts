/** Names made by the server. Models staging/src/k8s.io/apiserver/pkg/storage/names/generate.go and apimachinery/pkg/util/rand. */

/** No vowels, and no 0, 1, 3, so that no words come out. */
export const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
/** 63 characters less the suffix. */
export const maxGeneratedBase = 63 - suffixLength;

/** A whole number from 0 up to, not including, the bound: a named random stream, handed in. */
export type RandomBelow = (bound: number) => number;

/** Five random characters of the suffix alphabet. */
export function randomSuffix(randomBelow: RandomBelow, length = suffixLength): string {
  let suffix = '';
  for (let i = 0; i < length; i++) suffix += suffixAlphabet[randomBelow(suffixAlphabet.length)]!;
  return suffix;
}

/** The base, cut to 58 characters, with five random ones behind it. */
export function generateName(base: string, randomBelow: RandomBelow): string {
  return (base.length > maxGeneratedBase ? base.slice(0, maxGeneratedBase) : base) + randomSuffix(randomBelow);
}

/** Digits rewritten in the suffix alphabet, so that hashes look like suffixes. Models rand.SafeEncodeString. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let i = 0; i < text.length; i++) encoded += suffixAlphabet[text.charCodeAt(i) % suffixAlphabet.length]!;
  return encoded;
}
