import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressionsAlgorithms, crc32c } from '@platformatic/kafka';
import {
  codecOf,
  pieces,
  type RawBatch,
  rawBatch,
  rawRecord,
  xerial,
} from '../../../libs/kafka/test-fixtures/record-batches.ts';

const MiB = 1024 * 1024;
/** The decompressed size of a bomb; smaller with snappy, which compresses to a 21st at best. */
const openedBytes = 300 * MiB;
const snappyOpenedBytes = 120 * MiB;

/** A record batch of some kilobytes (with snappy, megabytes) that decompresses to hundreds of megabytes of zeros. */
export interface Bomb {
  readonly kind: string;
  readonly batch: Buffer;
}

/** Returns a record batch that a broker accepts, with the present time. */
export function batchOf(its: RawBatch): Buffer {
  const batch = rawBatch(its);
  // The epoch of the leader; the time of the first and of the last record; the epoch and the sequence of no producer.
  batch.writeInt32BE(-1, 12);
  for (const at of [27, 35]) batch.writeBigInt64BE(BigInt(Date.now()), at);
  batch.writeInt16BE(-1, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

/** Makes one bomb of each codec with a single record, and some with many records. This takes seconds, so call it once. */
export function bombs(): Bomb[] {
  const one = rawRecord(0, { key: Buffer.from('mallory/bomb'), value: Buffer.alloc(openedBytes) });
  const ofOne = (codec: keyof typeof codecOf, body: Buffer): Bomb => ({
    kind: `${codec} bomb`,
    batch: batchOf({ body, codec: codecOf[codec], count: 1 }),
  });
  const count = openedBytes / MiB;
  const value = Buffer.alloc(MiB);
  const many = Buffer.concat(Array.from({ length: count }, (_, i) => rawRecord(i, { value })));
  return [
    ofOne('gzip', gzipSync(one, { level: 1 })),
    ofOne('zstd', zstdCompressSync(one)),
    ofOne('lz4', compressionsAlgorithms.lz4.compressSync(one)),
    // In blocks, as Java writes it: the broker decompresses block by block, and a single block would exhaust its memory.
    ofOne('snappy', xerial(pieces(rawRecord(0, { value: Buffer.alloc(snappyOpenedBytes) })))),
    { kind: 'zstd bomb of many', batch: batchOf({ body: zstdCompressSync(many), codec: codecOf.zstd, count }) },
  ];
}
