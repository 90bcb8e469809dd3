import { isCollection } from '../collections/index.ts';

const known = new WeakMap<object, number>();

/** Mixes one 32-bit word into a running hash (FNV-1a over its bytes would be slower and no better here). */
export const mix = (hash: number, word: number): number => {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return (h ^ (h >>> 15)) | 0;
};

export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** A structural hash of plain immutable data and persistent collections; remembers objects it has seen, since they never change. */
export function hashValue(value: unknown): number {
  switch (typeof value) {
    case 'string': return hashText(value);
    case 'number': return Number.isInteger(value) ? mix(mix(1, value | 0), Math.floor(value / 4_294_967_296) | 0) : hashText(String(value));
    case 'boolean': return value ? 3 : 5;
    case 'undefined': return 7;
    case 'object': return value === null ? 11 : hashObject(value);
    // Code is no state: it is the same in every run of one version.
    case 'function': return 23;
    default: throw new Error(`a snapshot holds a ${typeof value}: only plain data can be hashed, saved and replayed`);
  }
}

function hashObject(value: object): number {
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  let hash = 13;
  if (Array.isArray(value)) {
    for (const item of value) hash = mix(hash, hashValue(item));
  } else if (isCollection(value)) {
    // Entries are summed, since the order of a hashed map is no part of what it says.
    let sum = 0;
    (value as unknown as { forEach(each: (v: unknown, k: unknown) => void): void }).forEach((v, k) => { sum = (sum + mix(hashValue(k), hashValue(v))) | 0; });
    hash = mix(17, sum);
  } else {
    let sum = 0;
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item !== undefined) sum = (sum + mix(hashText(key), hashValue(item))) | 0;
    }
    hash = mix(19, sum);
  }
  known.set(value, hash);
  return hash;
}

export const printHash = (high: number, low: number): string => (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
