/** The hash of a key: 31-bit, of its content only, so that order is the same in every run. */
export function hashKey(key: unknown): number {
  if (typeof key === 'string') {
    let hash = 0;
    for (let i = 0; i < key.length; i += 1) hash = (Math.imul(31, hash) + key.charCodeAt(i)) | 0;
    return ((hash >>> 1) & 0x40000000) | (hash & 0xbfffffff);
  }
  if (typeof key === 'number' && Number.isSafeInteger(key)) {
    const hash = (key | 0) ^ Math.floor(key / 4_294_967_296);
    return ((hash >>> 1) & 0x40000000) | (hash & 0xbfffffff);
  }
  throw new Error(`a ${typeof key} cannot be the key of a persistent map`);
}
