/** Bytes as JSON carries them. Models encoding/base64: StdEncoding. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes that a base64 text stands for; undefined where it stands for none. */
export function bytesOfBase64(encoded: string): Uint8Array | undefined {
  const bare = encoded.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare)) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const char of bare) {
    const digit = alphabet.indexOf(char);
    if (digit < 0) break;
    value = ((value << 6) | digit) & 0xfff;
    bits += 6;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}

/** The UTF-8 text that a base64 text stands for; undefined where it stands for none. */
export function textOfBase64(encoded: string): string | undefined {
  const bytes = bytesOfBase64(encoded);
  if (bytes === undefined) return undefined;
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

/** Whether it is a certificate in PEM; what is in one is not read. */
export const isCertificate = (encoded: string): boolean => (textOfBase64(encoded) ?? '').includes('-----BEGIN CERTIFICATE-----');
