const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes that a base64 text (RFC 4648, section 4) stands for. The engine's own decoders are not in ES2024. */
export function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let filled = 0;
  let at = 0;
  for (const digit of digits) {
    // Older digits leave at the top; at most 6 + 6 bits matter.
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xfff;
    filled += 6;
    if (filled < 8) continue;
    filled -= 8;
    bytes[at++] = bits >> filled;
  }
  return bytes;
}
