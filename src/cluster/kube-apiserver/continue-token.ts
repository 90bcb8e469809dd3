/** Where the next page of a list begins. Models staging/src/k8s.io/apiserver/pkg/storage/continue.go. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Names are ASCII, so one character is one byte. */
function toBase64Url(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i += 3) {
    const bits = (text.charCodeAt(i) << 16) | ((text.charCodeAt(i + 1) || 0) << 8) | (text.charCodeAt(i + 2) || 0);
    const chars = Math.min(3, text.length - i) + 1;
    for (let c = 0; c < chars; c++) out += alphabet[(bits >> (18 - 6 * c)) & 63]!;
  }
  return out;
}

function fromBase64Url(text: string): string {
  let out = '';
  let bits = 0;
  let count = 0;
  for (const char of text) {
    const value = alphabet.indexOf(char);
    if (value < 0) return '';
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += String.fromCharCode((bits >> count) & 255);
    }
    bits &= 0xffff;
  }
  return out;
}

/** A token that names the revision of the first page and the last key given. */
export const encodeContinue = (revision: number, after: string): string => toBase64Url(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` }));

/** What a token says, or undefined where it is none of ours. */
export function decodeContinue(token: string): { readonly revision: number; readonly after: string } | undefined {
  try {
    const { v, rv, start } = JSON.parse(fromBase64Url(token)) as { v?: unknown; rv?: unknown; start?: unknown };
    return v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string' ? { revision: rv, after: start.replace(/\u0000$/, '') } : undefined;
  } catch {
    return undefined;
  }
}
