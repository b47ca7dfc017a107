const [a, z, zero, nine] = [97, 122, 48, 57];
const lettersBits = 26;

// A bit for each letter, one for two digits, one for everything else.
const bitOf = Uint32Array.from({ length: 256 }, (_, code) => {
  if (code >= a && code <= z) return 1 << (code - a);
  return code >= zero && code <= nine ? 1 << (lettersBits + ((code - zero) >>> 1)) : 1 << 31;
});

/** Which characters some bytes hold, as a set of bits. */
export function lettersOfBytes(bytes: Buffer, start: number, end: number): number {
  let letters = 0;
  for (let i = start; i < end; i += 1) letters |= bitOf[bytes[i] ?? 0] ?? 0;
  return letters;
}

/** Which pairs of neighbours some bytes hold, each folded into one of 32 bits. */
export function pairsOfBytes(bytes: Buffer, start: number, end: number): number {
  let pairs = 0;
  for (let i = start + 1; i < end; i += 1) {
    pairs |= 1 << (Math.imul(((bytes[i - 1] ?? 0) << 8) | (bytes[i] ?? 0), 0x9e3779b1) >>> 27);
  }
  return pairs;
}

/** How many bits are set. */
export function countBits(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
