/** Text in the alphabet of tokens. Models encoding/base64: RawURLEncoding, of ASCII; what is not ASCII is written as JSON writes it. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toBase64Url(json: string): string {
  const text = json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  let encoded = '';
  for (let at = 0; at < text.length; at += 3) {
    const bits = (text.charCodeAt(at) << 16) | ((text.charCodeAt(at + 1) || 0) << 8) | (text.charCodeAt(at + 2) || 0);
    for (let place = 0; place < Math.min(4, text.length - at + 1); place++) encoded += alphabet[(bits >> (18 - 6 * place)) & 63]!;
  }
  return encoded;
}

/** Throws on what is no such text. */
export function fromBase64Url(encoded: string): string {
  let text = '';
  for (let at = 0; at < encoded.length; at += 4) {
    let bits = 0;
    for (let place = 0; place < 4; place++) {
      const letter = encoded[at + place];
      const value = letter === undefined ? 0 : alphabet.indexOf(letter);
      if (value < 0) throw new Error(`${JSON.stringify(letter)} is no letter of base64url`);
      bits = (bits << 6) | value;
    }
    for (let place = 0; place < Math.min(3, encoded.length - at - 1); place++) text += String.fromCharCode((bits >> (16 - 8 * place)) & 255);
  }
  return text;
}
