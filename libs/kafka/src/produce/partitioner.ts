const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** Returns the 32-bit murmur2 hash of the first `length` bytes, with the seed of Kafka's Java client. */
function murmur2(data: Uint8Array, length: number): number {
  const byte = (at: number): number => data[at] ?? 0;
  const tail = length & ~3;
  let h = seed ^ length;
  for (let at = 0; at < tail; at += 4) {
    let k = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    k = Math.imul(k, m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  if (length > tail) {
    for (let at = length - 1; at >= tail; at--) h ^= byte(at) << (8 * (at - tail));
    h = Math.imul(h, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

const scratch = new Uint8Array(256);

// Most keys are short and ASCII; hashing them allocates no buffer.
function hashOf(key: string): number {
  if (key.length <= scratch.length) {
    let at = 0;
    for (; at < key.length; at++) {
      const code = key.charCodeAt(at);
      if (code > 0x7f) break;
      scratch[at] = code;
    }
    if (at === key.length) return murmur2(scratch, at);
  }
  const bytes = Buffer.from(key);
  return murmur2(bytes, bytes.length);
}

/**
 * Returns the partition of a key, the same as Java producers and kafkajs choose.
 *
 * The implementation of kafkajs uses BigInt, which takes longer than encoding the record.
 */
export function partitionFor(key: string | Buffer, partitions: number): number {
  return ((typeof key === 'string' ? hashOf(key) : murmur2(key, key.length)) & 0x7fffffff) % partitions;
}
