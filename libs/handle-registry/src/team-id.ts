const uuidLength = 36;
const uuidBytes = 16;
// No byte of UTF-8: keeps a text of 16 bytes apart from a UUID.
const textMark = 0xff;
/** The most bytes that a packed id takes, by the length of its text. */
export const maxPackedLength = (id: string): number => id.length * 3 + 1;

const dash = '-'.charCodeAt(0);
const digits = '0123456789abcdef';
const notHex = 16;
const digitOf = Uint8Array.from({ length: 128 }, (_, code) => (digits.indexOf(String.fromCharCode(code)) + 17) % 17);
const highDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits.charCodeAt(byte >>> 4));
const lowDigit = Uint8Array.from({ length: 256 }, (_, byte) => digits.charCodeAt(byte & 15));

/**
 * Writes a team id as bytes and answers where they end: 16 for a lower-case UUID, which is what destinations use, else
 * UTF-8 of another length.
 */
export function packTeamId(id: string, into: Buffer, at: number): number {
  if (id.length === uuidLength && packUuid(id, into, at)) return at + uuidBytes;
  const length = into.write(id, at);
  if (length !== uuidBytes) return at + length;
  into[at + length] = textMark;
  return at + length + 1;
}

/** The inverse of `packTeamId` for the bytes from `start` to `end`. */
export function unpackTeamId(bytes: Buffer, start: number, end: number): string {
  if (end - start === uuidBytes) return uuidOf(bytes, start);
  return bytes.toString('utf8', start, bytes[end - 1] === textMark ? end - 1 : end);
}

function packUuid(id: string, into: Buffer, start: number): boolean {
  let at = start;
  for (let i = 0; i < uuidLength; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (id.charCodeAt(i) !== dash) return false;
      i += 1;
    }
    const high = digitOf[id.charCodeAt(i)] ?? notHex;
    const low = digitOf[id.charCodeAt(i + 1)] ?? notHex;
    if (high === notHex || low === notHex) return false;
    into[at] = (high << 4) | low;
    at += 1;
  }
  return true;
}

// Every look-up makes one of these: digit by digit in one call takes a third of the time of hex and slices.
function uuidOf(bytes: Buffer, start: number): string {
  const h = (i: number) => highDigit[bytes[start + i] ?? 0] ?? 0;
  const l = (i: number) => lowDigit[bytes[start + i] ?? 0] ?? 0;
  // biome-ignore format: a line for each group
  return String.fromCharCode(
    h(0), l(0), h(1), l(1), h(2), l(2), h(3), l(3), dash,
    h(4), l(4), h(5), l(5), dash,
    h(6), l(6), h(7), l(7), dash,
    h(8), l(8), h(9), l(9), dash,
    h(10), l(10), h(11), l(11), h(12), l(12), h(13), l(13), h(14), l(14), h(15), l(15),
  );
}
