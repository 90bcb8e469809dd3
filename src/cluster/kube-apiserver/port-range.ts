/** The node ports that are given out, as etcd holds them: a bit for each. Models pkg/registry/core/service/allocator/bitmap.go: Snapshot, Restore, and api.RangeAllocation. */
import { firstNodePort, nodePortCount } from './allocators.ts';

interface RangeAllocation { readonly kind: 'RangeAllocation'; readonly apiVersion: 'v1'; readonly metadata: { readonly creationTimestamp: null }; readonly range: string; readonly data: string }

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const portsWith = (ports: readonly number[]): RangeAllocation =>
  ({ kind: 'RangeAllocation', apiVersion: 'v1', metadata: { creationTimestamp: null }, range: `${firstNodePort}-${firstNodePort + nodePortCount - 1}`, data: encoded(ports.map((port) => port - firstNodePort)) });
export const portsIn = (value: unknown): readonly number[] => decoded((value as RangeAllocation).data).map((offset) => firstNodePort + offset);
export const withoutPorts = (value: unknown, gone: readonly number[]): RangeAllocation => portsWith(portsIn(value).filter((port) => !gone.includes(port)));

/** The bytes of a big number, the highest first, in base64. */
function encoded(offsets: readonly number[]): string {
  const bytes = offsets.length === 0 ? [] : Array.from({ length: (Math.max(...offsets) >> 3) + 1 }, () => 0);
  for (const offset of offsets) bytes[bytes.length - 1 - (offset >> 3)]! |= 1 << (offset & 7);
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(4, bytes.length - at + 1);
    for (let place = 0; place < 4; place++) text += place < count ? letters[(bits >> (18 - 6 * place)) & 63]! : '=';
  }
  return text;
}

function decoded(data: string): readonly number[] {
  const sextets = [...data.replace(/=+$/, '')].map((letter) => letters.indexOf(letter));
  const bytes: number[] = [];
  for (let at = 0; at < sextets.length; at += 4) {
    const bits = (sextets[at]! << 18) | ((sextets[at + 1] ?? 0) << 12) | ((sextets[at + 2] ?? 0) << 6) | (sextets[at + 3] ?? 0);
    for (let place = 0; place < Math.min(3, sextets.length - at - 1); place++) bytes.push((bits >> (16 - 8 * place)) & 255);
  }
  return bytes.reverse().flatMap((byte, index) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => index * 8 + bit));
}
