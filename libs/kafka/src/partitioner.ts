const seed = 0x9747b28c;
const m = 0x5bd1e995;

/** 32-bit murmur2 with Kafka's seed, as the Java client has it. */
function murmur2(data: Buffer): number {
  const { length } = data;
  const tail = length & ~3;
  let h = seed ^ length;
  for (let at = 0; at < tail; at += 4) {
    let k = Math.imul(data.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  if (length > tail) {
    for (let at = length - 1; at >= tail; at--) h ^= data.readUInt8(at) << (8 * (at - tail));
    h = Math.imul(h, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/**
 * The partition of a key, the same as Java producers and kafkajs choose.
 *
 * Written anew because kafkajs computes it with BigInt, which takes longer than encoding the record.
 */
export function partitionFor(key: string | Buffer, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}
