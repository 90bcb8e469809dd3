/** Names for what there is only one of. Models google/uuid: New. */

/** The 256 bytes in hexadecimal. */
const bytesInHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const twoBytes = (word: number): string => bytesInHex[(word >>> 8) & 255]! + bytesInHex[word & 255]!;

/** A random (version 4) UUID. */
export function newUid(random: (bound: number) => number): string {
  const a = random(0x1_0000_0000);
  const b = random(0x1_0000_0000);
  const c = random(0x1_0000_0000);
  const d = random(0x1_0000_0000);
  const version = 0x4000 | (b & 0x0fff);
  const variant = 0x8000 | ((c >>> 16) & 0x3fff);
  return `${twoBytes(a >>> 16)}${twoBytes(a)}-${twoBytes(b >>> 16)}-${twoBytes(version)}-${twoBytes(variant)}-${twoBytes(c)}${twoBytes(d >>> 16)}${twoBytes(d)}`;
}
