import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { batchOf, bytesOf, type Codec } from './batch.ts';

const MiB = 1024 * 1024;
/** The decompressed size of a bomb; smaller with snappy, which compresses to a 21st at best. */
const openedBytes = 300 * MiB;
const snappyOpenedBytes = 120 * MiB;
const snappyBlockBytes = 32 * 1024;
const xerialHeader = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex');

/** A record batch of some kilobytes (with snappy, megabytes) that decompresses to hundreds of megabytes of zeros. */
export interface Bomb {
  readonly kind: string;
  readonly batch: Buffer;
}

/** Makes one bomb of each codec with a single record, and some with many records. This takes seconds, so call it once. */
export function bombs(): Bomb[] {
  const one = bytesOf({ key: Buffer.from('mallory/bomb'), value: Buffer.alloc(openedBytes), headers: [] });
  const ofOne = (codec: Codec, compressed: Buffer): Bomb => ({
    kind: `${codec} bomb`,
    batch: batchOf(compressed, { codec }),
  });
  const count = openedBytes / MiB;
  const value = Buffer.alloc(MiB);
  const many = Buffer.concat(Array.from({ length: count }, (_, i) => bytesOf({ key: null, value, headers: [] }, i)));
  const less = bytesOf({ key: null, value: Buffer.alloc(snappyOpenedBytes), headers: [] });
  return [
    ofOne('gzip', gzipSync(one, { level: 1 })),
    ofOne('zstd', zstdCompressSync(one)),
    ofOne('lz4', compressionsAlgorithms.lz4.compressSync(one)),
    ofOne('snappy', snappy(less)),
    { kind: 'zstd bomb of many', batch: batchOf(zstdCompressSync(many), { codec: 'zstd', count }) },
  ];
}

// In blocks, as Java writes it: the broker decompresses block by block, and a single block would exhaust its memory.
function snappy(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [xerialHeader];
  const compressed = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; at += snappyBlockBytes) {
    const block = bytes.subarray(at, at + snappyBlockBytes);
    const isUsual = at > 0 && block.length === snappyBlockBytes;
    const known = isUsual ? compressed.get('zeros') : undefined;
    const small = known ?? compressionsAlgorithms.snappy.compressSync(block);
    if (isUsual) compressed.set('zeros', small);
    const length = Buffer.alloc(4);
    length.writeInt32BE(small.length);
    blocks.push(length, small);
  }
  return Buffer.concat(blocks);
}
