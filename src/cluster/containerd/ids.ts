/** Names that containerd makes: 64 hexadecimal digits, from chance for containers, from content for images. */
import type { Env } from '../../simulation/process/process.ts';

const hex8 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** Eight words out of two, by a mixing step whose constants are those of MurmurHash3's finaliser. */
function spread(a: number, b: number): string {
  let text = '';
  let x = a | 0;
  let y = b | 0;
  for (let i = 0; i < 8; i++) {
    x = Math.imul(x ^ (x >>> 16) ^ (y + i), 0x85ebca6b);
    y = Math.imul(y ^ (y >>> 13) ^ x, 0xc2b2ae35);
    text += hex8(x ^ (y >>> 16));
  }
  return text;
}

/** A fresh id for a sandbox or a container. */
export const newId = (env: Env): string => spread(env.random('containerd/id', 0x1_0000_0000), env.random('containerd/id', 0x1_0000_0000));

/** The same text always has the same digest; it stands for a manifest's SHA-256. */
export function digestOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 15);
  }
  return spread(a, b);
}
