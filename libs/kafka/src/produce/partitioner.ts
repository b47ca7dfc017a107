const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** Returns the 32-bit murmur2 hash, with the seed of Kafka's Java client. */
function murmur2(data: Uint8Array): number {
  const { length } = data;
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

/**
 * Returns the partition of a key, the same as Java producers and kafkajs choose.
 *
 * The implementation of kafkajs uses BigInt, which takes longer than encoding the record.
 */
export const partitionFor = (key: string | Buffer, partitions: number): number =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
